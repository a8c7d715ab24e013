"""For whoever holds a receipt: reading a box, adding to it, ending it, letting it live on.

Source: docs/spec/http.md, 3; docs/spec/box.md.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from flask import Blueprint
from msgspec import Meta

from crypto.constants import READ_SLOTS, SLOTS
from server.core import current
from server.keyring import FILLER
from server.problems import MALFORMED, REFUSED, Problem
from server.routes import bodies
from server.routes.bodies import B16, B32, Answer, Body, Empty, LastEpoch, raw, text
from server.routes.route import route
from server.services import boxes

holders = Blueprint("holders", __name__)

_SlotNumber = Annotated[int, Meta(ge=0, lt=SLOTS)]


class Holder(Body, frozen=True, kw_only=True):
    """Who holds the receipt of a box."""

    box_id: B16
    holder_key: B32


class Reading(Holder, frozen=True, kw_only=True):
    """Which slots to read: ascending numbers."""

    slots: Annotated[list[_SlotNumber], Meta(min_length=1, max_length=READ_SLOTS)]


class SlotsAnswer(Answer, frozen=True, kw_only=True):
    """A slot, or the cover of its place, for each number asked for."""

    slots: list[bodies.Slot]


class Addition(Holder, frozen=True, kw_only=True):
    """A follow-up."""

    tag: B16
    envelope: bodies.Envelope


@route(
    holders,
    "POST",
    "/v1/boxes/read",
    body=Reading,
    answer=SlotsAnswer,
    audience="holder",
    proof="holder-key",
    ticked=True,
    stores="nothing",
)
def read_box(asked: Reading) -> SlotsAnswer | Problem:
    """Give what lies in slots of a box, or the covers of their places."""
    if any(one >= other for one, other in zip(asked.slots, asked.slots[1:], strict=False)):
        return MALFORMED
    core = current()
    found = core.database.read(
        partial(
            boxes.read,
            wraps=core.wraps(),
            filler_key=core.keyring.make(FILLER, 0, core.random),
            box_id=raw(asked.box_id),
            holder_key=raw(asked.holder_key),
            slots=asked.slots,
        )
    )
    return SlotsAnswer(slots=[text(slot) for slot in found])


@route(
    holders,
    "POST",
    "/v1/boxes/add",
    body=Addition,
    answer=LastEpoch,
    audience="holder",
    proof="holder-key",
    problems=(REFUSED,),
    limit="misses",
    stores="an envelope",
)
def add_to_box(asked: Addition) -> LastEpoch | Problem:
    """Store a follow-up to the request of a box."""
    core = current()
    return until(
        core.database.write(
            partial(
                boxes.add,
                wraps=core.wraps(),
                box_id=raw(asked.box_id),
                holder_key=raw(asked.holder_key),
                tag=raw(asked.tag),
                envelope=raw(asked.envelope),
            )
        )
    )


@route(
    holders,
    "POST",
    "/v1/boxes/withdraw",
    body=Holder,
    answer=Empty,
    audience="holder",
    proof="holder-key",
    ticked=True,
    stores="nothing; the box and its slots go, its envelopes become filler",
)
def withdraw_box(asked: Holder) -> Empty:
    """End a box and everything in it at once."""
    core = current()
    core.database.write(
        partial(
            boxes.withdraw,
            wraps=core.wraps(),
            box_id=raw(asked.box_id),
            holder_key=raw(asked.holder_key),
        )
    )
    return Empty()


@route(
    holders,
    "POST",
    "/v1/boxes/renew",
    body=Holder,
    answer=LastEpoch,
    audience="holder",
    proof="holder-key",
    problems=(REFUSED,),
    limit="misses",
    stores="a later last epoch of a box, its slots and envelopes",
)
def renew_box(asked: Holder) -> LastEpoch | Problem:
    """Let a box live on for 14 days from today, as far as it may."""
    core = current()
    return until(
        core.database.write(
            partial(
                boxes.renew,
                wraps=core.wraps(),
                box_id=raw(asked.box_id),
                holder_key=raw(asked.holder_key),
            )
        )
    )


def until(last_epoch: int | None) -> LastEpoch | Problem:
    """Return the answer of a call that stores until a day, or the refusal."""
    return REFUSED if last_epoch is None else LastEpoch(last_epoch=last_epoch)
