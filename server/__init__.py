"""The server: `create_app(settings)` gives a WSGI application for one network.

It holds no plaintext and no key that opens one: `crypto.client` cannot be imported here.
"""

from __future__ import annotations

from flask import Flask

from crypto.encoding import Random
from server import clock as clocks
from server import headers, limits, pages
from server.clock import Clock
from server.core import EXTENSION, Core
from server.db import Database
from server.keyring import Keyring
from server.routes import (
    applicants,
    failures,
    health,
    invites,
    log,
    members,
    public,
    senders,
    stores,
    unnamed,
    vetting,
)
from server.routes import pages as page_routes
from server.settings import Settings


def make_core(
    settings: Settings, *, clock: Clock | None = None, random: Random = clocks.random
) -> Core:
    """Open database and keys as the settings say."""
    return Core(
        settings=settings,
        clock=clock or clocks.SystemClock(),
        random=random,
        keyring=Keyring(settings.keyring, settings.keyring_copy),
        database=Database(settings.database),
    )


def create_app(
    settings: Settings, *, clock: Clock | None = None, random: Random = clocks.random
) -> Flask:
    """Return the application; the database's schema must be there (`migrations.upgrade`).

    `clock` and `random` are the machine's unless given.
    """
    app = Flask("server", static_folder=None)
    app.extensions[EXTENSION] = make_core(settings, clock=clock, random=random)
    for blueprint in (
        health.health,
        public.public,
        senders.senders,
        unnamed.unnamed,
        members.members,
        stores.stores,
        invites.invites,
        applicants.applicants,
        vetting.vetting,
        log.log,
        page_routes.pages,
    ):
        app.register_blueprint(blueprint)
    for part in (failures, limits, pages, headers):
        part.install(app)
    return app
