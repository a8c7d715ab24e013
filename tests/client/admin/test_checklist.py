"""The checklist, what is in the way of a signature and who must do what, and the minutes."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from client.errors import BadInput, FirstDo, NotVetted
from client.flows import answers_file, apply, checklist, minutes
from client.flows import vetting as signing
from client.flows.review import Opened
from crypto import constants as c
from crypto.client.vetting_entries import Entry
from crypto.public import admin_keys, statements
from tests.client.admin import scenes
from tests.crypto import vettings
from tests.crypto.networks import TODAY, seed_of
from words import banned, vetting

NET = scenes.network()
SCENE = scenes.scene(NET)
FIRST, SECOND, THIRD = NET.admins


def opened(*entries: Entry) -> Opened:
    """The usual application with these entries."""
    return scenes.opened(SCENE, scenes.application(NET), entries=entries)


def refused(found: Opened) -> str:
    """What the first admin is told who wants to sign; "" where nothing is in the way."""
    text = _text(found)
    try:
        checklist.require_signable(text, found, FIRST, SCENE)
    except NotVetted as trouble:
        return str(trouble)
    return ""


def _text(found: Opened) -> str:
    return statements.format_text(signing.new_statement(found, SCENE, 30, logged=0))


def test_R21_T66_what_is_missing_is_said_with_who_must_do_what() -> None:
    """Each open item stands there with the admins who have not marked it."""
    said = refused(opened(*scenes.all_met(NET, FIRST)))
    for criterion in c.VETTING_BLOCKING:
        assert f"V{criterion}: 1 more admin has to mark it as met (a2, a3)." in said
    said = refused(opened(*scenes.all_met(NET, SECOND, THIRD)))
    assert said.count("you have not marked it as met yourself") == len(c.VETTING_BLOCKING)
    assert banned.find(said) == ()


def test_P9_R21_T66_an_objection_is_said_with_who_made_it() -> None:
    """Both others agree, one does not: who that is stands there, and nobody else can lift it."""
    objection = vettings.mark(NET, THIRD, 2, c.MARK_NOT_MET)
    said = refused(opened(*scenes.all_met(NET, FIRST, SECOND), objection))
    assert "V2: a3 marked it as not met; only a3 can change that." in said
    assert refused(opened(*scenes.all_met(NET, FIRST, SECOND))) == ""


def test_R21_how_far_the_checklist_is_is_said_in_one_line() -> None:
    """Items that k admins call met and nobody doubts are counted, and no others."""
    marks = [vettings.mark(NET, one, item) for one in (FIRST, SECOND) for item in (1, 2, 3)]
    assert checklist.summary(opened(*marks), SCENE) == "3 of 5 blocking items met by both"
    doubt = vettings.mark(NET, THIRD, 3, c.MARK_UNCLEAR)
    assert checklist.summary(opened(*marks, doubt), SCENE) == "2 of 5 blocking items met by both"
    alone = [vettings.mark(NET, FIRST, item) for item in c.VETTING_BLOCKING]
    assert checklist.summary(opened(*alone), SCENE) == "0 of 5 blocking items met by both"


class _Reading(HTMLParser):
    """What a browser would make of a page: its texts, and everything that it would load."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.names: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag and its attributes."""
        self.names |= {tag, *(name for name, _ in attrs)}

    def handle_data(self, data: str) -> None:
        """Take note of a text."""
        self.texts.append(data)


def test_R21_minutes_say_who_did_what_on_which_day_and_load_nothing() -> None:
    """Marks, notes, signatures, refusals are there; what somebody wrote is never markup."""
    hostile = "<script>alert(1)</script> & <img src=x>"
    note = Entry(author=SECOND.key.public_key, epoch=TODAY, kind=c.VETTING_NOTE, text=hostile)
    declined = replace(note, kind=c.VETTING_DECLINE, text="V3 is not met.")
    found = opened(
        *scenes.all_met(NET, FIRST, SECOND),
        note,
        declined,
        vettings.signature(NET, FIRST, scenes.draft(NET)),
    )
    read = _Reading(minutes.page(found, SCENE))
    said = "\n".join(read.texts)
    for part in (hostile, "Declined: V3 is not met.", "Signed number", "a1", "a2", "2026-11-23"):
        assert part in said
    for one in vetting.load().criteria:
        assert one.question in said
    assert not read.names & {"script", "img", "src", "href", "link", "onload"}


def test_R21_an_application_needs_keys_of_k_admins() -> None:
    """One key is not enough, a stranger's is none, and a server's own is left out."""
    made = [admin_keys.make(one.seed, NET.network_id) for one in NET.admins]
    strange = admin_keys.make(seed_of("a server"), NET.network_id)
    with pytest.raises(FirstDo, match="Only 1 of 3 admins"):
        apply.admins_of(NET.policy, [made[0], strange, made[0]])
    found = apply.admins_of(NET.policy, [*made[1:], strange])
    assert (len(found.keys), found.every, found.threshold) == (2, 3, 2)


def test_P9_T66_who_posts_anothers_key_keeps_nobody_from_applying() -> None:
    """Two of three read; the two names of one key alone are too few, and that is said first."""
    owner, other = (admin_keys.make(one.seed, NET.network_id) for one in (FIRST, SECOND))
    stolen = vettings.posted(NET, THIRD, vettings.reading_key(NET, FIRST).public)
    assert len(apply.admins_of(NET.policy, [stolen, owner, other]).keys) == 2
    with pytest.raises(FirstDo, match="Only 1 of 3 admins"):
        apply.admins_of(NET.policy, [stolen, owner])


def test_R21_answers_to_all_that_blocks_are_needed() -> None:
    """Which one is missing is said; the contact can't be left out either."""
    given = vettings.answers()
    assert len(answers_file.checked_answers(given)) == c.VETTING_CRITERIA
    with pytest.raises(BadInput, match=r"no answer to V2, V7\."):
        answers_file.checked_answers([one for one in given if one.criterion not in (2, 7)])
    with pytest.raises(BadInput, match="contact is missing"):
        answers_file.checked_contact("  ")


def test_R21_listings_that_end_within_56_days_are_due() -> None:
    """The first to end stands in front; one day more is not due yet."""
    listed = [
        (NET.statement(seed_of(name), name=name, until=TODAY + days), NET.profile)
        for name, days in (("Late", 57), ("Due", 56), ("Soon", 3))
    ]
    due = scenes.scene(NET, listed).due()
    assert [one.statement.name for one in due] == ["Soon", "Due"]
