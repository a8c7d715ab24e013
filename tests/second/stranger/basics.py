"""Constants, categories, bytes and frames (docs/spec/conventions.md, sections 2, 3 and 6)."""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
import unicodedata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

_CONSTANTS = Path(__file__).resolve().parents[3] / "docs" / "spec" / "constants.toml"
_DECIMAL = re.compile(r"0|[1-9][0-9]*", re.ASCII)
MALFORMED = "Malformed"
UNSUPPORTED = "Unsupported"
CANNOT_OPEN = "CannotOpen"
BAD_SIGNATURE = "BadSignature"
WRONG_NETWORK = "WrongNetwork"
TOO_LONG = "TooLong"


class Refused(Exception):
    """A rejection; its one argument is the category."""


def need(condition: bool, category: str = MALFORMED) -> None:
    """Refuse unless the condition holds."""
    if not condition:
        raise Refused(category)


def _load() -> SimpleNamespace:
    flat: dict[str, Any] = {}
    stack = [tomllib.loads(_CONSTANTS.read_text(encoding="utf-8"))]
    while stack:
        for name, value in stack.pop().items():
            if isinstance(value, dict):
                stack.append(value)
            else:
                flat[name] = value

    def resolve(value: Any) -> Any:
        if isinstance(value, list) and all(isinstance(part, str) for part in value):
            return sum(resolve(flat[part]) for part in value)
        return value

    return SimpleNamespace(**{name: resolve(value) for name, value in flat.items()})


K: Any = _load()
SUITE = bytes([K.SUITE])
VERSION = bytes([K.FORMAT_VERSION])


def _big_endian(number: int, count: int) -> bytes:
    need(0 <= number < 1 << 8 * count)
    return number.to_bytes(count, "big")


def u8(number: int) -> bytes:
    """One byte."""
    return _big_endian(number, 1)


def u16(number: int) -> bytes:
    """Two bytes, big-endian."""
    return _big_endian(number, 2)


def u32(number: int) -> bytes:
    """Four bytes, big-endian."""
    return _big_endian(number, 4)


def u64(number: int) -> bytes:
    """Eight bytes, big-endian."""
    return _big_endian(number, 8)


def lp(part: bytes) -> bytes:
    """A part behind its length."""
    need(len(part) <= 0xFFFF, TOO_LONG)
    return u16(len(part)) + part


def frame(label: str, *parts: bytes) -> bytes:
    """The label and the parts, each behind its length."""
    return b"".join(lp(part) for part in (label.encode("ascii"), *parts))


def pad(content: bytes, size: int) -> bytes:
    """The content and zero bytes up to the size."""
    need(len(content) <= size, TOO_LONG)
    return content + bytes(size - len(content))


def from_utf8(value: bytes) -> str:
    """Text, or Malformed."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(MALFORMED) from None


def to_utf8(text: str) -> bytes:
    """UTF-8, or Malformed for half of a surrogate pair, which has none."""
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        raise Refused(MALFORMED) from None


def to_base64(value: bytes) -> str:
    """RFC 4648, section 4."""
    return base64.b64encode(value).decode("ascii")


def from_base64(text: str) -> bytes:
    """Only the one canonical spelling."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (UnicodeEncodeError, binascii.Error):
        raise Refused(MALFORMED) from None
    need(to_base64(value) == text)
    return value


def decimal(text: str, limit: int = 1 << 32) -> int:
    """A number without sign or leading zeros, below the limit."""
    need(_DECIMAL.fullmatch(text) is not None and len(text) <= 20)
    need(int(text) < limit)
    return int(text)


def has_category(text: str, *categories: str) -> bool:
    """Whether a character of one of these Unicode categories stands in the text."""
    return any(unicodedata.category(character) in categories for character in text)


class Reader:
    """Takes parts off the front of some bytes; Malformed when there are too few."""

    def __init__(self, content: bytes) -> None:
        """Start at the front."""
        self._rest = content

    def take(self, count: int) -> bytes:
        """The next bytes."""
        need(count <= len(self._rest))
        part, self._rest = self._rest[:count], self._rest[count:]
        return part

    def number(self, count: int) -> int:
        """The next bytes as a big-endian number."""
        return int.from_bytes(self.take(count), "big")

    def prefixed(self, most: int, width: int = 2) -> bytes:
        """A part behind its length."""
        length = self.number(width)
        need(length <= most)
        return self.take(length)

    def more(self) -> bool:
        """Whether bytes are left."""
        return bool(self._rest)

    def left(self) -> int:
        """How many bytes are left."""
        return len(self._rest)

    def end(self) -> None:
        """Nothing may be left."""
        need(not self._rest)

    def end_in_zeros(self) -> None:
        """Only zero bytes may be left."""
        need(not any(self._rest))
