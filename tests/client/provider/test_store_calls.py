"""The store's calls through the real server: read, compared and swapped, and safe to repeat."""

from __future__ import annotations

import pytest

from client.api_signed import store_hash
from client.errors import ServerProblem, Unreachable
from client.flows import members
from crypto import constants as c
from crypto.client.store import open_store, seal_store
from crypto.errors import TooLong
from server.models import store as table
from tests.client.peer.wires import whole, wire
from tests.client.provider.test_members import add, second
from tests.client.provider.town import Device
from tests.client.test_api_signed import Counted, signed
from tests.server.scene import Scene

STORE = "/v1/store"
NOTHING = store_hash(b"")


def sealed(device: Device) -> bytes:
    """A device's store, sealed to all members, in the network's one size."""
    size = device.api.network().store_bytes
    return seal_store(device.desk.read(), random=device.town.random, size=size)


def put(device: Device, new: bytes, old: bytes = b"") -> bool:
    """Put a store where another lies."""
    return device.signed.put_store(new, replaces=store_hash(old))


def test_R31_a_second_device_reads_what_the_first_put(listed: Device) -> None:
    """It opens with the member's key of either, and has the network's one size."""
    new = add(listed)
    members.tell_server(listed.desk, listed.signed)
    other = second(listed, new)
    assert listed.signed.store() == b""
    first = sealed(listed)
    assert put(listed, first)
    found = other.signed.store()
    assert (found, len(found)) == (first, listed.api.network().store_bytes)
    assert open_store(found, new.secret, 0).entries == listed.desk.read().entries


def test_P10_of_two_devices_that_read_the_same_one_writes(listed: Device) -> None:
    """The other is told so, and nothing of the first is lost."""
    first, mine, theirs = sealed(listed), sealed(listed), sealed(listed)
    assert put(listed, first)
    assert put(listed, theirs, first)
    assert not put(listed, mine, first)
    assert not put(listed, mine)
    assert listed.signed.store() == theirs
    assert put(listed, mine, theirs)


def test_P10_a_write_whose_answer_was_lost_is_sent_again(listed: Device) -> None:
    """It has a higher counter, and hears that the store lies there."""
    first, later = sealed(listed), sealed(listed)
    assert put(listed, first)
    listed.wire.lose[STORE] = 1
    with pytest.raises(Unreachable):
        put(listed, later, first)
    assert put(listed, later, first)
    assert listed.signed.store() == later


def test_P9_R31_T42_a_member_who_left_is_refused(listed: Device) -> None:
    """Reading and writing alike, from when the server was told."""
    new = add(listed)
    members.tell_server(listed.desk, listed.signed)
    other = second(listed, new)
    first = sealed(listed)
    assert put(listed, first)
    (her,) = [one for one in members.listed(listed.desk.read()) if one.entry.name == "Bo"]
    members.remove(listed.desk, her, now=listed.town.now)
    members.tell_server(listed.desk, listed.signed)
    for call in (other.signed.store, lambda: put(other, sealed(other), first)):
        with pytest.raises(ServerProblem) as refused:
            call()
        assert refused.value.kind == "unsigned"
    assert listed.signed.store() == first


@pytest.mark.parametrize("more", [-1, 1, -c.STORE_STEPS[1] + c.STORE_STEPS[0]])
def test_T34_a_store_of_another_size_is_refused(listed: Device, more: int) -> None:
    """A client that did not look at the network's size stores nothing."""
    wrong = bytes(listed.api.network().store_bytes + more)
    with pytest.raises(ServerProblem) as refused:
        put(listed, wrong)
    assert refused.value.kind == ("too-large" if more > 0 else "malformed")
    assert Scene(listed.town.core, listed.town.clock).count(table) == 0


def test_T34_a_store_is_sealed_in_the_size_asked_for_or_not_at_all(listed: Device) -> None:
    """Each of the five, and none that is no step."""
    store, random = listed.desk.read(), listed.town.random
    for size in c.STORE_STEPS[:3]:
        assert len(seal_store(store, random=random, size=size)) == size
    for wrong in (1, c.STORE_STEPS[0] + 1, c.STORE_STEPS[0] - 1, -1):
        with pytest.raises(TooLong):
            seal_store(store, random=random, size=wrong)


@pytest.mark.parametrize("size", [1, 65_536, c.STORE_STEPS[0] - 1, c.STORE_STEPS[0] + 1])
def test_an_answer_that_is_no_store_is_none(size: int) -> None:
    """A server can't hand a client bytes of another length."""
    octets = ["Content-Type: application/octet-stream"]
    with wire(whole(bytes(size), headers=octets)) as server, pytest.raises(ServerProblem):
        signed(server, Counted()).store()


@pytest.mark.parametrize("size", [*c.STORE_STEPS[:2], 0])
def test_an_answer_of_any_step_is_taken(size: int) -> None:
    """The operator may have changed the size; nothing at all is an answer too."""
    octets = ["Content-Type: application/octet-stream"]
    with wire(whole(bytes(size), headers=octets)) as server:
        assert len(signed(server, Counted()).store()) == size


@pytest.mark.parametrize("said", [-1, 0, 1, 262_145, 2**63, "1048576", 1.5, None, True])
def test_a_network_whose_stores_have_no_such_size_is_none(said: object) -> None:
    """One of five numbers."""
    from client.api import _step
    from client.wire import Fields

    with pytest.raises(ServerProblem):
        _step(Fields({"store_bytes": said}).number("store_bytes"))
