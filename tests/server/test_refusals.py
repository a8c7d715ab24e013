"""One refusal: whatever a code or receipt was, nothing about the answer says it, nor does its time.

The whole answer is compared: status, headers and body bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto import constants as c
from server.services import boxes, codes, referrals
from tests.crypto.streams import flipped
from tests.server.scene import (
    Code,
    FakeClock,
    Receipt,
    Scene,
    answering,
    as_json,
    b64url,
    from_b64url,
    holding,
)

TICK_MS = 100
Whole = tuple[int, tuple[tuple[str, str], ...], bytes]


def post(client: FlaskClient, path: str, values: dict[str, Any]) -> TestResponse:
    """Call a route."""
    body = json.dumps(values)
    return client.post(path, data=body, headers={"Content-Type": "application/json"})


def whole(answer: TestResponse) -> Whole:
    """Everything of an answer."""
    return answer.status_code, tuple(answer.headers), answer.data


def gone(scene: Scene) -> dict[str, Code]:
    """Codes that no server takes: unknown, spent, cancelled, expired."""
    expired = scene.published()
    scene.clock.days_pass(expired.row.last_epoch - scene.today + 1)
    spent, cancelled = scene.published(), scene.published()
    scene.write(referrals.store, referral=scene.make.referral(spent, scene.make.receipt()))
    scene.write(codes.cancel, locator=cancelled.locator, write_key=cancelled.write_key)
    unknown = scene.make.code(scene.today)
    return {"unknown": unknown, "spent": spent, "cancelled": cancelled, "expired": expired}


def test_P4_R6_T5_opening_is_refused_alike(scene: Scene, client: FlaskClient) -> None:
    """Unknown, spent, cancelled and expired codes: one answer, byte for byte, headers too."""
    answers = {
        whole(post(client, "/v1/codes/open", {"locator": b64url(code.locator)}))
        for code in gone(scene).values()
    }
    ((status, _, body),) = answers
    assert status == 404
    assert json.loads(body)["type"] == "urn:towpath:problem:refused"


def test_P4_R6_T5_sending_is_refused_alike(scene: Scene, client: FlaskClient) -> None:
    """The same four, a wrong write key and a box id that stands, with and without a box."""
    taken = scene.make.receipt()
    refused = gone(scene)
    scene.sent(taken)
    live = scene.published()
    answers = set()
    for code in refused.values():
        for receipt in (None, scene.make.receipt()):
            request = scene.make.referral(code, receipt)
            answers.add(whole(post(client, "/v1/referrals", as_json(request))))
    wrong = replace(scene.make.referral(live), write_key=flipped(live.write_key, 0))
    answers.add(whole(post(client, "/v1/referrals", as_json(wrong))))
    standing = scene.make.referral(live, taken)
    answers.add(whole(post(client, "/v1/referrals", as_json(standing))))
    ((status, _, _),) = answers
    assert status == 404


def test_P4_P8_T5_calls_on_boxes_are_refused_alike(scene: Scene, client: FlaskClient) -> None:
    """An unknown box, an ended, a withdrawn one, and a wrong key for one that lives."""
    ended = scene.make.receipt()
    scene.sent(ended)
    scene.clock.days_pass(c.REFERRAL_DAYS + 1)
    withdrawn, live = scene.make.receipt(), scene.make.receipt()
    scene.sent(withdrawn)
    scene.sent(live)
    scene.write(boxes.withdraw, box_id=withdrawn.box_id, holder_key=withdrawn.holder_key)
    wrong = Receipt(live.box_id, live.write_key, live.holder_key, live.slot_0)
    receipts = (scene.make.receipt(), ended, withdrawn, wrong)
    added = {"tag": b64url(bytes(16)), "envelope": b64url(scene.make.envelope())}
    calls: list[Callable[[Receipt], tuple[str, dict[str, Any]]]] = [
        lambda one: ("/v1/boxes/add", holding(one, **added)),
        lambda one: ("/v1/boxes/renew", holding(one)),
        lambda one: ("/v1/boxes/answer", answering(one, 1, bytes(c.SLOT_BYTES))),
    ]
    answers = {whole(post(client, *call(one))) for call in calls for one in receipts}
    assert {status for status, _, _ in answers} == {404}
    assert len(answers) == 1


def test_P4_P8_reading_cancelling_and_withdrawing_never_tell(
    scene: Scene, client: FlaskClient
) -> None:
    """What is there, was there or never was: the same status, headers and length."""
    live, code = scene.make.receipt(), scene.published()
    scene.sent(live)
    for receipt in (live, scene.make.receipt()):
        read = post(client, "/v1/boxes/read", holding(receipt, slots=[0, 5]))
        first, second = (from_b64url(slot) for slot in read.get_json()["slots"])
        assert (len(first), len(second)) == (c.SLOT_BYTES, c.SLOT_BYTES)
        assert (first == live.slot_0) == (receipt is live)
    shapes = set()
    for receipt in (live, scene.make.receipt()):
        read = post(client, "/v1/boxes/read", holding(receipt, slots=[0, 5]))
        shapes.add((read.status_code, tuple(read.headers), len(read.data)))
    assert len(shapes) == 1
    said = {whole(post(client, "/v1/boxes/withdraw", holding(one)))
            for one in (live, live, scene.make.receipt())}  # fmt: skip
    cancelled = [{"locator": b64url(code.locator), "write_key": b64url(key)}
                 for key in (bytes(32), code.write_key, code.write_key)]  # fmt: skip
    said |= {whole(post(client, "/v1/codes/cancel", one)) for one in cancelled}
    assert {(status, body) for status, _, body in said} == {(200, b"{}")}
    assert len(said) == 1


def test_P8_R24_T49_a_peer_without_the_receipt_learns_nothing_more(
    scene: Scene, client: FlaskClient
) -> None:
    """Who has the code it was sent with, and nothing else, gets the same from every call: whether
    the request lies there untouched, was answered, added to or withdrawn.
    """
    seen = set()
    for state in ("untouched", "answered", "added to", "withdrawn"):
        code, receipt = scene.published(), scene.make.receipt()
        scene.write(referrals.store, referral=scene.make.referral(code, receipt))
        holder = {"box_id": receipt.box_id, "holder_key": receipt.holder_key}
        if state == "answered":
            scene.write(boxes.answer, box_id=receipt.box_id, write_key=receipt.write_key,
                        slot=1, sealed=bytes(c.SLOT_BYTES))  # fmt: skip
        elif state == "added to":
            scene.write(boxes.add, **holder, tag=bytes(16), envelope=scene.make.envelope())
        elif state == "withdrawn":
            scene.write(boxes.withdraw, **holder)
        guessed = Receipt(code.locator, code.write_key, code.write_key, bytes(c.SLOT_BYTES))
        again = scene.make.referral(code, guessed)
        locator, write_key = b64url(code.locator), b64url(code.write_key)
        calls = (
            ("/v1/codes/open", {"locator": locator}),
            ("/v1/codes/cancel", {"locator": locator, "write_key": write_key}),
            ("/v1/referrals", as_json(again)),
            ("/v1/boxes/renew", holding(guessed)),
            ("/v1/boxes/withdraw", holding(guessed)),
            ("/v1/boxes/answer", answering(guessed, 1, bytes(c.SLOT_BYTES))),
        )
        seen.add(tuple(whole(post(client, path, values)) for path, values in calls))
    assert len(seen) == 1


def test_P4_T5_refusals_leave_on_the_tick(
    scene: Scene, client: FlaskClient, clock: FakeClock
) -> None:
    """By the server's clock exactly one tick after the request was read; so do the calls that
    always answer alike.
    """
    receipt, code = scene.make.receipt(), scene.make.code()
    cancelling = {"locator": b64url(code.locator), "write_key": b64url(code.write_key)}
    for path, values in (
        ("/v1/codes/open", {"locator": b64url(code.locator)}),
        ("/v1/referrals", as_json(scene.make.referral(code))),
        ("/v1/boxes/renew", holding(receipt)),
        ("/v1/boxes/answer", answering(receipt, 1, bytes(c.SLOT_BYTES))),
        ("/v1/boxes/read", holding(receipt, slots=[0])),
        ("/v1/boxes/withdraw", holding(receipt)),
        ("/v1/codes/cancel", cancelling),
    ):
        before = clock.monotonic()
        post(client, path, values)
        assert math.isclose(clock.monotonic() - before, TICK_MS / 1000), path


@pytest.mark.parametrize("slots", [[], [1, 0], [1, 1], [32], [-1], list(range(9)), [1.0], ["1"]])
def test_slots_that_are_not_in_order_are_malformed(
    scene: Scene, client: FlaskClient, slots: list[Any]
) -> None:
    """One to eight numbers from 0 to 31, ascending, and nothing else."""
    assert (
        post(client, "/v1/boxes/read", holding(scene.make.receipt(), slots=slots)).status_code
        == 400
    )


@pytest.mark.parametrize("slot", [-1, 0, 32, 1.0, "1", None, True])
def test_P8_slot_0_and_other_numbers_are_no_providers_to_fill(
    scene: Scene, client: FlaskClient, slot: Any
) -> None:
    """Slot 0 is the sender's: not even the right write key reaches it."""
    receipt = scene.make.receipt()
    scene.sent(receipt)
    before = scene.dump()
    answer = post(client, "/v1/boxes/answer", answering(receipt, slot, bytes(c.SLOT_BYTES)))
    assert answer.status_code == 400
    assert scene.dump() == before
