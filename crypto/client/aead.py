"""XChaCha20-Poly1305 (IETF), the cipher inside envelopes, records, boxes and the store."""

from __future__ import annotations

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from crypto.constants import AEAD_TAG_BYTES, KEY_BYTES, XCHACHA_NONCE_BYTES
from crypto.errors import CannotOpen, Malformed


def _check_sizes(key: bytes, nonce: bytes) -> None:
    if len(key) != KEY_BYTES or len(nonce) != XCHACHA_NONCE_BYTES:
        raise Malformed


def seal(key: bytes, *, nonce: bytes, aad: bytes, plaintext: bytes) -> bytes:
    """Encrypt under a 32-byte key and a 24-byte nonce; the ciphertext, then its 16-byte tag."""
    _check_sizes(key, nonce)
    return crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, nonce, key)


def open_(key: bytes, *, nonce: bytes, aad: bytes, ciphertext: bytes) -> bytes:
    """Decrypt and authenticate; CannotOpen for whatever does not authenticate."""
    _check_sizes(key, nonce)
    if len(ciphertext) < AEAD_TAG_BYTES:
        raise Malformed
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, aad, nonce, key)
    except CryptoError:
        raise CannotOpen from None
