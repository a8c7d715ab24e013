"""T62, T63, T64 in the built page, in Chromium: a server that lies about network and listings.

The page is the one that the server gives; what it asks for then is answered by the lies.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Route

from client import wire
from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import Phone
from tests.acceptance.deployment import Deployment
from tests.crypto.records import CODE
from tests.crypto.streams import Stream
from tests.threats.forging import KINDS, NET, Shown, true_listing

pytestmark = pytest.mark.needs("chromium")

SPOKEN = code_text.symbols(CODE, Kind.CODE)
ENGLISH = page_words("en")
# A page that was just opened remembers nothing: these need a client that saw something before.
OF_A_MEMORY = {"rolled_back", "split_view", "frozen", "old_policy"}
SAID = {
    "no_witness": ("few_witnesses", "not_witnessed.then"),
    "old_cosignatures": ("not_witnessed", "not_witnessed.then"),
    "shortened_list": ("other_list", "two_logs.then"),
    "old_policy_under_the_newest_checkpoint": ("old_rules", "two_logs.then"),
    "suspended": ("suspended", "suspended.then"),
}


class Lies:
    """What a server says in place of the truth, to one page."""

    def __init__(self, phone: Phone) -> None:
        self.shown: Shown | None = None
        self.phone = phone
        for path in ("network", "directory", "codes/open"):
            phone.page.route(f"**/v1/{path}", self._answer)

    def _answer(self, route: Route) -> None:
        assert self.shown is not None
        said = self.shown.as_answers()
        name = urlsplit(route.request.url).path.removeprefix("/v1/")
        answer = {"record": said["record"]} if name == "codes/open" else said[name]
        route.fulfill(content_type="application/json", body=wire.dumps(answer))

    def open(self, shown: Shown) -> None:
        """Open the page anew and type the code, which leads to this."""
        self.shown = shown
        self.phone.opens().choose_language("en")
        self.again(shown)

    def again(self, shown: Shown) -> None:
        """Type the code in the page that is open."""
        self.shown = shown
        self.phone.type_code(SPOKEN)

    def refused(self) -> str:
        """See that nobody is shown as the reader; return what is said."""
        alarm = self.phone.page.locator('[role="alert"]', has_text=".")
        alarm.first.wait_for()
        assert self.phone.waits_for("code") == "code"
        return alarm.first.inner_text()


@pytest.fixture
def lies(phones: Phones, started: Deployment) -> Lies:
    """A phone whose server lies."""
    return Lies(phones(started))


def test_P2_P9_T62_T64_the_built_page_shows_nobody_whom_too_few_vetted(lies: Lies) -> None:
    """One of every kind behind a code: refused, and said in words; a true one is shown."""
    lies.open(true_listing(Stream("page")))
    assert lies.phone.waits_for("reader") == "reader"
    for kind in sorted(set(KINDS) - OF_A_MEMORY):
        lies.open(KINDS[kind](Stream(f"page {kind}")))
        said = lies.refused()
        if kind in SAID:
            sentence, then = (ENGLISH[f"trouble.{key}"] for key in SAID[kind])
            assert said == f"{sentence} {then}", kind


def test_P9_T62_the_list_of_the_built_page_has_nobody_whom_too_few_vetted(lies: Lies) -> None:
    """Where listings alone are wrong the list is there, and empty of them."""
    for kind in ("one_admin", "edited_profile", "suspended", "not_in_the_log", "expired"):
        lies.shown = KINDS[kind](Stream(f"list {kind}"))
        lies.phone.opens().choose_language("en")
        lies.phone.says("ask.code.none")
        lies.phone.waits_for("list")
        assert "Example Shelter" not in lies.phone.shown()


def test_P9_T63_T64_a_page_says_what_went_back_within_a_visit(lies: Lies) -> None:
    """A smaller log, then another one, after the true one was seen: in words that help."""
    now = true_listing(Stream("visit"))
    lies.open(now)
    lies.phone.waits_for("reader")
    lies.phone.says("shared.back")
    small = NET.checkpoint([b"one\n"])
    other = true_listing(Stream("another log"))
    for shown, key in ((replace(now, checkpoint=small), "old_log"), (other, "two_logs")):
        lies.again(shown)
        then = ENGLISH["trouble.two_logs.then"]
        assert lies.refused() == f"{ENGLISH[f'trouble.{key}']} {then}"
