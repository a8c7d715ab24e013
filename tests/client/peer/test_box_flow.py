"""Holding a receipt: reading, adding, withdrawing, renewing, from any device."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.api import Api
from client.errors import FirstDo, Trouble, Unreachable
from client.flows import answers
from client.flows.answers import Holder
from crypto import constants as c
from crypto.client import codes
from crypto.client.message import BoxKeys, Message
from tests.client.peer.providers import this_day
from tests.client.peer.test_ask_flow import DRAFT, receipt_of, way
from tests.client.peer.town import Town, fingerprint
from tests.crypto.networks import seed_of
from tests.crypto.records import stream

MORE = Message(kind=c.KIND_FOLLOW_UP, consent=c.CONSENT_SELF, text="one thing more")


@pytest.fixture
def who(town: Town, api: Api) -> Holder:
    """Whoever holds the receipt of a request that was delivered."""
    going, receipt = way(api, town), receipt_of(town)
    going.send(going.seal(DRAFT, receipt))
    return Holder(town.provider.network.network_id, receipt.keys)


def slots_of(town: Town) -> dict[int, bytes]:
    """The slots of the only box."""
    (box,) = town.boxes.values()
    return box.slots


def keys_of(who: Holder) -> BoxKeys:
    """What the provider got of the receipt."""
    return BoxKeys.of(who.keys)


def test_R13_the_receipt_reads_on_another_device(town: Town, api: Api, who: Holder) -> None:
    """The receipt alone is enough: nothing of the first device is needed."""
    slots_of(town)[1] = town.provider.seal_answer(keys_of(who), 1, "answered", "Tonight at eight.")
    again = answers.holder(receipt_of(town).secret, "", who.network_id)
    box = answers.read(api, again)
    assert box is not None
    assert [(slot, one.text) for slot, one in box.answers] == [(1, "Tonight at eight.")]
    assert box.delivered.name == "Open Door"


def test_P4_R24_reading_asks_for_every_slot_whatever_is_there(
    town: Town, api: Api, who: Holder
) -> None:
    """The calls are the same for an empty box, a full one and none at all."""

    def calls() -> list[str]:
        town.calls.clear()
        answers.read(api, replace(who))
        return town.paths()

    empty = calls()
    for slot in range(1, c.SLOTS):
        slots_of(town)[slot] = town.provider.seal_answer(keys_of(who), slot, "answered", "x")
    full = calls()
    town.boxes.clear()
    assert empty == full == calls() == ["/v1/boxes/read"] * 4


@pytest.mark.parametrize("word", ["", "a", "HARBOUR "])
def test_P4_P8_a_wrong_receipt_or_word_finds_nothing(
    town: Town, api: Api, who: Holder, word: str
) -> None:
    """Not sent, mistyped, withdrawn, another word: one and the same."""
    network_id = who.network_id
    wrong = [
        answers.holder(bytes(10), word, network_id),
        answers.holder(receipt_of(town).secret, word or "x", network_id),
        answers.holder(receipt_of(town).secret, "", bytes(32)),
    ]
    assert [answers.read(api, one) for one in wrong] == [None] * 3
    assert [answers.renew(api, one) for one in wrong] == [None] * 3


def test_P2_T17_what_is_not_signed_by_them_is_not_shown(town: Town, api: Api, who: Holder) -> None:
    """An answer sealed with the box's keys under another organisation's name is left out."""
    forged = town.provider.seal_answer(keys_of(who), 1, "answered", "Come!", seed=seed_of("x"))
    true = town.provider.seal_answer(keys_of(who), 2, "read")
    slots_of(town).update({1: forged, 2: true, 3: true, 4: bytes(c.SLOT_BYTES)})
    box = answers.read(api, who)
    assert box is not None
    assert [slot for slot, _ in box.answers] == [2]
    assert (box.unsigned, box.newer) == (1, 0)


def test_P8_a_provider_cannot_make_slot_zero(town: Town, api: Api, who: Holder) -> None:
    """With all that it has, a provider can't say "delivered" in another's name."""
    slots_of(town)[0] = town.provider.seal_answer(keys_of(who), 1, "answered", "x")
    assert answers.read(api, who) is None


def test_R13_what_is_added_reaches_the_same_organisation(town: Town, api: Api, who: Holder) -> None:
    """Seven things more, each under a tag of its own; the eighth is refused."""
    first = answers.delivered(api, who)
    assert first is not None
    said = [replace(MORE, text=f"thing {number}") for number in range(1, 9)]
    kept = [
        answers.add(api, answers.start_adding(who, first, one), random=stream(one.text))
        for one in said
    ]
    assert kept[:7] == [this_day() + c.REFERRAL_DAYS] * 7
    assert kept[7] is None
    sealed = list(town.envelopes.values())[1:]
    seed = next(iter(town.provider.codes.values())).seed
    read = [
        town.provider.read_follow_up(one, seed, keys_of(who), number)
        for number, one in enumerate(sealed, 1)
    ]
    assert read == said[:7]


def test_P8_R12_T23_without_a_yes_nothing_is_added(town: Town, api: Api, who: Holder) -> None:
    """Adding asks for the yes as sending does."""
    first = answers.delivered(api, who)
    assert first is not None
    before = fingerprint(town)
    with pytest.raises(FirstDo):
        answers.start_adding(who, first, replace(MORE, consent=0))
    assert fingerprint(town) == before


def test_P10_an_addition_whose_answer_was_lost_is_not_made_twice(
    town: Town, api: Api, who: Holder
) -> None:
    """Tried again by hand it sends the same bytes under the same number."""
    first = answers.delivered(api, who)
    assert first is not None
    adding = answers.start_adding(who, first, MORE)
    town.lose["/v1/boxes/add"] = 3
    with pytest.raises(Unreachable):
        answers.add(api, adding, random=stream("first"))
    assert answers.add(api, adding, random=stream("second")) is not None
    assert len(town.envelopes) == 2


def test_P7_P8_R13_R25_withdrawing_ends_everything_at_once(
    town: Town, api: Api, who: Holder
) -> None:
    """Box, slots, request and additions are gone, and the receipt opens nothing."""
    first = answers.delivered(api, who)
    assert first is not None
    answers.add(api, answers.start_adding(who, first, MORE), random=stream("more"))
    assert answers.withdraw(api, who)
    assert not town.boxes
    assert not town.envelopes
    assert answers.read(api, who) is None
    assert answers.withdraw(api, who)


def test_P8_who_is_not_the_holder_withdraws_nothing(town: Town, api: Api, who: Holder) -> None:
    """The answer is the same, and everything stays."""
    before = fingerprint(town)
    stranger = Holder(who.network_id, replace(who.keys, holder_key=bytes(32)))
    answers.withdraw(api, stranger)
    assert fingerprint(town) == before


def test_a_server_that_does_not_withdraw_is_noticed(town: Town, api: Api, who: Holder) -> None:
    """What was said to be withdrawn is looked for afterwards."""
    town.instead["/v1/boxes/withdraw"] = (200, {})
    assert not answers.withdraw(api, who)


def test_R25_renewing_says_until_when(town: Town, api: Api, who: Holder) -> None:
    """The server's last epoch is what is shown."""
    town.day += 5
    assert answers.renew(api, who) == this_day() + 5 + c.REFERRAL_DAYS


def test_R14_a_mark_that_it_was_read_is_no_answer(town: Town, api: Api, who: Holder) -> None:
    """The state "read" alone leaves a request unanswered."""
    from client.cli import peer_show

    slots_of(town)[1] = town.provider.seal_answer(keys_of(who), 1, "read")
    box = answers.read(api, who)
    assert box is not None
    assert not peer_show.is_answered(box)
    slots_of(town)[2] = town.provider.seal_answer(keys_of(who), 2, "cannot_help")
    box = answers.read(api, who)
    assert box is not None
    assert peer_show.is_answered(box)


@pytest.mark.parametrize("word", ["x" * 2000, "a\x00b", "   ", "é" * 40])
def test_a_word_that_cannot_be_one_is_said_to_be(word: str) -> None:
    """Too long, with control characters, or nothing but spaces."""
    with pytest.raises(Trouble):
        answers.holder(bytes(10), word, bytes(32))


def test_T17_what_the_provider_holds_reads_nothing(town: Town, api: Api, who: Holder) -> None:
    """The box's keys without the holder's open no slot through the server."""
    slots_of(town)[1] = town.provider.seal_answer(keys_of(who), 1, "answered", "x")
    guess = codes.ReceiptKeys(
        who.keys.box_id, who.keys.box_key, who.keys.box_key, who.keys.write_key, who.keys.tag_key
    )
    assert answers.read(api, Holder(who.network_id, guess)) is None
