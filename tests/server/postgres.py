"""A throw-away PostgreSQL for tests: a cluster of its own, on a Unix socket, gone afterwards.

It does not wait for the disk (what a power cut does is not tested here), listens on no port and
keeps no log. PostgreSQL refuses to run as root; there it runs as `postgres` or `nobody`.
"""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "full_page_writes": "off",
    "shared_buffers": "16MB",
    "max_connections": "100",
    "log_min_messages": "panic",
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "logging_collector": "off",
}


@dataclass
class Cluster:
    """A running cluster; `socket` is the folder of its socket, `data` that of its files."""

    socket: Path
    data: Path
    process: subprocess.Popen[bytes]
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """Return the URL of a database, as `server.toml` would have it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket}"

    def new_database(self) -> str:
        """Make an empty database and return its URL."""
        name = f"towpath_{os.getpid()}_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database that `new_database` made, and whoever is connected to it."""
        name = url.partition("@/")[2].partition("?")[0]
        with self.connect() as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        """Connect as its superuser, each statement a transaction of its own."""
        return psycopg.connect(
            host=str(self.socket), user="postgres", dbname=database, autocommit=True
        )

    def is_ready(self) -> bool:
        """Say whether it answers."""
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True


def programs() -> Path:
    """Return the folder of PostgreSQL's programs; Debian's is not on the search path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    on_path = shutil.which("postgres")
    return found[-1].parent if found else Path(on_path or "postgres").parent


@contextmanager
def cluster(**settings: str) -> Iterator[Cluster]:
    """Run a cluster with these settings beside the usual ones; ends it and removes its files."""
    home = Path(tempfile.mkdtemp(prefix="towpath-pg-"))
    user = _unprivileged()
    if user is not None:
        os.chown(home, user.pw_uid, user.pw_gid)
    data = home / "data"
    try:
        _run(user, "initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8")
        process = _start(user, home, {**_SETTINGS, **settings})
        try:
            running = Cluster(home, data, process)
            _wait(running)
            yield running
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)
    finally:
        shutil.rmtree(home)


def _unprivileged() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise AssertionError("root needs a user postgres or nobody, as whom PostgreSQL can run")


def _as(user: pwd.struct_passwd | None) -> dict[str, Any]:
    if user is None:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(user: pwd.struct_passwd | None, program: str, *arguments: str) -> None:
    run = subprocess.run(
        [programs() / program, *arguments, "--no-sync", "--locale=C.UTF-8"],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
        **_as(user),
    )
    assert run.returncode == 0, run.stderr


def _start(
    user: pwd.struct_passwd | None, home: Path, settings: dict[str, str]
) -> subprocess.Popen[bytes]:
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [programs() / "postgres", "-D", home / "data", "-k", home, *options],
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **_as(user),
    )


def _wait(running: Cluster) -> None:
    for _ in range(300):
        if running.is_ready():
            return
        assert running.process.poll() is None, "PostgreSQL ended while it was starting"
        time.sleep(0.05)
    raise AssertionError("PostgreSQL did not answer within 15 seconds")
