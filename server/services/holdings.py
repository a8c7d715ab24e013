"""What a server holds, counted from the live schema: every table, column and day (P12)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    MetaData,
    Table,
    func,
    inspect,
    literal_column,
    select,
    text,
)

_SYSTEM = ("information_schema", "pg_catalog", "pg_toast")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One table as it is: its columns, rows, bytes in its columns, and rows by last epoch."""

    table: str
    columns: tuple[str, ...]
    rows: int
    bytes: int
    by_last_epoch: dict[int, int]


def tables(connection: Connection) -> list[Held]:
    """Count every table of the database, whether ours or not."""
    live = MetaData()
    for schema in _schemas(connection):
        live.reflect(connection, schema=schema, views=True)
    return [_held(connection, table) for table in live.sorted_tables]


def strangers(connection: Connection) -> list[str]:
    """Return what else the database has and no server makes: triggers, sequences, functions."""
    if connection.dialect.name == "sqlite":
        query = (
            "SELECT type || ' ' || name FROM sqlite_master"
            " WHERE type NOT IN ('table', 'index', 'view')"
        )
    else:
        query = (
            "SELECT 'trigger ' || tgname FROM pg_trigger WHERE NOT tgisinternal"
            " UNION ALL SELECT 'sequence ' || relname FROM pg_class WHERE relkind = 'S'"
            " UNION ALL SELECT 'function ' || proname FROM pg_proc p JOIN pg_namespace n"
            " ON n.oid = p.pronamespace WHERE n.nspname NOT LIKE 'pg\\_%'"
            " AND n.nspname <> 'information_schema'"
        )
    return sorted(connection.execute(text(query)).scalars())


def _schemas(connection: Connection) -> list[str | None]:
    if connection.dialect.name == "sqlite":
        return [None]
    inspector = inspect(connection)
    default = inspector.default_schema_name
    names = (name for name in inspector.get_schema_names() if name not in _SYSTEM)
    return [None if name == default else name for name in names]


def _held(connection: Connection, table: Table) -> Held:
    rows = connection.execute(select(func.count()).select_from(table)).scalar_one()
    by_last_epoch: dict[int, int] = {}
    if "last_epoch" in table.columns:
        day = table.c.last_epoch
        query = select(day, func.count()).group_by(day).order_by(day)
        by_last_epoch = {row[0]: row[1] for row in connection.execute(query)}
    return Held(
        table=table.fullname,
        columns=tuple(column.name for column in table.columns),
        rows=rows,
        bytes=_bytes(connection, table),
        by_last_epoch=by_last_epoch,
    )


def _bytes(connection: Connection, table: Table) -> int:
    size = (
        "length(CAST({} AS BLOB))" if connection.dialect.name == "sqlite" else "pg_column_size({})"
    )
    total = 0
    for column in table.columns:
        quoted = connection.dialect.identifier_preparer.quote(column.name)
        value: ColumnElement[int] = literal_column(size.format(quoted))
        query = select(func.sum(value)).select_from(table)
        total += connection.execute(query).scalar_one() or 0
    return total
