"""Reed–Solomon over GF(32): four check symbols for the sixteen of a code or receipt.

Any two code words differ in five symbols or more, so that one wrong symbol can be put right and
two can be suggested. Nothing here runs on a server.

Source: docs/spec/codes.md, section 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from crypto.constants import CODE_CHECK_SYMBOLS, CODE_FIELD_POLYNOMIAL, CODE_SYMBOLS

Word = tuple[int, ...]
"""Symbols, each 0 to 31."""

_FIELD = 32
_ORDER = _FIELD - 1


def _powers() -> tuple[int, ...]:
    powers, value = [], 1
    for _ in range(_ORDER):
        powers.append(value)
        value <<= 1
        if value & _FIELD:
            value ^= CODE_FIELD_POLYNOMIAL
    return tuple(powers)


_EXP = _powers()
_LOG = {value: power for power, value in enumerate(_EXP)}


def _times(a: int, b: int) -> int:
    return _EXP[(_LOG[a] + _LOG[b]) % _ORDER] if a and b else 0


def _generator() -> Word:
    """Coefficients of (x-α)(x-α²)(x-α³)(x-α⁴), highest power first."""
    product: list[int] = [1]
    for root in _EXP[1 : CODE_CHECK_SYMBOLS + 1]:
        shifted = [*product, 0]
        for place, coefficient in enumerate(product):
            shifted[place + 1] ^= _times(coefficient, root)
        product = shifted
    return tuple(product)


_GENERATOR = _generator()


def check_symbols(data: Sequence[int]) -> Word:
    """Return the four check symbols of sixteen data symbols."""
    remainder = [*data, *([0] * CODE_CHECK_SYMBOLS)]
    for place in range(len(data)):
        factor = remainder[place]
        for step, coefficient in enumerate(_GENERATOR):
            remainder[place + step] ^= _times(factor, coefficient)
    return tuple(remainder[-CODE_CHECK_SYMBOLS:])


def _syndrome(word: Sequence[int]) -> Word:
    sums = []
    for root in _EXP[1 : CODE_CHECK_SYMBOLS + 1]:
        total = 0
        for symbol in word:
            total = _times(total, root) ^ symbol
        sums.append(total)
    return tuple(sums)


@cache
def _single_errors() -> dict[Word, tuple[int, int]]:
    """Map the syndrome of every single error to its place and value."""
    table = {}
    for place in range(CODE_SYMBOLS):
        for error in range(1, _FIELD):
            word = [0] * CODE_SYMBOLS
            word[place] = error
            table[_syndrome(word)] = (place, error)
    return table


def errors_in(word: Sequence[int]) -> tuple[Word, int] | None:
    """Return the nearest code word and how many symbols were wrong: 0, 1 or 2.

    Returns None when no code word is within two symbols. Within two, it is the only one.
    """
    syndrome = _syndrome(word)
    if not any(syndrome):
        return tuple(word), 0
    singles = _single_errors()
    if syndrome in singles:
        return _mended(word, [singles[syndrome]]), 1
    for other, error in singles.items():
        rest = tuple(a ^ b for a, b in zip(syndrome, other, strict=True))
        if rest in singles:
            return _mended(word, [error, singles[rest]]), 2
    return None


def _mended(word: Sequence[int], errors: Sequence[tuple[int, int]]) -> Word:
    symbols = list(word)
    for place, error in errors:
        symbols[place] ^= error
    return tuple(symbols)
