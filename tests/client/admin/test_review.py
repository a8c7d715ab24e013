"""Looking at applications: every signature is checked on the admin's device."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from client.api_types import Applied
from client.flows import profile_words, review
from client.flows.review import Broken, Draft, Opened, Written
from client.flows.scene import Scene, look
from crypto import constants as c
from crypto.client import application, record_check, vetting_entries
from crypto.constants import APPLICATION_DAYS
from crypto.errors import BadSignature, Rollback
from crypto.public import admin_keys, profile
from crypto.public.note_signing import Signer, public_of
from crypto.public.statements import Kind
from tests.client.admin import scenes
from tests.client.admin.scenes import APPLICANT, NAME, PROFILE
from tests.crypto import vettings
from tests.crypto.networks import TODAY, seed_of
from words import banned

NET = scenes.network()
OTHER_PROFILE = profile.encode(
    profile.Profile(kind=(1,), services=(1,), police_ties=(1,), funding=(1,), reporting=(2,))
)


def test_P9_R21_T65_every_changed_part_of_an_application_is_noticed() -> None:
    """What the organisation did not seal and sign is shown as broken, never as an application."""
    in_scene, whole = scenes.scene(NET), scenes.sealed(NET, scenes.application(NET))
    readers = [one.admin for one in scenes.readers(NET)]
    own = 2 + readers.index(NET.admins[0].key.public_key) * c.READER_SEALED_BYTES
    places = (0, 1, own, own + 20, own + 1_215, -c.APPLICATION_BODY_BYTES, -9_000, -1)
    for at in (one % len(whole) for one in places):
        changed = whole[:at] + bytes((whole[at] ^ 1,)) + whole[at + 1 :]
        found = scenes.read(NET, in_scene, Applied(changed, ()))
        assert isinstance(found, Broken)
        assert banned.find(found.reason) == ()


def test_P9_T65_what_is_not_sealed_to_this_admin_says_so_until_it_is_handed_on() -> None:
    """Who joined later reads nothing, and everything once another admin has handed it on."""
    handed_in, first = scenes.application(NET), NET.admins[0]
    others = [one for one in scenes.readers(NET) if one.admin != first.key.public_key]
    whole = scenes.sealed(NET, handed_in, readers=others)
    found = scenes.read(NET, scenes.scene(NET), Applied(whole, ()))
    assert isinstance(found, Broken)
    assert found.reason == review.NOT_FOR_YOU
    key = admin_keys.check(admin_keys.make(first.seed, NET.network_id), NET.policy)
    entry = vetting_entries.hand_on(key, vettings.keys_of(NET))
    found = scenes.read(NET, scenes.scene(NET), Applied(whole, (entry,)))
    assert isinstance(found, Opened)
    assert found.application.name == NAME
    assert found.written == (Written(0, None, "Handed on to one more admin."),)


@pytest.mark.parametrize("place", [0, 1])
def test_P9_T66_wrong_keys_sealed_to_an_admin_keep_her_from_nothing_handed_on(place: int) -> None:
    """A server can seal some in her place, an admin can hand some on: the next ones are tried."""
    first = NET.admins[0]
    key = admin_keys.check(admin_keys.make(first.seed, NET.network_id), NET.policy)
    right = vettings.keys_of(NET)
    wrong = replace(right, content_key=seed_of("wrong"))
    whole = scenes.sealed(NET, scenes.application(NET))
    start = 2 + [one.admin for one in scenes.readers(NET)].index(key.admin) * c.READER_SEALED_BYTES
    part = application.seal_keys(key.public_key, wrong)
    swapped = whole[:start] + part + whole[start + c.READER_SEALED_BYTES :]
    bad, good = (vetting_entries.hand_on(key, keys) for keys in (wrong, right))
    for entries in ((), (bad,)):
        found = scenes.read(NET, scenes.scene(NET), Applied(swapped, entries))
        assert isinstance(found, Broken)
        assert found.reason == review.NOT_FOR_YOU
    handed = [bad, bad]
    handed.insert(place, good)
    found = scenes.read(NET, scenes.scene(NET), Applied(swapped, tuple(handed)))
    assert isinstance(found, Opened)
    assert (found.application.name, found.keys) == (NAME, right)


def test_P9_T66_a_draft_that_uses_up_the_numbers_is_wrong() -> None:
    """10,000 stay free above any draft, so that one admin leaves nobody without a number."""
    handed_in = scenes.application(NET)
    most = c.SERIAL_MOST - c.SERIALS_LEFT
    for serial, wrong in ((most, False), (most + 1, True), (c.SERIAL_MOST - 1, True)):
        found = _draft(scenes.scene(NET), handed_in, serial)
        assert any("too few" in sentence for sentence in found.wrong) is wrong
    used_up = scenes.scene(NET, ended=[public_of(APPLICANT)], ended_below=c.SERIAL_MOST - 8)
    for serial, wrong in ((c.SERIAL_MOST - 8, False), (c.SERIAL_MOST - 7, True)):
        found = _draft(used_up, handed_in, serial)
        assert any("too few" in sentence for sentence in found.wrong) is wrong


def test_P9_T66_an_entry_that_does_not_hold_is_shown_as_that_and_counts_for_nothing() -> None:
    """A changed, moved or strange entry has its number and a sentence, and hides no other."""
    admin = NET.admins[1]
    good, bad = (vettings.mark(NET, admin, item, c.MARK_MET) for item in (1, 2))
    shown = scenes.shown(NET, scenes.application(NET), [good, bad, good])
    one, two, three = shown.entries
    wrong = (two[:-1] + bytes((two[-1] ^ 1,)), one, bytes(c.VETTING_ENTRY_BYTES))
    for entry in wrong:
        found = scenes.read(NET, scenes.scene(NET), replace(shown, entries=(one, entry, three)))
        assert isinstance(found, Opened)
        assert [written.entry is None for written in found.written] == [False, True, False]
        assert found.entries == [good, good]
        assert "does not count" in found.written[1].why


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"name": "Night Lamps"}, "another name"),
        ({"profile_bytes": OTHER_PROFILE}, "another profile"),
        ({"seed": seed_of("somebody else")}, "another organisation"),
        ({"kind": Kind.SUSPENDED}, "suspends"),
        ({"network_id": seed_of("another network")}, "another network"),
        ({"first": TODAY + 1}, "later day"),
        ({"first": TODAY - 9, "until": TODAY - 1}, "has passed"),
        ({"signed_by": [Signer("stranger", seed_of("stranger"))]}, "by nobody"),
        ({"signed_by": [Signer("a1", seed_of("stolen name"))]}, "by nobody"),
    ],
)
def test_P9_R21_a_draft_that_says_something_else_than_the_application_is_wrong(
    changes: dict[str, Any], word: str
) -> None:
    """Name, profile, organisation, kind, network and days are compared one by one."""
    listing = scenes.opened(scenes.scene(NET), scenes.application(NET)).application
    draft = review.read_draft(scenes.draft(NET, **changes), listing, scenes.scene(NET))
    assert any(word in sentence for sentence in draft.wrong)
    assert banned.find(" ".join(draft.wrong)) == ()


def test_P9_a_draft_that_is_no_note_is_wrong() -> None:
    """Anything a server may put in its place is said to be no statement."""
    listing = scenes.opened(scenes.scene(NET), scenes.application(NET)).application
    for note in (b"x", NET.policy_note):
        draft = review.read_draft(note, listing, scenes.scene(NET))
        assert draft.wrong == ("It is no statement.",)


def test_P9_R21_a_draft_with_a_stale_serial_is_wrong() -> None:
    """A number at or below that of the listing, or of what was ended, lists nothing."""
    listed = (NET.statement(APPLICANT, PROFILE, serial=30, name=NAME), PROFILE)
    handed_in = scenes.application(NET)
    for serial, stale in ((29, True), (30, True), (31, False)):
        found = _draft(scenes.scene(NET, [listed]), handed_in, serial)
        assert any("number" in sentence for sentence in found.wrong) is stale
    ended = scenes.scene(NET, ended=[public_of(APPLICANT)], ended_below=31)
    for serial, stale in ((30, True), (31, False)):
        found = _draft(ended, handed_in, serial)
        assert any("number" in sentence for sentence in found.wrong) is stale


def _draft(in_scene: Scene, handed_in: bytes, serial: int) -> Draft:
    listing = scenes.opened(in_scene, handed_in).application
    return review.read_draft(scenes.draft(NET, serial=serial), listing, in_scene)


def test_P9_R21_what_listed_somebody_once_is_no_draft_any_more() -> None:
    """The statement in force is said to be that; an older one is nothing to sign."""
    both = scenes.draft(NET, signed_by=NET.admins[:2])
    listed = scenes.scene(NET, [(both, PROFILE)])
    found = scenes.opened(listed, scenes.application(NET), [both])
    assert (found.drafts, found.done) == ((), True)
    ended = scenes.scene(NET, ended=[public_of(APPLICANT)], ended_below=TODAY + 2)
    found = scenes.opened(ended, scenes.application(NET), [both])
    assert (found.drafts, found.done) == ((), False)


def test_P9_R21_who_signed_a_draft_is_counted_by_signatures_that_hold() -> None:
    """Current admins count, former ones do not."""
    note = scenes.draft(NET, signed_by=NET.admins[:2])
    (draft,) = scenes.opened(scenes.scene(NET), scenes.application(NET), [note]).drafts
    assert [key.name for key in draft.signed] == ["a1", "a2"]
    assert draft.wrong == ()
    keys = NET.policy.admins
    later = NET.at(NET.next_policy(NET.admins, admins=keys[1:], former_admins=keys[:1]))
    (draft,) = scenes.opened(scenes.scene(later), scenes.application(NET), [note], net=NET).drafts
    assert [key.name for key in draft.signed] == ["a2"]


def test_P9_listings_that_do_not_hold_are_counted_and_not_shown() -> None:
    """One signature too few, another profile: the server's directory is not believed."""
    good = (NET.statement(name="Open Door"), NET.profile)
    few = (NET.statement(seed_of("b"), name="Few", signed_by=NET.admins[:1]), NET.profile)
    swapped = (NET.statement(seed_of("c"), name="Swapped"), OTHER_PROFILE)
    found = scenes.scene(NET, [good, few, swapped])
    assert [one.statement.name for one in found.listed] == ["Open Door"]
    assert found.broken == 2


def test_P9_T18_a_list_of_suspensions_that_is_not_the_checkpoints_is_refused() -> None:
    """An admin's device takes no other list and no other policy than the newest checkpoint's."""
    newest = NET.checkpoint()
    later = NET.at(NET.next_policy(until=TODAY + 500))
    for policy, listed, error in (
        (NET.policy, NET.suspensions([seed_of("x")]), BadSignature),
        (later.policy, NET.suspensions(), Rollback),
    ):
        seen = record_check.Network(policy=policy, newest=newest, suspensions=listed, today=TODAY)
        with pytest.raises(error):
            look(seen, [])


def test_P9_R21_a_name_like_a_listed_ones_is_flagged_and_blocks_nothing() -> None:
    """Another organisation's name in other dress is said; the organisation's own is not."""
    listed = [(NET.statement(name=NAME.upper()), NET.profile)]
    flags = scenes.opened(scenes.scene(NET, listed), scenes.application(NET)).flags
    assert any("looks like that of NIGHT LAMP" in flag for flag in flags)
    own = [(NET.statement(APPLICANT, PROFILE, name=NAME), PROFILE)]
    assert scenes.opened(scenes.scene(NET, own), scenes.application(NET)).flags == ()


def test_P9_R21_mixed_scripts_an_earlier_end_and_a_day_to_come_are_flagged() -> None:
    """Each gets a sentence in fit words."""
    handed_in = scenes.application(NET, name="Nіght Lamp", epoch=TODAY + 1)
    flags = scenes.opened(scenes.scene(NET, ended=[public_of(APPLICANT)]), handed_in).flags
    for word in ("mixes letters", "ended early", "later day"):
        assert any(word in flag for flag in flags)
    assert banned.find(" ".join(flags)) == ()


def test_R25_how_long_an_application_stays_open_is_counted_in_days() -> None:
    """From the day it was handed in, 90 days."""
    shown = scenes.shown(NET, scenes.application(NET, epoch=TODAY - 10))
    found = scenes.read(NET, scenes.scene(NET), shown, days=APPLICATION_DAYS - 10)
    assert isinstance(found, Opened)
    assert found.days_left == APPLICATION_DAYS - 10


def test_R22_S6_police_ties_and_funding_stand_before_what_is_offered() -> None:
    """A task force and a pledge are read first, in words."""
    opened = scenes.opened(scenes.scene(NET), scenes.application(NET))
    rows = profile_words.rows(opened.profile)
    assert [row.title for row in rows][:4] == ["Kind", "Police ties", "Who pays", "Must report"]
    assert rows[1].texts == ("Sits on a task force with police",)
    assert rows[2].texts == ("Signed an anti-prostitution pledge for a funder",)
    assert banned.find(" ".join(text for row in rows[1:2] for text in row.texts)) == ()


def test_R22_what_is_new_against_the_listing_is_said_both_ways() -> None:
    """What came and what went, field by field; a field that stayed is not named."""
    before, after = profile.decode(OTHER_PROFILE), profile.decode(PROFILE)
    found = {one.title: one for one in profile_words.differences(before, after)}
    assert set(found) == {"Police ties", "Who pays", "Helps with"}
    assert found["Police ties"].new == ("Sits on a task force with police",)
    assert found["Police ties"].gone == ("No ties to police or immigration authorities",)
    assert profile_words.differences(after, after) == []


def test_R22_numbers_that_nobody_knows_are_shown_as_that() -> None:
    """A newer client's choice does not vanish, and a network's own region has its name."""
    shown = profile.Profile(
        kind=(1,),
        services=(1,),
        police_ties=(60000,),
        funding=(1,),
        reporting=(1,),
        regions=(1000, 1999),
        unknown=((99, b"x"),),
    )
    rows = {row.title: row.texts for row in profile_words.rows(shown, NET.policy.regions)}
    assert rows["Police ties"] == (profile_words.UNKNOWN,)
    assert rows["Regions"] == ("North", profile_words.UNKNOWN)
    assert rows["Besides"] == (profile_words.UNKNOWN,)
