"""Signed calls (http.md, 7)."""

from __future__ import annotations

import base64
from typing import Any

from tools.vectors import wire
from tools.vectors.people import NETWORK_ID
from tools.vectors.scenario import Scenarios, maker, utf8
from tools.vectors.wire import draw

SEED = draw("member who signs calls", 32)
KEY = wire.ed25519_public(SEED)
BODY = '{"week":20500,"blinded":""}'
COMPONENTS = '("@method" "@path" "@query" "content-digest")'
CALL: dict[str, Any] = {"method": "POST", "path": "/v1/tokens", "query": "", "body": BODY}
_GET: dict[str, Any] = {"method": "GET", "path": "/v1/applications", "query": "", "body": ""}
MOST = 2**63 - 1

_sign = maker("sign_call", "http.md 7")
_verify = maker("verify_call", "http.md 7")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _held()
    yield from _not_made()


def b64url(value: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(value).decode().rstrip("=")


def digest_of(body: str) -> str:
    """The value of Content-Digest."""
    return f"sha-256=:{wire.b64(wire.sha256(body.encode()))}:"


def parameters_of(counter: object = 1, network_id: bytes = NETWORK_ID, key: bytes = KEY) -> str:
    """The value of Signature-Input without its label, right or wrong."""
    named = f'nonce="{counter}";keyid="{b64url(key)}";tag="towpath/v1/{b64url(network_id)}"'
    return f"{COMPONENTS};{named}"


def signature_of(parameters: str, call: dict[str, Any], digest: str, seed: bytes = SEED) -> bytes:
    """A signature over the base of http.md, 7."""
    base = [
        f'"@method": {call["method"]}',
        f'"@path": {call["path"]}',
        f'"@query": ?{call["query"]}',
        f'"content-digest": {digest}',
        f'"@signature-params": {parameters}',
    ]
    return wire.sign(seed, "\n".join(base).encode())


def call_of(
    parameters: str | None = None,
    *,
    label: str = "towpath=",
    seed: bytes = SEED,
    digest: str | None = None,
    call: dict[str, Any] = CALL,
    network_id: bytes = NETWORK_ID,
    **changed: str,
) -> dict[str, Any]:
    """A call whose signature holds for what it says; `changed` is what arrives instead."""
    said = parameters or parameters_of()
    named = digest or digest_of(call["body"])
    signature = wire.b64(signature_of(said, call, named, seed))
    inputs = {
        "content_digest": named,
        "signature_input": label + said,
        "signature_header": f"towpath=:{signature}:",
        **call,
        "network_id": network_id,
        **changed,
    }
    return {**inputs, "body": utf8(inputs["body"])}


def _held() -> Scenarios:
    rows = {
        "post": ("A member draws tokens.", CALL, 1),
        "get": ("An admin asks for applications: no body.", _GET, 1_000_000),
        "query": ("With a query.", {**_GET, "query": "after=1&x=%20"}, 7),
        "most": ("The highest counter.", CALL, MOST),
    }
    for name, (comment, call, counter) in rows.items():
        given = call_of(parameters_of(counter), call=call)
        headers = ("content_digest", "signature_input", "signature_header")
        yield _sign(
            f"call_sign_{name}",
            comment,
            _signing(call, counter),
            output={header: utf8(given[header]) for header in headers},
        )
        said = {"key": KEY, "counter": str(counter)}
        yield _verify(f"call_{name}", comment, given, output=said)


def _signing(call: dict[str, Any], counter: int) -> dict[str, Any]:
    return {
        "seed": SEED,
        **call,
        "body": utf8(call["body"]),
        "counter": str(counter),
        "network_id": NETWORK_ID,
    }


def _not_made() -> Scenarios:
    good = _signing(CALL, 1)
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "counter_0": ("Counters begin at 1.", {"counter": "0"}),
        "counter_negative": ("And are not negative.", {"counter": "-1"}),
        "counter_large": ("2 to the 63.", {"counter": str(MOST + 1)}),
        "seed_short": ("A seed of 31 bytes.", {"seed": SEED[1:]}),
        "network_short": ("A network id of 31 bytes.", {"network_id": NETWORK_ID[1:]}),
        "method_small": ("A method in small letters.", {"method": "post"}),
        "method_empty": ("No method.", {"method": ""}),
        "path_relative": ("A path without its slash.", {"path": "v1/tokens"}),
        "path_empty": ("No path.", {"path": ""}),
        "path_line_feed": ("A path that would end its line.", {"path": '/v1\n"@query": ?'}),
        "path_space": ("A path with a space.", {"path": "/v1/to kens"}),
        "path_not_ascii": ("A path that is not ASCII.", {"path": "/v1/t\u00f6kens"}),
        "query_line_feed": ("A query that would end its line.", {"query": "a=1\n"}),
        "query_not_ascii": ("A query that is not ASCII.", {"query": "a=\u00e9"}),
    }
    for name, (comment, changed) in rows.items():
        yield _sign(f"call_sign_{name}", comment, {**good, **changed}, "Malformed")
