"""Inviting a member by a short-lived code: what the code gives, the offer, the reply, the number.

Source: docs/spec/invite.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from crypto import constants as c
from crypto.client import aead
from crypto.client.member_file import MemberSecret
from crypto.encoding import Random, Reader, frame, lp, pad, u8
from crypto.errors import Unsupported, WrongNetwork
from crypto.fields import fixed, from_id, from_text, to_text
from crypto.kdf import hkdf, pbkdf2
from crypto.public import sealing

_VERSION = u8(c.FORMAT_VERSION)
_PLAIN_BYTES = c.INVITE_BYTES - c.XCHACHA_NONCE_BYTES - c.AEAD_TAG_BYTES
_CHECK_BYTES = 8
_GROUP = 1_000


@dataclass(frozen=True, slots=True)
class InviteKeys:
    """What one invite's code gives; everything but the locator is secret from the server."""

    locator: bytes
    offer_key: bytes = field(repr=False)
    reply_key: bytes = field(repr=False)
    write_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Who invites whom: network id and organisation key (32 bytes), role id, and two texts.

    `organisation` is the inviter's words for it (1 to 96 bytes), `name` the newcomer's (1 to 64).
    """

    network_id: bytes
    organisation_key: bytes
    role: int
    organisation: str = field(repr=False)
    name: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The newcomer's id (16 bytes), X-Wing key (1,216) and Ed25519 key (32).

    Raises Malformed for another length and for what is no X-Wing key.
    """

    member_id: bytes
    xwing_public_key: bytes = field(repr=False)
    ed25519_public_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        fixed(self.member_id, c.MEMBER_ID_BYTES)
        sealing.load_public(self.xwing_public_key)
        fixed(self.ed25519_public_key, c.ED25519_PUBLIC_KEY_BYTES)

    @classmethod
    def of(cls, secret: MemberSecret) -> Reply:
        """Return what a newcomer tells of herself."""
        return cls(
            member_id=secret.member_id,
            xwing_public_key=secret.xwing_public_key,
            ed25519_public_key=secret.ed25519_public_key,
        )

    def encode(self) -> bytes:
        """Return the three parts one after the other: 1,264 bytes."""
        return self.member_id + self.xwing_public_key + self.ed25519_public_key


def invite_keys(code: bytes, network_id: bytes) -> InviteKeys:
    """Derive what an invite's code (10 bytes) gives in a network (id of 32 bytes).

    Takes 600,000 rounds on purpose. Raises Malformed for other lengths.
    Source: docs/spec/invite.md, section 1.
    """
    salt = frame(c.LABEL_INVITE, fixed(network_id, c.NETWORK_ID_BYTES))
    master = pbkdf2(fixed(code, c.CODE_BYTES), salt, c.PBKDF2_ROUNDS)
    return InviteKeys(
        locator=_derive(master, c.LABEL_INVITE_LOCATOR, c.LOCATOR_BYTES),
        offer_key=_derive(master, c.LABEL_INVITE_OFFER_KEY, c.KEY_BYTES),
        reply_key=_derive(master, c.LABEL_INVITE_REPLY_KEY, c.KEY_BYTES),
        write_key=_derive(master, c.LABEL_INVITE_WRITE_KEY, c.KEY_BYTES),
    )


def last_epoch(today: int) -> int:
    """Return the last day of an invite that is made today. Source: docs/spec/invite.md, 4."""
    return today + c.INVITE_DAYS


def seal_offer(keys: InviteKeys, offer: Offer, *, random: Random) -> bytes:
    """Seal an offer under the keys of its code: 1,536 bytes.

    Raises TooLong and Malformed for a text that breaks its rules, Malformed for another length.
    Source: docs/spec/invite.md, section 2.
    """
    plaintext = (
        fixed(offer.network_id, c.NETWORK_ID_BYTES)
        + fixed(offer.organisation_key, c.ED25519_PUBLIC_KEY_BYTES)
        + from_id(offer.role)
        + lp(from_text(offer.organisation, c.INVITE_ORGANISATION_BYTES))
        + lp(from_text(offer.name, c.MEMBER_NAME_BYTES))
    )
    aad = _offer_aad(offer.network_id, keys)
    return _seal(keys.offer_key, aad, plaintext, random)


def open_offer(keys: InviteKeys, sealed: bytes, network_id: bytes) -> Offer:
    """Open the offer (1,536 bytes) of an invite to this network (id of 32 bytes).

    Raises Malformed, CannotOpen, Unsupported or WrongNetwork.
    Source: docs/spec/invite.md, section 2.
    """
    reader = _open(keys.offer_key, _offer_aad(network_id, keys), sealed)
    offer = Offer(
        network_id=reader.take(c.NETWORK_ID_BYTES),
        organisation_key=reader.take(c.ED25519_PUBLIC_KEY_BYTES),
        role=_role(reader.u16()),
        organisation=to_text(reader.lp(), c.INVITE_ORGANISATION_BYTES),
        name=to_text(reader.lp(), c.MEMBER_NAME_BYTES),
    )
    reader.zeros_to_end()
    if offer.network_id != network_id:
        raise WrongNetwork
    return offer


def seal_reply(
    keys: InviteKeys, reply: Reply, *, offer: bytes, network_id: bytes, random: Random
) -> bytes:
    """Seal a newcomer's reply to a sealed offer (1,536 bytes): as many bytes.

    Raises Malformed for other lengths. Source: docs/spec/invite.md, section 2.
    """
    return _seal(keys.reply_key, _reply_aad(network_id, keys, offer), reply.encode(), random)


def open_reply(keys: InviteKeys, sealed: bytes, *, offer: bytes, network_id: bytes) -> Reply:
    """Open the reply (1,536 bytes) to a sealed offer.

    Raises Malformed, Unsupported, or CannotOpen, also where nobody has replied yet.
    Source: docs/spec/invite.md, section 2.
    """
    reader = _open(keys.reply_key, _reply_aad(network_id, keys, offer), sealed)
    member_id = reader.take(c.MEMBER_ID_BYTES)
    xwing = reader.take(c.XWING_PUBLIC_KEY_BYTES)
    ed25519 = reader.take(c.ED25519_PUBLIC_KEY_BYTES)
    reader.zeros_to_end()
    return Reply(member_id=member_id, xwing_public_key=xwing, ed25519_public_key=ed25519)


def check_number(reply: Reply, *, offer: bytes, network_id: bytes, organisation_key: bytes) -> str:
    """Return the number that both sides compare, of a reply to a sealed offer (1,536 bytes).

    12 digits in four groups.

    Takes 600,000 rounds on purpose. Raises Malformed for other lengths.
    Source: docs/spec/invite.md, section 3.
    """
    organisation = fixed(organisation_key, c.ED25519_PUBLIC_KEY_BYTES)
    answered = hashlib.sha256(fixed(offer, c.INVITE_BYTES)).digest()
    network = fixed(network_id, c.NETWORK_ID_BYTES)
    salt = frame(c.LABEL_INVITE_CHECK, network, organisation, answered)
    master = pbkdf2(reply.encode(), salt, c.PBKDF2_ROUNDS)
    number = int.from_bytes(master[:_CHECK_BYTES], "big")
    places = range(c.INVITE_CHECK_GROUPS - 1, -1, -1)
    return " ".join(f"{number // _GROUP**place % _GROUP:03d}" for place in places)


def _derive(master: bytes, label: str, size: int) -> bytes:
    return hkdf(master, info=frame(label), length=size)


def _role(number: int) -> int:
    from_id(number)
    return number


def _offer_aad(network_id: bytes, keys: InviteKeys) -> bytes:
    return frame(c.LABEL_INVITE_OFFER, fixed(network_id, c.NETWORK_ID_BYTES), keys.locator)


def _reply_aad(network_id: bytes, keys: InviteKeys, offer: bytes) -> bytes:
    network = fixed(network_id, c.NETWORK_ID_BYTES)
    answered = hashlib.sha256(fixed(offer, c.INVITE_BYTES)).digest()
    return frame(c.LABEL_INVITE_REPLY, network, keys.locator, answered)


def _seal(key: bytes, aad: bytes, rest: bytes, random: Random) -> bytes:
    nonce = random(c.XCHACHA_NONCE_BYTES)
    plaintext = pad(_VERSION + rest, _PLAIN_BYTES)
    return nonce + aead.seal(key, nonce=nonce, aad=aad, plaintext=plaintext)


def _open(key: bytes, aad: bytes, sealed: bytes) -> Reader:
    """Open a plaintext and read its version; the rest is still to be read."""
    nonce = fixed(sealed, c.INVITE_BYTES)[: c.XCHACHA_NONCE_BYTES]
    reader = Reader(
        aead.open_(key, nonce=nonce, aad=aad, ciphertext=sealed[c.XCHACHA_NONCE_BYTES :])
    )
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    return reader
