"""The three sides of a merge, what stands so far, and what was overruled.

Source: docs/spec/store.md, sections 9 and 9.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as part
from typing import TypeVar

Key = tuple[int, bytes]
"""Kind and id (16 bytes) of an entry."""

Value = bytes | None
"""An entry's value, None where the entry is not there."""

Entries = Mapping[Key, bytes]

WHOLE = 0
"""In place of a field: the whole entry."""

_One = TypeVar("_One")


def settled(base: _One, mine: _One, theirs: _One) -> tuple[bool, _One]:
    """Say whether at most one side changed a value, and what stands (theirs, if both did)."""
    if theirs == base:
        return True, mine
    return mine in (theirs, base), theirs


@dataclass(frozen=True, slots=True, order=True)
class Overruled:
    """What does not stand of one's own: where (kind, id of 16 bytes), which field, its bytes.

    `field` is that of a case, or 0 for a whole entry. Without bytes, what was overruled is that
    something was removed.
    """

    kind: int
    entry_id: bytes = part(repr=False)
    field: int
    lost: bytes = part(repr=False)


@dataclass(slots=True, repr=False)
class Sides:
    """Base, mine and theirs without what is over at `today`, an epoch; the outcome grows."""

    base: Entries
    mine: Entries
    theirs: Entries
    today: int
    entries: dict[Key, bytes] = part(default_factory=dict)
    overruled: list[Overruled] = part(default_factory=list)

    def keys(self, kinds: range | tuple[int, ...]) -> Iterator[Key]:
        """Give the places of some kinds that mine or theirs has, ascending."""
        there = self.mine.keys() | self.theirs.keys()
        return (key for key in sorted(there) if key[0] in kinds)

    def three(self, key: Key) -> tuple[Value, Value, Value]:
        """Return an entry's value in base, mine and theirs."""
        return self.base.get(key), self.mine.get(key), self.theirs.get(key)

    def put(self, key: Key, value: Value) -> None:
        """Let a value stand, if it is one."""
        if value is not None:
            self.entries[key] = value

    def tell(self, key: Key, lost: bytes, number: int = WHOLE) -> None:
        """Note what does not stand."""
        self.overruled.append(Overruled(*key, number, lost))

    def plain(self, key: Key) -> Value:
        """Return what stands by the rule for every entry. Source: docs/spec/store.md, 9.1."""
        base, mine, theirs = self.three(key)
        alone, value = settled(base, mine, theirs)
        if alone:
            return value
        if mine is None or theirs is None:
            self.tell(key, b"")
            return mine if theirs is None else theirs
        self.tell(key, mine)
        return theirs
