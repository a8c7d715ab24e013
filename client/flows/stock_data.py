"""The stock of each device in a store, and the codes that are ready to be handed out.

Source: docs/spec/store.md, 3 and 8.
"""

from __future__ import annotations

from collections.abc import Iterator

from client.flows import kept
from crypto import constants as c
from crypto.client.settings import stock_of
from crypto.client.stock import Stock, Token, Waiting
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
from crypto.encoding import u32

__all__ = ["Stock", "Token", "Waiting", "batch", "codes", "of", "put", "ready"]


def of(store: Store, device: bytes) -> Stock:
    """Return the stock of a device (number of 4 bytes); an empty one where it has none."""
    value = kept.get(store, stock_of(device))
    return Stock.decode(value) if value else Stock()


def put(store: Store, device: bytes, stock: Stock) -> Store:
    """Return a store with this stock of a device."""
    return kept.put(kept.with_device(store, device), stock_of(device), stock.encode())


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
        and code.batch[: c.DEVICE_BYTES] in devices
        and code.last_epoch > today
    }
