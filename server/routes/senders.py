"""For whoever sends a request: with a code, as a walk-in, or as text that was carried here.

Source: docs/spec/http.md, 3.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint

from crypto.errors import Malformed
from crypto.public import requests
from server import limits
from server.core import current
from server.problems import BUSY, MALFORMED, REFUSED, WORK, Problem
from server.routes import bodies, holders
from server.routes.bodies import B8, B16, B32, Answer, Body, LastEpoch, raw, text
from server.routes.route import route
from server.services import codes, network, referrals, walk_ins

senders = Blueprint("senders", __name__)
senders.register_blueprint(holders.holders)


class Opening(Body, frozen=True, kw_only=True):
    """A code's locator."""

    locator: B16


class RecordAnswer(Answer, frozen=True, kw_only=True):
    """A code's record, encrypted under the code."""

    record: bodies.Record


class NewBox(Body, frozen=True, kw_only=True):
    """The box of a request, with its slot 0."""

    id: B16
    holder_key_hash: B32
    write_key_hash: B32
    slot_0: bodies.Slot


class Referral(Body, frozen=True, kw_only=True):
    """A request with a code; `pad` makes it as long without a box as with one."""

    locator: B16
    write_key: B32
    envelope: bodies.Envelope
    box: NewBox | None
    pad: bodies.Pad


class WalkIn(Body, frozen=True, kw_only=True):
    """A request without a code, with proof of work over its envelope."""

    epoch: bodies.Epoch
    nonce: B8
    envelope: bodies.Envelope
    box: NewBox | None
    pad: bodies.Pad


class Paste(Body, frozen=True, kw_only=True):
    """A request as text that was carried here."""

    armour: bodies.Armour


@route(
    senders,
    "POST",
    "/v1/codes/open",
    body=Opening,
    answer=RecordAnswer,
    audience="holder",
    proof="code",
    problems=(REFUSED,),
    limit="misses",
    stores="nothing",
)
def open_code(asked: Opening) -> RecordAnswer | Problem:
    """Give the record of a live code."""
    core = current()
    record = core.database.read(
        partial(codes.open_, wraps=core.wraps(), locator=raw(asked.locator))
    )
    return REFUSED if record is None else RecordAnswer(record=text(record))


@route(
    senders,
    "POST",
    "/v1/referrals",
    body=Referral,
    answer=LastEpoch,
    audience="holder",
    proof="code",
    problems=(REFUSED,),
    limit="misses",
    stores="an envelope, a box and its slot 0; the code's row goes",
)
def send_referral(asked: Referral) -> LastEpoch | Problem:
    """Store a request for a code that is then gone."""
    return _store_referral(
        requests.Referral(
            locator=raw(asked.locator),
            write_key=raw(asked.write_key),
            envelope=raw(asked.envelope),
            box=_box(asked.box),
        )
    )


@route(
    senders,
    "POST",
    "/v1/walk-ins",
    body=WalkIn,
    answer=LastEpoch,
    audience="holder",
    proof="work",
    problems=(WORK, REFUSED),
    limit="walk_ins",
    stores="an envelope, a box and its slot 0",
)
def send_walk_in(asked: WalkIn) -> LastEpoch | Problem:
    """Store a request that comes with work in place of a code."""
    return _store_walk_in(
        requests.WalkIn(
            epoch=asked.epoch,
            nonce=raw(asked.nonce),
            envelope=raw(asked.envelope),
            box=_box(asked.box),
        )
    )


@route(
    senders,
    "POST",
    "/v1/paste",
    body=Paste,
    answer=LastEpoch,
    audience="holder",
    proof="code",
    problems=(REFUSED, WORK),
    limit=("misses", "walk_ins"),
    stores="as referrals or walk-ins",
)
def paste(asked: Paste) -> LastEpoch | Problem:
    """Store a request that was made elsewhere and carried here as text."""
    return take(asked.armour)


def take(armour: str) -> LastEpoch | Problem:
    """Store the request in a text of at most 20,000 characters; MALFORMED where there is none."""
    try:
        request = requests.from_armour(armour)
    except Malformed:
        return MALFORMED
    if isinstance(request, requests.Referral):
        return _store_referral(request)
    return _store_walk_in(request)


def _store_referral(referral: requests.Referral) -> LastEpoch | Problem:
    core = current()
    return holders.until(
        core.database.write(partial(referrals.store, wraps=core.wraps(), referral=referral))
    )


def _store_walk_in(walk_in: requests.WalkIn) -> LastEpoch | Problem:
    core = current()
    wraps = core.wraps()
    network_id = core.database.read(network.network_id)
    if network_id is None:
        return BUSY
    full = limits.full("walk_ins")
    admitted = walk_ins.is_admitted(
        walk_in, network_id=network_id, today=wraps.today, bits=core.settings.work_bits
    )
    outcome = core.database.write(
        partial(walk_ins.store, wraps=wraps, walk_in=walk_in, admitted=admitted, room=full is None)
    )
    if isinstance(outcome, walk_ins.Stored):
        if outcome.is_new:
            limits.count("walk_ins")
        return LastEpoch(last_epoch=outcome.last_epoch)
    if outcome is walk_ins.Refused.BOX:
        return REFUSED
    return WORK if outcome is walk_ins.Refused.WORK else full or BUSY


def _box(asked: NewBox | None) -> requests.Box | None:
    if asked is None:
        return None
    return requests.Box(
        id=raw(asked.id),
        holder_key_hash=raw(asked.holder_key_hash),
        write_key_hash=raw(asked.write_key_hash),
        slot_0=raw(asked.slot_0),
    )
