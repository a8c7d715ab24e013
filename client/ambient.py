"""The one place where the clock and randomness of the machine enter a client.

Everything else takes `today` and `random` as arguments (import and lint contracts hold this).
"""

from __future__ import annotations

import os
import time

_SECONDS_A_DAY = 86_400
_STATE = "TOWPATH_STATE"


def today() -> int:
    """Return the present UTC day as an epoch: days since 1970-01-01."""
    return int(time.time()) // _SECONDS_A_DAY


def now() -> int:
    """Return the present moment in POSIX seconds; for what stays on this device."""
    return int(time.time())


def random(size: int) -> bytes:
    """Return `size` bytes from the operating system's generator."""
    return os.urandom(size)


def state_folder() -> str | None:
    """Return what TOWPATH_STATE says: a folder, "" to keep nothing, None where it says nothing."""
    return os.environ.get(_STATE)
