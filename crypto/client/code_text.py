"""The two written forms of codes and receipts, and reading them as people type them.

Source: docs/spec/codes.md, sections 2 to 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Final, Literal

from crypto.client import reed_solomon
from crypto.constants import (
    CODE_ALPHABET,
    CODE_BYTES,
    CODE_CHECK_DIGITS,
    CODE_DATA_DIGITS,
    CODE_DATA_SYMBOLS,
    CODE_DIGITS,
    CODE_DIGITS_REMAINDER,
    CODE_INPUT_CHARACTERS,
    CODE_SYMBOLS,
    RECEIPT_CHECK_OFFSET,
    RECEIPT_DIGITS_REMAINDER,
    TYPING_DASHES,
    TYPING_INVISIBLE,
    TYPING_LOOK_ALIKE,
    TYPING_LOOKS_LIKE,
    TYPING_WHITE_SPACE,
    TYPING_ZEROS,
)
from crypto.encoding import ranges
from crypto.errors import CodeMistyped, Malformed, WrongKind


class Kind(Enum):
    """What the 80 bits are for."""

    CODE = "code"
    RECEIPT = "receipt"

    @property
    def other(self) -> Kind:
        """The kind that this one may be taken for."""
        return Kind.RECEIPT if self is Kind.CODE else Kind.CODE


@dataclass(frozen=True, slots=True)
class Typed:
    """What was read: 10 bytes, and whether the text was exact or had to be put right.

    `suggested` must not be used before the person has said yes to it.
    """

    secret: bytes = field(repr=False)
    how: Literal["exact", "corrected", "suggested"]


_BITS_A_SYMBOL = 5
_MODULUS = 97
_OFFSETS: Final = {Kind.CODE: (0,) * len(RECEIPT_CHECK_OFFSET), Kind.RECEIPT: RECEIPT_CHECK_OFFSET}
_REMAINDERS: Final = {
    Kind.CODE: CODE_DIGITS_REMAINDER,
    Kind.RECEIPT: RECEIPT_DIGITS_REMAINDER,
}


def symbols(secret: bytes, kind: Kind) -> str:
    """Write 10 bytes as `XXXX-XXXX-XXXX-XXXX-XXXX`.

    Raises Malformed for another length. Source: docs/spec/codes.md, section 2.
    """
    data = _to_symbols(_number(secret), CODE_DATA_SYMBOLS)
    word = _offset((*data, *reed_solomon.check_symbols(data)), kind)
    return "-".join(_grouped("".join(CODE_ALPHABET[symbol] for symbol in word), 4))


def digits(secret: bytes, kind: Kind) -> str:
    """Write 10 bytes as 27 digits in nine groups of three.

    Raises Malformed for another length. Source: docs/spec/codes.md, section 3.
    """
    shifted = _number(secret) * 10**CODE_CHECK_DIGITS
    check = (_REMAINDERS[kind] - shifted) % _MODULUS
    return " ".join(_grouped(f"{shifted + check:0{CODE_DIGITS}d}", 3))


def read(text: str, kind: Kind) -> Typed:
    """Read a code or receipt as somebody typed it.

    `text` has any length; `kind` is what was asked for. Raises CodeMistyped when nothing near
    it is a code, WrongKind when it is a receipt for a code or a code for a receipt.
    Source: docs/spec/codes.md, section 4.
    """
    if len(text) > CODE_INPUT_CHARACTERS:
        raise CodeMistyped
    signs = plain(text)
    if len(signs) == CODE_DIGITS and all(character in _DIGITS for character in signs):
        return _read_digits(signs, kind)
    if len(signs) == CODE_SYMBOLS and all(character in _VALUES for character in signs):
        return _read_symbols(tuple(_VALUES[character] for character in signs), kind)
    raise CodeMistyped


def plain(text: str) -> str:
    """Return the signs of what was typed, with what is forgiven put right; others stay as they are.

    Source: docs/spec/codes.md, section 4, step 2.
    """
    return text.translate(_FORGIVEN)


def _read_digits(plain: str, kind: Kind) -> Typed:
    value = int(plain[:CODE_DATA_DIGITS])
    if value >= 1 << (8 * CODE_BYTES) or int(plain[CODE_DATA_DIGITS:]) >= _MODULUS:
        raise CodeMistyped
    remainder = int(plain) % _MODULUS
    if remainder == _REMAINDERS[kind]:
        return Typed(value.to_bytes(CODE_BYTES, "big"), "exact")
    if remainder == _REMAINDERS[kind.other]:
        raise WrongKind
    raise CodeMistyped


def _read_symbols(word: reed_solomon.Word, kind: Kind) -> Typed:
    found = reed_solomon.errors_in(_offset(word, kind))
    if found is not None and found[1] <= 1:
        return Typed(_secret(found[0]), "corrected" if found[1] else "exact")
    other = reed_solomon.errors_in(_offset(word, kind.other))
    if other is not None and other[1] <= 1:
        raise WrongKind
    if found is None:
        raise CodeMistyped
    return Typed(_secret(found[0]), "suggested")


def _offset(word: reed_solomon.Word, kind: Kind) -> reed_solomon.Word:
    """Add the kind's fixed symbols to the check symbols; doing it twice undoes it."""
    added = zip(word[CODE_DATA_SYMBOLS:], _OFFSETS[kind], strict=True)
    return (*word[:CODE_DATA_SYMBOLS], *(symbol ^ fixed for symbol, fixed in added))


def _number(secret: bytes) -> int:
    if len(secret) != CODE_BYTES:
        raise Malformed
    return int.from_bytes(secret, "big")


def _secret(word: reed_solomon.Word) -> bytes:
    value = 0
    for symbol in word[:CODE_DATA_SYMBOLS]:
        value = value << _BITS_A_SYMBOL | symbol
    return value.to_bytes(CODE_BYTES, "big")


def _to_symbols(value: int, count: int) -> reed_solomon.Word:
    shifts = range(_BITS_A_SYMBOL * (count - 1), -1, -_BITS_A_SYMBOL)
    return tuple(value >> shift & 31 for shift in shifts)


def _grouped(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


_VALUES: Final = {character: value for value, character in enumerate(CODE_ALPHABET)}
_DIGITS: Final = frozenset("0123456789")

# The table of docs/spec/codes.md, section 4, step 2.
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_FULL_WIDTH_SHIFT: Final = 0xFEE0


def _forgiven() -> dict[int, str | None]:
    ascii_table: dict[int, str | None] = {
        point: chr(point).upper() for point in range(ord("!"), ord("~") + 1)
    }
    ascii_table |= dict.fromkeys(p for p in ranges(TYPING_DASHES) if p in ascii_table)
    alike = dict(zip(TYPING_LOOK_ALIKE, TYPING_LOOKS_LIKE, strict=True))
    table = {point: alike.get(to, to) if to else None for point, to in ascii_table.items()}
    table |= {point: table[point - _FULL_WIDTH_SHIFT] for point in _FULL_WIDTH}
    table |= {ord(letter): latin for letter, latin in alike.items()}
    table |= {zero + value: str(value) for zero in TYPING_ZEROS for value in range(10)}
    table |= dict.fromkeys(ranges((*TYPING_WHITE_SPACE, *TYPING_INVISIBLE, *TYPING_DASHES)))
    return table


_FORGIVEN: Final = _forgiven()
