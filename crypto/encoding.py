"""Length-prefixed binary, the only form in which anything is sealed, signed or derived.

Source: docs/spec/conventions.md, sections 2 and 3.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import cache

from crypto.errors import Malformed, TooLong

Random = Callable[[int], bytes]
"""A source of randomness: takes a number of bytes, returns that many."""

_U16_MAX = 0xFFFF


def u8(value: int) -> bytes:
    """Encode an integer as 1 byte; raises Malformed, as all four do, where it does not fit."""
    return _number(value, 1)


def u16(value: int) -> bytes:
    """Encode an integer as 2 bytes, big-endian."""
    return _number(value, 2)


def u32(value: int) -> bytes:
    """Encode an integer (epochs among them) as 4 bytes, big-endian."""
    return _number(value, 4)


def u64(value: int) -> bytes:
    """Encode an integer as 8 bytes, big-endian."""
    return _number(value, 8)


def lp(value: bytes) -> bytes:
    """Prefix a value of at most 65,535 bytes with its length in 2 bytes.

    Raises TooLong for a longer value.
    """
    if len(value) > _U16_MAX:
        raise TooLong
    return len(value).to_bytes(2, "big") + value


def frame(label: str, *parts: bytes) -> bytes:
    """Join a domain label and parts, each length-prefixed, so that no two inputs collide.

    Source: docs/spec/conventions.md, section 3.
    """
    framed = _label(label)
    for part in parts:
        framed += lp(part)
    return framed


@cache
def _label(label: str) -> bytes:
    return lp(label.encode("ascii"))


def pad(body: bytes, size: int) -> bytes:
    """Append zero bytes up to `size` bytes.

    Raises TooLong when `body` is longer than `size`.
    """
    if len(body) > size:
        raise TooLong
    return body + bytes(size - len(body))


def text(value: bytes) -> str:
    """Decode UTF-8.

    Raises Malformed for anything that is not well-formed UTF-8.
    """
    # Raised outside the handler: the error of Python quotes the input, and an exception that is
    # raised inside keeps the one before it.
    decoded = None
    with suppress(UnicodeDecodeError):
        decoded = value.decode("utf-8")
    if decoded is None:
        raise Malformed
    return decoded


def utf8(value: str) -> bytes:
    """Encode UTF-8; raises Malformed for half of a surrogate pair."""
    encoded = None
    with suppress(UnicodeEncodeError):
        encoded = value.encode("utf-8")
    if encoded is None:
        raise Malformed
    return encoded


def b64(value: bytes) -> str:
    """Encode as base64 (RFC 4648 section 4, with padding), as the note formats use it."""
    return base64.b64encode(value).decode("ascii")


def unb64(value: str) -> bytes:
    """Decode canonical base64 (RFC 4648 section 4, with padding).

    Raises Malformed for other characters, missing padding and non-zero spare bits.
    """
    try:
        decoded = base64.b64decode(value.encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise Malformed from None
    if b64(decoded) != value:
        raise Malformed
    return decoded


def _number(value: int, size: int) -> bytes:
    try:
        return value.to_bytes(size, "big")
    except OverflowError:
        raise Malformed from None


def monday(epoch: int) -> int:
    """Return the first day of an epoch's week; epoch 0 was a Thursday."""
    return epoch - (epoch + 3) % 7


def ranges(pairs: Sequence[int]) -> Iterator[int]:
    """Give every number of a list of (first, last) pairs written one after the other."""
    for first, last in zip(pairs[::2], pairs[1::2], strict=True):
        yield from range(first, last + 1)


class Reader:
    """Reads fixed and length-prefixed parts from the front of some bytes.

    Every method raises Malformed where fewer bytes are left than asked for.
    """

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def __repr__(self) -> str:
        return f"Reader({len(self._data) - self._at} bytes left)"

    def take(self, size: int) -> bytes:
        """Return the next `size` bytes."""
        end = self._at + size
        if end > len(self._data):
            raise Malformed
        part = self._data[self._at : end]
        self._at = end
        return part

    def u8(self) -> int:
        """Return the next byte as an integer."""
        return self.take(1)[0]

    def u16(self) -> int:
        """Return the next 2 bytes as an integer."""
        return int.from_bytes(self.take(2), "big")

    def u32(self) -> int:
        """Return the next 4 bytes as an integer."""
        return int.from_bytes(self.take(4), "big")

    def u64(self) -> int:
        """Return the next 8 bytes as an integer."""
        return int.from_bytes(self.take(8), "big")

    def lp(self, at_most: int = _U16_MAX) -> bytes:
        """Return the next length-prefixed value; refuse one longer than `at_most` bytes."""
        size = self.u16()
        if size > at_most:
            raise Malformed
        return self.take(size)

    def end(self) -> None:
        """Raise Malformed unless everything has been read."""
        if self._at != len(self._data):
            raise Malformed

    def zeros_to_end(self) -> None:
        """Raise Malformed unless only zero bytes are left."""
        if self._data.count(0, self._at) != len(self._data) - self._at:
            raise Malformed
        self._at = len(self._data)

    @property
    def left(self) -> int:
        """The number of bytes not read yet."""
        return len(self._data) - self._at
