"""Two copies of a store made one: no case is lost, and nothing that was erased comes back.

Source: docs/spec/store.md, section 9.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from crypto import constants as c
from crypto.client.case import Case
from crypto.client.merge_case import closed_elsewhere, merge_cases
from crypto.client.merge_settings import merge_settings
from crypto.client.merge_sides import Key, Overruled, Sides, Value, settled
from crypto.client.store import Store
from crypto.client.store_entries import MemberEntry, SeedEntry
from crypto.encoding import u32
from crypto.errors import BadSignature, WrongNetwork

__all__ = ["Merged", "Overruled", "merge"]

_RANKS = (
    c.SEED_MADE,
    c.SEED_PUBLISHED,
    c.SEED_SET_ASIDE,
    c.SEED_HANDED_OUT,
    c.SEED_CANCELLED,
    c.SEED_ARRIVED,
)
_LAST_EPOCH = 2**32 - 1
_STAYS_GONE = (c.ENTRY_ERASED, c.ENTRY_LEFT)


@dataclass(frozen=True, slots=True)
class Merged:
    """One store of two, and what of mine does not stand in it, ascending."""

    store: Store = field(repr=False)
    overruled: tuple[Overruled, ...] = field(repr=False)


def merge(base: Store | None, mine: Store, theirs: Store, *, today: int) -> Merged:
    """Return what two copies come to that were both made of `base`; `today` is an epoch.

    Raises WrongNetwork or BadSignature for copies of different stores, Malformed where the outcome
    would be no store. Source: docs/spec/store.md, section 9.
    """
    copies = (theirs,) if base is None else (theirs, base)
    if any(one.network_id != mine.network_id for one in copies):
        raise WrongNetwork
    if any(one.organisation_seed != mine.organisation_seed for one in copies):
        raise BadSignature
    sides = Sides(
        base=base.expire(today).entries if base else {},
        mine=mine.expire(today).entries,
        theirs=theirs.expire(today).entries,
        today=today,
    )
    _merge_entries(sides)
    merge_settings(sides)
    generation = max(mine.generation, theirs.generation)
    store = replace(mine, generation=generation, entries=sides.entries)
    return Merged(store, tuple(sorted(sides.overruled)))


def _merge_entries(sides: Sides) -> None:
    """Let stand what stays gone first, since it decides about the rest; settings come later."""
    for key in sides.keys(_STAYS_GONE):
        sides.put(key, _gone(sides, key))
    for key in sides.keys(range(256)):
        match key[0]:
            case c.ENTRY_ERASED | c.ENTRY_LEFT | c.ENTRY_SETTING:
                continue
            case c.ENTRY_MEMBER:
                value = None if (c.ENTRY_LEFT, key[1]) in sides.entries else sides.plain(key)
            case c.ENTRY_SEED:
                value = None if (c.ENTRY_ERASED, key[1]) in sides.entries else _seed(sides, key)
            case c.ENTRY_CASE:
                value = _case(sides, key)
            case _:
                value = sides.plain(key)
        sides.put(key, value)
    _limit_members(sides)


def _gone(sides: Sides, key: Key) -> bytes:
    """Source: docs/spec/store.md, 9.2; the values are numbers of one size."""
    there = [one for one in sides.three(key)[1:] if one is not None]
    if key[0] == c.ENTRY_LEFT:
        return min(there)
    seeds = (one for one in sides.three((c.ENTRY_SEED, key[1]))[1:] if one is not None)
    over = [SeedEntry.decode(one).last_epoch + c.SEED_DAYS_AFTER_CODE for one in seeds]
    return max(*there, *(u32(min(one, _LAST_EPOCH)) for one in over), b"")


def _limit_members(sides: Sides) -> None:
    """Source: docs/spec/store.md, 9.3."""

    def place(key: Key) -> tuple[bool, int, bytes]:
        since = MemberEntry.decode(sides.entries[key]).since
        return key not in sides.theirs, since, key[1]

    members = [key for key in sides.entries if key[0] == c.ENTRY_MEMBER]
    for key in sorted(members, key=place)[c.STORE_SLOTS :]:
        sides.tell(key, sides.entries.pop(key))


def _seed(sides: Sides, key: Key) -> Value:
    """Source: docs/spec/store.md, 9.4."""
    base, mine, theirs = sides.three(key)
    if mine is None or theirs is None:
        return mine if theirs is None else theirs
    alone, value = settled(base, mine, theirs)
    if alone:
        return value
    ours, others = SeedEntry.decode(mine), SeedEntry.decode(theirs)
    later = max(others, ours, key=lambda one: _RANKS.index(one.state))
    before = SeedEntry.decode(base).batch if base else b""
    alone, batch = settled(before, ours.batch, others.batch)
    if not alone:
        batch = later.batch
    last_epoch = max(ours.last_epoch, others.last_epoch)
    stands = replace(others, state=later.state, batch=batch, last_epoch=last_epoch)
    kept = batch if alone else ours.batch
    if replace(ours, state=later.state, batch=kept, last_epoch=last_epoch) != stands:
        sides.tell(key, mine)
    return stands.encode()


def _case(sides: Sides, key: Key) -> Value:
    """Source: docs/spec/store.md, 9.5."""
    base, mine, theirs = sides.three(key)
    alone, value = settled(base, mine, theirs)
    if mine is not None and theirs is not None:
        return value if alone else _both(sides, key, base, mine, theirs)
    if base is not None:
        if alone:
            return None
        sides.tell(key, b"")
    has, lacks = (sides.theirs, sides.mine) if mine is None else (sides.mine, sides.theirs)
    erased = (c.ENTRY_ERASED, key[1])
    if erased in lacks and erased not in has:
        return closed_elsewhere(Case.decode(has[key]), sides.today).encode()
    return has[key]


def _both(sides: Sides, key: Key, base: Value, mine: bytes, theirs: bytes) -> bytes:
    before = None if base is None else Case.decode(base)
    one, lost = merge_cases(before, Case.decode(mine), Case.decode(theirs))
    for number, value in lost:
        sides.tell(key, value, number)
    return one.encode()
