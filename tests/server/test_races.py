"""Everybody at once: 1,000 tries of one code from 8 processes, over real connections.

The server is the shipped one, on SQLite with one process and on PostgreSQL with four.
"""

from __future__ import annotations

from collections.abc import Iterator
from threading import Thread

import pytest
from sqlalchemy import delete

from crypto import constants as c
from crypto.public import tokens
from server import issuing, models
from server.keyring import WRAP
from server.services import boxes, codes, rows
from tests.server.racing import Racers, posting
from tests.server.running import Running
from tests.server.scene import Code, Scene, answering, as_json, b64url, holding, publishing

TRIES = 1_000
ROUNDS = 10


@pytest.fixture(scope="module")
def racers() -> Iterator[Racers]:
    """Eight processes."""
    with Racers() as processes:
        yield processes


def sending(scene: Scene, code: Code, *, boxed: bool) -> bytes:
    """A referral with a code."""
    receipt = scene.make.receipt() if boxed else None
    return posting("/v1/referrals", as_json(scene.make.referral(code, receipt)))


def cancelling(code: Code) -> bytes:
    """A provider that takes a code back."""
    values = {"locator": b64url(code.locator), "write_key": b64url(code.write_key)}
    return posting("/v1/codes/cancel", values)


def ending_on(scene: Scene, last_epoch: int) -> Code:
    """A live code that ends on a day of its own, so that its end can come in the middle."""
    code = scene.make.code(scene.today)
    content = code.row.write_key_hash + code.row.record
    assert scene.write(
        rows.store,
        table=models.code_record,
        id_=code.locator,
        last_epoch=last_epoch,
        content=content,
    )
    return code


def end(scene: Scene, last_epoch: int) -> None:
    """What the sweeper does when a day is over: the key first, then the rows."""
    scene.core.keyring.destroy(WRAP, last_epoch)
    ended = delete(models.code_record).where(models.code_record.c.last_epoch == last_epoch)
    scene.core.database.write(lambda connection: connection.execute(ended).rowcount)


def check(
    scene: Scene, answers: list[tuple[int, bytes]], before: dict[str, int], code: Code
) -> int:
    """All but one were refused alike at most, what was stored was told, and the code is gone."""
    stored = [body for status, body in answers if status == 200]
    refused = {answer for answer in answers if answer[0] != 200}
    assert len(refused) == 1, {status for status, _ in refused}
    assert refused.pop()[0] == 404
    assert len(stored) <= 1
    found = more(scene, before)
    assert found.pop("code_record") == -1
    # With its box, if the winner had one, and nothing of anybody else.
    assert found.pop("box", 0) == found.pop("box_slot", 0) <= len(stored)
    assert found == ({"envelope": 1} if stored else {})
    assert scene.read(codes.open_, locator=code.locator) is None
    return len(stored)


def more(scene: Scene, before: dict[str, int]) -> dict[str, int]:
    """How many more rows there are in each table; those with as many are left out."""
    after = scene.counts()
    return {name: count - before[name] for name, count in after.items() if count != before[name]}


def run_round(running: Running, racers: Racers, number: int) -> int:
    """One code, 1,000 tries: among themselves, against cancelling, against the code's end."""
    scene, kind = running.scene, number % 3
    last_epoch = scene.today + 100 + number
    code = ending_on(scene, last_epoch) if kind == 2 else scene.published()
    requests = [sending(scene, code, boxed=bool(at % 2)) for at in range(TRIES)]
    if kind == 1:
        requests[400:400] = [cancelling(code)] * 4
    before = scene.counts()
    ending = Thread(target=end, args=(scene, last_epoch))
    if kind == 2:
        ending.start()
    answers = racers.race(running.port, requests)
    if kind == 2:
        ending.join()
    if kind == 1:
        assert {answers.pop(400) for _ in range(4)} == {(200, b"{}")}
    return check(scene, answers, before, code)


def test_P4_R5_T9_of_a_thousand_tries_of_a_code_one_wins(running: Running, racers: Racers) -> None:
    """Ten codes: tried by all at once, in some rounds while it is cancelled or comes to its end."""
    won = [run_round(running, racers, number) for number in range(ROUNDS)]
    assert all(won[0::3]), won


@pytest.mark.long
def test_P4_R5_T9_of_a_thousand_tries_of_each_of_a_hundred_codes_one_wins(
    running: Running, racers: Racers
) -> None:
    """The same, ten times as often."""
    won = [run_round(running, racers, number) for number in range(10 * ROUNDS)]
    assert all(won[0::3]), won
    assert 0 < sum(won[1::3]) < len(won[1::3])
    assert 0 < sum(won[2::3]) < len(won[2::3])


def test_P10_the_same_request_many_times_at_once_is_stored_once_and_answered_alike(
    running: Running, racers: Racers
) -> None:
    """Referral, follow-up, answer, renewal, withdrawal: 100 copies of each get one answer."""
    scene = running.scene
    before = scene.counts()
    receipt = scene.make.receipt()
    code = scene.published()
    referral = posting("/v1/referrals", as_json(scene.make.referral(code, receipt)))
    tag, envelope = scene.make.random(16), scene.make.envelope()
    added = holding(receipt, tag=b64url(tag), envelope=b64url(envelope))
    sealed = scene.make.random(c.SLOT_BYTES)
    until = b'{"last_epoch":%d}' % (scene.today + c.REFERRAL_DAYS)
    for request, answer in (
        (referral, until),
        (posting("/v1/boxes/add", added), until),
        (posting("/v1/boxes/answer", answering(receipt, 1, sealed)), b"{}"),
        (posting("/v1/boxes/renew", holding(receipt)), until),
    ):
        assert set(racers.race(running.port, [request] * 100)) == {(200, answer)}
    assert more(scene, before) == {"envelope": 2, "box": 1, "box_slot": 2, "spent_token": 1}
    withdrawn = posting("/v1/boxes/withdraw", holding(receipt))
    assert set(racers.race(running.port, [withdrawn] * 100)) == {(200, b"{}")}
    assert more(scene, before) == {"envelope": 2, "spent_token": 1}


def test_P10_of_many_codes_under_one_locator_the_first_stays_and_keeps_one_token(
    running: Running, racers: Racers
) -> None:
    """The others hear that something lies there, and their tokens pay for other codes."""
    scene, count = running.scene, 60
    before = scene.counts()
    ((_, issuer), *_) = issuing.issuers(
        scene.core.keyring, running.founded.network_id, scene.today, scene.core.random
    )
    batch = tokens.draw(count, random=scene.core.random)
    drawn = batch.finalize(issuer.issue(batch.request), issuer.public_key)
    locator = scene.make.random(c.LOCATOR_BYTES)
    same = [scene.make.code(scene.today, locator=locator) for _ in range(count)]
    requests = [
        posting("/v1/codes", publishing(code, token))
        for code, token in zip(same, drawn, strict=True)
    ]
    statuses = [status for status, _ in racers.race(running.port, requests)]
    assert sorted(statuses) == [200] + [409] * (count - 1)
    assert more(scene, before) == {"code_record": 1, "spent_token": 1}
    winner = statuses.index(200)
    assert scene.read(codes.open_, locator=locator) == same[winner].row.record
    others = [
        posting("/v1/codes", publishing(scene.make.code(scene.today), token)) for token in drawn
    ]
    statuses = [status for status, _ in racers.race(running.port, others)]
    assert [at for at, status in enumerate(statuses) if status != 200] == [winner]


def test_P10_of_many_answers_for_one_slot_the_first_stays(running: Running, racers: Racers) -> None:
    """One is stored, the others hear that something lies there, and the box shows the one."""
    scene = running.scene
    receipt = scene.make.receipt()
    scene.sent(receipt)
    sealed = [scene.make.random(c.SLOT_BYTES) for _ in range(200)]
    requests = [posting("/v1/boxes/answer", answering(receipt, 1, one)) for one in sealed]
    statuses = [status for status, _ in racers.race(running.port, requests)]
    assert sorted(statuses) == [200] + [409] * 199
    (read,) = scene.read(boxes.read, filler_key=bytes(32), box_id=receipt.box_id,
                         holder_key=receipt.holder_key, slots=[1])  # fmt: skip
    assert read == sealed[statuses.index(200)]


def test_P8_of_many_follow_ups_at_once_seven_are_taken(running: Running, racers: Racers) -> None:
    """However they come, and while the box is read and renewed."""
    scene = running.scene
    receipt = scene.make.receipt()
    scene.sent(receipt)
    before = scene.counts()
    requests = [
        posting("/v1/boxes/add", holding(receipt, tag=b64url(scene.make.random(16)),
                                         envelope=b64url(scene.make.envelope())))
        for _ in range(100)
    ]  # fmt: skip
    requests += [posting("/v1/boxes/renew", holding(receipt))] * 20
    answers = racers.race(running.port, requests)
    assert sum(status == 200 for status, _ in answers[:100]) == c.FOLLOW_UPS
    assert {status for status, _ in answers[:100]} == {200, 404}
    assert {status for status, _ in answers[100:]} == {200}
    assert more(scene, before) == {"envelope": c.FOLLOW_UPS}


def test_P8_withdrawing_among_many_answers_leaves_nothing(running: Running, racers: Racers) -> None:
    """An answer comes before the end or is refused; no slot outlives its box."""
    scene = running.scene
    receipt = scene.make.receipt()
    before = scene.counts()
    scene.sent(receipt)
    requests = [
        posting("/v1/boxes/answer", answering(receipt, 1 + at % 31, scene.make.random(4096)))
        for at in range(120)
    ]
    requests[60:60] = [posting("/v1/boxes/withdraw", holding(receipt))] * 4
    statuses = {status for status, _ in racers.race(running.port, requests)}
    assert statuses <= {200, 404, 409}
    assert more(scene, before) == {"envelope": 1, "spent_token": 1}
