"""Sealing with HPKE (RFC 9180) Base mode: X-Wing, HKDF-SHA256 and ChaCha20-Poly1305.

Only the half that seals: a server needs it for filler, and opens nothing with it. Opening is
`crypto.client.hpke`. A private key is a random 32-byte seed and nothing else: there is no
DeriveKeyPair here, since libraries disagree about it.

Source: docs/spec/conventions.md, section 5.
"""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PublicKey,
    Suite,
)

from crypto.constants import XWING_PUBLIC_KEY_BYTES, XWING_SEED_BYTES
from crypto.errors import Malformed

SUITE_1 = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_MLKEM_SEED_BYTES = 64
_X25519_BYTES = 32
_X25519_PRIME = 2**255 - 19
# The u-coordinates whose shared secret is all zeros whatever the scalar (RFC 7748, section 6.1).
# Found by looking, so that a bad key is refused when it is read and not only when it is used.
_X25519_SMALL_ORDER = frozenset(
    (
        0,
        1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
        _X25519_PRIME - 1,
    )
)


def _has_small_order(x25519_key: bytes) -> bool:
    u = int.from_bytes(x25519_key, "little") % 2**255
    return u % _X25519_PRIME in _X25519_SMALL_ORDER


class PublicKey:
    """An X-Wing public key whose encoding was checked once, for sealing."""

    __slots__ = ("_key", "encoded")

    def __init__(self, encoded: bytes) -> None:
        if len(encoded) != XWING_PUBLIC_KEY_BYTES or _has_small_order(encoded[-_X25519_BYTES:]):
            raise Malformed
        try:
            mlkem = MLKEM768PublicKey.from_public_bytes(encoded[:-_X25519_BYTES])
            x25519 = X25519PublicKey.from_public_bytes(encoded[-_X25519_BYTES:])
        except ValueError:
            raise Malformed from None
        self.encoded = encoded
        self._key = MLKEM768X25519PublicKey(mlkem, x25519)

    def seal(self, *, info: bytes, plaintext: bytes) -> bytes:
        """Seal to this key; see the function `seal`."""
        return SUITE_1.encrypt(plaintext, self._key, info)


def expand(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    """Expand a seed (32 bytes) to its two private halves, as the X-Wing draft says.

    Raises Malformed for another length.
    """
    if len(seed) != XWING_SEED_BYTES:
        raise Malformed
    expanded = hashlib.shake_256(seed).digest(_MLKEM_SEED_BYTES + _X25519_BYTES)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:_MLKEM_SEED_BYTES])
    return mlkem, X25519PrivateKey.from_private_bytes(expanded[_MLKEM_SEED_BYTES:])


def encode_public(mlkem: MLKEM768PrivateKey, x25519: X25519PrivateKey) -> bytes:
    """Return the public key (1,216 bytes) of two private halves: ML-KEM-768, then X25519."""
    return mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()


def public_key(seed: bytes) -> bytes:
    """Return the public key (1,216 bytes) of a seed (32 bytes)."""
    return encode_public(*expand(seed))


def load_public(encoded: bytes) -> PublicKey:
    """Check an encoded public key; Malformed for a wrong length or an invalid encoding."""
    return PublicKey(encoded)


def seal(key: bytes | PublicKey, *, info: bytes, plaintext: bytes) -> bytes:
    """Seal one message: the encapsulation, then the ciphertext with its tag.

    The library draws the encapsulation's randomness itself and offers no way to pass it in: with
    tokens, this is the one place in `crypto` where randomness cannot be an argument.
    """
    handle = key if isinstance(key, PublicKey) else PublicKey(key)
    return handle.seal(info=info, plaintext=plaintext)
