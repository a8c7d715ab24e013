"""What a server tells whoever is not the holder: a peer afterwards, a provider, an admin.

There is a server on which a request was made, and one on which it never was. Whoever is asked about
here may call anything with everything that they have; where both servers answer the same, byte for
byte, nothing was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from crypto import constants as c
from crypto.encoding import monday
from crypto.public import requests
from server.keyring import DROP
from server.routes.route import ROUTES
from tests.crypto.streams import Stream
from tests.server.running import serve
from tests.server.scene import answering, as_json, b64url, holding
from tests.threats.hers import (
    AFTERWARDS,
    LIVES_ON,
    LIVING,
    Hers,
    after,
    again,
    is_the_request,
    of_the_peer,
    of_the_provider,
    peers_calls,
)
from tests.threats.roles import SIGNED, many_requests, of_a_role
from tests.threats.scene import Sent, provider, send, shared, windows
from tests.threats.stored import stored_for
from tests.threats.twins import Whole, everything, twins, whole_of

ANSWERING = "POST /v1/boxes/answer"


def whole(hers: Hers, path: str, values: dict[str, Any]) -> Whole:
    """Everything that is answered where the request is."""
    return whole_of(hers.servers.clients[0], "POST", path, values)


@pytest.fixture(scope="module")
def sent() -> Sent:
    """A request with a receipt, sealed for real."""
    return send(provider("one"), Stream("the peer's device"))


@pytest.fixture
def hers(sent: Sent, tmp_path: Path) -> Iterator[Hers]:
    """Two servers, and the request that will be on one of them."""
    with twins(tmp_path) as servers:
        yield Hers(sent, servers)


# --- A peer afterwards -------------------------------------------------------------------------


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
    """The same calls with the holder key differ: so telling is noticed."""
    peers = of_the_peer(after(hers, LIVES_ON))
    holder = replace(peers, values=(*peers.values, hers.sent.receipt.holder_key))
    calls = [one for one in everything(holder) if not is_the_request(hers, one)]
    assert {"POST /v1/boxes/add", "POST /v1/boxes/read"} <= set(hers.servers.differ(calls))


def test_P8_T49_the_very_request_again_says_what_sent_said(hers: Hers) -> None:
    """However the box lives on, a repeat is answered as the first time, to the byte."""
    answers = set()
    for step in LIVING:
        step(hers)
        for path, values in again(hers).items():
            answers.add((path, whole(hers, path, values)))
    assert len(answers) == 2
    assert len({told for _, told in answers}) == 1


def test_P8_T49_after_its_end_the_very_request_again_is_unknown(hers: Hers) -> None:
    """Withdrawn or over, it gets the refusal that a code gets which never was."""
    after(hers, "withdrawn")
    calls = [one for one in everything(of_the_peer(hers)) if is_the_request(hers, one)]
    assert {one.route.path for one in calls} == set(again(hers))
    assert hers.servers.differ(calls) == []


def test_P8_T49_a_walk_in_again_says_the_same_whatever_became_of_it(hers: Hers) -> None:
    """Answered, added to, withdrawn: with its work or without, with its box, another or none."""
    scene, receipt = hers.servers.first, hers.servers.first.make.receipt()
    bits = scene.core.settings.work_bits
    network_id = hers.servers.founded.network_id
    walk_in = scene.make.walk_in(receipt, network_id=network_id, epoch=scene.today, bits=bits)
    other = scene.make.receipt().box
    tries = [walk_in, replace(walk_in, nonce=bytes(8)), replace(walk_in, box=None)]
    tries.append(replace(walk_in, box=other))
    added = {"tag": b64url(bytes(16)), "envelope": b64url(scene.make.envelope())}
    answers = set()
    for path, values in (
        ("/v1/walk-ins", as_json(walk_in)),
        ("/v1/boxes/answer", answering(receipt, 1, bytes(c.SLOT_BYTES))),
        ("/v1/boxes/add", holding(receipt, **added)),
        ("/v1/boxes/withdraw", holding(receipt)),
    ):
        assert hers.call(path, **values) == 200
        before = scene.dump()
        answers |= {whole(hers, "/v1/walk-ins", as_json(one)) for one in tries}
        answers |= {whole(hers, "/v1/paste", {"armour": requests.armour(one)}) for one in tries}
        assert scene.dump() == before
    assert len(answers) == 1


# --- The provider that it was for --------------------------------------------------------------


def test_P8_T40_without_the_holder_key_nobody_reads_adds_withdraws_or_renews(hers: Hers) -> None:
    """With box id, box key, write key, tag key and the code, only answering is another's: all else
    is answered as for a box that never was. Then the holder finds everything as it was.
    """
    after(hers, LIVES_ON)
    known = of_the_provider(hers)
    calls = [one for one in everything(known) if not is_the_request(hers, one)]
    before = hers.servers.first.dump()
    assert hers.servers.differ(one for one in calls if one.name != ANSWERING) == []
    assert hers.servers.first.dump() == before
    tried = {one.name for one in calls if one.route.proof == "holder-key"}
    assert tried == {f"POST /v1/boxes/{name}" for name in ("read", "add", "withdraw", "renew")}
    assert hers.read(0, 1) == [hers.sent.slot_0, hers.sent.slot_1]


def test_P8_T40_the_write_key_fills_empty_slots_and_changes_none(hers: Hers) -> None:
    """What the provider may: not slot 0, not what was answered; and it is told no more by that."""
    after(hers, LIVES_ON)
    calls = [one for one in everything(of_the_provider(hers)) if one.name == ANSWERING]
    assert hers.servers.differ(calls) == [ANSWERING]
    assert hers.read(0, 1) == [hers.sent.slot_0, hers.sent.slot_1]
    said = {told[0] for one in calls for told in hers.servers.ask(one)}
    assert said == {200, 404, 409}


# --- Two requests of one device ----------------------------------------------------------------


def test_P3_T41_two_requests_of_one_device_share_no_stored_bytes(tmp_path: Path) -> None:
    """The same words sent twice to the real server, answered and added to: no row of the one has
    eight bytes of any row of the other, neither as it lies there nor opened with the server's keys.
    """
    with serve(tmp_path / "server", f"sqlite:///{tmp_path / 'towpath.db'}") as running:
        one, two = (stored_for(running, provider(name)) for name in ("one", "two"))
    for stored in (one, two):
        assert sorted(stored.tables) == ["box", "box_slot", "box_slot", "envelope", "envelope"]
        assert shared(stored.contents, stored.known) >= set(windows(stored.known[0], 8))
    assert not shared(one.rows, two.rows)
    assert not shared(one.contents, two.contents)


# --- An admin ----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", SIGNED)
def test_P1_P3_R32_T46_no_signed_session_tells_of_requests(hers: Hers, role: str) -> None:
    """On no route is an answer other than on a server that never had a request: it holds none,
    counts none and does not tell that there is one. And nobody is let in but where they belong.
    """
    many_requests(hers)
    calls = list(everything(of_a_role(role, hers)))
    assert {(one.route.method, one.route.path, bool(one.headers)) for one in calls} >= {
        (one.method, one.path, True) for one in ROUTES
    }
    assert hers.servers.differ(calls) == []
    again = list(everything(of_a_role(role, hers), begin=5_000))
    signed = [one for one in again if one.headers and one.route.proof == "signature"]
    assert {one.name for one in signed if hers.servers.ask(one)[0][0] != 401} == SIGNED[role]


def test_T46_a_drop_key_tells_and_that_is_noticed(hers: Hers) -> None:
    """Providers draw it, signed; with it every envelope is told, on that route alone."""
    many_requests(hers)
    known = of_a_role("member", hers)
    core = hers.servers.first.core
    drop_key = core.keyring.get(DROP, monday(core.today))
    assert drop_key is not None
    told = replace(known, values=(*known.values, drop_key))
    assert hers.servers.differ(everything(told)) == ["GET /v1/drop"]
