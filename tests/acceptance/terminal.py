"""A terminal in which something runs and somebody types, as at a real one."""

from __future__ import annotations

import codecs
import fcntl
import os
import pty
import select
import signal
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

CTRL_C, CTRL_D = "\x03", "\x04"
_END_S = 60.0


class Terminal:
    """What runs in it and everything that it has shown; lines end with one line feed."""

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.process = process
        self._master = master
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._read_to = 0
        self.shown = ""
        """All that was shown so far."""

    def until(self, text: str, seconds: float) -> str:
        """Wait until something is shown, after what was waited for before; return all up to it."""
        limit = time.monotonic() + seconds
        while (at := self.shown.find(text, self._read_to)) < 0:
            left = limit - time.monotonic()
            assert left > 0, f"{text!r} is not shown:\n{self.shown[self._read_to :]}"
            if not self._read(left):
                raise AssertionError(f"it ended before {text!r}:\n{self.shown[self._read_to :]}")
        before = self.shown[self._read_to : at]
        self._read_to = at + len(text)
        return before

    def type(self, text: str) -> None:
        """Type something; a line ends with the Enter key."""
        os.write(self._master, text.encode())

    def wait(self) -> int:
        """Wait for the end of what runs, and return its exit code."""
        limit = time.monotonic() + _END_S
        while self.process.poll() is None and time.monotonic() < limit:
            self._read(0.1)
        return self.process.wait(0.1)

    def _read(self, seconds: float) -> bool:
        """Take what is shown within so many seconds; False where nothing will come any more."""
        if not select.select([self._master], [], [], min(seconds, 0.5))[0]:
            return True
        try:
            part = os.read(self._master, 65_536)
        except OSError:  # Linux says so where the other end is closed
            return False
        self.shown += self._decoder.decode(part).replace("\r", "")
        return bool(part)


@contextmanager
def terminal(
    command: Sequence[str], *, cwd: Path, env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Run a command in a terminal of its own, and end it with the block."""
    master, slave = pty.openpty()
    process = subprocess.Popen(
        command,
        cwd=cwd,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**os.environ, "TERM": "dumb", "LC_ALL": "C.UTF-8", "COLUMNS": "100", **(env or {})},
        start_new_session=True,
        # Without this Ctrl-C would be a character like any other.
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    made = Terminal(process, master)
    try:
        yield made
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGHUP)  # as when a window is closed
            with suppress(subprocess.TimeoutExpired):
                made.wait()
        if process.poll() is None:
            process.kill()
            process.wait()
        os.close(master)
