"""Envelopes: a message sealed twice, under the code and to the provider's key, to one size.

Source: docs/spec/envelope.md, sections 1 to 3 and 6.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crypto.client import aead, hpke
from crypto.constants import (
    BINDING_BYTES,
    ENVELOPE_BYTES,
    FOLLOW_UPS,
    KEY_BYTES,
    KIND_FOLLOW_UP,
    KIND_REFERRAL,
    KIND_WALK_IN,
    LABEL_ENVELOPE,
    LABEL_FOLLOW_UP_KEY,
    LABEL_FOLLOW_UP_TAG,
    LABEL_INNER,
    MESSAGE_BYTES,
    NETWORK_ID_BYTES,
    SUITE,
    SUITE_BYTES,
    XCHACHA_NONCE_BYTES,
)
from crypto.encoding import Random, frame, u8
from crypto.errors import Malformed, Unsupported
from crypto.kdf import hkdf

# The kinds of envelope, and which kind of message each carries.
_MESSAGES = {
    KIND_REFERRAL: KIND_REFERRAL,
    KIND_FOLLOW_UP: KIND_FOLLOW_UP,
    KIND_WALK_IN: KIND_REFERRAL,
}


@dataclass(frozen=True, slots=True)
class Context:
    """What an envelope is bound to: network (32 bytes), kind, binding (16 bytes), inner key.

    `info` and `aad` are the frames that the outer and inner layer authenticate.
    """

    network_id: bytes
    kind: int
    binding: bytes
    inner_key: bytes = field(repr=False)
    info: bytes = field(init=False, repr=False)
    aad: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        sizes = (len(self.network_id), len(self.binding), len(self.inner_key))
        if sizes != (NETWORK_ID_BYTES, BINDING_BYTES, KEY_BYTES) or self.kind not in _MESSAGES:
            raise Malformed
        bound = (u8(SUITE), self.network_id, u8(self.kind), self.binding)
        object.__setattr__(self, "info", frame(LABEL_ENVELOPE, *bound))
        object.__setattr__(self, "aad", frame(LABEL_INNER, *bound))

    @property
    def message_kind(self) -> int:
        """The kind of message that belongs into such an envelope, for `message.decode`."""
        return _MESSAGES[self.kind]


def for_code(network_id: bytes, locator: bytes, psk: bytes) -> Context:
    """Return the context of a referral sent with a code."""
    return Context(network_id, KIND_REFERRAL, locator, psk)


def for_follow_up(network_id: bytes, tag_key: bytes, number: int) -> Context:
    """Return the context of follow-up 1 to 7; its binding is the tag that it is found by.

    Raises Malformed for another number. Source: docs/spec/envelope.md, section 6.
    """
    tag = follow_up_tag(tag_key, number)
    key = hkdf(tag_key, info=frame(LABEL_FOLLOW_UP_KEY, u8(number)), length=KEY_BYTES)
    return Context(network_id, KIND_FOLLOW_UP, tag, key)


def follow_up_tag(tag_key: bytes, number: int) -> bytes:
    """Return the 16 bytes that follow-up 1 to 7 is found by, for a provider's look-up.

    Raises Malformed for another number and for a tag key that has not 32 bytes.
    """
    if not 1 <= number <= FOLLOW_UPS or len(tag_key) != KEY_BYTES:
        raise Malformed
    return hkdf(tag_key, info=frame(LABEL_FOLLOW_UP_TAG, u8(number)), length=BINDING_BYTES)


def seal(
    message: bytes, recipient: bytes | hpke.PublicKey, context: Context, *, random: Random
) -> bytes:
    """Seal an encoded message (4,096 bytes) to a public key (1,216 bytes): 5,273 bytes.

    Raises Malformed for other lengths and for a public key that is none.
    Source: docs/spec/envelope.md, section 2.
    """
    if len(message) != MESSAGE_BYTES:
        raise Malformed
    nonce = random(XCHACHA_NONCE_BYTES)
    sealed = aead.seal(context.inner_key, nonce=nonce, aad=context.aad, plaintext=message)
    return u8(SUITE) + hpke.seal(recipient, info=context.info, plaintext=nonce + sealed)


def open_(envelope: bytes, key: bytes | hpke.PrivateKey, context: Context) -> bytes:
    """Open an envelope with a seed (32 bytes) or a loaded key: the 4,096 bytes of the message.

    Raises Malformed, Unsupported or CannotOpen. Source: docs/spec/envelope.md, section 3.
    """
    if len(envelope) != ENVELOPE_BYTES:
        raise Malformed
    if envelope[0] != SUITE:
        raise Unsupported
    inner = hpke.open_(key, info=context.info, sealed=envelope[SUITE_BYTES:])
    return aead.open_(
        context.inner_key,
        nonce=inner[:XCHACHA_NONCE_BYTES],
        aad=context.aad,
        ciphertext=inner[XCHACHA_NONCE_BYTES:],
    )
