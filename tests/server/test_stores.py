"""The store that members share: one for an organisation, compared and swapped, ended by its day."""

from __future__ import annotations

import hashlib
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from crypto import constants as c
from crypto.public.statements import Kind
from server.core import Core
from server.keyring import WRAP
from server.models import member
from server.models import store as table
from server.services import listing
from server.settings import BadSettings, Settings, from_table
from server.sweeper import Sweeper
from tests.server import calling, founding, rows
from tests.server.calling import Caller, problem
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene

STORE = "/v1/store"
MEMBERS = "/v1/organisations/me/members"
SIZE = c.STORE_STEPS[0]
NOTHING = bytes(32)
A, B, C = (letter * SIZE for letter in (b"a", b"b", b"c"))
SECOND = founding.named("second")


def hash_of(sealed: bytes) -> bytes:
    """What names a store when it is replaced."""
    return hashlib.sha256(sealed).digest()


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """A server whose stores have the smallest size."""
    keyring = tmp_path / "keyring"
    keyring.mkdir(mode=0o700)
    return Settings(database=url, keyring=keyring, work_bits=8, store_bytes=SIZE)


class Desk:
    """A listed organisation whose members read and write its store."""

    def __init__(self, core: Core, client: FlaskClient) -> None:
        self.client = client
        self.made: Founded = founding.found(core)
        self.shelter: Organisation = self.made.organisation("Shelter")
        self.caller = Caller(client, self.made.network_id)

    def read(self, seed: bytes = b"") -> bytes | str | None:
        """What lies there, or the problem."""
        answer = self.caller.octets(seed or self.shelter.member_seed, "GET", STORE)
        return problem(answer) or answer.data

    def answered(self, body: bytes, seed: bytes = b"") -> TestResponse:
        """What a body is answered with."""
        return self.caller.octets(seed or self.shelter.member_seed, "PUT", STORE, body)

    def put(self, replaces: bytes, sealed: bytes, seed: bytes = b"") -> str | None:
        """Put a store; the problem, if any."""
        return problem(self.answered(replaces + sealed, seed))


@pytest.fixture
def desk(core: Core, client: FlaskClient) -> Desk:
    """A listed organisation with one member."""
    return Desk(core, client)


def test_R31_what_a_member_put_another_member_reads(desk: Desk) -> None:
    """There is one store for all of an organisation, and at first there is none."""
    assert desk.read() == b""
    both = {"members": sorted([desk.shelter.member_key, SECOND.member_key])}
    assert problem(desk.caller(desk.shelter.member_seed, "PUT", MEMBERS, both)) is None
    assert desk.put(NOTHING, A) is None
    assert desk.read(SECOND.member_seed) == A
    assert desk.put(hash_of(A), B, SECOND.member_seed) is None
    assert desk.read() == B


def test_P10_what_names_another_store_than_lies_there_is_stale(desk: Desk) -> None:
    """So nobody writes over what she has not read; nothing changes, and she can try again."""
    for first in (hash_of(A), b"\x01" * 32):
        assert desk.put(first, A) == "stale"
    assert desk.read() == b""
    assert desk.put(NOTHING, A) is None
    for wrong in (NOTHING, hash_of(B), hash_of(A)[::-1], A[:32]):
        assert desk.put(wrong, B) == "stale"
    assert desk.read() == A
    assert desk.put(hash_of(A), B) is None
    assert desk.put(hash_of(A), C) == "stale"
    assert desk.read() == B


def test_P10_a_write_whose_answer_was_lost_gets_it_when_it_is_sent_again(
    desk: Desk, scene: Scene
) -> None:
    """The same bytes are there already, whatever they were to replace; there is still one row."""
    assert desk.put(NOTHING, A) is None
    assert desk.put(NOTHING, A) is None
    assert desk.put(hash_of(A), B) is None
    answer = desk.answered(hash_of(A) + B)
    assert (answer.status_code, answer.get_json()) == (200, {})
    assert desk.put(hash_of(A), A) == "stale"
    assert scene.count(table) == 1


@pytest.mark.parametrize("size", [0, 1, 31, 32, 33, SIZE, SIZE + 31])
@ON_SQLITE
def test_R39_T34_a_shorter_body_is_malformed(desk: Desk, scene: Scene, size: int) -> None:
    """All stores of a network have one size, so that none shows by it."""
    assert problem(desk.answered(bytes(size))) == ("malformed" if size else "media-type")
    assert scene.count(table) == 0


@pytest.mark.parametrize("size", [SIZE + 33, SIZE + 32 + 65_536, c.STORE_STEPS[1] + 32])
@ON_SQLITE
def test_R39_T34_a_longer_body_is_too_large(desk: Desk, scene: Scene, size: int) -> None:
    """Also that of a network with larger stores."""
    assert problem(desk.answered(bytes(size))) == "too-large"
    assert scene.count(table) == 0


@ON_SQLITE
def test_a_store_is_put_as_plain_bytes_and_in_no_other_way(desk: Desk, scene: Scene) -> None:
    """JSON, a form, a query, another method: refused before anything is looked at."""
    body = NOTHING + A
    for number, kind in enumerate(("application/json", "text/plain", "", "application/octet")):
        headers = calling.signed(
            desk.shelter.member_seed,
            desk.made.network_id,
            number + 1,
            method="PUT",
            path=STORE,
            body=body,
        )
        answer = desk.client.put(STORE, data=body, headers={**headers, "Content-Type": kind})
        assert problem(answer) == "media-type"
    octets = {"Content-Type": "application/octet-stream"}
    assert problem(desk.client.put(f"{STORE}?a=1", data=body, headers=octets)) == "malformed"
    assert problem(desk.client.post(STORE, data=body, headers=octets)) == "method"
    assert problem(desk.client.get(STORE, data=b"x")) == "malformed"
    assert scene.count(table) == 0


@ON_SQLITE
def test_no_other_route_takes_more_than_before(desk: Desk) -> None:
    """What a store needs is the store's alone."""
    longer = {"members": ["A" * 70_000]}
    assert problem(desk.caller(desk.shelter.member_seed, "PUT", MEMBERS, longer)) == "too-large"


@ON_SQLITE
def test_P9_T43_nobody_but_a_member_reads_or_writes(desk: Desk, scene: Scene) -> None:
    """Strangers, admins, the organisation's own key, a body that was changed: unsigned."""
    assert desk.put(NOTHING, A) is None
    before = scene.dump()["store"]
    for seed in (
        SECOND.member_seed,
        desk.made.admins[0].seed,
        desk.shelter.seed,
        desk.made.network.log.seed,
    ):
        assert desk.read(seed) == "unsigned"
        assert desk.put(hash_of(A), B, seed) == "unsigned"
    octets = {"Content-Type": "application/octet-stream"}
    assert problem(desk.client.get(STORE)) == "unsigned"
    assert problem(desk.client.put(STORE, data=hash_of(A) + B, headers=octets)) == "unsigned"
    headers = calling.signed(
        desk.shelter.member_seed,
        desk.made.network_id,
        99,
        method="PUT",
        path=STORE,
        body=hash_of(A) + B,
    )
    for changed in (hash_of(B) + B, hash_of(A) + C):
        answer = calling.call_octets(desk.client, "PUT", STORE, changed, headers)
        assert problem(answer) == "unsigned"
    assert scene.dump()["store"] == before


def test_P9_R31_T42_who_was_taken_off_the_list_reads_and_writes_no_more(desk: Desk) -> None:
    """From the moment that the server is told."""
    both = {"members": sorted([desk.shelter.member_key, SECOND.member_key])}
    assert problem(desk.caller(desk.shelter.member_seed, "PUT", MEMBERS, both)) is None
    assert desk.put(NOTHING, A, SECOND.member_seed) is None
    alone = {"members": [desk.shelter.member_key]}
    assert problem(desk.caller(desk.shelter.member_seed, "PUT", MEMBERS, alone)) is None
    assert desk.read(SECOND.member_seed) == "unsigned"
    assert desk.put(hash_of(A), B, SECOND.member_seed) == "unsigned"
    assert desk.read() == A


def test_P3_each_organisation_has_its_own(desk: Desk, scene: Scene) -> None:
    """A member reads and writes her own organisation's and no other."""
    clinic = desk.made.organisation("Clinic")
    assert desk.put(NOTHING, A) is None
    assert desk.read(clinic.member_seed) == b""
    assert desk.put(hash_of(A), B, clinic.member_seed) == "stale"
    assert desk.put(NOTHING, B, clinic.member_seed) is None
    assert (desk.read(), desk.read(clinic.member_seed)) == (A, B)
    assert scene.count(table) == 2


def test_P10_a_signature_of_a_write_serves_once(desk: Desk) -> None:
    """A write that somebody kept can't put an old store back."""
    assert desk.put(NOTHING, A) is None
    body = hash_of(A) + B
    headers = calling.signed(
        desk.shelter.member_seed, desk.made.network_id, 7, method="PUT", path=STORE, body=body
    )
    send = partial(calling.call_octets, desk.client, "PUT", STORE, body, headers)
    assert problem(send()) is None
    desk.caller.counters[desk.shelter.member_seed] = 7
    assert desk.put(hash_of(B), A) is None
    assert problem(send()) == "counter"
    assert desk.read() == A


def test_P7_T27_a_store_ends_sixty_days_after_its_last_write(desk: Desk, scene: Scene) -> None:
    """Every write renews it; nothing opens what was written over, or has ended, without its key."""
    core, clock = scene.core, scene.clock
    assert desk.put(NOTHING, A) is None
    ((_, _, first, old),) = scene.dump()["store"]
    assert first == core.today + c.STORE_DAYS
    clock.days_pass(40)
    assert desk.put(hash_of(A), A) is None
    ((_, _, last, new),) = scene.dump()["store"]
    assert last == core.today + c.STORE_DAYS
    assert old[24:] != new[24:]
    clock.days_pass(21)
    Sweeper(core).run_once()
    assert core.keyring.get(WRAP, first) is None
    assert scene.count(table) == 1
    clock.days_pass(c.STORE_DAYS)
    Sweeper(core).run_once()
    assert scene.count(table) == 0


def test_P7_a_store_that_has_ended_is_none_before_any_sweep(
    desk: Desk, scene: Scene, clock: FakeClock
) -> None:
    """The day decides, not the deleting; and the next write begins anew."""
    assert desk.put(NOTHING, A) is None
    clock.days_pass(c.STORE_DAYS)
    assert desk.read() == A
    clock.days_pass(1)
    assert desk.read() == b""
    assert desk.put(hash_of(A), B) == "stale"
    assert desk.put(NOTHING, B) is None
    assert desk.read() == B


@ON_SQLITE
def test_P1_P7_nothing_of_a_store_lies_open_in_the_database(desk: Desk, scene: Scene) -> None:
    """Neither its bytes nor whose it is, without the wrap key."""
    assert desk.put(NOTHING, A) is None
    ((_, lookup, last, sealed),) = scene.dump()["store"]
    assert len(sealed) == SIZE + c.WRAP_OVERHEAD_BYTES
    assert A[:32] not in sealed
    assert desk.shelter.key not in lookup + sealed
    keys = rows.keys_in(scene.core.settings.keyring)
    assert list(rows.opened([("store", lookup, sealed)], keys)) == [A]
    scene.core.keyring.destroy(WRAP, last)
    assert desk.read() == b""


@ON_SQLITE
def test_P7_what_was_written_over_is_gone_from_sqlites_files(desk: Desk, scene: Scene) -> None:
    """After the journal is folded in, no row of before lies in the database's freed pages."""
    core = scene.core
    assert desk.put(NOTHING, A) is None
    ((_, _, _, old),) = scene.dump()["store"]
    for before, after in ((A, B), (B, C), (C, A)):
        assert desk.put(hash_of(before), after) is None
    core.database.checkpoint()
    folder = Path(core.settings.database.removeprefix("sqlite:///")).parent
    held = b"".join(path.read_bytes() for path in folder.glob("towpath.db*"))
    ((_, _, _, now),) = scene.dump()["store"]
    for at in range(100, SIZE, 8_192):
        assert old[at : at + 64] not in held
    assert now[100:164] in held


@pytest.mark.parametrize("how", ["suspended", "lapsed", "ended"])
def test_P9_P10_the_end_of_a_listing_closes_a_store_and_does_not_destroy_it(
    desk: Desk, core: Core, clock: FakeClock, how: str
) -> None:
    """Any one admin can end a listing, and must not be able to end an organisation's cases."""
    assert desk.put(NOTHING, A) is None
    if how == "suspended":
        note = desk.made.statement(
            desk.shelter, serial=2, kind=Kind.SUSPENDED, signed_by=desk.made.admins[:1]
        )
        desk.made.post(note)
    elif how == "lapsed":
        clock.days_pass(50)
        assert desk.put(hash_of(A), A) is None
        clock.days_pass(41)
        Sweeper(core).run_once()
    else:
        core.database.write(partial(listing.end, key=desk.shelter.key))
    assert desk.read() == "unsigned"
    assert desk.put(hash_of(A), B) == "unsigned"
    desk.made.vet(desk.shelter, serial=3)
    assert core.database.read(lambda x: x.execute(select(member.c.key)).all())
    desk.caller.counters.clear()
    assert desk.read() == A


@ON_SQLITE
def test_a_store_of_another_size_than_now_is_still_read(
    desk: Desk, scene: Scene, core: Core
) -> None:
    """An operator who changes the size loses nobody's cases."""
    larger = b"d" * c.STORE_STEPS[1]
    assert scene.write(
        rows_store, table=table, id_=desk.shelter.key, last_epoch=scene.today + 60, content=larger
    )
    assert desk.read() == larger
    assert desk.put(hash_of(larger), A) is None
    assert desk.read() == A


def rows_store(connection: Any, **given: Any) -> bool:
    """Store a row as the services do."""
    from server.services import rows as services

    return services.store(connection, **given)


@pytest.mark.parametrize("size", [0, 1, 262_143, 262_145, 2 * 1_048_576, 2**40, -1, 1.0, True, "1"])
def test_a_size_that_is_none_of_the_five_is_refused(tmp_path: Path, size: object) -> None:
    """The server does not start, and says which setting it is."""
    given = {"database": "sqlite:///a.db", "keyring": "keys", "store_bytes": size}
    with pytest.raises(BadSettings, match="store_bytes"):
        from_table(given, tmp_path)


@pytest.mark.parametrize("size", c.STORE_STEPS)
def test_each_of_the_five_sizes_is_taken(tmp_path: Path, size: int) -> None:
    """And 1 MiB is what there is where nobody says."""
    given = {"database": "sqlite:///a.db", "keyring": "keys"}
    assert from_table({**given, "store_bytes": size}, tmp_path).store_bytes == size
    assert from_table(given, tmp_path).store_bytes == 1_048_576
