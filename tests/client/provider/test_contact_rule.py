"""How somebody may be reached now, additions included; what leaves the store says it too."""

from __future__ import annotations

from dataclasses import replace

from client.cli import provider_export
from client.flows import contact_rule
from client.flows.cases import Opened
from crypto import constants as c
from crypto.client import message
from crypto.client.case import Case
from crypto.client.message import Message

SAID = Message(
    kind=c.KIND_REFERRAL,
    consent=1,
    needs=(1,),
    languages=(1,),
    eyes=c.EYES_NOBODY,
    never=(1, 2),
    channels=(1,),
    hours=(3,),
    contact="the bakery",
    safe_word="heron",
)
NOTHING = Message(kind=c.KIND_FOLLOW_UP, consent=1)


def opened(**additions: Message) -> Opened:
    """A case with these additions, in their order."""
    bodies = tuple(
        (number, message.encode_body(one)) for number, one in enumerate(additions.values(), 1)
    )
    case = Case(
        arrived=1,
        state=1,
        message=message.encode_body(SAID),
        last_epoch=15,
        follow_ups=bodies,
    )
    return Opened(bytes(16), "0000", case, SAID)


def test_R15_the_latest_word_on_each_point_holds_and_the_others_stay() -> None:
    """An addition that says nothing of it changes nothing."""
    rule = contact_rule.of(
        opened(
            first=replace(NOTHING, channels=(2,), contact="the school"),
            then=replace(NOTHING, hours=(5,)),
            last=replace(NOTHING, text="thank you"),
        )
    )
    said = (rule.channels, rule.contact, rule.hours, rule.safe_word, rule.changed)
    assert said == ((2,), "the school", (5,), "heron", (1, 2))


def test_R15_what_must_never_be_done_only_grows() -> None:
    """No addition takes anything back."""
    rule = contact_rule.of(
        opened(first=replace(NOTHING, never=(4,)), then=replace(NOTHING, never=(2,)))
    )
    assert rule.never == (1, 2, 4)


def test_R15_a_copy_of_a_request_begins_with_what_holds_now() -> None:
    """Who reads the copy alone does not go to where nobody is to go any more."""
    lines = provider_export.table(opened(a=replace(NOTHING, contact="the school")), "", [])
    assert next(value for label, value in lines if label == "Number or place") == "the school"
