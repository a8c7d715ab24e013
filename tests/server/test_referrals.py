"""Referrals at the server: all of one is stored and its code is gone, or nothing happened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crypto import constants as c
from crypto.public import requests
from server import models
from server.services import boxes, codes, referrals
from tests.crypto.streams import flipped
from tests.server.scene import Scene


def store(scene: Scene, referral: requests.Referral) -> int | None:
    """Send a referral."""
    return scene.write(referrals.store, referral=referral)


def slot_0(scene: Scene, box: requests.Box, holder_key: bytes) -> bytes:
    """What the holder of a receipt reads in slot 0."""
    (read,) = scene.read(
        boxes.read, filler_key=bytes(32), box_id=box.id, holder_key=holder_key, slots=[0]
    )
    return read


def test_R13_a_referral_is_stored_whole_and_its_code_is_gone(scene: Scene) -> None:
    """Envelope, box and slot 0 are there, and the code's row is not."""
    code, receipt = scene.published(), scene.make.receipt()
    assert store(scene, scene.make.referral(code, receipt)) == scene.today + c.REFERRAL_DAYS
    assert scene.counts() == {
        "code_record": 0, "envelope": 1, "box": 1, "box_slot": 1, "spent_token": 1,
    }  # fmt: skip
    assert slot_0(scene, receipt.box, receipt.holder_key) == receipt.slot_0


def test_for_nobodys_eyes_no_box_is_made(scene: Scene) -> None:
    """A referral without a box stores an envelope and nothing else."""
    assert store(scene, scene.make.referral(scene.published())) is not None
    assert scene.counts() | {"envelope": 1, "box": 0, "box_slot": 0} == scene.counts()


def test_P4_R5_a_code_admits_one_referral(scene: Scene) -> None:
    """A second one is refused, with or without a box, and changes nothing."""
    code = scene.published()
    assert store(scene, scene.make.referral(code, scene.make.receipt())) is not None
    before = scene.dump()
    assert store(scene, scene.make.referral(code, scene.make.receipt())) is None
    assert store(scene, scene.make.referral(code)) is None
    assert scene.dump() == before


def test_P10_the_same_request_again_gets_the_same_answer_and_stores_nothing(scene: Scene) -> None:
    """On the same day and on any later one until it ends."""
    referral = scene.make.referral(scene.published(), scene.make.receipt())
    first = store(scene, referral)
    before = scene.dump()
    for _ in range(c.REFERRAL_DAYS + 1):
        assert store(scene, referral) == first
        assert scene.dump() == before
        scene.clock.days_pass(1)
    assert store(scene, referral) is None
    assert scene.dump() == before


def test_P10_the_same_request_again_gets_the_same_answer_after_renewing(scene: Scene) -> None:
    """What was answered once is answered again, whatever was done with the box since."""
    receipt = scene.make.receipt()
    referral = scene.make.referral(scene.published(), receipt)
    first = store(scene, referral)
    scene.clock.days_pass(10)
    scene.write(boxes.renew, box_id=receipt.box_id, holder_key=receipt.holder_key)
    assert store(scene, referral) == first


def changes(referral: requests.Referral) -> dict[str, requests.Referral]:
    """The same request with one bit of each part turned."""
    box = referral.box
    assert box is not None
    changed = {
        "write key": replace(referral, write_key=flipped(referral.write_key, 0)),
        "envelope": replace(referral, envelope=flipped(referral.envelope, 5272)),
        "no box": replace(referral, box=None),
    }
    for part in ("id", "holder_key_hash", "write_key_hash", "slot_0"):
        other = replace(box, **{part: flipped(getattr(box, part), 7)})
        changed[part] = replace(referral, box=other)
    return changed


def test_P4_R7_any_other_request_with_a_spent_code_is_refused(scene: Scene) -> None:
    """One bit anywhere makes it another; nothing about the first is told or changed."""
    receipt = scene.make.receipt()
    referral = scene.make.referral(scene.published(), receipt)
    store(scene, referral)
    before = scene.dump()
    for name, other in changes(referral).items():
        assert store(scene, other) is None, name
    assert scene.dump() == before
    assert slot_0(scene, receipt.box, receipt.holder_key) == receipt.slot_0


def test_P4_a_wrong_write_key_stores_nothing_and_the_code_lives(scene: Scene) -> None:
    """Who knows a locator and not its code can neither spend nor harm it."""
    code, other = scene.published(), scene.published()
    before = scene.dump()
    for key in (other.write_key, flipped(code.write_key, 0), code.row.write_key_hash, bytes(32)):
        wrong = replace(scene.make.referral(code, scene.make.receipt()), write_key=key)
        assert store(scene, wrong) is None
    assert scene.dump() == before
    assert store(scene, scene.make.referral(code)) is not None


def test_P4_R6_unknown_cancelled_and_expired_codes_store_nothing(scene: Scene) -> None:
    """The refusal is the same, and leaves no trace."""
    unknown, cancelled, expired = scene.make.code(), scene.published(), scene.published()
    scene.write(codes.cancel, locator=cancelled.locator, write_key=cancelled.write_key)
    scene.clock.days_pass(expired.row.last_epoch - scene.today + 1)
    before = scene.dump()
    for code in (unknown, cancelled, expired):
        assert store(scene, scene.make.referral(code, scene.make.receipt())) is None
    assert scene.dump() == before


def test_P4_P10_a_box_id_that_stands_is_refused_and_the_code_lives(scene: Scene) -> None:
    """Nothing is half done: with another receipt the same code is taken after that."""
    receipt = scene.make.receipt()
    scene.sent(receipt)
    code = scene.published()
    before = scene.dump()
    same_box = scene.make.referral(code, receipt)
    same_id = scene.make.referral(code, replace(scene.make.receipt(), box_id=receipt.box_id))
    for referral in (same_box, same_id):
        assert store(scene, referral) is None
    assert scene.dump() == before
    assert store(scene, scene.make.referral(code, scene.make.receipt())) is not None


@pytest.mark.parametrize("days", [1, 5, 14])
def test_P10_a_box_id_of_an_earlier_day_stands_too(scene: Scene, days: int) -> None:
    """Boxes of other days lie under other look-up values; their ids stand all the same."""
    receipt = scene.make.receipt()
    scene.sent(receipt)
    scene.clock.days_pass(days)
    code = scene.published()
    assert store(scene, scene.make.referral(code, receipt)) is None
    assert scene.count(models.code_record) == 1
    assert slot_0(scene, receipt.box, receipt.holder_key) == receipt.slot_0


def test_P7_R25_a_box_ends_after_fourteen_days(scene: Scene) -> None:
    """On the last day it answers, a day later nothing does, though the rows still lie there."""
    receipt = scene.make.receipt()
    scene.sent(receipt)
    scene.clock.days_pass(c.REFERRAL_DAYS)
    assert slot_0(scene, receipt.box, receipt.holder_key) == receipt.slot_0
    scene.clock.days_pass(1)
    assert slot_0(scene, receipt.box, receipt.holder_key) != receipt.slot_0
    assert scene.counts() | {"box": 1, "box_slot": 1, "envelope": 1} == scene.counts()


def test_R26_asking_anew_is_taken_like_the_first_time(scene: Scene) -> None:
    """Another code and another receipt: nothing stored says that it is the same person."""
    for _ in range(2):
        scene.sent(scene.make.receipt())
    rows = [row for table in scene.dump().values() for row in table]
    values = [value for row in rows for value in row if isinstance(value, bytes)]
    parts = [value[at : at + 8] for value in values for at in range(len(value) - 7)]
    assert len(parts) == len(set(parts))


def test_P1_P7_no_id_key_or_envelope_lies_in_the_database_as_it_was_sent(scene: Scene) -> None:
    """Every value that came with a request is found under a wrap key only."""
    receipt = scene.make.receipt()
    code = scene.published()
    referral = scene.make.referral(code, receipt)
    store(scene, referral)
    scene.write(boxes.answer, box_id=receipt.box_id, write_key=receipt.write_key, slot=1,
                sealed=scene.make.random(c.SLOT_BYTES))  # fmt: skip
    box = receipt.box
    sent = [referral.locator, referral.write_key, referral.envelope, requests.hash_of(referral)]
    sent += [code.row.record, code.row.write_key_hash, box.id, box.holder_key_hash]
    sent += [box.write_key_hash, box.slot_0, receipt.holder_key, receipt.write_key]
    stored = b"|".join(
        value for table in scene.dump().values() for row in table for value in row
        if isinstance(value, bytes)
    )  # fmt: skip
    for value in sent:
        assert not [at for at in range(0, len(value) - 7, 8) if value[at : at + 8] in stored]
