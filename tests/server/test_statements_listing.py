"""What it takes to be listed: k admins of the policy, about what the organisation asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import constants as c
from crypto.public import notes, statements
from crypto.public import policy as policies
from crypto.public.note_signing import Signer, sign_note
from crypto.public.statements import Kind
from server.core import Core
from server.models import organisation
from server.services.network import Loaded
from server.services.refusals import Refusal
from server.services.statements import Posted
from tests.crypto.networks import PROFILE, keys, make_network, seed_of
from tests.server import calling, founding
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene

STRANGER = Signer("stranger", seed_of("stranger"))


LISTED = Posted(listed=True)
OTHER_PROFILE = PROFILE[:-1] + bytes([PROFILE[-1] ^ 2])


def _begin(core: Core) -> tuple[Founded, Organisation]:
    """A network, and an organisation that asks to be listed."""
    return founding.found(core), founding.named("Shelter")


def test_P9_R21_T44_two_admins_list_and_one_does_not(core: Core, scene: Scene) -> None:
    """One admin's signature is refused and leaves nothing; with the second the listing begins."""
    made, shelter = _begin(core)
    before = scene.dump()
    for one in made.admins:
        assert made.vet(shelter, signed_by=[one]) is Refusal.MALFORMED
    assert scene.dump() == before
    assert made.vet(shelter) == LISTED
    assert [one.statement.name for one in made.seen()] == ["Shelter"]
    assert scene.logged() == [1, 2]


@pytest.mark.parametrize("who", ["stranger", "log", "organisation", "member", "former"])
@ON_SQLITE
def test_P9_R21_T44_a_line_that_is_no_current_admins_is_refused(
    core: Core, scene: Scene, who: str
) -> None:
    """With one admin's true line beside it, a line of anybody else spoils the note."""
    made, shelter = _begin(core)
    if who == "former":
        made = _retire_first(made)
    signer = {
        "stranger": STRANGER,
        "log": made.network.log,
        "organisation": Signer(made.admins[0].name, shelter.seed),
        "member": Signer(made.admins[0].name, shelter.member_seed),
        "former": made.admins[0],
    }[who]
    before = scene.dump()
    for signed_by in ([signer], [made.admins[1], signer], [*made.admins[1:], signer]):
        assert made.vet(shelter, signed_by=signed_by) is Refusal.UNSIGNED
    assert scene.dump() == before


@ON_SQLITE
def test_P9_T44_no_changed_byte_of_a_note_lists_anybody(core: Core, scene: Scene) -> None:
    """A note of k admins with a byte changed, added or cut off is refused and stores nothing."""
    made, shelter = _begin(core)
    note, request = made.statement(shelter), made.request(shelter)
    before = scene.dump()
    for at in range(len(note)):
        changed = note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :]
        assert isinstance(made.post(changed, request), Refusal), at
        assert isinstance(made.post(note[:at], request), Refusal), at
    assert isinstance(made.post(note + b"\n", request), Refusal)
    assert scene.dump() == before


@ON_SQLITE
def test_P9_R21_T44_no_changed_byte_of_a_request_lists_anybody(core: Core, scene: Scene) -> None:
    """Nor does what the organisation did not sign, under a note that is right."""
    made, shelter = _begin(core)
    note, request = made.statement(shelter), made.request(shelter)
    before = scene.dump()
    for at in range(len(request)):
        changed = request[:at] + bytes([request[at] ^ 1]) + request[at + 1 :]
        assert isinstance(made.post(note, changed), Refusal), at
        assert isinstance(made.post(note, request[:at]), Refusal), at
    assert made.post(note, request + b"\0") is Refusal.MALFORMED
    forged = request[:-64] + made.request(founding.named("Clinic"))[-64:]
    assert made.post(note, forged) is Refusal.UNSIGNED
    assert scene.dump() == before


@ON_SQLITE
def test_P9_T44_one_admins_line_counts_once(core: Core) -> None:
    """The same admin twice in one note is no note."""
    made, shelter = _begin(core)
    note = made.statement(shelter, signed_by=made.admins[:1])
    twice = note + note.split(b"\n\n")[1]
    assert made.post(twice, made.request(shelter)) is Refusal.MALFORMED
    assert made.directory() == []


def test_P9_T44_T45_a_retired_admins_line_counts_for_nothing(core: Core) -> None:
    """True when she signed, it spoils the note after she was retired."""
    made, shelter = _begin(core)
    note, request = made.statement(shelter), made.request(shelter)
    made = _retire_first(made)
    assert made.post(note, request) is Refusal.UNSIGNED
    assert made.vet(shelter, signed_by=made.admins[1:2]) is Refusal.MALFORMED
    assert made.directory() == []
    assert made.vet(shelter, signed_by=made.admins[1:]) == LISTED
    assert len(made.seen()) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Other Shelter"},
        {"profile": OTHER_PROFILE},
        {"network_id": bytes(32)},
        {"first": 20_781},
        {"first": 20_700, "until": 20_779},
        {"organisation": founding.named("Clinic").key},
    ],
)
@ON_SQLITE
def test_P9_R21_what_nobody_asked_for_or_is_not_of_today_is_refused(
    core: Core, scene: Scene, changes: dict[str, Any]
) -> None:
    """Another name, profile, network or key than the request's, or another day: malformed."""
    made, shelter = _begin(core)
    before = scene.dump()
    assert made.vet(shelter, **changes) is Refusal.MALFORMED
    assert scene.dump() == before


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Other Shelter"},
        {"profile": OTHER_PROFILE},
        {"network_id": bytes(32)},
        {"epoch": 20_781},
        {"epoch": 20_780 - 91},
        {"epoch": 0},
    ],
)
@ON_SQLITE
def test_P9_R21_a_request_for_something_else_or_of_long_ago_is_refused(
    core: Core, scene: Scene, changes: dict[str, Any]
) -> None:
    """What the organisation signed says the same as what the admins signed, and is not old."""
    made, shelter = _begin(core)
    before = scene.dump()
    assert made.vet(shelter, made.request(shelter, **changes)) is Refusal.MALFORMED
    assert scene.dump() == before


@pytest.mark.parametrize("days", [1, 90])
@ON_SQLITE
def test_R21_a_request_may_be_as_old_as_an_application(core: Core, days: int) -> None:
    """Admins take their time."""
    made, shelter = _begin(core)
    assert made.vet(shelter, made.request(shelter, epoch=core.today - days)) == LISTED


@ON_SQLITE
def test_P9_R21_another_organisations_profile_is_refused(core: Core) -> None:
    """An organisation is listed with the profile that it signed itself, and with no other's."""
    made = founding.found(core)
    clinic = founding.named("Clinic", profile=OTHER_PROFILE)
    shelter = founding.named("Shelter")
    swapped = replace(shelter, profile=OTHER_PROFILE)
    assert made.vet(swapped, made.request(shelter)) is Refusal.MALFORMED
    assert made.vet(swapped, made.request(clinic)) is Refusal.MALFORMED
    assert made.vet(clinic) == LISTED


@ON_SQLITE
def test_P9_T45_another_networks_admins_list_nobody(core: Core, scene: Scene) -> None:
    """A statement that holds in another network is refused in this one."""
    made, shelter = _begin(core)
    other = make_network(witnesses=0, witness_threshold=0, name="other")
    before = scene.dump()
    note = other.statement(shelter.seed, shelter.profile, name=shelter.name)
    assert made.post(note, made.request(shelter)) is Refusal.MALFORMED
    assert scene.dump() == before


def test_P9_R21_without_its_own_request_nobody_begins_to_be_listed(
    core: Core, clock: FakeClock
) -> None:
    """Not before one was ever listed, after it was suspended, or after its listing lapsed."""
    made, shelter = _begin(core)
    assert made.post(made.statement(shelter)) is Refusal.MALFORMED
    assert made.vet(shelter) == LISTED
    suspended = made.statement(shelter, kind=Kind.SUSPENDED, serial=2, signed_by=made.admins[:1])
    assert made.post(suspended) == Posted(listed=False)
    assert made.post(made.statement(shelter, serial=3)) is Refusal.MALFORMED
    assert made.vet(shelter, serial=4) == LISTED
    clock.days_pass(91)
    assert made.post(made.statement(shelter, serial=5)) is Refusal.MALFORMED
    assert made.directory() == []


def test_P9_R21_a_renewal_needs_no_request_and_changes_neither_name_nor_profile(
    core: Core, clock: FakeClock
) -> None:
    """With k signatures its days go on; under another name or profile it is refused."""
    made, shelter = _begin(core)
    assert made.vet(shelter) == LISTED
    clock.days_pass(40)
    for changes in ({"name": "Shelter North"}, {"profile": OTHER_PROFILE}):
        assert made.post(made.statement(shelter, serial=2, **changes)) is Refusal.MALFORMED
    one = made.statement(shelter, serial=2, signed_by=made.admins[:1])
    assert made.post(one) is Refusal.MALFORMED
    assert made.post(made.statement(shelter, serial=2)) == LISTED
    (found,) = made.seen()
    assert (found.statement.serial, found.statement.until) == (2, core.today + 90)
    assert made.directory()[0].profile == shelter.profile


def test_P9_a_serial_must_rise(core: Core) -> None:
    """With the last serial, a lower one, and the one of a suspension: malformed."""
    made, shelter = _begin(core)
    assert made.vet(shelter, serial=5) == LISTED
    until = core.today + 80
    for serial in (0, 1, 4, 5):
        assert made.vet(shelter, serial=serial, until=until) is Refusal.MALFORMED
    assert made.vet(shelter, serial=6, until=until) == LISTED


def test_P10_a_statement_sent_again_gets_its_answer_and_stores_nothing(
    core: Core, scene: Scene
) -> None:
    """After a lost answer the same note, or another two admins', finds it done."""
    made, shelter = _begin(core)
    assert made.vet(shelter) == LISTED
    before = scene.dump()
    for signers in (made.admins[:2], made.admins[1:], made.admins):
        assert made.vet(shelter, signed_by=signers) == LISTED
    assert scene.dump() == before


def test_P9_T45_a_listing_that_a_new_policy_ended_is_not_said_to_stand(core: Core) -> None:
    """Its text again, with lines of admins who stay, does not bring it back: the serial is used."""
    made, shelter = _begin(core)
    made.vet(shelter)
    made = _retire_first(made)
    assert made.directory() == []
    stay = made.admins[1:]
    assert made.vet(shelter, signed_by=stay) is Refusal.MALFORMED
    assert made.vet(shelter, serial=2, signed_by=stay) == LISTED
    assert len(made.seen()) == 1


def test_P9_a_member_of_another_organisation_is_not_taken_over(core: Core) -> None:
    """A request that names somebody else's member key lists nobody, and she signs on."""
    made = founding.found(core)
    clinic, shelter = made.organisation("Clinic"), founding.named("Shelter")
    request = made.request(shelter, member_key=clinic.member_key)
    assert made.vet(shelter, request) is Refusal.MALFORMED
    assert [one.statement.name for one in made.seen()] == ["Clinic"]


def test_R21_a_listing_carries_as_many_lines_as_a_record_has_room_for(core: Core) -> None:
    """Three lines at most, of which k are enough."""
    made, shelter = _begin(core)
    assert made.vet(shelter, signed_by=made.admins) == LISTED
    (one,) = made.directory()
    assert len(notes.parse(one.statement).lines) == 3 == c.THRESHOLD_MOST
    assert statements.check(one.statement, made.network.policy, core.today).name == "Shelter"


def test_P9_P10_two_admins_who_post_at_one_moment_list_once(core: Core, scene: Scene) -> None:
    """However two posts of one text meet, with different lines, there is one entry."""
    made = founding.found(core)
    for number in range(12):
        shelter = founding.named(f"Shelter {number}")
        posts = [
            (made.statement(shelter, signed_by=signers), made.request(shelter))
            for signers in (made.admins[:2], made.admins[1:])
        ]
        assert _at_once(made, posts) == [LISTED, LISTED]
    assert len(made.seen()) == 12
    assert scene.count(organisation) == 12
    assert scene.logged() == [1, *[2] * 12]


def test_P9_P10_many_at_one_moment_make_one_log(core: Core) -> None:
    """Listings that meet stand in the log one after the other, and each has its proof."""
    made = founding.found(core)
    many = [founding.named(f"Shelter {number}") for number in range(8)]
    answers = _at_once(made, [(made.statement(one), made.request(one)) for one in many])
    assert answers == [LISTED] * 8
    assert len(made.seen()) == 8


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"listing": b""}, "malformed"),
        ({"listing": bytes(514)}, "malformed"),
        ({"listing": b"\x02" * 300}, "malformed"),
        ({"note": b""}, "malformed"),
        ({"note": b"x" * 900}, "malformed"),
        ({"drafts": []}, "malformed"),
    ],
)
@ON_SQLITE
def test_junk_over_http_is_malformed(
    core: Core, client: FlaskClient, changes: dict[str, Any], kind: str
) -> None:
    """Bytes that are no note or no request are refused as such; a listing may be null."""
    made, shelter = _begin(core)
    right = {"note": made.statement(shelter), "listing": made.request(shelter)}
    path = "/v1/statements"
    assert calling.problem(calling.post(client, path, **{**right, **changes})) == kind
    assert calling.post(client, path, **right).get_json() == {"listed": True}
    renewed = {"note": made.statement(shelter, serial=2), "listing": None}
    assert calling.post(client, path, **renewed).get_json() == {"listed": True}


def _at_once(made: Founded, posts: Sequence[tuple[bytes, bytes]]) -> list[Posted | Refusal]:
    """Post all of these at the same moment, each in a thread of its own."""
    barrier, answers = Barrier(len(posts)), []

    def post(note: bytes, request: bytes) -> None:
        barrier.wait()
        answers.append(made.post(note, request))

    threads = [Thread(target=post, args=one) for one in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _retire_first(made: Founded) -> Founded:
    """The network after its first admin was retired and another joined."""
    changed = replace(
        made.network.policy,
        version=2,
        admins=keys((*made.admins[1:], Signer("z-new", seed_of("z-new")))),
        former_admins=(made.admins[0].key,),
    )
    note = sign_note(policies.format_text(changed), *made.admins[1:])
    assert isinstance(made.load(note), Loaded)
    return Founded(made.core, replace(made.network.at(note), admins=made.admins))
