"""An admin's signing key, in a file that her passphrase opens.

Source: docs/spec/statements.md, 10
"""

from __future__ import annotations

from crypto import constants as c
from crypto.client import aead, passphrase
from crypto.encoding import Random, Reader, frame, lp, pad, text, u8, utf8
from crypto.errors import Malformed, Unsupported
from crypto.fields import fixed
from crypto.public.note_signing import Signer
from crypto.public.notes import is_key_name

_VERSION = u8(c.FORMAT_VERSION)


def new_admin(name: str, *, random: Random) -> Signer:
    """Draw the Ed25519 seed of an admin who signs under this name (1 to 24 bytes).

    Raises Malformed for what is no name of a key. Source: docs/spec/statements.md, 10
    """
    return _checked(Signer(name, random(c.ED25519_SEED_BYTES)))


def seal_admin_file(admin: Signer, phrase: str, *, random: Random) -> bytes:
    """Seal an admin's name and seed under her passphrase: 115 bytes.

    Raises Malformed for a name or seed that is none, and for a passphrase that is empty or has no
    UTF-8. Source: docs/spec/statements.md, 10
    """
    secret = _encode(_checked(admin))
    salt = random(c.ARGON2_SALT_BYTES)
    nonce = random(c.XCHACHA_NONCE_BYTES)
    key = passphrase.stretch(phrase, salt)
    return _VERSION + salt + nonce + aead.seal(key, nonce=nonce, aad=_aad(salt), plaintext=secret)


def open_admin_file(sealed: bytes, phrase: str) -> Signer:
    """Open an admin's key file (115 bytes) with her passphrase.

    Raises Malformed, Unsupported, or CannotOpen, also for a wrong passphrase.
    Source: docs/spec/statements.md, 10
    """
    reader = Reader(fixed(sealed, c.ADMIN_FILE_BYTES))
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    salt = reader.take(c.ARGON2_SALT_BYTES)
    nonce = reader.take(c.XCHACHA_NONCE_BYTES)
    key = passphrase.stretch(phrase, salt)
    return _decode(
        aead.open_(key, nonce=nonce, aad=_aad(salt), ciphertext=reader.take(reader.left))
    )


def _aad(salt: bytes) -> bytes:
    return frame(c.LABEL_ADMIN_FILE, _VERSION, salt)


def _encode(admin: Signer) -> bytes:
    return pad(admin.seed + lp(utf8(admin.name)), c.ADMIN_SECRET_BYTES)


def _decode(plaintext: bytes) -> Signer:
    reader = Reader(plaintext)
    seed = reader.take(c.ED25519_SEED_BYTES)
    name = text(reader.lp(c.ADMIN_NAME_BYTES))
    reader.zeros_to_end()
    return _checked(Signer(name, seed))


def _checked(admin: Signer) -> Signer:
    fixed(admin.seed, c.ED25519_SEED_BYTES)
    if len(utf8(admin.name)) > c.ADMIN_NAME_BYTES or not is_key_name(admin.name):
        raise Malformed
    return admin
