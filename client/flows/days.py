"""Days as people write them."""

from __future__ import annotations

from datetime import date

_EPOCH_0 = date(1970, 1, 1).toordinal()
_SECONDS_A_DAY = 86_400


def epoch_at(moment: int) -> int:
    """Return the epoch of a moment in POSIX seconds."""
    return moment // _SECONDS_A_DAY


def day(epoch: int) -> str:
    """Write an epoch as a date, 2026-11-22; one beyond the calendar as its number."""
    try:
        return date.fromordinal(_EPOCH_0 + epoch).isoformat()
    except (ValueError, OverflowError):
        return f"day {epoch}"


def epoch_of(said: str) -> int | None:
    """Read a day from 1970 on that `day` wrote; None for anything else."""
    try:
        found = date.fromisoformat(said)
    except ValueError:
        return None
    epoch = found.toordinal() - _EPOCH_0
    return epoch if epoch > 0 and day(epoch) == said else None
