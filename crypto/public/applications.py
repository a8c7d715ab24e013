"""Listing requests: what an organisation that asks to be vetted signs of what will be public.

With what a server can see of a sealed application: its length and its suite.

Source: docs/spec/vetting.md, 2 and 3
"""

from __future__ import annotations

from dataclasses import dataclass

from crypto import constants as c
from crypto.encoding import Reader, frame, lp, text, u8, u32, utf8
from crypto.errors import Malformed, Unsupported, WrongNetwork
from crypto.fields import fixed
from crypto.public import ed25519, lines, note_signing, profile

_VERSION = u8(c.FORMAT_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What asks to be vetted: organisation and first member (Ed25519 keys), epoch, name, profile.

    `network_id` and the keys have 32 bytes, `profile` is encoded, the signature has 64.
    """

    network_id: bytes
    organisation: bytes
    member_key: bytes
    epoch: int
    name: str
    profile: bytes
    signature: bytes


def make(
    organisation_seed: bytes,
    *,
    network_id: bytes,
    member_key: bytes,
    epoch: int,
    name: str,
    profile: bytes,
) -> bytes:
    """Make an application of an organisation, signed with its Ed25519 seed: at most 513 bytes.

    Seed, network id and the member's Ed25519 key have 32 bytes; `profile` is an encoded one.
    Raises Malformed for a part that can't stand there, TooLong for a name or profile beyond its
    room. Source: docs/spec/vetting.md, 2
    """
    _check_made(name, profile)
    said = (
        _VERSION
        + fixed(network_id, c.NETWORK_ID_BYTES)
        + note_signing.public_of(organisation_seed)
        + fixed(member_key, c.ED25519_PUBLIC_KEY_BYTES)
        + u32(epoch)
        + lp(utf8(name))
        + lp(profile)
    )
    return said + note_signing.sign(organisation_seed, _message(said))


def parse_and_check(data: bytes, network_id: bytes) -> Application:
    """Read an application to this network (id of 32 bytes) and check its name, profile, signature.

    Raises Malformed, Unsupported, WrongNetwork or BadSignature. Source: docs/spec/vetting.md, 2
    """
    found = _parse(data)
    lines.check_name(found.name, c.ORGANISATION_NAME_BYTES)
    profile.decode(found.profile)
    if found.network_id != network_id:
        raise WrongNetwork
    said = data[: -c.ED25519_SIGNATURE_BYTES]
    ed25519.verify(found.organisation, _message(said), found.signature)
    return found


def readers_of(sealed: bytes) -> int:
    """Say to how many admins a sealed application of this length is sealed: 1 to 16.

    It is all that a server can check. Raises Malformed for another length, Unsupported for
    another suite. Source: docs/spec/vetting.md, 3 and 5
    """
    of_readers = len(sealed) - c.SUITE_BYTES - c.U8_BYTES - c.APPLICATION_BODY_BYTES
    count, rest = divmod(of_readers, c.READER_SEALED_BYTES)
    if rest or not 0 < count <= c.ADMINS_MOST:
        raise Malformed
    if sealed[: c.SUITE_BYTES] != u8(c.SUITE):
        raise Unsupported
    return count


def _parse(data: bytes) -> Application:
    if len(data) > c.APPLICATION_BYTES:
        raise Malformed
    reader = Reader(data)
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    application = Application(
        network_id=reader.take(c.NETWORK_ID_BYTES),
        organisation=reader.take(c.ED25519_PUBLIC_KEY_BYTES),
        member_key=reader.take(c.ED25519_PUBLIC_KEY_BYTES),
        epoch=reader.u32(),
        name=text(reader.lp(c.ORGANISATION_NAME_BYTES)),
        profile=reader.lp(c.PROFILE_BYTES),
        signature=reader.take(c.ED25519_SIGNATURE_BYTES),
    )
    reader.end()
    return application


def _check_made(name: str, encoded: bytes) -> None:
    room = ((len(utf8(name)), c.ORGANISATION_NAME_BYTES), (len(encoded), c.PROFILE_BYTES))
    lines.check_room(room)
    lines.check_name(name, c.ORGANISATION_NAME_BYTES)
    lines.check_spelling(name)
    profile.decode(encoded)


def _message(said: bytes) -> bytes:
    return frame(c.LABEL_APPLICATION, said)
