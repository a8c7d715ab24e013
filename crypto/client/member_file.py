"""A member's keys, in a file that her passphrase opens.

Source: docs/spec/store.md, section 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crypto import constants as c
from crypto.client import aead, hpke, passphrase
from crypto.encoding import Random, Reader, frame, u8
from crypto.errors import Unsupported
from crypto.fields import fixed
from crypto.public.note_signing import public_of

_VERSION = u8(c.FORMAT_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSecret:
    """What makes somebody a member: id (16 bytes), two seeds, network id and organisation key (32).

    Raises Malformed for a part of another length.
    """

    member_id: bytes
    xwing_seed: bytes = field(repr=False)
    ed25519_seed: bytes = field(repr=False)
    network_id: bytes
    organisation_key: bytes

    def __post_init__(self) -> None:
        fixed(self.member_id, c.MEMBER_ID_BYTES)
        fixed(self.xwing_seed, c.XWING_SEED_BYTES)
        fixed(self.ed25519_seed, c.ED25519_SEED_BYTES)
        fixed(self.network_id, c.NETWORK_ID_BYTES)
        fixed(self.organisation_key, c.ED25519_PUBLIC_KEY_BYTES)

    @property
    def xwing_public_key(self) -> bytes:
        """The key that a store is sealed to for her: 1,216 bytes."""
        return hpke.public_key(self.xwing_seed)

    @property
    def ed25519_public_key(self) -> bytes:
        """The key that her signed requests are checked with: 32 bytes."""
        return public_of(self.ed25519_seed)


def new_member(*, network_id: bytes, organisation_key: bytes, random: Random) -> MemberSecret:
    """Draw a new member's id and seeds, for a network and an organisation (32 bytes each).

    Raises Malformed for another length. Source: docs/spec/store.md, section 1.
    """
    return MemberSecret(
        member_id=random(c.MEMBER_ID_BYTES),
        xwing_seed=random(c.XWING_SEED_BYTES),
        ed25519_seed=random(c.ED25519_SEED_BYTES),
        network_id=network_id,
        organisation_key=organisation_key,
    )


def seal_member_file(secret: MemberSecret, phrase: str, *, random: Random) -> bytes:
    """Seal a member's secret under her passphrase: 201 bytes.

    Raises Malformed for a passphrase that has no UTF-8. Source: docs/spec/store.md, section 1.
    """
    salt = random(c.ARGON2_SALT_BYTES)
    nonce = random(c.XCHACHA_NONCE_BYTES)
    key = passphrase.stretch(phrase, salt)
    return (
        _VERSION
        + salt
        + nonce
        + aead.seal(key, nonce=nonce, aad=_aad(salt), plaintext=_encode(secret))
    )


def open_member_file(sealed: bytes, phrase: str) -> MemberSecret:
    """Open a member's key file with her passphrase.

    Raises Malformed, Unsupported, or CannotOpen, also for a wrong passphrase.
    Source: docs/spec/store.md, section 1.
    """
    reader = Reader(fixed(sealed, c.MEMBER_FILE_BYTES))
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    salt = reader.take(c.ARGON2_SALT_BYTES)
    nonce = reader.take(c.XCHACHA_NONCE_BYTES)
    key = passphrase.stretch(phrase, salt)
    return _decode(
        aead.open_(key, nonce=nonce, aad=_aad(salt), ciphertext=reader.take(reader.left))
    )


def _aad(salt: bytes) -> bytes:
    return frame(c.LABEL_MEMBER_FILE, _VERSION, salt)


def _encode(secret: MemberSecret) -> bytes:
    return b"".join(
        (
            secret.member_id,
            secret.xwing_seed,
            secret.ed25519_seed,
            secret.network_id,
            secret.organisation_key,
        )
    )


def _decode(plaintext: bytes) -> MemberSecret:
    reader = Reader(plaintext)
    return MemberSecret(
        member_id=reader.take(c.MEMBER_ID_BYTES),
        xwing_seed=reader.take(c.XWING_SEED_BYTES),
        ed25519_seed=reader.take(c.ED25519_SEED_BYTES),
        network_id=reader.take(c.NETWORK_ID_BYTES),
        organisation_key=reader.take(c.ED25519_PUBLIC_KEY_BYTES),
    )
