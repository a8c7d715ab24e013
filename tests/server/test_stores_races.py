"""Members who write their store at the same moment, over real connections: one of them wins.

The server is the shipped one, on SQLite with one process and on PostgreSQL with four.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest

from crypto import constants as c
from server.models import store as table
from server.services import members, stores
from tests.server import founding
from tests.server.calling import signed
from tests.server.founding import Organisation
from tests.server.racing import Racers, raw
from tests.server.running import Running

STORE = "/v1/store"
SIZE = c.STORE_STEPS[1]
OCTETS = {"Content-Type": "application/octet-stream"}
WRITERS = 16


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """Eight processes."""
    with Racers() as processes:
        yield processes


def writing(running: Running, seed: bytes, counter: int, replaces: bytes, sealed: bytes) -> bytes:
    """A member's write, whole."""
    body = replaces + sealed
    proof = signed(seed, running.founded.network_id, counter, method="PUT", path=STORE, body=body)
    return raw("PUT", STORE, body, {**OCTETS, **proof})


def staffed(running: Running, name: str) -> tuple[Organisation, list[Organisation]]:
    """A listed organisation with as many members as there may be."""
    shelter = running.founded.organisation(name)
    staff = [shelter, *(founding.named(f"{name} {at}") for at in range(WRITERS - 1))]
    keys = sorted(one.member_key for one in staff)
    done = running.scene.core.database.write(
        lambda x: members.replace(x, shelter.key, keys, running.scene.today)
    )
    assert done is None
    return shelter, staff


def test_P10_of_many_members_who_write_at_once_one_wins(running: Running, racers: Racers) -> None:
    """First where none lies, then over what lies: the others hear that it has changed."""
    scene, before = running.scene, running.scene.count(table)
    shelter, staff = staffed(running, "Race")
    replaces = stores.NOTHING
    for turn in range(1, 5):
        sealed = [bytes([turn, at]) * (SIZE // 2) for at in range(WRITERS)]
        requests = [
            writing(running, one.member_seed, turn, replaces, mine)
            for one, mine in zip(staff, sealed, strict=True)
        ]
        answers = racers.race(running.port, requests)
        assert sorted(status for status, _ in answers) == [200] + [409] * (WRITERS - 1)
        assert all(b"problem:stale" in body for status, body in answers if status == 409)
        winner = sealed[[status for status, _ in answers].index(200)]
        assert scene.read(stores.read, organisation=shelter.key) == winner
        replaces = hashlib.sha256(winner).digest()
    assert scene.count(table) == before + 1


def test_P10_the_same_write_sent_by_many_is_one(running: Running, racers: Racers) -> None:
    """Whoever puts the same bytes hears that they lie there, and there is one row."""
    scene, before = running.scene, running.scene.count(table)
    shelter, staff = staffed(running, "Same")
    sealed = b"s" * SIZE
    requests = [writing(running, one.member_seed, 1, stores.NOTHING, sealed) for one in staff]
    assert set(racers.race(running.port, requests)) == {(200, b"{}")}
    assert scene.count(table) == before + 1
    assert scene.read(stores.read, organisation=shelter.key) == sealed
