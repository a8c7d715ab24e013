"""What a server tells whoever is not the holder: a peer afterwards, a provider, an admin.

There is a server on which a request was made, and one on which it never was. Whoever is asked about
here may call anything with everything that they have; where both servers answer the same, byte for
byte, nothing was told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from crypto import constants as c
from crypto.encoding import monday
from crypto.public import requests, work
from crypto.public.keys import key_hash
from crypto.public.note_signing import public_of
from server import models
from server.models import metadata
from server.routes.route import ROUTES
from server.services import box_rows, codes, envelopes
from tests.crypto.streams import Stream, flipped
from tests.server import founding
from tests.server.calling import call, post
from tests.server.scene import Scene, as_json, b64url
from tests.threats import scene as threats
from tests.threats.scene import Sent, provider, send, shared
from tests.threats.twins import Call, Known, Twins, everything, twins

ANSWER = "POST /v1/boxes/answer"


@dataclass(frozen=True)
class Hers:
    """A request that somebody makes with a peer's device, and what became of it on one server."""

    sent: Sent
    servers: Twins

    @property
    def box(self) -> requests.Box:
        """The box as it is asked for."""
        receipt = self.sent.receipt
        return requests.Box(
            id=receipt.box_id,
            holder_key_hash=key_hash(receipt.holder_key),
            write_key_hash=key_hash(receipt.write_key),
            slot_0=self.sent.slot_0,
        )

    @property
    def request(self) -> requests.Referral:
        """The request as it was sent."""
        keys = self.sent.to.keys
        return requests.Referral(keys.locator, keys.write_key, self.sent.referral, self.box)

    @property
    def tag(self) -> bytes:
        """That of her follow-up."""
        return self.sent.follow_up_context.binding

    def call(self, path: str, **values: Any) -> int:
        """Call the server that has her request, and return the status."""
        return post(self.servers.clients[0], path, **values).status_code

    def held(self, path: str, **values: Any) -> int:
        """Call it as the holder of the receipt."""
        receipt = self.sent.receipt
        return self.call(path, box_id=receipt.box_id, holder_key=receipt.holder_key, **values)

    # What happens, one after the other:

    def send(self) -> None:
        """The code is published and used; the device says "sent"."""
        keys, today = self.sent.to.keys, self.servers.first.today
        row = codes.Code(
            locator=keys.locator,
            write_key_hash=key_hash(keys.write_key),
            record=self.sent.to.case.sealed,
            last_epoch=monday(today) + c.CODE_DAYS,
        )
        scene = self.servers.first
        spent = scene.make.spending()
        assert scene.write(codes.publish, code=row, spending=spent) is codes.Published.DONE
        assert self.call("/v1/referrals", **as_json(self.request)) == 200

    def is_answered(self) -> None:
        """The provider answers."""
        receipt = self.sent.receipt
        known = {"box_id": receipt.box_id, "write_key": receipt.write_key}
        assert self.call("/v1/boxes/answer", **known, slot=1, sealed=self.sent.slot_1) == 200

    def adds(self) -> None:
        """She adds something."""
        added = {"tag": self.tag, "envelope": self.sent.follow_up}
        assert self.held("/v1/boxes/add", **added) == 200

    def renews(self) -> None:
        """Three days later she lets it live on."""
        self.servers.clock.days_pass(3)
        assert self.held("/v1/boxes/renew") == 200

    def withdraws(self) -> None:
        """She takes it back."""
        assert self.held("/v1/boxes/withdraw") == 200

    def ends(self) -> None:
        """Its last day is over."""
        self.servers.clock.days_pass(c.REFERRAL_DAYS + 1)


LIVING: list[Callable[[Hers], None]] = [Hers.send, Hers.is_answered, Hers.adds, Hers.renews]
AFTERWARDS = {
    "sent": LIVING[:1],
    "answered": LIVING[:2],
    "added to": LIVING[:3],
    "renewed": LIVING,
    "withdrawn": [*LIVING, Hers.withdraws],
    "ended": [*LIVING, Hers.ends],
}


@pytest.fixture(scope="module")
def sent() -> Sent:
    """A request with a receipt, sealed for real."""
    return send(provider("one"), Stream("the peer's device"))


@pytest.fixture
def hers(sent: Sent, tmp_path: Path) -> Iterator[Hers]:
    """Two servers, and the request that will be on one of them."""
    with twins(tmp_path) as servers:
        yield Hers(sent, servers)


def after(hers: Hers, what: str) -> Hers:
    """Let everything happen up to this."""
    for step in AFTERWARDS[what]:
        step(hers)
    return hers


def of_the_peer(hers: Hers) -> Known:
    """Everything that the device had: code, record, words, the request as it went out; only what
    the receipt gives is gone, as the receipt is.
    """
    sent, box, keys = hers.sent, hers.box, hers.sent.to.keys
    parts = [keys.locator, keys.record_key, keys.record_commitment, keys.psk, keys.write_key]
    parts += [box.id, box.holder_key_hash, box.write_key_hash, box.slot_0]
    parts += [sent.to.code, sent.to.case.sealed, sent.encoded, sent.referral]
    parts += [requests.hash_of(hers.request), requests.walk_in_tag(sent.referral)]
    return Known(
        network_id=hers.servers.founded.network_id,
        values=tuple(parts),
        named=fields_of(hers),
        seeds=(keys.psk, keys.write_key, seed_for(keys.write_key)),
    )


def seed_for(secret: bytes) -> bytes:
    """A signing seed of somebody who has none: made of what they have."""
    return key_hash(secret)


def fields_of(hers: Hers) -> dict[str, list[Any]]:
    """What a peer puts into fields that are not of one length."""
    box, request, today = hers.box, hers.request, hers.servers.first.today
    hers_elsewhere = replace(box, holder_key_hash=key_hash(bytes(32)))
    others_box = replace(box, id=flipped(box.id, 0))
    boxes = [None, box, hers_elsewhere, others_box]
    walk_in = requests.WalkIn(today, bytes(8), request.envelope, box)
    forms = [replace(request, box=one) for one in boxes]
    return {
        "pad": ["", "AAAA"],
        "box": [as_json(one)["box"] for one in forms],
        "armour": [*map(requests.armour, [*forms, walk_in]), "no armour"],
        "epoch": [today],
        "week": [monday(today)],
        "last_epoch": [monday(today) + c.CODE_DAYS, today],
        "slot": [1, 2, 31],
        "slots": [[0], [1], list(range(8))],
        "after": ["0"],
        "blinded": [""],
        "walk_ins": [True],
        "capacity": [None],
        "members": [[b64url(bytes(32))]],
        "application": [b64url(request.envelope[:400])],
        "note": [b64url(request.envelope[:400])],
    }


def is_the_request(hers: Hers, one: Call) -> bool:
    """Whether a call is the very request again, byte for byte."""
    said = dict(one.body or {})
    said.pop("pad", None)
    whole = as_json(hers.request)
    whole.pop("pad")
    return said in (whole, {"armour": requests.armour(hers.request)})


def peers_calls(hers: Hers) -> list[Call]:
    """Every call of the peer, on every route, but for the very request again."""
    calls = [one for one in everything(of_the_peer(hers)) if not is_the_request(hers, one)]
    assert {one.route.path for one in calls} == {one.path for one in ROUTES}
    return calls


# --- The peer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("what", AFTERWARDS)
def test_P8_T49_after_sent_a_peer_without_the_receipt_is_told_nothing(
    hers: Hers, what: str
) -> None:
    """Whatever became of the request, each route answers as a server that never had it, and nothing
    is changed by asking.
    """
    calls = peers_calls(after(hers, what))
    before = hers.servers.first.dump()
    assert hers.servers.differ(calls) == []
    assert hers.servers.first.dump() == before
    assert len(calls) > 300


def test_T49_who_kept_the_receipt_would_be_told(hers: Hers) -> None:
    """The same calls with the holder key differ, at each route of a box: so telling is noticed."""
    after(hers, "answered")
    peers = of_the_peer(hers)
    holder = replace(peers, values=(*peers.values, hers.sent.receipt.holder_key))
    calls = [one for one in everything(holder) if not is_the_request(hers, one)]
    told = hers.servers.differ(calls)
    assert told == [f"POST /v1/boxes/{name}" for name in ("add", "read", "renew")]
