"""What the acceptance tests may ask for: founded networks on real servers, and who uses them.

`deployed` runs the whole session and is shared: a test takes codes of its own from the stock.
`aging` is a test's own, its days move. Both exist as one process on SQLite and as four processes on
PostgreSQL. `own` is a test's own too, on SQLite, to be stopped, broken and started again.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance import command, deployment
from tests.acceptance import relay as relays
from tests.acceptance.deployment import NAMES, Baked, Deployment
from tests.acceptance.people import Provider
from tests.acceptance.relay import Relay
from tests.server import postgres, serving

SQLITE, POSTGRES = "sqlite, 1 process", "postgresql, 4 processes"
_KINDS = [SQLITE, pytest.param(POSTGRES, marks=pytest.mark.needs("postgres"))]
_PROCESSES = 4


@pytest.fixture(scope="session")
def cluster() -> Iterator[postgres.Cluster]:
    """A PostgreSQL of this run's own."""
    with postgres.cluster() as running:
        yield running


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Baked:
    """A network on SQLite; founded once, whatever number of workers there is."""
    place = tmp_path_factory.getbasetemp()
    shared = (place if worker_id == "master" else place.parent) / "founded"
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        known = shared / "network-id"
        if known.exists():
            return Baked(shared / "baked", None, known.read_text())
        (shared / "baked").mkdir()
        made = deployment.found(shared / "baked")
        known.write_text(made.network_id)
        return made


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory, cluster: postgres.Cluster) -> Baked:
    """A network on PostgreSQL, with four processes."""
    folder = tmp_path_factory.mktemp("baked-postgres")
    return deployment.found(folder, cluster.new_database(), _PROCESSES)


def _copy(request: pytest.FixtureRequest, kind: str, folder: Path) -> Deployment:
    if kind == SQLITE:
        return deployment.copy_of(request.getfixturevalue("on_sqlite"), folder)
    cluster = request.getfixturevalue("cluster")
    return deployment.copy_of(request.getfixturevalue("on_postgres"), folder, cluster)


@pytest.fixture(scope="session", params=_KINDS)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    """The server as shipped, on each database, for all tests of this run that move no day."""
    made = _copy(request, request.param, tmp_path_factory.mktemp("running") / "it")
    made.start()
    yield made
    made.close()


@pytest.fixture
def deployed(running: Deployment) -> Iterator[Deployment]:
    """The same, with devices in this process; nothing of other tests is on its way."""
    with command.devices(running.days):
        for name in NAMES:
            Provider(running, name).catch_up()
        yield running


@pytest.fixture(params=_KINDS)
def aging(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment of a test's own whose days can pass, running."""
    made = _copy(request, request.param, tmp_path / "aging")
    made.start(later=True)
    with command.devices(made.days):
        yield made
    made.close()


@pytest.fixture
def own(on_sqlite: Baked, tmp_path: Path) -> Iterator[Deployment]:
    """A deployment of a test's own on SQLite, not started yet."""
    made = deployment.copy_of(on_sqlite, tmp_path / "own")
    with command.devices(made.days):
        yield made
    made.close()


@pytest.fixture
def started(own: Deployment) -> Deployment:
    """The same, running, and its days can pass."""
    own.start(later=True)
    return own


@pytest.fixture
def way(started: Deployment) -> Iterator[Relay]:
    """A way to it on which bad days happen."""
    with relays.relay(serving.port_of(started.server)) as made:
        yield made
