"""Without Tor too: no call takes up an earlier one's connection or TLS session."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from client.ambient import random
from client.api import Api
from client.api_signed import SignedApi
from client.http import Http
from tests.client.peer.real import Counter
from tests.client.peer.wires import json_answer, wire
from tests.client.test_http import self_signed
from tests.crypto.networks import seed_of

DONE = json_answer(b"{}")
BOTH = [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]


@dataclass
class Gate:
    """A server that would go on with any session that it is offered, and notes whether it was."""

    context: ssl.SSLContext
    certificate: Path
    resumed: list[bool] = field(default_factory=list)
    came_from: list[int] = field(default_factory=list)

    def answer(self, connection: socket.socket) -> None:
        """Note the session and the connection, and answer."""
        assert isinstance(connection, ssl.SSLSocket)
        self.resumed.append(bool(connection.session_reused))
        self.came_from.append(connection.getpeername()[1])
        connection.sendall(DONE)


@pytest.fixture(params=BOTH, ids=["TLS 1.2", "TLS 1.3"])
def gate(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    """A server with a certificate that this machine trusts, for one version of TLS."""
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.minimum_version = context.maximum_version = request.param
    return Gate(context, certificate)


def test_P5_T35_no_call_takes_up_a_tls_session_or_connection(gate: Gate) -> None:
    """Neither an unnamed one another's, nor a signed one's, nor the reverse, with one way out."""
    with wire(gate.answer, tls=gate.context) as server:
        api = Api(Http(f"https://127.0.0.1:{server.port}", proxy=None, random=random))
        signed = SignedApi(api, seed_of("member"), bytes(32), Counter())
        for _ in range(3):
            api.cancel_code(bytes(16), bytes(32))
            signed.put_capacity(True, None)
    assert gate.resumed == [False] * 6
    assert len(set(gate.came_from)) == 6
    assert sum(b"signature-input" in request.lower() for request in server.requests) == 3


def test_T35_a_session_that_is_taken_up_would_be_seen(gate: Gate) -> None:
    """The same server, and a client that brings its last session along."""
    trusting = ssl.create_default_context(cafile=gate.certificate)
    session = None
    with wire(gate.answer, tls=gate.context) as server:
        for _ in range(2):
            plain = socket.create_connection(("127.0.0.1", server.port), 10)
            with trusting.wrap_socket(
                plain, server_hostname="127.0.0.1", session=session
            ) as connection:
                connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
                assert connection.recv(65_536) == DONE
                session = connection.session
    assert gate.resumed == [False, True]
