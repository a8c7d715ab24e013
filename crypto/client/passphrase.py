"""A member's passphrase stretched with Argon2id; only a provider's own devices do this."""

from __future__ import annotations

import unicodedata

from nacl.bindings import crypto_pwhash_alg, crypto_pwhash_ALG_ARGON2ID13

from crypto.constants import ARGON2_MEMORY_KIB, ARGON2_PASSES, ARGON2_SALT_BYTES, KEY_BYTES
from crypto.encoding import utf8
from crypto.errors import Malformed


def stretch(passphrase: str, salt: bytes) -> bytes:
    """Argon2id over the NFKC form in UTF-8, one lane, to 32 bytes.

    NFKC, since keyboards write the same passphrase in several Unicode forms. Raises Malformed for
    an empty one and a salt of another length. Source: docs/spec/store.md, section 1.
    """
    if len(salt) != ARGON2_SALT_BYTES or not passphrase:
        raise Malformed
    password = utf8(unicodedata.normalize("NFKC", passphrase))
    return crypto_pwhash_alg(
        KEY_BYTES,
        password,
        salt,
        ARGON2_PASSES,
        ARGON2_MEMORY_KIB * 1024,
        crypto_pwhash_ALG_ARGON2ID13,
    )
