"""What every part of a running server shares: settings, clock, randomness, keys, database."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app

from crypto.encoding import Random
from server.clock import Clock, day_of
from server.db import Database
from server.keyring import Keyring
from server.settings import Settings
from server.wraps import Wraps

EXTENSION = "towpath"


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """One server's parts; made by `create_app`, or by a command without Flask."""

    settings: Settings
    clock: Clock
    random: Random
    keyring: Keyring
    database: Database

    @property
    def today(self) -> int:
        """The present UTC day as an epoch."""
        return day_of(self.clock)

    def wraps(self) -> Wraps:
        """Return the wrap keys that are alive today."""
        return Wraps(self.keyring, self.today, self.random)


def current() -> Core:
    """Return the core of the app that answers the present request."""
    core = current_app.extensions[EXTENSION]
    if not isinstance(core, Core):
        raise TypeError("this app was not made by create_app")
    return core
