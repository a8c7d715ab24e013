"""Transactions: what was acknowledged is stored, what was not can be sent again (P10)."""

from __future__ import annotations

import itertools
import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import IntegrityError

from server.clock import random
from server.db import Busy, Database
from tests.server import disk, killing

KILLS = 40
Work = Callable[[Connection], Any]


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A database with a table of its own; on SQLite and on PostgreSQL."""
    opened = made(url)
    yield opened
    opened.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """SQLite's file, of a database with the same table."""
    path = tmp_path / "towpath.db"
    made(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def sqlite(file: Path) -> Iterator[Database]:
    """That database."""
    opened = Database(f"sqlite:///{file}")
    yield opened
    opened.close()


def made(url: str) -> Database:
    """Open a database and make the table `t` of a unique number and some bytes."""
    opened = Database(url)
    kind = "BLOB" if opened.is_sqlite else "BYTEA"
    opened.write(run(f"CREATE TABLE t (k INTEGER PRIMARY KEY, v {kind})"))
    return opened


def run(statement: str) -> Work:
    """Return work that runs a statement."""
    return lambda connection: connection.execute(text(statement)).rowcount


def put(number: int, size: int = 1) -> Work:
    """Return work that inserts a row of so many bytes."""
    values = {"k": number, "v": random(size)}
    return lambda c: c.execute(text("INSERT INTO t VALUES (:k, :v)"), values).rowcount


def numbers(database: Database) -> list[int]:
    """Return the numbers of all rows."""
    return database.read(
        lambda connection: list(connection.execute(text("SELECT k FROM t ORDER BY k")).scalars())
    )


@dataclass
class Group:
    """Pieces of work that wait together behind one that holds the writer."""

    database: Database
    outcomes: dict[str, object] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _holding: threading.Event = field(default_factory=threading.Event)
    _go: threading.Event = field(default_factory=threading.Event)

    def add(self, name: str, work: Work) -> None:
        """Let one more wait."""
        if not self._threads:
            self._start("holder", self._hold)
            assert self._holding.wait(10)
        self._start(name, work)

    def finish(self) -> dict[str, object]:
        """Let all go, and return what came of each: its result or its exception's class."""
        self._go.set()
        for thread in self._threads:
            thread.join(60)
        self.outcomes.pop("holder")
        return self.outcomes

    def _hold(self, _: Connection) -> None:
        self._holding.set()
        assert self._go.wait(10)

    def _start(self, name: str, work: Work) -> None:
        def wait() -> None:
            try:
                self.outcomes[name] = self.database.write(work)
            except Exception as trouble:
                self.outcomes[name] = type(trouble)

        thread = threading.Thread(target=wait)
        thread.start()
        self._threads.append(thread)
        # Until it is in the queue, in this order.
        threading.Event().wait(0.05)


def test_what_is_written_is_read(database: Database) -> None:
    """By everybody, as soon as writing returned."""
    assert database.write(put(1)) == 1
    assert numbers(database) == [1]


def test_P10_what_work_raises_undoes_it_whole(database: Database) -> None:
    """The exception comes out as it is, and nothing of the work is stored."""

    def work(connection: Connection) -> None:
        put(1)(connection)
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        database.write(work)
    assert numbers(database) == []


def test_P5_T2_the_databases_own_errors_are_busy_without_a_word(database: Database) -> None:
    """No statement, no value, and no exception behind it that has them."""
    database.write(put(4711))
    for call in (database.write, database.read):
        with pytest.raises(Busy) as caught:
            call(put(4711))
        assert str(caught.value) == ""
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_work_may_handle_what_the_database_refuses(database: Database) -> None:
    """Inside a savepoint of its own; the rest of its work is stored."""

    def work(connection: Connection) -> str:
        put(2)(connection)
        try:
            with connection.begin_nested():
                put(1)(connection)
        except IntegrityError:
            return "taken"
        return "stored"

    database.write(put(1))
    assert database.write(work) == "taken"
    assert numbers(database) == [1, 2]


def test_reading_sees_one_state(database: Database) -> None:
    """What is written meanwhile is not seen half."""

    def work(connection: Connection) -> list[int]:
        count = text("SELECT count(*) FROM t")
        first = connection.execute(count).scalar_one()
        database.write(put(1))
        return [first, connection.execute(count).scalar_one()]

    assert database.read(work) == [0, 0]


def test_P10_one_piece_of_work_that_fails_undoes_itself_alone(sqlite: Database) -> None:
    """Those committed together with it are stored."""
    group = Group(sqlite)
    group.add("one", put(1))
    group.add("again", put(1))
    group.add("fault", lambda _: [][0])
    group.add("two", put(2))
    assert group.finish() == {"one": 1, "again": Busy, "fault": IndexError, "two": 1}
    assert numbers(sqlite) == [1, 2]


def test_P10_when_the_disk_is_full_nothing_of_a_group_is_acknowledged(sqlite: Database) -> None:
    """SQLite then undoes the whole transaction, also what came before the failing piece."""

    def much(connection: Connection) -> None:
        for number in range(100, 160):
            put(number, 100_000)(connection)

    group = Group(sqlite)
    group.add("before", put(1))
    group.add("much", much)
    group.add("after", put(2))
    with disk.full(400_000):
        outcomes = group.finish()
    assert outcomes == {"before": Busy, "much": Busy, "after": Busy}
    assert numbers(sqlite) == []
    assert sqlite.write(put(1)) == 1


def test_P10_a_swallowed_full_disk_is_not_acknowledged_either(sqlite: Database) -> None:
    """Work that goes on after the database gave up has stored nothing."""

    def stubborn(connection: Connection) -> str:
        try:
            for number in range(100, 160):
                put(number, 100_000)(connection)
        except Exception:
            return "went on"
        return "had room"

    group = Group(sqlite)
    group.add("before", put(1))
    group.add("stubborn", stubborn)
    with disk.full(400_000):
        outcomes = group.finish()
    assert outcomes == {"before": Busy, "stubborn": Busy}
    assert numbers(sqlite) == []


def test_P10_a_full_disk_at_the_commit_is_busy_and_stores_nothing(sqlite: Database) -> None:
    """And once there is room the same request is stored."""
    with disk.full(), pytest.raises(Busy):
        sqlite.write(put(1))
    assert numbers(sqlite) == []
    sqlite.write(put(1))
    assert numbers(sqlite) == [1]


def test_P10_writing_returns_after_the_commit_and_not_before(sqlite: Database, file: Path) -> None:
    """Whoever was told sees the row from another process's point of view."""
    group, seen = Group(sqlite), []
    for number in range(5):
        group.add(str(number), put(number))
    with sqlite3.connect(file) as other:
        seen = other.execute("SELECT count(*) FROM t").fetchall()
        assert group.outcomes == {}
        group.finish()
        seen += other.execute("SELECT count(*) FROM t").fetchall()
    other.close()
    assert seen == [(0,), (5,)]


def test_a_group_waits_for_the_disk_once(sqlite: Database, file: Path) -> None:
    """Which is why many can be stored in a second."""
    group = Group(sqlite)
    for number in range(20):
        group.add(str(number), put(number))
    before = os.stat(f"{file}-wal").st_size
    group.finish()
    frames = (os.stat(f"{file}-wal").st_size - before) / 4_120
    assert frames <= 4
    assert len(numbers(sqlite)) == 20


def test_P10_a_database_that_another_process_holds_is_busy(sqlite: Database, file: Path) -> None:
    """After five seconds of waiting; and nothing was stored."""
    with sqlite3.connect(file, isolation_level=None) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(Busy):
            sqlite.write(put(1))
        other.execute("ROLLBACK")
    other.close()
    assert numbers(sqlite) == []


def test_closing_stores_what_is_queued(file: Path) -> None:
    """A server that is told to end has promised nothing that it does not keep."""
    database = Database(f"sqlite:///{file}")
    group = Group(database)
    for number in range(10):
        group.add(str(number), put(number))
    closing = threading.Thread(target=database.close)
    closing.start()
    assert set(group.finish().values()) == {1}
    closing.join()
    with sqlite3.connect(file) as other:
        assert other.execute("SELECT count(*) FROM t").fetchall() == [(10,)]
    other.close()


def test_P10_killed_at_any_moment_nothing_acknowledged_is_lost(file: Path) -> None:
    """Every row that somebody was told of is there afterwards, and the file is sound."""
    numbered = itertools.count()
    acknowledged: set[int] = set()
    for kill in range(KILLS):
        first = next(numbered) * 100_000

        def work(tell: killing.Tell, first: int = first) -> None:
            database = Database(f"sqlite:///{file}")

            def writer(lane: int) -> None:
                for step in itertools.count():
                    number = first + lane * 10_000 + step
                    database.write(put(number, 3_000))
                    tell(str(number))

            threads = [threading.Thread(target=writer, args=(lane,)) for lane in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

        acknowledged.update(map(int, killing.killed_after(kill * 0.002, work)))
        database = Database(f"sqlite:///{file}")
        assert acknowledged <= set(numbers(database))
        check = database.read(lambda c: c.execute(text("PRAGMA integrity_check")).scalar())
        database.close()
        assert check == "ok"
    assert len(acknowledged) > KILLS


def test_P7_P10_sqlite_is_set_as_promised(sqlite: Database) -> None:
    """On the connections that read and on the one that writes."""
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}

    def look(connection: Connection) -> dict[str, object]:
        return {name: connection.scalar(text(f"PRAGMA {name}")) for name in wanted}

    assert sqlite.read(look) == sqlite.write(look) == wanted


def test_P7_a_checkpoint_empties_the_journal(sqlite: Database, file: Path) -> None:
    """So that what was deleted does not linger beside the database."""
    marker = b"\x13heron" * 20
    sqlite.write(lambda c: c.execute(text("INSERT INTO t VALUES (1, :v)"), {"v": marker}).rowcount)
    sqlite.write(run("DELETE FROM t"))
    assert marker in file.with_name(file.name + "-wal").read_bytes()
    sqlite.checkpoint()
    assert file.with_name(file.name + "-wal").read_bytes() == b""
    assert marker not in file.read_bytes()
