"""A page for admins: a statement's number is above the last in the public log, shown or not."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

import migrations
from client import ambient
from client.flows import apply
from crypto import constants as c
from crypto.client.admin_file import seal_admin_file
from crypto.constants import TILE_WIDTH
from crypto.public import policy as policies
from crypto.public.note_signing import Signer
from server.services.network import Loaded
from tests.client.admin.test_log_serials import FORGED, NETWORK, with_two
from tests.client.log.served import Served, serving
from tests.client.log.written import Written
from tests.client.peer.providers import this_day
from tests.client.provider import town as towns
from tests.client.provider.test_commands import served as served_town
from tests.client.provider.town import NAME, PHRASE, Town
from tests.server import founding
from tests.server.scene import FakeClock
from tests.web.browser import VETTING, Browser, Trouble, browser


@pytest.fixture
def served() -> Iterator[Served]:
    """A log with two organisations: one renewed once, one suspended."""
    with serving(with_two()) as found:
        yield found


@pytest.fixture
def page(served: Served) -> Iterator[Browser]:
    """A page of that server."""
    with browser(served.url, VETTING) as made:
        yield made


def last(page: Browser, served: Served, name: str) -> int:
    """The serial of an organisation's last statement, as an admin's page finds it."""
    key = base64.b64encode(served.log.key(name)).decode()
    policy = policies.format_text(served.log.network.policy)
    return int(page.do("serial", organisation=key, policy=policy))


def tiles_of(served: Served) -> list[str]:
    """The pieces of the log that were asked for."""
    return [path.split("/tile/")[1] for path in served.asked if "/tile/" in path]


def test_P9_a_page_finds_the_last_statement_of_each_also_where_it_waits_for_witnesses(
    page: Browser, served: Served
) -> None:
    """Listing or suspending, and by an admin who was retired since; 0 for who never had one."""
    assert [last(page, served, name) for name in ("Shelter", "Harbour", "Nobody")] == [20_600, 2, 0]
    served.published = served.log.checkpoint()
    served.log.vet("Shelter", serial=20_601)
    assert last(page, served, "Shelter") == 20_601
    admins = NETWORK.policy.admins
    served.log.follow_policy(
        signed_by=NETWORK.admins[1:], admins=admins[1:], former_admins=admins[:1]
    )
    assert last(page, served, "Shelter") == 20_601


def test_a_page_reads_a_long_log_from_its_end_and_no_further_than_needed(
    page: Browser, served: Served
) -> None:
    """Two bundles of entries where the first has it, and one of proofs."""
    for number in range(TILE_WIDTH):
        served.log.token_key(30_000 + 91 * number)
    assert last(page, served, "Shelter") == 20_600
    width = len(served.log.entries) - TILE_WIDTH
    assert tiles_of(served) == [f"entries/001.p/{width}", "entries/000", "proofs/000"]


@pytest.mark.parametrize("forge", FORGED)
def test_P9_T76_a_page_refuses_a_number_that_no_admin_signed(
    page: Browser, served: Served, forge: Callable[[Written], None]
) -> None:
    """Else whoever runs a server could use up all numbers of an organisation."""
    forge(served.log)
    with pytest.raises(Trouble) as caught:
        last(page, served, "Shelter")
    assert caught.value.kind == "forged_log"
    assert last(page, served, "Harbour") == 2


def test_a_page_passes_over_what_no_log_may_have(page: Browser, served: Served) -> None:
    """A witness tells of it; the number is found behind it."""
    served.log.add(b"towpath/v1/statement\nnetwork none\n")
    assert last(page, served, "Shelter") == 20_600


@pytest.mark.parametrize("pending", [b"", b"x", b"log\n1\n", None])
def test_a_page_is_told_of_a_server_without_a_readable_log(
    page: Browser, served: Served, pending: bytes | None
) -> None:
    """Nor is anything fetched of a size that no log has: nobody signs a number that was guessed."""
    served.pending = served.log.checkpoint(size=1 << 26) if pending is None else pending
    with pytest.raises(Trouble) as caught:
        last(page, served, "Shelter")
    assert caught.value.kind == "answer"
    assert tiles_of(served) == []


# --- what an admin signs ---


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A network of today, whose log three witnesses watch, of whom two must have seen it."""
    made = towns.open_town(tmp_path, FakeClock(this_day()))
    migrations.upgrade(made.core.database.engine)
    yield replace(made, founded=founding.found(made.core, witnesses=3, needed=2))
    made.close()


@pytest.fixture
def url(town: Town, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its server."""
    for terminal in served_town(town, monkeypatch):
        yield terminal.url


@contextmanager
def page_of(admin: Signer, url: str) -> Iterator[Browser]:
    """An admin's page, unlocked."""
    file = seal_admin_file(admin, PHRASE, random=ambient.random)
    with browser(url, VETTING) as page:
        page.do("unlock", file=base64.b64encode(file).decode(), passphrase=PHRASE)
        yield page


def marks(page: Browser) -> None:
    """Mark everything as met without which nobody is listed."""
    for criterion in c.VETTING_BLOCKING:
        page.do(
            "mark", name=NAME, kind=c.VETTING_MARK, criterion=criterion, state=c.MARK_MET, text="x"
        )


def test_P9_R21_a_page_signs_above_the_number_of_a_listing_that_a_policy_ended(
    town: Town, url: str
) -> None:
    """No directory and no list shows it any more, and the server takes nothing below it."""
    founded = town.founded
    device = town.apply()
    town.approve(device, serial=town.today + 40)
    admins = founded.network.policy.admins
    note = founded.network.next_policy(
        signed_by=founded.admins[1:], admins=admins[1:], former_admins=admins[:1]
    )
    assert isinstance(founded.load(note), Loaded)
    founded.witness()
    after = replace(town, founded=replace(founded, network=founded.network.at(note)))
    after.renew(device, NAME)
    apply.post(device.desk, device.api)
    bo, cy = founded.admins[1:]
    with page_of(bo, url) as his, page_of(cy, url) as hers:
        assert his.do("look") == []
        marks(his)
        assert hers.do("look") == []
        marks(hers)
        his.do("look")
        assert his.do("plan", name=NAME) == town.today + 41
        assert his.do("sign", name=NAME) is False
        hers.do("look")
        assert hers.do("plan", name=NAME) == town.today + 41
        with pytest.raises(Trouble) as caught:
            hers.do("sign", name=NAME)
        assert caught.value.kind == "not_shown", "the server took it, and it waits for witnesses"
        founded.witness()
        assert hers.do("look") == [NAME]


def test_P9_a_page_suspends_above_a_renewal_that_waits_for_witnesses(town: Town, url: str) -> None:
    """Else the renewal would be shown once they have seen it, and the listing went on."""
    founded = town.founded
    device = town.apply()
    town.approve(device)
    founded.witness()
    vet = partial(founded.vet, device.organisation)
    assert getattr(vet(serial=town.today + 7), "listed", False)
    with page_of(founded.admins[2], url) as page:
        assert page.do("look") == [NAME]
        assert page.do("suspension", name=NAME) == town.today + 8
        page.do("suspend", name=NAME)
        founded.witness()
        assert page.do("look") == []
