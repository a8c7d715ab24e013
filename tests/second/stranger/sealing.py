"""Every primitive, refusing by category (docs/spec/conventions.md, sections 4 and 5)."""

from __future__ import annotations

from typing import Any

from Crypto.Hash import SHA256, SHA512, SHAKE256
from Crypto.Math.Numbers import Integer
from Crypto.Protocol import HPKE
from Crypto.PublicKey import Hybrid
from Crypto.Signature import eddsa

from tests.second import worker
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    CANNOT_OPEN,
    MALFORMED,
    K,
    Refused,
    frame,
    need,
)

_P = 2**255 - 19
_L = 2**252 + 27742317777372353535851937790883648493
_BASE = bytes.fromhex("58" + "66" * 31)
_HPKE_LEAST = K.HPKE_ENC_BYTES + K.AEAD_TAG_BYTES


def sha256(content: bytes) -> bytes:
    """SHA-256."""
    return bytes(SHA256.new(content).digest())


def shake256(content: bytes, length: int) -> bytes:
    """SHAKE256, so many bytes of it."""
    return bytes(SHAKE256.new(content).read(length))


def labelled_hash(label: str, *parts: bytes) -> bytes:
    """H of the conventions."""
    return sha256(frame(label, *parts))


def kdf(secret: bytes, label: str, length: int, *parts: bytes) -> bytes:
    """KDF of the conventions."""
    return worker.hkdf(secret, frame(label, *parts), length)


def stretch(password: bytes, salt: bytes, rounds: int) -> bytes:
    """PBKDF2-HMAC-SHA256, 32 bytes."""
    return worker.pbkdf2(password, salt, rounds)


def aead_seal(key: bytes, nonce: bytes, aad: bytes, plaintext: bytes) -> bytes:
    """XChaCha20-Poly1305."""
    return worker.xchacha_seal(key, nonce, aad, plaintext)


def aead_open(key: bytes, nonce: bytes, aad: bytes, ciphertext: bytes) -> bytes:
    """XChaCha20-Poly1305, or CannotOpen."""
    try:
        return worker.xchacha_open(key, nonce, aad, ciphertext)
    except ValueError:
        raise Refused(CANNOT_OPEN) from None


def xwing_public_key(seed: bytes) -> bytes:
    """The X-Wing public key of a seed."""
    return worker.hpke_public_key(seed)


def check_xwing_public_key(public_key: bytes) -> None:
    """Refuse, as Malformed, bytes that are no X-Wing public key."""
    hpke_seal(public_key, b"", b"")


def hpke_seal(
    public_key: bytes, info: bytes, plaintext: bytes, eseed: bytes | None = None
) -> bytes:
    """HPKE, suite 1, single shot; Malformed if the key is none.

    With eseed (64 bytes) the encapsulation is not random, which pycryptodome offers to no caller.
    """
    try:
        if eseed is None:
            return worker.hpke_seal(public_key, info, plaintext)
        key: Any = Hybrid.HybridKey(param_set=Hybrid.MLKEM768_X25519, pk=public_key)
        encapsulated = key._encaps(eseed)
        key._encaps = lambda _: encapsulated
        cipher = HPKE.new(receiver_key=key, aead_id=HPKE.AEAD.CHACHA20_POLY1305, info=info)
        return bytes(cipher.enc + cipher.seal(plaintext, b""))
    except ValueError:
        raise Refused(MALFORMED) from None


def hpke_open(seed: bytes, info: bytes, sealed: bytes) -> bytes:
    """HPKE, suite 1, single shot; CannotOpen if it does not."""
    need(len(sealed) >= _HPKE_LEAST)
    try:
        return worker.hpke_open(seed, info, sealed)
    except ValueError:
        raise Refused(CANNOT_OPEN) from None


def ed25519_public_key(seed: bytes) -> bytes:
    """The Ed25519 public key of a seed."""
    return worker.ed25519_public_key(seed)


def sign(seed: bytes, message: bytes) -> bytes:
    """An Ed25519 signature."""
    return worker.ed25519_sign(seed, message)


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Strict Ed25519 (docs/spec/statements.md, section 2): BadSignature unless it holds.

    pycryptodome multiplies by the cofactor, so the equation is written out here over its points.
    """
    need(len(public_key) == 32 and len(signature) == 64, BAD_SIGNATURE)
    point = _point(public_key)
    first, s = signature[:32], int.from_bytes(signature[32:], "little")
    need(s < _L, BAD_SIGNATURE)
    digest = SHA512.new(first + public_key + message).digest()
    k = int.from_bytes(digest, "little") % _L
    # Comparing encodings makes R canonical as well.
    found = _times(eddsa.import_public_key(_BASE).pointQ, s) + -_times(point, k)
    need(not _small(found), BAD_SIGNATURE)
    need(_encode(found) == first, BAD_SIGNATURE)


def _point(encoded: bytes) -> Any:
    y = int.from_bytes(encoded, "little") & ((1 << 255) - 1)
    need(y < _P, BAD_SIGNATURE)
    try:
        point = eddsa.import_public_key(encoded).pointQ
    except ValueError:
        raise Refused(BAD_SIGNATURE) from None
    need(not _small(point) and _encode(point) == encoded, BAD_SIGNATURE)
    return point


def _times(point: Any, scalar: int) -> Any:
    # Public, so that no multiple of the order is added: a point may have a part of small order.
    return point * Integer(scalar, public=True)


def _small(point: Any) -> bool:
    eighth = _times(point, 8)
    return int(eighth.x) == 0 and int(eighth.y) == 1


def _encode(point: Any) -> bytes:
    x, y = int(point.x), int(point.y)
    return (y | (x & 1) << 255).to_bytes(32, "little")
