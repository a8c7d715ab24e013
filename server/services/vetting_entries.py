"""What admins write to one another about an application: numbered from 0, and never changed.

Each entry is a row, found by the application's id and the entry's number. Who appends holds the
application's row, so that of two that write the same number one is taken and the other is told.

Source: docs/spec/vetting.md, 4 and 5.
"""

from __future__ import annotations

import hmac

from sqlalchemy import Connection, delete, select, update

from crypto.constants import VETTING_ENTRIES_MOST
from crypto.encoding import u16
from server.models import application, vetting_entry
from server.services import rows
from server.services.refusals import Refusal
from server.services.rows import Found
from server.wraps import Wraps


def append(
    connection: Connection, *, wraps: Wraps, id_: bytes, n: int, entry: bytes
) -> Refusal | None:
    """Keep an entry (2,560 bytes) of an application as its number `n`, if that is the next one.

    The same bytes again at their number change nothing. REFUSED where there is no application with
    this id (16 bytes), STALE where `n` is another number than the next. Source: vetting.md, 5
    """
    found = rows.find(connection, wraps, application, id_, lock=True)
    if found is None:
        return Refusal.REFUSED
    count = _count(connection, found)
    if n < count:
        (lies,) = _read(connection, wraps, id_, found, range(n, n + 1)) or (b"",)
        return None if hmac.compare_digest(lies, entry) else Refusal.STALE
    if n > count or n >= VETTING_ENTRIES_MOST:
        return Refusal.STALE
    # Both are the database's own answers: a number is given once, whoever else writes.
    here = (application.c.id == found.number, application.c.entries == n)
    moved = connection.execute(update(application).where(*here).values(entries=n + 1))
    id_of_entry = _id_of(id_, n)
    is_new = moved.rowcount == 1 and rows.store(
        connection, wraps, vetting_entry, id_of_entry, found.last_epoch, entry
    )
    return None if is_new else Refusal.STALE


def read(
    connection: Connection, wraps: Wraps, id_: bytes, found: Found, after: int
) -> tuple[bytes, ...]:
    """Return the entries of an application (id of 16 bytes, and its row) from number `after` on."""
    numbers = range(after, _count(connection, found))
    return _read(connection, wraps, id_, found, numbers) if numbers else ()


def remove(connection: Connection, wraps: Wraps, id_: bytes, found: Found) -> None:
    """End all entries of an application (id of 16 bytes, and its row)."""
    lookups = _lookups(wraps, id_, found, range(_count(connection, found)))
    if lookups:
        connection.execute(delete(vetting_entry).where(vetting_entry.c.lookup.in_(lookups)))


def _count(connection: Connection, found: Found) -> int:
    query = select(application.c.entries).where(application.c.id == found.number)
    return int(connection.execute(query).scalar_one())


def _read(
    connection: Connection, wraps: Wraps, id_: bytes, found: Found, numbers: range
) -> tuple[bytes, ...]:
    lookups = _lookups(wraps, id_, found, numbers)
    by_lookup = {row.lookup: row for row in rows.find_all(connection, vetting_entry, lookups)}
    # One that was withdrawn at this moment has some of them no more.
    there = (by_lookup[lookup] for lookup in lookups if lookup in by_lookup)
    opened = (rows.opened(wraps, vetting_entry, row) for row in there)
    return tuple(one.content for one in opened if one is not None)


def _lookups(wraps: Wraps, id_: bytes, found: Found, numbers: range) -> list[bytes]:
    """Return by which values the entries of these numbers are found, in their order."""
    ids = (_id_of(id_, n) for n in numbers)
    return [wraps.lookup(vetting_entry.name, one, found.last_epoch) for one in ids]


def _id_of(id_: bytes, n: int) -> bytes:
    return id_ + u16(n)
