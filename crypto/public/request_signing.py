"""Signed calls: HTTP message signatures (RFC 9421, RFC 9530) in the one form that Towpath takes.

Source: docs/spec/http.md, 7
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field

from crypto.constants import COUNTER_MOST, NETWORK_ID_BYTES
from crypto.encoding import b64, unb64
from crypto.errors import BadSignature, Malformed
from crypto.fields import fixed
from crypto.public import ed25519, note_signing

_NAME = "towpath="
_COMPONENTS = '("@method" "@path" "@query" "content-digest")'
_CLAIM = re.compile(
    re.escape(_NAME + _COMPONENTS)
    + ';nonce="([1-9][0-9]{0,18})";keyid="([A-Za-z0-9_-]{43})";tag="towpath/v1/[A-Za-z0-9_-]{43}"'
)
_SIGNATURE = re.compile(r"towpath=:([A-Za-z0-9+/]{86}==):")
# A line feed in one of these would let one request be signed and another be read.
_METHOD = re.compile("[A-Z]{1,16}")
_PATH = re.compile("/[!-~]*")
_QUERY = re.compile("[!-~]*")


@dataclass(frozen=True, slots=True)
class Signed:
    """The values of the headers Content-Digest, Signature-Input and Signature."""

    digest: str = field(repr=False)
    signature_input: str = field(repr=False)
    signature: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says that she signed: her key (32 bytes), and the counter that she gave the call."""

    key: bytes = field(repr=False)
    counter: int


def sign(
    seed: bytes,
    *,
    method: str,
    path: str,
    query: bytes | str,
    body: bytes,
    counter: int,
    network_id: bytes,
) -> Signed:
    """Sign a call with a member's or admin's Ed25519 seed (32 bytes), for a network (32 bytes).

    `path` and `query` (without `?`) are as they stand in the request; `counter` is 1 to 2^63 - 1,
    above every one before. Raises Malformed for what can't stand there.

    Source: docs/spec/http.md, 7
    """
    claim = Claim(note_signing.public_of(seed), counter)
    if not 1 <= counter <= COUNTER_MOST:
        raise Malformed
    digest, given = _digest(body), _input(claim, network_id)
    message = _base(method, path, query, digest, given)
    return Signed(digest, given, f"{_NAME}:{b64(note_signing.sign(seed, message))}:")


def read(signature_input: str, network_id: bytes) -> Claim:
    """Return who claims to have signed, of which nothing is checked yet, for a network (32 bytes).

    Raises BadSignature for anything but the one form of this network. Source: docs/spec/http.md, 7
    """
    found = _CLAIM.fullmatch(signature_input)
    if found is None:
        raise BadSignature
    claim = Claim(_key(found[2]), int(found[1]))
    # Written again and compared: spare bits of the key, and the tag of another network.
    if claim.counter > COUNTER_MOST or _input(claim, network_id) != signature_input:
        raise BadSignature
    return claim


def verify(
    signed: Signed,
    *,
    method: str,
    path: str,
    query: bytes | str,
    body: bytes,
    network_id: bytes,
) -> Claim:
    """Check the three headers of a call and return who signed it, with her counter.

    `path` and `query` (without `?`) are as they stand in the request. Whether the key is known and
    the counter is new, the caller asks. Raises BadSignature. Source: docs/spec/http.md, 7
    """
    claim = read(signed.signature_input, network_id)
    if signed.digest != _digest(body):  # of the body, so that it is no secret
        raise BadSignature
    try:
        message = _base(method, path, query, signed.digest, signed.signature_input)
        signature = _signature(signed.signature)
    except Malformed:
        raise BadSignature from None
    ed25519.verify(claim.key, message, signature)
    return claim


def _digest(body: bytes) -> str:
    return f"sha-256=:{b64(hashlib.sha256(body).digest())}:"


def _input(claim: Claim, network_id: bytes) -> str:
    tag = f"towpath/v1/{_b64url(fixed(network_id, NETWORK_ID_BYTES))}"
    keyid = _b64url(claim.key)
    return f'{_NAME}{_COMPONENTS};nonce="{claim.counter}";keyid="{keyid}";tag="{tag}"'


def _base(method: str, path: str, query: bytes | str, digest: str, signature_input: str) -> bytes:
    asked = query if isinstance(query, str) else query.decode("latin-1")
    parts = ((_METHOD, method), (_PATH, path), (_QUERY, asked))
    if not all(pattern.fullmatch(part) for pattern, part in parts):
        raise Malformed
    lines = (
        f'"@method": {method}',
        f'"@path": {path}',
        f'"@query": ?{asked}',
        f'"content-digest": {digest}',
        f'"@signature-params": {signature_input.removeprefix(_NAME)}',
    )
    return "\n".join(lines).encode("ascii")


def _signature(value: str) -> bytes:
    found = _SIGNATURE.fullmatch(value)
    if found is None:
        raise Malformed
    return unb64(found[1])


def _b64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def _key(value: str) -> bytes:
    return base64.urlsafe_b64decode(value + "=")
