"""Ed25519 verification, strict: the cofactorless equation, canonical encodings, no small orders.

All of it is libsodium's own doing in the builds that PyNaCl brings; the tests hold it to that,
since a build with ED25519_COMPAT would not.
"""

from __future__ import annotations

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from crypto.constants import ED25519_PUBLIC_KEY_BYTES, ED25519_SIGNATURE_BYTES
from crypto.errors import BadSignature


def verify(public_key: bytes, message: bytes, signature: bytes) -> None:
    """Check a signature of 64 bytes on a message under a public key of 32 bytes.

    Raises BadSignature where it does not hold, lengths included.

    Source: docs/spec/statements.md, 2
    """
    if len(public_key) != ED25519_PUBLIC_KEY_BYTES or len(signature) != ED25519_SIGNATURE_BYTES:
        raise BadSignature
    try:
        crypto_sign_open(signature + message, public_key)
    except BadSignatureError:
        raise BadSignature from None
