"""What stands in a store: members, seeds, weekly keys, cases, what was erased and who left.

Settings (kind 6) and kinds of a newer client are plain bytes.

Source: docs/spec/store.md, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, Protocol, Self

from crypto import constants as c
from crypto import fields
from crypto.client import hpke
from crypto.client.case import Case
from crypto.encoding import Reader, lp, u8, u32
from crypto.errors import Malformed

_SEED_STATES = range(c.SEED_MADE, c.SEED_SET_ASIDE + 1)
_LAST_DAY = 2**32 - 1

__all__ = [
    "Case",
    "Entry",
    "Erased",
    "Left",
    "MemberEntry",
    "SeedEntry",
    "WeeklyEntry",
    "check",
    "is_over",
]


class Entry(Protocol):
    """A value of a known kind; both ways raise Malformed, and encoding TooLong, for bad parts."""

    KIND: ClassVar[int]

    def encode(self) -> bytes:
        """Return the value as the store keeps it."""

    @classmethod
    def decode(cls, value: bytes) -> Self:
        """Read a value that `encode` made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberEntry:
    """A member: a role of `words`, her two public keys (1,216 and 32 bytes), since when, a name.

    The name has 1 to 64 bytes of UTF-8. Source: docs/spec/store.md, section 3.
    """

    KIND: ClassVar[int] = c.ENTRY_MEMBER
    role: int
    xwing_public_key: bytes = field(repr=False)
    ed25519_public_key: bytes
    since: int
    name: str = field(repr=False)

    def encode(self) -> bytes:
        """Return the value; raises Malformed or TooLong."""
        return (
            fields.from_ids((self.role,), 1)
            + hpke.load_public(self.xwing_public_key).encoded
            + fields.fixed(self.ed25519_public_key, c.ED25519_PUBLIC_KEY_BYTES)
            + u32(self.since)
            + lp(fields.from_text(self.name, c.MEMBER_NAME_BYTES))
        )

    @classmethod
    def decode(cls, value: bytes) -> MemberEntry:
        """Read a value; raises Malformed."""
        reader = Reader(value)
        entry = cls(
            role=fields.to_id(reader.take(c.U16_BYTES)),
            xwing_public_key=hpke.load_public(reader.take(c.XWING_PUBLIC_KEY_BYTES)).encoded,
            ed25519_public_key=reader.take(c.ED25519_PUBLIC_KEY_BYTES),
            since=reader.u32(),
            name=fields.to_text(reader.lp(), c.MEMBER_NAME_BYTES),
        )
        reader.end()
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class SeedEntry:
    """A code and its one-time seed: batch 8 bytes, code 10, `psk`, write key and seed 32 each.

    `state` is one of the SEED_ constants. Source: docs/spec/store.md, section 3.
    """

    KIND: ClassVar[int] = c.ENTRY_SEED
    state: int
    batch: bytes
    last_epoch: int
    code: bytes = field(repr=False)
    psk: bytes = field(repr=False)
    write_key: bytes = field(repr=False)
    xwing_seed: bytes = field(repr=False)

    def encode(self) -> bytes:
        """Return the value; raises Malformed."""
        return (
            u8(_seed_state(self.state))
            + fields.fixed(self.batch, c.BATCH_ID_BYTES)
            + u32(self.last_epoch)
            + fields.fixed(self.code, c.CODE_BYTES)
            + fields.fixed(self.psk, c.KEY_BYTES)
            + fields.fixed(self.write_key, c.KEY_BYTES)
            + fields.fixed(self.xwing_seed, c.XWING_SEED_BYTES)
        )

    @classmethod
    def decode(cls, value: bytes) -> SeedEntry:
        """Read a value; raises Malformed."""
        reader = Reader(value)
        entry = cls(
            state=_seed_state(reader.u8()),
            batch=reader.take(c.BATCH_ID_BYTES),
            last_epoch=reader.u32(),
            code=reader.take(c.CODE_BYTES),
            psk=reader.take(c.KEY_BYTES),
            write_key=reader.take(c.KEY_BYTES),
            xwing_seed=reader.take(c.XWING_SEED_BYTES),
        )
        reader.end()
        return entry

    @property
    def forget_after(self) -> int:
        """The last epoch on which this seed, or the note that it was erased, is kept."""
        return min(self.last_epoch + c.SEED_DAYS_AFTER_CODE, _LAST_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyEntry:
    """A weekly key: first and last epoch, and its seed (32 bytes).

    Source: docs/spec/store.md, section 3.
    """

    KIND: ClassVar[int] = c.ENTRY_WEEKLY
    first: int
    last: int
    xwing_seed: bytes = field(repr=False)

    def encode(self) -> bytes:
        """Return the value; raises Malformed."""
        seed = fields.fixed(self.xwing_seed, c.XWING_SEED_BYTES)
        return u32(self.first) + u32(self.last) + seed

    @classmethod
    def decode(cls, value: bytes) -> WeeklyEntry:
        """Read a value; raises Malformed."""
        reader = Reader(value)
        entry = cls(
            first=reader.u32(), last=reader.u32(), xwing_seed=reader.take(c.XWING_SEED_BYTES)
        )
        reader.end()
        return entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """A locator whose seed was erased, and the last epoch on which to remember that.

    Source: docs/spec/store.md, sections 3 and 5.
    """

    KIND: ClassVar[int] = c.ENTRY_ERASED
    forget_after: int

    def encode(self) -> bytes:
        """Return the value; raises Malformed."""
        return u32(self.forget_after)

    @classmethod
    def decode(cls, value: bytes) -> Erased:
        """Read a value; raises Malformed."""
        return cls(forget_after=fields.to_number(value, c.EPOCH_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """A member id that is no member's any more, and the epoch since which.

    Source: docs/spec/store.md, sections 3 and 5.
    """

    KIND: ClassVar[int] = c.ENTRY_LEFT
    since: int

    def encode(self) -> bytes:
        """Return the value; raises Malformed."""
        return u32(self.since)

    @classmethod
    def decode(cls, value: bytes) -> Left:
        """Read a value; raises Malformed."""
        return cls(since=fields.to_number(value, c.EPOCH_BYTES))


_KNOWN: dict[int, type[Entry]] = {
    one.KIND: one for one in (MemberEntry, SeedEntry, WeeklyEntry, Case, Erased, Left)
}


def check(kind: int, entry_id: bytes, value: bytes) -> None:
    """Raise Malformed for an id (16 bytes) or a value that cannot stand in a store.

    Values of a kind that is not known here are taken as they are.
    """
    if not 0 <= kind <= 0xFF:
        raise Malformed
    fields.fixed(entry_id, c.ENTRY_ID_BYTES)
    if kind in _KNOWN:
        _KNOWN[kind].decode(value)


def is_over(kind: int, value: bytes, today: int) -> bool:
    """Say whether an entry's time was over before `today`, so that it is to be removed.

    A seed whose time is over needs no note that it was erased: that note's time would be over as
    well. Raises Malformed. Source: docs/spec/store.md, section 5.
    """
    match kind:
        case c.ENTRY_SEED:
            return SeedEntry.decode(value).forget_after < today
        case c.ENTRY_WEEKLY:
            return WeeklyEntry.decode(value).last + c.WEEKLY_KEY_GRACE_DAYS < today
        case c.ENTRY_ERASED:
            return Erased.decode(value).forget_after < today
        case c.ENTRY_CASE:
            case = Case.decode(value)
            return case.state == c.STATE_CLOSED and case.last_epoch < today
    return False


def _seed_state(state: int) -> int:
    if state not in _SEED_STATES:
        raise Malformed
    return state
