"""Running the server: what has to hold before it starts, and the processes that answer."""

from __future__ import annotations

import multiprocessing
import os
import resource
import socket
import stat
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from server import assets, log_key, logs, wsgi
from server.core import Core
from server.founding import folders, migrate
from server.keyring import WRAP
from server.services import expiry, network
from server.settings import Settings

Loader = Callable[[Path], Callable[..., Any]]

_SECONDS_TO_END = 30
_QUIET = {
    "handlers": {},
    "formatters": {},
    "loggers": {"_granian": {"handlers": [], "propagate": True}},
}


class NotReady(Exception):
    """The server can't start yet; the message says what has to be done first."""


def lock_down() -> None:
    """Let this process and its children leave no core dump, and no file that others can read."""
    # At 0 the kernel still hands a dump to a program that wants it; at 1 byte it never does.
    resource.setrlimit(resource.RLIMIT_CORE, (1, 1))
    os.umask(0o077)


def check_folders(settings: Settings, folder: Path) -> None:
    """Raise NotReady unless every folder is there, this user's, and closed to everybody else."""
    for place in [folder, *folders(settings)]:
        try:
            found = place.stat()
        except OSError:
            raise NotReady(f"{place} is not there: mount its disk, or restore it.") from None
        if not stat.S_ISDIR(found.st_mode):
            raise NotReady(f"{place} is not a folder.")
        if found.st_uid != os.geteuid():
            raise NotReady(f"{place} belongs to another user than the one who runs this.")
        if found.st_mode & 0o077:
            raise NotReady(f"{place} is open to other users: chmod 700 {place}")


def check_pages() -> None:
    """Raise NotReady unless what pages load, and they themselves, are as they were built."""
    if wrong := assets.faults():
        raise NotReady(
            f"server/static is not as it was built ({wrong[0]}): git checkout -- server/static"
        )


def check_schema(settings: Settings) -> None:
    """Bring the schema to the newest version; raises NotReady where that can't be done."""
    try:
        migrate(settings)
    except (SQLAlchemyError, OSError):
        raise NotReady("The database is locked or away; try again when it answers.") from None
    except Exception:
        # Alembic's own errors: a version that this release does not know.
        raise NotReady(
            "The database's schema is of another release of Towpath than this one: run that one."
        ) from None


def lost_days(core: Core) -> dict[int, int]:
    """Return the last epochs whose key is gone though rows live until then, and how many rows."""
    living = core.database.read(lambda connection: _sealed_rows(connection, core.today))
    return {day: rows for day, rows in living.items() if core.keyring.get(WRAP, day) is None}


def check_keys(core: Core, *, without_lost: bool) -> None:
    """Complete the second folder of keys; raises NotReady where a key is missing everywhere."""
    core.keyring.complete(core.random)
    policy = core.database.read(network.current_policy)
    mine = log_key.newest if policy is None else partial(log_key.seed_of, log=policy.log)
    if mine(core.keyring) is None:
        raise NotReady(
            "The log's key is gone: restore the keyring from its second folder. If no folder has"
            " it any more, make another: bin/towpath server log-key"
        )
    lost = lost_days(core)
    if lost and not without_lost:
        days = ", ".join(map(str, sorted(lost)))
        raise NotReady(
            f"The keyring lacks the keys of days {days}. The {sum(lost.values())} rows that end"
            " then can't be opened by anybody. Restore the keyring from its second folder; or"
            " start with --without-lost-keys, and they are lost."
        )


def check_port(settings: Settings) -> None:
    """Raise NotReady where somebody listens there already, or this machine has no such address."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise NotReady(
                f"host and port: {settings.host}:{settings.port} is taken, or not this machine's."
            ) from None


def run(
    settings: Settings, folder: Path, *, ready: Callable[[], None], load: Loader = wsgi.load
) -> None:
    """Answer requests until SIGTERM or SIGINT; `ready` is called once connections are accepted.

    `load` makes the application in each process. Raises SystemExit where the processes die.
    """
    logs.set_up()
    server = Server(
        "towpath",
        address=settings.host,
        port=settings.port,
        interface=Interfaces.WSGI,
        workers=settings.processes,
        blocking_threads=settings.threads,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=15_000),
        websockets=False,
        log_level=LogLevels.error,
        log_dictconfig=_QUIET,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=_SECONDS_TO_END,
    )
    logs.set_up()
    # A fresh interpreter for each process: nothing of this one's memory, and no half-held lock.
    multiprocessing.set_start_method("spawn", force=True)
    threading.Thread(target=_when_listening, args=(settings, ready), daemon=True).start()
    server.serve(target_loader=partial(load, folder), wrap_loader=False)


def _when_listening(settings: Settings, ready: Callable[[], None]) -> None:
    for _ in range(600):
        try:
            socket.create_connection((settings.host, settings.port), timeout=1).close()
        except OSError:
            threading.Event().wait(0.05)
            continue
        ready()
        return


def _sealed_rows(connection: Connection, today: int) -> dict[int, int]:
    found: dict[int, int] = {}
    for table in expiry.ending_tables():
        if "sealed" in table.columns:
            day = table.c.last_epoch
            query = select(day, func.count()).where(day >= today).group_by(day)
            for epoch, rows in connection.execute(query):
                found[epoch] = found.get(epoch, 0) + rows
    return found
