"""Ed25519 verification from RFC 8032, section 5.1.7, that says why a signature is refused.

Strict: besides what the RFC refuses it refuses public keys and Rs of small order, which let one
signature hold for many messages or under many keys.
"""

from __future__ import annotations

import hashlib
from enum import Enum

from tests.reference import edwards


class Verdict(Enum):
    """The first reason that applies, in the order in which it is looked for."""

    GOOD = "good"
    LENGTH = "wrong length"
    S_RANGE = "S is not below the group's order"
    KEY_ENCODING = "the key is not the canonical encoding of a point"
    KEY_ORDER = "the key has small order"
    R_ENCODING = "R is not the canonical encoding of a point"
    R_ORDER = "R has small order"
    EQUATION = "the equation does not hold"
    COFACTOR = "the equation holds only after multiplying by eight"


def public_key(seed: bytes) -> bytes:
    """The public key of a 32-byte seed; section 5.1.5."""
    return (_expand(seed)[0] * edwards.BASE).encode()


def sign(seed: bytes, message: bytes) -> bytes:
    """Section 5.1.6."""
    secret, prefix = _expand(seed)
    r = _hash(prefix, message)
    encoded_r = (r * edwards.BASE).encode()
    k = _hash(encoded_r, public_key(seed), message)
    return encoded_r + ((r + k * secret) % edwards.ORDER).to_bytes(32, "little")


def verify(key: bytes, message: bytes, signature: bytes) -> Verdict:
    """Look at the encodings, then at the equation S·B = R + k·A."""
    if len(key) != 32 or len(signature) != 64:
        return Verdict.LENGTH
    encoded_r, s = signature[:32], int.from_bytes(signature[32:], "little")
    if s >= edwards.ORDER:
        return Verdict.S_RANGE
    a = _point(key, Verdict.KEY_ENCODING, Verdict.KEY_ORDER)
    if isinstance(a, Verdict):
        return a
    r = _point(encoded_r, Verdict.R_ENCODING, Verdict.R_ORDER)
    if isinstance(r, Verdict):
        return r
    difference = s * edwards.BASE + -(r + _hash(encoded_r, key, message) * a)
    if difference == edwards.IDENTITY:
        return Verdict.GOOD
    return Verdict.COFACTOR if difference.small_order else Verdict.EQUATION


def _point(encoded: bytes, encoding: Verdict, order: Verdict) -> edwards.Point | Verdict:
    point = edwards.decode(encoded)
    if point is None or not edwards.is_canonical(encoded):
        return encoding
    return order if point.small_order else point


def _expand(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & ~7 & (2**255 - 1) | 2**254
    return scalar, digest[32:]


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little") % edwards.ORDER
