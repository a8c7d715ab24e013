"""The sweeper: on time, once a day, whatever goes wrong on the way."""

from __future__ import annotations

import io
import logging
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from crypto.constants import DROP_ROWS, KEY_BYTES
from server import logs, sweeper
from server.clock import SECONDS_A_DAY, SystemClock
from server.core import Core
from server.keyring import WRAP
from server.services import drop, network
from server.sweeper import Sweeper
from tests.server import disk, rows
from tests.server.scene import FakeClock, Scene

BOX = rows.SEALED["box"]


@pytest.fixture
def core(tmp_path: Path, clock: FakeClock) -> Iterator[Core]:
    """A server on SQLite."""
    with rows.sqlite_core(tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def printed() -> Iterator[io.StringIO]:
    """What the server's one log handler prints."""
    root, stream = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level
    root.handlers[:] = [logs.Handler(stream)]
    yield stream
    root.handlers[:], root.level = before


def test_P5_arrivals_wait_for_the_sweep_and_then_all_have_cursors(scene: Scene) -> None:
    """Before the tick no provider sees them; after it all of them."""
    sent = [scene.sent() for _ in range(5)]

    def seen() -> list[int]:
        return scene.core.database.read(
            lambda connection: drop.cursors(connection, today=scene.today, after=0)
        )

    assert seen() == []
    Sweeper(scene.core).run_once()
    assert seen() == [1, 2, 3, 4, 5]
    Sweeper(scene.core).run_once()
    assert len(seen()) == len(sent) < DROP_ROWS


@pytest.mark.parametrize(
    ("now", "tick", "wait"),
    [
        (0, 120, 120),
        (1, 120, 119),
        (119.5, 120, 0.5),
        (SECONDS_A_DAY - 1, 3_600, 1),
        (SECONDS_A_DAY - 10, 7 * 60, 10),  # the day comes before the tick
        (3 * SECONDS_A_DAY, 7 * 60, 360),  # ticks do not begin anew with the day
    ],
)
def test_P7_the_next_sweep_is_at_the_tick_or_at_midnight(
    core: Core, clock: FakeClock, now: float, tick: int, wait: float
) -> None:
    """Whichever is sooner, so that a key ends with its day whatever the tick is."""
    clock.sleep(now - clock.now())
    set_so = replace(core, settings=replace(core.settings, tick_seconds=tick))
    assert sweeper.seconds_to_wait(set_so) == wait


def test_P7_a_full_disk_does_not_keep_a_key_alive(
    core: Core, clock: FakeClock, printed: io.StringIO
) -> None:
    """Where nothing can be deleted the key ends all the same, and rows go at a later sweep."""
    row = rows.add(core, BOX, core.today)
    sealed = rows.sealed_rows(core)
    running = Sweeper(core)
    running.run_once()
    clock.days_pass(1)
    with disk.full(KEY_BYTES):
        running.run_once()
    assert core.keyring.numbers(WRAP) == []
    assert rows.is_there(core, BOX, row)
    assert list(rows.opened(sealed, rows.keys_in(core.settings.keyring))) == []
    assert "error: Rows that have ended were not deleted. (Busy)" in printed.getvalue()
    running.run_once()
    assert not rows.is_there(core, BOX, row)


def test_P7_a_keyring_that_fails_does_not_keep_rows_alive(
    core: Core, clock: FakeClock, printed: io.StringIO
) -> None:
    """Rows are deleted, and the key is tried again at the next tick."""
    row = rows.add(core, BOX, core.today)
    clock.days_pass(1)
    running, folder = Sweeper(core), core.settings.keyring
    folder.rename(folder.with_name("away"))
    running.run_once()
    assert not rows.is_there(core, BOX, row)
    assert printed.getvalue() == (
        "error: Keys that have ended were not destroyed. (FileNotFoundError)\n"
    )
    folder.with_name("away").rename(folder)
    running.run_once()
    assert core.keyring.numbers(WRAP) == []


def test_P7_a_key_made_by_a_late_request_ends_at_the_next_tick(core: Core) -> None:
    """A request on its way at midnight can make yesterday's key once more."""
    running = Sweeper(core)
    running.run_once()
    core.keyring.make(WRAP, core.today - 1, core.random)
    running.run_once()
    assert core.keyring.numbers(WRAP) == []


def test_a_day_is_cleared_away_once(core: Core, clock: FakeClock) -> None:
    """At the ticks of a day that was cleared away nothing is asked of the disk."""
    running = Sweeper(core)
    running.run_once()
    late = rows.add(core, rows.ENDING["token_batch"], core.today - 1)
    running.run_once()
    assert rows.is_there(core, rows.ENDING["token_batch"], late)
    clock.days_pass(1)
    running.run_once()
    assert not rows.is_there(core, rows.ENDING["token_batch"], late)


def test_P5_T2_what_goes_wrong_is_told_by_its_class_alone(
    core: Core, printed: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No text of an exception is printed, and no step stops the ones after it."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("heron-4711 in the text of an exception")

    monkeypatch.setattr(drop, "join", fail)
    monkeypatch.setattr(network, "refresh", fail)
    row = rows.add(core, BOX, core.today - 1)
    Sweeper(core).run_once()
    assert not rows.is_there(core, BOX, row)
    assert printed.getvalue().splitlines() == [
        "error: Arrivals did not join the drop. (RuntimeError)",
        "error: The checkpoint was not made anew. (RuntimeError)",
    ]


def test_the_thread_sweeps_at_once_at_every_tick_and_ends_when_told(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also after a sweep that failed in a way that nobody foresaw."""
    swept = threading.Semaphore(0)

    def join(*_: object) -> int:
        swept.release()
        raise RuntimeError

    monkeypatch.setattr(drop, "join", join)
    ticking = replace(core.settings, tick_seconds=1)
    running = Sweeper(replace(core, settings=ticking, clock=SystemClock()))
    running.start()
    assert all(swept.acquire(timeout=5) for _ in range(3))
    running.stop()
    assert not any(thread.name == "sweeper" for thread in threading.enumerate())


def test_P10_several_sweepers_at_once_lose_and_repeat_nothing(scene: Scene) -> None:
    """As on PostgreSQL, where each process has one: every arrival gets one cursor."""
    for _ in range(12):
        scene.sent()
    ended = [rows.add(scene.core, BOX, scene.today - 1) for _ in range(6)]
    threads = [threading.Thread(target=Sweeper(scene.core).run_once) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    Sweeper(scene.core).run_once()
    envelope = rows.SEALED["envelope"]
    found = scene.core.database.read(
        lambda connection: sorted(connection.execute(select(envelope.c.cursor)).scalars())
    )
    assert found == list(range(1, 13))
    assert not any(rows.is_there(scene.core, BOX, row) for row in ended)
