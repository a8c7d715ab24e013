"""Entries: what admins write to one another under an application; and the one reply to it.

Source: docs/spec/vetting.md, 4 and 5
"""

from __future__ import annotations

from dataclasses import dataclass

from crypto import constants as c
from crypto.client import aead, application, hpke
from crypto.client.application import ReadingKeys
from crypto.encoding import Random, Reader, frame, lp, pad, text, u8, u16, u32, utf8
from crypto.errors import BadSignature, Malformed, Unsupported, WrongNetwork
from crypto.fields import fixed
from crypto.kdf import hkdf
from crypto.public import ed25519, lines, note_signing, notes, statements
from crypto.public.admin_keys import AdminKey
from crypto.public.policy import Policy

_SUITE = u8(c.SUITE)
_VERSION = u8(c.FORMAT_VERSION)
_SEALED = 1  # the two forms of an entry
_HANDED_ON = 2
_STATES = range(c.MARK_MET, c.MARK_TAKEN_BACK + 1)
_REPLIES = range(c.REPLY_DECLINED, c.REPLY_LISTED + 1)
_BODY_BYTES = {
    c.VETTING_NOTE: c.VETTING_NOTE_BYTES,
    c.VETTING_MARK: 2 * c.U8_BYTES + c.VETTING_MARK_BYTES,
    c.VETTING_SIGNATURE: c.STATEMENT_BYTES,
    c.VETTING_DECLINE: c.VETTING_NOTE_BYTES,
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Entry:
    """What an admin (Ed25519 key of 32 bytes) wrote on a day; 0, "" and b"" mean: not there.

    `kind` is VETTING_NOTE, _MARK, _SIGNATURE or _DECLINE; a mark has a criterion (1 to 16) and a
    state (MARK_MET to MARK_TAKEN_BACK), a signature its note (at most 800 bytes), all but it a
    text (1 to 2,000 bytes; 0 to 1,500 of a mark).
    """

    author: bytes
    epoch: int
    kind: int
    text: str = ""
    criterion: int = 0
    state: int = 0
    note: bytes = b""

    def __repr__(self) -> str:
        return "Entry(hidden)"


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Reply:
    """What admins tell an applicant: REPLY_DECLINED, _QUESTION or _LISTED; 0 to 1,800 bytes."""

    kind: int
    text: str

    def __repr__(self) -> str:
        return "Reply(hidden)"


def seal(
    entry: Entry, keys: ReadingKeys, number: int, *, author_seed: bytes, random: Random
) -> bytes:
    """Sign an entry with its author's Ed25519 seed (32 bytes) and seal it as this number: 2,560 B.

    Raises TooLong for a text or note beyond its room, Malformed for what can't stand there or
    another's seed. Source: docs/spec/vetting.md, 4
    """
    body = _body(entry)
    if note_signing.public_of(author_seed) != entry.author:
        raise Malformed
    signature = note_signing.sign(author_seed, _signed_message(entry, body, keys, number))
    said = _VERSION + entry.author + u32(entry.epoch) + u8(entry.kind) + lp(body) + signature
    nonce = random(c.XCHACHA_NONCE_BYTES)
    sealed = aead.seal(
        _entry_key(keys),
        nonce=nonce,
        aad=_entry_aad(keys, number),
        plaintext=pad(said, c.VETTING_ENTRY_PLAINTEXT_BYTES),
    )
    return u8(_SEALED) + nonce + sealed


def open_(sealed: bytes, keys: ReadingKeys, number: int, policy: Policy) -> Entry:
    """Open the entry of this number, by an admin of a policy, now or before.

    Raises Malformed, Unsupported (also for one that was handed on), CannotOpen, WrongNetwork or
    BadSignature. Source: docs/spec/vetting.md, 4
    """
    reader = Reader(fixed(sealed, c.VETTING_ENTRY_BYTES))
    if reader.u8() != _SEALED:
        raise Unsupported
    nonce = reader.take(c.XCHACHA_NONCE_BYTES)
    ciphertext = reader.take(reader.left)
    aad = _entry_aad(keys, number)
    reader = Reader(aead.open_(_entry_key(keys), nonce=nonce, aad=aad, ciphertext=ciphertext))
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    author, epoch = reader.take(c.ED25519_PUBLIC_KEY_BYTES), reader.u32()
    kind, body = reader.u8(), reader.lp()
    signature = reader.take(c.ED25519_SIGNATURE_BYTES)
    reader.zeros_to_end()
    entry = _entry(author, epoch, kind, body)
    _check_author(entry, policy)
    ed25519.verify(author, _signed_message(entry, body, keys, number), signature)
    return entry


def hand_on(key: AdminKey, keys: ReadingKeys) -> bytes:
    """Make the entry (2,560 bytes) by which one more admin, whose key was checked, can read.

    Source: docs/spec/vetting.md, 4
    """
    sealed = application.seal_keys(key.public_key, keys)
    return pad(u8(_HANDED_ON) + sealed, c.VETTING_ENTRY_BYTES)


def open_handed_on(
    sealed: bytes, reading_key: hpke.PrivateKey, *, network_id: bytes, application_id: bytes
) -> ReadingKeys:
    """Open what `hand_on` made for this admin.

    Raises Malformed, Unsupported (also for any other entry), or CannotOpen, also where it is
    another's. Source: docs/spec/vetting.md, 4
    """
    reader = Reader(fixed(sealed, c.VETTING_ENTRY_BYTES))
    if reader.u8() != _HANDED_ON:
        raise Unsupported
    part = reader.take(c.READER_SEALED_BYTES)
    reader.zeros_to_end()
    place = {"network_id": network_id, "application_id": application_id}
    return application.open_keys(part, reading_key, **place)


def seal_reply(reply: Reply, keys: ReadingKeys, *, random: Random) -> bytes:
    """Seal what the applicant is told: 2,048 bytes.

    Raises TooLong for more than 1,800 bytes, Malformed for what can't stand there.
    Source: docs/spec/vetting.md, 5
    """
    lines.check_room([(len(utf8(reply.text)), c.VETTING_REPLY_TEXT_BYTES)])
    _check_reply(reply)
    said = _VERSION + u8(reply.kind) + lp(utf8(reply.text))
    nonce = random(c.XCHACHA_NONCE_BYTES)
    plaintext = pad(said, c.VETTING_REPLY_PLAINTEXT_BYTES)
    sealed = aead.seal(keys.reply_key, nonce=nonce, aad=_reply_aad(keys), plaintext=plaintext)
    return nonce + sealed


def open_reply(sealed: bytes, keys: ReadingKeys) -> Reply:
    """Open the reply to an application; what does not open is none yet.

    Raises CannotOpen, Malformed or Unsupported. Source: docs/spec/vetting.md, 5
    """
    nonce = fixed(sealed, c.VETTING_REPLY_BYTES)[: c.XCHACHA_NONCE_BYTES]
    ciphertext = sealed[c.XCHACHA_NONCE_BYTES :]
    reader = Reader(
        aead.open_(keys.reply_key, nonce=nonce, aad=_reply_aad(keys), ciphertext=ciphertext)
    )
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    kind, said = reader.u8(), text(reader.lp(c.VETTING_REPLY_TEXT_BYTES))
    reader.zeros_to_end()
    reply = Reply(kind=kind, text=said)
    _check_reply(reply)
    return reply


def _body(entry: Entry) -> bytes:
    said = utf8(entry.text)
    if entry.kind == c.VETTING_SIGNATURE:
        body = entry.note
    elif entry.kind == c.VETTING_MARK:
        body = u8(entry.criterion) + u8(entry.state) + said
    else:
        body = said
    lines.check_room([(len(body), _BODY_BYTES.get(entry.kind, len(body)))])
    if _entry(entry.author, entry.epoch, entry.kind, body) != entry:
        raise Malformed
    return body


def _entry(author: bytes, epoch: int, kind: int, body: bytes) -> Entry:
    if len(body) > _BODY_BYTES.get(kind, -1):
        raise Malformed
    if kind == c.VETTING_SIGNATURE:
        _statement_of(body)
        return Entry(author=author, epoch=epoch, kind=kind, note=body)
    reader, criterion, state = Reader(body), 0, 0
    if kind == c.VETTING_MARK:
        criterion, state = reader.u8(), reader.u8()
        if not 1 <= criterion <= c.VETTING_CRITERIA or state not in _STATES:
            raise Malformed
    said = text(reader.take(reader.left))
    lines.check_text(said, at_least=0 if kind == c.VETTING_MARK else 1)
    return Entry(author=author, epoch=epoch, kind=kind, text=said, criterion=criterion, state=state)


def _statement_of(note: bytes) -> statements.Statement:
    read = notes.parse(note, c.STATEMENT_BYTES)
    if len(read.lines) != 1:
        raise Malformed
    statement = statements.parse(read.text)
    if statement.kind is not statements.Kind.VETTED:
        raise Malformed
    return statement


def _check_author(entry: Entry, policy: Policy) -> None:
    """Refuse an author who is no admin, and a line under a statement that is not her own."""
    signs = entry.kind == c.VETTING_SIGNATURE
    if signs and _statement_of(entry.note).network_id != policy.network_id:
        raise WrongNetwork
    own = [key for key in policy.all_admins if key.public_key == entry.author]
    if not own:
        raise BadSignature
    if signs:
        notes.verify(notes.parse(entry.note, c.STATEMENT_BYTES), own)


def _check_reply(reply: Reply) -> None:
    lines.check_text(reply.text)
    if reply.kind not in _REPLIES:
        raise Malformed


def _signed_message(entry: Entry, body: bytes, keys: ReadingKeys, number: int) -> bytes:
    place = (keys.network_id, keys.application_id, u16(number))
    said = (entry.author, u32(entry.epoch), u8(entry.kind), body)
    return frame(c.LABEL_VETTING_ENTRY_SIGNED, *place, *said)


def _entry_key(keys: ReadingKeys) -> bytes:
    info = frame(c.LABEL_VETTING_ENTRY_KEY, keys.network_id)
    return hkdf(keys.content_key, info=info, length=c.KEY_BYTES)


def _entry_aad(keys: ReadingKeys, number: int) -> bytes:
    place = (keys.network_id, keys.application_id, u16(number))
    return frame(c.LABEL_VETTING_ENTRY, _SUITE, *place)


def _reply_aad(keys: ReadingKeys) -> bytes:
    return frame(c.LABEL_APPLICATION_ANSWER, _SUITE, keys.network_id, keys.application_id)
