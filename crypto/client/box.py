"""Answers: sealed slots of one size, under keys that only the receipt and the provider have.

Source: docs/spec/box.md.
"""

from __future__ import annotations

from dataclasses import dataclass

from crypto import constants as c
from crypto import fields
from crypto.client import aead
from crypto.encoding import Random, Reader, frame, lp, pad, u8, u16, u32
from crypto.errors import Malformed, TooLong, Unsupported
from crypto.kdf import hkdf

_ANSWER_BYTES = c.SLOT_BYTES - c.SLOT_OVERHEAD_BYTES
_KNOWN = frozenset(range(c.ANSWER_STATE, c.ANSWER_PUBLIC_KEY + 1))
_ORGANISATION_BYTES = c.ED25519_PUBLIC_KEY_BYTES


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Answer:
    """What stands in a slot. An empty value, None and 0 mean: not there."""

    state: int
    epoch: int
    text: str = ""
    try_another: tuple[bytes, ...] = ()
    last_epoch: int | None = None
    organisation: bytes = b""
    name: str = ""
    public_key: bytes = b""
    unknown: tuple[tuple[int, bytes], ...] = ()

    def __repr__(self) -> str:
        return "Answer(hidden)"


def seal(
    answer: Answer, *, network_id: bytes, box_id: bytes, box_key: bytes, slot: int, random: Random
) -> bytes:
    """Seal an answer into slot 0 to 31 of a box (id of 16, key of 32 bytes): 4,096 bytes.

    Raises Malformed for another slot number or an answer that does not belong there, TooLong for
    one that does not fit. Source: docs/spec/box.md, section 1.
    """
    body = encode_body(answer, slot)
    plaintext = pad(u8(c.FORMAT_VERSION) + lp(body), _ANSWER_BYTES)
    nonce = random(c.XCHACHA_NONCE_BYTES)
    aad = _aad(network_id, box_id, slot)
    return nonce + aead.seal(_slot_key(box_key, slot), nonce=nonce, aad=aad, plaintext=plaintext)


def open_(sealed: bytes, *, network_id: bytes, box_id: bytes, box_key: bytes, slot: int) -> Answer:
    """Open what was read from a slot.

    Raises CannotOpen where there is no answer, which the holder sees as "nothing here", and
    Malformed or Unsupported. Source: docs/spec/box.md, section 3.
    """
    if len(sealed) != c.SLOT_BYTES:
        raise Malformed
    plaintext = aead.open_(
        _slot_key(box_key, slot),
        nonce=sealed[: c.XCHACHA_NONCE_BYTES],
        aad=_aad(network_id, box_id, slot),
        ciphertext=sealed[c.XCHACHA_NONCE_BYTES :],
    )
    reader = Reader(plaintext)
    if reader.u8() != c.FORMAT_VERSION:
        raise Unsupported
    body = reader.lp()
    reader.zeros_to_end()
    return decode_body(body, slot)


def encode_body(answer: Answer, slot: int) -> bytes:
    """Encode an answer's fields for a slot, as a case keeps them; refuses as `seal`."""
    _check(answer, slot)
    run = {
        c.ANSWER_STATE: fields.from_ids((answer.state,), 1),
        c.ANSWER_EPOCH: u32(answer.epoch),
    }
    if answer.text:
        run[c.ANSWER_TEXT] = fields.from_text(answer.text, c.TEXT_BYTES)
    if answer.try_another:
        run[c.ANSWER_TRY_ANOTHER] = _join(answer.try_another)
    if answer.last_epoch is not None:
        run[c.ANSWER_LAST_EPOCH] = u32(answer.last_epoch)
    if answer.organisation:
        run[c.ANSWER_ORGANISATION] = fields.fixed(answer.organisation, _ORGANISATION_BYTES)
    if answer.name:
        run[c.ANSWER_NAME] = fields.from_text(answer.name, c.ORGANISATION_NAME_BYTES)
    if answer.public_key:
        run[c.ANSWER_PUBLIC_KEY] = fields.fixed(answer.public_key, c.XWING_PUBLIC_KEY_BYTES)
    kept = dict(answer.unknown)
    if len(kept) != len(answer.unknown) or kept.keys() & _KNOWN:
        raise Malformed
    return fields.encode({**run, **kept})


def decode_body(body: bytes, slot: int) -> Answer:
    """Decode the fields of an answer from a slot; raises Malformed."""
    run = fields.decode(body)
    if c.ANSWER_STATE not in run or c.ANSWER_EPOCH not in run:
        raise Malformed
    answer = Answer(
        state=fields.to_id(run[c.ANSWER_STATE]),
        epoch=fields.to_number(run[c.ANSWER_EPOCH], c.EPOCH_BYTES),
        text=_text(run, c.ANSWER_TEXT, c.TEXT_BYTES),
        try_another=_split(run[c.ANSWER_TRY_ANOTHER]) if c.ANSWER_TRY_ANOTHER in run else (),
        last_epoch=_epoch(run, c.ANSWER_LAST_EPOCH),
        organisation=_fixed(run, c.ANSWER_ORGANISATION, _ORGANISATION_BYTES),
        name=_text(run, c.ANSWER_NAME, c.ORGANISATION_NAME_BYTES),
        public_key=_fixed(run, c.ANSWER_PUBLIC_KEY, c.XWING_PUBLIC_KEY_BYTES),
        unknown=fields.unknown(run, _KNOWN),
    )
    _check(answer, slot)
    return answer


def _check(answer: Answer, slot: int) -> None:
    """Hold what may stand where: "delivered" in slot 0 and nowhere else."""
    _check_slot(slot)
    delivered = answer.state == c.STATE_DELIVERED
    if delivered != (slot == 0):
        raise Malformed
    said = (answer.last_epoch is not None, answer.organisation, answer.name, answer.public_key)
    if delivered and (not all(said) or answer.text):
        raise Malformed
    if not delivered and answer.public_key:
        raise Malformed


def _check_slot(slot: int) -> None:
    if not 0 <= slot < c.SLOTS:
        raise Malformed


def _slot_key(box_key: bytes, slot: int) -> bytes:
    _check_slot(slot)
    fields.fixed(box_key, c.KEY_BYTES)
    return hkdf(box_key, info=frame(c.LABEL_SLOT_KEY, u16(slot)), length=c.KEY_BYTES)


def _aad(network_id: bytes, box_id: bytes, slot: int) -> bytes:
    if len(network_id) != c.NETWORK_ID_BYTES or len(box_id) != c.BOX_ID_BYTES:
        raise Malformed
    return frame(c.LABEL_SLOT, network_id, box_id, u16(slot))


def _join(keys: tuple[bytes, ...]) -> bytes:
    if len(keys) > c.TRY_ANOTHER:
        raise TooLong
    joined = b"".join(keys)
    if _split(joined) != keys:
        raise Malformed
    return joined


def _split(value: bytes) -> tuple[bytes, ...]:
    size = _ORGANISATION_BYTES
    if not value or len(value) % size or len(value) > c.TRY_ANOTHER * size:
        raise Malformed
    keys = tuple(value[at : at + size] for at in range(0, len(value), size))
    if len(set(keys)) != len(keys):
        raise Malformed
    return keys


def _text(run: dict[int, bytes], number: int, at_most: int) -> str:
    return fields.to_text(run[number], at_most) if number in run else ""


def _fixed(run: dict[int, bytes], number: int, size: int) -> bytes:
    return fields.fixed(run[number], size) if number in run else b""


def _epoch(run: dict[int, bytes], number: int) -> int | None:
    return fields.to_number(run[number], c.EPOCH_BYTES) if number in run else None
