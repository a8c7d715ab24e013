"""One refusal: whatever a code or receipt was, nothing about the answer says it, nor does its time.

The whole answer is compared: status, headers and body bytes.
"""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import migrations
from crypto import constants as c
from server import clock as clocks
from server import create_app
from server.core import EXTENSION, Core
from server.models import code_record
from server.services import boxes, codes, referrals, rows
from server.settings import Settings
from server.wraps import Wraps
from tests.crypto.streams import flipped
from tests.server.scene import (
    Code,
    FakeClock,
    Maker,
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


# Time, by the machine's own clock.

THREADS = 4
KINDS = ("unknown", "spent", "cancelled", "expired")
FAR = 4.5  # by chance |t| is above once in 150,000 times


def welch(one: list[float], other: list[float]) -> float:
    """Welch's t of two samples."""
    spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return (statistics.fmean(one) - statistics.fmean(other)) / math.sqrt(spread)


@dataclass(frozen=True)
class Timed:
    """A server with the machine's clock, and codes that it refuses, twenty of each kind."""

    app: Flask
    codes: dict[str, list[Code]]

    def tries(self, path: str, count: int, workers: int = THREADS) -> dict[str, list[float]]:
        """How long each of `count` tries of each kind took, in an order drawn at random."""
        order = sorted(KINDS * count, key=lambda _: clocks.random(8))
        with ThreadPoolExecutor(workers) as threads:
            batches = [order[at::workers] for at in range(workers)]
            done = [
                pair for batch in threads.map(partial(self._batch, path), batches) for pair in batch
            ]
        return {kind: [took for one, took in done if one == kind] for kind in KINDS}

    def _batch(self, path: str, kinds: list[str]) -> list[tuple[str, float]]:
        client, make = self.app.test_client(), Maker(clocks.random)
        taken = []
        for number, kind in enumerate(kinds):
            code = self.codes[kind][number % len(self.codes[kind])]
            values = (
                as_json(make.referral(code))
                if path == "/v1/referrals"
                else {"locator": b64url(code.locator)}
            )
            body = json.dumps(values)
            began = time.perf_counter()
            answer = client.post(path, data=body, headers={"Content-Type": "application/json"})
            taken.append((kind, time.perf_counter() - began))
            assert answer.status_code == 404
        return taken


@contextmanager
def timed(folder: Path, tick_ms: int) -> Iterator[Timed]:
    """A server on SQLite with this tick."""
    (folder / "keyring").mkdir(mode=0o700)
    settings = Settings(
        database=f"sqlite:///{folder / 'towpath.db'}",
        keyring=folder / "keyring",
        refusal_tick_ms=tick_ms,
        misses_a_minute=1_000_000,
    )
    app = create_app(settings)
    core: Core = app.extensions[EXTENSION]
    migrations.upgrade(core.database.engine)
    scene = Scene(core, FakeClock(core.today))
    refused = [gone_on(scene) for _ in range(20)]
    try:
        yield Timed(app, {kind: [one[kind] for one in refused] for kind in KINDS})
    finally:
        core.database.close()


def gone_on(scene: Scene) -> dict[str, Code]:
    """A code of each kind, by the machine's day."""
    spent, cancelled, expired = scene.published(), scene.published(), scene.make.code(scene.today)
    scene.write(referrals.store, referral=scene.make.referral(spent, scene.make.receipt()))
    scene.write(codes.cancel, locator=cancelled.locator, write_key=cancelled.write_key)
    yesterday = Wraps(scene.core.keyring, scene.today - 1, scene.core.random)
    content = expired.row.write_key_hash + expired.row.record
    assert scene.core.database.write(
        lambda connection: rows.store(
            connection, yesterday, code_record, expired.locator, scene.today - 1, content
        )
    )
    unknown = scene.make.code(scene.today)
    return dict(zip(KINDS, (unknown, spent, cancelled, expired), strict=True))


def farthest(taken: dict[str, list[float]]) -> float:
    """The largest |t| between any two kinds."""
    return max(abs(welch(taken[one], taken[other])) for one, other in combinations(KINDS, 2))


def test_P4_R6_T5_times_of_ten_thousand_refusals_say_nothing(tmp_path: Path) -> None:
    """Opening codes of four kinds, 2,500 tries each: no two kinds differ in their times."""
    with timed(tmp_path, 10) as server:
        assert farthest(server.tries("/v1/codes/open", 2_500)) < FAR


def test_P4_R6_T5_times_of_refused_requests_say_nothing(tmp_path: Path) -> None:
    """Sending with the same codes, whose refusals take different work."""
    with timed(tmp_path, 40) as server:
        assert farthest(server.tries("/v1/referrals", 250)) < FAR


@pytest.mark.long
def test_P4_R6_T5_times_of_a_hundred_thousand_refusals_say_nothing(tmp_path: Path) -> None:
    """The same ten times as often, and sending as often as opening in the short run."""
    with timed(tmp_path, 20) as server:
        assert farthest(server.tries("/v1/codes/open", 25_000)) < FAR
        assert farthest(server.tries("/v1/referrals", 2_500)) < FAR


def test_T5_without_the_tick_the_times_would_tell(tmp_path: Path) -> None:
    """The difference is there and is found, where refusals leave when they are ready."""
    with timed(tmp_path, 0) as server:
        taken = server.tries("/v1/referrals", 400, workers=1)
    # Whatever else the machine does makes some tries slow; it does not make any quick.
    quick = {kind: sorted(times)[: len(times) // 2] for kind, times in taken.items()}
    assert farthest(quick) > FAR
