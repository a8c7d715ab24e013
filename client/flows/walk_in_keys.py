"""Walk-ins as a provider has them: opening and closing, and each week's key.

The seed is in the store before the key is published. Another device of the organisation may have
published its own for the week: then this one's seed is forgotten, since nobody seals to it.

Source: docs/spec/walk-in.md, 1; docs/spec/http.md, 7.
"""

from __future__ import annotations

from client.api_signed import SignedApi
from client.errors import ServerProblem
from client.flows import kept
from client.flows.desk import Desk
from client.flows.kept import Room
from client.flows.signed_calls import told_plainly
from crypto import constants as c
from crypto.client import hpke, signing
from crypto.client.store import Store
from crypto.client.store_entries import WeeklyEntry
from crypto.encoding import monday
from crypto.public.keys import weekly_key_id

_NEXT_WEEK_FROM = 5  # Saturday: so that Monday begins with a key even if this device sleeps then


def set_room(desk: Desk, signed: SignedApi, said: Room, *, today: int) -> None:
    """Open or close walk-ins and say how much room there is; opened, there is a key at once."""
    with told_plainly():
        signed.put_capacity(said.walk_ins, said.capacity or None)
    desk.edit(lambda store: kept.with_room(store, said))
    publish_keys(desk, signed, today=today)


def publish_keys(desk: Desk, signed: SignedApi, *, today: int) -> int:
    """Publish this week's key, and from Saturday on the next week's, where they are missing.

    Returns how many were published; none while walk-ins are closed. Raises NotVetted where the
    server takes no signature, ServerProblem and Unreachable.
    """
    week, device = monday(today), desk.home.device
    store = desk.read()
    if not kept.room(store).walk_ins:
        return 0
    weeks = [week] if today - week < _NEXT_WEEK_FROM else [week, week + c.WEEKLY_KEY_DAYS]
    done = kept.weekly_done(store, device)
    return sum(_publish(desk, signed, one) for one in weeks if one not in done)


def live(store: Store, today: int) -> list[hpke.PrivateKey]:
    """Return the weekly keys that walk-ins may still be sealed to, the newest first."""
    weekly = [WeeklyEntry.decode(value) for _, value in store.of_kind(c.ENTRY_WEEKLY)]
    found = [one for one in weekly if one.last + c.WEEKLY_KEY_GRACE_DAYS >= today]
    found.sort(key=lambda one: -one.first)
    return [hpke.load_private(one.xwing_seed) for one in found]


def _publish(desk: Desk, signed: SignedApi, week: int) -> bool:
    """Publish one week's key; False where another device was first."""
    device = desk.home.device
    seed = _seed_of(desk.read(), week)
    if seed is None:
        seed = desk.random(c.XWING_SEED_BYTES)
        entry = WeeklyEntry(first=week, last=week + c.WEEKLY_KEY_DAYS - 1, xwing_seed=seed)
        entry_id = weekly_key_id(hpke.public_key(seed))
        desk.edit(lambda store: store.with_entry(c.ENTRY_WEEKLY, entry_id, entry.encode()))
    public_key = hpke.public_key(seed)
    key = signing.sign_weekly_key(
        desk.read().organisation_seed,
        network_id=desk.network_id,
        first=week,
        public_key=public_key,
    )
    try:
        with told_plainly():
            signed.put_weekly_key(bytes(key))
    except ServerProblem as problem:
        if problem.kind != "taken":
            raise
        gone = weekly_key_id(public_key)
        desk.edit(
            lambda store: kept.with_weekly_done(
                store.without_entry(c.ENTRY_WEEKLY, gone), device, week, own=False
            )
        )
        return False
    desk.edit(lambda store: kept.with_weekly_done(store, device, week, own=True))
    return True


def _seed_of(store: Store, week: int) -> bytes | None:
    for _, value in store.of_kind(c.ENTRY_WEEKLY):
        entry = WeeklyEntry.decode(value)
        if entry.first == week:
            return entry.xwing_seed
    return None
