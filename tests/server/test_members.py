"""What members say of their organisation: who signs for it, its weekly keys, its room."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import constants as c
from crypto.encoding import monday
from crypto.public import sealing
from crypto.public.keys import weekly_key_id
from server.core import Core
from server.models import member, weekly_key
from server.services import listing
from tests.crypto.networks import seed_of
from tests.server import founding
from tests.server.calling import Caller, problem
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene

MEMBERS = "/v1/organisations/me/members"
WEEKLY = "/v1/organisations/me/weekly-key"
ROOM = "/v1/organisations/me/capacity"
OPEN = {"walk_ins": True, "capacity": 1}


class Desk:
    """A listed organisation and a way to call for its members."""

    def __init__(self, core: Core, client: FlaskClient) -> None:
        self.made: Founded = founding.found(core)
        self.shelter: Organisation = self.made.organisation("Shelter")
        self.caller = Caller(client, self.made.network_id)

    def put(self, path: str, values: dict[str, Any], seed: bytes = b"") -> str | None:
        """Put something as the first member; the problem that was answered, if any."""
        return problem(self.caller(seed or self.shelter.member_seed, "PUT", path, values))

    def put_members(self, *keys: bytes) -> str | None:
        """Put these members, in ascending order."""
        return self.put(MEMBERS, {"members": sorted(keys)})

    def put_weekly_key(
        self, of: Organisation, first: int, name: str = "week", replaces: bytes | None = None
    ) -> str | None:
        """Put a weekly key."""
        key = self.made.weekly_key(of, first, name)
        return self.put(WEEKLY, {"weekly_key": key, "replaces": replaces})

    def weekly_keys(self) -> tuple[bytes, ...]:
        """Those that the directory shows."""
        return self.made.directory()[0].weekly_keys


@pytest.fixture
def desk(core: Core, client: FlaskClient) -> Desk:
    """A listed organisation with one member."""
    return Desk(core, client)


SECOND, THIRD = founding.named("second"), founding.named("third")


def test_P9_R31_T43_who_is_not_named_signs_no_more(desk: Desk, scene: Scene) -> None:
    """A member who was taken off the list is gone with her row; those who stay sign on."""
    first = desk.shelter
    assert desk.put_members(first.member_key, SECOND.member_key, THIRD.member_key) is None
    for seed in (first.member_seed, SECOND.member_seed, THIRD.member_seed):
        assert desk.put(ROOM, OPEN, seed) is None
    assert desk.put_members(first.member_key, THIRD.member_key) is None
    assert desk.put(ROOM, OPEN, SECOND.member_seed) == "unsigned"
    assert desk.put(ROOM, OPEN, THIRD.member_seed) is None
    assert scene.count(member) == 2


def test_R31_a_member_can_leave_by_herself(desk: Desk) -> None:
    """She puts a list without her own key, and that was her last call."""
    assert desk.put_members(SECOND.member_key) is None
    assert desk.put(ROOM, OPEN) == "unsigned"
    assert desk.put(ROOM, OPEN, SECOND.member_seed) is None


def test_P10_who_stays_keeps_her_counter(desk: Desk, scene: Scene) -> None:
    """A list that is put again, or grows, gives nobody an old signature back."""
    first = desk.shelter
    for keys in ([first.member_key], [first.member_key, SECOND.member_key]):
        assert desk.put_members(*keys) is None
    rows = {row[0]: row[2] for row in scene.dump()["member"]}
    assert rows == {first.member_key: 2, SECOND.member_key: 0}


@pytest.mark.parametrize("count", [0, 17])
@ON_SQLITE
def test_R31_a_list_of_none_or_too_many_is_refused(desk: Desk, scene: Scene, count: int) -> None:
    """An organisation has 1 to 16 members."""
    keys = [founding.named(f"member {number}").member_key for number in range(count)]
    assert desk.put_members(*keys) == "malformed"
    assert scene.count(member) == 1
    assert desk.put_members(desk.shelter.member_key, *keys[:15]) is None


@ON_SQLITE
def test_a_list_out_of_order_or_with_a_key_twice_is_refused(desk: Desk, scene: Scene) -> None:
    """There is one way to write each list."""
    ascending = sorted([desk.shelter.member_key, SECOND.member_key, THIRD.member_key])
    for keys in (ascending[::-1], [*ascending, ascending[-1]], [ascending[0], *ascending]):
        assert desk.put(MEMBERS, {"members": keys}) == "malformed"
    for key in (bytes(31), bytes(33), b""):
        assert desk.put(MEMBERS, {"members": [key]}) == "malformed"
    assert scene.count(member) == 1


def test_P9_a_member_of_another_listed_organisation_is_not_taken(desk: Desk, core: Core) -> None:
    """One key signs for one organisation; once the other is not listed, the key is free."""
    clinic = desk.made.organisation("Clinic")
    assert desk.put_members(desk.shelter.member_key, clinic.member_key) == "malformed"
    assert desk.put(ROOM, OPEN, clinic.member_seed) is None
    core.database.write(partial(listing.end, key=clinic.key))
    assert desk.put_members(desk.shelter.member_key, clinic.member_key) is None


def test_T27_rows_of_a_listing_that_lapsed_stand_in_nobodys_way(
    core: Core, client: FlaskClient, clock: FakeClock
) -> None:
    """Before the sweeper comes round, a key of an organisation whose day is over is free."""
    made = founding.found(core)
    clinic = made.organisation("Clinic")
    clock.days_pass(91)
    shelter = made.organisation("Shelter")
    caller = Caller(client, made.network_id)
    keys = {"members": sorted([shelter.member_key, clinic.member_key])}
    assert problem(caller(shelter.member_seed, "PUT", MEMBERS, keys)) is None
    assert problem(caller(clinic.member_seed, "PUT", ROOM, OPEN)) is None
    assert [one.capacity for one in made.directory()] == [1]


def test_R10_the_first_weekly_key_of_a_week_stays(desk: Desk, core: Core) -> None:
    """The same again is fine; another for the same week is taken, for the next week it is not."""
    this = monday(core.today)
    assert desk.put_weekly_key(desk.shelter, this) is None
    assert desk.put_weekly_key(desk.shelter, this) is None
    assert desk.put_weekly_key(desk.shelter, this, "another") == "taken"
    assert desk.put_weekly_key(desk.shelter, this + 7, "another") is None
    shown = [
        desk.made.weekly_key(desk.shelter, this),
        desk.made.weekly_key(desk.shelter, this + 7, "another"),
    ]
    assert list(desk.weekly_keys()) == shown


@pytest.mark.parametrize("weeks", [-2, -1, 2, 52])
@ON_SQLITE
def test_R10_a_weekly_key_of_another_week_is_refused(desk: Desk, scene: Scene, weeks: int) -> None:
    """Last week's is over, and one of a later week would lie about for long."""
    first = monday(desk.made.core.today) + 7 * weeks
    assert desk.put_weekly_key(desk.shelter, first) == "malformed"
    assert scene.count(weekly_key) == 0


@ON_SQLITE
def test_P2_T16_only_the_organisation_makes_its_weekly_key(desk: Desk, scene: Scene) -> None:
    """Another organisation's, one signed by a member, or one with a changed byte: refused."""
    this = monday(desk.made.core.today)
    clinic = desk.made.organisation("Clinic")
    assert desk.put_weekly_key(clinic, this) == "unsigned"
    impostor = founding.Organisation(
        name="Shelter", seed=desk.shelter.member_seed, member_seed=seed_of("x")
    )
    assert desk.put_weekly_key(impostor, this) == "unsigned"
    true = desk.made.weekly_key(desk.shelter)
    for at in [*range(45), *range(45, len(true), 97), len(true) - 1]:
        changed = true[:at] + bytes([true[at] ^ 1]) + true[at + 1 :]
        assert desk.put(WEEKLY, {"weekly_key": changed, "replaces": None}) in (
            "unsigned",
            "malformed",
        ), at
    assert scene.count(weekly_key) == 0


@ON_SQLITE
def test_a_weekly_key_of_another_length_is_malformed(desk: Desk) -> None:
    """1,321 bytes and no others."""
    true = desk.made.weekly_key(desk.shelter)
    for wrong in (true[:-1], true + b"\0", b""):
        assert desk.put(WEEKLY, {"weekly_key": wrong, "replaces": None}) == "malformed"


def id_of(name: str) -> bytes:
    """The id of the weekly key that is made of a name."""
    return weekly_key_id(sealing.public_key(seed_of(name)))


def test_R31_T42_a_weekly_key_takes_the_place_of_the_one_it_names(desk: Desk, core: Core) -> None:
    """The directory shows the new one from then on, and the leaver's is shown no more."""
    this = monday(core.today)
    assert desk.put_weekly_key(desk.shelter, this) is None
    assert desk.put_weekly_key(desk.shelter, this, "another", id_of("week")) is None
    assert desk.weekly_keys() == (desk.made.weekly_key(desk.shelter, this, "another"),)
    # A lost answer: the same again, whatever it is to replace.
    assert desk.put_weekly_key(desk.shelter, this, "another", id_of("week")) is None
    assert desk.put_weekly_key(desk.shelter, this, "another") is None
    assert desk.put_weekly_key(desk.shelter, this, "week") == "taken"
    assert desk.put_weekly_key(desk.shelter, this, "week", id_of("week")) == "stale"
    assert desk.weekly_keys() == (desk.made.weekly_key(desk.shelter, this, "another"),)


@ON_SQLITE
def test_R31_a_weekly_key_that_names_what_is_not_there_is_stale(desk: Desk, scene: Scene) -> None:
    """None lies there, another does, or that of another week: nothing is stored."""
    this = monday(desk.made.core.today)
    assert desk.put_weekly_key(desk.shelter, this, "new", id_of("week")) == "stale"
    assert scene.count(weekly_key) == 0
    assert desk.put_weekly_key(desk.shelter, this, "week") is None
    assert desk.put_weekly_key(desk.shelter, this + 7, "next") is None
    for wrong in (id_of("new"), id_of("next"), bytes(16), id_of("week")[::-1]):
        assert desk.put_weekly_key(desk.shelter, this, "new", wrong) == "stale"
    for malformed in (b"", bytes(15), bytes(17), id_of("week") + b"x"):
        assert desk.put_weekly_key(desk.shelter, this, "new", malformed) == "malformed"
    true = desk.made.weekly_key(desk.shelter, this, "new")
    assert desk.put(WEEKLY, {"weekly_key": true}) == "malformed"
    shown = [
        desk.made.weekly_key(desk.shelter, this),
        desk.made.weekly_key(desk.shelter, this + 7, "next"),
    ]
    assert list(desk.weekly_keys()) == shown


@ON_SQLITE
def test_P2_T16_replacing_asks_for_the_organisations_signature_too(desk: Desk) -> None:
    """Whoever names the key that lies there still can't put one of her own."""
    this = monday(desk.made.core.today)
    clinic = desk.made.organisation("Clinic")
    assert desk.put_weekly_key(desk.shelter, this) is None
    assert desk.put_weekly_key(clinic, this, "new", id_of("week")) == "unsigned"
    put = {"weekly_key": desk.made.weekly_key(clinic, this, "new"), "replaces": id_of("week")}
    assert desk.put(WEEKLY, put, clinic.member_seed) == "stale"
    assert desk.put_weekly_key(desk.shelter, this - 7, "new", id_of("week")) == "malformed"
    shown = {key for one in desk.made.directory() for key in one.weekly_keys}
    assert shown == {desk.made.weekly_key(desk.shelter, this)}


def test_T27_a_weekly_key_ends_a_week_after_its_week(desk: Desk, scene: Scene, core: Core) -> None:
    """Its row's last epoch is the end of the week of grace."""
    this = monday(core.today)
    desk.put_weekly_key(desk.shelter, this)
    (row,) = scene.dump()["weekly_key"]
    assert row[-1] == this + 6 + c.WEEKLY_KEY_GRACE_DAYS


def test_R10_a_provider_opens_and_closes_walk_ins(desk: Desk) -> None:
    """Closed until it says otherwise; what it said last is shown."""
    shown = []
    for values in (None, OPEN, {"walk_ins": False, "capacity": None}):
        assert values is None or desk.put(ROOM, values) is None
        (one,) = desk.made.directory()
        shown.append((one.walk_ins, one.capacity))
    assert shown == [(False, None), (True, 1), (False, None)]


@pytest.mark.parametrize(
    "values",
    [
        {"walk_ins": True, "capacity": 0},
        {"walk_ins": True, "capacity": 65_536},
        {"walk_ins": True, "capacity": -1},
        {"walk_ins": 1, "capacity": 1},
        {"walk_ins": None, "capacity": 1},
        {"walk_ins": True, "capacity": "1"},
        {"walk_ins": True, "capacity": 1.0},
        {"walk_ins": True},
        {"walk_ins": True, "capacity": 1, "note": "free text"},
    ],
)
@ON_SQLITE
def test_P12_nothing_but_coded_room_is_taken(desk: Desk, values: dict[str, Any]) -> None:
    """No other number, type or key, and no free text."""
    assert desk.put(ROOM, values) == "malformed"
    (one,) = desk.made.directory()
    assert (one.walk_ins, one.capacity) == (False, None)


def test_P9_a_call_is_for_the_members_own_organisation(desk: Desk) -> None:
    """What one organisation's member says changes nothing of another's listing."""
    clinic = desk.made.organisation("Clinic")
    assert desk.put(ROOM, OPEN, clinic.member_seed) is None
    shown = {one.statement.organisation: one for one in desk.made.seen()}
    assert len(shown) == 2
    rooms = [(one.walk_ins, one.capacity) for one in desk.made.directory()]
    assert sorted(rooms, key=str) == [(False, None), (True, 1)]
