"""Somebody with a phone of her own, or of somebody else, or at a public computer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser

from tests.acceptance.browser.asking import Asking
from tests.acceptance.browser.reading import Reading
from tests.acceptance.browser.watched import watch
from tests.acceptance.deployment import Deployment


class Phone(Asking, Reading):
    """One device on which somebody asks and reads answers."""

    def leaves(self) -> None:
        """Use the quick exit at the top, and wait until the page is gone."""
        with self.page.expect_request(lambda request: not request.url.startswith(self.url)):
            self.tap(self.page.get_by_role("link", name=self.words["shared.leave"]).first)
        while self.page.url.startswith(self.url):
            self.page.wait_for_timeout(20)

    def kept(self) -> dict[str, Any]:
        """What this browser keeps for the page's origin; everything empty is nothing kept."""
        there = self.page.evaluate(
            """async () => ({
                local: Object.keys(localStorage),
                session: Object.keys(sessionStorage),
                caches: await globalThis.caches?.keys() ?? [],
                databases: await indexedDB.databases(),
                workers: (await navigator.serviceWorker?.getRegistrations() ?? []).length,
                script: document.cookie,
            })"""
        )
        assert isinstance(there, dict)
        return {**there, "cookies": self.page.context.cookies()}

    def settle(self) -> None:
        """Let what the page has just done be seen."""
        if not self.page.is_closed():
            self.page.wait_for_timeout(50)


NOTHING_KEPT: dict[str, Any] = {
    "local": [],
    "session": [],
    "caches": [],
    "databases": [],
    "workers": 0,
    "script": "",
    "cookies": [],
}
"""What `kept` gives where nothing is kept."""


@contextmanager
def phone_of(
    browser: Browser,
    at: Deployment,
    *,
    touch: bool = True,
    width: int = 360,
    height: int = 640,
    **options: Any,
) -> Iterator[Phone]:
    """Give a fresh device for a deployment, on the deployment's day; it is gone afterwards."""
    context = browser.new_context(
        viewport={"width": width, "height": height}, has_touch=touch, is_mobile=touch, **options
    )
    try:
        seen = watch(context, at.url, at.days.seconds())
        yield Phone(context.new_page(), seen, at.url, touch=touch)
    finally:
        context.close()
