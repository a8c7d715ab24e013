"""A provider's page on a date far ahead, and what it says of who wrote the store before."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client.flows import cases, kept
from crypto import constants as c
from crypto.client.store import Store, open_store
from crypto.encoding import u32
from tests.client.peer.providers import this_day
from tests.client.provider import witnessed
from tests.client.provider.test_commands import Terminal, served
from tests.client.provider.town import PHRASE, Device
from tests.server.scene import FakeClock
from tests.web.browser import DESK, Browser, Trouble, browser

AHEAD = 21


@pytest.fixture
def seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Device]:
    """An organisation with a weekly key that has synced, where witnesses saw the log today."""
    town = witnessed.found(tmp_path, monkeypatch, FakeClock(this_day()))
    yield witnessed.walk_ins(town)
    town.close()


@pytest.fixture
def terminal(seen: Device, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """Its server."""
    yield from served(seen.town, monkeypatch)


@contextmanager
def page_of(device: Device, at: Terminal, days: int = 0) -> Iterator[Browser]:
    """The member's page, unlocked, with a date that is so many days ahead."""
    with browser(at.url, DESK, days=days) as page:
        file = base64.b64encode(device.desk.home.key_file.read_bytes()).decode()
        page.do("unlock", file=file, passphrase=PHRASE)
        yield page


def lying(device: Device) -> Store:
    """What lies on the server."""
    return open_store(device.signed.store(), device.desk.member, 0)


def weekly(store: Store) -> set[bytes]:
    """The ids of a store's weekly keys."""
    return {entry_id for entry_id, _ in store.of_kind(c.ENTRY_WEEKLY)}


def test_P10_T57_a_page_on_a_date_far_ahead_ends_nothing(seen: Device, terminal: Terminal) -> None:
    """It stops each time, keeps what was done on it, and goes on when the date is put right."""
    before = seen.signed.store()
    with page_of(seen, terminal, AHEAD) as page:
        for what in ("sync", "sync", "turn", "lock"):
            with pytest.raises(Trouble) as caught:
                page.do(what)
            assert caught.value.kind == "date_ahead"
        assert page.do("unsaved") is False
        assert seen.signed.store() == before
        page.do("later", days=-AHEAD)
        page.do("sync")
    assert weekly(lying(seen)) >= weekly(open_store(before, seen.desk.member, 0)) > set()


def test_P10_T57_what_was_done_on_a_page_that_stopped_is_written_later(
    seen: Device, terminal: Terminal
) -> None:
    """It stays on the page until the date is right."""
    seen.town.walk_in()
    seen.town.tick()
    with page_of(seen, terminal) as page:
        page.do("sync")
        (name,) = page.do("list")
        page.do("later", days=AHEAD)
        page.do("note", name=name, text="She called.")
        with pytest.raises(Trouble):
            page.do("sync")
        assert page.do("unsaved") is True
        page.do("later", days=-AHEAD)
        page.do("sync")
        assert page.do("unsaved") is False
        assert page.do("show", name=name)["note"] == "She called."
    seen.sync()
    (case,) = cases.listed(seen.desk.read())
    assert case.case.note == "She called."


@pytest.mark.parametrize(("ahead", "stops"), [(7, False), (8, True)])
def test_P10_T57_more_than_seven_days_stop_a_page(
    seen: Device, terminal: Terminal, ahead: int, stops: bool
) -> None:
    """As they stop the command line."""
    seen.town.clock.days_pass(ahead)
    with page_of(seen, terminal, ahead) as page:
        if stops:
            with pytest.raises(Trouble):
                page.do("sync")
        else:
            assert page.do("sync")["may_be_withheld"] is False


def test_T57_a_page_whose_date_is_said_to_be_right_goes_on(
    seen: Device, terminal: Terminal
) -> None:
    """What is over ends then, and it is still said that the list is kept back."""
    before = weekly(lying(seen))
    seen.town.clock.days_pass(AHEAD)
    with page_of(seen, terminal, AHEAD) as page:
        page.do("dateIsRight")
        assert page.do("sync")["may_be_withheld"] is True
    assert not before & weekly(lying(seen))


def test_R31_T56_a_page_says_who_wrote_before_it_and_writes_its_own(
    seen: Device, terminal: Terminal
) -> None:
    """What came from the server is said until the page is locked, whatever it writes itself."""
    first = seen.town.today
    seen.town.clock.days_pass(1)
    with page_of(seen, terminal, 1) as page:
        for _ in range(2):
            assert page.do("opened") == {"name": "Anna", "day": first}
            page.do("sync")
    assert kept.get(lying(seen), "written") == seen.desk.member.member_id + u32(first + 1)
