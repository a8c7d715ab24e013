"""Wrong symbols and digits in codes and receipts: noticed, put right, never turned silently."""

from __future__ import annotations

from functools import cache, partial
from itertools import combinations

import pytest

from crypto.client.code_text import Kind, Typed, digits, read, symbols
from crypto.errors import CodeMistyped, WrongKind
from tests.crypto.streams import Stream, refusal_of

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
KINDS = [Kind.CODE, Kind.RECEIPT]
OFFSET = (5, 31, 14, 9)
STREAM = Stream("correction")
SECRETS = [bytes(10), b"\xff" * 10, *(STREAM(10) for _ in range(3))]


def _times(a: int, b: int) -> int:
    """Multiply in GF(2)[x]/(x⁵ + x² + 1), by shifting and adding."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a, b = a << 1, b >> 1
        a ^= 0b100101 if a & 0b100000 else 0
    return product


@cache
def _part(place: int, symbol: int) -> int:
    """What one symbol adds to the four sums that are zero for a code, packed into one number."""
    packed = 0
    for root in range(1, 5):
        value = symbol
        for _ in range(root * (19 - place)):
            value = _times(value, 2)
        packed = packed << 5 | value
    return packed


def _syndrome(word: list[int]) -> int:
    total = 0
    for place, symbol in enumerate(word):
        total ^= _part(place, symbol)
    return total


@cache
def _singles() -> dict[int, tuple[int, int]]:
    return {_part(at, error): (at, error) for at in range(20) for error in range(1, 32)}


@cache
def _doubles() -> dict[int, tuple[int, int, int, int]]:
    pairs = combinations(_singles().items(), 2)
    return {s ^ t: (*one, *two) for (s, one), (t, two) in pairs if one[0] != two[0]}


OFFSET_SYNDROME = _syndrome([0] * 16 + list(OFFSET))


def _word(secret: bytes, kind: Kind) -> list[int]:
    return [ALPHABET.index(s) for s in symbols(secret, kind).replace("-", "")]


def _changed(word: list[int], *errors: tuple[int, int]) -> str:
    wrong = list(word)
    for at, error in errors:
        wrong[at] ^= error
    return "".join(ALPHABET[symbol] for symbol in wrong)


def _other(kind: Kind) -> Kind:
    return Kind.RECEIPT if kind is Kind.CODE else Kind.CODE


def _sampled_doubles(step: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [((a, b), (c, d)) for a, b, c, d in list(_doubles().values())[::step]]


def test_R5_written_codes_and_receipts_are_code_words() -> None:
    """What is written has the four zero sums of codes.md, section 2, computed in another way."""
    for secret in (*SECRETS, *(STREAM(10) for _ in range(200))):
        assert _syndrome(_word(secret, Kind.CODE)) == 0
        assert _syndrome(_word(secret, Kind.RECEIPT)) == OFFSET_SYNDROME


@pytest.mark.parametrize("kind", KINDS)
def test_R5_T6_every_single_wrong_symbol_is_put_right(kind: Kind) -> None:
    """All 20 x 31 single errors of several words are corrected to the word that was meant."""
    for secret in SECRETS:
        word = _word(secret, kind)
        for error in _singles().values():
            assert read(_changed(word, error), kind) == Typed(secret, "corrected")


def test_R5_single_errors_are_told_apart_in_every_word() -> None:
    """By linearity: the sums of all 620 single errors differ and none is zero."""
    assert len(_singles()) == 620
    assert 0 not in _singles()


def test_R5_T6_two_wrong_symbols_are_never_taken_for_none_or_one() -> None:
    """No two-symbol error of any word leads to a code word or next to another one."""
    assert 0 not in _doubles()
    assert not _doubles().keys() & _singles().keys()


def test_R5_T6_two_wrong_symbols_have_one_explanation() -> None:
    """All 182,590 two-symbol errors have sums of their own, so that any two codes differ in 5."""
    assert len(_doubles()) == 182_590 == 190 * 31 * 31


@pytest.mark.parametrize("kind", KINDS)
def test_R5_T6_two_wrong_symbols_are_only_suggested(kind: Kind) -> None:
    """Two wrong symbols give the word that was meant, to be asked about and not to be used."""
    word = _word(SECRETS[2], kind)
    for errors in _sampled_doubles(601):
        assert read(_changed(word, *errors), kind) == Typed(SECRETS[2], "suggested")


@pytest.mark.parametrize("kind", KINDS)
def test_R5_no_swap_of_two_places_becomes_another_code(kind: Kind) -> None:
    """All 190 swaps give the word meant, as a suggestion, unless the two symbols are the same."""
    for secret in SECRETS:
        word = _word(secret, kind)
        for a, b in combinations(range(20), 2):
            error = word[a] ^ word[b]
            how = "suggested" if error else "exact"
            typed = read(_changed(word, (a, error), (b, error)), kind)
            assert (typed.secret, typed.how) == (secret, how)


def test_P4_T6_a_code_and_a_receipt_differ_in_four_symbols_or_more() -> None:
    """Exhaustively: no error of three symbols turns any receipt into any code, and one of 4 can."""
    assert OFFSET_SYNDROME not in {0} | _singles().keys() | _doubles().keys()
    assert not any(OFFSET_SYNDROME ^ single in _doubles() for single in _singles())
    assert any(OFFSET_SYNDROME ^ double in _doubles() for double in _doubles())


def test_P4_T6_a_code_with_two_errors_is_never_silently_a_receipt() -> None:
    """All two-symbol errors of a code stay two symbols or more away from every receipt."""
    near = {OFFSET_SYNDROME ^ syndrome for syndrome in (0, *_singles())}
    assert not near & _doubles().keys()


@pytest.mark.parametrize("kind", KINDS)
def test_P4_T6_the_other_kind_is_known_with_one_wrong_symbol(kind: Kind) -> None:
    """A receipt for a code, or the reverse, is called that, also with any one symbol wrong."""
    word = _word(SECRETS[3], _other(kind))
    for errors in ([], *([error] for error in _singles().values())):
        with pytest.raises(WrongKind):
            read(_changed(word, *errors), kind)


@pytest.mark.parametrize("kind", KINDS)
def test_P4_T6_the_other_kind_with_two_wrong_symbols_is_never_used(kind: Kind) -> None:
    """A receipt with two wrong symbols is at most suggested where a code is asked for."""
    word = _word(SECRETS[4], _other(kind))
    for errors in _sampled_doubles(601):
        typed = _changed(word, *errors)
        refusal = refusal_of(partial(read, typed, kind))
        assert refusal is CodeMistyped or read(typed, kind).how == "suggested"


@pytest.mark.parametrize("kind", KINDS)
def test_R5_three_wrong_symbols_are_never_used(kind: Kind) -> None:
    """Three wrong symbols never give a code without asking, since codes differ in five."""
    word, stream = _word(SECRETS[2], kind), Stream("three")
    for first, second in _sampled_doubles(911):
        third = stream.below(20)
        errors = dict([first, second, (third, 1 + stream.below(31))])
        if len(errors) != 3:
            continue
        typed = _changed(word, *errors.items())
        refusal = refusal_of(partial(read, typed, kind))
        assert refusal in (CodeMistyped, WrongKind) or read(typed, kind).how == "suggested"


def _refused(typed: str, kind: Kind) -> bool:
    return refusal_of(lambda: read(typed, kind)) in (CodeMistyped, WrongKind)


@pytest.mark.parametrize("kind", KINDS)
def test_R5_R40_every_wrong_digit_is_noticed(kind: Kind) -> None:
    """All 27 x 9 wrong digits of several words are refused."""
    for secret in SECRETS:
        written = digits(secret, kind).replace(" ", "")
        for at in range(27):
            for digit in set("0123456789") - {written[at]}:
                assert _refused(written[:at] + digit + written[at + 1 :], kind)


@pytest.mark.parametrize("kind", KINDS)
def test_R5_R40_every_swap_of_neighbouring_digits_is_noticed(kind: Kind) -> None:
    """All swaps of two neighbours of several words are refused, unless the two are the same."""
    for secret in (*SECRETS, *(STREAM(10) for _ in range(20))):
        written = digits(secret, kind).replace(" ", "")
        for at in range(26):
            swapped = written[:at] + written[at : at + 2][::-1] + written[at + 2 :]
            assert swapped == written or _refused(swapped, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_P4_T6_digits_of_the_other_kind_are_called_that(kind: Kind) -> None:
    """A receipt's digits are WrongKind where a code is asked for, and the reverse."""
    for secret in SECRETS:
        with pytest.raises(WrongKind):
            read(digits(secret, _other(kind)), kind)


def test_digits_are_never_corrected() -> None:
    """27 digits give an exact code or nothing: nobody is asked "did you mean" about digits."""
    stream = Stream("digits")
    for _ in range(2000):
        typed = f"{stream.below(2**80):025d}{stream.below(100):02d}"
        expected = {1: None, 50: WrongKind}.get(int(typed) % 97, CodeMistyped)
        expected = CodeMistyped if int(typed[25:]) >= 97 else expected
        assert refusal_of(partial(read, typed, Kind.CODE)) is expected
        assert expected or read(typed, Kind.CODE).how == "exact"


def test_digits_have_one_form() -> None:
    """Check digits of 97 or more, which leave the right remainder too, are no code."""
    for value in range(97 * 3):
        typed = f"{value:025d}{(1 - value * 100) % 97:02d}"
        assert read(typed, Kind.CODE).secret == value.to_bytes(10, "big")
        if int(typed[25:]) < 3:
            assert int(typed[:25] + str(int(typed[25:]) + 97)) % 97 == 1
            with pytest.raises(CodeMistyped):
                read(typed[:25] + str(int(typed[25:]) + 97), Kind.CODE)


@pytest.mark.parametrize("value", [2**80, 2**80 + 1, 10**25 - 1, 5 * 10**24])
def test_numbers_above_eighty_bits_are_refused(value: int) -> None:
    """25 digits that are more than 80 bits are no code, even with the check digits of one."""
    check = (1 - value * 100) % 97
    with pytest.raises(CodeMistyped):
        read(f"{value:025d}{check:02d}", Kind.CODE)
