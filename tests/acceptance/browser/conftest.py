"""What the tests in a browser may ask for: Chromium, and phones that are used as people use them.

Every phone is a fresh context, as another device is. When its test ends, whatever must not happen
on any page fails it: a violation of the policy, an error, a request to elsewhere, a code in a URL.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.acceptance.browser import chromium as chromiums
from tests.acceptance.browser.phone import Phone, phone_of
from tests.acceptance.browser.working import Laptop, laptop_of
from tests.acceptance.deployment import Deployment

# Nothing but this machine has a name.
_ALONE = ("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",)

Phones = Callable[..., Phone]
"""Gives a new phone for a deployment; what else is named goes to the browser's new context."""


Laptops = Callable[..., Laptop]
"""The same, for who works with an inbox."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers."""
    with sync_playwright() as made:
        yield made


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium without a window, for all contexts of this run."""
    options = [one for one in chromiums.OPTIONS if "port" not in one and "headless" not in one]
    made = playwright.chromium.launch(
        executable_path=chromiums.program(), args=[*options, *_ALONE], headless=True
    )
    yield made
    made.close()


def _server_first(request: pytest.FixtureRequest) -> None:
    """Start the test's own server before its browsers, so that it outlives their last look."""
    if "started" in request.fixturenames:
        request.getfixturevalue("started")


@pytest.fixture
def phones(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Phones]:
    """Give a new phone at each call: 360 x 640, touched, sharing nothing with another one."""
    _server_first(request)
    made: list[Phone] = []
    with ExitStack() as stack:

        def new(at: Deployment, **options: Any) -> Phone:
            made.append(stack.enter_context(phone_of(chromium, at, **options)))
            return made[-1]

        yield new
        for one in made:
            one.settle()
    assert [fault for one in made for fault in one.seen.faults()] == []


@pytest.fixture
def laptops(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Laptops]:
    """Give a new laptop at each call, sharing nothing with another one."""
    _server_first(request)
    made: list[Laptop] = []
    with ExitStack() as stack:

        def new(at: Deployment, **options: Any) -> Laptop:
            made.append(stack.enter_context(laptop_of(chromium, at, **options)))
            return made[-1]

        yield new
        for one in made:
            one.settle()
    assert [fault for one in made for fault in one.seen.faults()] == []


@pytest.fixture
def phone(phones: Phones, started: Deployment) -> Phone:
    """A phone at a server of the test's own."""
    return phones(started)
