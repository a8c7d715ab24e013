"""Filing what came into the store, so that doing it again changes nothing.

Source: docs/spec/store.md, 3 to 5.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from client.flows import kept
from client.flows.picking import Picked
from crypto import constants as c
from crypto.client.case import Case
from crypto.client.store import Store
from crypto.client.store_entries import SeedEntry


@dataclass(frozen=True, slots=True)
class Filed:
    """What is new: requests, additions to them, and what does not open."""

    requests: int = 0
    follow_ups: int = 0
    unreadable: int = 0

    def __add__(self, other: Filed) -> Filed:
        return Filed(
            self.requests + other.requests,
            self.follow_ups + other.follow_ups,
            self.unreadable + other.unreadable,
        )


def file(store: Store, found: Iterable[Picked], *, cursor: int, today: int) -> tuple[Store, Filed]:
    """Return a store with what was found and the cursor up to which it was, and what is new.

    What is filed already stays as it is. Nothing is written here.
    """
    filed = Filed()
    for picked in found:
        for case_id, body in picked.referrals.items():
            store, new = _with_case(store, case_id, body, today)
            filed += Filed(requests=new)
        for (case_id, number), body in picked.follow_ups.items():
            store, new = _with_follow_up(store, case_id, number, body)
            filed += Filed(follow_ups=new)
        unknown = picked.unreadable - kept.unreadable(store).keys()
        store = kept.with_unreadable(store, sorted(unknown), today)
        filed += Filed(unreadable=len(unknown))
    return kept.with_cursor(store, cursor), filed


def _with_case(store: Store, case_id: bytes, body: bytes, today: int) -> tuple[Store, bool]:
    if (c.ENTRY_CASE, case_id) in store.entries or (c.ENTRY_ERASED, case_id) in store.entries:
        return store, False
    case = Case(
        arrived=today,
        state=c.STATE_DELIVERED,
        message=body,
        last_epoch=today + c.REFERRAL_DAYS,
    )
    store = store.with_entry(c.ENTRY_CASE, case_id, case.encode())
    value = store.entries.get((c.ENTRY_SEED, case_id))
    if value is not None:
        code = replace(SeedEntry.decode(value), state=c.SEED_ARRIVED)
        store = store.with_entry(c.ENTRY_SEED, case_id, code.encode())
    return store, True


def _with_follow_up(store: Store, case_id: bytes, number: int, body: bytes) -> tuple[Store, bool]:
    value = store.entries.get((c.ENTRY_CASE, case_id))
    if value is None:
        return store, False
    case = Case.decode(value)
    if case.state == c.STATE_CLOSED or number in dict(case.follow_ups):
        return store, False
    added = tuple(sorted((*case.follow_ups, (number, body))))
    return store.with_entry(c.ENTRY_CASE, case_id, replace(case, follow_ups=added).encode()), True
