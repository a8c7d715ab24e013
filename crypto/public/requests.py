"""Requests as they travel: the canonical form that is hashed and carried, and its armour.

Source: docs/spec/http.md, 5
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from crypto import constants as c
from crypto.encoding import Reader, u8, u32
from crypto.errors import Malformed
from crypto.fields import fixed
from crypto.public import armour as _armour
from crypto.public.keys import request_hash

_NO_BOX, _BOX = u8(0), u8(1)
_WHAT = "REQUEST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box to be opened: id (16 bytes), two key hashes (32 each), sealed slot 0 (4,096).

    Raises Malformed for a part of another length.
    """

    id: bytes = field(repr=False)
    holder_key_hash: bytes = field(repr=False)
    write_key_hash: bytes = field(repr=False)
    slot_0: bytes = field(repr=False)

    def __post_init__(self) -> None:
        fixed(self.id, c.BOX_ID_BYTES)
        fixed(self.holder_key_hash, c.HASH_BYTES)
        fixed(self.write_key_hash, c.HASH_BYTES)
        fixed(self.slot_0, c.SLOT_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """A request by code: locator (16 bytes), write key (32), envelope (5,273), box or None.

    Raises Malformed for a part of another length.
    """

    locator: bytes = field(repr=False)
    write_key: bytes = field(repr=False)
    envelope: bytes = field(repr=False)
    box: Box | None

    def __post_init__(self) -> None:
        fixed(self.locator, c.LOCATOR_BYTES)
        fixed(self.write_key, c.KEY_BYTES)
        fixed(self.envelope, c.ENVELOPE_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkIn:
    """A request without a code: epoch of sending, nonce (8 bytes), envelope (5,273), box or None.

    Raises Malformed for a part of another length, and an epoch that has not 4 bytes.
    """

    epoch: int
    nonce: bytes = field(repr=False)
    envelope: bytes = field(repr=False)
    box: Box | None

    def __post_init__(self) -> None:
        u32(self.epoch)
        fixed(self.nonce, c.U64_BYTES)
        fixed(self.envelope, c.ENVELOPE_BYTES)


Request = Referral | WalkIn


def encode(request: Request) -> bytes:
    """Return the canonical form of a request: 5,287 to 9,499 bytes. Source: docs/spec/http.md, 5"""
    return _head(request) + request.envelope + _encode_box(request.box)


def decode(data: bytes) -> Request:
    """Read a canonical form; raises Malformed for anything else. Source: docs/spec/http.md, 5"""
    reader = Reader(data)
    kind = reader.u8()
    if kind not in (c.KIND_REFERRAL, c.KIND_WALK_IN):
        raise Malformed
    request = _referral(reader) if kind == c.KIND_REFERRAL else _walk_in(reader)
    reader.end()
    return request


def hash_of(request: Request) -> bytes:
    """Return the 32 bytes by which a server knows a repeated request.

    Source: docs/spec/http.md, 5
    """
    return request_hash(encode(request))


def walk_in_tag(envelope: bytes) -> bytes:
    """Return the 16 bytes under which a walk-in's envelope (5,273 bytes) lies.

    Raises Malformed for another length. Source: docs/spec/http.md, 5
    """
    return hashlib.sha256(fixed(envelope, c.ENVELOPE_BYTES)).digest()[: c.BINDING_BYTES]


def armour(request: Request) -> str:
    """Write a request as text to be carried by hand: at most 13,000 characters of ASCII.

    Whoever has it can send it. Source: docs/spec/http.md, 5
    """
    return _armour.write(_WHAT, encode(request))


def from_armour(text: str) -> Request:
    """Read a request from a text of at most 20,000 characters that has its armour in it once.

    Forgives white space, `>` at the start of lines, and text before and after. Raises Malformed
    for anything else. Source: docs/spec/http.md, 5
    """
    return decode(_armour.read(_WHAT, text, c.ARMOUR_CHARACTERS))


def _head(request: Request) -> bytes:
    if isinstance(request, Referral):
        return u8(c.KIND_REFERRAL) + request.locator + request.write_key
    return u8(c.KIND_WALK_IN) + u32(request.epoch) + request.nonce


def _encode_box(box: Box | None) -> bytes:
    if box is None:
        return _NO_BOX
    return _BOX + box.id + box.holder_key_hash + box.write_key_hash + box.slot_0


def _referral(reader: Reader) -> Referral:
    return Referral(
        locator=reader.take(c.LOCATOR_BYTES),
        write_key=reader.take(c.KEY_BYTES),
        envelope=reader.take(c.ENVELOPE_BYTES),
        box=_decode_box(reader),
    )


def _walk_in(reader: Reader) -> WalkIn:
    return WalkIn(
        epoch=reader.u32(),
        nonce=reader.take(c.U64_BYTES),
        envelope=reader.take(c.ENVELOPE_BYTES),
        box=_decode_box(reader),
    )


def _decode_box(reader: Reader) -> Box | None:
    there = reader.take(c.U8_BYTES)
    if there == _NO_BOX:
        return None
    if there != _BOX:
        raise Malformed
    return Box(
        id=reader.take(c.BOX_ID_BYTES),
        holder_key_hash=reader.take(c.HASH_BYTES),
        write_key_hash=reader.take(c.HASH_BYTES),
        slot_0=reader.take(c.SLOT_BYTES),
    )
