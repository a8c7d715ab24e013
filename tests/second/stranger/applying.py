"""Applying to be listed (docs/spec/vetting.md, 1 and 3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.second.stranger import calls, sealing
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    CANNOT_OPEN,
    SUITE,
    TOO_LONG,
    UNSUPPORTED,
    VERSION,
    WRONG_NETWORK,
    K,
    Reader,
    Refused,
    frame,
    from_utf8,
    has_category,
    lp,
    need,
    pad,
    to_utf8,
    u8,
    u32,
)
from tests.second.stranger.notes import need_seen
from tests.second.stranger.policy import Policy

_KINDS = (K.CRITERION_YES, K.CRITERION_NO, K.CRITERION_PART, K.CRITERION_NONE)
_SIGNED = K.ADMIN_KEY_BYTES - 64
Answer = Sequence[Any]


def make_admin_key(seed: bytes, network_id: bytes) -> dict[str, bytes]:
    """The reading seed of an admin, and the key that she posts."""
    need(len(seed) == len(network_id) == 32)
    reading = sealing.kdf(seed, K.LABEL_ADMIN_READING, 32, network_id)
    said = VERSION + network_id + sealing.ed25519_public_key(seed)
    said += sealing.xwing_public_key(reading)
    signature = sealing.sign(seed, frame(K.LABEL_ADMIN_KEY, said))
    return {"reading_seed": reading, "admin_key": said + signature}


def check_admin_key(admin_key: bytes, under: Policy) -> dict[str, bytes]:
    """Whose it is, if she is an admin and it is hers."""
    need(len(admin_key) == K.ADMIN_KEY_BYTES)
    need(admin_key[:1] == VERSION, UNSUPPORTED)
    network, admin, public_key = admin_key[1:33], admin_key[33:65], admin_key[65:_SIGNED]
    need(network == under.network_id, WRONG_NETWORK)
    need(any(key.public_key == admin for key in under.admins), BAD_SIGNATURE)
    signed = frame(K.LABEL_ADMIN_KEY, admin_key[:_SIGNED])
    sealing.verify(admin, signed, admin_key[_SIGNED:])
    sealing.check_xwing_public_key(public_key)
    return {"admin": admin, "public_key": public_key, "reader": reader_of(public_key)}


def reader_of(public_key: bytes) -> bytes:
    """What names a reading key."""
    return sealing.sha256(public_key)[: K.READER_BYTES]


def application_keys(secret: bytes, network_id: bytes) -> dict[str, bytes]:
    """What the applicant's secret gives."""
    need(len(secret) == K.APPLICATION_SECRET_BYTES and len(network_id) == 32)
    return {
        "id": sealing.kdf(secret, K.LABEL_APPLICATION_ID, 16, network_id),
        "write_key": sealing.kdf(secret, K.LABEL_APPLICATION_WRITE, 32, network_id),
        "reply_key": sealing.kdf(secret, K.LABEL_APPLICATION_REPLY, 32, network_id),
        "content_key": sealing.kdf(secret, K.LABEL_APPLICATION_CONTENT, 32, network_id),
    }


def place(label: str, network_id: bytes, application_id: bytes, *more: bytes) -> bytes:
    """The frame of what belongs to one application of one network."""
    need(len(network_id) == 32 and len(application_id) == K.APPLICATION_ID_BYTES)
    return frame(label, SUITE, network_id, application_id, *more)


def to_text(text: str, least: int, most: int) -> bytes:
    """A text as it is written."""
    value = to_utf8(text)
    need(len(value) <= most, TOO_LONG)
    return to_utf8(from_text(value, least, most))


def from_text(value: bytes, least: int, most: int) -> str:
    """A text as it is read."""
    need(least <= len(value) <= most)
    text = from_utf8(value)
    need(not has_category(text.replace("\n", ""), "Cc"))
    need_seen(text)
    return text


def seal_to(
    public_key: bytes, info: bytes, keys: bytes, eseed: bytes | None
) -> tuple[bytes, bytes]:
    """The name of a reader, and both keys sealed to her."""
    need(len(keys) == 64)
    return reader_of(public_key), sealing.hpke_seal(public_key, info, keys, eseed)


def open_own(parts: Mapping[bytes, bytes], reading_seed: bytes, info: bytes) -> dict[str, bytes]:
    """Both keys, from the part that is under one's own name."""
    need(len(reading_seed) == K.XWING_SEED_BYTES)
    own = reader_of(sealing.xwing_public_key(reading_seed))
    need(own in parts, CANNOT_OPEN)
    keys = sealing.hpke_open(reading_seed, info, parts[own])
    return {"content_key": keys[:32], "reply_key": keys[32:]}


def seal_application(
    secret: bytes,
    network_id: bytes,
    organisation_seed: bytes,
    listing: bytes,
    contact: str,
    answers: Sequence[Answer],
    under: Policy,
    admin_keys: Sequence[bytes],
    nonce: bytes,
    eseeds: Mapping[str, bytes],
) -> bytes:
    """An application to every current admin whose key holds."""
    keys = application_keys(secret, network_id)
    listed = calls.check_application(listing, network_id)
    ours = sealing.ed25519_public_key(organisation_seed)
    need(listed["organisation"] == ours, BAD_SIGNATURE)
    said = VERSION + lp(listing) + lp(to_text(contact, 1, K.APPLICATION_CONTACT_BYTES))
    said += _write_answers(answers)
    said += sealing.sign(organisation_seed, _answers_signed(keys["id"], said))
    plaintext = pad(said, K.APPLICATION_PLAINTEXT_BYTES)

    readers = _readers(admin_keys, under)
    need(len(readers) >= under.threshold, "TooFewSignatures")
    info = place(K.LABEL_APPLICATION_KEY, network_id, keys["id"])
    both = keys["content_key"] + keys["reply_key"]
    sealed = SUITE + u8(len(readers))
    for name, public_key in readers:
        sealed += b"".join(seal_to(public_key, info, both, eseeds.get(name.hex())))
    aad = place(K.LABEL_APPLICATION_SEALED, network_id, keys["id"])
    return sealed + nonce + sealing.aead_seal(keys["content_key"], nonce, aad, plaintext)


def _readers(admin_keys: Sequence[bytes], under: Policy) -> list[tuple[bytes, bytes]]:
    """The reading keys by name, none twice: of each admin the first of hers that holds."""
    found: dict[bytes, tuple[bytes, bytes]] = {}
    for admin_key in admin_keys:
        try:
            hers = check_admin_key(admin_key, under)
        except Refused:
            continue
        found.setdefault(hers["admin"], (hers["reader"], hers["public_key"]))
    return sorted(set(found.values()))


def _answers_signed(application_id: bytes, said: bytes) -> bytes:
    return frame(K.LABEL_APPLICATION_ANSWERS, application_id, said)


def _write_answers(answers: Sequence[Answer]) -> bytes:
    _check_answers(answers)
    return u8(len(answers)) + b"".join(
        u8(criterion) + u8(kind) + u32(epoch) + lp(to_text(text, 0, K.ANSWER_TEXT_BYTES))
        for criterion, kind, epoch, text in answers
    )


def _check_answers(answers: Sequence[Answer]) -> None:
    criteria = [answer[0] for answer in answers]
    need(criteria == sorted(set(criteria)) and set(K.VETTING_BLOCKING) <= set(criteria))
    need(all(1 <= criterion <= K.VETTING_CRITERIA for criterion in criteria))
    need(all(answer[1] in _KINDS for answer in answers))


def open_application(
    sealed: bytes, application_id: bytes, network_id: bytes, reading_seed: bytes
) -> dict[str, Any]:
    """What one of its readers reads."""
    body_at = len(sealed) - K.APPLICATION_BODY_BYTES
    count, rest = divmod(body_at - 2, K.READER_SEALED_BYTES)
    need(1 <= count <= K.ADMINS_MOST and rest == 0)
    need(sealed[:1] == SUITE, UNSUPPORTED)
    need(sealed[1] == count)
    cut = [
        sealed[at : at + K.READER_SEALED_BYTES] for at in range(2, body_at, K.READER_SEALED_BYTES)
    ]
    names = [part[: K.READER_BYTES] for part in cut]
    need(names == sorted(set(names)))
    parts = {part[: K.READER_BYTES]: part[K.READER_BYTES :] for part in cut}
    info = place(K.LABEL_APPLICATION_KEY, network_id, application_id)
    keys = open_own(parts, reading_seed, info)

    nonce, body = sealed[body_at : body_at + 24], sealed[body_at + 24 :]
    aad = place(K.LABEL_APPLICATION_SEALED, network_id, application_id)
    plaintext = sealing.aead_open(keys["content_key"], nonce, aad, body)
    return keys | _read_plaintext(plaintext, application_id, network_id)


def _read_plaintext(plaintext: bytes, application_id: bytes, network_id: bytes) -> dict[str, Any]:
    need(plaintext[:1] == VERSION, UNSUPPORTED)
    reader = Reader(plaintext[1:])
    listing = reader.prefixed(K.APPLICATION_BYTES)
    listed = calls.read_application(listing)
    contact = from_text(reader.prefixed(0xFFFF), 1, K.APPLICATION_CONTACT_BYTES)
    answers = [_read_answer(reader) for _ in range(reader.number(1))]
    _check_answers(answers)
    said = plaintext[: len(plaintext) - reader.left()]
    signature = reader.take(64)
    reader.end_in_zeros()
    need(listed["network_id"] == network_id, WRONG_NETWORK)
    calls.check_application_signature(listing)
    sealing.verify(listed["organisation"], _answers_signed(application_id, said), signature)
    return {"listing": listing, "contact": contact, "answers": answers}


def _read_answer(reader: Reader) -> list[Any]:
    head = [reader.number(1), reader.number(1), reader.number(4)]
    return [*head, from_text(reader.prefixed(0xFFFF), 0, K.ANSWER_TEXT_BYTES)]
