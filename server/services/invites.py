"""Invites: an offer for whoever has a short-lived code, and the one reply to it.

    content = H(write key) ‖ u8(is there a reply) ‖ offer ‖ reply, or as many zero bytes

A row names no organisation, and has one size with a reply or without.

Source: docs/spec/invite.md, 4; docs/spec/http.md, 4 and 7.
"""

from __future__ import annotations

import enum
import hmac
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from crypto.constants import HASH_BYTES, INVITE_BYTES, INVITE_DAYS
from crypto.encoding import Reader, pad, u8
from crypto.public import cover
from crypto.public.keys import proves
from server.models import invite as table
from server.services import rows
from server.services.codes import NOBODYS_HASH
from server.services.refusals import Refusal
from server.services.rows import Found
from server.wraps import Wraps


class Accepted(enum.Enum):
    """What came of a reply."""

    STORED = enum.auto()
    TAKEN = enum.auto()
    REFUSED = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """H(write key) (32 bytes), the offer (1,536), and the reply (1,536; b"": none)."""

    write_key_hash: bytes = field(repr=False)
    offer: bytes = field(repr=False)
    reply: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """Return the 3,105 bytes that are sealed in the row."""
        there = u8(bool(self.reply))
        return self.write_key_hash + there + self.offer + pad(self.reply, INVITE_BYTES)


@dataclass(frozen=True, slots=True)
class Made:
    """An invite lies there; `is_new` is False where it did already."""

    is_new: bool


def decode(content: bytes) -> Content:
    """Read what `Content.encode` wrote."""
    reader = Reader(content)
    write_key_hash, there = reader.take(HASH_BYTES), reader.u8()
    offer, reply = reader.take(INVITE_BYTES), reader.take(INVITE_BYTES)
    return Content(write_key_hash=write_key_hash, offer=offer, reply=reply if there else b"")


def make(
    connection: Connection,
    _organisation: bytes,
    *,
    wraps: Wraps,
    locator: bytes,
    made: Content,
    room: bool,
) -> Made | Refusal:
    """Store an invite under its locator (16 bytes) until tomorrow's end.

    The same again changes nothing, whether there is `room` for more today or not. FULL where there
    is none, TAKEN where another lies there. Source: docs/spec/http.md, 7
    """
    found = rows.find(connection, wraps, table, locator)
    if found is None and not room:
        return Refusal.FULL
    last_epoch = wraps.today + INVITE_DAYS
    if found is None and rows.store(connection, wraps, table, locator, last_epoch, made.encode()):
        return Made(is_new=True)
    # Somebody was quicker; perhaps this very request, sent twice.
    found = found or rows.find(connection, wraps, table, locator)
    lies = None if found is None else replace(decode(found.content), reply=b"")
    return Made(is_new=False) if lies == made else Refusal.TAKEN


def open_(connection: Connection, *, wraps: Wraps, locator: bytes) -> bytes | None:
    """Return the offer (1,536 bytes) of a live invite; None for every other locator (16 bytes)."""
    found = rows.find(connection, wraps, table, locator)
    return None if found is None else decode(found.content).offer


def accept(
    connection: Connection, *, wraps: Wraps, locator: bytes, write_key: bytes, reply: bytes
) -> Accepted:
    """Keep the reply (1,536 bytes) of who has the write key (32 bytes); the first one stays.

    Source: docs/spec/http.md, 4
    """
    found, content = _proven(connection, wraps, locator, write_key, lock=True)
    if found is None or content is None:
        return Accepted.REFUSED
    if content.reply:
        same = hmac.compare_digest(content.reply, reply)
        return Accepted.STORED if same else Accepted.TAKEN
    answered = replace(content, reply=reply).encode()
    rows.change(connection, wraps, table, found.number, found.lookup, found.last_epoch, answered)
    return Accepted.STORED


def read(
    connection: Connection, *, wraps: Wraps, filler_key: bytes, locator: bytes, write_key: bytes
) -> bytes:
    """Return the reply (1,536 bytes), or the cover of its place; both are made either way.

    Source: docs/spec/invite.md, 4
    """
    nothing = cover.invite(filler_key, locator)
    _, content = _proven(connection, wraps, locator, write_key)
    return nothing if content is None else content.reply or nothing


def _proven(
    connection: Connection, wraps: Wraps, locator: bytes, write_key: bytes, *, lock: bool = False
) -> tuple[Found | None, Content | None]:
    """Return the live invite whose write key this is, or nothing."""
    found = rows.find(connection, wraps, table, locator, lock=lock)
    content = None if found is None else decode(found.content)
    kept = NOBODYS_HASH if content is None else content.write_key_hash
    return (found, content) if proves(write_key, kept) else (None, None)
