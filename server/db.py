"""The database: where every transaction begins and ends, and nowhere else.

On SQLite one thread writes: it takes what has queued up, runs each piece of work in a savepoint of
its own and commits them together, so that nobody waits for a lock. On PostgreSQL each piece of work
is a transaction. Either way `write` returns only after the commit (P10).
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

T = TypeVar("T")
Work = Callable[[Connection], T]

_GROUP_MOST = 64
_SQLITE_SETTINGS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "secure_delete=ON",
    "foreign_keys=ON",
    "busy_timeout=5000",
    "temp_store=MEMORY",
)


class Busy(Exception):
    """The database is locked, away or full; nothing of this piece of work was stored."""


class Database:
    """A database by its URL; `read` and `write` run a function of a connection."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite:")
        self._reader = _engine(url, "BEGIN")
        # On PostgreSQL each statement would see a state of its own; SQLite has no such level.
        self._one_state = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        self._writer = _SqliteWriter(_engine(url, "BEGIN IMMEDIATE")) if self.is_sqlite else None

    @property
    def engine(self) -> Engine:
        """The engine for migrations and for looking at the schema."""
        return self._reader

    def read(self, work: Work[T]) -> T:
        """Run work that only reads, on one state of the database; raises Busy."""
        try:
            chosen = self._reader.connect().execution_options(**self._one_state)
            with chosen as connection, connection.begin():
                return work(connection)
        except DBAPIError:
            # Its text may hold values; nobody gets to see it.
            raise Busy from None

    def write(self, work: Work[T]) -> T:
        """Run work in a transaction and return its result once it is on the disk.

        The work may run in another thread than the caller's. Raises Busy; whatever the work
        raises undoes it and is raised here.
        """
        if self._writer is not None:
            return self._writer.run(work)
        try:
            with self._reader.begin() as connection:
                return work(connection)
        except DBAPIError:
            raise Busy from None

    def checkpoint(self) -> None:
        """Fold SQLite's journal into the database, so that ended rows do not linger in it."""
        if self.is_sqlite:
            with self._reader.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Finish what is queued and close every connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader.dispose()


class _SqliteWriter:
    """The one thread that writes, committing in groups."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._queue: SimpleQueue[_Job[Any] | None] = SimpleQueue()
        self._thread = Thread(target=self._loop, name="writer", daemon=True)
        self._thread.start()

    def run(self, work: Work[T]) -> T:
        job = _Job(work)
        self._queue.put(job)
        return job.future.result()

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()
        self._engine.dispose()

    def _loop(self) -> None:
        while True:
            job = self._queue.get()
            if job is None:
                return
            group = [job, *self._queued()]
            last = None in group
            self._commit([one for one in group if one is not None])
            if last:
                return

    def _queued(self) -> list[_Job[Any] | None]:
        found: list[_Job[Any] | None] = []
        while len(found) < _GROUP_MOST - 1:
            try:
                found.append(self._queue.get_nowait())
            except Empty:
                break
            if found[-1] is None:
                break
        return found

    def _commit(self, group: list[_Job[Any]]) -> None:
        try:
            with self._engine.begin() as connection:
                for job in group:
                    job.run(connection)
        except BaseException as trouble:
            # Nothing of the group was stored, whatever each piece of work had come to.
            told = Busy() if isinstance(trouble, SQLAlchemyError) else trouble
            for job in group:
                job.future.set_exception(told)
            return
        for job in group:
            job.settle()


class _Job(Generic[T]):
    """One piece of work on its way through the writer."""

    def __init__(self, work: Work[T]) -> None:
        self.future: Future[T] = Future()
        self._work = work
        self._result: list[T] = []
        self._trouble: BaseException | None = None

    def run(self, connection: Connection) -> None:
        """Do the work; what it raises undoes it alone, unless the database itself gave up.

        Raises Busy in that case: a full disk makes SQLite undo the whole transaction by itself, and
        whatever was done in it before is gone too.
        """
        try:
            with connection.begin_nested():
                self._result = [self._work(connection)]
        except DBAPIError:
            self._trouble = Busy()
        except Exception as trouble:
            self._trouble = trouble
        if not _is_in_transaction(connection):
            raise Busy

    def settle(self) -> None:
        """Tell the waiting caller, after the commit."""
        if self._trouble is not None:
            self.future.set_exception(self._trouble)
        else:
            self.future.set_result(self._result[0])


def _is_in_transaction(connection: Connection) -> bool:
    """Ask SQLite itself: SQLAlchemy does not learn of a transaction that SQLite undid."""
    return bool(getattr(connection.connection.dbapi_connection, "in_transaction", False))


def _engine(url: str, begin: str) -> Engine:
    """Make an engine that never shows a statement's values."""
    if not url.startswith("sqlite:"):
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, pool_size=16)
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=16,
        # No statement is kept with the values that were last bound to it.
        connect_args={"cached_statements": 0, "timeout": 5, "isolation_level": None},
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: Any, _record: object) -> None:
        for setting in _SQLITE_SETTINGS:
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine
