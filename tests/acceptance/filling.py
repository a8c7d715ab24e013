"""A drop with many envelopes, put there by somebody who has the server's machine.

Requests without a code are really sealed, each to a weekly key of the organisation that it is for;
everything else is bytes that look like a request by code, which to everybody but its reader it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from functools import partial

from sqlalchemy import Connection

from client.api import Api
from client.flows import ask, choosing, walk_in
from client.flows.ask import Receipt
from client.flows.choosing import Directory
from crypto import constants as c
from crypto.client.message import Message
from crypto.encoding import Random
from crypto.public import requests
from server.core import Core
from server.services import drop, envelopes
from server.services.envelopes import Content
from server.wraps import Wraps

_A_TICK = 500


def fill(
    core: Core, api: Api, network_id: bytes, walked_in: Mapping[str, int], *, rows: int
) -> None:
    """Let so many rows join the drop, in any order: walk-ins by organisation, the rest by code."""
    there = choosing.fetch(api, device_day=core.today, network_id=network_id)
    made = [one for name, count in walked_in.items() for one in _sealed(core, there, name, count)]
    made += [envelopes.filler(core.random) for _ in range(rows - len(made))]
    made.sort(key=lambda _: core.random(16))
    for at in range(0, len(made), _A_TICK):
        tick = made[at : at + _A_TICK]
        core.database.write(partial(_store, wraps=core.wraps(), contents=tick))
        core.database.write(partial(drop.join, random=core.random))


def _store(connection: Connection, *, wraps: Wraps, contents: list[Content]) -> None:
    for content in contents:
        assert envelopes.store(connection, wraps, content, wraps.today + c.REFERRAL_DAYS)


def _sealed(core: Core, there: Directory, name: str, count: int) -> Iterator[Content]:
    """Seal requests to an organisation, each with a receipt of its own."""
    chosen = next(one for one in there.organisations if one.statement.name == name)
    receipt = ask.make_receipt(there.view.policy.network_id, "", random=core.random)
    for number in range(count):
        said = Message(
            kind=c.KIND_REFERRAL,
            consent=1,
            needs=(1, 2, 3),
            languages=(5,),
            channels=(1,),
            soon=1 + number % 3,
            eyes=c.EYES_RECEIPT,
            text=f"request {number} " + "of many words " * 40,
        )
        own = _another(receipt, core.random)
        sealed = walk_in.seal(there.view, chosen, said, own, random=core.random, day=core.today)
        tag = requests.walk_in_tag(sealed.envelope)
        yield Content(core.random(c.HASH_BYTES), tag, sealed.envelope)


def _another(receipt: Receipt, random: Random) -> Receipt:
    """Draw the keys of another receipt; stretching a real one takes half a second."""
    keys = receipt.keys
    drawn = {one.name: random(len(getattr(keys, one.name))) for one in fields(keys)}
    return replace(receipt, keys=replace(keys, **drawn))
