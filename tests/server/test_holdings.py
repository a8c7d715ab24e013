"""`towpath server holdings`: everything that the operator has, and nothing that is not mapped."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from server import commands_look, data_map, make_core
from server.core import Core
from server.models import metadata
from server.services import holdings
from server.settings import load
from tests.server import rows, serving
from tests.server.scene import Scene

PAGE = data_map.PAGE.read_text(encoding="utf-8")
OTHERS = {"alembic_version.version_num"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A server with a row in every table that ends."""
    folder = serving.begun(tmp_path_factory.mktemp("held") / "server")
    core = make_core(load(folder))
    for table in rows.ENDING.values():
        for day in (core.today + 1, core.today + 1, core.today + 9):
            rows.add(core, table, day)
    core.database.close()
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(template, tmp_path / "server", copy_function=shutil.copy2))


@pytest.fixture
def begun(folder: Path) -> Core:
    """Its database and keys."""
    return make_core(load(folder))


def held(folder: Path, *options: str) -> Result:
    """Run the command."""
    return CliRunner().invoke(commands_look.holdings, [*options, "--dir", str(folder)])


def test_P12_T25_the_data_map_has_every_column_and_no_other() -> None:
    """Both ways, with what it is, what it tells, whose it is and when it ends."""
    live = {f"{t.name}.{column.name}" for t in metadata.sorted_tables for column in t.columns}
    mapped = data_map.columns(PAGE)
    assert mapped.keys() == live | OTHERS
    for entry in [*mapped.values(), *data_map.files(PAGE).values()]:
        assert all([entry.what, entry.tells, entry.who, entry.ends])


def test_P12_T25_a_row_of_the_page_that_is_left_out_is_noticed() -> None:
    """The page is read line by line, and a line that is none counts for nothing."""
    line = next(line for line in PAGE.splitlines() if line.startswith("| `box.sealed`"))
    assert "box.sealed" not in data_map.columns(PAGE.replace(line, ""))
    assert "box.sealed" not in data_map.columns(PAGE.replace(line, line.replace(" | ", " ", 1)))


def test_P12_it_counts_every_table_by_last_day(scene: Scene) -> None:
    """On SQLite and on PostgreSQL: rows, bytes, and how many end when."""
    core = scene.core
    for table in rows.ENDING.values():
        for day in (core.today + 1, core.today + 1, core.today + 9):
            rows.add(core, table, day)
    found = {one.table: one for one in core.database.read(holdings.tables)}
    assert found.keys() == {*metadata.tables, "alembic_version"}
    for name, table in rows.ENDING.items():
        assert found[name].rows == 3
        assert found[name].by_last_epoch == {core.today + 1: 2, core.today + 9: 1}
        assert found[name].bytes > 60
        assert set(found[name].columns) == {column.name for column in table.columns}
    assert core.database.read(holdings.strangers) == []


def test_P12_T25_everything_is_printed_with_what_it_tells(folder: Path) -> None:
    """Each table, column, day and file; the page's own words."""
    run = held(folder)
    assert run.exit_code == 0, run.stderr
    for name, entry in data_map.columns(PAGE).items():
        table, column = name.split(".")
        assert f"\n{table}: " in "\n" + run.stdout
        assert f"  {column}: {entry.what}. Tells: {entry.tells}." in run.stdout
    for path in folder.rglob("*"):
        assert path.is_dir() or f"{path}, {path.stat().st_size} bytes: " in run.stdout


def test_P12_the_same_as_json(folder: Path) -> None:
    """For whoever publishes it."""
    said: dict[str, Any] = json.loads(held(folder, "--json").stdout)
    assert {one["table"] for one in said["tables"]} == {*metadata.tables, "alembic_version"}
    assert all(one["rows"] == 3 for one in said["tables"] if one["table"] in rows.ENDING)
    assert said["not_in_the_data_map"] == []
    assert {one["kind"] for one in said["files"]} >= {"server.toml", "DATABASE", "wrap-N.key"}
    assert all(one["map"] for one in said["files"])


def test_P1_P12_it_prints_no_byte_of_any_row_or_key(folder: Path, begun: Core) -> None:
    """Counting is not showing."""
    said = held(folder).stdout + held(folder, "--json").stdout
    secrets = [sealed for _, _, sealed in rows.sealed_rows(begun)]
    secrets += [path.read_bytes() for path in (folder / "keyring").glob("*.key")]
    begun.database.close()
    assert len(secrets) > 10
    for secret in secrets:
        assert secret.hex()[:16] not in said
        assert secret.hex()[:16].upper() not in said


PLANTED: dict[str, tuple[Callable[[Path, Core], object], str]] = {
    "column": (
        lambda _, core: sql(core, "ALTER TABLE box ADD COLUMN opened_at INTEGER"),
        "column box.opened_at",
    ),
    "table": (lambda _, core: sql(core, "CREATE TABLE visits (a TEXT)"), "column visits.a"),
    "view": (
        lambda _, core: sql(core, "CREATE VIEW peek AS SELECT id AS who FROM box"),
        "column peek.who",
    ),
    "trigger": (
        lambda _, core: sql(
            core,
            "CREATE TRIGGER noting AFTER DELETE ON box BEGIN"
            " INSERT INTO checkpoint SELECT 1, old.sealed, old.sealed; END",
        ),
        "trigger noting",
    ),
    "file": (lambda folder, _: (folder / "access.log").write_text("x"), "access.log"),
    "hidden file": (lambda folder, _: (folder / "data" / ".old").write_text("x"), ".old"),
    "key": (lambda folder, _: (folder / "keyring" / "wrap-7.bak").write_text("x"), "wrap-7.bak"),
    "link": (lambda folder, _: (folder / "elsewhere").symlink_to("/tmp"), "elsewhere"),  # noqa: S108
    "backup": (
        lambda folder, _: shutil.copy(
            folder / "data" / "towpath.sqlite", folder / "data" / "towpath.sqlite.bak"
        ),
        "towpath.sqlite.bak",
    ),
}


def sql(core: Core, statement: str) -> None:
    """Change the schema."""
    core.database.write(lambda connection: connection.exec_driver_sql(statement).rowcount)


@pytest.mark.parametrize("what", PLANTED)
def test_P12_T25_what_is_not_in_the_data_map_is_an_error(
    folder: Path, begun: Core, what: str
) -> None:
    """A column, table, view, trigger, file or copy that somebody added is named, with exit 1."""
    plant, named = PLANTED[what]
    plant(folder, begun)
    begun.database.close()
    for options in ((), ("--json",)):
        run = held(folder, *options)
        assert run.exit_code == 1
        assert "does not stand in docs/data-map.md" in run.stderr
        assert named in run.stderr
        assert run.stderr.count("\n") == 2


@pytest.mark.needs("postgres")
def test_P12_T25_postgresql_hides_no_table_sequence_or_function(
    request: pytest.FixtureRequest, begun: Core, tmp_path: Path
) -> None:
    """In any schema of the database."""
    cluster = request.getfixturevalue("cluster")
    url = cluster.new_database()
    made = make_core(replace(begun.settings, database=url))
    for statement in (
        "CREATE SCHEMA side",
        "CREATE TABLE side.visits (a TEXT)",
        "CREATE SEQUENCE arrivals",
        "CREATE FUNCTION peek() RETURNS INTEGER LANGUAGE SQL AS 'SELECT 1'",
    ):
        sql(made, statement)
    found = made.database.read(
        lambda c: ([t.table for t in holdings.tables(c)], holdings.strangers(c))
    )
    assert found == (["side.visits"], ["function peek", "sequence arrivals"])
    made.database.close()
    begun.database.close()
    cluster.drop(url)


def test_a_folder_without_a_server_is_told(tmp_path: Path) -> None:
    """With how to begin one."""
    assert held(tmp_path).exit_code == 7
