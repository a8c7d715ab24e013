"""HPKE Base mode from the text of RFC 9180, deterministic: encapsulation randomness is an input.

KEMs: X-Wing (0x647a) and DHKEM(X25519, HKDF-SHA256) (0x0020). KDFs: HKDF-SHA256 and -SHA512.
AEADs: AES-GCM, ChaCha20-Poly1305 and export-only.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

from tests.reference import x25519, xwing

XWING = 0x647A
DHKEM_X25519 = 0x0020
HKDF_SHA256 = 0x0001
CHACHA20_POLY1305 = 0x0003
EXPORT_ONLY = 0xFFFF

_HASHES = {0x0001: "sha256", 0x0003: "sha512"}
_HASH_BYTES = {"sha256": 32, "sha512": 64}
_KEY_BYTES = {0x0001: 16, 0x0002: 32, 0x0003: 32}
_NONCE_BYTES = 12
_MODE_BASE = b"\x00"


@dataclass(frozen=True)
class Suite:
    """The three ids; by default suite 1 of Towpath."""

    kem: int = XWING
    kdf: int = HKDF_SHA256
    aead: int = CHACHA20_POLY1305

    @property
    def id(self) -> bytes:
        """suite_id of RFC 9180, section 5.1."""
        return b"HPKE" + b"".join(n.to_bytes(2, "big") for n in (self.kem, self.kdf, self.aead))

    @property
    def hash(self) -> str:
        """The name of the KDF's hash."""
        return _HASHES[self.kdf]


@dataclass(frozen=True)
class Context:
    """The result of a key schedule; RFC 9180, sections 5.2 and 5.3."""

    suite: Suite
    key: bytes = field(repr=False)
    base_nonce: bytes
    exporter_secret: bytes = field(repr=False)

    def nonce(self, sequence: int) -> bytes:
        """The nonce of the message with this number."""
        number = int.from_bytes(self.base_nonce, "big") ^ sequence
        return number.to_bytes(_NONCE_BYTES, "big")

    def seal(self, plaintext: bytes, *, aad: bytes = b"", sequence: int = 0) -> bytes:
        """Encrypt one message."""
        return self._cipher().encrypt(self.nonce(sequence), plaintext, aad)

    def open(self, ciphertext: bytes, *, aad: bytes = b"", sequence: int = 0) -> bytes:
        """Decrypt one message; raises InvalidTag."""
        return self._cipher().decrypt(self.nonce(sequence), ciphertext, aad)

    def export(self, context: bytes, length: int) -> bytes:
        """Derive an exported secret."""
        return _labeled_expand(
            self.suite.id, self.suite.hash, self.exporter_secret, b"sec", context, length
        )

    def _cipher(self) -> AESGCM | ChaCha20Poly1305:
        if self.suite.aead == CHACHA20_POLY1305:
            return ChaCha20Poly1305(self.key)
        return AESGCM(self.key)


def encapsulate(kem: int, public: bytes, randomness: bytes) -> tuple[bytes, bytes]:
    """The encapsulation and the shared secret; for DHKEM the randomness is skE itself."""
    if kem == XWING:
        return xwing.encapsulate(public, randomness)
    enc = x25519.public_key(randomness)
    return enc, _dhkem_secret(x25519.x25519(randomness, public), enc + public)


def decapsulate(kem: int, private: bytes, enc: bytes) -> bytes:
    """The shared secret; the private key is an X-Wing seed or an X25519 scalar."""
    if kem == XWING:
        return xwing.decapsulate(private, enc)
    return _dhkem_secret(x25519.x25519(private, enc), enc + x25519.public_key(private))


def key_schedule(suite: Suite, shared_secret: bytes, info: bytes) -> Context:
    """RFC 9180, section 5.1, in Base mode."""
    name, size = suite.hash, _HASH_BYTES[suite.hash]
    psk_id_hash = _labeled_extract(suite.id, name, b"", b"psk_id_hash", b"")
    info_hash = _labeled_extract(suite.id, name, b"", b"info_hash", info)
    context = _MODE_BASE + psk_id_hash + info_hash
    secret = _labeled_extract(suite.id, name, shared_secret, b"secret", b"")
    key = nonce = b""
    if suite.aead != EXPORT_ONLY:
        key = _labeled_expand(suite.id, name, secret, b"key", context, _KEY_BYTES[suite.aead])
        nonce = _labeled_expand(suite.id, name, secret, b"base_nonce", context, _NONCE_BYTES)
    exporter = _labeled_expand(suite.id, name, secret, b"exp", context, size)
    return Context(suite, key, nonce, exporter)


def seal(public: bytes, *, eseed: bytes, info: bytes, plaintext: bytes) -> bytes:
    """Suite 1's single-shot seal with the encapsulation's 64 random bytes given."""
    enc, secret = encapsulate(XWING, public, eseed)
    return enc + key_schedule(Suite(), secret, info).seal(plaintext)


def open_(seed: bytes, *, info: bytes, sealed: bytes) -> bytes:
    """Suite 1's single-shot open; raises InvalidTag."""
    enc, ciphertext = sealed[: xwing.ENC_BYTES], sealed[xwing.ENC_BYTES :]
    secret = decapsulate(XWING, seed, enc)
    return key_schedule(Suite(), secret, info).open(ciphertext)


def _dhkem_secret(dh: bytes, kem_context: bytes) -> bytes:
    """ExtractAndExpand of RFC 9180, section 4.1."""
    if dh == bytes(32):
        raise ValueError("an X25519 key of small order")
    suite_id = b"KEM" + DHKEM_X25519.to_bytes(2, "big")
    prk = _labeled_extract(suite_id, "sha256", b"", b"eae_prk", dh)
    return _labeled_expand(suite_id, "sha256", prk, b"shared_secret", kem_context, 32)


def _labeled_extract(suite_id: bytes, name: str, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite_id + label + ikm, name)


def _labeled_expand(
    suite_id: bytes, name: str, prk: bytes, label: bytes, info: bytes, length: int
) -> bytes:
    labeled = length.to_bytes(2, "big") + b"HPKE-v1" + suite_id + label + info
    block, out, counter = b"", b"", 0
    while len(out) < length:
        counter += 1
        block = hmac.digest(prk, block + labeled + bytes([counter]), name)
        out += block
    return out[:length]
