"""Sealed rows: storing one unless it is there, finding one by its id, moving one to another end.

Everything that ends with a wrap key goes through here. Uniqueness is the look-up column's, so that
the database decides between two that store at once.

Source: docs/spec/rows.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from server.wraps import Wraps

_Insert = Callable[[Table], sqlite.Insert | postgresql.Insert]
_INSERTS: dict[str, _Insert] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


@dataclass(frozen=True, slots=True)
class Found:
    """A row that was found and opened; `arrived` is 0 in tables that keep no arrival."""

    number: int
    lookup: bytes = field(repr=False)
    last_epoch: int
    content: bytes = field(repr=False)
    arrived: int = 0


def insert_new(connection: Connection, table: Table, values: dict[str, Any]) -> bool:
    """Insert a row unless one with the same unique values stands; say whether it was inserted.

    On PostgreSQL it waits for whoever is storing the same at this moment.
    """
    insert = _INSERTS[connection.dialect.name]
    statement = insert(table).values(**values).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def store(
    connection: Connection,
    wraps: Wraps,
    table: Table,
    id_: bytes,
    last_epoch: int,
    content: bytes,
    **columns: int | None,
) -> bool:
    """Seal and store a row under its id; say whether it was stored, or the id stood already.

    Source: docs/spec/rows.md, 2 and 3.
    """
    lookup = wraps.lookup(table.name, id_, last_epoch)
    sealed = wraps.seal(table.name, lookup, last_epoch, content)
    values = {"id": wraps.new_id(), "lookup": lookup, "last_epoch": last_epoch, "sealed": sealed}
    return insert_new(connection, table, {**values, **columns})


def find(
    connection: Connection, wraps: Wraps, table: Table, id_: bytes, *, lock: bool = False
) -> Found | None:
    """Find and open the live row of an id; None where there is none.

    `lock` keeps everybody else from changing the row until the transaction ends (PostgreSQL; on
    SQLite there is one writer). Source: docs/spec/rows.md, 2.
    """
    tried: list[bytes] = []
    # A row that was renewed at this moment may lie under a key that was made after `tried`.
    while (lookups := wraps.find(table.name, id_)) != tried:
        query = select(table).where(table.c.lookup.in_(lookups)).order_by(table.c.id)
        rows = connection.execute(query.with_for_update() if lock else query).all()
        for row in rows:
            found = opened(wraps, table, row)
            if found is not None:
                return found
        tried = lookups
    return None


def find_all(
    connection: Connection, table: Table, lookups: Sequence[bytes], *, lock: bool = False
) -> Sequence[Row[Any]]:
    """Return the rows of these look-up values, in the one order in which all lock them."""
    query = select(table).where(table.c.lookup.in_(lookups)).order_by(table.c.id)
    return connection.execute(query.with_for_update() if lock else query).all()


def opened(wraps: Wraps, table: Table, row: Row[Any]) -> Found | None:
    """Open a row of a table; None where it has ended."""
    content = wraps.open(table.name, row.lookup, row.last_epoch, row.sealed)
    if content is None:
        return None
    arrived = row.arrived if "arrived" in table.c else 0
    return Found(row.id, row.lookup, row.last_epoch, content, arrived)


def change(
    connection: Connection,
    wraps: Wraps,
    table: Table,
    number: int,
    lookup: bytes,
    last_epoch: int,
    content: bytes,
) -> None:
    """Seal a row anew with this look-up value (32 bytes), end and content; its number stays."""
    sealed = wraps.seal(table.name, lookup, last_epoch, content)
    statement = update(table).where(table.c.id == number)
    connection.execute(statement.values(lookup=lookup, last_epoch=last_epoch, sealed=sealed))


def remove(connection: Connection, table: Table, number: int) -> bool:
    """Remove a row; say whether it was there: of all that try at once, one hears yes (P4)."""
    return connection.execute(delete(table).where(table.c.id == number)).rowcount == 1
