"""How many is too many, without knowing whose: every limit of the server, in one place.

Behind Tor everybody has one address, so no address is ever looked at: each limit is one count for
everybody. Only what was useless or new is counted, after the answer is known. A code that lives, a
receipt that is right, and a request that is sent again are never refused for others' noise.

Each process counts for itself and takes its share of the settings' numbers. A restart begins anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Literal, cast

from flask import Flask, current_app
from flask_limiter import Limiter
from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerMinute

from server.core import EXTENSION, Core
from server.limit_storage import SCHEME, CountingStorage
from server.problems import LIMITED, Problem
from server.settings import Settings

Limit = Literal["misses", "walk_ins", "applications", "invites", "cosignatures"]

_EXTENSION = "towpath-limits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One limit: what is counted, in which window, and how many of them are let through."""

    counts: str
    window: type[RateLimitItem]
    amount: Callable[[Settings], int]


RULES: Final[Mapping[Limit, Rule]] = {
    "misses": Rule(
        counts="refused, whatever was asked for; beyond it the refusal says when to come back",
        window=RateLimitItemPerMinute,
        amount=lambda settings: settings.misses_a_minute,
    ),
    "walk_ins": Rule(
        counts="walk-ins stored",
        window=RateLimitItemPerDay,
        amount=lambda settings: settings.walk_ins_a_day,
    ),
    "applications": Rule(
        counts="applications stored",
        window=RateLimitItemPerDay,
        amount=lambda settings: settings.applications_a_day,
    ),
    "invites": Rule(
        counts="invites stored",
        window=RateLimitItemPerDay,
        amount=lambda settings: settings.invites_a_day,
    ),
    "cosignatures": Rule(
        counts="cosignatures stored, each later than that witness's last",
        window=RateLimitItemPerDay,
        amount=lambda settings: settings.cosignatures_a_day,
    ),
}


def everybody() -> str:
    """Return whom a limit is for: always the same, so that nothing tells people apart."""
    return "everybody"


class Limits:
    """The limits of one app."""

    def __init__(self, app: Flask, core: Core) -> None:
        options: Any = {"now": core.clock.now}
        self._limiter = Limiter(
            everybody,
            app=app,
            storage_uri=f"{SCHEME}://",
            storage_options=options,
            strategy="fixed-window",
            headers_enabled=False,
            key_prefix="",
        )
        self._now = core.clock.now
        self._items = {name: _item(rule, core.settings) for name, rule in RULES.items()}

    @property
    def storage(self) -> CountingStorage:
        """Everything that the limiter keeps."""
        return cast(CountingStorage, self._limiter.storage)

    def full(self, name: Limit) -> Problem | None:
        """Return LIMITED where the present window is used up, else None."""
        if self._limiter.limiter.test(self._items[name], everybody(), name):
            return None
        return self._wait(name)

    def hit(self, name: Limit) -> Problem | None:
        """Count one; return LIMITED where it was one too many, else None."""
        if self._limiter.limiter.hit(self._items[name], everybody(), name):
            return None
        return self._wait(name)

    def _wait(self, name: Limit) -> Problem:
        ends = self._limiter.limiter.get_window_stats(self._items[name], everybody(), name)
        return LIMITED(ceil(ends.reset_time - self._now()))


def install(app: Flask) -> None:
    """Give an app of `create_app` its limits."""
    app.extensions[_EXTENSION] = Limits(app, cast(Core, app.extensions[EXTENSION]))


def current() -> Limits:
    """Return the limits of the app that answers the present request."""
    return cast(Limits, current_app.extensions[_EXTENSION])


def miss() -> Problem | None:
    """Count a request that found nothing; LIMITED once there were too many, else None."""
    return current().hit("misses")


def full(name: Limit) -> Problem | None:
    """Return LIMITED while a day's number of what is stored is used up, else None.

    Ask before storing, and only for what is not stored yet: a repeated request gets its answer.
    """
    return current().full(name)


def count(name: Limit) -> None:
    """Count one more of what a limit is for, after it was stored."""
    current().hit(name)


def _item(rule: Rule, settings: Settings) -> RateLimitItem:
    return rule.window(max(1, rule.amount(settings) // settings.processes))
