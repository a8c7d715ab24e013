"""The stock of one device as the store keeps it: tokens in hand, and codes that wait for their day.

A code is an entry of its own from the moment it is made (docs/spec/store.md, 3); what is here is
only what publishing needs, and gone when that is done.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from client.flows import kept
from client.home import DEVICE_BYTES
from crypto import constants as c
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
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
    due: int
    token: Token
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
    tokens: tuple[Token, ...] = ()
    waiting: tuple[Waiting, ...] = ()

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
        return replace(self, waiting=tuple(x for x in self.waiting if x.locator != locator))


def of(store: Store, device: bytes) -> Stock:
    """Return the stock of a device (number of 4 bytes); an empty one where it has none."""
    value = kept.get(store, _name(device))
    return Stock.decode(value) if value else Stock()


def put(store: Store, device: bytes, stock: Stock) -> Store:
    """Return a store with this stock of a device."""
    return kept.put(kept.with_device(store, device), _name(device), stock.encode())


def batch(device: bytes, week: int) -> bytes:
    """Return the 8-byte batch of codes that a device makes from the tokens of a week."""
    return device + u32(week)


def codes(store: Store) -> Iterator[tuple[bytes, SeedEntry]]:
    """Give every code of the store with its locator."""
    for locator, value in store.of_kind(c.ENTRY_SEED):
        yield locator, SeedEntry.decode(value)


def ready(store: Store, devices: tuple[bytes, ...], today: int) -> dict[bytes, SeedEntry]:
    """Return the codes that these devices published, that nobody has and that live past today."""
    return {
        locator: code
        for locator, code in codes(store)
        if code.state == c.SEED_PUBLISHED
        and code.batch[:DEVICE_BYTES] in devices
        and code.last_epoch > today
    }


def _name(device: bytes) -> str:
    return f"stock {device.hex()}"
