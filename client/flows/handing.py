"""Handing out codes from the stock, and cancelling one.

What is handed out is written down, in the store and in its second copy, before anybody sees it: no
code is given twice, and none is in somebody's hand that the organisation could lose the key to.

Source: docs/spec/codes.md, 2, 3 and 8; docs/spec/http.md, 4.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace

from client.api import Api
from client.errors import BadInput, CodeRefused, FirstDo
from client.flows import batches, cancelling, copies, stock_data
from client.flows.batches import BATCH_BYTES
from client.flows.desk import Desk
from crypto import constants as c
from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
from crypto.encoding import Random, monday


@dataclass(frozen=True, slots=True)
class Handed:
    """A code to give away (10 bytes), and the last epoch that is printed with it."""

    code: bytes = field(repr=False)
    last_day: int

    @property
    def symbols(self) -> str:
        """The form with letters."""
        return code_text.symbols(self.code, Kind.CODE)

    @property
    def digits(self) -> str:
        """The form with digits."""
        return code_text.digits(self.code, Kind.CODE)


def hand_out(desk: Desk, count: int, *, today: int, name: str = "") -> list[Handed]:
    """Take `count` codes from the stock, and return them once store and copy have it on the disk.

    They are one batch, with a name for the members or none. Raises BadInput for a count below 1 and
    for a name that is too long, FirstDo where the stock is too small or the second copy
    can't be written: then none is handed out.
    """
    if count < 1:
        raise BadInput("A number of codes is 1 or more.")
    batches.check_name(name)
    _check_stock(desk, count, today)
    copies.write(desk)  # a stick that is missing is told before anything is taken
    taken: list[bytes] = []

    def take(store: Store) -> Store:
        ready = stock_data.ready(store, desk.home.stocks, today)
        if len(ready) < count:
            raise _too_few(len(ready), store, desk)
        taken[:] = _choose(ready, count, desk.random)
        batch = desk.random(BATCH_BYTES)
        store = _with_state(store, taken, c.SEED_PUBLISHED, c.SEED_HANDED_OUT, batch)
        return batches.with_name(store, batch, name)

    store = desk.edit(take)
    try:
        copies.write(desk)
    except BaseException:
        put_back(desk, taken, today=today)
        raise
    return [_handed(store, locator) for locator in taken]


def put_back(desk: Desk, locators: Collection[bytes], *, today: int) -> None:
    """Put codes back into the stock that nobody has seen."""
    stock = stock_data.batch(desk.home.device, monday(today))
    desk.edit(
        lambda store: _with_state(store, locators, c.SEED_HANDED_OUT, c.SEED_PUBLISHED, stock)
    )


def put_back_unseen(desk: Desk, handed: Collection[Handed], *, today: int) -> None:
    """Put back codes whose sheet could not be written."""
    unseen = {one.code for one in handed}
    locators = [at for at, code in stock_data.codes(desk.read()) if code.code in unseen]
    put_back(desk, locators, today=today)


def cancel(desk: Desk, api: Api, code: bytes) -> None:
    """End a code (10 bytes) of this store; nobody can use it any more.

    Raises CodeRefused for a code that is not in the store, FirstDo for one that was used.
    """
    found = next((one for one in stock_data.codes(desk.read()) if one[1].code == code), None)
    if found is None:
        raise CodeRefused(
            "This code is not one of those in the store.",
            "Where another device gave it out, cancel it there.",
        )
    locator, entry = found
    if entry.state == c.SEED_ARRIVED:
        raise FirstDo("A request has come with this code already.", "It is in the inbox.")
    api.cancel_code(locator, entry.write_key)
    desk.edit(lambda store: cancelling.done(store, locator))


def _check_stock(desk: Desk, count: int, today: int) -> None:
    store = desk.read()
    ready = stock_data.ready(store, desk.home.stocks, today)
    if len(ready) < count:
        raise _too_few(len(ready), store, desk)


def _too_few(ready: int, store: Store, desk: Desk) -> FirstDo:
    stock = stock_data.of(store, desk.home.device)
    there = "There is no code in stock." if not ready else f"Only {ready} in stock."
    if stock.waiting:
        then = (
            f"{len(stock.waiting)} more wait for their moment: leave `towpath provider stock`"
            " running, or see `towpath provider stock --help` for what is quicker and shows more."
        )
    else:
        then = "Run `towpath provider stock`: it makes the codes of the week and publishes them."
    return FirstDo(there, then)


def _choose(ready: dict[bytes, SeedEntry], count: int, random: Random) -> list[bytes]:
    """Take those that live longest, and among them any: their order says nothing to anybody."""
    drawn = {locator: random(8) for locator in ready}
    return sorted(ready, key=lambda one: (-ready[one].last_epoch, drawn[one]))[:count]


def _with_state(
    store: Store, locators: Collection[bytes], before: int, after: int, batch: bytes
) -> Store:
    for locator in locators:
        value = store.entries.get((c.ENTRY_SEED, locator))
        code = SeedEntry.decode(value) if value is not None else None
        if code is not None and code.state == before:
            changed = replace(code, state=after, batch=batch).encode()
            store = store.with_entry(c.ENTRY_SEED, locator, changed)
    return store


def _handed(store: Store, locator: bytes) -> Handed:
    code = SeedEntry.decode(store.entries[c.ENTRY_SEED, locator])
    return Handed(code.code, code.last_epoch - 1)
