"""What the holder of a receipt does: reading answers, adding, withdrawing, keeping it longer.

Every read asks for all 32 slots, so that neither the calls nor their number tell how many answers
there are. What does not open or is not signed by the organisation of slot 0 is never shown.

Source: docs/spec/box.md, 3; docs/spec/envelope.md, 6; docs/spec/http.md, 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client.api import Api
from client.errors import CodeRefused, FirstDo, Trouble, from_refusal
from crypto import constants as c
from crypto import errors
from crypto.client import box, codes, envelope, message
from crypto.client.answers import DELIVERED_SLOT, Answer
from crypto.client.message import Message
from crypto.encoding import Random
from crypto.errors import CannotOpen, Refused

NOTHING_HERE = (
    "Nothing opens with this receipt. It was not sent, was withdrawn or has ended; or the receipt"
    " or the word was typed otherwise."
)


@dataclass(frozen=True, slots=True)
class Holder:
    """Whoever holds a receipt (and word): the network's id and what the receipt gives in it."""

    network_id: bytes
    keys: codes.ReceiptKeys = field(repr=False)


@dataclass(frozen=True, slots=True)
class Box:
    """An opened box: slot 0, the answers by slot, and how many slots held what can't be shown."""

    delivered: Answer
    answers: tuple[tuple[int, Answer], ...]
    newer: int
    """Slots that a newer version wrote."""
    unsigned: int
    """Slots whose content is not the organisation's."""


@dataclass(slots=True)
class Adding:
    """A follow-up on its way: the number that is tried, and its envelope, kept for a repeat."""

    holder: Holder
    encoded: bytes = field(repr=False)
    public_key: bytes = field(repr=False)
    number: int = 1
    sealed: bytes | None = field(default=None, repr=False)


def holder(receipt: bytes, word: str, network_id: bytes) -> Holder:
    """Derive what a receipt (10 bytes) and a word ("" for none) give in a network.

    Raises BadInput or NotReadable for a word that can't be one.
    """
    try:
        return Holder(network_id, codes.receipt_keys(receipt, word, network_id))
    except Refused as refused:
        raise from_refusal(refused) from None


def delivered(api: Api, who: Holder) -> Answer | None:
    """Read and open slot 0; None where it does not open (`NOTHING_HERE`)."""
    read = api.read_box(who.keys.box_id, who.keys.holder_key, [DELIVERED_SLOT])
    return _open_delivered(who, read[0])


def read(api: Api, who: Holder) -> Box | None:
    """Read the whole box; None where slot 0 does not open. Source: docs/spec/box.md, 3."""
    slots: list[bytes] = []
    for first in range(0, c.SLOTS, c.READ_SLOTS):
        numbers = range(first, first + c.READ_SLOTS)
        slots += api.read_box(who.keys.box_id, who.keys.holder_key, numbers)
    first_slot = _open_delivered(who, slots[DELIVERED_SLOT])
    if first_slot is None:
        return None
    found: list[tuple[int, Answer]] = []
    counted = {"newer": 0, "unsigned": 0}
    for number in range(1, c.SLOTS):
        answer = _open_answer(who, slots[number], number, first_slot.organisation)
        if isinstance(answer, Answer):
            found.append((number, answer))
        elif answer is not None:
            counted[answer] += 1
    return Box(first_slot, tuple(found), **counted)


def start_adding(who: Holder, first_slot: Answer, said: Message) -> Adding:
    """Encode a follow-up with its yes, for the key that the request was sealed to.

    Raises FirstDo without a yes, BadInput or NotReadable for what breaks a rule.
    """
    try:
        return Adding(who, message.encode(said), first_slot.public_key)
    except errors.ConsentMissing as refused:
        raise FirstDo(str(refused), "Without a yes nothing is added.") from None
    except Refused as refused:
        raise from_refusal(refused) from None


def add(api: Api, adding: Adding, *, random: Random) -> int | None:
    """Store a follow-up under the first number that is free; return its last epoch.

    Called again after a lost answer it sends the same bytes. None where all 7 are used or the box
    has ended. Source: docs/spec/envelope.md, 6.
    """
    who = adding.holder
    while adding.number <= c.FOLLOW_UPS:
        context = envelope.for_follow_up(who.network_id, who.keys.tag_key, adding.number)
        if adding.sealed is None:
            adding.sealed = envelope.seal(adding.encoded, adding.public_key, context, random=random)
        last_epoch = api.add(who.keys.box_id, who.keys.holder_key, context.binding, adding.sealed)
        if last_epoch is not None:
            return last_epoch
        adding.number += 1
        adding.sealed = None
    return None


def withdraw(api: Api, who: Holder) -> bool:
    """Withdraw everything at once, then read slot 0 again and say whether it is gone."""
    api.withdraw(who.keys.box_id, who.keys.holder_key)
    return delivered(api, who) is None


def renew(api: Api, who: Holder) -> int | None:
    """Keep everything for longer; return the new last epoch, or None where nothing is there."""
    return api.renew(who.keys.box_id, who.keys.holder_key)


def nothing_here() -> Trouble:
    """Return the trouble of a receipt with which slot 0 does not open."""
    return CodeRefused(NOTHING_HERE, "Look at the receipt again, and at the word if there is one.")


def _open_delivered(who: Holder, sealed: bytes) -> Answer | None:
    try:
        return box.open_delivered(
            sealed,
            network_id=who.network_id,
            box_id=who.keys.box_id,
            holder_key=who.keys.holder_key,
        )
    except CannotOpen:
        return None
    except Refused as refused:
        raise from_refusal(refused) from None


def _open_answer(who: Holder, sealed: bytes, slot: int, organisation: bytes) -> Answer | str | None:
    """Open one slot: the answer, None for an empty one, or why it can't be shown."""
    try:
        return box.open_answer(
            sealed,
            network_id=who.network_id,
            box_id=who.keys.box_id,
            box_key=who.keys.box_key,
            slot=slot,
            organisation=organisation,
        )
    except CannotOpen:
        return None
    except errors.Unsupported:
        return "newer"
    except Refused:
        return "unsigned"
