"""Every write of the store to the server says who wrote it, and on which day."""

from __future__ import annotations

import pytest

from client.api_signed import SignedApi
from client.errors import Unreachable
from client.flows import kept, members, recovery
from crypto import constants as c
from crypto.client import recovery as paper
from crypto.client.store import open_store
from crypto.encoding import Reader
from tests.client.provider.test_recovery import recover
from tests.client.provider.test_store_sync import Two, baked_two, two
from tests.client.provider.town import Device

__all__ = ["baked_two", "two"]


def written(device: Device) -> tuple[bytes, int]:
    """Who last wrote the store that lies on the server, and when, as this device opens it."""
    there = open_store(device.signed.store(), device.desk.member, 0)
    reader = Reader(kept.get(there, "written") or b"")
    said = reader.take(c.MEMBER_ID_BYTES), reader.u32()
    assert not reader.left
    return said


def test_R31_T56_each_write_names_its_member_and_day_and_nothing_finer(two: Two) -> None:
    """Also where nothing else changed."""
    anna, bo, _ = two
    for device in (anna, bo, anna, anna):
        device.town.clock.days_pass(1)
        device.sync()
        assert written(anna) == (device.desk.member.member_id, device.town.today)


def test_R31_T56_two_who_write_at_once_are_told_nothing_of_it(two: Two) -> None:
    """A write that did not arrive says nothing, and whoever writes last is named."""
    anna, bo, _ = two
    anna.town.clock.days_pass(1)

    def cut(*_: object, **__: object) -> bool:
        raise Unreachable("cut")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SignedApi, "put_store", cut)
        with pytest.raises(Unreachable):
            anna.sync()
    bo.town.clock.days_pass(1)
    bo.sync()
    assert anna.sync_all().overruled == ()
    assert written(bo) == (anna.desk.member.member_id, anna.town.today)


def test_R31_T56_what_a_recovery_sheet_writes_names_the_sheet(listed: Device) -> None:
    """So that whoever opens next sees that somebody had it."""
    typed = recovery.make(listed.desk, today=listed.town.today)
    listed.sync()
    recover(listed, typed)
    sheet = paper.member_of(
        recovery.read(typed),
        network_id=listed.desk.network_id,
        organisation_key=listed.desk.organisation_key,
    )
    assert written(listed) == (sheet.member_id, listed.town.today)
    assert sheet.member_id in {one.member_id for one in members.listed(listed.desk.read())}
