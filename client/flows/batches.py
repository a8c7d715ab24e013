"""Batches: codes that were handed out together, under a name that only members read.

Source: docs/spec/store.md, 3 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass

from client.errors import BadInput
from client.flows import kept, stock_data
from crypto import constants as c
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
from crypto.encoding import text, utf8

BATCH_BYTES = 8
_DEVICE_BYTES = 4


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch (8 bytes), its name or "", how many are with people, used, and cancelled."""

    batch: bytes
    name: str
    out: int = 0
    used: int = 0
    cancelled: int = 0


def check_name(name: str) -> None:
    """Raise BadInput for a name that can't be kept."""
    if len(name.encode()) > c.MEMBER_NAME_BYTES:
        raise BadInput(
            "This name can't be kept.", f"A name has at most {c.MEMBER_NAME_BYTES} bytes."
        )


def with_name(store: Store, batch: bytes, name: str) -> Store:
    """Return a store that knows a batch by a name; "" gives it none."""
    return kept.put(store, _name_of(batch), utf8(name)) if name else store


def listed(store: Store, today: int) -> list[Batch]:
    """Return the batches that are not over, those that live longest first."""
    codes = [code for _, code in stock_data.codes(store) if code.last_epoch > today]
    codes.sort(key=lambda code: -code.last_epoch)
    found: dict[bytes, list[SeedEntry]] = {}
    for code in codes:
        # What was cancelled before it was handed out is of no batch that anybody was given.
        if code.batch[:_DEVICE_BYTES] not in kept.devices(store):
            found.setdefault(code.batch, []).append(code)
    return [_counted(store, batch, codes) for batch, codes in found.items()]


def named(store: Store, typed: str, today: int) -> Batch:
    """Return the batch with this name; raises BadInput where none or several have it."""
    matching = [one for one in listed(store, today) if typed and one.name == typed]
    if len(matching) != 1:
        raise BadInput(
            "There is no batch of this name." if not matching else "Several batches are called so.",
            "`towpath provider batches` shows them.",
        )
    return matching[0]


def aside(store: Store, today: int) -> list[bytes]:
    """Return the locators of codes that pages set aside, since somebody may have them."""
    return [
        locator
        for locator, code in stock_data.codes(store)
        if code.state == c.SEED_SET_ASIDE and code.last_epoch > today
    ]


def outstanding(store: Store, batch: bytes) -> list[bytes]:
    """Return the locators of those codes of a batch that nobody used."""
    return [
        locator
        for locator, code in stock_data.codes(store)
        if code.batch == batch and code.state == c.SEED_HANDED_OUT
    ]


def without_old_names(before: Store, after: Store) -> Store:
    """Return `after`, which has less codes, without the names of batches that are gone."""
    gone = {code.batch for _, code in stock_data.codes(before)}
    for batch in sorted(gone - {code.batch for _, code in stock_data.codes(after)}):
        after = kept.drop(after, _name_of(batch))
    return after


def _counted(store: Store, batch: bytes, codes: list[SeedEntry]) -> Batch:
    states = [code.state for code in codes]
    value = kept.get(store, _name_of(batch))
    return Batch(
        batch,
        text(value) if value else "",
        out=states.count(c.SEED_HANDED_OUT),
        used=states.count(c.SEED_ARRIVED),
        cancelled=states.count(c.SEED_CANCELLED),
    )


def _name_of(batch: bytes) -> str:
    return f"batch {batch.hex()}"
