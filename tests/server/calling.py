"""Calls over HTTP, signed ones too, with everything that a test wants wrong as an argument."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from crypto.public import request_signing
from tests.server.scene import b64url

URN = "urn:towpath:problem:"


@dataclass(frozen=True)
class Caller:
    """Makes signed calls in one network, each with a counter above the key's last one."""

    client: FlaskClient
    network_id: bytes
    counters: Counter[bytes] = field(default_factory=Counter)

    def __call__(
        self, seed: bytes, method: str, path: str, values: Mapping[str, Any] | None = None
    ) -> TestResponse:
        """Call a route, signed with a member's or admin's seed."""
        headers = self.headers(seed, method, path, values)
        return call(self.client, method, path, values, headers)

    def octets(self, seed: bytes, method: str, path: str, body: bytes = b"") -> TestResponse:
        """Call a route with bytes that are no JSON, signed."""
        self.counters[seed] += 1
        number = self.counters[seed]
        headers = signed(seed, self.network_id, number, method=method, path=path, body=body)
        return call_octets(self.client, method, path, body, headers)

    def headers(
        self,
        seed: bytes,
        method: str,
        path: str,
        values: Mapping[str, Any] | None = None,
        *,
        counter: int | None = None,
    ) -> dict[str, str]:
        """The headers of such a call, for a request that is made later, elsewhere or otherwise."""
        self.counters[seed] += 1
        number = self.counters[seed] if counter is None else counter
        body = dumps(values)
        return signed(seed, self.network_id, number, method=method, path=path, body=body)


def call_octets(
    client: FlaskClient, method: str, path: str, body: bytes, headers: Mapping[str, str]
) -> TestResponse:
    """Call a route with bytes that are no JSON, and these headers."""
    content = {"Content-Type": "application/octet-stream"} if body else {}
    return client.open(path, method=method, data=body, headers={**content, **headers})


def signed(
    seed: bytes,
    network_id: bytes,
    counter: int,
    *,
    method: str,
    path: str,
    body: bytes = b"",
    query: str = "",
) -> dict[str, str]:
    """The three headers of a signed call."""
    made = request_signing.sign(
        seed,
        method=method,
        path=path,
        query=query,
        body=body,
        counter=counter,
        network_id=network_id,
    )
    return {
        "Content-Digest": made.digest,
        "Signature-Input": made.signature_input,
        "Signature": made.signature,
    }


def call(
    client: FlaskClient,
    method: str,
    path: str,
    values: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> TestResponse:
    """Call a route with a JSON body, if any, and these headers."""
    content = {} if values is None else {"Content-Type": "application/json"}
    return client.open(
        path, method=method, data=dumps(values), headers={**content, **(headers or {})}
    )


def dumps(values: Mapping[str, Any] | None) -> bytes:
    """The bytes of a JSON body, bytes in it as base64url; none where there is none."""
    return b"" if values is None else json.dumps(values, default=b64url).encode()


def post(client: FlaskClient, path: str, **values: Any) -> TestResponse:
    """Post these values, bytes as base64url."""
    return call(client, "POST", path, values)


def problem(answer: TestResponse) -> str | None:
    """The kind of problem that was answered; None where it was none."""
    if answer.status_code < 400:
        return None
    assert answer.content_type == "application/problem+json"
    return str(answer.get_json()["type"]).removeprefix(URN)
