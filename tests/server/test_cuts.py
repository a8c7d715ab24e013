"""Lines that break: each storing call cut at its bytes, and then sent again.

What is cut is a real connection to the shipped server. A request that did not arrive whole stores
nothing; an answer that did not arrive whole is given again, and nothing is stored twice.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from crypto import constants as c
from crypto.public import requests, tokens
from server import issuing
from server.services import codes
from tests.server.racing import Answer, posting, read_all, taken_apart
from tests.server.running import HOST, Running
from tests.server.scene import (
    Receipt,
    Scene,
    answering,
    as_json,
    b64url,
    holding,
    publishing,
)

# What a call adds to each table; a table that is not named stays as it was.
Counts = dict[str, int]
_STEP = 211
_AT_ONCE_CLOSED = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Call:
    """One request, what it answers, and what it stores."""

    request: bytes
    answer: Answer
    stores: Counts


@dataclass
class Maker:
    """Makes storing calls against a running server, each about something new."""

    running: Running

    @property
    def scene(self) -> Scene:
        """The server's database and keys."""
        return self.running.scene

    def __post_init__(self) -> None:
        self._tokens = self._draw()
        self._until = self._answer(self.scene.today + c.REFERRAL_DAYS)

    def publish(self) -> Call:
        """A code's row for a token."""
        code = self.scene.make.code(self.scene.today)
        request = posting("/v1/codes", publishing(code, next(self._tokens)))
        return Call(request, (200, b"{}"), {"code_record": 1, "spent_token": 1})

    def referral(self) -> Call:
        """A referral with a box, for a code that goes."""
        made = self.scene.make.referral(self.scene.published(), self.scene.make.receipt())
        stores = {"code_record": -1, "envelope": 1, "box": 1, "box_slot": 1}
        return Call(posting("/v1/referrals", as_json(made)), self._until, stores)

    def paste(self) -> Call:
        """A referral as text."""
        made = self.scene.make.referral(self.scene.published())
        request = posting("/v1/paste", {"armour": requests.armour(made)})
        return Call(request, self._until, {"code_record": -1, "envelope": 1})

    def walk_in(self) -> Call:
        """A walk-in with a box."""
        scene, network_id = self.scene, self.running.founded.network_id
        made = scene.make.walk_in(scene.make.receipt(), network_id=network_id, epoch=scene.today)
        today = scene.today
        end = self._answer(min(today + c.REFERRAL_DAYS, today - (today + 3) % 7 + 13))
        stores = {"envelope": 1, "box": 1, "box_slot": 1}
        return Call(posting("/v1/walk-ins", as_json(made)), end, stores)

    def add(self) -> Call:
        """A follow-up."""
        tag, envelope = self.scene.make.random(16), self.scene.make.envelope()
        values = holding(self._held(), tag=b64url(tag), envelope=b64url(envelope))
        return Call(posting("/v1/boxes/add", values), self._until, {"envelope": 1})

    def answer(self) -> Call:
        """An answer of the provider."""
        values = answering(self._held(), 7, self.scene.make.random(c.SLOT_BYTES))
        return Call(posting("/v1/boxes/answer", values), (200, b"{}"), {"box_slot": 1})

    def withdraw(self) -> Call:
        """The end of a box; its envelope becomes filler."""
        request = posting("/v1/boxes/withdraw", holding(self._held()))
        return Call(request, (200, b"{}"), {"box": -1, "box_slot": -1})

    def renew(self) -> Call:
        """A box that lives on; of the day on which it came, so that no row changes."""
        return Call(posting("/v1/boxes/renew", holding(self._held())), self._until, {})

    def cancel(self) -> Call:
        """A code that is taken back."""
        code = self.scene.published()
        values = {"locator": b64url(code.locator), "write_key": b64url(code.write_key)}
        return Call(posting("/v1/codes/cancel", values), (200, b"{}"), {"code_record": -1})

    def _held(self) -> Receipt:
        receipt = self.scene.make.receipt()
        self.scene.sent(receipt)
        return receipt

    def _draw(self) -> Iterator[bytes]:
        """Tokens without end, as a member's device draws them."""
        core = self.scene.core
        network_id = self.running.founded.network_id
        while True:
            issuers = issuing.issuers(core.keyring, network_id, core.today, core.random)
            issuer = issuers[0][1]
            batch = tokens.draw(c.TOKEN_BATCH_MOST, random=core.random)
            yield from batch.finalize(issuer.issue(batch.request), issuer.public_key)

    @staticmethod
    def _answer(last_epoch: int) -> Answer:
        return 200, b'{"last_epoch":%d}' % last_epoch


CALLS: dict[str, Callable[[Maker], Call]] = {
    "publish": Maker.publish,
    "referral": Maker.referral,
    "paste": Maker.paste,
    "walk-in": Maker.walk_in,
    "add": Maker.add,
    "answer": Maker.answer,
    "withdraw": Maker.withdraw,
    "renew": Maker.renew,
    "cancel": Maker.cancel,
}
every_call = pytest.mark.parametrize("call", CALLS)


@pytest.fixture(scope="module")
def make(running: Running) -> Maker:
    """Makes calls on the server."""
    return Maker(running)


def send(port: int, data: bytes, *, read: int | None = None) -> bytes:
    """Send bytes and read so many of the answer, or all; then the line breaks."""
    with socket.create_connection((HOST, port), timeout=60) as connection:
        connection.sendall(data)
        if read is None:
            return read_all(connection)
        got = b""
        while len(got) < read and (part := connection.recv(read - len(got))):
            got += part
        # Closed at once: what is still on its way is lost.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE_CLOSED)
        return got


def places(data: bytes) -> list[int]:
    """Where to cut: every byte of the head and of both ends of the body, and some between."""
    head = data.index(b"\r\n\r\n") + 4
    edges = [*range(head + 9), *range(len(data) - 9, len(data))]
    return sorted({*edges, *range(head, len(data), _STEP)} & set(range(len(data))))


def rows_of(scene: Scene) -> dict[str, list[Any]]:
    """All rows but for their cursors, which come with the tick."""
    dump: dict[str, list[Any]] = {**scene.dump()}
    del dump["drop_position"]
    dump["envelope"] = [row[:2] + row[3:] for row in dump["envelope"]]
    return dump


def grown(scene: Scene, before: Counts) -> Counts:
    """What was added to each table."""
    after = scene.counts()
    return {name: count - before[name] for name, count in after.items() if count != before[name]}


@every_call
def test_P10_a_request_cut_at_any_byte_stores_nothing_and_then_is_taken(
    make: Maker, call: str
) -> None:
    """However much of it came; the whole of it is then answered as if nothing had been."""
    made, scene = CALLS[call](make), make.scene
    before, lying = scene.counts(), rows_of(scene)
    for at in places(made.request):
        send(make.running.port, made.request[:at], read=0)
    assert rows_of(scene) == lying
    assert taken_apart(send(make.running.port, made.request)) == made.answer
    assert grown(scene, before) == made.stores


@every_call
def test_P10_an_answer_cut_at_any_byte_is_given_again_and_nothing_doubles(
    make: Maker, call: str
) -> None:
    """Each time the first answer of something new breaks off; the second is whole."""
    port, scene = make.running.port, make.scene
    whole = send(port, CALLS[call](make).request)
    every = scene.core.database.is_sqlite and call in ("publish", "referral")
    cut_answers(make, call, places(whole) if every else places(whole)[::29])


@pytest.mark.long
@every_call
def test_P10_an_answer_cut_at_every_byte_is_given_again_and_nothing_doubles(
    make: Maker, call: str
) -> None:
    """The same for each call, byte by byte."""
    whole = send(make.running.port, CALLS[call](make).request)
    cut_answers(make, call, range(len(whole)))


def cut_answers(make: Maker, call: str, cuts: Iterable[int]) -> None:
    """For each place: something new whose answer breaks off there, and then the whole answer."""
    port, scene = make.running.port, make.scene
    for at in cuts:
        made = CALLS[call](make)
        before = scene.counts()
        assert len(send(port, made.request, read=at)) == at
        assert taken_apart(send(port, made.request)) == made.answer
        assert grown(scene, before) == made.stores, at


def test_P10_no_token_is_lost_without_its_row(make: Maker) -> None:
    """A token whose request broke off pays for another code."""
    made, other = make.publish(), make.scene.make.code(make.scene.today)
    token = next(make._tokens)
    first = posting("/v1/codes", publishing(make.scene.make.code(make.scene.today), token))
    for at in places(first):
        send(make.running.port, first[:at], read=0)
    second = posting("/v1/codes", publishing(other, token))
    assert taken_apart(send(make.running.port, second)) == made.answer
    status, _ = taken_apart(send(make.running.port, first))
    assert status == 403


def test_P4_P10_no_code_is_lost_without_its_request(make: Maker) -> None:
    """A code whose request broke off opens, and takes another request."""
    scene = make.scene
    code = scene.published()
    lost = posting("/v1/referrals", as_json(scene.make.referral(code, scene.make.receipt())))
    for at in places(lost)[::5]:
        send(make.running.port, lost[:at], read=0)
    assert scene.read(codes.open_, locator=code.locator) == code.row.record
    other = posting("/v1/referrals", as_json(scene.make.referral(code)))
    assert taken_apart(send(make.running.port, other)) == make.referral().answer
    assert taken_apart(send(make.running.port, lost))[0] == 404


def test_P10_two_requests_on_one_line_are_not_mixed(make: Maker) -> None:
    """What stands after the end of a request is not taken for a part of it."""
    scene = make.scene
    one = scene.make.referral(scene.published())
    two = replace(one, envelope=scene.make.envelope())
    both = posting("/v1/referrals", as_json(one)) + posting("/v1/referrals", as_json(two))
    before = scene.counts()
    answer = send(make.running.port, both)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert grown(scene, before) == {"code_record": -1, "envelope": 1}
