"""Where the limiter counts: in this process, one number for each limit, and nothing else.

An entry is a limit's name, the number of the present window (a minute or a UTC day) and how often.
There is no place for an address or a user. A window that is over is dropped at the next look.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, ClassVar

from limits.storage import Storage

SCHEME = "towpath"


@dataclass(frozen=True, slots=True)
class Window:
    """A count within one window; `seconds` is the window's length, `number` which it is."""

    seconds: int
    number: int
    count: int

    @property
    def end(self) -> int:
        """The POSIX second at which the window ends."""
        return (self.number + 1) * self.seconds


class CountingStorage(Storage):
    """A storage for the `limits` library, found by its scheme; `now` gives POSIX seconds."""

    STORAGE_SCHEME: ClassVar[list[str] | None] = [SCHEME]  # type: ignore[misc]

    def __init__(
        self, uri: str | None = None, *, now: Callable[[], float], wrap_exceptions: bool = False
    ) -> None:
        super().__init__(uri, wrap_exceptions)
        self._now = now
        self._windows: dict[str, Window] = {}
        self._guard = Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the library may wrap: nothing here fails."""
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` more in the present window of `expiry` seconds; return the count."""
        number = int(self._now()) // expiry
        with self._guard:
            self._drop_ended()
            found = self._windows.get(key)
            count = amount + (found.count if found else 0)
            self._windows[key] = Window(expiry, number, count)
        return count

    def get(self, key: str) -> int:
        """Return the count in the present window."""
        with self._guard:
            self._drop_ended()
            found = self._windows.get(key)
        return found.count if found else 0

    def get_expiry(self, key: str) -> float:
        """Return the POSIX second at which the present window ends; now, where there is none."""
        with self._guard:
            self._drop_ended()
            found = self._windows.get(key)
        return found.end if found else self._now()

    def check(self) -> bool:
        """Say that counting works: there is nothing that could be away."""
        return True

    def reset(self) -> int | None:
        """Forget everything; return how many counts there were."""
        with self._guard:
            forgotten = len(self._windows)
            self._windows.clear()
        return forgotten

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._guard:
            self._windows.pop(key, None)

    def content(self) -> dict[str, Any]:
        """Return everything that is kept, for who looks what that is."""
        with self._guard:
            return dict(self._windows)

    def _drop_ended(self) -> None:
        now = int(self._now())
        for key, window in list(self._windows.items()):
            # A clock that was set back begins anew, too.
            if now // window.seconds != window.number:
                del self._windows[key]
