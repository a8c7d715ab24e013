"""The store's calls through the real server: read, compared and swapped, and safe to repeat."""

from __future__ import annotations

import pytest

from client.api_signed import store_hash
from client.errors import ServerProblem, Unreachable
from client.flows import members
from crypto import constants as c
from crypto.client.store import open_store, seal_store
from tests.client.peer.wires import quick, whole, wire
from tests.client.provider.test_members import add, second
from tests.client.provider.town import Device
from tests.client.test_api_signed import Counted, signed

STORE = "/v1/store"


def sealed(device: Device) -> bytes:
    """A device's store, sealed to all members, of the network's one size."""
    made = seal_store(device.desk.read(), random=device.town.random)
    size = device.api.network().store_bytes
    return made if len(made) == size else made.ljust(size, b"\0")
