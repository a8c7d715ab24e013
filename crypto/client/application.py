"""An application to be vetted: sealed by an organisation to the admins, and opened by each of them.

Source: docs/spec/vetting.md, 3
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from crypto import constants as c
from crypto.client import aead, hpke
from crypto.encoding import Random, Reader, frame, lp, pad, text, u8, u32, utf8
from crypto.errors import CannotOpen, Malformed, TooFewSignatures, Unsupported
from crypto.fields import fixed
from crypto.kdf import hkdf
from crypto.public import admin_keys, applications, ed25519, lines, note_signing
from crypto.public.admin_keys import AdminKey
from crypto.public.applications import Application

_SUITE = u8(c.SUITE)
_VERSION = u8(c.FORMAT_VERSION)
_KINDS = range(c.CRITERION_YES, c.CRITERION_NONE + 1)
_SEALED_BYTES = c.READER_SEALED_BYTES - c.READER_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingKeys:
    """What reads an application (id of 16 bytes), its entries and its reply: two keys of 32 bytes.

    The organisation has them from its secret, an admin from what was sealed to her.
    """

    network_id: bytes
    application_id: bytes
    content_key: bytes = field(repr=False)
    reply_key: bytes = field(repr=False)

    def __post_init__(self) -> None:
        fixed(self.network_id, c.NETWORK_ID_BYTES)
        fixed(self.application_id, c.APPLICATION_ID_BYTES)
        fixed(self.content_key, c.KEY_BYTES)
        fixed(self.reply_key, c.KEY_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """What an organisation says of one criterion (1 to 16).

    `kind` is one of CRITERION_YES to CRITERION_NONE, `epoch` the day of the evidence (0: none),
    `text` says how, and where the evidence is found: 0 to 1,000 bytes.
    """

    criterion: int
    kind: int
    epoch: int
    text: str

    def __repr__(self) -> str:
        return "Answer(hidden)"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Opened:
    """An application as an admin reads it: what will be public, and what is for admins alone.

    `contact` is 1 to 500 bytes of how to reach them; `said` is the listing as it was signed.
    """

    listing: Application
    said: bytes
    contact: str
    answers: tuple[Answer, ...]

    def __repr__(self) -> str:
        return "Opened(hidden)"


def reading_keys(secret: bytes, network_id: bytes) -> ReadingKeys:
    """Derive what an application's secret (32 bytes) gives, but for what withdraws it.

    Raises Malformed for other lengths. Source: docs/spec/vetting.md, 3
    """
    return ReadingKeys(
        network_id=network_id,
        application_id=_derive(secret, c.LABEL_APPLICATION_ID, c.APPLICATION_ID_BYTES, network_id),
        content_key=_derive(secret, c.LABEL_APPLICATION_CONTENT, c.KEY_BYTES, network_id),
        reply_key=_derive(secret, c.LABEL_APPLICATION_REPLY, c.KEY_BYTES, network_id),
    )


def write_key(secret: bytes, network_id: bytes) -> bytes:
    """Derive what withdraws an application and fetches its reply (32 bytes), from its secret.

    Raises Malformed for other lengths. Source: docs/spec/vetting.md, 3
    """
    return _derive(secret, c.LABEL_APPLICATION_WRITE, c.KEY_BYTES, network_id)


def seal(
    keys: ReadingKeys,
    *,
    organisation_seed: bytes,
    listing: bytes,
    contact: str,
    answers: Sequence[Answer],
    readers: Sequence[AdminKey],
    threshold: int,
    random: Random,
) -> bytes:
    """Seal an application to some admins: about 20 KiB, and as many bytes for as many readers.

    `listing` was signed with the same `organisation_seed` (32 bytes); `readers` are as
    `admin_keys.holding` gives them, `threshold` is the policy's k. What comes out differs each
    time: to repeat a post, keep it.

    Raises TooFewSignatures for fewer than k readers, TooLong for what has no room, Malformed for
    what can't stand there, and what `applications.parse_and_check` raises for the listing.
    Source: docs/spec/vetting.md, 3
    """
    ascending = admin_keys.distinct(readers)
    if len(ascending) < threshold:
        raise TooFewSignatures
    lines.check_room([(len(ascending), c.ADMINS_MOST)])
    said = _said(listing, contact, answers)
    message = _answers_message(keys.application_id, said)
    plaintext = said + note_signing.sign(organisation_seed, message)
    _parse(plaintext, keys)
    nonce = random(c.XCHACHA_NONCE_BYTES)
    body = aead.seal(
        keys.content_key,
        nonce=nonce,
        aad=frame(c.LABEL_APPLICATION_SEALED, _SUITE, keys.network_id, keys.application_id),
        plaintext=pad(plaintext, c.APPLICATION_PLAINTEXT_BYTES),
    )
    sealed = b"".join(seal_keys(one.public_key, keys) for one in ascending)
    return _SUITE + u8(len(ascending)) + sealed + nonce + body


def seal_keys(public_key: bytes, keys: ReadingKeys) -> bytes:
    """Seal what reads an application to an admin's checked X-Wing key: reader, then 1,200 bytes.

    Raises Malformed for what is no such key. Source: docs/spec/vetting.md, 3 and 4
    """
    plaintext = keys.content_key + keys.reply_key
    info = _keys_info(keys.network_id, keys.application_id)
    sealed = hpke.seal(public_key, info=info, plaintext=plaintext)
    return admin_keys.reader_of(public_key) + sealed


def open_keys(
    sealed: bytes, reading_key: hpke.PrivateKey, *, network_id: bytes, application_id: bytes
) -> ReadingKeys:
    """Open what `seal_keys` made, if it was made for this admin.

    Raises Malformed, or CannotOpen, also where it is another's. Source: docs/spec/vetting.md, 3
    """
    reader = Reader(fixed(sealed, c.READER_SEALED_BYTES))
    if reader.take(c.READER_BYTES) != admin_keys.reader_of(reading_key.public):
        raise CannotOpen
    info = _keys_info(network_id, application_id)
    opened = Reader(reading_key.open(info=info, sealed=reader.take(_SEALED_BYTES)))
    return ReadingKeys(
        network_id=network_id,
        application_id=application_id,
        content_key=opened.take(c.KEY_BYTES),
        reply_key=opened.take(c.KEY_BYTES),
    )


def find_keys(
    sealed: bytes, reading_key: hpke.PrivateKey, *, network_id: bytes, application_id: bytes
) -> ReadingKeys:
    """Find one's own among the admins that an application is sealed to, and open the keys.

    Raises Malformed, Unsupported, or CannotOpen, also where it is not sealed to this admin.
    Source: docs/spec/vetting.md, 3
    """
    count = applications.readers_of(sealed)
    reader = Reader(sealed)
    if reader.take(c.SUITE_BYTES + c.U8_BYTES) != _SUITE + u8(count):
        raise Malformed
    parts = [reader.take(c.READER_SEALED_BYTES) for _ in range(count)]
    names = [part[: c.READER_BYTES] for part in parts]
    if not lines.is_ascending(names):
        raise Malformed
    own = admin_keys.reader_of(reading_key.public)
    if own not in names:
        raise CannotOpen
    place = {"network_id": network_id, "application_id": application_id}
    return open_keys(parts[names.index(own)], reading_key, **place)


def open_(sealed: bytes, keys: ReadingKeys) -> Opened:
    """Open an application with its keys, and check everything that was signed.

    Raises Malformed, Unsupported, CannotOpen, WrongNetwork or BadSignature.
    Source: docs/spec/vetting.md, 3
    """
    applications.readers_of(sealed)
    body = sealed[-c.APPLICATION_BODY_BYTES :]
    plaintext = aead.open_(
        keys.content_key,
        nonce=body[: c.XCHACHA_NONCE_BYTES],
        aad=frame(c.LABEL_APPLICATION_SEALED, _SUITE, keys.network_id, keys.application_id),
        ciphertext=body[c.XCHACHA_NONCE_BYTES :],
    )
    return _parse(plaintext, keys)


def _said(listing: bytes, contact: str, answers: Sequence[Answer]) -> bytes:
    lines.check_room([(len(utf8(contact)), c.APPLICATION_CONTACT_BYTES)])
    lines.check_room((len(utf8(one.text)), c.ANSWER_TEXT_BYTES) for one in answers)
    encoded = (
        u8(one.criterion) + u8(one.kind) + u32(one.epoch) + lp(utf8(one.text)) for one in answers
    )
    return _VERSION + lp(listing) + lp(utf8(contact)) + u8(len(answers)) + b"".join(encoded)


def _parse(plaintext: bytes, keys: ReadingKeys) -> Opened:
    reader = Reader(plaintext)
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    said = reader.lp(c.APPLICATION_BYTES)
    contact = text(reader.lp(c.APPLICATION_CONTACT_BYTES))
    lines.check_text(contact, at_least=1)
    answers = tuple(_answer(reader) for _ in range(reader.u8()))
    _check_answers(answers)
    signed = plaintext[: len(plaintext) - reader.left]
    signature = reader.take(c.ED25519_SIGNATURE_BYTES)
    reader.zeros_to_end()
    listing = applications.parse_and_check(said, keys.network_id)
    message = _answers_message(keys.application_id, signed)
    ed25519.verify(listing.organisation, message, signature)
    return Opened(listing=listing, said=said, contact=contact, answers=answers)


def _answer(reader: Reader) -> Answer:
    answer = Answer(
        criterion=reader.u8(),
        kind=reader.u8(),
        epoch=reader.u32(),
        text=text(reader.lp(c.ANSWER_TEXT_BYTES)),
    )
    lines.check_text(answer.text)
    if answer.kind not in _KINDS:
        raise Malformed
    return answer


def _check_answers(answers: Sequence[Answer]) -> None:
    given = [one.criterion for one in answers]
    if not lines.is_ascending(given) or not set(given) >= set(c.VETTING_BLOCKING):
        raise Malformed
    if not 1 <= given[0] <= given[-1] <= c.VETTING_CRITERIA:
        raise Malformed


def _derive(secret: bytes, label: str, size: int, network_id: bytes) -> bytes:
    fixed(secret, c.APPLICATION_SECRET_BYTES)
    return hkdf(secret, info=frame(label, fixed(network_id, c.NETWORK_ID_BYTES)), length=size)


def _keys_info(network_id: bytes, application_id: bytes) -> bytes:
    fixed(network_id, c.NETWORK_ID_BYTES)
    return frame(
        c.LABEL_APPLICATION_KEY, _SUITE, network_id, fixed(application_id, c.APPLICATION_ID_BYTES)
    )


def _answers_message(application_id: bytes, said: bytes) -> bytes:
    return frame(c.LABEL_APPLICATION_ANSWERS, application_id, said)
