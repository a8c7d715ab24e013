"""The primitives of docs/spec/conventions.md, with all randomness given.

It shares no code with crypto/: an error there cannot agree with itself here.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from functools import cache
from typing import Any

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_sign,
    crypto_sign_seed_keypair,
)

from tests.reference import hpke, xwing

SUITE = b"\x01"
VERSION = b"\x01"
ESEED_BYTES = xwing.ESEED_BYTES
STREAM = "towpath vectors: "


def draw(label: str, size: int) -> bytes:
    """Return bytes that stand for random ones: the same for the same label."""
    return hashlib.shake_256((STREAM + label).encode()).digest(size)


def u8(value: int) -> bytes:
    """1 byte."""
    return value.to_bytes(1, "big")


def u16(value: int) -> bytes:
    """2 bytes, big-endian."""
    return value.to_bytes(2, "big")


def u32(value: int) -> bytes:
    """4 bytes, big-endian."""
    return value.to_bytes(4, "big")


def u64(value: int) -> bytes:
    """8 bytes, big-endian."""
    return value.to_bytes(8, "big")


def lp(value: bytes) -> bytes:
    """A value behind its length."""
    return u16(len(value)) + value


def pad(value: bytes, size: int) -> bytes:
    """A value and zero bytes; it must fit."""
    assert len(value) <= size
    return value.ljust(size, b"\x00")


def frame(label: str, *parts: bytes) -> bytes:
    """conventions.md, 3."""
    return b"".join(lp(part) for part in (b"towpath/v1/" + label.encode(), *parts))


def fields(run: dict[int, bytes]) -> bytes:
    """A run of fields in the order given, right or wrong (envelope.md, 4)."""
    return b"".join(u8(number) + lp(value) for number, value in run.items())


def ids(*numbers: int) -> bytes:
    """A list of ids."""
    return b"".join(map(u16, numbers))


def b64(value: bytes) -> str:
    """Base64 with padding."""
    return base64.b64encode(value).decode()


def sha256(value: bytes) -> bytes:
    """SHA-256."""
    return hashlib.sha256(value).digest()


def kdf(secret: bytes, label: str, size: int, *parts: bytes) -> bytes:
    """HKDF-SHA256 to at most 32 bytes (conventions.md, 4)."""
    key = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(key, frame(label, *parts) + b"\x01", "sha256")[:size]


@cache
def stretch(password: bytes, salt: bytes) -> bytes:
    """PBKDF2-HMAC-SHA256, 600,000 rounds."""
    return hashlib.pbkdf2_hmac("sha256", password, salt, 600_000)


def seal_aead(key: bytes, nonce: bytes, aad: bytes, plaintext: bytes) -> bytes:
    """XChaCha20-Poly1305."""
    return crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, nonce, key)


def seal_hpke(public_key: bytes, eseed: bytes, info: bytes, plaintext: bytes) -> bytes:
    """HPKE with the encapsulation's 64 random bytes given."""
    return hpke.seal(public_key, eseed=eseed, info=info, plaintext=plaintext)


@cache
def xwing_public(seed: bytes) -> bytes:
    """The X-Wing public key of a seed."""
    return xwing.public_key(seed)


def ed25519_public(seed: bytes) -> bytes:
    """The Ed25519 public key of a seed."""
    return crypto_sign_seed_keypair(seed)[0]


def sign(seed: bytes, message: bytes) -> bytes:
    """An Ed25519 signature."""
    return crypto_sign(message, crypto_sign_seed_keypair(seed)[1])[:64]


def flip(value: bytes, at: int) -> bytes:
    """Change the lowest bit of the byte at an offset."""
    changed = bytearray(value)
    changed[at] ^= 1
    return bytes(changed)


def unb64(value: str) -> bytes:
    """Bytes from base64."""
    return base64.b64decode(value, validate=True)


def change(value: bytes, how: dict[str, Any]) -> bytes:
    """Change some bytes as a scenario says (vectors.md)."""
    (name, given) = next(iter(how.items()))
    if name == "flip":
        return flip(value, given)
    if name == "cut":
        return value[:-given]
    if name == "append":
        return value + bytes.fromhex(given)
    if name == "zero":
        return value[: given[0]] + bytes(given[1] - given[0]) + value[given[1] :]
    a, b, size = given
    between = value[a + size : b]
    return value[:a] + value[b : b + size] + between + value[a : a + size] + value[b + size :]
