"""A server with a few routes of its own, whose views do what a test wants, and a clock to turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from flask import Blueprint, Flask
from msgspec import Meta

import migrations
from crypto.encoding import Random
from server import clock as clocks
from server import create_app
from server.clock import Clock
from server.core import EXTENSION, Core
from server.problems import COUNTER, REFUSED, TAKEN
from server.routes.bodies import B16, Body, Decimal, Empty, Pad
from server.routes.route import ROUTES, Outcome, route
from server.settings import Settings
from words import catalogues

ECHO = "/v1/test/echo"
QUERY = "/v1/test/query"
MISS = "/v1/test/miss"
TICKED = "/v1/test/ticked"
NOON = 20_779 * 86_400 + 43_200


@dataclass
class TurnedClock:
    """A clock that moves when it is turned or slept on; times in seconds."""

    at: float = NOON
    slept: list[float] = field(default_factory=list)

    def now(self) -> float:
        """Return POSIX seconds."""
        return self.at

    def monotonic(self) -> float:
        """Return seconds since some moment."""
        return self.at - NOON

    def sleep(self, seconds: float) -> None:
        """Move on, and note it."""
        self.slept.append(seconds)
        self.at += seconds


class Asked(Body, frozen=True):
    """One value of each kind that calls have."""

    id: B16
    number: Annotated[int, Meta(ge=0, le=2**32 - 1)]
    switch: bool
    pad: Pad
    text: Annotated[str, Meta(max_length=40)]
    numbers: list[Annotated[int, Meta(ge=0, le=31)]] | None


class After(Body, frozen=True):
    """A query with one number."""

    after: Decimal


@dataclass
class Scene:
    """An app, what its views were asked, and what they do."""

    app: Flask
    asked: list[Any]
    do: Callable[[], Outcome] = Empty

    @property
    def core(self) -> Core:
        """The app's core."""
        core = self.app.extensions[EXTENSION]
        assert isinstance(core, Core)
        return core


def make_app(
    folder: Path, *, clock: Clock | None = None, random: Random = clocks.random, **settings: Any
) -> Flask:
    """Make a server with an empty database in a folder; `settings` are those of Settings."""
    (folder / "keys").mkdir(mode=0o700, exist_ok=True)
    given: dict[str, Any] = {
        "database": f"sqlite:///{folder / 'rows.sqlite'}",
        "keyring": folder / "keys",
        # Tests look at every language, also at those that nobody has read yet.
        "unreviewed_languages": catalogues.codes()[1:],
    }
    app = create_app(Settings(**{**given, **settings}), clock=clock, random=random)
    migrations.upgrade(app.extensions[EXTENSION].database.engine)
    return app


@contextmanager
def scene(folder: Path, *, clock: Clock | None = None, **settings: Any) -> Iterator[Scene]:
    """Yield a server with four routes more, which are gone from ROUTES afterwards."""
    app = make_app(folder, clock=clock, **settings)
    before = len(ROUTES)
    made = Scene(app, [])
    app.register_blueprint(_blueprint(made))
    try:
        yield made
    finally:
        del ROUTES[before:]
        made.core.database.close()


def _blueprint(made: Scene) -> Blueprint:
    blueprint = Blueprint("test", "test")
    common: dict[str, Any] = {
        "audience": "anyone",
        "proof": "none",
        "answer": Empty,
        "stores": "nothing",
        "problems": (REFUSED, TAKEN, COUNTER),
    }

    @route(blueprint, "POST", ECHO, body=Asked, **common)
    def echo(asked: Asked) -> Outcome:
        made.asked.append(asked)
        return made.do()

    @route(blueprint, "GET", QUERY, query=After, **common)
    def query(asked: After) -> Outcome:
        made.asked.append(asked)
        return made.do()

    @route(blueprint, "POST", MISS, body=Asked, limit="misses", **common)
    def miss(asked: Asked) -> Outcome:
        made.asked.append(asked)
        return made.do()

    @route(blueprint, "POST", TICKED, body=Asked, ticked=True, **common)
    def ticked(asked: Asked) -> Outcome:
        made.asked.append(asked)
        return made.do()

    return blueprint
