"""Signing that an organisation is vetted, or suspended: k together, one alone, nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.errors import BadInput, FirstDo, NotVetted
from client.flows import admin_calls, vetting
from client.flows.review import Draft, Opened
from client.flows.scene import Scene
from crypto.constants import SERIAL_MOST, SERIALS_LEFT
from crypto.errors import TooFewSignatures
from crypto.public import notes, statements
from crypto.public.note_signing import Signer, public_of
from crypto.public.statements import Kind
from tests.client.admin import scenes
from tests.client.admin.scenes import APPLICANT, NAME, PROFILE
from tests.crypto.networks import TODAY, Network, seed_of

NET = scenes.network()
OTHER = seed_of("another organisation")


def opened(in_scene: Scene | None = None, *drafts: bytes) -> Opened:
    """The usual application with these drafts."""
    return scenes.opened(in_scene or scenes.scene(NET), scenes.application(NET), drafts)


def drafted(days: int = 30) -> Draft:
    """What the first admin's device made of the application, as the second one's reads it."""
    in_scene = scenes.scene(NET)
    made = vetting.new_statement(opened(in_scene), in_scene, days, logged=0)
    signed = vetting.sign_new(made, NET.admins[0], NET.policy)
    assert (signed.missing, [key.name for key in signed.signed]) == (1, ["a1"])
    (draft,) = opened(in_scene, signed.note).drafts
    return draft


def sign(draft: Draft, signer: Signer, net: Network = NET) -> vetting.Signed:
    """Sign a draft of the usual application on another admin's device."""
    return vetting.sign_draft(draft, opened().application, signer, scenes.scene(net))


def test_P9_R21_two_admins_make_a_statement_that_clients_take_and_one_does_not() -> None:
    """The first signature lists nobody; the second does."""
    draft = drafted()
    with pytest.raises(TooFewSignatures):
        statements.check(draft.note, NET.policy, TODAY)
    signed = sign(draft, NET.admins[2])
    assert signed.missing == 0
    assert statements.check(signed.note, NET.policy, TODAY) == signed.statement
    assert (signed.statement.first, signed.statement.until) == (TODAY - 1, TODAY + 29)
    assert (signed.statement.name, signed.statement.kind) == (NAME, Kind.VETTED)


def test_P9_R21_one_admin_does_not_sign_twice() -> None:
    """The same signature again is not a second one."""
    with pytest.raises(FirstDo, match="already"):
        sign(drafted(), NET.admins[0])


def test_P9_R21_a_retired_admin_signs_no_draft_and_makes_none() -> None:
    """Former admins, strangers, and another key under an admin's name are told why."""
    keys = NET.policy.admins
    later = NET.at(NET.next_policy(admins=keys[:2], former_admins=keys[2:]))
    for signer, word in (
        (NET.admins[2], "was retired"),
        (Signer("stranger", seed_of("stranger")), "no admin"),
        (Signer("a1", seed_of("stolen name")), "another key"),
    ):
        with pytest.raises(NotVetted, match=word):
            sign(drafted(), signer, later)
        made = vetting.new_statement(opened(), scenes.scene(NET), 30, logged=0)
        with pytest.raises(NotVetted, match=word):
            vetting.sign_new(made, signer, later.policy)


def test_P9_R21_a_draft_that_says_something_else_is_never_picked_or_signed() -> None:
    """Where one draft is wrong, nothing is signed unseen; the good one beside it neither."""
    wrong = scenes.draft(NET, name="Night Lamps")
    found = opened(None, scenes.draft(NET, signed_by=NET.admins[1:2]), wrong)
    with pytest.raises(NotVetted, match="another name"):
        vetting.pick_draft(found)
    with pytest.raises(NotVetted, match="another name"):
        sign(found.drafts[1], NET.admins[2])


def test_P9_a_draft_of_one_organisation_is_not_signed_for_another() -> None:
    """The application beside it must be the one that it was read with."""
    handed_in = scenes.application(NET, seed=OTHER)
    elsewhere = scenes.opened(scenes.scene(NET), handed_in, seed=OTHER).application
    with pytest.raises(NotVetted, match="does not match"):
        vetting.sign_draft(drafted(), elsewhere, NET.admins[2], scenes.scene(NET))


def test_P9_the_draft_with_most_signatures_is_picked() -> None:
    """So that two drafts of one application do not stay open for ever."""
    three = scenes.network()
    few = scenes.draft(three, serial=TODAY)
    more = scenes.draft(three, serial=TODAY + 1, signed_by=three.admins[1:])
    picked = vetting.pick_draft(opened(None, few, more))
    assert picked is not None
    assert picked.note == more
    assert vetting.pick_draft(opened()) is None


@pytest.mark.parametrize("days", [-1, 0, 91, 10_000])
def test_R21_R25_nobody_is_vetted_for_more_than_90_days_or_none(days: int) -> None:
    """Vetting is asked anew: 1 to 90 days."""
    with pytest.raises(BadInput, match="1 to 90"):
        vetting.new_statement(opened(), scenes.scene(NET), days, logged=0)


def test_P9_R21_the_serial_is_above_everything_that_is_known() -> None:
    """Above listings, what was ended, every draft, and the day, since lapsed ones are not shown."""
    low = scenes.scene(NET)
    assert vetting.new_statement(opened(low), low, 30, logged=0).serial == TODAY
    with_draft = opened(low, scenes.draft(NET, serial=TODAY + 5))
    assert vetting.new_statement(with_draft, low, 30, logged=0).serial == TODAY + 6
    listed = (NET.statement(APPLICANT, PROFILE, serial=TODAY + 8, name=NAME), PROFILE)
    high = scenes.scene(NET, [listed])
    assert vetting.new_statement(opened(high), high, 30, logged=0).serial == TODAY + 9
    ended = scenes.scene(NET, ended=[public_of(APPLICANT)], ended_below=TODAY + 12)
    assert vetting.new_statement(opened(ended), ended, 30, logged=0).serial == TODAY + 12
    assert vetting.new_statement(opened(ended), ended, 30, logged=TODAY + 12).serial == TODAY + 13


def test_P9_T66_no_draft_of_one_admin_uses_up_the_numbers() -> None:
    """A new statement's number is not above a draft that leaves too few."""
    low, most = scenes.scene(NET), SERIAL_MOST - SERIALS_LEFT
    for serial, above in ((most - 1, most), (most, TODAY), (SERIAL_MOST - 1, TODAY)):
        found = opened(low, scenes.draft(NET, serial=serial))
        assert vetting.new_statement(found, low, 30, logged=0).serial == above


def test_P9_where_no_serial_is_left_it_is_said() -> None:
    """An admin who used up the numbers is retired, and the organisation takes a new key."""
    used_up = scenes.scene(NET, ended=[public_of(APPLICANT)], ended_below=SERIAL_MOST + 1)
    with pytest.raises(NotVetted, match="used up"):
        vetting.new_statement(opened(used_up), used_up, 30, logged=0)


def test_P9_R21_S6_one_admin_suspends_and_the_statement_ends_the_listing() -> None:
    """One signature holds; its number is above that of what it ends."""
    in_scene = scenes.scene(NET, [(NET.statement(serial=7, name="Open Door"), NET.profile)])
    said = vetting.suspension(in_scene.listed[0], in_scene, logged=0)
    signed = vetting.sign_new(said, NET.admins[1], NET.policy)
    assert signed.missing == 0
    held = statements.check(signed.note, NET.policy, TODAY)
    assert (held.kind, held.name) == (Kind.SUSPENDED, "Open Door")
    assert held.serial > 7
    later = vetting.suspension(in_scene.listed[0], in_scene, logged=TODAY + 3)
    assert later.serial == TODAY + 4


def test_P9_R21_a_retired_admin_suspends_nobody() -> None:
    """What one alone can do, only one who is an admin now can."""
    keys = NET.policy.admins
    later = NET.at(NET.next_policy(NET.admins, admins=keys[1:], former_admins=keys[:1]))
    in_scene = scenes.scene(NET, [(NET.statement(name="Open Door"), NET.profile)])
    with pytest.raises(NotVetted, match="was retired"):
        vetting.sign_new(
            vetting.suspension(in_scene.listed[0], in_scene, logged=0), NET.admins[0], later.policy
        )


def test_P9_an_organisation_is_named_by_its_name_or_its_key() -> None:
    """In any case of letters, or by the first digits of its key."""
    twins = [
        scenes.opened(scenes.scene(NET), scenes.application(NET, seed=seed, name=name), seed=seed)
        for seed, name in ((APPLICANT, NAME), (OTHER, "Open Door"))
    ]
    for wanted in (NAME, "night lamp", public_of(APPLICANT).hex()[:8]):
        assert vetting.pick_application(wanted, twins).application.name == NAME


@pytest.mark.parametrize("wanted", ["", "Night", "000000", "---", "Night Lamp Two"])
def test_P9_an_organisation_that_is_not_there_is_not_guessed(wanted: str) -> None:
    """Half a name is no name: nothing is signed for what only looks like it."""
    with pytest.raises(BadInput, match="no organisation"):
        vetting.pick_application(wanted, [opened()])


def test_P9_R21_two_organisations_of_one_name_have_to_be_told_apart_by_key() -> None:
    """A look-alike is never approved in the other's place."""
    twins = [
        scenes.opened(scenes.scene(NET), scenes.application(NET, seed=seed, name=name), seed=seed)
        for seed, name in ((APPLICANT, NAME), (OTHER, NAME.upper()))
    ]
    with pytest.raises(BadInput, match="Several"):
        vetting.pick_application(NAME, twins)
    listed = [(NET.statement(seed, name=NAME), NET.profile) for seed in (APPLICANT, OTHER)]
    with pytest.raises(BadInput, match="Several"):
        vetting.pick_listed(NAME, scenes.scene(NET, listed).listed)
    picked = vetting.pick_application(public_of(OTHER).hex()[:10], twins)
    assert picked.application.organisation == public_of(OTHER)


def test_P9_a_statement_that_can_not_be_written_is_not_signed() -> None:
    """What no client would read gets no signature."""
    made = vetting.new_statement(opened(), scenes.scene(NET), 30, logged=0)
    with pytest.raises(NotVetted, match="can't be signed"):
        vetting.sign_new(replace(made, until=TODAY + 91), NET.admins[0], NET.policy)


def test_P9_R21_a_retired_admins_line_is_left_out_when_another_signs() -> None:
    """It counts for nothing any more, and no server would take a note with it."""
    note = scenes.draft(NET, signed_by=NET.admins[:2])
    keys = NET.policy.admins
    later = NET.at(NET.next_policy(NET.admins, admins=keys[1:], former_admins=keys[:1]))
    in_scene = scenes.scene(later)
    found = scenes.opened(in_scene, scenes.application(NET), [note])
    signed = vetting.sign_draft(found.drafts[0], found.application, NET.admins[2], in_scene)
    assert [line.name for line in notes.parse(signed.note).lines] == ["a2", "a3"]
    assert signed.missing == 0


def test_P9_R21_what_was_signed_stands_only_where_the_network_shows_it() -> None:
    """A listing has to be there; an ended one has to be gone, and in the list."""
    bare = scenes.scene(NET)
    vetted = vetting.sign_new(
        vetting.new_statement(opened(), bare, 30, logged=0), NET.admins[0], NET.policy
    )
    both = NET.statement(
        APPLICANT, PROFILE, serial=TODAY, first=TODAY - 1, until=TODAY + 29, name=NAME
    )
    listed = scenes.scene(NET, [(both, PROFILE)])
    assert not admin_calls.stands(vetted, bare)
    assert admin_calls.stands(vetted, listed)
    said = vetting.suspension(listed.listed[0], listed, logged=0)
    suspended = vetting.sign_new(said, NET.admins[0], NET.policy)
    key = public_of(APPLICANT)
    assert not admin_calls.stands(suspended, listed)
    assert not admin_calls.stands(suspended, bare)
    assert not admin_calls.stands(suspended, scenes.scene(NET, ended=[key], ended_below=TODAY))
    assert admin_calls.stands(suspended, scenes.scene(NET, ended=[key], ended_below=TODAY + 2))


def test_R21_an_organisation_that_applied_again_is_meant_as_it_applied_last() -> None:
    """Two open applications under one key are one organisation, not two."""
    before, after = (
        scenes.opened(scenes.scene(NET), scenes.application(NET, epoch=TODAY - days, name=name))
        for days, name in ((9, NAME), (1, "Night Lamp House"))
    )
    key = public_of(APPLICANT).hex()[:12]
    for every in ([before, after], [after, before]):
        assert vetting.pick_application(key, every).application.name == "Night Lamp House"
        with pytest.raises(BadInput, match="no organisation"):
            vetting.pick_application(NAME, every)
