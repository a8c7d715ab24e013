"""The one place where the clock and randomness of the machine enter the server.

Everything else takes the day, moments and random bytes as arguments or from a `Clock`.
"""

from __future__ import annotations

import os
import time
from typing import Protocol

SECONDS_A_DAY = 86_400


class Clock(Protocol):
    """What the server asks of time."""

    def now(self) -> float:
        """Return POSIX seconds; only for finding the day and the next tick, never stored."""

    def monotonic(self) -> float:
        """Return seconds that never go back."""

    def sleep(self, seconds: float) -> None:
        """Wait."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> float:
        """Return POSIX seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)


def day_of(clock: Clock) -> int:
    """Return the present UTC day as an epoch: days since 1970-01-01."""
    return int(clock.now()) // SECONDS_A_DAY


def random(size: int) -> bytes:
    """Return `size` bytes from the operating system's generator."""
    return os.urandom(size)
