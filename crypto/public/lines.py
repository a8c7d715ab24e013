"""The lines of signed texts: keyword, space, value, in a fixed order; and what a name may be.

Source: docs/spec/statements.md, 3
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from crypto.constants import HASH_BYTES, NAME_BANNED
from crypto.encoding import unb64, utf8
from crypto.errors import Malformed, TooLong
from crypto.fields import CONTROL

_Value = TypeVar("_Value", str, bytes, int)
U32_LIMIT = 1 << 32
U64_LIMIT = 1 << 64
_NUMBER = re.compile(r"0|[1-9][0-9]{0,19}")
_LINE_BREAKS = frozenset({"Cc", "Zl", "Zp"})
_BANNED = tuple(zip(NAME_BANNED[::2], NAME_BANNED[1::2], strict=True))


class Lines:
    """Reads the lines of a text from its top; every method raises Malformed for another line."""

    __slots__ = ("_at", "_lines")

    def __init__(self, text: str) -> None:
        *lines, after = text.split("\n")
        if after:
            raise Malformed
        self._lines = lines
        self._at = 0

    def __repr__(self) -> str:
        return f"Lines({len(self._lines) - self._at} left)"

    def line(self) -> str:
        """Return the next line."""
        if self._at == len(self._lines):
            raise Malformed
        self._at += 1
        return self._lines[self._at - 1]

    def label(self, label: str) -> None:
        """Read the line that says what this text is."""
        if self.line() != label:
            raise Malformed

    def value(self, keyword: str) -> str:
        """Return what follows the keyword and one space on the next line."""
        found, _, value = self.line().partition(" ")
        if found != keyword:
            raise Malformed
        return value

    def values(self, keyword: str, at_most: int) -> tuple[str, ...]:
        """Return the values of the next lines with this keyword: none, or at most `at_most`."""
        values: list[str] = []
        while self._follows(keyword):
            if len(values) == at_most:
                raise Malformed
            values.append(self.value(keyword))
        return tuple(values)

    def number(self, keyword: str) -> int:
        """Return the number below 2³² after this keyword."""
        return number(self.value(keyword))

    def hash(self, keyword: str) -> bytes:
        """Return the 32 bytes, a hash or a key, after this keyword."""
        return hash_of(self.value(keyword))

    def end(self) -> None:
        """Raise Malformed unless every line has been read."""
        if self._at != len(self._lines):
            raise Malformed

    def _follows(self, keyword: str) -> bool:
        return self._at < len(self._lines) and self._lines[self._at].startswith(keyword + " ")


def number(value: str, limit: int = U32_LIMIT) -> int:
    """Read a decimal number below `limit`, without sign or leading zeros; raises Malformed."""
    if _NUMBER.fullmatch(value) is None or int(value) >= limit:
        raise Malformed
    return int(value)


def hash_of(value: str) -> bytes:
    """Read 32 bytes from base64; raises Malformed for anything else."""
    decoded = unb64(value)
    if len(decoded) != HASH_BYTES:
        raise Malformed
    return decoded


def check_name(value: str, at_most: int) -> None:
    """Refuse what may not stand as the name of an organisation or region.

    Raises Malformed unless it has 1 to `at_most` bytes of UTF-8, with a letter or digit, no space
    at either end and no character that breaks lines, changes direction or can't be seen.

    Source: docs/spec/statements.md, 3
    """
    if not 0 < len(utf8(value)) <= at_most:
        raise Malformed
    if any(map(_is_banned, value)) or "Zs" in map(unicodedata.category, (value[0], value[-1])):
        raise Malformed
    if not any(unicodedata.category(character)[0] in "LN" for character in value):
        raise Malformed


def check_text(value: str, at_least: int = 0) -> None:
    """Refuse what no text of a vetting may have, and one of fewer than `at_least` bytes of UTF-8.

    Raises Malformed for control characters but LF, and for what no name may have that changes
    direction or can't be seen.

    Source: docs/spec/vetting.md, 3
    """
    if len(utf8(value)) < at_least or CONTROL.search(value):
        raise Malformed
    if any(first <= ord(character) <= last for character in value for first, last in _BANNED):
        raise Malformed


def check_spelling(name: str) -> None:
    """Refuse to write a name that is not in NFC: one spelling of each letter; raises Malformed.

    A reader does not ask this: what is in NFC depends on its version of Unicode.

    Source: docs/spec/statements.md, 3
    """
    if not unicodedata.is_normalized("NFC", name):
        raise Malformed


def check_room(pairs: Iterable[tuple[int, int]]) -> None:
    """Raise TooLong where the first of a pair, a length to be written, is above the second."""
    if any(length > at_most for length, at_most in pairs):
        raise TooLong


def is_ascending(values: Sequence[_Value]) -> bool:
    """Say whether each value is above the one before it, so that none stands twice."""
    return all(lower < higher for lower, higher in pairwise(values))


def _is_banned(character: str) -> bool:
    if unicodedata.category(character) in _LINE_BREAKS:
        return True
    return any(first <= ord(character) <= last for first, last in _BANNED)
