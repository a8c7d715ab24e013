"""Admins who write about one application at the same moment, over real connections: one is taken.

The server is the shipped one, on SQLite with one process and on PostgreSQL with four.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

import pytest

from server.models import vetting_entry
from server.services import applications
from server.services.applications import Opened
from tests.server.calling import dumps, signed
from tests.server.racing import Answer, Racers, raw
from tests.server.running import Running
from tests.server.scene import Applied

ENTRIES = "/v1/applications/entries"
JSON = {"Content-Type": "application/json"}
TURNS = 8


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """A process for each admin, so that all of them are there at once."""
    with Racers(3) as processes:
        yield processes


def _write(
    running: Running, racers: Racers, of: Applied, n: int, counter: int, entries: Sequence[bytes]
) -> list[Answer]:
    """Let each admin write one of these as entry `n`, all at the same moment."""
    requests = []
    for admin, entry in zip(running.founded.admins, entries, strict=True):
        body = dumps({"id": of.id, "n": n, "entry": entry})
        network_id = running.founded.network_id
        proof = signed(admin.seed, network_id, counter, method="POST", path=ENTRIES, body=body)
        requests.append(raw("POST", ENTRIES, body, {**JSON, **proof}))
    return racers.race(running.port, requests)


def _lies(running: Running, of: Applied) -> tuple[bytes, ...]:
    opened = running.scene.read(applications.open_, id_=of.id, after=0)
    assert isinstance(opened, Opened)
    return opened.entries


def test_P10_R21_T69_of_admins_who_write_at_once_one_is_taken_and_nothing_is_lost(
    running: Running, racers: Racers
) -> None:
    """The others hear "stale", and their entries are nowhere; sent again as next, they stand."""
    scene = running.scene
    applied, stand = scene.applied(), []
    for turn in range(TURNS):
        entries = [scene.make.entry() for _ in running.founded.admins]
        told = _write(running, racers, applied, turn, turn + 1, entries)
        assert sorted(status for status, _ in told) == [200, 409, 409]
        assert {json.loads(body)["type"] for status, body in told if status == 409} == {
            "urn:towpath:problem:stale"
        }
        (winner,) = [at for at, (status, _) in enumerate(told) if status == 200]
        stand.append(entries[winner])
        assert _lies(running, applied) == tuple(stand)
    assert scene.count(vetting_entry) == TURNS
    # The same bytes by all three, as after lost answers: done, and stored once.
    again = _write(running, racers, applied, TURNS, TURNS + 1, [scene.make.entry()] * 3)
    assert [status for status, _ in again] == [200] * 3
    assert len(_lies(running, applied)) == scene.count(vetting_entry) == TURNS + 1
