"""A server as it is shipped, in processes of its own, for tests that need real connections."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server import clock, make_core, settings
from server.clock import SystemClock, day_of
from server.founding import Founding, found
from server.keyring import LOG, Keyring
from tests.crypto.networks import make_network
from tests.server import founding
from tests.server.founding import Founded
from tests.server.scene import FakeClock, Scene

HOST = "127.0.0.1"
_ROOT = Path(__file__).parents[2]
_SETTINGS = {"misses_a_minute": 1_000_000, "walk_ins_a_day": 1_000_000, "work_bits": 8}


@dataclass(frozen=True)
class Running:
    """A server that answers at a port; `scene` looks at its database and keys from outside."""

    port: int
    folder: Path
    process: subprocess.Popen[str]
    scene: Scene
    founded: Founded


@contextmanager
def serve(folder: Path, url: str, **changed: int) -> Iterator[Running]:
    """Begin a server in a folder with a database and some settings, and run it."""
    port = _free_port()
    _make_log_key(folder / "keyring")
    found(folder, Founding(port=port, database=url), clock.random)
    _set(folder / settings.FILE_NAME, {**_SETTINGS, **changed})
    core = make_core(settings.load(folder))
    try:
        scene = Scene(core, FakeClock(day_of(SystemClock())))
        founded = founding.found(core)
        with _process(folder) as process:
            yield Running(port, folder, process, scene, founded)
    finally:
        core.database.close()


@contextmanager
def _process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "towpath", "server", "serve", "--dir", str(folder)]
    process = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Listening"), "the server did not start"
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def _make_log_key(keyring: Path) -> None:
    """Make the key that the made-up network's policy names, which `init` then keeps."""
    keyring.mkdir(mode=0o700, parents=True)
    seed = make_network(witnesses=0, witness_threshold=0).log.seed
    Keyring(keyring).make(LOG, 0, lambda _: seed)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _set(file: Path, changed: dict[str, int]) -> None:
    text = file.read_text(encoding="utf-8")
    for name, value in changed.items():
        text, count = re.subn(rf"(?m)^{name} = .*$", f"{name} = {value}", text)
        assert count == 1, name
    file.write_text(text, encoding="utf-8")
