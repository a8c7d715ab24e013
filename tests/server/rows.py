"""A row of any table, made from what the table says of itself; and ways to look at sealed rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Boolean, Connection, LargeBinary, Table, insert, select

import migrations
from crypto.constants import KEY_BYTES
from crypto.errors import CannotOpen
from crypto.public import wrapping
from server import make_core
from server.clock import Clock
from server.core import Core
from server.models import metadata
from server.services import expiry
from server.settings import Settings

ENDING = {table.name: table for table in expiry.ending_tables()}
SEALED = {name: table for name, table in ENDING.items() if "sealed" in table.columns}
STAYING = {table.name: table for table in metadata.sorted_tables if table.name not in ENDING}

Row = tuple[str, bytes, bytes]  # table, look-up value, sealed bytes


@contextmanager
def sqlite_core(
    folder: Path, clock: Clock | None = None, copy: Path | None = None
) -> Iterator[Core]:
    """Open a server on SQLite in a folder, below its routes; makes it where there is none."""
    keyring = folder / "keyring"
    keyring.mkdir(mode=0o700, exist_ok=True)
    database = f"sqlite:///{folder / 'towpath.db'}"
    settings = Settings(database=database, keyring=keyring, keyring_copy=copy)
    core = make_core(settings, clock=clock)
    migrations.upgrade(core.database.engine)
    try:
        yield core
    finally:
        core.database.close()


def add(core: Core, table: Table, last_epoch: int, content: bytes = b"a row") -> dict[str, Any]:
    """Store a row that ends with `last_epoch` and return its values; sealed where its kind is."""
    values = {column.name: _value(core, column.type) for column in table.columns}
    values |= {"last_epoch": last_epoch}
    if "arrived" in values:
        values |= {"arrived": last_epoch - 1}
    if "sealed" in values:
        wraps = core.wraps()
        lookup = wraps.lookup(table.name, values["lookup"], last_epoch)
        sealed = wraps.seal(table.name, lookup, last_epoch, content)
        values |= {"id": wraps.new_id(), "lookup": lookup, "sealed": sealed}
    core.database.write(lambda connection: connection.execute(insert(table), values).rowcount)
    return values


def is_there(core: Core, table: Table, values: dict[str, Any]) -> bool:
    """Say whether the row of these values stands, by its primary key."""
    query = select(table)
    for column in table.primary_key:
        query = query.where(column == values[column.name])
    return core.database.read(lambda connection: connection.execute(query).first()) is not None


def sealed_rows(core: Core) -> list[Row]:
    """Return every sealed row of a database."""

    def read(connection: Connection) -> list[Row]:
        return [
            (table.name, row.lookup, row.sealed)
            for table in SEALED.values()
            for row in connection.execute(select(table))
        ]

    return core.database.read(read)


def keys_in(folder: Path) -> list[bytes]:
    """Return every key that lies in a folder, of whatever kind."""
    found = (path.read_bytes() for path in sorted(folder.glob("*.key")))
    return [key for key in found if len(key) == KEY_BYTES]


def opened(rows: Iterable[Row], keys: Iterable[bytes]) -> Iterator[bytes]:
    """Give the content of every row that any of the keys opens."""
    held = list(keys)
    for table, lookup, sealed in rows:
        for key in held:
            try:
                yield wrapping.unwrap(key, table, lookup, sealed)
            except CannotOpen:
                continue


def _value(core: Core, kind: Any) -> Any:
    if isinstance(kind, LargeBinary):
        return core.random(kind.length or 64)
    if isinstance(kind, Boolean):
        return True
    return int.from_bytes(core.random(3), "big")
