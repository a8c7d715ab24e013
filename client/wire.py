"""JSON as docs/spec/http.md, 1 has it: bytes in base64url without padding, nothing loose.

An answer that does not have its form is a ServerProblem of kind "answer"; a key that this version
does not know is left alone.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping

from client.errors import ServerProblem

_NUMBER_MOST = 1 << 63


def b64url(value: bytes) -> str:
    """Encode as base64url without padding (RFC 4648, 5)."""
    return base64.urlsafe_b64encode(value).decode("ascii").rstrip("=")


def unb64url(value: object) -> bytes:
    """Decode canonical base64url without padding; raises ServerProblem for anything else."""
    if not isinstance(value, str):
        raise garbled()
    try:
        decoded = base64.b64decode(
            value.encode("ascii") + b"=" * (-len(value) % 4), altchars=b"-_", validate=True
        )
    except (binascii.Error, UnicodeEncodeError, ValueError):
        raise garbled() from None
    if b64url(decoded) != value:
        raise garbled()
    return decoded


def dumps(values: Mapping[str, object]) -> bytes:
    """Encode an object as compact JSON; bytes in it, in lists and objects too, as base64url."""
    return json.dumps(values, separators=(",", ":"), default=_bytes, ensure_ascii=False).encode()


def loads(body: bytes) -> Fields:
    """Decode the object of an answer; raises ServerProblem for anything that is not one."""
    try:
        decoded = json.loads(
            body.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_no_constant
        )
    except (ValueError, RecursionError):
        raise garbled() from None
    return Fields.of(decoded)


def garbled() -> ServerProblem:
    """Return the problem of an answer that no page of the specification knows."""
    return ServerProblem("answer", 0)


class Fields:
    """The keys of one JSON object; each method raises ServerProblem for a value of another kind."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = values

    def __repr__(self) -> str:
        return "Fields(hidden)"

    @classmethod
    def of(cls, value: object) -> Fields:
        """Take a decoded JSON value, which must be an object."""
        if not isinstance(value, dict):
            raise garbled()
        return cls(value)

    def raw(self, key: str, size: int | None = None) -> bytes:
        """Return bytes, of exactly `size` where it is given."""
        return _sized(unb64url(self._get(key)), size)

    def raws(self, key: str, size: int | None = None) -> tuple[bytes, ...]:
        """Return a list of bytes, each of exactly `size` where it is given."""
        return tuple(_sized(unb64url(one), size) for one in self._list(key))

    def number(self, key: str, most: int = _NUMBER_MOST) -> int:
        """Return an integer of 0 to `most`."""
        value = self._get(key)
        if type(value) is not int or not 0 <= value <= most:
            raise garbled()
        return value

    def number_or_none(self, key: str) -> int | None:
        """Return an integer from 0, or None."""
        return None if self._get(key) is None else self.number(key)

    def flag(self, key: str) -> bool:
        """Return a boolean."""
        value = self._get(key)
        if not isinstance(value, bool):
            raise garbled()
        return value

    def text(self, key: str) -> str:
        """Return a text."""
        value = self._get(key)
        if not isinstance(value, str):
            raise garbled()
        return value

    def utf8(self, key: str) -> bytes:
        """Return a text as its UTF-8."""
        return _utf8(self._get(key))

    def utf8s(self, key: str) -> tuple[bytes, ...]:
        """Return a list of texts, each as its UTF-8."""
        return tuple(_utf8(one) for one in self._list(key))

    def objects(self, key: str) -> tuple[Fields, ...]:
        """Return a list of objects."""
        return tuple(Fields.of(one) for one in self._list(key))

    def _get(self, key: str) -> object:
        if key not in self._values:
            raise garbled()
        return self._values[key]

    def _list(self, key: str) -> Iterable[object]:
        value = self._get(key)
        if not isinstance(value, list):
            raise garbled()
        return value


def _sized(value: bytes, size: int | None) -> bytes:
    if size is not None and len(value) != size:
        raise garbled()
    return value


def _utf8(value: object) -> bytes:
    if not isinstance(value, str):
        raise garbled()
    try:
        return value.encode()
    except UnicodeEncodeError:  # JSON can write half of a surrogate pair
        raise garbled() from None


def _bytes(value: object) -> str:
    if not isinstance(value, bytes):
        raise TypeError
    return b64url(value)


def _pairs(pairs: list[tuple[str, object]]) -> dict[str, object]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise ValueError
    return values


def _no_constant(_: str) -> object:
    raise ValueError
