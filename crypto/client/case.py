"""A case: what arrived for one code or as one walk-in, and what the provider did with it.

The bodies of messages and answers are kept as bytes; `message` and `box` read them.

Source: docs/spec/store.md, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar

from crypto import constants as c
from crypto import fields
from crypto.encoding import Reader, u8, u32
from crypto.errors import Malformed, Refused, TooLong

Numbered = tuple[int, bytes]
"""A number (of a follow-up, slot or field), and the bytes that belong to it."""

_KNOWN = range(c.CASE_ARRIVED, c.CASE_LAST_EPOCH + 1)
_NEEDED = {c.CASE_ARRIVED, c.CASE_STATE, c.CASE_MESSAGE, c.CASE_LAST_EPOCH}
_MESSAGE_BYTES = c.MESSAGE_BYTES - c.MESSAGE_HEADER_BYTES
_ANSWER_BYTES = c.SLOT_BYTES - c.SLOT_OVERHEAD_BYTES - c.VERSION_BYTES - c.U16_BYTES
# The fields that repeat: the numbers they may bear, and the most bytes of a body.
_REPEATED = {
    c.CASE_FOLLOW_UP: (range(1, c.FOLLOW_UPS + 1), _MESSAGE_BYTES),
    c.CASE_ANSWER: (range(1, c.SLOTS), _ANSWER_BYTES),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Case:
    """One case; its epochs are days, its bodies those of envelope.md and box.md.

    `follow_ups` are numbered 1 to 7 and `answers` 1 to 31, ascending. An empty `taken_by` (a
    member id of 16 bytes otherwise) or `note` means: not there. `unknown` are a newer client's.
    """

    KIND: ClassVar[int] = c.ENTRY_CASE
    arrived: int
    state: int
    message: bytes
    last_epoch: int
    follow_ups: tuple[Numbered, ...] = ()
    answers: tuple[Numbered, ...] = ()
    taken_by: bytes = b""
    note: str = ""
    unknown: tuple[Numbered, ...] = ()

    def __repr__(self) -> str:
        return "Case(hidden)"

    def encode(self) -> bytes:
        """Return the value; raises Malformed, or TooLong for a body or note beyond its limit."""
        if any(number in _KNOWN for number, _ in self.unknown):
            raise Malformed
        run = sorted((*self._known(), *self.unknown), key=lambda one: one[0])
        _check_order(run)
        return b"".join(u8(number) + u32(len(value)) + value for number, value in run)

    @classmethod
    def decode(cls, encoded: bytes) -> Case:
        """Read a value; raises Malformed."""
        run = _read_run(encoded)
        _check_order(run)
        once = dict(run)
        if not once.keys() >= _NEEDED:
            raise Malformed
        note, taken_by = once.get(c.CASE_NOTE), once.get(c.CASE_TAKEN_BY)
        return cls(
            arrived=fields.to_number(once[c.CASE_ARRIVED], c.EPOCH_BYTES),
            state=fields.to_id(once[c.CASE_STATE]),
            message=_limited(once[c.CASE_MESSAGE], _MESSAGE_BYTES, Malformed),
            last_epoch=fields.to_number(once[c.CASE_LAST_EPOCH], c.EPOCH_BYTES),
            follow_ups=_to_bodies(run, c.CASE_FOLLOW_UP),
            answers=_to_bodies(run, c.CASE_ANSWER),
            taken_by=b"" if taken_by is None else fields.fixed(taken_by, c.MEMBER_ID_BYTES),
            note="" if note is None else fields.to_text(note, c.CASE_NOTE_BYTES),
            unknown=tuple(one for one in run if one[0] not in _KNOWN),
        )

    def _known(self) -> Iterator[Numbered]:
        yield c.CASE_ARRIVED, u32(self.arrived)
        yield c.CASE_STATE, fields.from_ids((self.state,), 1)
        yield c.CASE_MESSAGE, _limited(self.message, _MESSAGE_BYTES, TooLong)
        yield from _from_bodies(self.follow_ups, c.CASE_FOLLOW_UP)
        yield from _from_bodies(self.answers, c.CASE_ANSWER)
        if self.taken_by:
            yield c.CASE_TAKEN_BY, fields.fixed(self.taken_by, c.MEMBER_ID_BYTES)
        if self.note:
            yield c.CASE_NOTE, fields.from_text(self.note, c.CASE_NOTE_BYTES)
        yield c.CASE_LAST_EPOCH, u32(self.last_epoch)


def _read_run(encoded: bytes) -> list[Numbered]:
    reader = Reader(encoded)
    run = []
    while reader.left:
        number = reader.u8()
        run.append((number, reader.take(reader.u32())))
    return run


def _check_order(run: list[Numbered]) -> None:
    """Fields ascend, and those that repeat ascend by the number in their first byte."""
    places = [(number, value[:1] if number in _REPEATED else b"") for number, value in run]
    if any(one >= following for one, following in pairwise(places)):
        raise Malformed


def _from_bodies(bodies: tuple[Numbered, ...], field: int) -> Iterator[Numbered]:
    numbers, most = _REPEATED[field]
    for number, body in bodies:
        if number not in numbers:
            raise Malformed
        yield field, u8(number) + _limited(body, most, TooLong)


def _to_bodies(run: list[Numbered], field: int) -> tuple[Numbered, ...]:
    numbers, most = _REPEATED[field]
    values = [value for number, value in run if number == field]
    if any(not value or value[0] not in numbers for value in values):
        raise Malformed
    return tuple((value[0], _limited(value[1:], most, Malformed)) for value in values)


def _limited(body: bytes, most: int, too_long: type[Refused]) -> bytes:
    if not body:
        raise Malformed
    if len(body) > most:
        raise too_long
    return body
