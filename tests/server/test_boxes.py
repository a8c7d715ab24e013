"""Boxes at the server: who may read, add, withdraw, renew and answer, and what is left after."""

from __future__ import annotations

from typing import Any

import pytest

from crypto import constants as c
from crypto.public import cover, requests
from server import models
from server.services import boxes, referrals
from server.services.boxes import Answered
from tests.crypto.streams import flipped
from tests.server.scene import Receipt, Scene

FILLER_KEY = b"filler key of thirty-two bytes.."
ALL = tuple(range(c.SLOTS))


@pytest.fixture
def receipt(scene: Scene) -> Receipt:
    """The receipt of a referral that is stored."""
    made = scene.make.receipt()
    scene.sent(made)
    return made


def held(scene: Scene, receipt: Receipt, service: Any, **more: Any) -> Any:
    """Call a service as the holder of a receipt."""
    return scene.write(service, box_id=receipt.box_id, holder_key=receipt.holder_key, **more)


def read(scene: Scene, receipt: Receipt, slots: tuple[int, ...] = ALL) -> list[bytes]:
    """Read slots of a box."""
    return scene.read(
        boxes.read,
        filler_key=FILLER_KEY,
        box_id=receipt.box_id,
        holder_key=receipt.holder_key,
        slots=slots,
    )


def answer(scene: Scene, receipt: Receipt, slot: int, sealed: bytes) -> Answered:
    """Answer as the provider."""
    return scene.write(
        boxes.answer, box_id=receipt.box_id, write_key=receipt.write_key, slot=slot, sealed=sealed
    )


def add(scene: Scene, receipt: Receipt, tag: bytes, envelope: bytes) -> int | None:
    """Add a follow-up as the holder."""
    found = held(scene, receipt, boxes.add, tag=tag, envelope=envelope)
    assert found is None or isinstance(found, int)
    return found


def covers(receipt: Receipt) -> list[bytes]:
    """What lies in all slots of a box that is not there."""
    return [cover.slot(FILLER_KEY, receipt.box_id, number) for number in ALL]


def strangers(receipt: Receipt) -> list[Receipt]:
    """Those who have something of a receipt and not its holder key, or another box's id."""
    keys = (receipt.write_key, flipped(receipt.holder_key, 0), bytes(32))
    wrong = [Receipt(receipt.box_id, key, receipt.write_key, receipt.slot_0) for key in keys]
    other = flipped(receipt.box_id, 15)
    return [*wrong, Receipt(other, receipt.holder_key, receipt.write_key, receipt.slot_0)]


def test_R13_the_holder_reads_slot_0_and_every_answer(scene: Scene, receipt: Receipt) -> None:
    """Each filled slot as it was sealed, and the cover of its place everywhere else."""
    expected = covers(receipt)
    expected[0] = receipt.slot_0
    for number in (1, 2, 31):
        expected[number] = scene.make.random(c.SLOT_BYTES)
        assert answer(scene, receipt, number, expected[number]) is Answered.STORED
    assert read(scene, receipt) == expected
    assert read(scene, receipt, (0, 3, 31)) == [expected[number] for number in (0, 3, 31)]


def test_P4_P8_T20_T40_nobody_but_the_holder_reads_anything(scene: Scene, receipt: Receipt) -> None:
    """With another key or id there are covers, the same whether or not there is such a box."""
    answer(scene, receipt, 1, scene.make.random(c.SLOT_BYTES))
    for stranger in [*strangers(receipt), scene.make.receipt()]:
        assert read(scene, stranger) == covers(stranger)


def test_P8_T40_T49_nobody_but_the_holder_adds_withdraws_or_renews(
    scene: Scene, receipt: Receipt
) -> None:
    """Not with the provider's key, nor with what the server keeps; nothing is changed by trying."""
    scene.clock.days_pass(3)
    before = scene.dump()
    for stranger in strangers(receipt):
        assert held(scene, stranger, boxes.withdraw) is None
        assert held(scene, stranger, boxes.renew) is None
        assert add(scene, stranger, scene.make.random(16), scene.make.envelope()) is None
    assert scene.dump() == before


def test_P8_T40_nobody_but_the_provider_answers(scene: Scene, receipt: Receipt) -> None:
    """Neither the holder key nor a changed key fills a slot."""
    before = scene.dump()
    for key in (receipt.holder_key, flipped(receipt.write_key, 31), bytes(32)):
        wrong = Receipt(receipt.box_id, receipt.holder_key, key, receipt.slot_0)
        assert answer(scene, wrong, 1, bytes(c.SLOT_BYTES)) is Answered.REFUSED
    unknown = scene.make.receipt()
    assert answer(scene, unknown, 1, bytes(c.SLOT_BYTES)) is Answered.REFUSED
    assert scene.dump() == before


def test_P10_the_first_answer_in_a_slot_stays(scene: Scene, receipt: Receipt) -> None:
    """The same bytes again are done, others are told that something lies there."""
    first, other = (scene.make.random(c.SLOT_BYTES) for _ in range(2))
    assert answer(scene, receipt, 5, first) is Answered.STORED
    before = scene.dump()
    assert answer(scene, receipt, 5, first) is Answered.STORED
    assert answer(scene, receipt, 5, other) is Answered.TAKEN
    assert answer(scene, receipt, 5, flipped(first, 4095)) is Answered.TAKEN
    assert scene.dump() == before
    assert read(scene, receipt, (5,)) == [first]


def test_R13_seven_follow_ups_are_taken_and_the_eighth_is_refused(
    scene: Scene, receipt: Receipt
) -> None:
    """Each until the box's last epoch; repeating one is none more."""
    end = scene.today + c.REFERRAL_DAYS
    scene.clock.days_pass(2)
    sent = [(scene.make.random(16), scene.make.envelope()) for _ in range(c.FOLLOW_UPS)]
    for tag, envelope in sent:
        assert add(scene, receipt, tag, envelope) == end
    before = scene.dump()
    assert [add(scene, receipt, tag, envelope) for tag, envelope in sent] == [end] * 7
    assert add(scene, receipt, scene.make.random(16), scene.make.envelope()) is None
    assert scene.dump() == before
    assert scene.count(models.envelope) == 1 + c.FOLLOW_UPS


def test_P8_a_tag_that_stands_takes_no_other_envelope(scene: Scene, receipt: Receipt) -> None:
    """Nor one of another box, nor the tag of a referral or walk-in, one's own or another's."""
    other = scene.make.receipt()
    mine, theirs = scene.sent(scene.make.receipt()), scene.sent(other)
    walk_in = scene.walked_in()
    tag, envelope = scene.make.random(16), scene.make.envelope()
    assert add(scene, receipt, tag, envelope) is not None
    before = scene.dump()
    assert add(scene, receipt, tag, flipped(envelope, 0)) is None
    assert add(scene, other, tag, envelope) is None
    for sent in (mine, theirs):
        assert add(scene, other, sent.locator, sent.envelope) is None
    assert add(scene, other, requests.walk_in_tag(walk_in.envelope), walk_in.envelope) is None
    assert scene.dump() == before


def test_P8_R13_withdrawing_ends_everything_at_once(scene: Scene, receipt: Receipt) -> None:
    """Box and slots go, envelopes become filler, and nothing answers any more; twice is once."""
    tag, envelope = scene.make.random(16), scene.make.envelope()
    add(scene, receipt, tag, envelope)
    answer(scene, receipt, 1, scene.make.random(c.SLOT_BYTES))
    before = scene.dump()
    for _ in range(2):
        assert held(scene, receipt, boxes.withdraw) is None
        assert scene.counts() | {"box": 0, "box_slot": 0, "envelope": 2} == scene.counts()
    after = scene.dump()
    kept = [(row[0], row[2], row[3], row[4]) for row in before["envelope"]]
    assert [(row[0], row[2], row[3], row[4]) for row in after["envelope"]] == kept
    assert not {row[1] for row in after["envelope"]} & {row[1] for row in before["envelope"]}
    assert read(scene, receipt) == covers(receipt)
    assert held(scene, receipt, boxes.renew) is None
    assert add(scene, receipt, tag, envelope) is None
    assert answer(scene, receipt, 2, bytes(c.SLOT_BYTES)) is Answered.REFUSED


def test_P8_what_was_withdrawn_is_filler_even_to_who_has_the_wrap_keys(
    scene: Scene, receipt: Receipt
) -> None:
    """Opened with the server's own keys, nothing of the request is in its row."""
    code = scene.published()
    other = scene.make.receipt()
    referral = scene.make.referral(code, other)
    scene.write(referrals.store, referral=referral)
    held(scene, other, boxes.withdraw)
    wraps, sent = scene.core.wraps(), referral.locator + referral.envelope
    parts = {sent[at : at + 8] for at in range(len(sent) - 7)}
    for row in scene.dump()["envelope"]:
        content = wraps.open("envelope", row[1], row[4], row[5])
        assert content is not None
        assert len(content) == 32 + 16 + c.ENVELOPE_BYTES
        assert not parts & {content[at : at + 8] for at in range(len(content) - 7)}


def test_R25_renewing_moves_all_of_a_box_to_fourteen_days_from_today(
    scene: Scene, receipt: Receipt
) -> None:
    """Box, slots and envelopes; what they hold stays the same, and so do numbers and cursors."""
    sealed, tag, envelope = scene.make.random(4096), scene.make.random(16), scene.make.envelope()
    answer(scene, receipt, 31, sealed)
    add(scene, receipt, tag, envelope)
    before, told = scene.dump(), read(scene, receipt)
    scene.clock.days_pass(9)
    end = scene.today + c.REFERRAL_DAYS
    assert held(scene, receipt, boxes.renew) == end
    after = scene.dump()
    for table in ("box", "box_slot", "envelope"):
        assert [row[0] for row in after[table]] == [row[0] for row in before[table]]
        assert not {row[1] for row in after[table]} & {row[1] for row in before[table]}
        assert {row[4 if table == "envelope" else 2] for row in after[table]} == {end}
    assert read(scene, receipt) == told
    assert add(scene, receipt, tag, envelope) == end
    assert answer(scene, receipt, 31, sealed) is Answered.STORED
    renewed = scene.dump()
    assert held(scene, receipt, boxes.renew) == end
    assert scene.dump() == renewed == after


def test_P7_R25_no_box_lives_longer_than_sixty_days(scene: Scene, receipt: Receipt) -> None:
    """However often it is renewed; on the last day it answers, on the next it does not."""
    arrived = scene.today
    for day in range(c.REFERRAL_DAYS_MOST + 1):
        end = min(scene.today + c.REFERRAL_DAYS, arrived + c.REFERRAL_DAYS_MOST)
        if day % 7 == 0 or day > 50:
            assert held(scene, receipt, boxes.renew) == end
        assert read(scene, receipt, (0,)) == [receipt.slot_0]
        scene.clock.days_pass(1)
    assert held(scene, receipt, boxes.renew) is None
    assert read(scene, receipt, (0,)) == covers(receipt)[:1]


def test_P7_R25_without_the_holder_nothing_lives_longer(scene: Scene, receipt: Receipt) -> None:
    """Reading, answering and adding move no end."""
    ends = {table: {row[-2] for row in rows} for table, rows in scene.dump().items() if rows}
    for number in range(1, c.FOLLOW_UPS + 1):
        scene.clock.days_pass(2)
        read(scene, receipt)
        answer(scene, receipt, number, scene.make.random(c.SLOT_BYTES))
        add(scene, receipt, scene.make.random(16), scene.make.envelope())
    for table in ("box", "box_slot", "envelope"):
        column = [one.name for one in models.metadata.tables[table].columns].index("last_epoch")
        assert {row[column] for row in scene.dump()[table]} == ends[table]
    scene.clock.days_pass(1)
    assert read(scene, receipt) == covers(receipt)


def test_P7_nothing_of_an_ended_box_is_found_before_any_sweeper_ran(
    scene: Scene, receipt: Receipt
) -> None:
    """Every call gets what an unknown box gets."""
    scene.clock.days_pass(c.REFERRAL_DAYS + 1)
    before = scene.dump()
    assert read(scene, receipt) == covers(receipt)
    assert held(scene, receipt, boxes.renew) is None
    assert held(scene, receipt, boxes.withdraw) is None
    assert add(scene, receipt, scene.make.random(16), scene.make.envelope()) is None
    assert answer(scene, receipt, 1, bytes(c.SLOT_BYTES)) is Answered.REFUSED
    assert scene.dump() == before


def test_P3_rows_of_one_table_have_one_size(scene: Scene, receipt: Receipt) -> None:
    """Referral, follow-up, walk-in and filler; boxes with one envelope and with eight."""
    gone = scene.make.receipt()
    scene.sent(gone)
    scene.walked_in(scene.make.receipt())
    for _ in range(c.FOLLOW_UPS):
        add(scene, receipt, scene.make.random(16), scene.make.envelope())
    held(scene, gone, boxes.withdraw)
    scene.published()
    for table in ("code_record", "envelope", "box", "box_slot"):
        assert len({len(row[-1]) for row in scene.dump()[table]}) == 1
        assert len({len(row[1]) for row in scene.dump()[table]}) == 1
