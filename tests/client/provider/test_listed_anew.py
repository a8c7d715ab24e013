"""A listing ended and began anew: the week's key, which went with it, is shown again."""

from __future__ import annotations

from itertools import count

import pytest

from client.flows import walk_in_keys
from client.flows.filing import Filed
from client.flows.kept import Room
from crypto import constants as c
from crypto.client import hpke
from crypto.client.store_entries import WeeklyEntry
from crypto.encoding import monday
from crypto.public.organisation_keys import parse_weekly_key
from crypto.public.statements import Kind
from tests.client.provider.town import Device, Stopped

WEEKLY_KEY = "/v1/organisations/me/weekly-key"


def open_walk_ins(device: Device) -> None:
    """Open walk-ins."""
    today = device.town.today
    walk_in_keys.set_room(device.desk, device.api, device.signed, Room(walk_ins=True), today=today)


def shown(device: Device) -> tuple[bytes, ...]:
    """The organisation's weekly keys in the directory."""
    (listed,) = device.api.directory()
    return listed.weekly_keys


def ends_and_begins_anew(device: Device, serial: int = 2) -> None:
    """One admin suspends the organisation, two lift that; its keys are gone from the directory."""
    founded = device.town.founded
    suspending = founded.statement(
        device.organisation, serial=serial, kind=Kind.SUSPENDED, signed_by=founded.admins[:1]
    )
    assert getattr(founded.post(suspending), "listed", True) is False
    device.town.approve(device, serial=serial + 1)
    assert shown(device) == ()


@pytest.fixture
def opened(listed: Device) -> Device:
    """An organisation that takes walk-ins and has synced."""
    open_walk_ins(listed)
    listed.sync()
    return listed


def test_R10_the_next_sync_publishes_the_key_that_the_directory_does_not_show(
    opened: Device,
) -> None:
    """The same key, since its seed is there; and not once more while it is shown."""
    before = shown(opened)
    ends_and_begins_anew(opened)
    for _ in range(2):
        opened.sync()
        assert shown(opened) == before
    assert len(opened.wire.paths(WEEKLY_KEY)) == 2


def test_R10_opening_walk_ins_again_is_enough_to_be_asked(opened: Device) -> None:
    """Without a sync: what is sealed to the key then arrives."""
    ends_and_begins_anew(opened)
    open_walk_ins(opened)
    opened.town.walk_in(needs=(3,))
    assert opened.sync() == Filed(requests=1)


def test_R10_the_next_weeks_key_comes_back_too(opened: Device) -> None:
    """From Saturday on, when it has been shown already."""
    opened.town.at(monday(opened.town.today) + 5)
    opened.sync()
    before = shown(opened)
    assert len(before) == 2
    ends_and_begins_anew(opened)
    opened.sync()
    assert shown(opened) == before


def test_T42_after_a_member_left_the_key_whose_seed_she_had_never_comes_back(
    opened: Device,
) -> None:
    """Which of two seeds she had nobody can tell any more: a third one is published."""
    desk, today = opened.desk, opened.town.today
    desk.edit(lambda store: walk_in_keys.renewed(store, today, desk.random))
    opened.sync()
    seeds = [WeeklyEntry.decode(one).xwing_seed for one in opened.entries(c.ENTRY_WEEKLY).values()]
    assert len(seeds) == 2
    ends_and_begins_anew(opened)
    opened.sync()
    (key,) = shown(opened)
    assert parse_weekly_key(key).public_key not in [hpke.public_key(one) for one in seeds]
    opened.sync()
    assert shown(opened) == (key,)


def test_a_key_is_not_looked_for_while_walk_ins_are_closed(opened: Device) -> None:
    """Nobody is asked, and nothing is published."""
    walk_in_keys.set_room(opened.desk, opened.api, opened.signed, Room(), today=opened.town.today)
    ends_and_begins_anew(opened)
    opened.sync()
    assert shown(opened) == ()


def test_P10_stopped_at_any_moment_the_next_sync_shows_it(opened: Device) -> None:
    """However far it came."""
    before = shown(opened)
    for at in count(1):
        ends_and_begins_anew(opened, 2 * at)
        try:
            opened.again(at).sync()
        except Stopped:
            opened.again().sync()
            assert shown(opened) == before, at
        else:
            assert at > 5
            break
