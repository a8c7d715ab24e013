"""Runs of numbered fields, and the few kinds of value that stand in them.

Messages, answers, profiles and cases are such runs. A field that this version does not know is
kept as bytes, so that what a newer client wrote survives a round trip.

Source: docs/spec/envelope.md, section 4; box.md, section 2; record.md, section 4.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from crypto.encoding import text, utf8
from crypto.errors import Malformed, TooLong

_ID_MAX = _LENGTH_MAX = 0xFFFF
_NUMBER_MAX = 0xFF
_HEADER = struct.Struct(">BH")  # id and length of a field
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")  # every control character but line feed


def encode(fields: Mapping[int, bytes]) -> bytes:
    """Encode fields as `u8(id) ‖ u16(length) ‖ value`, ascending by id.

    Raises TooLong when a value has more than 65,535 bytes, Malformed for an id beyond 255.
    """
    parts: list[bytes] = []
    for number in sorted(fields):
        value = fields[number]
        if len(value) > _LENGTH_MAX:
            raise TooLong
        if not 0 <= number <= _NUMBER_MAX:
            raise Malformed
        parts += (_HEADER.pack(number, len(value)), value)
    return b"".join(parts)


def decode(body: bytes) -> dict[int, bytes]:
    """Decode a run of fields to a mapping from id to value.

    Raises Malformed when ids are not strictly ascending or a field is cut short.
    """
    # Without a Reader: this runs for every message, and is twice as quick so.
    fields: dict[int, bytes] = {}
    at, last = 0, -1
    while at < len(body):
        start = at + _HEADER.size
        if start > len(body):
            raise Malformed
        number, length = _HEADER.unpack_from(body, at)
        at = start + length
        if number <= last or at > len(body):
            raise Malformed
        last = number
        fields[number] = body[start:at]
    return fields


def from_ids(ids: Sequence[int], at_most: int) -> bytes:
    """Encode a list of ids, 2 bytes each.

    Raises TooLong for more than `at_most` ids, Malformed for none, a repeated one, or one outside
    1 to 65,535.
    """
    if len(ids) > at_most:
        raise TooLong
    if not ids or len(set(ids)) != len(ids) or min(ids) < 1 or max(ids) > _ID_MAX:
        raise Malformed
    return _pack(len(ids))(*ids)


def to_ids(value: bytes, at_most: int) -> tuple[int, ...]:
    """Decode a list of 1 to `at_most` distinct ids, none of them 0.

    Raises Malformed for anything else.
    """
    if not value or len(value) % 2 or len(value) > 2 * at_most:
        raise Malformed
    ids = _unpack(len(value) // 2)(value)
    if 0 in ids or len(set(ids)) != len(ids):
        raise Malformed
    return ids


@cache
def _pack(count: int) -> Callable[..., bytes]:
    return struct.Struct(f">{count}H").pack


@cache
def _unpack(count: int) -> Callable[[bytes], tuple[int, ...]]:
    return struct.Struct(f">{count}H").unpack


def from_id(one: int) -> bytes:
    """Encode one id in 2 bytes; raises Malformed for 0 and what does not fit."""
    return from_ids((one,), 1)


def to_id(value: bytes) -> int:
    """Decode one id of 2 bytes; raises Malformed for another length and for 0."""
    return to_ids(value, 1)[0]


def fixed(value: bytes, size: int) -> bytes:
    """Return a value of exactly `size` bytes; raises Malformed for another length."""
    if len(value) != size:
        raise Malformed
    return value


def to_number(value: bytes, size: int) -> int:
    """Decode a big-endian integer of `size` bytes; raises Malformed for another length."""
    return int.from_bytes(fixed(value, size), "big")


def from_text(value: str, at_most: int) -> bytes:
    """Encode a text of 1 to `at_most` bytes of UTF-8, without control characters but line feed.

    Raises TooLong for a longer one, Malformed for an empty one, control characters and lone
    surrogates.
    """
    encoded = utf8(value)
    if len(encoded) > at_most:
        raise TooLong
    if not encoded or CONTROL.search(value):
        raise Malformed
    return encoded


def to_text(value: bytes, at_most: int) -> str:
    """Decode a text of 1 to `at_most` bytes; raises Malformed for anything else."""
    if not 0 < len(value) <= at_most:
        raise Malformed
    decoded = text(value)
    if CONTROL.search(decoded):
        raise Malformed
    return decoded


def unknown(fields: Mapping[int, bytes], known: Iterable[int]) -> tuple[tuple[int, bytes], ...]:
    """Return the fields whose ids are not in `known`, to be kept as they are."""
    names = frozenset(known)
    return tuple((number, value) for number, value in fields.items() if number not in names)
