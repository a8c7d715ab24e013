"""Work in processes of their own: killed at some moment, or started at one and the same.

What a process told before its end is what whoever waited for it knows.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

Tell = Callable[[str], None]


def killed_after(seconds: float, work: Callable[[Tell], None], lines_before: int = 1) -> list[str]:
    """Run endless work in a child, kill -9 it so many seconds after it told so many lines.

    Returns all lines that it told.
    """
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            work(lambda line: _write(into, line))
        finally:
            os._exit(1)
    os.close(into)
    with os.fdopen(out) as lines:
        first = "".join(lines.readline() for _ in range(lines_before))
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = first + lines.read()
    # A line that was cut off by the end was not told.
    return told[: told.rfind("\n") + 1].splitlines()


def at_once(count: int, work: Callable[[Tell], None]) -> list[str]:
    """Run the same work in so many children, begun at one moment; return what each told."""
    gate, hold = os.pipe()
    ends = [_begin(gate, hold, work) for _ in range(count)]
    os.close(hold)
    os.close(gate)
    told = []
    for child, out in ends:
        with os.fdopen(out) as lines:
            told.append(lines.read())
        os.waitpid(child, 0)
    return told


def _begin(gate: int, hold: int, work: Callable[[Tell], None]) -> tuple[int, int]:
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(hold)
            os.read(gate, 1)  # ends when the first process lets go
            work(lambda line: _write(into, line))
        finally:
            os._exit(0)
    os.close(into)
    return child, out


def _write(into: int, line: str) -> None:
    os.write(into, f"{line}\n".encode())
