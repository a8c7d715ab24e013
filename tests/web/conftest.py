"""What the tests of the browser's client may ask for: a real server, and a page that is open."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance import command, deployment
from tests.acceptance.conftest import on_sqlite, own, started, way
from tests.acceptance.deployment import HARBOUR, OPEN_DOOR, Baked, Deployment
from tests.acceptance.people import Provider
from tests.web.browser import Browser, browser

__all__ = ["on_sqlite", "own", "started", "way"]


@pytest.fixture(scope="module")
def town(on_sqlite: Baked, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """A founded network on a running server, for all tests of a file that move no day."""
    made = deployment.copy_of(on_sqlite, tmp_path_factory.mktemp("town") / "it")
    made.start()
    with command.devices(made.days):
        yield made
    made.close()


@pytest.fixture
def page(town: Deployment) -> Iterator[Browser]:
    """A page of that server, just opened."""
    with browser(town.url) as made:
        yield made


@pytest.fixture
def harbour(town: Deployment) -> Provider:
    """The one whose codes go about."""
    return Provider(town, HARBOUR)


@pytest.fixture
def open_door(town: Deployment) -> Provider:
    """The other one."""
    return Provider(town, OPEN_DOOR)
