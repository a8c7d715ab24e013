"""A request on one of two servers, whatever becomes of it, and everything that a peer has of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from crypto import constants as c
from crypto.encoding import monday
from crypto.public import requests
from crypto.public.keys import key_hash
from crypto.public.note_signing import Signer
from server.routes.route import ROUTES
from server.services import codes
from tests.crypto.streams import flipped
from tests.server.calling import post
from tests.server.scene import Scene, as_json, b64url, from_b64url
from tests.threats.scene import Sent
from tests.threats.twins import Call, Known, Twins, everything


def box_of(sent: Sent) -> requests.Box:
    """The box of a request, as it is asked for."""
    receipt = sent.receipt
    return requests.Box(
        id=receipt.box_id,
        holder_key_hash=key_hash(receipt.holder_key),
        write_key_hash=key_hash(receipt.write_key),
        slot_0=sent.slot_0,
    )


def request_of(sent: Sent) -> requests.Referral:
    """A request as it goes out."""
    keys = sent.to.keys
    return requests.Referral(
        locator=keys.locator, write_key=keys.write_key, envelope=sent.referral, box=box_of(sent)
    )


def publish(scene: Scene, sent: Sent) -> None:
    """Store the code of a request, as its provider would."""
    keys = sent.to.keys
    row = codes.Code(
        locator=keys.locator,
        write_key_hash=key_hash(keys.write_key),
        record=sent.to.case.sealed,
        last_epoch=monday(scene.today) + c.CODE_DAYS,
    )
    spent = scene.make.spending()
    assert scene.write(codes.publish, code=row, spending=spent) is codes.Published.DONE


@dataclass(frozen=True)
class Hers:
    """A request that somebody makes with a peer's device, and what became of it on one server."""

    sent: Sent
    servers: Twins

    @property
    def box(self) -> requests.Box:
        """The box as it is asked for."""
        return box_of(self.sent)

    @property
    def request(self) -> requests.Referral:
        """The request as it was sent."""
        return request_of(self.sent)

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

    def read(self, *slots: int) -> list[bytes]:
        """Read the box as the holder."""
        receipt = self.sent.receipt
        held = {"box_id": receipt.box_id, "holder_key": receipt.holder_key}
        answer = post(self.servers.clients[0], "/v1/boxes/read", **held, slots=list(slots))
        return [from_b64url(slot) for slot in answer.get_json()["slots"]]

    # What happens, one after the other:

    def send(self) -> None:
        """The code is published and used; the device says "sent"."""
        publish(self.servers.first, self.sent)
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


LIVES_ON = "answered, added to and renewed"
LIVING: list[Callable[[Hers], None]] = [Hers.send, Hers.is_answered, Hers.adds, Hers.renews]
AFTERWARDS = {
    "sent": LIVING[:1],
    LIVES_ON: LIVING,
    "withdrawn": [*LIVING, Hers.withdraws],
    "ended": [*LIVING, Hers.ends],
}


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
        belonging=belonging(hers),
        named=fields_of(hers),
        seeds=(keys.psk, keys.write_key, seed_for(keys.write_key)),
    )


def belonging(hers: Hers) -> dict[str, bytes]:
    """Which of a peer's values belongs into which field, as far as she has what belongs there."""
    keys, box = hers.sent.to.keys, hers.box
    return {
        "locator": keys.locator,
        "write_key": keys.write_key,
        "write_key_hash": key_hash(keys.write_key),
        "record": hers.sent.to.case.sealed,
        "envelope": hers.sent.referral,
        "box_id": box.id,
        "sealed": box.slot_0,
    }


def of_the_provider(hers: Hers) -> Known:
    """What the peer has, and what the request says to who opens it: every key but the holder's."""
    peers, receipt = of_the_peer(hers), asdict(hers.sent.receipt)
    almost = flipped(receipt.pop("holder_key"), 31)
    read = (*receipt.values(), hers.tag, hers.sent.follow_up, hers.sent.slot_1, almost)
    return replace(peers, values=(*read, *peers.values), seeds=())


def seed_for(secret: bytes) -> bytes:
    """A signing seed of somebody who has none: made of what they have."""
    return key_hash(secret)


def fields_of(hers: Hers) -> dict[str, list[Any]]:
    """What a peer puts into fields that are not of one length."""
    box, request, today = hers.box, hers.request, hers.servers.first.today
    founded = hers.servers.founded
    hers_elsewhere = replace(box, holder_key_hash=key_hash(bytes(32)))
    others_box = replace(box, id=flipped(box.id, 0))
    boxes = [box, None, hers_elsewhere, others_box]
    walk_in = requests.WalkIn(epoch=today, nonce=bytes(8), envelope=request.envelope, box=box)
    forms = [replace(request, box=one) for one in boxes]
    armours = [requests.armour(one) for one in forms]
    return {
        "pad": [""],
        "box": [as_json(one)["box"] for one in forms],
        "armour": [*armours, requests.armour(walk_in), "no armour"],
        "epoch": [today],
        "week": [monday(today)],
        "last_epoch": [monday(today) + c.CODE_DAYS, today],
        "slot": [1, 2, 31],
        "slots": [[0], [1], list(range(8))],
        "after": [0, 1],
        "n": [0, 1],
        "blinded": [""],
        "walk_ins": [True],
        "capacity": [None],
        "members": [[b64url(bytes(32))]],
        "application": [b64url(request.envelope[:400])],
        "note": [b64url(request.envelope[:400])],
        "listing": [b64url(request.envelope[:400]), None],
        "cosignature": [founded.line(Signer("eye.example", bytes(32))), "no line"],
    }


def again(hers: Hers) -> dict[str, dict[str, Any]]:
    """The very request again, as each route takes it."""
    whole = as_json(hers.request)
    return {"/v1/referrals": whole, "/v1/paste": {"armour": requests.armour(hers.request)}}


def is_the_request(hers: Hers, one: Call) -> bool:
    """Whether a call is the very request again, byte for byte."""
    return one.body == again(hers).get(one.route.path, {})


def peers_calls(hers: Hers) -> list[Call]:
    """Every call of the peer, on every route, but for the very request again."""
    calls = [one for one in everything(of_the_peer(hers)) if not is_the_request(hers, one)]
    assert {one.route.path for one in calls} == {one.path for one in ROUTES}
    return calls
