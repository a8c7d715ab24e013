"""The two written forms of codes and receipts, and reading what people really type."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.client.code_text import Kind, Typed, digits, read, symbols
from crypto.errors import CodeMistyped, Malformed, WrongKind
from tests.crypto.streams import refusal_of

PAGE = Path(__file__).parents[2] / "docs" / "spec" / "codes.md"
RFC4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = st.sampled_from(Kind)
SECRETS = st.binary(min_size=10, max_size=10)
# Its letters and digits have every look-alike among them: 0, 1, and A B C E H K M P T X.
SECRET = base64.b32decode("01ABCEHKMPTXYZ23".translate(str.maketrans(CROCKFORD, RFC4648)).encode())
SYMBOLS = symbols(SECRET, Kind.CODE)
DIGITS = digits(SECRET, Kind.CODE)
EXACT = Typed(SECRET, "exact")

CYRILLIC = str.maketrans("ABEKMH0PCTX", "АВЕКМНОРСТХ")
SMALL_CYRILLIC = str.maketrans("ABEKMH0PCTX", "авекмнорстх")
ZEROS = {
    "Arabic-Indic": "٠", "extended Arabic-Indic": "۰", "N'Ko": "߀", "Devanagari": "०",
    "Bengali": "০", "Gurmukhi": "੦", "Gujarati": "૦", "Oriya": "୦", "Tamil": "௦", "Telugu": "౦",
    "Kannada": "೦", "Malayalam": "൦", "Thai": "๐", "Lao": "໐", "Tibetan": "༠", "Myanmar": "၀",
    "Shan": "႐", "Khmer": "០", "Mongolian": "᠐", "full-width": "０",
}  # fmt: skip


def _in_script(zero: str) -> dict[int, str]:
    return {ord("0") + value: chr(ord(zero) + value) for value in range(10)}


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _points(row: str) -> Iterator[int]:
    """The code points that a row of the specification's table names in hexadecimal."""
    for first, last in re.findall(r"\b([0-9A-F]{4})(?:–([0-9A-F]{4}))?\b", row):
        yield from range(int(first, 16), int(last or first, 16) + 1)


def _row(start: str) -> set[int]:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    (row,) = (line for line in lines if line.startswith("| " + start))
    return {*_points(row), *(ord(c) for c in re.findall(r"`(.)`", row))}


NOTHING = sorted(_row("white space") | _row("invisible marks") | _row("dashes and dots"))


@given(SECRETS, KINDS)
def test_R5_R40_both_forms_are_read_back(secret: bytes, kind: Kind) -> None:
    """What is written, in symbols or digits, is read back exactly and as its own kind."""
    assert read(symbols(secret, kind), kind) == Typed(secret, "exact")
    assert read(digits(secret, kind), kind) == Typed(secret, "exact")


@given(SECRETS, KINDS)
def test_R5_the_symbol_form_is_base32_in_groups(secret: bytes, kind: Kind) -> None:
    """Sixteen symbols say the 80 bits as RFC 4648 base32 does, in Crockford's alphabet."""
    written = symbols(secret, kind)
    assert re.fullmatch(f"([{CROCKFORD}]{{4}}-){{4}}[{CROCKFORD}]{{4}}", written)
    known = base64.b32encode(secret).decode().translate(str.maketrans(RFC4648, CROCKFORD))
    assert written.replace("-", "")[:16] == known


@given(SECRETS, KINDS)
def test_R40_the_digit_form_is_a_number_with_two_check_digits(secret: bytes, kind: Kind) -> None:
    """Nine groups of three digits leave 1 (a code) or 50 (a receipt) modulo 97."""
    written = digits(secret, kind)
    assert re.fullmatch(r"([0-9]{3} ){8}[0-9]{3}", written)
    number = int(written.replace(" ", ""))
    assert number % 97 == {Kind.CODE: 1, Kind.RECEIPT: 50}[kind]
    assert number // 100 == int.from_bytes(secret, "big")


@pytest.mark.parametrize("size", [0, 9, 11])
@pytest.mark.parametrize("write", [symbols, digits])
def test_secrets_of_another_length_are_not_written(
    size: int, write: Callable[[bytes, Kind], str]
) -> None:
    """Neither form is made for anything but 10 bytes."""
    with pytest.raises(Malformed):
        write(bytes(size), Kind.CODE)


@pytest.mark.parametrize(
    "typed",
    [SYMBOLS.lower(), SYMBOLS.replace("-", ""), SYMBOLS.replace("-", " "), " ".join(SYMBOLS),
     SYMBOLS.replace("0", "O"), SYMBOLS.replace("0", "o"), SYMBOLS.replace("1", "I"),
     SYMBOLS.replace("1", "i"), SYMBOLS.replace("1", "L"), SYMBOLS.replace("1", "l"),
     SYMBOLS.replace("1", "ı"), SYMBOLS.replace("1", "İ"), _wide(SYMBOLS), _wide(SYMBOLS.lower()),
     _wide(SYMBOLS.replace("0", "O").replace("1", "l")), SYMBOLS.translate(CYRILLIC),
     SYMBOLS.translate(SMALL_CYRILLIC), f"\ufeff\u202a{SYMBOLS}\u202c", f"\n\t{SYMBOLS}\r\n",
     "\u00ad".join(SYMBOLS), "\u200b".join(SYMBOLS), f"\u2067{SYMBOLS}\u2069."],
)  # fmt: skip
def test_R5_symbols_are_read_however_they_are_typed(typed: str) -> None:
    """Case, spaces, look-alikes, wide and Cyrillic letters and invisible marks are forgiven."""
    assert read(typed, Kind.CODE) == EXACT


@pytest.mark.parametrize("zero", ZEROS.values(), ids=list(ZEROS))
def test_R5_R40_digits_of_every_listed_script_are_read(zero: str) -> None:
    """The digits of twenty scripts are digits, in the digit form and among symbols."""
    assert read(DIGITS.translate(_in_script(zero)), Kind.CODE) == EXACT
    assert read(SYMBOLS.translate(_in_script(zero)), Kind.CODE) == EXACT


@pytest.mark.parametrize("point", NOTHING, ids=lambda point: f"U+{point:04X}")
def test_R5_every_separator_of_the_specification_is_ignored(point: int) -> None:
    """Each white space, invisible mark, dash and dot of the table may stand between symbols."""
    assert read(SYMBOLS.replace("-", chr(point)), Kind.CODE) == EXACT
    assert read(chr(point) + DIGITS + chr(point), Kind.CODE) == EXACT


def test_the_table_was_read() -> None:
    """The specification's table gives the separators above, and lists the scripts tried here."""
    assert len(NOTHING) == 25 + 22 + 24
    zeros = {ord(zero) for script, zero in ZEROS.items() if script != "full-width"}
    assert _row("ten digits") == zeros | {ord("0"), ord("9")}


def test_nothing_outside_the_table_is_forgiven() -> None:
    """Any other character of the first planes makes a code unreadable, and is never dropped."""
    listed = {*NOTHING, *map(ord, CROCKFORD + CROCKFORD.lower() + "OILoilıİ")}
    listed |= {ord(zero) + value for zero in ZEROS.values() for value in range(10)}
    listed |= {*CYRILLIC.values(), *SMALL_CYRILLIC.values()}
    listed |= {point + 0xFEE0 for point in listed if 0x20 < point < 0x7F}
    for point in (
        *range(0x3400),
        *range(0xD7F0, 0xE010),
        *range(0xF900, 0x10000),
        0x1D7CE,
        0x1F600,
    ):
        if point not in listed:
            for typed in (SYMBOLS + chr(point), chr(point) + SYMBOLS[1:], DIGITS + chr(point)):
                with pytest.raises(CodeMistyped):
                    read(typed, Kind.CODE)


@pytest.mark.parametrize(
    "letter", [*"UuＵｕÀàſ\u212aΑΒαβꓳ⁰²½Ⅰⅰ!@#*+()[]", "é", "e\u0301", "😀", "\ud800"]
)
def test_letters_that_are_no_symbols_are_refused(letter: str) -> None:
    """U, accents, Greek, superscripts, what upper-casing would turn into a symbol: none is read."""
    with pytest.raises(CodeMistyped):
        read(letter + SYMBOLS[1:], Kind.CODE)


@pytest.mark.parametrize("length", [0, 1, 19, 21, 25, 26, 28, 40])
def test_other_lengths_are_refused(length: int) -> None:
    """Neither 20 symbols nor 27 digits: no part of a code and no two codes at once are read."""
    for typed in (SYMBOLS.replace("-", "") * 2, "1" * 40):
        with pytest.raises(CodeMistyped):
            read(typed[:length], Kind.CODE)


def test_twenty_seven_symbols_are_no_digits() -> None:
    """A letter among 27 digits is not read as anything, unless it looks like a digit."""
    for at, letter in ((0, "A"), (9, "Z"), (34, "K")):
        with pytest.raises(CodeMistyped):
            read(DIGITS[:at] + letter + DIGITS[at + 1 :], Kind.CODE)
    assert read(DIGITS.replace("0", "O").replace("1", "l"), Kind.CODE) == EXACT


def test_two_hundred_characters_are_read_and_no_more() -> None:
    """Padding with separators is forgiven up to 200 characters, and refused from there on."""
    assert read(SYMBOLS.ljust(200), Kind.CODE) == EXACT
    for typed in (SYMBOLS.ljust(201), DIGITS.rjust(201, "\u3000"), " " * 10**7, "1" * 10**7):
        with pytest.raises(CodeMistyped):
            read(typed, Kind.CODE)


_FORMS = {
    symbol: [symbol, symbol.lower(), _wide(symbol), symbol.translate(CYRILLIC)]
    + [symbol.translate(_in_script(zero)) for zero in ZEROS.values()]
    + {"0": ["O", "o", "ｏ", "О"], "1": ["I", "l", "L", "ı", "İ", "ｌ"]}.get(symbol, [])
    for symbol in CROCKFORD
}


@given(st.data(), SECRETS, KINDS, st.sampled_from([symbols, digits]))
def test_R5_any_mixture_of_forgiven_forms_is_read(
    data: st.DataObject, secret: bytes, kind: Kind, write: Callable[[bytes, Kind], str]
) -> None:
    """Each symbol in any of its forms, with any separators between them, is the same code."""
    plain = [c for c in write(secret, kind) if c not in "- "]
    separators = st.text(st.sampled_from([chr(point) for point in NOTHING]), max_size=4)
    typed = "".join(
        data.draw(separators) + data.draw(st.sampled_from(_FORMS[symbol])) for symbol in plain
    )
    assert read(typed, kind) == Typed(secret, "exact")


@given(st.text(st.characters(exclude_categories=()), max_size=220), KINDS)
def test_T13_no_text_does_more_than_be_refused(typed: str, kind: Kind) -> None:
    """Whatever is typed, emoji and half characters included, is read or refused in two classes."""
    refusal = refusal_of(lambda: read(typed, kind))
    assert refusal in (None, CodeMistyped, WrongKind)
    assert refusal or len(read(typed, kind).secret) == 10
