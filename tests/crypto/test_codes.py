"""Making codes and receipts, and what they give: locators, keys, ids."""

from __future__ import annotations

import datetime
import hashlib
import hmac
from collections import Counter
from dataclasses import asdict
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client import ambient
from crypto.client import codes
from crypto.client.code_text import Kind, symbols
from crypto.constants import CODE_ALPHABET, CODE_BYTES, CODE_DATA_SYMBOLS
from crypto.errors import Malformed, Refused, TooLong
from tests.crypto.streams import Stream, looks_even, refusal_of

NETWORK = bytes(range(32))
OTHER_NETWORK = bytes(range(1, 33))
SECRET = bytes(range(10, 20))
OTHER_SECRET = bytes(range(11, 21))


@pytest.fixture(scope="module")
def true_keys() -> tuple[codes.CodeKeys, codes.ReceiptKeys]:
    """Keys at the true cost, derived once for the whole module."""
    return codes.code_keys(SECRET, NETWORK), codes.receipt_keys(SECRET, "Blue  Door", NETWORK)


@pytest.fixture
def one_round(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive with one round: for properties that hold for any number of rounds."""
    monkeypatch.setattr(codes, "PBKDF2_ROUNDS", 1)


def _values(keys: codes.CodeKeys | codes.ReceiptKeys) -> list[bytes]:
    return list(asdict(keys).values())


def _by_hand(kind: str, password: bytes, sizes: dict[str, int]) -> list[bytes]:
    """The derivations of codes.md, sections 5 and 6, written out without the product's help."""
    master = hashlib.pbkdf2_hmac("sha256", password, _label(kind) + b"\0\x20" + NETWORK, 600_000)
    extracted = hmac.digest(bytes(32), master, "sha256")
    return [
        hmac.digest(extracted, _label(name) + b"\x01", "sha256")[:size]
        for name, size in sizes.items()
    ]


def _label(name: str) -> bytes:
    label = b"towpath/v1/" + name.encode()
    return len(label).to_bytes(2, "big") + label


def test_P4_R5_T7_a_million_codes_never_repeat() -> None:
    """A million codes drawn as the product draws them are a million, of even bytes."""
    drawn = [codes.new_secret(ambient.random) for _ in range(1_000_000)]
    assert len(set(drawn)) == 1_000_000
    assert {len(code) for code in drawn} == {CODE_BYTES}
    assert looks_even(b"".join(drawn))


def test_P4_R5_T7_every_symbol_is_as_frequent_as_every_other() -> None:
    """Written codes use each of the 32 symbols equally at each of their 20 places."""
    written = [symbols(codes.new_secret(ambient.random), Kind.CODE) for _ in range(20_000)]
    columns = zip(*(code.replace("-", "") for code in written), strict=True)
    for place, column in enumerate(columns):
        counts = Counter(column)
        expected = len(written) / 32
        chi_square = sum((counts[s] - expected) ** 2 / expected for s in CODE_ALPHABET)
        assert chi_square < 110, place  # 31 degrees of freedom: below once in a billion


def test_a_source_that_is_a_little_uneven_is_noticed() -> None:
    """The measure of evenness above is not passed by bytes whose lowest bit leans by 2 %."""
    even, chosen = Stream("even")(1_000_000), Stream("chosen")(1_000_000)
    turned_on = chosen.translate(bytes(1 if value < 10 else 0 for value in range(256)))
    leaning = int.from_bytes(even, "big") | int.from_bytes(turned_on, "big")
    assert looks_even(even)
    assert not looks_even(leaning.to_bytes(1_000_000, "big"))


def test_R5_T7_a_code_has_eighty_bits() -> None:
    """Alphabet and length leave room for 80 random bits, and all of them are used."""
    assert len(set(CODE_ALPHABET)) == 32
    assert len(set(CODE_ALPHABET)) ** CODE_DATA_SYMBOLS == 2**80 == 256**CODE_BYTES
    assert 10**25 > 2**80
    stream = Stream("eighty bits")
    assert codes.new_secret(stream) == Stream("eighty bits")(10)


@given(st.integers(0, 10**6))
def test_P3_codes_of_one_week_share_their_last_epoch(today: int) -> None:
    """The last epoch is the week's Monday and 56 days, whatever the day of the week."""
    last = codes.last_epoch(today)
    monday = datetime.date(1970, 1, 1) + datetime.timedelta(days=last - 56)
    assert monday.weekday() == 0
    assert 0 <= today - (last - 56) <= 6


def test_T7_a_code_gives_what_the_specification_says(
    true_keys: tuple[codes.CodeKeys, codes.ReceiptKeys],
) -> None:
    """600,000 rounds, salt, labels and lengths are those of codes.md, section 5."""
    sizes = {"locator": 16, "record-key": 32, "record-commitment": 32, "psk": 32}
    assert _values(true_keys[0]) == _by_hand("code", SECRET, sizes | {"code-write-key": 32})


def test_P8_R13_a_receipt_gives_what_the_specification_says(
    true_keys: tuple[codes.CodeKeys, codes.ReceiptKeys],
) -> None:
    """The receipt and her word are length-prefixed together, as codes.md, section 6 has it."""
    password = b"\x00\x0a" + SECRET + b"\x00\x09" + b"blue door"
    sizes = {"box-id": 16, "holder-key": 32, "box-key": 32, "box-write-key": 32, "tag-key": 32}
    assert _values(true_keys[1]) == _by_hand("receipt", password, sizes)


def test_P1_P8_T7_no_two_derived_values_are_related(one_round: None) -> None:
    """Another code, receipt, word or network changes every value, and no two are ever alike."""
    made: list[codes.CodeKeys | codes.ReceiptKeys] = [
        codes.code_keys(SECRET, NETWORK),
        codes.code_keys(OTHER_SECRET, NETWORK),
        codes.code_keys(SECRET, OTHER_NETWORK),
        codes.receipt_keys(SECRET, "", NETWORK),
        codes.receipt_keys(OTHER_SECRET, "", NETWORK),
        codes.receipt_keys(SECRET, "", OTHER_NETWORK),
        codes.receipt_keys(SECRET, "a", NETWORK),
        codes.receipt_keys(SECRET, "b", NETWORK),
    ]
    values = [value for keys in made for value in _values(keys)]
    starts = [value[:16] for value in values]
    assert len(set(starts)) == len(starts) == 40


def test_P8_T3_the_word_and_the_receipt_cannot_be_traded(one_round: None) -> None:
    """Part of a receipt moved into the word is another receipt: there is no one of that length."""
    with pytest.raises(Malformed):
        codes.receipt_keys(SECRET[:9], chr(SECRET[9]), NETWORK)


@pytest.mark.parametrize("size", [0, 9, 11, 20])
def test_secrets_of_another_length_are_refused(size: int) -> None:
    """Neither derivation takes anything but 10 bytes."""
    with pytest.raises(Malformed):
        codes.code_keys(bytes(size), NETWORK)
    with pytest.raises(Malformed):
        codes.receipt_keys(bytes(size), "", NETWORK)


@pytest.mark.parametrize("size", [0, 16, 31, 33])
def test_networks_of_another_length_are_refused(size: int) -> None:
    """Neither derivation takes a network id but one of 32 bytes."""
    with pytest.raises(Malformed):
        codes.code_keys(SECRET, bytes(size))
    with pytest.raises(Malformed):
        codes.receipt_keys(SECRET, "", bytes(size))


@pytest.mark.parametrize(
    "typed",
    ["blue door", "Blue Door", " BLUE\tDOOR\n", "blue\u00a0\u3000door", "ｂｌｕｅ　ｄｏｏｒ",
     "blue\u2028door\u2003", "𝐁lue dᴏor".replace("ᴏ", "o"), "blue\x85door"],
)  # fmt: skip
def test_P8_the_same_word_on_another_keyboard_is_the_same(typed: str) -> None:
    """Case, width, style and white space of any kind do not change her word."""
    assert codes.normal_word(typed) == "blue door"


@pytest.mark.parametrize(
    ("one", "other"),
    [("é", "e\u0301"), ("Ǆ", "dž"), ("ﬀ", "ff"), ("①", "1"), ("ΑΒ", "αβ"), ("Ж", "ж"), ("İ", "i̇"),
     ("ΟΔΟΣ", "οδος"), ("가", "\u1100\u1161"), ("ﻼ", "لا")],
)  # fmt: skip
def test_P8_two_ways_to_write_one_word_are_one(one: str, other: str) -> None:
    """Composed and decomposed letters, ligatures and capitals of any script are alike."""
    assert codes.normal_word(one) == codes.normal_word(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("door", "doors"), ("door", "d oor"), ("a b", "ab"), ("e", "é"), ("o", "0"), ("a", "а"),
     ("", "a"), ("ı", "i"), ("1", "l"), ("ß", "ss"), ("ب", "پ")],
)  # fmt: skip
def test_P8_T3_different_words_stay_different(one: str, other: str) -> None:
    """Words that read differently, accents and other scripts' look-alikes included, differ."""
    assert codes.normal_word(one) != codes.normal_word(other)


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [("a" * 65, TooLong), ("é" * 33, TooLong), ("a" * 1001, TooLong), (" " * 1001, TooLong),
     ("\ufdfa" * 4, TooLong), ("a\x00b", Malformed), ("\x1b", Malformed), ("\x7f", Malformed),
     ("a\x80", Malformed), (" ", Malformed), ("\ud800", Malformed),
     ("\t\u3000\r\n", Malformed), ("\x1f", Malformed), ("a\udfff", Malformed)],
)  # fmt: skip
def test_P8_words_that_cannot_be_kept_are_refused(typed: str, refusal: type[Refused]) -> None:
    """More than 64 bytes, control characters, half characters and spaces alone are refused."""
    with pytest.raises(refusal):
        codes.receipt_keys(SECRET, typed, NETWORK)


@given(st.text(st.characters(exclude_categories=()), max_size=70))
def test_P8_a_word_is_refused_or_brought_to_its_one_form(typed: str) -> None:
    """Any text at all gives a refusal or a form that stays itself, of at most 64 bytes."""
    refusal = refusal_of(lambda: codes.normal_word(typed))
    assert refusal in (None, TooLong, Malformed)
    if refusal is None:
        form = codes.normal_word(typed)
        assert codes.normal_word(form) == form == form.strip()
        assert len(form.encode()) <= 64


@pytest.mark.parametrize("typed", ["a" * 64, "é" * 32, "a" + " " * 999, "\u3000" * 999 + "é"])
def test_P8_words_at_the_limit_are_taken(typed: str) -> None:
    """64 bytes that are left, or 1,000 characters that are not, are no reason to refuse."""
    assert len(codes.normal_word(typed).encode()) <= 64


def test_all_pairs_of_keys_of_one_receipt_differ(
    true_keys: tuple[codes.CodeKeys, codes.ReceiptKeys],
) -> None:
    """Who holds one of the keys of a code or receipt holds no part of another one."""
    for keys in true_keys:
        for one, other in combinations(_values(keys), 2):
            assert one[:8] not in other
