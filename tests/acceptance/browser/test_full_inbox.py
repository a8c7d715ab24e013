"""An inbox with 300 envelopes in the drop, half of them walk-ins (`./dev bench inbox`: 5,000)."""

from __future__ import annotations

import pytest

from client import ambient
from client import home as homes
from client.api import Api
from client.api_signed import SignedApi
from client.flows import kept
from client.flows.desk import open_key_file
from client.http import Http
from crypto import constants as c
from crypto.client.store import Store, open_store
from tests.acceptance import people, scan
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.working import PHRASE, key_file
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.filling import fill
from tests.acceptance.people import SLEEP, Provider

pytestmark = pytest.mark.needs("chromium")

ROWS, OWN, OTHERS = 300, 60, 90
AT_ONCE = 50


def test_P3_R30_among_three_hundred_envelopes_the_page_finds_its_own_and_nothing_else(
    laptops: Laptops, started: Deployment
) -> None:
    """One by code, the others walked in; what is for another organisation is no trouble either."""
    shelter, harbour = Provider(started, OPEN_DOOR), Provider(started, HARBOUR)
    code = shelter.code()
    for one in (shelter, harbour):
        one.sync()
    people.ask(started, code, SLEEP)
    api = Api(Http(started.url, proxy=None, random=ambient.random))
    with started.core() as core:
        walked_in = {NAMES[OPEN_DOOR]: OWN, NAMES[HARBOUR]: OTHERS}
        fill(core, api, bytes.fromhex(started.network_id), walked_in, rows=ROWS)
    scan.settle(started)

    desk = laptops(started).opens("/inbox").choose_language("en").unlocks(key_file(shelter))
    desk.waits_until(lambda: len(desk.rows()) == AT_ONCE)
    desk.says("inbox.list.more")
    assert len(desk.rows()) == OWN + 1
    desk.locks()

    store = _on_server(shelter)
    assert len(list(store.of_kind(c.ENTRY_CASE))) == OWN + 1
    assert kept.unreadable(store) == {}
    assert harbour.sync()["requests"] == OTHERS


def _on_server(provider: Provider) -> Store:
    """Open the store of an organisation that lies on the server."""
    home = homes.load(provider.home)
    member = open_key_file(home.key_file, PHRASE)
    api = Api(Http(provider.at.url, proxy=None, random=ambient.random))
    signed = SignedApi(api, member.ed25519_seed, member.network_id, home.counter)
    return open_store(signed.store(), member, 0)
