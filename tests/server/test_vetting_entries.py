"""What admins write about an application: the next number for one of them, nothing overwritten."""

from __future__ import annotations

from collections import Counter
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import constants as c
from server.models import vetting_entry
from server.services import applications, vetting_entries
from server.services.applications import Opened
from server.services.refusals import Refusal
from tests.server import rows
from tests.server.calling import Caller, problem
from tests.server.founding import ON_SQLITE, Founded
from tests.server.scene import Scene, from_b64url

ENTRIES, OPEN = "/v1/applications/entries", "/v1/applications/open"


def _write(scene: Scene, id_: bytes, n: int, entry: bytes) -> Refusal | None:
    return scene.write(vetting_entries.append, id_=id_, n=n, entry=entry)


def _written(scene: Scene, id_: bytes, after: int = 0) -> tuple[bytes, ...]:
    opened = scene.read(applications.open_, id_=id_, after=after)
    assert isinstance(opened, Opened)
    return opened.entries


def test_R21_entries_stand_in_the_order_of_their_numbers(scene: Scene) -> None:
    """Each as it was sealed, from whichever number on an admin asks."""
    applied, other = scene.applied(), scene.applied()
    made = [scene.make.entry() for _ in range(5)]
    for n, entry in enumerate(made):
        assert _write(scene, applied.id, n, entry) is None
        assert _write(scene, other.id, n, scene.make.entry()) is None
    assert _written(scene, applied.id) == tuple(made)
    for after in range(6):
        assert _written(scene, applied.id, after) == tuple(made[after:])


def test_R21_T69_who_writes_at_a_number_that_is_taken_is_told_and_nothing_is_lost(
    scene: Scene,
) -> None:
    """Stale, for every number but the next; what lies there stays."""
    applied = scene.applied()
    made = [scene.make.entry() for _ in range(3)]
    for n, entry in enumerate(made):
        assert _write(scene, applied.id, n, entry) is None
    for n in (0, 1, 2, 4, 5, 249):
        assert _write(scene, applied.id, n, scene.make.entry()) is Refusal.STALE
    assert _written(scene, applied.id) == tuple(made)


def test_P10_the_same_entry_again_is_done_and_stored_once(scene: Scene) -> None:
    """After a lost answer, also when others have written since."""
    applied, (first, second) = scene.applied(), (scene.make.entry(), scene.make.entry())
    for n, entry in ((0, first), (0, first), (1, second), (0, first), (1, second)):
        assert _write(scene, applied.id, n, entry) is None
    assert _write(scene, applied.id, 1, first) is Refusal.STALE
    assert _written(scene, applied.id) == (first, second)
    assert scene.count(vetting_entry) == 2


def test_an_application_that_is_none_takes_no_entry(scene: Scene) -> None:
    """Unknown, withdrawn: refused, and no row is left."""
    gone = scene.applied()
    scene.write(applications.withdraw, id_=gone.id, write_key=gone.write_key)
    for id_ in (gone.id, scene.make.random(16)):
        assert _write(scene, id_, 0, scene.make.entry()) is Refusal.REFUSED
        assert scene.read(applications.open_, id_=id_, after=0) is Refusal.REFUSED
    assert scene.count(vetting_entry) == 0


@ON_SQLITE
def test_R34_an_application_takes_so_many_entries_and_no_more(scene: Scene) -> None:
    """The last number is 249; all of them end with a withdrawal."""
    applied = scene.applied()
    for n in range(c.VETTING_ENTRIES_MOST):
        assert _write(scene, applied.id, n, scene.make.entry()) is None
    assert _write(scene, applied.id, 250, scene.make.entry()) is Refusal.STALE
    assert len(_written(scene, applied.id)) == scene.count(vetting_entry) == 250
    scene.write(applications.withdraw, id_=applied.id, write_key=applied.write_key)
    assert scene.count(vetting_entry) == 0


def test_R21_T69_of_two_who_write_at_one_moment_one_is_taken(scene: Scene) -> None:
    """Of twelve at each of five numbers exactly one; the others are told, and write next."""
    applied = scene.applied()
    for n in range(5):
        outcomes = _at_once(scene, applied.id, n, [scene.make.entry() for _ in range(12)])
        assert outcomes == {None: 1, Refusal.STALE: 11}
        assert len(_written(scene, applied.id)) == n + 1


def test_P10_of_equal_entries_at_one_moment_all_are_done_and_one_is_stored(scene: Scene) -> None:
    """The same bytes from two connections are one entry."""
    applied, entry = scene.applied(), scene.make.entry()
    assert _at_once(scene, applied.id, 0, [entry] * 8) == {None: 8}
    assert _written(scene, applied.id) == (entry,)


def test_P7_no_entry_outlives_a_withdrawal_that_meets_it(scene: Scene) -> None:
    """However writing and withdrawing meet, no row is left."""
    for _ in range(6):
        applied = scene.applied()
        threads = [
            Thread(target=_write, args=(scene, applied.id, 0, scene.make.entry())) for _ in range(3)
        ]
        given = {"id_": applied.id, "write_key": applied.write_key}
        threads.append(Thread(target=scene.write, args=(applications.withdraw,), kwargs=given))
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert scene.count(vetting_entry) == 0


def test_R32_admins_write_and_read_over_http(
    founded: Founded, scene: Scene, client: FlaskClient
) -> None:
    """Another admin gets what the first one wrote, and the sealed application only when asked."""
    caller, applied = Caller(client, founded.network_id), scene.applied()
    one, other = (admin.seed for admin in founded.admins[:2])
    first, second = scene.make.entry(), scene.make.entry()

    def write(seed: bytes, n: int, entry: bytes) -> str | None:
        values = {"id": applied.id, "n": n, "entry": entry}
        return problem(caller(seed, "POST", ENTRIES, values))

    def read(seed: bytes, after: int) -> dict[str, Any]:
        answer = caller(seed, "POST", OPEN, {"id": applied.id, "after": after}).get_json()
        return {**answer, "entries": [from_b64url(entry) for entry in answer["entries"]]}

    assert write(one, 0, first) is None
    assert write(other, 0, second) == "stale"
    assert from_b64url(read(other, 0)["application"]) == applied.sealed
    assert write(other, 1, second) is None
    assert read(one, 1) == {"application": None, "entries": [second]}
    assert read(one, 2) == {"application": None, "entries": []}
    assert read(other, 0)["entries"] == [first, second]


@pytest.mark.parametrize(
    "changes",
    [
        {"entry": bytes(c.VETTING_ENTRY_BYTES - 1)},
        {"entry": bytes(c.VETTING_ENTRY_BYTES + 1)},
        {"entry": b""},
        {"n": -1},
        {"n": 250},
        {"n": "0"},
        {"n": True},
        {"id": bytes(15)},
        {"author": "Mona"},
    ],
    ids=str,
)
@ON_SQLITE
def test_R39_T34_entries_have_one_size_and_name_nobody(
    founded: Founded, scene: Scene, client: FlaskClient, changes: dict[str, Any]
) -> None:
    """Other lengths and numbers, and what stands open beside it, are malformed."""
    caller, applied = Caller(client, founded.network_id), scene.applied()
    values = {"id": applied.id, "n": 0, "entry": scene.make.entry(), **changes}
    assert problem(caller(founded.admins[0].seed, "POST", ENTRIES, values)) == "malformed"
    assert scene.count(vetting_entry) == 0


@ON_SQLITE
def test_P3_T67_an_entrys_row_names_neither_application_nor_author(scene: Scene) -> None:
    """All have one size, and no key of the server's finds the application in one."""
    applied = scene.applied()
    made = [scene.make.entry() for _ in range(3)]
    for n, entry in enumerate(made):
        assert _write(scene, applied.id, n, entry) is None
    found = scene.dump()["vetting_entry"]
    assert len({len(row[3]) for row in found}) == 1
    held = rows.keys_in(scene.core.settings.keyring)
    opened = list(rows.opened([("vetting_entry", row[1], row[3]) for row in found], held))
    assert sorted(opened) == sorted(made)
    assert not any(applied.id in value for row in found for value in (row[1], row[3]))


@ON_SQLITE
def test_P7_an_entry_moved_to_another_place_opens_for_nobody(scene: Scene) -> None:
    """The seal holds for one row: an operator can't give one application's entry to another."""
    applied, other = scene.applied(), scene.applied()
    assert _write(scene, applied.id, 0, scene.make.entry()) is None
    assert _write(scene, other.id, 0, scene.make.entry()) is None
    (one, two) = scene.dump()["vetting_entry"]
    swapped = vetting_entry.update().where(vetting_entry.c.id == one[0]).values(sealed=two[3])
    scene.core.database.write(lambda connection: connection.execute(swapped).rowcount)
    left = (*_written(scene, applied.id), *_written(scene, other.id))
    assert len(left) == 1


def _at_once(scene: Scene, id_: bytes, n: int, entries: list[bytes]) -> dict[Refusal | None, int]:
    """Write all of these at one number at the same moment; count what came of it."""
    barrier, outcomes = Barrier(len(entries)), Counter[Refusal | None]()

    def write(entry: bytes) -> None:
        barrier.wait()
        outcomes[_write(scene, id_, n, entry)] += 1

    threads = [Thread(target=write, args=(entry,)) for entry in entries]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return dict(outcomes)
