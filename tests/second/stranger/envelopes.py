"""Envelopes, slots, covers and weekly keys (envelope.md, box.md, walk-in.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.second.stranger import keys, messages, sealing
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    SUITE,
    UNSUPPORTED,
    K,
    Reader,
    frame,
    need,
    u8,
    u16,
    u32,
)


def _contexts(network_id: bytes, kind: int, binding: bytes) -> tuple[bytes, bytes]:
    parts = (SUITE, network_id, u8(kind), binding)
    return frame(K.LABEL_ENVELOPE, *parts), frame(K.LABEL_INNER, *parts)


def message_kind(kind: int) -> int:
    """The kind that stands in the message: a walk-in's is a referral's."""
    return int(K.KIND_FOLLOW_UP if kind == K.KIND_FOLLOW_UP else K.KIND_REFERRAL)


def seal_envelope(
    public_key: bytes,
    network_id: bytes,
    kind: int,
    binding: bytes,
    inner_key: bytes,
    values: Mapping[str, Any],
    nonce: bytes,
) -> bytes:
    """5,273 bytes of any kind."""
    message = messages.write_message(values, message_kind(kind))
    return seal_message(public_key, network_id, kind, binding, inner_key, message, nonce)


def seal_message(
    public_key: bytes,
    network_id: bytes,
    kind: int,
    binding: bytes,
    inner_key: bytes,
    message: bytes,
    nonce: bytes,
    eseed: bytes | None = None,
) -> bytes:
    """5,273 bytes around a message that is written already; eseed as in `hpke_seal`."""
    need(kind in (K.KIND_REFERRAL, K.KIND_FOLLOW_UP, K.KIND_WALK_IN))
    need(len(message) == K.MESSAGE_BYTES and len(nonce) == K.XCHACHA_NONCE_BYTES)
    need(len(binding) == K.BINDING_BYTES and len(inner_key) == len(network_id) == 32)
    info, aad = _contexts(network_id, kind, binding)
    inner = nonce + sealing.aead_seal(inner_key, nonce, aad, message)
    return SUITE + sealing.hpke_seal(public_key, info, inner, eseed)


def open_envelope(
    envelope: bytes, seed: bytes, network_id: bytes, kind: int, binding: bytes, inner_key: bytes
) -> dict[str, Any]:
    """The values of the message inside."""
    message = open_message(envelope, seed, network_id, kind, binding, inner_key)
    return messages.read_message(message, message_kind(kind))


def open_message(
    envelope: bytes, seed: bytes, network_id: bytes, kind: int, binding: bytes, inner_key: bytes
) -> bytes:
    """The 4,096 bytes inside, not read yet."""
    need(len(envelope) == K.ENVELOPE_BYTES)
    need(envelope[:1] == SUITE, UNSUPPORTED)
    info, aad = _contexts(network_id, kind, binding)
    inner = sealing.hpke_open(seed, info, envelope[1:])
    nonce, sealed = inner[: K.XCHACHA_NONCE_BYTES], inner[K.XCHACHA_NONCE_BYTES :]
    return sealing.aead_open(inner_key, nonce, aad, sealed)


def filler(seed: bytes, content: bytes) -> bytes:
    """What stands in the drop where an envelope was withdrawn."""
    need(len(content) == K.INNER_BYTES)
    return SUITE + sealing.hpke_seal(sealing.xwing_public_key(seed), b"", content)


def walk_in_tag(envelope: bytes) -> bytes:
    """The tag of a walk-in's row in the drop, and the id of its case."""
    return sealing.sha256(envelope)[:16]


def _slot_aad(network_id: bytes, box_id: bytes, number: int) -> bytes:
    return frame(K.LABEL_SLOT, network_id, box_id, u16(number))


def seal_delivered(
    box_id: bytes, holder_key: bytes, network_id: bytes, values: Mapping[str, Any], nonce: bytes
) -> bytes:
    """Slot 0: 4,096 bytes that look random."""
    answer = messages.write_answer(values, 0)
    return _seal_slot(box_id, holder_key, network_id, 0, answer, nonce)


def seal_slot(
    box_id: bytes,
    box_key: bytes,
    network_id: bytes,
    number: int,
    values: Mapping[str, Any],
    organisation_seed: bytes,
    nonce: bytes,
) -> bytes:
    """Slots 1 to 31: the same, signed by the organisation."""
    need(1 <= number < K.SLOTS)
    signed = _signed_answer(network_id, box_id, number, values)
    signature = sealing.sign(organisation_seed, signed)
    answer = messages.write_answer({**values, "signature": signature}, number)
    return _seal_slot(box_id, box_key, network_id, number, answer, nonce)


def _seal_slot(
    box_id: bytes, key: bytes, network_id: bytes, number: int, answer: bytes, nonce: bytes
) -> bytes:
    aad = _slot_aad(network_id, box_id, number)
    return nonce + sealing.aead_seal(keys.slot_key(key, number), nonce, aad, answer)


def open_delivered(
    slot: bytes, box_id: bytes, holder_key: bytes, network_id: bytes
) -> dict[str, Any]:
    """What slot 0 says."""
    return _open_slot(slot, box_id, holder_key, network_id, 0)


def open_slot(
    slot: bytes, box_id: bytes, box_key: bytes, network_id: bytes, number: int, organisation: bytes
) -> dict[str, Any]:
    """The values of an answer that is signed by the organisation of slot 0."""
    need(1 <= number < K.SLOTS and len(organisation) == K.ED25519_PUBLIC_KEY_BYTES)
    values = _open_slot(slot, box_id, box_key, network_id, number)
    signed = _signed_answer(network_id, box_id, number, values)
    sealing.verify(organisation, signed, values["signature"])
    return values


def _open_slot(
    slot: bytes, box_id: bytes, key: bytes, network_id: bytes, number: int
) -> dict[str, Any]:
    need(len(slot) == K.SLOT_BYTES)
    nonce, sealed = slot[: K.XCHACHA_NONCE_BYTES], slot[K.XCHACHA_NONCE_BYTES :]
    aad = _slot_aad(network_id, box_id, number)
    answer = sealing.aead_open(keys.slot_key(key, number), nonce, aad, sealed)
    return messages.read_answer(answer, number)


def _signed_answer(
    network_id: bytes, box_id: bytes, number: int, values: Mapping[str, Any]
) -> bytes:
    digest = sealing.sha256(messages.unsigned_answer(values))
    return frame(K.LABEL_ANSWER, SUITE, network_id, box_id, u16(number), digest)


def cover(filler_key: bytes, box_id: bytes, number: int) -> bytes:
    """What the server gives where no slot is stored."""
    need(0 <= number < K.SLOTS and len(filler_key) == 32 and len(box_id) == 16)
    framed = frame(K.LABEL_SLOT_FILLER, filler_key, box_id, u16(number))
    return sealing.shake256(framed, K.SLOT_BYTES)


@dataclass(frozen=True)
class WeeklyKey:
    """walk-in.md, section 1."""

    organisation: bytes
    first: int
    last: int
    public_key: bytes


def _weekly_signed(key: WeeklyKey, network_id: bytes) -> bytes:
    days = (u32(key.first), u32(key.last))
    parts = (SUITE, network_id, key.organisation, *days, key.public_key)
    return frame(K.LABEL_WEEKLY_KEY, *parts)


def sign_weekly_key(
    organisation_seed: bytes, network_id: bytes, first: int, public_key: bytes
) -> bytes:
    """The 1,321 public bytes of a week that begins on that Monday."""
    organisation = sealing.ed25519_public_key(organisation_seed)
    key = WeeklyKey(organisation, first, first + K.WEEKLY_KEY_DAYS - 1, public_key)
    signature = sealing.sign(organisation_seed, _weekly_signed(key, network_id))
    return SUITE + organisation + u32(first) + u32(key.last) + public_key + signature


def check_weekly_key(
    weekly: bytes, organisation: bytes, network_id: bytes, today: int
) -> WeeklyKey:
    """The key, if it holds today for the organisation of a statement that holds."""
    need(len(weekly) == K.WEEKLY_KEY_BYTES)
    reader = Reader(weekly)
    need(reader.take(1) == SUITE, UNSUPPORTED)
    key = WeeklyKey(reader.take(32), reader.number(4), reader.number(4), reader.take(1216))
    need(key.organisation == organisation, BAD_SIGNATURE)
    need((key.first + 3) % 7 == 0 and key.last == key.first + K.WEEKLY_KEY_DAYS - 1)
    sealing.verify(organisation, _weekly_signed(key, network_id), reader.take(64))
    need(today >= key.first, "NotYetValid")
    need(today <= key.last, "Expired")
    return key


def _work_holds(network_id: bytes, epoch: int, envelope: bytes, nonce: bytes, bits: int) -> bool:
    need(K.WORK_BITS_LEAST <= bits <= K.WORK_BITS_MOST)
    need(len(nonce) == 8 and len(envelope) == K.ENVELOPE_BYTES)
    parts = (network_id, u32(epoch), sealing.sha256(envelope), nonce)
    digest = sealing.labelled_hash(K.LABEL_WORK, *parts)
    return int.from_bytes(digest, "big") >> (256 - bits) == 0


def check_work(network_id: bytes, epoch: int, envelope: bytes, nonce: bytes, bits: int) -> None:
    """WorkMissing unless the proof of work holds for that day."""
    need(_work_holds(network_id, epoch, envelope, nonce, bits), "WorkMissing")


def find_work(
    network_id: bytes, epoch: int, envelope: bytes, start: int, bits: int, tries: int
) -> bytes | None:
    """The first nonce, upward from the start, for which it holds; none in so many tries: None."""
    for number in range(start, start + tries):
        nonce = (number % (1 << 64)).to_bytes(8, "big")
        if _work_holds(network_id, epoch, envelope, nonce, bits):
            return nonce
    return None
