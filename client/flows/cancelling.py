"""Cancelling codes at moments spread over a day: the server can't see what they share.

A code that is to be cancelled is marked in the store at once, so that nobody hands it out; its
moment stands there too, and whichever member's device runs then makes the call.

Source: docs/spec/http.md, 4; docs/spec/store.md, 8.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from client.api import Api
from client.flows import kept, schedule, stock_data
from client.flows.desk import Desk
from crypto import constants as c
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry
from crypto.encoding import Reader, u64

_OUTSTANDING = (c.SEED_MADE, c.SEED_PUBLISHED, c.SEED_HANDED_OUT, c.SEED_SET_ASIDE)


def over_a_day(desk: Desk, locators: Collection[bytes], *, now: int) -> int:
    """Mark the outstanding codes among these to be cancelled within a day; return how many."""
    wanted = [one for one in locators if _is_outstanding(desk.read(), one)]
    desk.edit(lambda store: _with_moments(_marked(store, wanted), wanted, desk, now))
    return len(wanted)


def for_leavers(desk: Desk, theirs: Store, *, today: int) -> int:
    """Cancel within a day what lay on the server for a member whom the merge took away.

    They are codes that her device, or another one, made before anybody there knew that she left:
    she could open them too. Returns how many there are. Moments of `today` that are over by now are
    drawn anew where the first one is cancelled.
    """
    here = desk.read().entries
    if all((c.ENTRY_MEMBER, one) in here for one, _ in theirs.of_kind(c.ENTRY_MEMBER)):
        return 0
    codes = [locator for locator, _ in stock_data.codes(theirs)]
    return over_a_day(desk, codes, now=today * schedule.DAY_S)


def cancel_due(desk: Desk, api: Api, *, now: int) -> int:
    """Cancel one code that is due at `now` (POSIX seconds), if there is one; return how many wait.

    Where several are due, because no device ran, the others get new moments. Raises Unreachable and
    ServerProblem: then it waits.
    """
    waiting = _waiting(desk.read())
    due = [locator for locator, moment in waiting if moment <= now]
    if not due:
        return len(waiting)
    first, *late = due
    code = SeedEntry.decode(desk.read().entries[c.ENTRY_SEED, first])
    api.cancel_code(first, code.write_key)
    desk.edit(lambda store: _with_moments(done(store, first), late, desk, now))
    return len(waiting) - 1


def done(store: Store, locator: bytes) -> Store:
    """Return a store in which a code is cancelled here and at the server."""
    return kept.drop(_marked(store, [locator]), _name_of(locator))


def _marked(store: Store, locators: Iterable[bytes]) -> Store:
    """Return a store in which these codes are cancelled, and wait to be published no more."""
    for locator in locators:
        if not _is_outstanding(store, locator):
            continue
        code = SeedEntry.decode(store.entries[c.ENTRY_SEED, locator])
        cancelled = replace(code, state=c.SEED_CANCELLED).encode()
        store = store.with_entry(c.ENTRY_SEED, locator, cancelled)
        for device in kept.devices(store):
            stock = stock_data.of(store, device)
            if any(one.locator == locator for one in stock.waiting):
                store = stock_data.put(store, device, stock.without(locator))
    return store


def _with_moments(store: Store, locators: Iterable[bytes], desk: Desk, now: int) -> Store:
    for locator in locators:
        moment = schedule.moment(now, now + schedule.DAY_S, desk.random)
        store = kept.put(store, _name_of(locator), u64(moment))
    return store


def _waiting(store: Store) -> list[tuple[bytes, int]]:
    """Return what is marked and not cancelled at the server yet, the earliest first."""
    found = []
    for locator, code in stock_data.codes(store):
        value = kept.get(store, _name_of(locator)) if code.state == c.SEED_CANCELLED else None
        if value:
            found.append((locator, Reader(value).u64()))
    return sorted(found, key=lambda one: one[1])


def _is_outstanding(store: Store, locator: bytes) -> bool:
    value = store.entries.get((c.ENTRY_SEED, locator))
    return value is not None and SeedEntry.decode(value).state in _OUTSTANDING


def _name_of(locator: bytes) -> str:
    return f"cancel {locator.hex()}"
