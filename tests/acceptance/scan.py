"""What lies on a server, looked at as somebody does who has the machine and every key on it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from crypto.errors import CannotOpen
from crypto.public import wrapping
from server import models
from server.core import Core
from tests.acceptance.deployment import Deployment
from tests.server.rows import keys_in
from tests.server.rows import sealed_rows as _sealed_rows

_ARRIVAL_S = 30.0
Rows = dict[str, list[dict[str, Any]]]
REQUESTS = ("code_record", "envelope", "box", "box_slot")
"""The tables of what people send and are told."""


def rows(at: Deployment) -> Rows:
    """Return every row of every table, by table, as it lies there."""

    def read(connection: Connection) -> Rows:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table))]
            for table in models.metadata.sorted_tables
        }

    with at.core() as core:
        return core.database.read(read)


def unwrapped(at: Deployment) -> dict[str, list[bytes]]:
    """Return what every key of the keyring opens of all rows that end, by table."""
    with at.core() as core:
        return _unwrapped(core, keys_in(core.settings.keyring))


def _unwrapped(core: Core, keys: list[bytes]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for table, lookup, sealed in _sealed_rows(core):
        for key in keys:
            try:
                found.setdefault(table, []).append(wrapping.unwrap(key, table, lookup, sealed))
            except CannotOpen:
                continue
    return found


def everything(at: Deployment) -> Iterator[bytes]:
    """Give all bytes that the server has: rows, rows unwrapped, files, and what it printed."""
    for of_table in rows(at).values():
        for row in of_table:
            yield from (_bytes(value) for value in row.values())
    for opened in unwrapped(at).values():
        yield from opened
    for file in files(at):
        yield file.read_bytes()


def holds(at: Deployment, part: bytes) -> bool:
    """Say whether these bytes lie anywhere on the server."""
    return any(part in one for one in everything(at))


def files(at: Deployment) -> list[Path]:
    """Return the server's files, and those of what it printed; SQLite's are its database."""
    printed = [at.folder / "server.out", at.folder / "server.err"]
    return [one for one in (*at.server.rglob("*"), *printed) if one.is_file()]


def copy_of_files(at: Deployment) -> Path:
    """Copy the server's folder as a backup does, and return where it is."""
    place = Path(tempfile.mkdtemp(dir=at.folder)) / "backup"
    shutil.copytree(at.server, place)
    return place


def _bytes(value: object) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode()


def has_settled(at: Deployment) -> bool:
    """Say whether everything that arrived has joined the drop."""
    return all(row["cursor"] is not None for row in rows(at)["envelope"])


def settle(at: Deployment) -> None:
    """Wait until everything that arrived has joined the drop."""
    until = time.monotonic() + _ARRIVAL_S
    while not has_settled(at):
        assert time.monotonic() < until
        time.sleep(0.1)
