"""The database's versions: up, down and up again, with rows in every table, to what models say."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, select

import migrations
from server.core import Core
from server.db import Database
from server.models import metadata
from tests.server import rows
from tests.server.scene import Scene

VERSIONS = [
    script.revision
    for script in reversed(
        list(ScriptDirectory(str(Path(migrations.__file__).parent)).walk_revisions())
    )
]


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty database; on SQLite and on PostgreSQL."""
    opened = Database(url)
    yield opened
    opened.close()


def tables(database: Database) -> set[str]:
    """The names of all tables that are there, alembic's own left out."""
    found = inspect(database.engine).get_table_names()
    return set(found) - {"alembic_version"}


def differences(database: Database) -> list[object]:
    """What alembic would change to make the schema what the models say."""

    def compare(connection: Connection) -> list[object]:
        options = {"compare_type": True, "compare_server_default": True}
        return list(
            compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
        )

    return database.read(compare)


def constraints(database: Database) -> dict[str, object]:
    """Checks, unique columns, keys and indexes of each table, which alembic compares in part."""
    look = inspect(database.engine)
    return {
        name: (
            sorted(str(one["name"]) for one in look.get_check_constraints(name)),
            sorted(str(one["name"]) for one in look.get_unique_constraints(name)),
            look.get_pk_constraint(name)["constrained_columns"],
            sorted(str(one["name"]) for one in look.get_indexes(name)),
        )
        for name in sorted(tables(database))
    }


def test_the_schema_is_what_the_models_say(database: Database, tmp_path: Path) -> None:
    """Column for column, with every index and constraint."""
    migrations.upgrade(database.engine)
    assert migrations.is_current(database.engine)
    assert differences(database) == []
    if database.is_sqlite:
        direct = Database(f"sqlite:///{tmp_path / 'direct.db'}")
        metadata.create_all(direct.engine)
        assert constraints(database) == constraints(direct)
        direct.close()


def test_a_column_that_no_migration_makes_is_noticed(database: Database) -> None:
    """The comparison sees what it is there for."""
    migrations.upgrade(database.engine)
    database.write(
        lambda c: c.exec_driver_sql("ALTER TABLE box ADD COLUMN opened_at INTEGER").rowcount
    )
    assert len(differences(database)) == 1


@pytest.mark.parametrize("version", VERSIONS)
def test_every_version_goes_up_down_and_up_again(database: Database, version: str) -> None:
    """Down to nothing leaves nothing, and what comes up again is the same."""
    migrations.upgrade(database.engine, version)
    before = constraints(database)
    assert before
    migrations.downgrade(database.engine, "base")
    assert tables(database) == set()
    assert not migrations.is_current(database.engine)
    migrations.upgrade(database.engine, version)
    assert constraints(database) == before


def test_an_upgrade_that_is_done_changes_nothing(scene: Scene) -> None:
    """Every start of a server upgrades; no row is touched by it."""
    filled(scene.core)
    before = scene.dump()
    migrations.upgrade(scene.core.database.engine)
    assert scene.dump() == before
    assert all(before[name] for name in rows.ENDING)


def test_a_schema_with_rows_goes_down_and_up(scene: Scene) -> None:
    """Rows do not keep a version from being taken back."""
    filled(scene.core)
    engine = scene.core.database.engine
    for version in [*reversed(VERSIONS[:-1]), "base"]:
        migrations.downgrade(engine, version)
    migrations.upgrade(engine)
    assert differences(scene.core.database) == []
    found = scene.core.database.read(
        lambda c: [name for name, table in rows.ENDING.items() if c.execute(select(table)).first()]
    )
    assert found == []


def filled(core: Core) -> None:
    """Store a row in every table that has an end."""
    for table in rows.ENDING.values():
        rows.add(core, table, core.today + 5)
