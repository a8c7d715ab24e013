"""The drop: arrivals join it at the tick, and every provider downloads all of it.

Source: docs/spec/http.md, 6; docs/spec/envelope.md, 7.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from crypto.constants import DROP_ROWS, WEEKLY_KEY_DAYS
from crypto.encoding import Random, monday, u64
from server.keyring import DROP, Keyring
from server.models import drop_position
from server.models import envelope as table
from server.services import envelopes, rows
from server.wraps import Wraps

_POSITION = 1
_DRAW_BYTES = 16


def join(connection: Connection, random: Random) -> int:
    """Give each envelope that waits a cursor, in an order drawn at random; return their number.

    Cursors follow on the last one ever given. Several processes may do this at once.
    Source: docs/spec/http.md, 6.
    """
    rows.insert_new(connection, drop_position, {"id": _POSITION, "last_cursor": 0})
    last = connection.execute(
        select(drop_position.c.last_cursor).where(drop_position.c.id == _POSITION).with_for_update()
    ).scalar_one()
    # Whoever is being changed at this moment joins at the next tick; so nobody waits for another.
    waiting = select(table.c.id).where(table.c.cursor.is_(None)).with_for_update(skip_locked=True)
    numbers = list(connection.execute(waiting).scalars())
    numbers.sort(key=lambda _: random(_DRAW_BYTES))
    for cursor, number in enumerate(numbers, start=last + 1):
        connection.execute(update(table).where(table.c.id == number).values(cursor=cursor))
    if numbers:
        moved = update(drop_position).where(drop_position.c.id == _POSITION)
        connection.execute(moved.values(last_cursor=last + len(numbers)))
    return len(numbers)


def cursors(connection: Connection, *, today: int, after: int) -> list[int]:
    """Return the cursors above `after` of rows that have not ended, ascending, at most 500.

    Source: docs/spec/http.md, 6.
    """
    live = select(table.c.cursor).where(table.c.cursor > after, table.c.last_epoch >= today)
    return list(connection.execute(live.order_by(table.c.cursor).limit(DROP_ROWS)).scalars())


def read(connection: Connection, *, wraps: Wraps, wanted: Sequence[int]) -> bytes:
    """Return a row of 5,297 bytes for each cursor; filler where the row has ended meanwhile.

    Source: docs/spec/http.md, 6.
    """
    query = select(table).where(table.c.cursor.in_(wanted))
    there = {row.cursor: row for row in connection.execute(query)}
    parts = []
    for cursor in wanted:
        found = rows.opened(wraps, table, there[cursor]) if cursor in there else None
        shown = envelopes.filler(wraps.random) if found is None else envelopes.decode(found.content)
        parts.append(u64(cursor) + shown.tag + shown.envelope)
    return b"".join(parts)


def is_key(keyring: Keyring, today: int, given: bytes) -> bool:
    """Say whether these bytes are this week's drop key, or last week's on a Monday.

    Compared in constant time; no key is made here. Source: docs/spec/http.md, 6.
    """
    this_week = monday(today)
    weeks = (this_week, this_week - WEEKLY_KEY_DAYS) if today == this_week else (this_week,)
    keys = [key for week in weeks if (key := keyring.get(DROP, week)) is not None]
    return True in [hmac.compare_digest(key, given) for key in keys]  # each of them, always
