"""The real server behind a real onion service, in a private Tor network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.server.founding import Organisation
from tests.server.running import Running, serve
from tests.tor.network import PrivateTor, private_tor


@dataclass(frozen=True)
class Hidden:
    """A server that listens on this machine, the onion service before it, and one who is listed."""

    server: Running
    tor: PrivateTor
    organisation: Organisation


@pytest.fixture(scope="package")
def hidden(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hidden]:
    """One server and one network for all tests of this folder: making them takes half a minute."""
    folder = tmp_path_factory.mktemp("tor")
    url = f"sqlite:///{folder / 'towpath.db'}"
    with serve(folder / "server", url, refusal_tick_ms=5, tick_seconds=1) as server:
        organisation = server.founded.organisation("Shelter")
        (folder / "network").mkdir(mode=0o700)
        with private_tor(folder / "network", server.port) as tor:
            yield Hidden(server, tor, organisation)
