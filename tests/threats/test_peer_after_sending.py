"""What a server tells whoever is not the holder: a peer afterwards, a provider, an admin.

There is a server on which a request was made, and one on which it never was. Whoever is asked about
here may call anything with everything that they have; where both servers answer the same, byte for
byte, nothing was told.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.crypto.streams import Stream
from tests.threats.hers import AFTERWARDS, Hers, after, is_the_request, of_the_peer, peers_calls
from tests.threats.scene import Sent, provider, send
from tests.threats.twins import everything, twins


@pytest.fixture(scope="module")
def sent() -> Sent:
    """A request with a receipt, sealed for real."""
    return send(provider("one"), Stream("the peer's device"))


@pytest.fixture
def hers(sent: Sent, tmp_path: Path) -> Iterator[Hers]:
    """Two servers, and the request that will be on one of them."""
    with twins(tmp_path) as servers:
        yield Hers(sent, servers)


# --- The peer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("what", AFTERWARDS)
def test_P8_T49_after_sent_a_peer_without_the_receipt_is_told_nothing(
    hers: Hers, what: str
) -> None:
    """Whatever became of the request, each route answers as a server that never had it, and nothing
    is changed by asking.
    """
    calls = peers_calls(after(hers, what))
    before = hers.servers.first.dump()
    assert hers.servers.differ(calls) == []
    assert hers.servers.first.dump() == before
    assert len(calls) > 300


def test_T49_who_kept_the_receipt_would_be_told(hers: Hers) -> None:
    """The same calls with the holder key differ, at each route of a box: so telling is noticed."""
    after(hers, "answered and added to")
    peers = of_the_peer(hers)
    holder = replace(peers, values=(*peers.values, hers.sent.receipt.holder_key))
    calls = [one for one in everything(holder) if not is_the_request(hers, one)]
    told = hers.servers.differ(calls)
    assert told == [f"POST /v1/boxes/{name}" for name in ("add", "read", "renew")]
