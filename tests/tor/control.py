"""Asking a running Tor over its control socket, and noting what it says of streams as they come.

Source: Tor's control-spec, version 1.
"""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

_WAIT_S = 30.0
_LATE_S = 0.5
_WORD = re.compile(r'(\w+)=("(?:[^"\\]|\\.)*"|\S*)')
_LAST = re.compile(r"\d{3} ")


@dataclass
class Stream:
    """One connection through Tor: where to, with which name and password, over which circuits."""

    target: str
    login: tuple[str, str]
    circuits: set[str] = field(default_factory=set)
    states: list[str] = field(default_factory=list)

    @property
    def was_answered(self) -> bool:
        """Whether the other end took it."""
        return "SUCCEEDED" in self.states

    @property
    def is_over(self) -> bool:
        """Whether it was closed."""
        return bool({"CLOSED", "FAILED"} & set(self.states))


class Control:
    """A control connection, let in without a password: the socket's folder keeps others out."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(_WAIT_S)
        self._socket.connect(str(path))
        self._lines = self._socket.makefile("r", encoding="ascii", errors="replace", newline="\r\n")
        self.ask("AUTHENTICATE")

    def __enter__(self) -> Control:
        """Be there."""
        return self

    def __exit__(
        self, _: type[BaseException] | None, __: BaseException | None, ___: TracebackType | None
    ) -> None:
        """Hang up."""
        self._lines.close()
        self._socket.close()

    def ask(self, command: str) -> list[str]:
        """Send a command and return the lines of its reply, without their numbers."""
        self._socket.sendall(command.encode() + b"\r\n")
        reply: list[str] = []
        while True:
            line = self._line()
            if line.startswith("250+"):
                reply += [line[4:], *iter(self._line, ".")]
            elif line.startswith("250"):
                reply.append(line[4:])
            else:
                raise AssertionError(f"{command}: {line}")
            if _LAST.match(line):
                return reply

    def events(self, seconds: float) -> Iterator[str]:
        """Give the events that were asked for as they come, for so long at most."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                yield self._line().removeprefix("650 ")
            except TimeoutError:
                return

    def _line(self) -> str:
        line = self._lines.readline()
        if not line.endswith("\r\n"):
            raise EOFError
        return line.removesuffix("\r\n")


@contextmanager
def watched(path: Path) -> Iterator[Callable[[int], list[Stream]]]:
    """Note what comes in by SOCKS from here on, stream by stream.

    What is given waits for so many to be over, and returns all, those that come late too.
    """
    with Control(path) as control:
        control.ask("SETEVENTS STREAM")

        def seen(count: int) -> list[Stream]:
            found: dict[str, Stream] = {}
            for line in control.events(_WAIT_S):
                _note(found, line)
                if len(found) >= count and all(one.is_over for one in found.values()):
                    break
            else:
                raise AssertionError(f"{count} streams were to end: {found}")
            for line in control.events(_LATE_S):
                _note(found, line)
            return list(found.values())

        yield seen


def circuits(path: Path, purpose: str) -> list[dict[str, str]]:
    """Return what Tor says of each of its circuits for this purpose, by word."""
    with Control(path) as control:
        lines = control.ask("GETINFO circuit-status")
    told = [{"ID": line.partition(" ")[0], **_words(line)} for line in lines if "PURPOSE=" in line]
    return [one for one in told if one["PURPOSE"] == purpose]


def progress(path: Path) -> int:
    """Return how far a Tor has come in joining its network: 0 to 100; 0 before it answers."""
    if not path.exists():
        return 0
    with Control(path) as control:
        (line, _) = control.ask("GETINFO status/bootstrap-phase")
    return int(_words(line)["PROGRESS"])


def known_relays(path: Path) -> int:
    """Return how many relays the consensus has that a Tor knows; 0 where it knows none."""
    if not path.exists():
        return 0
    with Control(path) as control:
        return sum(line.startswith("r ") for line in control.ask("GETINFO ns/all"))


def _note(found: dict[str, Stream], line: str) -> None:
    _, number, state, circuit, target, *_ = line.split(" ")
    words = _words(line)
    if state == "NEW" and words["PURPOSE"] == "USER":  # not what Tor fetches for itself
        login = (words.get("SOCKS_USERNAME", ""), words.get("SOCKS_PASSWORD", ""))
        found[number] = Stream(target, login)
    stream = found.get(number)
    if stream is None:
        return
    stream.states.append(state)
    if circuit != "0":
        stream.circuits.add(circuit)


def _words(line: str) -> dict[str, str]:
    return {name: value.strip('"') for name, value in _WORD.findall(line)}
