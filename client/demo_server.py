"""The demo's server: a real one, in processes of its own on this machine, ended by their ids.

Two demos never share a folder: a lock on it goes to the server too, and is held while either lives.
"""

from __future__ import annotations

import fcntl
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from client.errors import FirstDo, Trouble
from words import catalogues

HOST = "127.0.0.1"
_ROOT = Path(__file__).resolve().parents[1]
_LOG_LINE = re.compile(r"^\s*(log \S+ \S+)\s*$", re.MULTILINE)
_READY_S = 30.0
_PAUSE_S = 0.05
_END_S = 20.0
_COMMAND_S = 60.0
_LAST_LINES = 5


@contextmanager
def held(folder: Path) -> Iterator[int]:
    """Hold a demo's folder alone; gives its lock. Raises FirstDo where somebody holds it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(lock, 20, 0).decode() or "unknown"
            raise FirstDo(
                "A demo is running in this folder already.",
                f"Use that one, or end its server: kill {pid}",
            ) from None
        yield lock
    finally:
        os.close(lock)


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end this process as Ctrl-C does, so that its children are ended.

    An output that takes no more is let go of: what is left for it can't be written at the end.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, end) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        try:
            sys.stdout.flush()
        except OSError:
            sys.stdout = None


class DemoServer:
    """One server in a folder of its own; `lock` is that of the demo's folder (`held`)."""

    def __init__(self, folder: Path, lock: int) -> None:
        self.folder = folder
        self._lock = lock
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.port}"

    @property
    def said(self) -> Path:
        """The file with what it said on its error output."""
        return self.folder.with_name("server.said")

    def begin(self) -> str:
        """Make its settings, keys and empty database; return the line that names its log."""
        said = self._command("init", str(self.folder))
        found = _LOG_LINE.search(said)
        if found is None:
            raise Trouble("The server did not show the line of its log.")
        return found[1]

    def settle(self, **numbers: int) -> None:
        """Change numbers among its settings, by name."""
        file = self.folder / "server.toml"
        text = file.read_text(encoding="utf-8")
        for name, number in numbers.items():
            text = re.sub(rf"^{name} = \d+$", f"{name} = {number}", text, flags=re.MULTILINE)
        file.write_text(text, encoding="utf-8")

    def show_drafts(self) -> None:
        """Have its pages show every language, also those that nobody has read yet.

        That is for looking at them: nobody asks for help on a demo's server. Anywhere else each
        language is named by somebody who knows what a wrong word in it can do.
        """
        file = self.folder / "server.toml"
        codes = [code for code in catalogues.codes() if code != "en"]
        shown = (
            f"# This is a demo: drafts are shown, too.\nunreviewed_languages = {json.dumps(codes)}"
        )
        text = file.read_text(encoding="utf-8").replace("unreviewed_languages = []", shown)
        file.write_text(text, encoding="utf-8")

    def load_policy(self, note: Path) -> None:
        """Have it take a signed policy."""
        self._command("policy", str(note), "--dir", str(self.folder))

    def start(self, port: int) -> None:
        """Start it, and return once it answers; raises Trouble where it does not."""
        self.settle(port=port)
        self.port = port
        with self.said.open("wb") as said:
            self._process = subprocess.Popen(  # noqa: S603 - our own command, no word of anybody's
                [*_TOWPATH, "server", "serve", "--dir", str(self.folder)],
                cwd=_ROOT,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                # Ctrl-C is for the demo, which then ends the server.
                start_new_session=True,
                pass_fds=(self._lock,),
            )
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(self._process.pid).encode(), 0)
        until = time.monotonic() + _READY_S
        while not self._is_ready():
            if self.has_ended() or time.monotonic() > until:
                raise Trouble("The server did not start.", self.last_words())
            time.sleep(_PAUSE_S)
        time.sleep(_PAUSE_S)
        if self.has_ended():  # somebody else's answered at that port
            raise Trouble("The server did not start.", self.last_words())

    def has_ended(self) -> bool:
        """Say whether its process is gone."""
        return self._process is None or self._process.poll() is not None

    def stop(self) -> None:
        """End it, if it runs: first by asking, then by force; only the process started here."""
        process = self._process
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def last_words(self) -> str:
        """Return the end of what it said on its error output."""
        with suppress(OSError):
            lines = self.said.read_text(encoding="utf-8", errors="replace").splitlines()
            return "\n".join(lines[-_LAST_LINES:])
        return ""

    def _is_ready(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self.port, timeout=2)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _command(self, *words: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own command, no word of anybody's
            [*_TOWPATH, "server", *words],
            cwd=_ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_COMMAND_S,
            check=False,
        )
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip()
            raise Trouble("The server could not be set up.", said[-500:])
        return done.stdout.decode()


@contextmanager
def ended(server: DemoServer) -> Iterator[DemoServer]:
    """End a server whatever happens, before anything is said about it."""
    try:
        yield server
    finally:
        server.stop()


def port_for(wanted: int) -> int:
    """Return `wanted` where it is free on this machine, otherwise any free port."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            with suppress(OSError):
                probe.bind((HOST, port))
                return int(probe.getsockname()[1])
    raise Trouble("No port of this machine is free.")


_TOWPATH = (sys.executable, "-m", "towpath")
