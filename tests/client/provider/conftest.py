"""What tests of a provider's client may ask for.

`town` is a server with its network, `listed` a listed organisation in it without codes; `made` one
that has a code to publish, `stocked` one that has three codes in stock, `asked` one to which
somebody sent a request. Making codes takes seconds, so that is done once and copied.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from client.flows import handing, publish
from tests.client.provider import town as towns
from tests.client.provider.town import Asked, Device, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A server with a network; nobody is listed."""
    made = towns.found(tmp_path)
    yield made
    made.close()


@pytest.fixture
def listed(town: Town) -> Device:
    """An organisation that was listed a moment ago."""
    return town.listed()


@pytest.fixture(scope="session")
def baked(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A closed town with an organisation that has three codes in stock."""
    made = towns.found(tmp_path_factory.mktemp("baked"))
    device = made.listed()
    device.draw()
    device.make()
    publish.publish_all(device.desk, device.api, device.place(), now=made.now)
    made.close()
    return made


@pytest.fixture(scope="session")
def baked_one(tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A closed town with an organisation that made one code and has not published it."""
    made = towns.found(tmp_path_factory.mktemp("baked one"))
    towns.with_one_code(made.listed())
    made.close()
    return made


@pytest.fixture
def made(baked_one: Town, tmp_path: Path) -> Iterator[Device]:
    """An organisation that made one code and has not published it."""
    there = towns.copy_of(baked_one, tmp_path)
    yield there.device(towns.home_in(there))
    there.close()


@pytest.fixture
def stocked(baked: Town, tmp_path: Path) -> Iterator[Device]:
    """An organisation with three codes in stock."""
    made = towns.copy_of(baked, tmp_path)
    yield made.device(towns.home_in(made))
    made.close()


@pytest.fixture(scope="session")
def baked_asked(baked: Town, tmp_path_factory: pytest.TempPathFactory) -> tuple[Town, Asked]:
    """A closed town in which somebody has asked, with one of the three codes."""
    folder = tmp_path_factory.mktemp("asked")
    made = towns.copy_of(baked, folder)
    device = made.device(towns.home_in(made))
    (handed,) = handing.hand_out(device.desk, 1, today=made.today)
    sealed, receipt = made.ask(handed.code, text="What was told.", never=(1,), soon=1)
    made.tick()
    made.close()
    return made, Asked(device, handed, sealed, receipt)


@pytest.fixture
def asked(baked_asked: tuple[Town, Asked], tmp_path: Path) -> Iterator[Asked]:
    """A request that waits in the drop, its receipt, and the organisation that it is for."""
    there = towns.copy_of(baked_asked[0], tmp_path)
    yield replace(baked_asked[1], device=there.device(towns.home_in(there)))
    there.close()
