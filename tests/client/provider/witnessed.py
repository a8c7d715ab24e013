"""A server whose public log witnesses have seen, on a day that a test chooses.

Witnesses cosign whatever waits before each call. When they did is changed on the way out, since a
server takes no cosignature of a day that is not its own; all that clients check is real.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import migrations
from client.flows import walk_in_keys
from client.flows.kept import Room
from crypto import constants as c
from crypto.public import notes
from crypto.public.note_signing import cosign
from tests.client.provider import town as towns
from tests.client.provider.town import Device, Town
from tests.crypto.networks import noon
from tests.server import founding
from tests.server.founding import Founded
from tests.server.scene import FakeClock

NETWORK = "/v1/network"


class Witnesses:
    """Cosigns what a server's log has, and says of which day that was in what it shows."""

    def __init__(self, app: Callable[..., Iterable[bytes]], founded: Founded, day: int) -> None:
        self.app, self.founded, self.day = app, founded, day

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Pass a call on; the network's document comes back as of the day."""
        self.founded.witness()
        if environ["PATH_INFO"] != NETWORK:
            return self.app(environ, start)
        environ.pop("HTTP_ACCEPT_ENCODING", None)  # it is read here
        said: list[Any] = []
        body = b"".join(self.app(environ, lambda *head: said.extend(head)))
        shown = json.loads(body)
        shown["checkpoint"] = self._seen(shown["checkpoint"].encode()).decode()
        body = json.dumps(shown).encode()
        headers = [one for one in said[1] if one[0].lower() != "content-length"]
        start(said[0], [*headers, ("Content-Length", str(len(body)))])
        return [body]

    def _seen(self, note: bytes) -> bytes:
        read, when = notes.parse(note), noon(self.day)
        by_log = [line for line in read.lines if notes.time_of(line) is None]
        people = self.founded.network.witnesses
        lines = [cosign(read.text, one.name, one.seed, when) for one in people]
        return notes.format_note(read.text, [*by_log, *lines])


def found(folder: Path, monkeypatch: pytest.MonkeyPatch, clock: FakeClock | None = None) -> Town:
    """Found a server with a network whose witnesses saw the log today."""
    town = towns.open_town(folder, clock or FakeClock())
    core = town.core
    migrations.upgrade(core.database.engine)
    founded = founding.found(core, witnesses=3, needed=2)
    witnesses = Witnesses(town.app.wsgi_app, founded, core.today)
    monkeypatch.setattr(town.app, "wsgi_app", witnesses)
    return replace(town, founded=founded)


def walk_ins(town: Town) -> Device:
    """An organisation that takes walk-ins, so that it has a weekly key, and has synced."""
    device = town.listed()
    walk_in_keys.set_room(
        device.desk, device.api, device.signed, Room(walk_ins=True), today=town.today
    )
    device.sync()
    assert device.entries(c.ENTRY_WEEKLY)
    return device


def saw(town: Town, day: int) -> None:
    """Let the witnesses have seen the log on this day."""
    witnesses = town.app.wsgi_app
    assert isinstance(witnesses, Witnesses)
    witnesses.day = day
