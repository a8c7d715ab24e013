"""Calls that store, sent again byte for byte: the first answer, and nothing twice (http.md, 1)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from crypto import constants as c
from crypto.public import requests, tokens
from server import issuing
from server.core import Core
from server.settings import Settings
from tests.server.founding import Founded
from tests.server.scene import (
    Receipt,
    Scene,
    answering,
    as_json,
    b64url,
    holding,
    publishing,
)

Asked = tuple[str, dict[str, Any]]
WALK_INS = 3
BITS = 14


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """A server that takes few walk-ins a day, at a difficulty that nobody meets by chance."""
    return replace(settings, walk_ins_a_day=WALK_INS, work_bits=BITS)


def token(core: Core, founded: Founded) -> bytes:
    """A token of this period, drawn as a member's device draws it."""
    ((_, issuer), *_) = issuing.issuers(core.keyring, founded.network_id, core.today, core.random)
    batch = tokens.draw(1, random=core.random)
    return batch.finalize(issuer.issue(batch.request), issuer.public_key)[0]


def publish(scene: Scene, founded: Founded, _receipt: Receipt) -> Asked:
    """A code's row."""
    return "/v1/codes", publishing(scene.make.code(), token(scene.core, founded))


def cancel(scene: Scene, _founded: Founded, _receipt: Receipt) -> Asked:
    """A code taken back."""
    code = scene.published()
    values = {"locator": b64url(code.locator), "write_key": b64url(code.write_key)}
    return "/v1/codes/cancel", values


def referral(scene: Scene, _founded: Founded, _receipt: Receipt) -> Asked:
    """A request with a code."""
    made = scene.make.referral(scene.published(), scene.make.receipt())
    return "/v1/referrals", as_json(made, pad="A" * 40)


def walk_in(scene: Scene, founded: Founded, _receipt: Receipt) -> Asked:
    """A request without a code."""
    made = scene.make.walk_in(scene.make.receipt(), network_id=founded.network_id, bits=BITS)
    return "/v1/walk-ins", as_json(made)


def paste(scene: Scene, _founded: Founded, _receipt: Receipt) -> Asked:
    """A request with a code, as text."""
    made = scene.make.referral(scene.published(), scene.make.receipt())
    return "/v1/paste", {"armour": requests.armour(made)}


def paste_walk_in(scene: Scene, founded: Founded, _receipt: Receipt) -> Asked:
    """A request without a code, as text."""
    made = scene.make.walk_in(network_id=founded.network_id, bits=BITS)
    return "/v1/paste", {"armour": requests.armour(made)}


def add(scene: Scene, _founded: Founded, receipt: Receipt) -> Asked:
    """A follow-up."""
    values = {"tag": b64url(scene.make.random(16)), "envelope": b64url(scene.make.envelope())}
    return "/v1/boxes/add", holding(receipt, **values)


def renew(_scene: Scene, _founded: Founded, receipt: Receipt) -> Asked:
    """A box that lives on."""
    return "/v1/boxes/renew", holding(receipt)


def withdraw(_scene: Scene, _founded: Founded, receipt: Receipt) -> Asked:
    """The end of a box."""
    return "/v1/boxes/withdraw", holding(receipt)


def answer(scene: Scene, _founded: Founded, receipt: Receipt) -> Asked:
    """An answer."""
    return "/v1/boxes/answer", answering(receipt, 3, scene.make.random(c.SLOT_BYTES))


STORING = (publish, cancel, referral, walk_in, paste, paste_walk_in, add, renew, withdraw, answer)


def post(client: FlaskClient, path: str, values: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Call a route."""
    body = json.dumps(values)
    said = client.post(path, data=body, headers={"Content-Type": "application/json"})
    return said.status_code, said.get_json()


@pytest.mark.parametrize("ask", STORING)
def test_P10_a_repeated_call_gets_the_first_answer_and_stores_nothing_twice(
    scene: Scene,
    founded: Founded,
    client: FlaskClient,
    ask: Callable[[Scene, Founded, Receipt], Asked],
) -> None:
    """Three times, while much else happens in between; the rows are those of the first time."""
    receipt = scene.make.receipt()
    scene.sent(receipt)
    scene.clock.days_pass(1)
    path, values = ask(scene, founded, receipt)
    first = post(client, path, values)
    assert first[0] == 200
    after = scene.dump()
    for _ in range(3):
        assert post(client, path, values) == first
        assert scene.dump() == after
    scene.sent(scene.make.receipt())
    lying = scene.dump()
    assert post(client, path, values) == first
    assert scene.dump() == lying


@pytest.mark.parametrize("pad", ["", "A", "A" * 8_192])
def test_P10_padding_is_no_part_of_a_request(scene: Scene, client: FlaskClient, pad: str) -> None:
    """Sent again with another padding it is the same request."""
    made = scene.make.referral(scene.published())
    first = post(client, "/v1/referrals", as_json(made))
    assert first[0] == 200
    assert post(client, "/v1/referrals", as_json(made, pad=pad)) == first
    assert scene.counts()["envelope"] == 1


@pytest.mark.parametrize("pad", ["a", "AB", " ", "A\n", "A" * 8_193, None, 1])
def test_other_padding_is_malformed(scene: Scene, client: FlaskClient, pad: Any) -> None:
    """Only the letter A, as often as there is room for."""
    values = {**as_json(scene.make.referral(scene.published())), "pad": pad}
    assert post(client, "/v1/referrals", values)[0] == 400
    assert scene.counts()["envelope"] == 0


def test_P10_pasting_and_sending_are_the_same_request(scene: Scene, client: FlaskClient) -> None:
    """Whichever comes first, the other gets its answer."""
    for first, second in (("paste", "send"), ("send", "paste")):
        made = scene.make.referral(scene.published(), scene.make.receipt())
        ways = {
            "paste": ("/v1/paste", {"armour": requests.armour(made)}),
            "send": ("/v1/referrals", as_json(made)),
        }
        told = post(client, *ways[first])
        assert told[0] == 200
        lying = scene.dump()
        assert post(client, *ways[second]) == told
        assert scene.dump() == lying


@pytest.mark.parametrize("armour", ["", "-----BEGIN TOWPATH REQUEST-----", "A" * 20_001])
def test_what_is_no_armour_is_malformed(client: FlaskClient, armour: str) -> None:
    """Nothing is guessed."""
    assert post(client, "/v1/paste", {"armour": armour})[0] == 400


def test_until_a_policy_is_loaded_the_server_is_busy_and_stores_nothing(
    scene: Scene, client: FlaskClient
) -> None:
    """It does not know its network yet: codes and walk-ins can come again later."""
    code, made = scene.make.code(), scene.make.walk_in()
    assert post(client, "/v1/codes", publishing(code, bytes(c.TOKEN_BYTES)))[0] == 503
    assert post(client, "/v1/walk-ins", as_json(made))[0] == 503
    assert scene.counts() == dict.fromkeys(scene.counts(), 0)


def test_R5_publishing_asks_for_a_token_of_this_network(
    scene: Scene, founded: Founded, client: FlaskClient
) -> None:
    """None, another's, a changed one, and one that was spent are refused; a good one pays once."""
    good = token(scene.core, founded)
    changed = good[:40] + bytes([good[40] ^ 1]) + good[41:]
    for bad in (bytes(c.TOKEN_BYTES), scene.make.random(c.TOKEN_BYTES), changed):
        status, said = post(client, "/v1/codes", publishing(scene.make.code(), bad))
        assert (status, said["type"]) == (403, "urn:towpath:problem:token")
    assert post(client, "/v1/codes", publishing(scene.make.code(), good)) == (200, {})
    assert post(client, "/v1/codes", publishing(scene.make.code(), good))[0] == 403
    assert scene.counts() | {"code_record": 1, "spent_token": 1} == scene.counts()


def test_another_record_under_a_locator_is_taken(
    scene: Scene, founded: Founded, client: FlaskClient
) -> None:
    """And the token that came with it pays for another code."""
    code, kept = scene.published(), token(scene.core, founded)
    other = scene.make.code(locator=code.locator)
    assert post(client, "/v1/codes", publishing(other, kept))[0] == 409
    assert post(client, "/v1/codes", publishing(scene.make.code(), kept)) == (200, {})


def test_R34_walk_ins_beyond_the_days_number_wait_and_old_ones_are_answered(
    scene: Scene, founded: Founded, client: FlaskClient
) -> None:
    """Only what is new is counted; a code is never refused for walk-ins, and tomorrow is new."""
    made = [
        as_json(scene.make.walk_in(network_id=founded.network_id, bits=BITS))
        for _ in range(WALK_INS + 1)
    ]
    for one in made[:-1]:
        first = post(client, "/v1/walk-ins", one)
        assert first[0] == 200
        assert post(client, "/v1/walk-ins", one) == first
    status, said = post(client, "/v1/walk-ins", made[-1])
    assert (status, said["type"]) == (429, "urn:towpath:problem:limited")
    for one in made[:-1]:
        assert post(client, "/v1/walk-ins", one)[0] == 200
    sent = as_json(scene.make.referral(scene.published()))
    assert post(client, "/v1/referrals", sent)[0] == 200
    scene.clock.days_pass(1)
    assert post(client, "/v1/walk-ins", made[-1])[0] == 200


def test_T12_a_walk_in_whose_work_does_not_hold_is_refused(
    scene: Scene, founded: Founded, client: FlaskClient
) -> None:
    """For another network, of another day than today and yesterday, or none."""
    wrong = [
        scene.make.walk_in(network_id=founded.network_id, epoch=scene.today - 2, bits=BITS),
        scene.make.walk_in(network_id=founded.network_id, epoch=scene.today + 1, bits=BITS),
        *(scene.make.walk_in(network_id=bytes(32), bits=BITS) for _ in range(2)),
    ]
    for made in wrong:
        status, said = post(client, "/v1/walk-ins", as_json(made))
        assert (status, said["type"]) == (403, "urn:towpath:problem:work")
    assert scene.counts()["envelope"] == 0
