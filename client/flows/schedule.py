"""When the codes of a stock are published.

The server sees who draws tokens, and later that somebody publishes codes. So that the one says
nothing about the other:

- What was drawn in a week is published in the **next** week, each code at a moment of its own,
  drawn evenly over the whole of it. So it does not show on which day, or how late, a provider drew.
- One code goes at a time. Where several have come due, because the device was off, one goes, and
  the others get new moments, drawn evenly over what is left of the week (over the next day where
  less than that is left): never in a burst, which would show that they belong together.
- On a provider's own wish what waits goes this week (over what is left of it), or at once. Both
  show more, and the client says so.

Moments are POSIX seconds. They stand in the provider's sealed store, and nowhere else.

Source: docs/spec/tokens.md, 6; docs/spec/http.md, 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from client.flows.stock_data import Waiting
from crypto.encoding import Random, monday

DAY_S = 86_400
_WEEK_DAYS = 7
_DRAW_BYTES = 8


def moment(first: int, last: int, random: Random) -> int:
    """Return a moment from `first` to just before `last` (seconds), each as likely as any."""
    return first + int.from_bytes(random(_DRAW_BYTES), "big") % (last - first)


def for_drawn(week: int, now: int, random: Random) -> int:
    """Return the moment for a code whose token was drawn in the week of this Monday."""
    start = (week + _WEEK_DAYS) * DAY_S
    if now >= start + _WEEK_DAYS * DAY_S:
        return this_week(now, random)
    return _between(start, start + _WEEK_DAYS * DAY_S, now, random)


def this_week(now: int, random: Random) -> int:
    """Return a moment of what is left of this week, or of the next day where that is less."""
    week = monday(now // DAY_S)
    return _between(now, (week + _WEEK_DAYS) * DAY_S, now, random)


def due(waiting: Iterable[Waiting], now: int) -> list[Waiting]:
    """Return what has come due: what was tried before comes first, then the earliest."""
    found = [one for one in waiting if one.due <= now]
    return sorted(found, key=lambda one: (not one.record, one.due))


def spread(late: Iterable[Waiting], now: int, random: Random) -> list[Waiting]:
    """Return what came due together with new moments of this week."""
    return [replace(one, due=this_week(now, random)) for one in late]


def _between(first: int, last: int, now: int, random: Random) -> int:
    start = max(first, now)
    return moment(start, max(last, start + DAY_S), random)
