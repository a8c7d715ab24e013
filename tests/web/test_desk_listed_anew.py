"""A listing ended and began anew: a provider's page shows the week's key, which was gone, again."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client.flows import walk_in_keys
from crypto import constants as c
from crypto.client import hpke
from crypto.client.store_entries import WeeklyEntry
from crypto.encoding import monday
from crypto.public.organisation_keys import parse_weekly_key
from tests.client.peer.providers import this_day
from tests.client.provider import town as towns
from tests.client.provider import witnessed
from tests.client.provider.test_commands import served
from tests.client.provider.test_listed_anew import WEEKLY_KEY, ends_and_begins_anew, shown
from tests.client.provider.town import PHRASE, Device, Town
from tests.server.scene import FakeClock
from tests.web.browser import DESK, Browser, browser
from tests.web.test_desk_watch import Noted

MONDAY, SATURDAY = 0, 5


@pytest.fixture(params=[MONDAY])
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Town]:
    """A network on a day of this week."""
    made = towns.found(tmp_path, FakeClock(monday(this_day()) + request.param))
    yield made
    made.close()


@pytest.fixture
def device(town: Town) -> Device:
    """An organisation with a weekly key; its store lies on the server."""
    made = witnessed.walk_ins(town)
    made.sync()
    return made


@pytest.fixture
def noted(device: Device, monkeypatch: pytest.MonkeyPatch) -> Noted:
    """What its server is asked."""
    made = Noted(device.town.app.wsgi_app)
    monkeypatch.setattr(device.town.app, "wsgi_app", made)
    return made


@pytest.fixture
def at(device: Device, noted: Noted, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, int]]:
    """That server, and how many days ahead of this machine it is."""
    ahead = device.town.today - this_day()
    for terminal in served(device.town, monkeypatch):
        yield terminal.url, ahead


@contextmanager
def page_of(device: Device, at: tuple[str, int]) -> Iterator[Browser]:
    """The member's page, unlocked, on the server's day; it has synced once."""
    url, days = at
    with browser(url, DESK, days=days) as page:
        file = base64.b64encode(device.desk.home.key_file.read_bytes()).decode()
        page.do("unlock", file=file, passphrase=PHRASE)
        page.do("sync")
        yield page


def published(noted: Noted) -> int:
    """How often a weekly key was put since the last time."""
    found = noted.calls.count(("PUT", WEEKLY_KEY))
    noted.calls.clear()
    return found


@pytest.mark.parametrize(("town", "count"), [(MONDAY, 1), (SATURDAY, 2)], indirect=["town"])
def test_R10_a_page_publishes_the_keys_that_the_directory_does_not_show(
    device: Device, at: tuple[str, int], noted: Noted, count: int
) -> None:
    """The same keys, since their seeds are there; and not once more while they are shown."""
    with page_of(device, at) as page:
        before = shown(device)
        assert len(before) == count
        published(noted)
        ends_and_begins_anew(device)
        for times in (count, 0):
            page.do("sync")
            assert shown(device) == before
            assert published(noted) == times


def test_T42_after_a_member_left_a_page_publishes_no_key_whose_seed_she_had(
    device: Device, at: tuple[str, int]
) -> None:
    """Which of two seeds she had nobody can tell any more: a third one is published, once."""
    desk, today = device.desk, device.town.today
    desk.edit(lambda store: walk_in_keys.renewed(store, today, desk.random))
    device.sync()
    weekly = device.entries(c.ENTRY_WEEKLY).values()
    seeds = [WeeklyEntry.decode(one).xwing_seed for one in weekly]
    assert len(seeds) == 2
    with page_of(device, at) as page:
        ends_and_begins_anew(device)
        page.do("sync")
        (key,) = shown(device)
        assert parse_weekly_key(key).public_key not in [hpke.public_key(one) for one in seeds]
        page.do("sync")
        assert shown(device) == (key,)


def test_a_page_looks_for_no_key_while_walk_ins_are_closed(
    device: Device, at: tuple[str, int], noted: Noted
) -> None:
    """Nobody is asked, and nothing is published."""
    with page_of(device, at) as page:
        page.do("room", walk_ins=False)
        ends_and_begins_anew(device)
        noted.calls.clear()
        page.do("sync")
        assert ("GET", "/v1/directory") not in noted.calls
        assert published(noted) == 0
        assert shown(device) == ()
