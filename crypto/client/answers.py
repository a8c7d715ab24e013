"""Answers: what stands in the slots of a box, and which of it stands where.

Source: docs/spec/box.md, section 2.
"""

from __future__ import annotations

from dataclasses import dataclass

from crypto import constants as c
from crypto import fields
from crypto.encoding import u32
from crypto.errors import Malformed, TooLong
from crypto.public.lines import check_name

DELIVERED_SLOT = 0
"""The sender's; the provider has the others."""

_KNOWN = frozenset(range(c.ANSWER_STATE, c.ANSWER_SIGNATURE + 1))
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
    signature: bytes = b""
    unknown: tuple[tuple[int, bytes], ...] = ()

    def __repr__(self) -> str:
        return "Answer(hidden)"


def encode_body(answer: Answer, slot: int) -> bytes:
    """Encode an answer's fields for a slot, as a case keeps them: signed, in slots 1 to 31.

    Raises Malformed or TooLong. Source: docs/spec/box.md, section 2.
    """
    _check(answer, slot)
    return fields.encode(_run(answer))


def unsigned_body(answer: Answer) -> bytes:
    """Encode an answer's fields but for the signature, which is made over them.

    Raises Malformed or TooLong. Source: docs/spec/box.md, section 2.
    """
    run = _run(answer)
    run.pop(c.ANSWER_SIGNATURE, None)
    return fields.encode(run)


def decode_body(body: bytes, slot: int) -> Answer:
    """Decode the fields of an answer from a slot; raises Malformed.

    The signature is not checked here: `box.open_answer` does. Source: docs/spec/box.md, section 2.
    """
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
        name=_name(run),
        public_key=_fixed(run, c.ANSWER_PUBLIC_KEY, c.XWING_PUBLIC_KEY_BYTES),
        signature=_fixed(run, c.ANSWER_SIGNATURE, c.ED25519_SIGNATURE_BYTES),
        unknown=fields.unknown(run, _KNOWN),
    )
    _check(answer, slot)
    return answer


def _check(answer: Answer, slot: int) -> None:
    """Hold what may stand where: "delivered" in slot 0, what is signed in the others."""
    if not 0 <= slot < c.SLOTS:
        raise Malformed
    if (answer.state == c.STATE_DELIVERED) != (slot == DELIVERED_SLOT):
        raise Malformed
    of_slot_0 = (answer.organisation, answer.name, answer.public_key)
    if slot == DELIVERED_SLOT:
        if answer.last_epoch is None or not all(of_slot_0) or answer.text or answer.signature:
            raise Malformed
    elif any(of_slot_0) or not answer.signature:
        raise Malformed


def _run(answer: Answer) -> dict[int, bytes]:
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
        check_name(answer.name, c.ORGANISATION_NAME_BYTES)
    if answer.public_key:
        run[c.ANSWER_PUBLIC_KEY] = fields.fixed(answer.public_key, c.XWING_PUBLIC_KEY_BYTES)
    if answer.signature:
        run[c.ANSWER_SIGNATURE] = fields.fixed(answer.signature, c.ED25519_SIGNATURE_BYTES)
    kept = dict(answer.unknown)
    if len(kept) != len(answer.unknown) or kept.keys() & _KNOWN:
        raise Malformed
    return {**run, **kept}


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


def _name(run: dict[int, bytes]) -> str:
    name = _text(run, c.ANSWER_NAME, c.ORGANISATION_NAME_BYTES)
    if name:
        check_name(name, c.ORGANISATION_NAME_BYTES)
    return name


def _fixed(run: dict[int, bytes], number: int, size: int) -> bytes:
    return fields.fixed(run[number], size) if number in run else b""


def _epoch(run: dict[int, bytes], number: int) -> int | None:
    return fields.to_number(run[number], c.EPOCH_BYTES) if number in run else None
