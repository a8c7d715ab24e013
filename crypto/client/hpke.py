"""Opening what was sealed with HPKE: the half that only people's devices have.

The half that seals is `crypto.public.sealing`; its names are here too, for those who do both.

Source: docs/spec/conventions.md, section 5.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.hpke import MLKEM768X25519PrivateKey

from crypto.constants import AEAD_TAG_BYTES, HPKE_ENC_BYTES
from crypto.errors import CannotOpen, Malformed
from crypto.public import sealing
from crypto.public.sealing import PublicKey, load_public, public_key, seal

__all__ = [
    "PrivateKey",
    "PublicKey",
    "load_private",
    "load_public",
    "open_",
    "public_key",
    "seal",
]


class PrivateKey:
    """An X-Wing private key expanded from its seed once, for any number of trial opens."""

    __slots__ = ("_halves", "_key", "_public")

    def __init__(self, seed: bytes) -> None:
        self._halves = sealing.expand(seed)
        self._key = MLKEM768X25519PrivateKey(*self._halves)
        self._public = b""

    def __repr__(self) -> str:
        return "PrivateKey(hidden)"

    @property
    def public(self) -> bytes:
        """The public key, 1,216 bytes; made when first asked for, since opening needs none."""
        if not self._public:
            self._public = sealing.encode_public(*self._halves)
        return self._public

    def open(self, *, info: bytes, sealed: bytes) -> bytes:
        """Open what was sealed to this key; see the function `open_`."""
        if len(sealed) < HPKE_ENC_BYTES + AEAD_TAG_BYTES:
            raise Malformed
        try:
            return sealing.SUITE_1.decrypt(sealed, self._key, info)
        except (InvalidTag, ValueError):
            raise CannotOpen from None


def load_private(seed: bytes) -> PrivateKey:
    """Expand a 32-byte seed; raises Malformed for another length."""
    return PrivateKey(seed)


def open_(key: bytes | PrivateKey, *, info: bytes, sealed: bytes) -> bytes:
    """Open one message with a seed or a loaded key.

    Malformed if `sealed` is too short to be anything; CannotOpen for every other failure, with
    no word about which part failed.
    """
    handle = key if isinstance(key, PrivateKey) else PrivateKey(key)
    return handle.open(info=info, sealed=sealed)
