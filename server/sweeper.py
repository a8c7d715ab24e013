"""The one thread that does what time asks for: arrivals join the drop, and what has ended goes.

It wakes at every tick and at midnight UTC. Nothing stops it: a step that fails is tried again at
the next tick, and the steps after it are done all the same.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from server.clock import SECONDS_A_DAY
from server.core import Core
from server.logs import log
from server.services import drop, expiry, network

_ROWS_AT_ONCE = 500


class Sweeper:
    """Sweeps at every tick until it is stopped; `run_once` is one sweep."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="sweeper", daemon=True)
        self._swept_on: int | None = None  # the day on which everything was cleared away

    def start(self) -> None:
        """Sweep now, and from now on at every tick."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after the sweep that it is in."""
        self._stop.set()
        self._thread.join()

    def run_once(self) -> None:
        """Do everything that is due; what goes wrong is logged by its class and tried again."""
        today = self._core.today
        _guarded("Arrivals did not join the drop.", self._join)
        # At every tick: a request that was on its way at midnight may have made a key anew.
        done = _guarded("Keys that have ended were not destroyed.", self._destroy_keys)
        if self._swept_on == today:
            return
        done &= _guarded("Rows that have ended were not deleted.", self._delete_rows)
        done &= _guarded("The checkpoint was not made anew.", self._refresh)
        done &= _guarded("The journal was not emptied.", self._core.database.checkpoint)
        if done:
            self._swept_on = today

    def _loop(self) -> None:
        self.run_once()
        while not self._stop.wait(seconds_to_wait(self._core)):
            self.run_once()

    def _join(self) -> None:
        self._core.database.write(lambda c: drop.join(c, self._core.random))

    def _destroy_keys(self) -> None:
        expiry.destroy_keys(self._core.keyring, self._core.today)

    def _delete_rows(self) -> None:
        delete_ended(self._core)

    def _refresh(self) -> None:
        refresh(self._core)


def delete_ended(core: Core) -> int:
    """Delete every row whose last epoch is over, a few at a time, and return how many there were.

    Raises Busy.
    """
    today, count = core.today, 0
    for table in expiry.ending_tables():
        while True:
            found = core.database.write(
                partial(expiry.delete_rows, table=table, today=today, at_most=_ROWS_AT_ONCE)
            )
            count += found
            if found < _ROWS_AT_ONCE:
                break
    return count


def refresh(core: Core) -> None:
    """Log the issuing keys that are due, and sign anew where the suspension list is another one."""
    core.database.write(
        partial(network.refresh, keyring=core.keyring, today=core.today, random=core.random)
    )


def seconds_to_wait(core: Core) -> float:
    """Return the seconds until the next tick or the next day, whichever is sooner."""
    now, tick = core.clock.now(), core.settings.tick_seconds
    return min(tick - now % tick, SECONDS_A_DAY - now % SECONDS_A_DAY)


def _guarded(trouble: str, step: Callable[[], None]) -> bool:
    try:
        step()
    except Exception:
        log.exception(trouble)
        return False
    return True
