"""Open applications, sealed to the admins: a server sees how many there are, and how many read.

    content = id ‖ H(write key) ‖ u8(is there a reply) ‖ reply, or as many zero bytes ‖ application

A row names no organisation, and has one size with a reply or without. It is found by its id, which
only the applicant and the admins know.

Source: docs/spec/vetting.md, 3 and 5.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, func, select

from crypto.constants import (
    APPLICATION_DAYS,
    APPLICATION_ID_BYTES,
    HASH_BYTES,
    VETTING_REPLY_BYTES,
)
from crypto.encoding import Reader, pad, u8
from crypto.errors import Refused
from crypto.public import applications, cover
from crypto.public.keys import proves
from server.models import application as table
from server.services import rows, vetting_entries
from server.services.codes import NOBODYS_HASH
from server.services.refusals import Refusal
from server.services.rows import Found
from server.wraps import Wraps

_OPEN_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Id (16 bytes), H(write key) (32), sealed application, and the reply (2,048; b"": none)."""

    id: bytes
    write_key_hash: bytes = field(repr=False)
    application: bytes = field(repr=False)
    reply: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """Return the bytes that are sealed in the row: 2,097, and the application."""
        there = u8(bool(self.reply)) + pad(self.reply, VETTING_REPLY_BYTES)
        return self.id + self.write_key_hash + there + self.application


@dataclass(frozen=True, slots=True)
class HandedIn:
    """The application is kept; `is_new` is False where it lay there already."""

    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """What admins see in the list: id (16 bytes), how many entries there are, the last day."""

    id: bytes
    entries: int
    last_epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An application as it was sealed (None for who has it), and its entries from one on."""

    application: bytes | None
    entries: tuple[bytes, ...]


def decode(content: bytes) -> Content:
    """Read what `Content.encode` wrote."""
    reader = Reader(content)
    id_, write_key_hash = reader.take(APPLICATION_ID_BYTES), reader.take(HASH_BYTES)
    there, reply = reader.u8(), reader.take(VETTING_REPLY_BYTES)
    return Content(
        id=id_,
        write_key_hash=write_key_hash,
        application=reader.take(reader.left),
        reply=reply if there else b"",
    )


def check(application: bytes) -> Refusal | None:
    """Look at all that a server can see of a sealed application: its length and its suite.

    MALFORMED for another. Source: docs/spec/vetting.md, 5
    """
    try:
        applications.readers_of(application)
    except Refused:
        return Refusal.MALFORMED
    return None


def hand_in(
    connection: Connection, *, wraps: Wraps, made: Content, room: bool
) -> HandedIn | Refusal:
    """Keep an application for 90 days, without an entry.

    The same again changes nothing, whether there is `room` for more today or not. FULL where there
    is none, or too many are open; TAKEN where another lies under that id.
    Source: docs/spec/vetting.md, 5
    """
    found = rows.find(connection, wraps, table, made.id)
    if found is None and (not room or _count(connection, wraps.today) >= _OPEN_MOST):
        return Refusal.FULL
    last_epoch, content = wraps.today + APPLICATION_DAYS, made.encode()
    if found is None and rows.store(
        connection, wraps, table, made.id, last_epoch, content, entries=0
    ):
        return HandedIn(is_new=True)
    # Somebody was quicker; perhaps this very request, sent twice.
    found = found or rows.find(connection, wraps, table, made.id)
    lies = None if found is None else replace(decode(found.content), reply=b"")
    return HandedIn(is_new=False) if lies == made else Refusal.TAKEN


def read_reply(
    connection: Connection, *, wraps: Wraps, filler_key: bytes, id_: bytes, write_key: bytes
) -> bytes:
    """Return the reply (2,048 bytes), or the cover of its place; both are made either way.

    Source: docs/spec/vetting.md, 5
    """
    nothing = cover.application(filler_key, id_)
    _, content = _proven(connection, wraps, id_, write_key)
    return nothing if content is None else content.reply or nothing


def withdraw(connection: Connection, *, wraps: Wraps, id_: bytes, write_key: bytes) -> None:
    """End an application and its entries at once; nothing happens for another key (32 bytes)."""
    found, _ = _proven(connection, wraps, id_, write_key, lock=True)
    if found is not None:
        vetting_entries.remove(connection, wraps, id_, found)
        rows.remove(connection, table, found.number)


def all_open(connection: Connection, *, wraps: Wraps) -> list[Open]:
    """Return every open application, ascending by id. Source: docs/spec/vetting.md, 5"""
    query = select(table).where(table.c.last_epoch >= wraps.today)
    said = []
    for row in connection.execute(query):
        found = rows.opened(wraps, table, row)
        if found is not None:
            id_ = decode(found.content).id
            said.append(Open(id=id_, entries=row.entries, last_epoch=row.last_epoch))
    return sorted(said, key=lambda one: one.id)


def open_(connection: Connection, *, wraps: Wraps, id_: bytes, after: int) -> Opened | Refusal:
    """Return an application to who has none of it (`after` is 0), and its entries from `after` on.

    REFUSED where there is none with this id (16 bytes). Source: docs/spec/vetting.md, 5
    """
    found = rows.find(connection, wraps, table, id_)
    if found is None:
        return Refusal.REFUSED
    return Opened(
        application=None if after else decode(found.content).application,
        entries=vetting_entries.read(connection, wraps, id_, found, after),
    )


def answer(connection: Connection, *, wraps: Wraps, id_: bytes, reply: bytes) -> Refusal | None:
    """Keep an admin's reply (2,048 bytes) to the applicant; the first one stays.

    The same again changes nothing. REFUSED where there is no such application, TAKEN where another
    reply lies there. Source: docs/spec/vetting.md, 5
    """
    found = rows.find(connection, wraps, table, id_, lock=True)
    if found is None:
        return Refusal.REFUSED
    content = decode(found.content)
    if content.reply:
        return None if hmac.compare_digest(content.reply, reply) else Refusal.TAKEN
    answered = replace(content, reply=reply).encode()
    rows.change(connection, wraps, table, found.number, found.lookup, found.last_epoch, answered)
    return None


def _count(connection: Connection, today: int) -> int:
    query = select(func.count()).select_from(table).where(table.c.last_epoch >= today)
    return int(connection.execute(query).scalar_one())


def _proven(
    connection: Connection, wraps: Wraps, id_: bytes, write_key: bytes, *, lock: bool = False
) -> tuple[Found | None, Content | None]:
    """Return the live application whose write key this is, or nothing."""
    found = rows.find(connection, wraps, table, id_, lock=lock)
    content = None if found is None else decode(found.content)
    kept = NOBODYS_HASH if content is None else content.write_key_hash
    return (found, content) if proves(write_key, kept) else (None, None)
