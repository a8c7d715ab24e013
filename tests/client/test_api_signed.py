"""Calls that a member or an admin signs."""

from __future__ import annotations

import json

import pytest

from client import wire as forms
from client.api import Api
from client.api_signed import SignedApi
from client.api_types import Drawn
from client.errors import ServerProblem
from crypto import constants as c
from crypto.public import request_signing
from crypto.public.note_signing import public_of
from tests.client.peer.wires import Wire, json_answer, quick, wire

NETWORK, SEED = bytes(range(32)), bytes(range(1, 33))


def behind(counter: int) -> bytes:
    """The problem of a counter that is not above the last."""
    said = {"type": "urn:towpath:problem:counter", "title": "", "status": 409, "detail": ""}
    return json_answer(json.dumps({**said, "counter": counter}).encode(), "409 Conflict")


class Counted:
    """A counter that notes what it was told."""

    def __init__(self, last: int = 0) -> None:
        self.last = last

    def next(self) -> int:
        """The next number."""
        self.last += 1
        return self.last

    def seen(self, counter: int) -> None:
        """Go on from the server's number."""
        self.last = max(self.last, counter)


def claim_of(request: bytes, path: str) -> request_signing.Claim:
    """Check a signed request as a server does."""
    head, body = request.split(b"\r\n\r\n", 1)
    lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines[1:])
    signed = request_signing.Signed(
        headers["Content-Digest"], headers["Signature-Input"], headers["Signature"]
    )
    method = lines[0].split(" ")[0]
    return request_signing.verify(
        signed, method=method, path=path, query="", body=body, network_id=NETWORK
    )


def signed(server: Wire, counter: Counted) -> SignedApi:
    """Signed calls to a made-up server."""
    return SignedApi(Api(quick(server.url)), SEED, NETWORK, counter)


def test_signed_calls_verify_and_count_up() -> None:
    """Method, path, body and network are under the signature; each call has a higher number."""
    with wire(json_answer(b"{}")) as server:
        calls = signed(server, Counted(5))
        calls.put_capacity(True, None)
        calls.put_weekly_key(bytes(c.WEEKLY_KEY_BYTES))
        calls.put_members([bytes(32), b"\x01" * 32])
        paths = [f"/v1/organisations/me/{end}" for end in ("capacity", "weekly-key", "members")]
        claims = [claim_of(*pair) for pair in zip(server.requests, paths, strict=True)]
    assert [claim.counter for claim in claims] == [6, 7, 8]
    assert {claim.key for claim in claims} == {public_of(SEED)}


def test_a_counter_that_is_behind_goes_on_from_the_servers() -> None:
    """One repeat, with the server's number; the second call is above it."""
    counter = Counted(2)
    with wire(behind(40), json_answer(b"{}")) as server:
        signed(server, counter).put_capacity(False, 3)
        numbers = [
            claim_of(one, "/v1/organisations/me/capacity").counter for one in server.requests
        ]
    assert numbers == [3, 41]


def test_a_server_that_always_says_behind_is_left() -> None:
    """It is tried once more, not for ever."""
    with wire(behind(40)) as server:
        with pytest.raises(ServerProblem):
            signed(server, Counted()).put_capacity(True, None)
        assert len(server.requests) == 2


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_drawn_batch_has_its_proof_and_as_many_elements(count: int) -> None:
    """64 bytes and 32 for each, or nothing for nothing; another length is no answer."""
    size = 64 + 32 * count if count else 0
    said = {
        "period": 20_748,
        "evaluated": forms.b64url(bytes(size)),
        "drop_key": forms.b64url(bytes(32)),
        "drop_week": 20_776,
    }
    with wire(json_answer(json.dumps(said).encode())) as server:
        drawn = signed(server, Counted()).tokens(20_776, bytes(32 * count))
        assert len(drawn.evaluated) == size
        with pytest.raises(ServerProblem):
            signed(server, Counted()).tokens(20_776, bytes(32 * (count + 1)))


def test_an_admins_call_is_signed_without_a_body() -> None:
    """A GET is signed over an empty body."""
    said = {"id": forms.b64url(bytes(16)), "entries": 3, "last_epoch": 20_800}
    with wire(json_answer(json.dumps({"applications": [said]}).encode())) as server:
        (waiting,) = signed(server, Counted()).applications()
        claim_of(server.requests[0], "/v1/applications")
    assert (waiting.application_id, waiting.entries) == (bytes(16), 3)


def test_P5_P12_no_object_of_the_way_out_shows_a_secret() -> None:
    """What is printed by mistake names no seed, key, locator or text."""
    drawn = Drawn(period=1, evaluated=b"canary", drop_key=b"canary", drop_week=1)
    shown = repr(drawn) + repr(forms.Fields({"record": "canary"}))
    with wire(json_answer(b"{}")) as server:
        shown += repr(signed(server, Counted()))
    assert "canary" not in shown
    assert SEED.hex() not in shown
