"""An onion address works, and through Tor every call takes a circuit that no other call takes.

Tor is the real program, in a network on this machine alone; the server is the shipped one, behind
the onion service of deploy/torrc. What is asserted is what Tor itself says of its streams.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from itertools import zip_longest
from pathlib import Path

import pytest

from client.ambient import random
from client.api import Api
from client.api_signed import SignedApi
from client.errors import ServerProblem, Unreachable
from client.http import Http
from crypto import constants as c
from crypto.encoding import monday
from crypto.public import requests
from tests.client.peer.real import Counter as Numbers
from tests.tor.conftest import Hidden
from tests.tor.control import Stream, circuits, watched
from tests.tor.network import CLOSED_PORT

pytestmark = pytest.mark.needs("tor", "tor-gencert")

LOOPBACK = "7F"  # the first byte of 127.0.0.1 stands last there
Call = Callable[[], object]


def way_to(hidden: Hidden, url: str | None = None) -> Http:
    """The way out of a device that uses Tor."""
    return Http(url or hidden.tor.url, proxy=hidden.tor.proxy, random=random, sleep=lambda _: None)


def signed_by(hidden: Hidden, seed: bytes) -> SignedApi:
    """Signed calls through Tor."""
    return SignedApi(Api(way_to(hidden)), seed, hidden.server.founded.network_id, Numbers())


def calls_of_senders(hidden: Hidden) -> list[Call]:
    """What one who asks may call, from the first look to the end; she is believed everywhere."""
    api, scene = Api(way_to(hidden)), hidden.server.scene
    code, receipt = scene.published(), scene.make.receipt()
    other = scene.make.referral(scene.published())
    box, key = receipt.box_id, receipt.holder_key
    tag, envelope = scene.make.random(16), scene.make.envelope()
    return [
        api.network,
        api.directory,
        lambda: api.open_code(code.locator),
        lambda: api.send(scene.make.referral(code, receipt)),
        lambda: api.read_box(box, key, [0]),
        lambda: api.add(box, key, tag, envelope),
        lambda: api.renew(box, key),
        lambda: api.paste(requests.armour(other)),
        lambda: api.answer(box, receipt.write_key, 1, scene.make.random(c.SLOT_BYTES)),
        lambda: api.withdraw(box, key),
        lambda: api.cancel_code(code.locator, code.write_key),
        lambda: api.drop(random(32), 0),
    ]


def calls_that_are_signed(hidden: Hidden) -> list[Call]:
    """What a member and an admin sign."""
    member = signed_by(hidden, hidden.organisation.member_seed)
    admin = signed_by(hidden, hidden.server.founded.admins[0].seed)
    week = monday(hidden.server.scene.today)
    return [
        lambda: member.tokens(week, b""),
        lambda: member.put_capacity(True, None),
        lambda: member.put_capacity(True, None),
        admin.applications,
        admin.applications,
    ]


def shared(streams: list[Stream]) -> list[str]:
    """The circuits, names and passwords that more than one stream has."""
    seen = [used for one in streams for used in (*one.circuits, *one.login)]
    return [used for used, times in Counter(seen).items() if times > 1]


def test_P5_T35_an_onion_address_works(hidden: Hidden) -> None:
    """The server answers there, and its document is the network's."""
    assert re.fullmatch(r"[a-z2-7]{56}\.onion", hidden.tor.onion)
    assert way_to(hidden).call("GET", "/healthz").body == b"ok\n"
    document = Api(way_to(hidden)).network()
    assert document.network_id == hidden.server.founded.network_id


def test_P5_T35_a_request_arrives_through_the_onion_address(hidden: Hidden) -> None:
    """Code, request and box are as without Tor."""
    scene, api = hidden.server.scene, Api(way_to(hidden))
    code, receipt = scene.published(), scene.make.receipt()
    assert api.open_code(code.locator) == code.row.record
    referral = scene.make.referral(code, receipt)
    assert api.send(referral) == scene.today + c.REFERRAL_DAYS
    assert api.open_code(code.locator) is None
    assert api.read_box(receipt.box_id, receipt.holder_key, [0]) == [receipt.slot_0]


def test_P5_T35_every_call_takes_a_circuit_of_its_own(hidden: Hidden) -> None:
    """Unnamed ones among each other, signed ones among each other, and one kind beside the other:
    none shares a circuit, a name or a password with another, and none is resolved here.
    """
    unnamed, signed = calls_of_senders(hidden), calls_that_are_signed(hidden)
    # By turns, as the devices of one network call.
    mixed = [call for pair in zip_longest(unnamed, signed) for call in pair if call]
    before = {one["ID"] for one in circuits(hidden.tor.service, "HS_SERVICE_REND")}
    with watched(hidden.tor.client) as seen:
        for call in mixed:
            with suppress(ServerProblem):  # the drop key is nobody's
                call()
        streams = seen(len(mixed))
    # A busy machine may give a call up before Tor has a circuit for it; it is sent again, anew.
    carried = [one for one in streams if one.was_answered]
    assert len(carried) >= len(mixed) == 17
    assert shared(streams) == []
    assert all(one.circuits for one in carried)
    assert {one.target for one in streams} == {f"{hidden.tor.onion}:80"}
    assert all(len(part) == 32 for one in streams for part in one.login)
    # Nor does the server's own Tor see two calls come together.
    after = {one["ID"] for one in circuits(hidden.tor.service, "HS_SERVICE_REND")}
    assert len(after - before) >= len(mixed)


def test_P5_T35_tor_keeps_each_circuit_for_the_name_of_one_call(hidden: Hidden) -> None:
    """What it says of its circuits: to each belongs one name, and no name has two."""
    with watched(hidden.tor.client) as seen:
        for _ in range(3):
            way_to(hidden).call("GET", "/healthz")
        streams = seen(3)
    told = circuits(hidden.tor.client, "HS_CLIENT_REND")
    kept = {one["ID"]: one["SOCKS_USERNAME"] for one in told if "SOCKS_USERNAME" in one}
    carried = [one for one in streams if one.was_answered]
    assert len(carried) >= 3
    for one in carried:
        assert [kept[circuit] for circuit in one.circuits] == [one.login[0]]
    assert max(Counter(kept.values()).values()) == 1
    assert shared(streams) == []


def test_P5_T35_a_call_that_is_sent_again_takes_another_circuit(hidden: Hidden) -> None:
    """Where no answer comes, the same bytes go out three times, each time by another way."""
    with watched(hidden.tor.client) as seen:
        with pytest.raises(Unreachable):
            way_to(hidden, f"{hidden.tor.url}:{CLOSED_PORT}").call(
                "POST", "/v1/referrals", body=b"{}"
            )
        streams = seen(3)
    assert len(streams) == 3
    assert shared(streams) == []
    assert all(one.circuits for one in streams)


def test_T35_a_shared_circuit_would_be_seen(hidden: Hidden) -> None:
    """Two calls that come with one name and password take one circuit, and that is noticed."""
    same = Http(hidden.tor.url, proxy=hidden.tor.proxy, random=lambda size: b"a" * size)
    with watched(hidden.tor.client) as seen:
        for _ in range(2):
            assert same.call("GET", "/healthz").status == 200
        streams = seen(2)
    assert len(shared(streams)) == 2  # the circuit; and the name, which is the password too
    assert len({one.login for one in streams}) == 1
    assert streams[0].circuits & streams[1].circuits


def test_T35_the_private_network_stays_on_this_machine(hidden: Hidden) -> None:
    """Every socket of every Tor of these tests has this machine at both ends."""
    ends = [pair for process in hidden.tor.processes for pair in sockets_of(process)]
    assert len(ends) > 20
    for own, other in ends:
        assert own.endswith(LOOPBACK), own
        assert other.endswith(LOOPBACK) or not int(other, 16), other


def sockets_of(process: int) -> list[tuple[str, str]]:
    """The addresses of a process's sockets, its own and the other end's, in hexadecimal."""
    place = Path(f"/proc/{process}")
    mine = {str(link.readlink()) for link in (place / "fd").iterdir()}
    found = []
    for table in ("tcp", "tcp6", "udp", "udp6"):
        for line in (place / "net" / table).read_text().splitlines()[1:]:
            words = line.split()
            if f"socket:[{words[9]}]" in mine:
                own, other = (end.partition(":")[0] for end in words[1:3])
                found.append((own, other))
    return found
