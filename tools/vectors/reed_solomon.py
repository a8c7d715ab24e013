"""The symbol and digit forms of codes.md, 2 and 3."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import combinations

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
OFFSETS = {"code": (0, 0, 0, 0), "receipt": (5, 31, 14, 9)}
REMAINDERS = {"code": 1, "receipt": 50}
OTHER = {"code": "receipt", "receipt": "code"}
_ROOTS = (2, 4, 8, 16)

Word = list[int]


def times(a: int, b: int) -> int:
    """Multiply in GF(2)[x] / (x^5 + x^2 + 1)."""
    product = 0
    for bit in range(5):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(8, 4, -1):
        if product >> bit & 1:
            product ^= 0b100101 << (bit - 5)
    return product


def symbols(secret: bytes, kind: str) -> Word:
    """Return the twenty symbols of ten bytes."""
    number = int.from_bytes(secret, "big")
    data = [number >> shift & 31 for shift in range(75, -1, -5)]
    both = zip(checks(data), OFFSETS[kind], strict=True)
    return data + [check ^ offset for check, offset in both]


def spell(word: Sequence[int]) -> str:
    """Write symbols in groups of four with hyphens."""
    text = "".join(ALPHABET[symbol] for symbol in word)
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))


def values(text: str) -> Word:
    """The symbols of a written form."""
    return [ALPHABET.index(one) for one in text.replace("-", "")]


def digits(secret: bytes, kind: str) -> str:
    """Write ten bytes as 27 digits in groups of three with spaces."""
    number = int.from_bytes(secret, "big")
    check = next(n for n in range(97) if (number * 100 + n) % 97 == REMAINDERS[kind])
    text = f"{number:025d}{check:02d}"
    return " ".join(text[at : at + 3] for at in range(0, 27, 3))


def near(word: Sequence[int], kind: str) -> list[bytes]:
    """Find every ten bytes whose symbols differ from a word in exactly two, by trying all."""
    offset = [0] * 16 + list(OFFSETS[kind])
    wrong = _syndrome([a ^ b for a, b in zip(word, offset, strict=True)])
    found = []
    for one, other in combinations(_single_errors(), 2):
        if tuple(a ^ b for a, b in zip(one[2], other[2], strict=True)) == wrong:
            mended = list(word)
            mended[one[0]] ^= one[1]
            mended[other[0]] ^= other[1]
            found.append(_secret(mended))
    return found


@cache
def _single_errors() -> list[tuple[int, int, tuple[int, ...]]]:
    return [
        (place, error, _syndrome([error if at == place else 0 for at in range(20)]))
        for place in range(20)
        for error in range(1, 32)
    ]


def _secret(word: Sequence[int]) -> bytes:
    number = 0
    for symbol in word[:16]:
        number = number << 5 | symbol
    return number.to_bytes(10, "big")


def _syndrome(word: Sequence[int]) -> tuple[int, ...]:
    sums = []
    for root in _ROOTS:
        total = 0
        for symbol in word:
            total = times(total, root) ^ symbol
        sums.append(total)
    return tuple(sums)


def checks(data: Sequence[int]) -> list[int]:
    """Return the four check symbols of some data symbols, at most 27."""
    generator = [1]
    for root in _ROOTS:
        lower = [0, *(times(root, factor) for factor in generator)]
        generator = [a ^ b for a, b in zip([*generator, 0], lower, strict=True)]
    rest = [*data, 0, 0, 0, 0]
    for place in range(len(data)):
        factor = rest[place]
        for step, coefficient in enumerate(generator):
            rest[place + step] ^= times(factor, coefficient)
    return rest[len(data) :]
