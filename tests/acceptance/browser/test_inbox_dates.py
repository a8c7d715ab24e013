"""The inbox on a device whose date is weeks ahead asks, and says who wrote the store last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto import constants as c
from crypto.client.store import open_store
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.working import Laptop
from tests.client.peer.providers import this_day
from tests.client.provider import witnessed
from tests.client.provider.test_commands import served
from tests.client.provider.town import Device
from tests.server.scene import FakeClock

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")
_DAY_S = 86_400
AHEAD = 21


@dataclass
class Place:
    """A server whose log witnesses saw today, as a laptop goes to one."""

    url: str
    device: Device

    @property
    def days(self) -> Place:
        """It is the machine's day."""
        return self

    def seconds(self) -> float:
        """How much later it is than on the machine."""
        return 0.0

    def weekly(self) -> set[bytes]:
        """The weekly keys in the store that lies on the server."""
        there = open_store(self.device.signed.store(), self.device.desk.member, 0)
        return {entry_id for entry_id, _ in there.of_kind(c.ENTRY_WEEKLY)}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An organisation with a weekly key, which has synced."""
    town = witnessed.found(tmp_path, monkeypatch, FakeClock(this_day()))
    device = witnessed.walk_ins(town)
    for terminal in served(town, monkeypatch):
        yield Place(terminal.url, device)
    town.close()


def at_list(laptops: Laptops, place: Place, ahead: int) -> Laptop:
    """An inbox that was opened on a laptop whose date is so many days ahead of the server's."""
    desk = laptops(place)
    desk.page.clock.set_system_time(place.device.town.clock.now() + ahead * _DAY_S)
    desk.opens("/inbox").choose_language("en").unlocks(place.device.desk.home.key_file)
    return desk


def looked(desk: Laptop) -> None:
    """Wait until no look is under way."""
    saving = ENGLISH["inbox.list.saving"]
    desk.page.locator("p.status").filter(has_not_text=saving).wait_for()


def test_P10_T57_a_date_weeks_ahead_ends_nothing_and_locks_when_nothing_waits(
    place: Place, laptops: Laptops
) -> None:
    """The page names the day, offers to go on, and goes on by itself when the date is right."""
    before, lying = place.weekly(), place.device.signed.store()
    desk = at_list(laptops, place, AHEAD)
    assert "Last written by you, on" in desk.shown()
    assert ENGLISH["inbox.list.failed"] in desk.shown()
    assert "This device says that today is" in desk.shown()
    assert desk.page.get_by_role("button", name=ENGLISH["inbox.list.date_right"]).is_visible()
    assert place.device.signed.store() == lying
    desk.page.clock.set_system_time(place.device.town.clock.now())
    desk.touches()
    desk.page.get_by_text(ENGLISH["inbox.list.failed"]).wait_for(state="detached")
    looked(desk)
    assert place.device.signed.store() != lying
    assert place.weekly() >= before > set()
    assert "Last written by you, on" in desk.shown()
    desk.locks()


def test_T57_a_date_that_somebody_says_is_right_goes_on(place: Place, laptops: Laptops) -> None:
    """Where the list is kept back for weeks, the page works after a tap, and says why it asked."""
    before = place.weekly()
    place.device.town.clock.days_pass(AHEAD)
    desk = at_list(laptops, place, 0)
    assert place.weekly() == before
    desk.says("inbox.list.date_right")
    desk.page.get_by_text(ENGLISH["inbox.list.failed"]).wait_for(state="detached")
    desk.has_looked()
    assert not before & place.weekly()
    desk.locks()
