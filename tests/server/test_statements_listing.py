"""What it takes to be listed: k admins of the policy, about what the organisation applied with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest

from crypto import constants as c
from crypto.public import notes, statements
from crypto.public import policy as policies
from crypto.public.note_signing import Signer, sign_note
from server.core import Core
from server.models import log_entry, organisation
from server.services.applications import HandedIn
from server.services.network import Loaded
from server.services.refusals import Refusal
from server.services.statements import Posted
from tests.crypto.networks import PROFILE, keys, make_network, seed_of
from tests.server import founding
from tests.server.founding import ON_SQLITE, Founded, Organisation
from tests.server.scene import FakeClock, Scene

STRANGER = Signer("stranger", seed_of("stranger"))


def _begin(core: Core) -> tuple[Founded, Organisation]:
    """A network, and an organisation that has applied."""
    made, shelter = founding.found(core), founding.named("Shelter")
    assert made.apply(shelter) == HandedIn(is_new=True)
    return made, shelter


def _drafts(made: Founded) -> list[int]:
    """How many lines each draft has."""
    return sorted(len(notes.parse(draft).lines) for one in made.open() for draft in one.drafts)


def test_P9_R21_T44_two_admins_list_and_one_does_not(core: Core, scene: Scene) -> None:
    """One admin's signature waits with the application; with the second the listing begins."""
    made, shelter = _begin(core)
    first, second = (made.statement(shelter, signed_by=[one]) for one in made.admins[:2])
    for _ in range(3):
        assert made.post(first) == Posted(signatures=1, needed=2, listed=False)
    assert (made.directory(), scene.count(log_entry), _drafts(made)) == ([], 1, [1])
    assert made.post(second) == Posted(signatures=2, needed=2, listed=True)
    assert [one.statement.name for one in made.seen()] == ["Shelter"]
    assert made.open() == []


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
        assert made.post(made.statement(shelter, signed_by=signed_by)) is Refusal.UNSIGNED
    assert scene.dump() == before


@ON_SQLITE
def test_P9_T44_no_changed_byte_of_a_note_lists_anybody(core: Core, scene: Scene) -> None:
    """A note of k admins with a byte changed or added is refused, and cut off it lists nobody."""
    made, shelter = _begin(core)
    note = made.statement(shelter)
    before = scene.dump()
    for at in range(len(note)):
        changed = note[:at] + bytes([note[at] ^ 1]) + note[at + 1 :]
        assert isinstance(made.post(changed), Refusal), at
    assert isinstance(made.post(note + b"\n"), Refusal)
    assert scene.dump() == before
    cut = [made.post(note[:at]) for at in range(0, len(note), 7)]
    assert all(isinstance(one, Refusal) or not one.listed for one in cut)
    assert made.directory() == []


@ON_SQLITE
def test_P9_T44_one_admins_line_counts_once(core: Core) -> None:
    """The same admin twice in one note, or in two posts, is one admin."""
    made, shelter = _begin(core)
    note = made.statement(shelter, signed_by=made.admins[:1])
    twice = note + note.split(b"\n\n")[1]
    assert made.post(twice) is Refusal.MALFORMED
    made.post(note)
    assert made.post(note) == Posted(signatures=1, needed=2, listed=False)
    assert made.directory() == []


def test_P9_T44_lines_under_different_texts_are_never_put_together(core: Core) -> None:
    """Two admins who signed texts that differ in a day have not agreed."""
    made, shelter = _begin(core)
    one = made.statement(shelter, signed_by=made.admins[:1])
    other = made.statement(shelter, signed_by=made.admins[1:2], until=core.today + 89)
    assert made.post(one) == made.post(other) == Posted(signatures=1, needed=2, listed=False)
    assert (made.directory(), _drafts(made)) == ([], [1, 1])
    third = made.statement(shelter, signed_by=made.admins[2:], until=core.today + 89)
    assert made.post(third) == Posted(signatures=2, needed=2, listed=True)
    assert made.seen()[0].statement.until == core.today + 89


def test_what_an_admin_signed_last_is_her_word(core: Core) -> None:
    """A later text takes her line from the earlier one: there are never more drafts than admins."""
    made, shelter = _begin(core)
    for days in range(20):
        until = core.today + 90 - days
        note = made.statement(shelter, signed_by=made.admins[:1], until=until)
        assert made.post(note) == Posted(signatures=1, needed=2, listed=False)
    assert _drafts(made) == [1]
    old = made.statement(shelter, signed_by=made.admins[1:2])
    assert made.post(old) == Posted(signatures=1, needed=2, listed=False)
    assert made.directory() == []


def test_P9_T44_T45_a_retired_admins_draft_counts_for_nothing(core: Core) -> None:
    """Her line, true when it came, does not complete a statement after she was retired."""
    made, shelter = _begin(core)
    made.post(made.statement(shelter, signed_by=made.admins[:1]))
    made = _retire_first(made)
    second = made.statement(shelter, signed_by=made.admins[1:2])
    assert made.post(second) == Posted(signatures=1, needed=2, listed=False)
    assert made.directory() == []
    third = made.statement(shelter, signed_by=made.admins[2:3])
    assert made.post(third) == Posted(signatures=2, needed=2, listed=True)
    assert len(made.seen()) == 1


OTHER_PROFILE = PROFILE[:-1] + bytes([PROFILE[-1] ^ 2])


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
def test_P9_R21_what_nobody_applied_with_or_is_not_of_today_is_refused(
    core: Core, scene: Scene, changes: dict[str, Any]
) -> None:
    """Another name, profile, network or key than the application's, or another day: malformed."""
    made, shelter = _begin(core)
    before = scene.dump()
    assert made.post(made.statement(shelter, **changes)) is Refusal.MALFORMED
    assert scene.dump() == before


@ON_SQLITE
def test_P9_R21_another_organisations_profile_is_refused(core: Core) -> None:
    """An organisation is listed with the profile that it signed itself, and with no other's."""
    made = founding.found(core)
    clinic = founding.named("Clinic", profile=OTHER_PROFILE)
    shelter = founding.named("Shelter")
    made.apply(clinic)
    made.apply(shelter)
    swapped = replace(shelter, profile=OTHER_PROFILE)
    assert made.post(made.statement(swapped)) is Refusal.MALFORMED
    assert made.post(made.statement(clinic)) == Posted(signatures=2, needed=2, listed=True)


@ON_SQLITE
def test_P9_T45_another_networks_admins_list_nobody(core: Core, scene: Scene) -> None:
    """A statement that holds in another network is refused in this one."""
    made, shelter = _begin(core)
    other = make_network(witnesses=0, witness_threshold=0, name="other")
    before = scene.dump()
    note = other.statement(shelter.seed, shelter.profile, name=shelter.name)
    assert made.post(note) is Refusal.MALFORMED
    assert scene.dump() == before


def test_P9_without_an_application_nobody_is_listed(core: Core, clock: FakeClock) -> None:
    """Not before one came, and not after the ninety days for which it is kept."""
    made, shelter = founding.found(core), founding.named("Shelter")
    assert made.post(made.statement(shelter)) is Refusal.MALFORMED
    made.apply(shelter)
    clock.days_pass(91)
    assert made.post(made.statement(shelter)) is Refusal.MALFORMED
    assert made.directory() == []


def test_P9_a_serial_must_rise(core: Core) -> None:
    """With the last serial, a lower one, and the one of a suspension: malformed."""
    made = founding.found(core)
    shelter = founding.named("Shelter")
    made.apply(shelter)
    made.post(made.statement(shelter, serial=5))
    made.apply(shelter)
    until = core.today + 80
    for serial in (0, 1, 4, 5):
        note = made.statement(shelter, serial=serial, until=until)
        assert made.post(note) is Refusal.MALFORMED
    renewed = made.post(made.statement(shelter, serial=6, until=until))
    assert renewed == Posted(signatures=2, needed=2, listed=True)


def test_P10_a_statement_sent_again_gets_its_answer_and_stores_nothing(
    core: Core, scene: Scene
) -> None:
    """After a lost answer the same note, or the third admin's, finds it done."""
    made, shelter = _begin(core)
    made.post(made.statement(shelter))
    before = scene.dump()
    for signers in (made.admins[:2], made.admins[2:], made.admins[:1]):
        note = made.statement(shelter, signed_by=signers)
        assert made.post(note) == Posted(signatures=2, needed=2, listed=True)
    assert scene.dump() == before


def test_P9_T45_a_listing_that_a_new_policy_ended_is_not_said_to_stand(core: Core) -> None:
    """Its text again, with lines of admins who stay, does not bring it back: the serial is used."""
    made, shelter = _begin(core)
    made.post(made.statement(shelter))
    made = _retire_first(made)
    assert made.directory() == []
    again = made.statement(shelter, signed_by=made.admins[1:])
    assert made.post(again) is Refusal.MALFORMED
    made.apply(shelter)
    assert made.post(again) is Refusal.MALFORMED
    anew = made.statement(shelter, serial=2, signed_by=made.admins[1:])
    assert made.post(anew) == Posted(signatures=2, needed=2, listed=True)
    assert len(made.seen()) == 1


def test_P9_a_member_of_another_organisation_is_not_taken_over(core: Core) -> None:
    """An application that names somebody else's member key lists nobody, and she signs on."""
    made = founding.found(core)
    clinic = made.organisation("Clinic")
    shelter = founding.named("Shelter")
    made.apply(shelter, member_key=clinic.member_key)
    assert made.post(made.statement(shelter)) is Refusal.MALFORMED
    assert [one.statement.name for one in made.seen()] == ["Clinic"]


def test_R21_a_listing_carries_as_many_lines_as_a_record_has_room_for(core: Core) -> None:
    """Three lines at most, of which k are enough; a fourth is left out."""
    made, shelter = _begin(core)
    assert made.post(made.statement(shelter, signed_by=made.admins)) == Posted(3, 2, listed=True)
    (one,) = made.directory()
    assert len(notes.parse(one.statement).lines) == 3 == c.THRESHOLD_MOST
    assert statements.check(one.statement, made.network.policy, core.today).name == "Shelter"


def test_P9_P10_two_admins_at_one_moment_lose_no_line(core: Core, scene: Scene) -> None:
    """However two posts meet, the second of them completes the statement."""
    made = founding.found(core)
    for number in range(12):
        shelter = founding.named(f"Shelter {number}")
        made.apply(shelter)
        notes_ = [made.statement(shelter, signed_by=[one]) for one in made.admins[:2]]
        answers = _at_once(made, notes_)
        assert sorted(one.signatures for one in answers) == [1, 2]
        assert sorted(one.listed for one in answers) == [False, True]
    assert len(made.seen()) == 12
    assert scene.count(organisation) == 12
    assert scene.count(log_entry) == 13


def test_P9_P10_many_at_one_moment_make_one_log(core: Core) -> None:
    """Listings that meet stand in the log one after the other, and each has its proof."""
    made = founding.found(core)
    many = [founding.named(f"Shelter {number}") for number in range(8)]
    for one in many:
        made.apply(one)
    answers = _at_once(made, [made.statement(one) for one in many])
    assert all(one.listed for one in answers)
    assert len(made.seen()) == 8


def _at_once(made: Founded, posts: Sequence[bytes]) -> list[Posted]:
    """Post all of these at the same moment, each in a thread of its own."""
    barrier, answers = Barrier(len(posts)), []

    def post(note: bytes) -> None:
        barrier.wait()
        answers.append(made.post(note))

    threads = [Thread(target=post, args=(note,)) for note in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(isinstance(one, Posted) for one in answers), answers
    return [one for one in answers if isinstance(one, Posted)]


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
