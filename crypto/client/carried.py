"""Carried documents: what somebody needs who seals in a place without a network, as one text.

Source: docs/spec/carried.md
"""

from __future__ import annotations

from dataclasses import dataclass, field

from crypto import constants as c
from crypto.encoding import Reader, lp, u8, u16, u32, u64
from crypto.errors import Malformed, TooLong, Unsupported
from crypto.fields import fixed
from crypto.public import armour

_WHAT = "CARRIED"
_VERSION = c.FORMAT_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """One listing as it is carried: statement, profile, inclusion, capacity id (0: not said), keys.

    `hashes` have 32 bytes each, `weekly_keys` 1,321.
    """

    statement: bytes = field(repr=False)
    profile: bytes = field(repr=False)
    index: int
    hashes: tuple[bytes, ...] = field(repr=False)
    capacity: int
    weekly_keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What is carried; nothing in it is believed yet. `record` has 4,096 bytes, or is None."""

    network_id: bytes
    work_bits: int
    policies: tuple[bytes, ...] = field(repr=False)
    checkpoint: bytes = field(repr=False)
    suspensions: bytes = field(repr=False)
    organisations: tuple[Organisation, ...] = field(repr=False)
    record: bytes | None = field(repr=False)


def encode(carried: Carried) -> bytes:
    """Write the form of a carried document; raises Malformed for what no reader would take.

    Source: docs/spec/carried.md, 1
    """
    record = carried.record
    form = b"".join(
        (
            u8(_VERSION),
            carried.network_id,
            u8(carried.work_bits),
            u16(len(carried.policies)),
            *map(lp, carried.policies),
            lp(carried.checkpoint),
            u32(len(carried.suspensions)),
            carried.suspensions,
            u16(len(carried.organisations)),
            *map(_organisation, carried.organisations),
            u8(0) if record is None else u8(1) + record,
        )
    )
    if decode(form) != carried:
        raise Malformed
    return form


def decode(form: bytes) -> Carried:
    """Read the form; raises Unsupported or Malformed. Source: docs/spec/carried.md, 1"""
    reader = Reader(form)
    if reader.u8() != _VERSION:
        raise Unsupported
    found = Carried(
        network_id=reader.take(c.NETWORK_ID_BYTES),
        work_bits=reader.u8(),
        policies=tuple(reader.lp() for _ in range(reader.u16())),
        checkpoint=reader.lp(c.CHECKPOINT_BYTES),
        suspensions=_suspensions(reader),
        organisations=tuple(_read_organisation(reader) for _ in range(reader.u16())),
        record=_record(reader),
    )
    reader.end()
    return found


def write(carried: Carried) -> str:
    """Write a carried document as text: lines of ASCII between two marks.

    Raises TooLong beyond 2,000,000 characters, and as `encode`. Source: docs/spec/carried.md, 2
    """
    text = armour.write(_WHAT, encode(carried))
    if len(text) > c.CARRIED_CHARACTERS:
        raise TooLong
    return text


def read(text: str) -> Carried:
    """Read the one carried document in a text; raises Unsupported or Malformed.

    Source: docs/spec/carried.md, 2
    """
    return decode(armour.read(_WHAT, text, c.CARRIED_CHARACTERS))


def _organisation(one: Organisation) -> bytes:
    return b"".join(
        (
            lp(one.statement),
            lp(one.profile),
            u64(one.index),
            u8(len(one.hashes)),
            *one.hashes,
            u16(one.capacity),
            u8(len(one.weekly_keys)),
            *(fixed(key, c.WEEKLY_KEY_BYTES) for key in one.weekly_keys),
        )
    )


def _read_organisation(reader: Reader) -> Organisation:
    return Organisation(
        statement=reader.lp(c.STATEMENT_BYTES),
        profile=reader.lp(c.PROFILE_BYTES),
        index=reader.u64(),
        hashes=_hashes(reader),
        capacity=reader.u16(),
        weekly_keys=tuple(reader.take(c.WEEKLY_KEY_BYTES) for _ in range(reader.u8())),
    )


def _hashes(reader: Reader) -> tuple[bytes, ...]:
    count = reader.u8()
    if count > c.PROOF_HASHES:
        raise Malformed
    return tuple(reader.take(c.HASH_BYTES) for _ in range(count))


def _suspensions(reader: Reader) -> bytes:
    size = reader.u32()
    if size > c.CARRIED_SUSPENSIONS_BYTES:
        raise Malformed
    return reader.take(size)


def _record(reader: Reader) -> bytes | None:
    count = reader.u8()
    if count > 1:
        raise Malformed
    return reader.take(c.RECORD_BYTES) if count else None
