"""How a listing ends before its day: one admin suspends, or a new statement takes its place."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import errors
from crypto.constants import SERIAL_MOST
from crypto.encoding import monday
from crypto.public import checkpoint, statements, suspensions
from crypto.public.note_signing import Signer
from crypto.public.statements import Kind
from server.core import Core
from server.models import member, organisation, suspension, token_batch, weekly_key
from server.services import expiry, listing, members, network
from server.services.refusals import Refusal
from server.services.statements import Posted
from tests.crypto.networks import PROFILE
from tests.server import calling, founding
from tests.server.calling import Caller
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene

ROOM = "/v1/organisations/me/capacity"
OTHER_PROFILE = PROFILE[:-1] + bytes([PROFILE[-1] ^ 2])
SUSPENDED, LISTED = Posted(listed=False), Posted(listed=True)


def _suspend(made: Founded, of: Organisation, serial: int, **changes: Any) -> Posted | Refusal:
    """One admin alone suspends."""
    said = {"serial": serial, "signed_by": made.admins[:1], **changes}
    return made.post(made.statement(of, kind=Kind.SUSPENDED, **said))


def _vet(made: Founded, of: Organisation, serial: int, **changes: Any) -> Posted | Refusal:
    """The organisation asks again, and k admins sign."""
    return made.vet(of, serial=serial, **changes)


def _lines(made: Founded) -> dict[bytes, int]:
    """The suspension list as everybody gets it, checked with the newest checkpoint."""
    shown = made.document()
    held = checkpoint.check_newest(shown.checkpoint, made.network.policy)
    listed = suspensions.check(shown.suspensions, held.checkpoint, made.network_id)
    return {one.start: one.serial for one in listed.ended}


def _sweep(core: Core) -> None:
    """What the sweeper does of a night with the list."""
    work = partial(expiry.delete_rows, table=suspension, today=core.today, at_most=100)
    core.database.write(work)


def _refresh(core: Core) -> bool:
    work = partial(network.refresh, keyring=core.keyring, today=core.today, random=core.random)
    return core.database.write(work)


def test_P9_R21_T44_one_admin_suspends_at_once(
    core: Core, client: FlaskClient, scene: Scene
) -> None:
    """With one signature the listing is gone, its members sign no more, and the list says so."""
    made = founding.found(core)
    shelter, clinic = made.organisation("Shelter"), made.organisation("Clinic")
    key = made.weekly_key(shelter)
    put = partial(
        members.put_weekly_key,
        mine=shelter.key,
        signed_key=key,
        today=core.today,
        keyring=core.keyring,
    )
    core.database.write(put)
    caller = Caller(client, made.network_id)
    room = {"walk_ins": True, "capacity": 1}
    assert caller(shelter.member_seed, "PUT", ROOM, room).status_code == 200
    assert _suspend(made, shelter, 7) == SUSPENDED
    assert [one.statement.organisation for one in made.seen()] == [clinic.key]
    assert _lines(made) == {shelter.key[:12]: 8}
    assert calling.problem(caller(shelter.member_seed, "PUT", ROOM, room)) == "unsigned"
    left = {table.name: scene.count(table) for table in (organisation, member, weekly_key)}
    assert left == {"organisation": 1, "member": 1, "weekly_key": 0}


@ON_SQLITE
def test_P9_T44_suspending_takes_an_admins_signature(core: Core, scene: Scene) -> None:
    """The organisation itself, a member, the log or a forged line suspend nobody."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    admin = made.admins[0]
    before = scene.dump()
    for seed in (shelter.seed, shelter.member_seed, made.network.log.seed):
        signer = Signer(admin.name, seed)
        assert _suspend(made, shelter, 2, signed_by=[signer]) is Refusal.UNSIGNED
    true = made.statement(shelter, kind=Kind.SUSPENDED, serial=2, signed_by=[admin])
    assert made.post(true.replace(b"serial 2", b"serial 3")) is Refusal.UNSIGNED
    listing_note = made.statement(shelter, serial=2, signed_by=[admin])
    forged = listing_note.replace(b"kind vetted", b"kind suspended")
    assert made.post(forged) is Refusal.UNSIGNED
    assert scene.dump() == before


@ON_SQLITE
def test_P9_one_admin_fills_neither_log_nor_list(core: Core, scene: Scene) -> None:
    """Where nothing is left to end, because nobody was listed or all has ended, it is refused."""
    made = founding.found(core)
    assert _suspend(made, founding.named("Nobody"), 1) is Refusal.MALFORMED
    shelter = made.organisation("Shelter")
    assert _suspend(made, shelter, 2) == SUSPENDED
    before = scene.dump()
    for serial in (1, 2, 3, 99, SERIAL_MOST):
        days = {"until": core.today + 80}
        assert _suspend(made, shelter, serial, **days) is Refusal.MALFORMED
    assert scene.dump() == before


@ON_SQLITE
def test_P9_T44_no_listing_is_beyond_suspending(core: Core) -> None:
    """The highest serial lists nobody, so that one admin can always end what k have listed."""
    made = founding.found(core)
    shelter = founding.named("Shelter")
    assert _vet(made, shelter, SERIAL_MOST) is Refusal.MALFORMED
    assert _vet(made, shelter, SERIAL_MOST - 1) == LISTED
    assert _suspend(made, shelter, SERIAL_MOST) == SUSPENDED
    assert _lines(made) == {shelter.key[:12]: SERIAL_MOST + 1}
    assert made.seen() == []


@ON_SQLITE
def test_P9_a_suspension_of_other_days_or_an_old_serial_is_refused(core: Core) -> None:
    """One that has ended, has not begun, has an old serial or a request beside it ends nothing."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    today = core.today
    assert _suspend(made, shelter, 2, first=today - 9, until=today - 1) is Refusal.MALFORMED
    assert _suspend(made, shelter, 2, first=today + 1) is Refusal.MALFORMED
    assert _suspend(made, shelter, 1) is Refusal.MALFORMED
    with_request = made.statement(shelter, kind=Kind.SUSPENDED, serial=2, signed_by=made.admins[:1])
    assert made.post(with_request, made.request(shelter)) is Refusal.MALFORMED
    assert len(made.seen()) == 1
    assert _suspend(made, shelter, 2, until=today + 5_000) == SUSPENDED


def test_P10_a_suspension_sent_again_stores_nothing_and_never_ends_a_later_listing(
    core: Core, scene: Scene
) -> None:
    """The same note gets its answer, and after k admins have lifted it, it is an old serial."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    assert _suspend(made, shelter, 2) == SUSPENDED
    before = scene.dump()
    assert _suspend(made, shelter, 2) == SUSPENDED
    assert scene.dump() == before
    assert _vet(made, shelter, 3) == LISTED
    assert _suspend(made, shelter, 2) is Refusal.MALFORMED
    assert len(made.seen()) == 1


def test_P9_T44_k_admins_lift_a_suspension_and_nothing_old_comes_back(core: Core) -> None:
    """One admin can't lift it, nor a serial at or below it; the old statement stays ended."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    old = made.directory()[0].statement
    _suspend(made, shelter, 4)
    for serial in (1, 2, 3, 4):
        assert _vet(made, shelter, serial) is Refusal.MALFORMED
    assert _vet(made, shelter, 5, signed_by=made.admins[:1]) is Refusal.MALFORMED
    assert made.directory() == []
    assert _vet(made, shelter, 5) == LISTED
    assert [one.statement.serial for one in made.seen()] == [5]
    assert _lines(made) == {shelter.key[:12]: 5}
    listed = suspensions.parse(made.document().suspensions)
    said = statements.check(old, made.network.policy, core.today)
    with pytest.raises(errors.Suspended):
        suspensions.check_not_suspended(listed, said.organisation, said.serial)


def test_R31_after_a_suspension_nobody_but_the_new_applicant_signs(
    core: Core, client: FlaskClient
) -> None:
    """Members of before are not members again when the organisation is listed anew."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    other = founding.named("another device")
    caller = Caller(client, made.network_id)
    keys = sorted([shelter.member_key, other.member_key])
    path = "/v1/organisations/me/members"
    assert caller(shelter.member_seed, "PUT", path, {"members": keys}).status_code == 200
    _suspend(made, shelter, 2)
    anew = made.request(shelter, member_key=founding.named("new device").member_key)
    assert made.vet(shelter, anew, serial=3) == LISTED
    room = {"walk_ins": True, "capacity": None}
    for seed in (shelter.member_seed, other.member_seed):
        assert calling.problem(caller(seed, "PUT", ROOM, room)) == "unsigned"
    assert caller(founding.named("new device").member_seed, "PUT", ROOM, room).status_code == 200


@pytest.mark.parametrize("what", ["name", "profile"])
def test_P9_R22_another_name_or_profile_ends_the_statement_before(core: Core, what: str) -> None:
    """Nobody can go on showing the older, cleaner profile: the list ends it at once."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    changed = founding.Organisation(
        name="Shelter North" if what == "name" else "Shelter",
        seed=shelter.seed,
        member_seed=shelter.member_seed,
        profile=OTHER_PROFILE if what == "profile" else PROFILE,
    )
    assert _vet(made, changed, 5) == LISTED
    assert _lines(made) == {shelter.key[:12]: 5}
    assert [one.statement.serial for one in made.seen()] == [5]
    assert made.directory()[0].profile == changed.profile


def test_P9_a_renewal_ends_nothing_and_keeps_everybody(
    core: Core, client: FlaskClient, clock: FakeClock
) -> None:
    """Later days alone need no line; members, counters, weekly keys and room stay as they are."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    caller = Caller(client, made.network_id)
    assert (
        caller(shelter.member_seed, "PUT", ROOM, {"walk_ins": True, "capacity": 9}).status_code
        == 200
    )
    values = {"weekly_key": made.weekly_key(shelter), "replaces": None}
    path = "/v1/organisations/me/weekly-key"
    assert caller(shelter.member_seed, "PUT", path, values).status_code == 200
    clock.days_pass(1)
    before = made.directory()[0]
    assert _vet(made, shelter, 2) == LISTED
    after = made.directory()[0]
    assert _lines(made) == {}
    assert after.statement != before.statement
    assert (after.walk_ins, after.capacity) == (True, 9)
    assert after.weekly_keys == before.weekly_keys
    clock.days_pass(90)
    headers = caller.headers(
        shelter.member_seed, "PUT", ROOM, {"walk_ins": True, "capacity": 1}, counter=2
    )
    late = calling.call(client, "PUT", ROOM, {"walk_ins": True, "capacity": 1}, headers)
    assert (calling.problem(late), late.get_json()["counter"]) == ("counter", 2)


def test_P9_a_number_never_falls(core: Core) -> None:
    """After suspensions and new profiles in turn, the line has the highest serial of all."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    other = founding.Organisation(
        name="Shelter", seed=shelter.seed, member_seed=shelter.member_seed, profile=OTHER_PROFILE
    )
    steps: list[tuple[Callable[[], object], int]] = [
        (lambda: _suspend(made, shelter, 10), 11),
        (lambda: _vet(made, shelter, 11), 11),
        (lambda: _vet(made, shelter, 12, until=core.today + 80), 11),
        (lambda: _vet(made, other, 13), 13),
        (lambda: _vet(made, shelter, 14), 14),
        (lambda: _suspend(made, shelter, 15), 16),
    ]
    for step, line in steps:
        assert isinstance(step(), Posted)
        assert _lines(made) == {shelter.key[:12]: line}


def test_P7_a_line_stays_as_long_as_what_it_ends_and_no_longer(
    core: Core, clock: FakeClock, scene: Scene
) -> None:
    """It is there on the last day of the last statement below it, and gone the day after."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    clock.days_pass(3)
    assert _suspend(made, shelter, 2) == SUSPENDED
    clock.days_pass(87)
    _sweep(core)
    _refresh(core)  # issuing keys have been logged since
    before = made.document().checkpoint
    assert not _refresh(core)
    assert (_lines(made), made.document().checkpoint) == ({shelter.key[:12]: 3}, before)
    clock.days_pass(1)
    _sweep(core)
    assert scene.count(suspension) == 0
    assert _refresh(core)
    assert _lines(made) == {}
    assert not _refresh(core)


def test_P9_serials_rise_even_after_the_line_has_gone(core: Core, clock: FakeClock) -> None:
    """What was suspended long ago needs a higher serial still."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    _suspend(made, shelter, 5)
    clock.days_pass(120)
    _sweep(core)
    _refresh(core)
    assert _vet(made, shelter, 5) is Refusal.MALFORMED
    assert _vet(made, shelter, 6) == LISTED


def test_the_checkpoint_is_left_alone_where_the_list_is_the_same(core: Core) -> None:
    """Refreshing every night signs nothing new on most nights, and nothing before founding."""
    assert not _refresh(core)
    made = founding.found(core)
    before = made.document().checkpoint
    assert not _refresh(core)
    assert made.document().checkpoint == before


def test_P9_every_change_of_a_listing_is_in_the_log(core: Core, scene: Scene) -> None:
    """Founding, listing, renewing and suspending are one entry each; refusals are none."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    _vet(made, shelter, 2)
    assert _vet(made, shelter, 3, signed_by=made.admins[:1]) is Refusal.MALFORMED
    _suspend(made, shelter, 4)
    _suspend(made, shelter, 1)
    assert scene.logged() == [1, 2, 2, 2]


def test_P9_what_was_drawn_this_week_is_not_drawn_again_after_a_suspension(
    core: Core, client: FlaskClient, scene: Scene
) -> None:
    """Ending and beginning a listing gives an organisation no further batches."""
    made = founding.found(core)
    shelter = made.organisation("Shelter")
    core.database.write(
        lambda connection: connection.execute(
            token_batch.insert().values(
                organisation=shelter.key,
                week=monday(core.today),
                batch_hash=bytes(32),
                last_epoch=monday(core.today) + 6,
            )
        )
    )
    _suspend(made, shelter, 2)
    assert _vet(made, shelter, 3) == LISTED
    assert scene.count(token_batch) == 1


def test_ending_what_is_not_listed_does_nothing(core: Core, scene: Scene) -> None:
    """The end of a listing can be asked for twice."""
    made = founding.found(core)
    made.organisation("Shelter")
    before = scene.dump()
    core.database.write(partial(listing.end, key=bytes(32)))
    assert scene.dump() == before
