"""A real server on this machine, and three admins whose policy it has."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from client import demo_network, demo_server
from client.demo_places import Places
from client.demo_server import DemoServer
from client.flows import admin_calls
from tests.client.admin.running import Running


@pytest.fixture(name="running", scope="module")
def _running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    places = Places(tmp_path_factory.mktemp("network"))
    with (
        demo_server.held(places.folder) as lock,
        demo_server.ended(DemoServer(places.server, lock)) as server,
    ):
        demo_network.sign_policy(places, server.begin())
        server.load_policy(places.policy)
        server.start(demo_server.port_for(0))
        running = Running(places, server)
        for name in demo_network.ADMINS:
            policy = running.scene().policy
            admin_calls.publish_key(running.api, running.signer(name), policy)
        yield running
