"""A caseworker at a laptop: the inbox in a browser, as she uses it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from playwright.sync_api import Browser, Locator

from client import ambient
from client import home as homes
from client.flows import kept, stock_data
from client.flows.desk import open_desk
from crypto import constants as c
from crypto.client.store import Store
from tests.acceptance.browser.phone import Phone
from tests.acceptance.browser.watched import watch
from tests.acceptance.deployment import Deployment
from tests.acceptance.people import Provider
from words import load

PHRASE = "four words that open"
"""The passphrase of the members of a deployment."""
_OPENING_S = 180.0
TEN_MINUTES_S = 600
_DISCONNECTED = "net::ERR_INTERNET_DISCONNECTED"


def key_file(provider: Provider) -> Path:
    """The key file of an organisation's first member, as she has it on a stick."""
    return homes.load(provider.home).key_file


class Laptop(Phone):
    """One device on which a member of an organisation works."""

    def choose_language(self, code: str) -> Self:
        """Tap a language by its own name."""
        language = load("languages").by_code(code)
        assert language is not None
        self.speaks(code)
        self.tap(self.page.get_by_role("button", name=language.text, exact=True))
        self.waits_for("open", "code", "receipt")
        return self

    def unlocks(self, key_file: Path, phrase: str = PHRASE) -> Self:
        """Open the inbox with a key file and a passphrase, and wait for the list."""
        self.gives(key_file, phrase)
        self.waits_for("list", seconds=_OPENING_S)
        return self

    def gives(self, key_file: Path, phrase: str) -> None:
        """Choose a key file, type a passphrase, and go on."""
        self.page.locator("input[type=file]").set_input_files(str(key_file))
        self.types("inbox.open.passphrase", phrase)
        self.says("inbox.open.go")

    def locks(self) -> None:
        """Lock the page, and wait until everything is on the server."""
        self.says("inbox.list.lock")
        self.waits_for("open")

    def touches(self) -> None:
        """Touch the page, as somebody does who reads: nothing else comes of it."""
        self.page.locator("body").dispatch_event("wheel")

    def comes_round(self) -> None:
        """Let the clock come to the next look, and wait until it is over."""
        # A call under way would see its time limit pass with the clock.
        self._waits_for_look()
        self.touches()
        self.page.clock.fast_forward(TEN_MINUTES_S * 1000)
        self.has_looked()

    def has_looked(self) -> None:
        """Wait until the look that is under way is over, and see that it went well."""
        self._waits_for_look()
        assert self.words["inbox.list.failed"] not in self.shown(), self.shown()

    def _waits_for_look(self) -> None:
        status = self.page.locator("p.status")
        status.filter(has_not_text=self.words["inbox.list.saving"]).wait_for()

    def rows(self) -> list[str]:
        """What stands in the list, request by request."""
        return self.page.locator("li.request").all_inner_texts()

    def row(self, at: int = 0) -> Locator:
        """One request of the list."""
        return self.page.locator("li.request").nth(at)

    def opens_request(self, at: int = 0) -> str:
        """Open a request of the list, and return what is shown of it."""
        self.tap(self.row(at).get_by_role("button"))
        self.waits_for("request")
        return self.shown()

    def opens_that_with(self, text: str) -> str:
        """Open the one request of the list in which this stands, and return what is shown."""
        self.tap(self.page.locator("li.request").filter(has_text=text).get_by_role("button"))
        self.waits_for("request")
        return self.shown()

    def back_to_the_list(self) -> None:
        """Go back from a request."""
        self.says("shared.back")
        self.waits_for("list")

    @contextmanager
    def offline(self) -> Iterator[None]:
        """Have no network until the end of the block; what Chromium says of that is no fault."""
        self.page.context.set_offline(True)
        try:
            yield
        finally:
            self.page.context.set_offline(False)
            self.settle()
            self.seen.console[:] = [one for one in self.seen.console if _DISCONNECTED not in one]

    def answers_with(self, text: str) -> None:
        """Write an answer to the request that is open, and send it."""
        self.says("inbox.case.answer")
        self.waits_for("answer")
        self.types("inbox.answer.label", text)
        self.says("inbox.answer.send")
        self.waits_for("told")

    def takes_codes(self, count: int, name: str = "") -> list[str]:
        """Take codes from the stock, and return their letters."""
        self.says("inbox.list.codes")
        self.waits_for("codes")
        self.types("inbox.codes.count", str(count))
        if name:
            self.types("inbox.codes.batch", name)
        self.says("inbox.codes.make")
        self.waits_for("codes taken")
        return self.page.locator("ul.codes li > p:first-child").all_inner_texts()

    def waits_until(self, there: Any, seconds: float = 30.0) -> None:
        """Look again and again until something is so."""
        until = time.monotonic() + seconds
        while not there():
            assert time.monotonic() < until, self.shown()
            self.comes_round()


@contextmanager
def laptop_of(browser: Browser, at: Deployment, **options: Any) -> Iterator[Laptop]:
    """Give a fresh laptop for a deployment, on the deployment's day; it is gone afterwards."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, **options)
    try:
        seen = watch(context, at.url, at.days.seconds())
        context.clock.install()
        yield Laptop(context.new_page(), seen, at.url, touch=False)
    finally:
        context.close()


def moves_stock(provider: Provider) -> None:
    """Let the codes that wait on a member's device be those of her browser, and sync."""
    desk = open_desk(homes.load(provider.home), PHRASE, ambient.random)
    device = hashlib.sha256(desk.member.member_id).digest()[: c.DEVICE_BYTES]
    desk.edit(lambda store: _as_of_browser(store, device))
    provider.sync()


def _as_of_browser(store: Store, device: bytes) -> Store:
    for locator, code in stock_data.codes(store):
        if code.state == c.SEED_PUBLISHED:
            moved = replace(code, batch=device + code.batch[c.DEVICE_BYTES :])
            store = store.with_entry(c.ENTRY_SEED, locator, moved.encode())
    return kept.with_device(store, device)
