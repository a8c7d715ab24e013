"""Every row ends with its last day and not before; so does whatever a copy of it says (R25, P7)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from server import data_map, make_core
from server.clock import SECONDS_A_DAY
from server.core import Core
from server.keyring import DROP, FILLER, LOG, TOKEN, WRAP
from server.models import metadata
from server.services import codes, expiry
from server.sweeper import Sweeper, delete_ended
from tests.server import rows
from tests.server.scene import FakeClock, Scene

_DAYS = 3


def at(clock: FakeClock, day: int, seconds: int) -> None:
    """Set the clock to so many seconds after the day's beginning (negative: before it)."""
    clock.sleep(day * SECONDS_A_DAY + seconds - clock.now())


def sweep(core: Core) -> None:
    """Do what the running server does at a tick, in a server that was started just now."""
    Sweeper(core).run_once()


@pytest.mark.parametrize("name", sorted(rows.ENDING))
def test_P7_R25_T27_a_row_ends_with_its_last_day(scene: Scene, name: str) -> None:
    """Of every table that the schema has: there one second before its end, gone one after."""
    core, table = scene.core, rows.ENDING[name]
    last = core.today + _DAYS
    ending = rows.add(core, table, last)
    living = rows.add(core, table, last + 1)
    at(scene.clock, last + 1, -1)
    sweep(core)
    assert rows.is_there(core, table, ending)
    at(scene.clock, last + 1, 1)
    sweep(core)
    assert not rows.is_there(core, table, ending)
    assert rows.is_there(core, table, living)


@pytest.mark.parametrize("name", sorted(rows.SEALED))
def test_P7_R25_a_sealed_row_opens_until_its_end_and_never_after(scene: Scene, name: str) -> None:
    """Also of a table whose rows nobody has deleted yet."""
    core, table = scene.core, rows.SEALED[name]
    last = core.today + _DAYS
    row = rows.add(core, table, last, b"content")

    def opens() -> bytes | None:
        return core.wraps().open(name, row["lookup"], last, row["sealed"])

    at(scene.clock, last + 1, -1)
    assert opens() == b"content"
    at(scene.clock, last + 1, 1)
    assert opens() is None
    expiry.destroy_keys(core.keyring, core.today)
    assert rows.is_there(core, table, row)
    at(scene.clock, last, 1)
    assert opens() is None


def test_P7_every_table_ends_or_is_named_as_staying() -> None:
    """A new table without a last epoch is noticed until the data map says that it stays."""
    mapped = data_map.columns(data_map.PAGE.read_text(encoding="utf-8"))
    for table in rows.STAYING.values():
        for column in table.columns:
            assert mapped[f"{table.name}.{column.name}"].stays, f"{table.name}.{column.name}"
    for table in rows.ENDING.values():
        for column in table.columns:
            assert not mapped[f"{table.name}.{column.name}"].stays, f"{table.name}.{column.name}"
    assert len(rows.ENDING) + len(rows.STAYING) == len(metadata.tables)


def test_P4_P7_R25_a_code_is_refused_one_second_after_its_last_day(scene: Scene) -> None:
    """Before any sweep: the day decides, not the deleting."""
    code = scene.published()
    at(scene.clock, code.row.last_epoch + 1, -1)
    assert scene.read(codes.open_, locator=code.locator) == code.row.record
    at(scene.clock, code.row.last_epoch + 1, 1)
    assert scene.read(codes.open_, locator=code.locator) is None


def test_P7_R25_T27_a_copy_of_the_database_opens_nothing_afterwards(
    scene: Scene, tmp_path: Path
) -> None:
    """A whole copy of the files from before, with the keys as they are after: no row opens."""
    fill(scene)
    core = scene.core
    before, kept = rows.sealed_rows(core), tmp_path / "copy"
    copy = copied(core, kept)
    held = shutil.copytree(core.settings.keyring, tmp_path / "keys-before")
    assert len(list(rows.opened(before, rows.keys_in(held)))) == len(before) >= len(rows.SEALED)
    at(scene.clock, last_day(scene) + 1, 1)
    sweep(core)
    after = rows.keys_in(core.settings.keyring)
    assert list(rows.opened(before, after)) == []
    if copy is not None:
        again = make_core(replace(core.settings, database=f"sqlite:///{copy}"), clock=scene.clock)
        assert sorted(rows.sealed_rows(again)) == sorted(before)
        assert list(rows.opened(rows.sealed_rows(again), after)) == []
        again.database.close()
    # No key of before lies in what is left, whole or in the middle of a file.
    for key in set(rows.keys_in(held)) - set(after):
        for file in core.settings.keyring.iterdir():
            assert key not in file.read_bytes()


def test_P7_R25_ended_rows_are_gone_from_sqlites_files(tmp_path: Path, clock: FakeClock) -> None:
    """After a sweep the sealed bytes are neither in the database nor in its journal."""
    with rows.sqlite_core(tmp_path, clock) as core:
        values = [rows.add(core, rows.SEALED["envelope"], core.today + _DAYS) for _ in range(20)]
        sealed = [one["sealed"] for one in values] + [one["lookup"] for one in values]
        files = database_files(core)
        assert all(any(one in file.read_bytes() for file in files()) for one in sealed)
        clock.days_pass(_DAYS + 1)
        sweep(core)
        assert not any(one in file.read_bytes() for file in files() for one in sealed)


def test_P7_more_rows_than_one_step_are_all_deleted(scene: Scene) -> None:
    """Deleting goes on until nothing is left, a few rows at a time."""
    core = scene.core
    for _ in range(7):
        rows.add(core, rows.ENDING["token_batch"], core.today - 1)
        rows.add(core, rows.ENDING["box"], core.today)
    table = rows.ENDING["token_batch"]

    def step() -> int:
        return core.database.write(
            lambda connection: expiry.delete_rows(connection, table, core.today, 3)
        )

    assert [step(), step(), step(), step()] == [3, 3, 1, 0]
    assert delete_ended(core) == 0
    assert scene.count(rows.ENDING["box"]) == 7


@pytest.mark.parametrize(
    ("kind", "number", "last"),
    [(WRAP, 20_000, 20_000), (DROP, 20_003, 20_010), (TOKEN, 20_003, 20_058)],
)
def test_P7_R25_T27_a_key_ends_with_its_last_day(
    tmp_path: Path, clock: FakeClock, kind: str, number: int, last: int
) -> None:
    """A wrap key with its day, a drop key with the next Monday, a token seed with its tokens."""
    with rows.sqlite_core(tmp_path, clock) as core:
        core.keyring.make(kind, number, core.random)
        assert expiry.last_day_of(kind, number) == last
        at(clock, last + 1, -1)
        sweep(core)
        assert core.keyring.get(kind, number) is not None
        at(clock, last + 1, 1)
        sweep(core)
        assert core.keyring.get(kind, number) is None
        assert list(core.settings.keyring.glob(f"{kind}-*")) == []


def test_P7_keys_that_stay_are_never_destroyed(tmp_path: Path, clock: FakeClock) -> None:
    """The log's key and the filler's outlive every sweep."""
    with rows.sqlite_core(tmp_path, clock) as core:
        made = {kind: core.keyring.make(kind, 0, core.random) for kind in (LOG, FILLER)}
        clock.days_pass(10_000)
        sweep(core)
        assert {kind: core.keyring.get(kind, 0) for kind in made} == made
        assert [expiry.last_day_of(kind, 0) for kind in made] == [None, None]


def test_P7_an_ended_key_is_forgotten_by_other_processes_too(
    tmp_path: Path, clock: FakeClock
) -> None:
    """What one process destroys, another drops from memory at its own next sweep."""
    with rows.sqlite_core(tmp_path, clock) as one:
        other = make_core(one.settings, clock=clock)
        key = one.keyring.make(WRAP, one.today, one.random)
        assert other.keyring.get(WRAP, one.today) == key
        clock.days_pass(1)
        sweep(one)
        assert other.keyring.get(WRAP, one.today - 1) == key
        sweep(other)
        assert other.keyring.get(WRAP, one.today - 1) is None
        other.database.close()


def fill(scene: Scene) -> None:
    """Store what people store: codes, requests with boxes, walk-ins; and a row of each kind."""
    scene.sent(scene.make.receipt())
    scene.walked_in(scene.make.receipt())
    for table in rows.SEALED.values():
        rows.add(scene.core, table, scene.core.today + _DAYS)


def last_day(scene: Scene) -> int:
    """Return the last epoch of all rows."""
    days = [select(func.max(table.c.last_epoch)) for table in rows.SEALED.values()]
    return max(
        scene.core.database.read(lambda connection: [connection.scalar(day) or 0 for day in days])
    )


def copied(core: Core, folder: Path) -> Path | None:
    """Copy SQLite's files as they lie, and return the copy's; None on PostgreSQL."""
    if not core.database.is_sqlite:
        return None
    folder.mkdir()
    for file in database_files(core)():
        shutil.copy(file, folder)
    return folder / Path(core.settings.database).name


def database_files(core: Core) -> Callable[[], list[Path]]:
    """Return what lists the database's file and those beside it."""
    file = Path(core.settings.database.removeprefix("sqlite:///"))
    return lambda: sorted(file.parent.glob(file.name + "*"))
