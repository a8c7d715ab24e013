"""Hashes and ids that a server keeps or computes in place of secrets.

Source: docs/spec/codes.md, section 6; docs/spec/walk-in.md, section 2.
"""

from __future__ import annotations

import hashlib
import hmac

from crypto.constants import (
    BINDING_BYTES,
    KEY_BYTES,
    LABEL_KEY_HASH,
    LABEL_REQUEST,
    XWING_PUBLIC_KEY_BYTES,
)
from crypto.encoding import frame
from crypto.errors import Malformed


def hashed(label: str, *parts: bytes) -> bytes:
    """Return SHA-256 of a frame, 32 bytes. Source: docs/spec/conventions.md, section 4."""
    return hashlib.sha256(frame(label, *parts)).digest()


def key_hash(key: bytes) -> bytes:
    """Return what the server keeps of a write key or holder key (32 bytes): 32 bytes.

    Raises Malformed for another length.
    """
    if len(key) != KEY_BYTES:
        raise Malformed
    return hashed(LABEL_KEY_HASH, key)


def proves(key: bytes, kept: bytes) -> bool:
    """Say whether a key presented is the one whose hash was kept, in constant time.

    Raises Malformed for a key of another length.
    """
    return hmac.compare_digest(key_hash(key), kept)


def request_hash(body: bytes) -> bytes:
    """Return the 32 bytes by which a server knows a repeated request: the hash of its body."""
    return hashed(LABEL_REQUEST, body)


def weekly_key_id(public_key: bytes) -> bytes:
    """Return the 16-byte id of a weekly public key (1,216 bytes)."""
    if len(public_key) != XWING_PUBLIC_KEY_BYTES:
        raise Malformed
    return hashlib.sha256(public_key).digest()[:BINDING_BYTES]
