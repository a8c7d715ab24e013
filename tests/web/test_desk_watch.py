"""A provider's page watches the log at each look: what it is told, where it stops (T75, T76)."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from client.flows import kept, store_sync
from crypto import constants as c
from crypto.client import signing
from crypto.client.store import Store, open_store
from crypto.client.store_entries import WeeklyEntry
from crypto.encoding import monday
from crypto.public import edge, sealing
from crypto.public.edge import Edge
from crypto.public.statements import Kind
from server.services import checkpoints
from server.services.statements import Posted
from tests.client.peer.providers import this_day
from tests.client.provider import town as towns
from tests.client.provider import witnessed
from tests.client.provider.test_commands import Terminal, served
from tests.client.provider.town import PHRASE, Device, Town
from tests.crypto.networks import PROFILE, seed_of
from tests.server.scene import FakeClock
from tests.web.browser import DESK, Browser, Trouble, browser

OTHER_PROFILE = PROFILE[:-1] + b"\x02"


class Noted:
    """Notes method and path of each call that a server gets."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.calls: list[tuple[str, str]] = []

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        """Pass a call on."""
        self.calls.append((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        return self.app(environ, start)

    def of_the_log(self) -> list[str]:
        """The paths of the log that were read since, without the widths of pieces."""
        found = [path.partition(".")[0] for _, path in self.calls if path.startswith("/v1/log")]
        self.calls.clear()
        return found


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A network of today."""
    made = towns.found(tmp_path, FakeClock(this_day()))
    yield made
    made.close()


@pytest.fixture
def device(town: Town) -> Device:
    """An organisation with a weekly key; its store lies on the server and has seen the log."""
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
def terminal(device: Device, noted: Noted, monkeypatch: pytest.MonkeyPatch) -> Iterator[Terminal]:
    """That server."""
    yield from served(device.town, monkeypatch)


@contextmanager
def page_of(device: Device, at: Terminal) -> Iterator[Browser]:
    """The member's page, unlocked."""
    with browser(at.url, DESK) as page:
        file = base64.b64encode(device.desk.home.key_file.read_bytes()).decode()
        page.do("unlock", file=file, passphrase=PHRASE)
        yield page


def lying(device: Device) -> Store:
    """What lies on the server."""
    return open_store(device.signed.store(), device.desk.member, 0)


def size(town: Town) -> int:
    """How many entries the log has."""
    found = town.core.database.read(checkpoints.newest)
    assert found is not None
    return found.said.size


def suspend(device: Device, serial: int = 2) -> None:
    """Let one admin suspend an organisation."""
    founded = device.town.founded
    note = founded.statement(
        device.organisation, serial=serial, kind=Kind.SUSPENDED, signed_by=founded.admins[:1]
    )
    posted = founded.post(note)
    assert isinstance(posted, Posted), posted


def vet(device: Device, profile: bytes = PROFILE) -> None:
    """Let two admins list an organisation anew."""
    organisation = replace(device.organisation, profile=profile)
    posted = device.town.founded.vet(organisation, serial=2)
    assert getattr(posted, "listed", False), posted


def steal(device: Device) -> None:
    """Put a weekly key of somebody else, signed with the organisation's own key, in its place."""
    founded = device.town.founded
    week = monday(device.town.today)
    weekly = device.desk.read().of_kind(c.ENTRY_WEEKLY)
    (own,) = [one for one, value in weekly if WeeklyEntry.decode(value).first == week]
    foreign = signing.sign_weekly_key(
        device.organisation.seed,
        network_id=device.desk.network_id,
        first=week,
        public_key=sealing.public_key(seed_of("a thief's weekly key")),
    )
    assert founded.put_weekly_key(device.organisation, bytes(foreign), replaces=own) is None


def _changed(seen: Edge) -> Edge:
    return replace(seen, hashes=(bytes(32), *seen.hashes[1:]))


def _longer(seen: Edge) -> Edge:
    return edge.append(edge.append(seen, bytes(32)), bytes(32))


@pytest.mark.parametrize("other", [_changed, _longer])
def test_P9_T75_where_the_log_is_another_a_page_publishes_and_answers_nothing(
    device: Device, terminal: Terminal, noted: Noted, other: Callable[[Edge], Edge]
) -> None:
    """Split, or rolled back: it stops before it writes anything; an answer waits on the page."""
    town = device.town
    town.walk_in()
    town.tick()
    device.sync()
    device.desk.edit(lambda store: kept.with_log_edge(store, other(kept.log_edge(store))))
    store_sync.save(device.desk, device.signed, town.core.settings.store_bytes, today=town.today)
    before = device.signed.store()
    with page_of(device, terminal) as page:
        noted.calls.clear()
        for what in ("sync", "sync", "turn"):
            with pytest.raises(Trouble) as caught:
                page.do(what)
            assert caught.value.kind == "other_log"
        (name,) = page.do("list")
        with pytest.raises(Trouble) as caught:
            page.do("answer", name=name, state="answered", text="Come at nine.")
        assert caught.value.kind == "other_log"
        assert page.do("show", name=name)["waiting"] == "Come at nine."
        assert {method for method, _ in noted.calls} == {"GET"}
        assert not [path for _, path in noted.calls if path in ("/v1/store", "/v1/drop")]
    assert device.signed.store() == before


def test_P9_T76_a_page_is_told_of_its_suspension_and_why_it_is_refused(
    device: Device, terminal: Terminal
) -> None:
    """The server takes no signature any more, and the log says why."""
    with page_of(device, terminal) as page:
        page.do("sync")
        suspend(device)
        for _ in range(2):
            with pytest.raises(Trouble) as caught:
                page.do("sync")
            assert caught.value.kind == "stopped"


@pytest.mark.parametrize(
    ("happens", "kind"),
    [
        (lambda device: vet(device, OTHER_PROFILE), "other"),
        (steal, "key"),
        (vet, "renewed"),
    ],
    ids=["other", "key", "renewed"],
)
def test_P9_T76_what_the_log_says_is_told_until_somebody_has_read_it(
    device: Device, terminal: Terminal, happens: Callable[[Device], None], kind: str
) -> None:
    """Also on the next page, where the first was locked before; once put away, never again."""
    seen = kept.log_edge(lying(device)).size
    with page_of(device, terminal) as page:
        page.do("sync")
        assert page.do("news") == []
        happens(device)
        for _ in range(2):
            page.do("sync")
            assert page.do("news") == [kind]
        page.do("lock")
    assert kept.log_edge(lying(device)).size == seen
    with page_of(device, terminal) as again:
        again.do("sync")
        assert again.do("news") == [kind]
        again.do("putAway")
        again.do("sync")
        assert again.do("news") == []
    assert kept.log_edge(lying(device)).size == size(device.town)


def test_what_was_asked_for_is_no_news_to_a_page(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Being listed and one's own keys, read from the first entry on; the page keeps how far."""
    device = town.listed()
    store_sync.save(device.desk, device.signed, town.core.settings.store_bytes, today=town.today)
    for terminal in served(town, monkeypatch):
        with page_of(device, terminal) as page:
            page.do("room", walk_ins=True)
            for _ in range(3):
                page.do("sync")
                assert page.do("news") == []
    assert kept.log_edge(lying(device)).size == size(town)
    assert kept.listed_until(lying(device)) == town.today + c.VETTED_DAYS


def test_P3_T19_a_page_reads_the_log_where_it_has_grown_whoever_was_asked(
    device: Device, terminal: Terminal, noted: Noted
) -> None:
    """A request that came changes nothing; an entry about somebody else is one piece more."""
    town = device.town
    with page_of(device, terminal) as page:
        page.do("sync")
        noted.of_the_log()
        page.do("sync")
        assert noted.of_the_log() == []
        town.walk_in()
        town.tick()
        assert page.do("sync")["requests"] == 1
        assert noted.of_the_log() == []
        town.listed("Harbour", "harbour")
        page.do("sync")
        assert noted.of_the_log() == ["/v1/log/tile/entries/000"]


def test_a_page_says_that_a_listing_ends_eight_weeks_before(
    device: Device, terminal: Terminal
) -> None:
    """From 56 days before its end, and that it is over after that."""
    until = kept.listed_until(lying(device))
    assert until is not None
    days = until - device.town.today
    with page_of(device, terminal) as page:
        for ahead, said in (
            (days - c.RENEW_DAYS - 1, None),
            (days - c.RENEW_DAYS, "due"),
            (days, "due"),
            (days + 1, "over"),
        ):
            page.do("later", days=ahead)
            assert page.do("due") == said
            page.do("later", days=-ahead)
