"""What tests of the server may ask for.

`scene` is a server below its routes, `client` calls it over HTTP in the same process; both with a
clock that stands still (`clock`). Tests that take them run on SQLite and, where it is installed, on
PostgreSQL. `founded` is the network that the server carries, if it is asked for; `running` is
a server as it is shipped, in processes of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

import migrations
from server import create_app
from server.core import EXTENSION, Core
from server.settings import Settings
from tests.server import founding, postgres
from tests.server.founding import Founded
from tests.server.running import Running, serve
from tests.server.scene import FakeClock, Scene
from words import catalogues

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of this run's own."""
    with postgres.cluster() as running:
        yield running


@pytest.fixture(params=DATABASES)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a database that is there and empty."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'towpath.db'}"
        return
    running: postgres.Cluster = request.getfixturevalue("cluster")
    made = running.new_database()
    yield made
    running.drop(made)


@pytest.fixture
def settings(url: str, tmp_path: Path) -> Settings:
    """The settings of a server; its keys lie beside its database."""
    keyring = tmp_path / "keyring"
    keyring.mkdir(mode=0o700)
    return Settings(
        database=url,
        keyring=keyring,
        work_bits=8,
        misses_a_minute=1_000_000,
        # Tests look at every language, also at those that nobody has read yet.
        unreviewed_languages=catalogues.codes()[1:],
    )


@pytest.fixture
def clock() -> FakeClock:
    """Noon of a made-up network's day."""
    return FakeClock()


@pytest.fixture
def app(settings: Settings, clock: FakeClock) -> Iterator[Flask]:
    """The application, with its schema."""
    made = create_app(settings, clock=clock)
    core: Core = made.extensions[EXTENSION]
    migrations.upgrade(core.database.engine)
    yield made
    core.database.close()


@pytest.fixture
def core(app: Flask) -> Core:
    """What the application's parts share."""
    found: Core = app.extensions[EXTENSION]
    return found


@pytest.fixture
def scene(core: Core, clock: FakeClock) -> Scene:
    """The server below its routes."""
    return Scene(core, clock)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Calls the server over HTTP, in this process."""
    return app.test_client()


@pytest.fixture
def founded(core: Core) -> Founded:
    """The made-up network, which the server carries."""
    return founding.found(core)


@pytest.fixture(scope="module", params=DATABASES)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    """A server as it is shipped, for all tests of a file: four processes where that can be."""
    folder = tmp_path_factory.mktemp("server")
    with ExitStack() as until:
        if request.param == "sqlite":
            url, processes = f"sqlite:///{folder / 'towpath.db'}", 1
        else:
            cluster: postgres.Cluster = request.getfixturevalue("cluster")
            url, processes = cluster.new_database(), 4
            until.callback(cluster.drop, url)
        yield until.enter_context(
            serve(folder / "dir", url, processes=processes, threads=16, refusal_tick_ms=5)
        )
