"""Boxes: answers in sealed slots of one size, which only the receipt and the provider open.

Slot 0 is the holder's alone, and says whose signature the answers in slots 1 to 31 must have.

Source: docs/spec/box.md.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace

from crypto import constants as c
from crypto import fields
from crypto.client import aead, answers
from crypto.client.answers import Answer
from crypto.encoding import Random, Reader, frame, lp, pad, u8, u16
from crypto.errors import Malformed, Unsupported
from crypto.kdf import hkdf
from crypto.public import ed25519, note_signing

_ANSWER_BYTES = c.SLOT_BYTES - c.SLOT_OVERHEAD_BYTES
_SUITE = u8(c.SUITE)


def seal_delivered(
    answer: Answer, *, network_id: bytes, box_id: bytes, holder_key: bytes, random: Random
) -> bytes:
    """Seal what the sender says of the delivery into slot 0 of a box: 4,096 bytes.

    Raises Malformed for an answer that does not belong there, TooLong for one that does not fit.
    Source: docs/spec/box.md, section 1.
    """
    body = answers.encode_body(answer, answers.DELIVERED_SLOT)
    return _seal(body, holder_key, answers.DELIVERED_SLOT, _aad(network_id, box_id, 0), random)


def seal_answer(
    answer: Answer,
    *,
    network_id: bytes,
    box_id: bytes,
    box_key: bytes,
    slot: int,
    organisation_seed: bytes,
    random: Random,
) -> bytes:
    """Sign an answer as the organisation and seal it into slot 1 to 31 of a box: 4,096 bytes.

    Raises Malformed for another slot number or an answer that does not belong there, TooLong for
    one that does not fit. Source: docs/spec/box.md, sections 1 and 2.
    """
    signed = sign(
        answer,
        network_id=network_id,
        box_id=box_id,
        slot=slot,
        organisation_seed=organisation_seed,
    )
    body = answers.encode_body(signed, slot)
    return _seal(body, box_key, slot, _aad(network_id, box_id, slot), random)


def sign(
    answer: Answer, *, network_id: bytes, box_id: bytes, slot: int, organisation_seed: bytes
) -> Answer:
    """Return the answer with the organisation's signature for this slot of this box.

    The same answer always gets the same one, so that a case keeps the body that was sealed.
    Raises Malformed or TooLong. Source: docs/spec/box.md, section 2.
    """
    message = _signed_message(answer, network_id, box_id, slot)
    return replace(answer, signature=note_signing.sign(organisation_seed, message))


def open_delivered(sealed: bytes, *, network_id: bytes, box_id: bytes, holder_key: bytes) -> Answer:
    """Open what was read from slot 0.

    Raises CannotOpen where there is none, and Malformed or Unsupported.
    Source: docs/spec/box.md, section 3.
    """
    body = _open(sealed, holder_key, answers.DELIVERED_SLOT, _aad(network_id, box_id, 0))
    return answers.decode_body(body, answers.DELIVERED_SLOT)


def open_answer(
    sealed: bytes,
    *,
    network_id: bytes,
    box_id: bytes,
    box_key: bytes,
    slot: int,
    organisation: bytes,
) -> Answer:
    """Open what was read from slot 1 to 31; `organisation` is the key that slot 0 names.

    Raises CannotOpen where there is no answer, which the holder sees as "nothing here",
    BadSignature for one that is not this organisation's, and Malformed or Unsupported.
    Source: docs/spec/box.md, section 3.
    """
    fields.fixed(organisation, c.ED25519_PUBLIC_KEY_BYTES)
    _check_answer_slot(slot)
    answer = answers.decode_body(_open(sealed, box_key, slot, _aad(network_id, box_id, slot)), slot)
    message = _signed_message(answer, network_id, box_id, slot)
    ed25519.verify(organisation, message, answer.signature)
    return answer


def _seal(body: bytes, key: bytes, slot: int, aad: bytes, random: Random) -> bytes:
    plaintext = pad(u8(c.FORMAT_VERSION) + lp(body), _ANSWER_BYTES)
    nonce = random(c.XCHACHA_NONCE_BYTES)
    return nonce + aead.seal(_slot_key(key, slot), nonce=nonce, aad=aad, plaintext=plaintext)


def _open(sealed: bytes, key: bytes, slot: int, aad: bytes) -> bytes:
    if len(sealed) != c.SLOT_BYTES:
        raise Malformed
    plaintext = aead.open_(
        _slot_key(key, slot),
        nonce=sealed[: c.XCHACHA_NONCE_BYTES],
        aad=aad,
        ciphertext=sealed[c.XCHACHA_NONCE_BYTES :],
    )
    reader = Reader(plaintext)
    if reader.u8() != c.FORMAT_VERSION:
        raise Unsupported
    body = reader.lp()
    reader.zeros_to_end()
    return body


def _slot_key(key: bytes, slot: int) -> bytes:
    """Derive a slot's key: of slot 0 from the holder key, of the others from the box key."""
    fields.fixed(key, c.KEY_BYTES)
    return hkdf(key, info=frame(c.LABEL_SLOT_KEY, u16(slot)), length=c.KEY_BYTES)


def _aad(network_id: bytes, box_id: bytes, slot: int) -> bytes:
    _check_place(network_id, box_id)
    return frame(c.LABEL_SLOT, network_id, box_id, u16(slot))


def _signed_message(answer: Answer, network_id: bytes, box_id: bytes, slot: int) -> bytes:
    _check_place(network_id, box_id)
    _check_answer_slot(slot)
    hashed = hashlib.sha256(answers.unsigned_body(answer)).digest()
    return frame(c.LABEL_ANSWER, _SUITE, network_id, box_id, u16(slot), hashed)


def _check_place(network_id: bytes, box_id: bytes) -> None:
    fields.fixed(network_id, c.NETWORK_ID_BYTES)
    fields.fixed(box_id, c.BOX_ID_BYTES)


def _check_answer_slot(slot: int) -> None:
    """Refuse slot 0, which is keyed otherwise and carries no signature, and what is no slot."""
    if slot not in range(1, c.SLOTS):
        raise Malformed
