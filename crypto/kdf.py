"""Key derivation: HKDF-SHA256 (RFC 5869) and PBKDF2-HMAC-SHA256 (RFC 8018)."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_HASH_BYTES = 32
_MAX_BYTES = 255 * _HASH_BYTES
_SHA256 = SHA256()


def hkdf(ikm: bytes, *, info: bytes, length: int, salt: bytes = b"") -> bytes:
    """Extract and expand `length` bytes; an empty salt is the RFC's string of zeros.

    pyca's, since this is called several times for every envelope: against the standard library's
    HMAC it took 6.3 for 7.2 microseconds at 32 bytes, and half the time at 96.
    """
    if not 0 < length <= _MAX_BYTES:
        raise ValueError("HKDF-SHA256 gives 1 to 8160 bytes")
    return HKDF(_SHA256, length, salt, info).derive(ikm)


def pbkdf2(password: bytes, salt: bytes, rounds: int) -> bytes:
    """Stretch a typed code to 32 bytes."""
    return hashlib.pbkdf2_hmac("sha256", password, salt, rounds, _HASH_BYTES)
