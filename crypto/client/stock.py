"""The stock of one device: tokens in hand, and codes that wait for their day.

A code is an entry of its own from the moment it is made; what is here is only what publishing
needs, and gone when that is done.

Source: docs/spec/store.md, sections 8 and 9.7.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from crypto import constants as c
from crypto.encoding import Reader, lp, u16, u32, u64


@dataclass(frozen=True, slots=True)
class Token:
    """A token (96 bytes) and the last epoch on which the server takes it."""

    until: int
    value: bytes = field(repr=False)

    def encode(self) -> bytes:
        """Return the 100 bytes of it."""
        return u32(self.until) + self.value

    @classmethod
    def read(cls, reader: Reader) -> Token:
        """Read what `encode` wrote."""
        return cls(reader.u32(), reader.take(c.TOKEN_BYTES))


@dataclass(frozen=True, slots=True)
class Waiting:
    """A code that is to be published at a moment (POSIX seconds), with its token.

    `record` is empty until the first try, and from then on what is sent again byte for byte.
    """

    locator: bytes
    due: int = field(repr=False)
    token: Token = field(repr=False)
    record: bytes = field(default=b"", repr=False)

    def encode(self) -> bytes:
        """Return it as the store keeps it."""
        return self.locator + u64(self.due) + self.token.encode() + lp(self.record)

    @classmethod
    def read(cls, reader: Reader) -> Waiting:
        """Read what `encode` wrote."""
        locator, due = reader.take(c.LOCATOR_BYTES), reader.u64()
        return cls(locator, due, Token.read(reader), reader.lp())


@dataclass(frozen=True, slots=True)
class Stock:
    """Of one device: the last week (Monday) it drew, unspent tokens, codes that wait."""

    week: int = 0
    tokens: tuple[Token, ...] = field(default=(), repr=False)
    waiting: tuple[Waiting, ...] = field(default=(), repr=False)

    def encode(self) -> bytes:
        """Return it as the store keeps it."""
        parts = [u32(self.week), u16(len(self.tokens))]
        parts += [one.encode() for one in self.tokens]
        parts.append(u16(len(self.waiting)))
        parts += [one.encode() for one in self.waiting]
        return b"".join(parts)

    @classmethod
    def decode(cls, value: bytes) -> Stock:
        """Read what `encode` wrote; raises Malformed."""
        reader = Reader(value)
        week = reader.u32()
        tokens = tuple(Token.read(reader) for _ in range(reader.u16()))
        waiting = tuple(Waiting.read(reader) for _ in range(reader.u16()))
        reader.end()
        return cls(week, tokens, waiting)

    def with_waiting(self, changed: Waiting) -> Stock:
        """Return a stock with this in place of what waited under the same locator."""
        rest = tuple(one if one.locator != changed.locator else changed for one in self.waiting)
        return replace(self, waiting=rest)

    def without(self, locator: bytes) -> Stock:
        """Return a stock in which this locator does not wait any more."""
        return self.only(lambda one: one != locator)

    def only(self, waits: Callable[[bytes], bool]) -> Stock:
        """Return a stock in which only locators wait of which `waits` says so."""
        return replace(self, waiting=tuple(one for one in self.waiting if waits(one.locator)))


def merged(base: Stock, mine: Stock, theirs: Stock) -> Stock:
    """Return what two clients made of one stock: what one of them spent is spent.

    Source: docs/spec/store.md, section 9.7.
    """
    before, ours, others = (
        {one.locator: one for one in stock.waiting} for stock in (base, mine, theirs)
    )
    waiting = [
        _chosen(before.get(at), ours.get(at), others.get(at)) for at in ours.keys() | others.keys()
    ]
    bound = {one.token for one in (*mine.waiting, *theirs.waiting)}
    drawn, here, there = (set(stock.tokens) for stock in (base, mine, theirs))
    tokens = ((here & there) | ((here ^ there) - drawn)) - bound
    return Stock(
        week=max(mine.week, theirs.week),
        tokens=tuple(sorted(tokens, key=Token.encode)),
        waiting=tuple(sorted(filter(None, waiting), key=lambda one: (one.due, one.locator))),
    )


def _chosen(base: Waiting | None, mine: Waiting | None, theirs: Waiting | None) -> Waiting | None:
    if mine is None or theirs is None:
        return None if base else mine or theirs
    if theirs == base or (mine != base and mine.record and not theirs.record):
        return mine
    return theirs
