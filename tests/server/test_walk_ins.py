"""Walk-ins at the server: admitted by work, taken once, never longer than a weekly key lives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from crypto import constants as c
from crypto.encoding import monday
from crypto.public import requests
from server import models
from server.services import boxes, walk_ins
from server.services.walk_ins import Refused, Stored
from tests.crypto.networks import TODAY, make_network
from tests.crypto.streams import Stream, flipped
from tests.server.scene import Maker, Receipt, Scene

NETWORK = make_network().network_id
BITS = 12
MAKE = Maker(Stream("walk-ins"))


def admitted(walk_in: requests.WalkIn, *, today: int = TODAY, bits: int = BITS) -> bool:
    """Whether the work holds."""
    return walk_ins.is_admitted(walk_in, network_id=NETWORK, today=today, bits=bits)


def store(scene: Scene, walk_in: requests.WalkIn, *, work: bool = True) -> Stored | Refused:
    """Send a walk-in."""
    return scene.write(walk_ins.store, walk_in=walk_in, admitted=work)


def hold(scene: Scene, receipt: Receipt, service: Callable[..., Any]) -> Any:
    """Withdraw or renew."""
    return scene.write(service, box_id=receipt.box_id, holder_key=receipt.holder_key)


def test_T12_work_of_today_and_yesterday_holds_and_of_no_other_day() -> None:
    """An older day's would be work done in stock, a later one's is none of this server's."""
    for epoch in range(TODAY - 3, TODAY + 3):
        walk_in = MAKE.walk_in(network_id=NETWORK, epoch=epoch, bits=BITS)
        assert admitted(walk_in) == (epoch in (TODAY - 1, TODAY))


def test_R34_T12_work_for_something_else_does_not_hold() -> None:
    """For another envelope, day, network or nonce, or easier than asked: of 100 none is taken."""
    for _ in range(20):
        walk_in = MAKE.walk_in(network_id=NETWORK, bits=BITS)
        assert admitted(walk_in)
        for other in (
            MAKE.walk_in(network_id=bytes(32), bits=BITS),
            replace(walk_in, envelope=flipped(walk_in.envelope, 9)),
            replace(walk_in, epoch=TODAY - 1),
            replace(walk_in, nonce=flipped(walk_in.nonce, 0, 128)),
        ):
            assert not admitted(other)
        assert not admitted(walk_in, bits=c.WORK_BITS_MOST)


def test_T12_without_work_nothing_is_stored(scene: Scene) -> None:
    """The refusal leaves no row."""
    assert store(scene, scene.make.walk_in(scene.make.receipt()), work=False) is Refused.WORK
    assert scene.counts() == dict.fromkeys(scene.counts(), 0)


def test_R34_where_there_is_no_room_nothing_new_is_stored(scene: Scene) -> None:
    """What is stored already gets its answer even then."""
    walk_in = scene.walked_in()
    before = scene.dump()
    again = scene.write(walk_ins.store, walk_in=walk_in, admitted=True, room=False)
    other = scene.make.walk_in()
    assert isinstance(again, Stored)
    assert scene.write(walk_ins.store, walk_in=other, admitted=True, room=False) is Refused.ROOM
    assert scene.dump() == before


def test_P10_a_walk_in_is_stored_once_by_its_envelope(scene: Scene) -> None:
    """Repeated on any day, with or without work, or with another box, it gets the first answer."""
    receipt = scene.make.receipt()
    walk_in = scene.make.walk_in(receipt)
    first = store(scene, walk_in)
    assert isinstance(first, Stored)
    before = scene.dump()
    for _ in range(first.last_epoch - TODAY + 1):
        for other in (walk_in, replace(walk_in, box=None), replace(walk_in, epoch=scene.today)):
            again = Stored(first.last_epoch, is_new=False)
            assert store(scene, other, work=False) == again
            assert store(scene, replace(other, box=scene.make.receipt().box)) == again
        scene.clock.days_pass(1)
    assert scene.dump() == before


@pytest.mark.parametrize("day", range(7))
def test_P7_R25_a_walk_in_ends_before_its_weekly_key(scene: Scene, day: int) -> None:
    """On no day of the week later than the Sunday of the week after, renewed or not."""
    scene.clock.days_pass(monday(TODAY) + 7 + day - TODAY)
    arrived = scene.today
    end = min(arrived + c.REFERRAL_DAYS, monday(arrived) + 13)
    receipt = scene.make.receipt()
    stored = store(scene, scene.make.walk_in(receipt, epoch=arrived))
    assert stored == Stored(end, is_new=True)
    for _ in range(end - arrived + 1):
        assert hold(scene, receipt, boxes.renew) == end
        scene.clock.days_pass(1)
    assert hold(scene, receipt, boxes.renew) is None


def test_a_walk_in_with_a_box_id_that_stands_stores_nothing(scene: Scene) -> None:
    """Nothing is half done: without that box the same envelope is taken."""
    receipt = scene.make.receipt()
    scene.sent(receipt)
    walk_in = scene.make.walk_in(receipt)
    before = scene.dump()
    assert store(scene, walk_in) is Refused.BOX
    assert scene.dump() == before
    stored = store(scene, replace(walk_in, box=None))
    assert isinstance(stored, Stored)


def test_P8_a_withdrawn_walk_in_is_not_taken_a_second_time(scene: Scene) -> None:
    """Whoever kept the envelope from the drop can't bring it back; the row stays filler."""
    receipt = scene.make.receipt()
    walk_in = scene.make.walk_in(receipt)
    first = store(scene, walk_in)
    assert isinstance(first, Stored)
    hold(scene, receipt, boxes.withdraw)
    before = scene.dump()
    while scene.today <= first.last_epoch:
        work = scene.make.receipt()
        again = store(scene, replace(walk_in, epoch=scene.today, box=work.box))
        assert again == Stored(first.last_epoch, is_new=False)
        scene.clock.days_pass(1)
    assert scene.dump() == before
    assert scene.count(models.envelope) == 1


def test_P8_a_withdrawn_referral_leaves_no_look_up_value(scene: Scene) -> None:
    """Unlike a walk-in's: nothing needs it, since its code is gone."""
    receipt = scene.make.receipt()
    scene.sent(receipt)
    walked = scene.make.receipt()
    scene.walked_in(walked)
    lookups = {row[1] for row in scene.dump()["envelope"]}
    hold(scene, receipt, boxes.withdraw)
    hold(scene, walked, boxes.withdraw)
    after = {row[1] for row in scene.dump()["envelope"]}
    assert len(lookups & after) == 1
