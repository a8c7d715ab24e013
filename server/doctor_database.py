"""What of the database's own settings weakens a promise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, text

from server.db import Database
from server.doctor import Finding

_OLDEST_SQLITE = (3, 37, 0)


@dataclass(frozen=True, slots=True)
class _Wanted:
    setting: str
    values: tuple[str, ...]
    promise: str
    otherwise: str


_SQLITE = (
    _Wanted("journal_mode", ("wal",), "P10", "a power cut can lose what was acknowledged"),
    _Wanted("synchronous", ("2", "3"), "P10", "a power cut can lose what was acknowledged"),
    _Wanted("secure_delete", ("1",), "P7", "deleted rows stay in the file"),
    _Wanted("foreign_keys", ("1",), "P10", "rows can point nowhere"),
)
_POSTGRESQL = (
    _Wanted("fsync", ("on",), "P10", "a power cut can lose everything"),
    _Wanted("full_page_writes", ("on",), "P10", "a power cut can tear pages"),
    _Wanted(
        "synchronous_commit",
        ("on", "remote_apply"),
        "P10",
        "what was acknowledged can be lost",
    ),
    _Wanted("track_commit_timestamp", ("off",), "P5", "it keeps the time of every commit"),
    _Wanted("log_statement", ("none", "ddl"), "P5", "its log has the statements"),
    _Wanted("log_min_duration_statement", ("-1",), "P5", "its log has slow statements"),
    _Wanted("log_min_duration_sample", ("-1",), "P5", "its log has slow statements"),
    _Wanted("log_transaction_sample_rate", ("0",), "P5", "its log has statements"),
    _Wanted("log_min_error_statement", ("panic", "fatal", "log"), "P5", "its log has statements"),
    _Wanted("log_min_messages", ("panic", "fatal"), "P5", "its log has values of refused rows"),
    _Wanted("log_error_verbosity", ("terse",), "P5", "its log has values of refused rows"),
    _Wanted("log_parameter_max_length_on_error", ("0",), "P5", "its log has values"),
)


def examine(database: Database) -> list[Finding]:
    """Return what weakens a promise in how the database is set for this server; raises Busy."""
    if database.is_sqlite:
        found = database.read(lambda connection: list(_sqlite(connection)))
        return [*_library(sqlite3.sqlite_version_info), *found]
    return database.read(lambda connection: list(_postgresql(connection)))


def _library(version: tuple[int, ...]) -> Iterator[Finding]:
    if version < _OLDEST_SQLITE:
        yield Finding(
            "P10",
            f"SQLite {'.'.join(map(str, version))} is older than this server was tested with.",
            "Use a Python with SQLite 3.37 or newer.",
        )


def _sqlite(connection: Connection) -> Iterator[Finding]:
    for wanted in _SQLITE:
        value = str(connection.exec_driver_sql(f"PRAGMA {wanted.setting}").scalar())
        if value.lower() not in wanted.values:
            yield Finding(
                wanted.promise,
                f"SQLite's {wanted.setting} is {value}: {wanted.otherwise}.",
                "Put the database on a local disk with a file system that can do it.",
            )


def _postgresql(connection: Connection) -> Iterator[Finding]:
    for wanted in _POSTGRESQL:
        value = connection.execute(
            text("SELECT current_setting(:name, true)"), {"name": wanted.setting}
        ).scalar()
        if value is not None and value not in wanted.values:
            yield Finding(
                wanted.promise,
                f"PostgreSQL's {wanted.setting} is {value}: {wanted.otherwise}.",
                f"ALTER SYSTEM SET {wanted.setting} = '{wanted.values[0]}', and reload.",
            )
    yield Finding(
        "",
        "PostgreSQL's journal keeps the microsecond of every commit until it is recycled.",
        "Archive no journal; SQLite keeps no such times.",
    )
