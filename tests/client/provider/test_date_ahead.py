"""A device whose date is far ahead ends nothing for everybody, unless somebody says it is right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from client.errors import FirstDo
from client.flows import sync
from client.flows.days import day
from client.flows.sync import Synced
from crypto import constants as c
from tests.client.provider import witnessed
from tests.client.provider.test_commands import Terminal, served
from tests.client.provider.town import Device

AHEAD = 21
"""Weeks: the weekly key of now is over then."""


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Device]:
    """An organisation that takes walk-ins and has synced, where witnesses saw the log today."""
    town = witnessed.found(tmp_path, monkeypatch)
    yield witnessed.walk_ins(town)
    town.close()


@pytest.fixture
def terminal(seen: Device, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """The same organisation's command line."""
    yield from served(seen.town, monkeypatch)


def synced(device: Device, ahead: int, *, yes: bool = False) -> Synced:
    """Sync with a device's date that is so many days after the server's."""
    town = device.town
    return sync.sync(
        device.desk,
        device.api,
        device.signed,
        today=town.today + ahead,
        progress=lambda _: None,
        tell=lambda _: None,
        date_is_right=yes,
    )


def test_P10_T57_a_date_far_ahead_ends_nothing_here_or_on_the_server(seen: Device) -> None:
    """The sync stops before it reads or writes, says both days, and the right date goes on."""
    before, lying = seen.desk.home.store.read_bytes(), seen.signed.store()
    seen.wire.calls.clear()
    with pytest.raises(FirstDo) as caught:
        synced(seen, AHEAD)
    assert [path for _, path, _, _ in seen.wire.calls] == [witnessed.NETWORK]
    assert seen.desk.home.store.read_bytes() == before
    assert seen.signed.store() == lying
    today = seen.town.today
    assert all(day(one) in caught.value.sentence for one in (today, today + AHEAD))
    weekly = seen.entries(c.ENTRY_WEEKLY)
    synced(seen, 0)
    assert seen.entries(c.ENTRY_WEEKLY) == weekly


@pytest.mark.parametrize(("ahead", "stops"), [(7, False), (8, True)])
def test_P10_T57_it_is_more_than_seven_days_that_stop_a_sync(
    seen: Device, ahead: int, stops: bool
) -> None:
    """As the list may be held to be kept back: a list of a week ago is a list."""
    seen.town.clock.days_pass(ahead)
    if stops:
        with pytest.raises(FirstDo):
            seen.sync()
        return
    assert not seen.sync_all().may_be_withheld


def test_T57_a_date_that_somebody_says_is_right_goes_on_and_what_is_over_ends(seen: Device) -> None:
    """Where the list is kept back for weeks, work goes on; everybody was told."""
    before = seen.entries(c.ENTRY_WEEKLY)
    seen.town.clock.days_pass(AHEAD)
    assert synced(seen, 0, yes=True).may_be_withheld
    assert not before.keys() & seen.entries(c.ENTRY_WEEKLY).keys()


def test_T57_a_date_behind_the_list_stops_nothing(seen: Device) -> None:
    """Nothing ends too early by it."""
    witnessed.saw(seen.town, seen.town.today + AHEAD)
    assert not synced(seen, 0).may_be_withheld


def test_T57_where_no_witness_says_a_day_nothing_stops(listed: Device) -> None:
    """A network without witnesses works as it did."""
    listed.sync()
    listed.town.clock.days_pass(AHEAD)
    assert not listed.sync_all().may_be_withheld


def test_T57_the_command_stops_with_7_and_goes_on_with_a_yes(
    seen: Device, terminal: Terminal
) -> None:
    """It names both days and what to do; again it says the same; with the option it goes on."""
    today = seen.town.today
    seen.town.clock.days_pass(AHEAD)
    for _ in range(2):
        stopped = terminal.type("sync")
        assert stopped.exit_code == FirstDo.exit_code, stopped.output
        said = " ".join(stopped.stderr.split())
        assert day(today) in said
        assert day(today + AHEAD) in said
        assert "--date-is-right" in said
        assert "admins" in said
    assert "New requests: 0" in terminal.done("sync", "--date-is-right")
