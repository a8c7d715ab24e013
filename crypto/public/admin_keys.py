"""An admin's reading key: to what applications are sealed, under her signature.

Source: docs/spec/vetting.md, 1
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from crypto import constants as c
from crypto.encoding import Reader, frame, u8
from crypto.errors import BadSignature, Malformed, Refused, Unsupported, WrongNetwork
from crypto.fields import fixed
from crypto.kdf import hkdf
from crypto.public import ed25519, note_signing, sealing
from crypto.public.policy import Policy

_VERSION = u8(c.FORMAT_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminKey:
    """Whose key it is (Ed25519, 32 bytes), and the X-Wing key (1,216 bytes) to seal to."""

    admin: bytes
    public_key: bytes

    @property
    def reader(self) -> bytes:
        """The 16 bytes by which an application names this key."""
        return reader_of(self.public_key)


def reading_seed(admin_seed: bytes, network_id: bytes) -> bytes:
    """Derive the X-Wing seed (32 bytes) with which an admin reads, from her Ed25519 seed (32).

    Raises Malformed for another length. Source: docs/spec/vetting.md, 1
    """
    fixed(admin_seed, c.ED25519_SEED_BYTES)
    info = frame(c.LABEL_ADMIN_READING, fixed(network_id, c.NETWORK_ID_BYTES))
    return hkdf(admin_seed, info=info, length=c.XWING_SEED_BYTES)


def make(admin_seed: bytes, network_id: bytes) -> bytes:
    """Make an admin's key for a network (id of 32 bytes) from her Ed25519 seed: 1,345 bytes.

    Raises Malformed for another length. Source: docs/spec/vetting.md, 1
    """
    said = (
        _VERSION
        + fixed(network_id, c.NETWORK_ID_BYTES)
        + note_signing.public_of(admin_seed)
        + sealing.public_key(reading_seed(admin_seed, network_id))
    )
    return said + note_signing.sign(admin_seed, frame(c.LABEL_ADMIN_KEY, said))


def check(data: bytes, policy: Policy) -> AdminKey:
    """Read the key of a current admin of a policy, and check it.

    Raises Malformed, Unsupported, WrongNetwork or BadSignature. Source: docs/spec/vetting.md, 1
    """
    reader = Reader(fixed(data, c.ADMIN_KEY_BYTES))
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    if reader.take(c.NETWORK_ID_BYTES) != policy.network_id:
        raise WrongNetwork
    admin = reader.take(c.ED25519_PUBLIC_KEY_BYTES)
    public_key = reader.take(c.XWING_PUBLIC_KEY_BYTES)
    if admin not in {key.public_key for key in policy.admins}:
        raise BadSignature
    said = data[: -c.ED25519_SIGNATURE_BYTES]
    ed25519.verify(admin, frame(c.LABEL_ADMIN_KEY, said), reader.take(reader.left))
    sealing.load_public(public_key)
    return AdminKey(admin=admin, public_key=public_key)


def holding(keys: Iterable[bytes], policy: Policy) -> tuple[AdminKey, ...]:
    """Return those of some keys that hold, one for each admin, ascending by reader.

    The first of an admin's stands. Source: docs/spec/vetting.md, 3
    """
    found: dict[bytes, AdminKey] = {}
    for data in keys:
        try:
            key = check(data, policy)
        except Refused:
            continue
        found.setdefault(key.admin, key)
    return tuple(sorted(found.values(), key=attrgetter("reader")))


def distinct(keys: Iterable[AdminKey]) -> tuple[AdminKey, ...]:
    """Return what is sealed to: one of the keys for each reader, ascending by reader.

    An admin who signed another's X-Wing key as her own adds no reader, and takes none away.
    Source: docs/spec/vetting.md, 3
    """
    found: dict[bytes, AdminKey] = {}
    for key in keys:
        found.setdefault(key.reader, key)
    return tuple(found[reader] for reader in sorted(found))


def reader_of(public_key: bytes) -> bytes:
    """Return the 16 bytes that stand for an X-Wing public key (1,216 bytes).

    Raises Malformed for another length. Source: docs/spec/vetting.md, 3
    """
    if len(public_key) != c.XWING_PUBLIC_KEY_BYTES:
        raise Malformed
    return hashlib.sha256(public_key).digest()[: c.READER_BYTES]
