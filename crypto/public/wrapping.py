"""Rows at rest: sealed once more under the wrap key of their last epoch, found by a keyed hash.

When that key is destroyed, neither the row nor what it was found by means anything any more (P7).
What is wrapped is sealed for somebody else already; this opens no request.

Source: docs/spec/rows.md
"""

from __future__ import annotations

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from crypto.constants import (
    HASH_BYTES,
    KEY_BYTES,
    LABEL_WRAP,
    LABEL_WRAP_KEY,
    LABEL_WRAP_LOOKUP,
    WRAP_OVERHEAD_BYTES,
    XCHACHA_NONCE_BYTES,
)
from crypto.encoding import Random, frame, utf8
from crypto.errors import CannotOpen
from crypto.fields import fixed
from crypto.kdf import hkdf


def lookup(wrap_key: bytes, table: str, id_: bytes) -> bytes:
    """Return the 32 bytes by which a table's row is found, of its locator, tag or id.

    `wrap_key` has 32 bytes. Raises Malformed for another length. Source: docs/spec/rows.md, 2
    """
    info = frame(LABEL_WRAP_LOOKUP, utf8(table), id_)
    return hkdf(fixed(wrap_key, KEY_BYTES), info=info, length=HASH_BYTES)


def wrap(wrap_key: bytes, table: str, lookup: bytes, plaintext: bytes, *, random: Random) -> bytes:
    """Seal a row's bytes under a wrap key (32 bytes), for its table and look-up value (32 bytes).

    Returns a nonce (24 bytes) and the ciphertext: 40 bytes more than went in. Raises Malformed for
    a key or look-up value of another length. Source: docs/spec/rows.md, 3
    """
    key, aad = _context(wrap_key, table, lookup)
    nonce = random(XCHACHA_NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, aad, nonce, key)


def unwrap(wrap_key: bytes, table: str, lookup: bytes, wrapped: bytes) -> bytes:
    """Open what `wrap` sealed under the same key, table and look-up value.

    Raises CannotOpen for whatever was changed, cut short or moved from another row, Malformed for
    a key or look-up value of another length. Source: docs/spec/rows.md, 3
    """
    key, aad = _context(wrap_key, table, lookup)
    if len(wrapped) < WRAP_OVERHEAD_BYTES:
        raise CannotOpen
    nonce, ciphertext = wrapped[:XCHACHA_NONCE_BYTES], wrapped[XCHACHA_NONCE_BYTES:]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(ciphertext, aad, nonce, key)
    except CryptoError:
        raise CannotOpen from None


def _context(wrap_key: bytes, table: str, lookup: bytes) -> tuple[bytes, bytes]:
    name = utf8(table)
    info = frame(LABEL_WRAP_KEY, name)
    key = hkdf(fixed(wrap_key, KEY_BYTES), info=info, length=KEY_BYTES)
    return key, frame(LABEL_WRAP, name, fixed(lookup, HASH_BYTES))
