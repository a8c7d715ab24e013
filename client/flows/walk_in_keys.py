"""Walk-ins as a provider has them: opening and closing, and each week's key.

The seed is in the store before the key is published; at a sync, in the store on the server too.
Another device of the organisation may have published its own for the week: then this one's seed is
forgotten, since nobody seals to it. Where a member left, new keys take the place of those whose
seeds she had. Where a listing ended and began anew, its keys went with it: a key that the directory
does not show is published again.

Source: docs/spec/walk-in.md, 1; docs/spec/http.md, 7.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress

from client.api import Api
from client.api_signed import SignedApi
from client.api_types import Listed
from client.errors import ServerProblem
from client.flows import kept, listing
from client.flows.desk import Desk
from client.flows.kept import Room
from client.flows.signed_calls import told_plainly
from crypto import constants as c
from crypto.client import hpke, signing
from crypto.client.store import Store
from crypto.client.store_entries import WeeklyEntry
from crypto.encoding import Random, Reader, monday, u32
from crypto.errors import Refused
from crypto.public.keys import weekly_key_id
from crypto.public.log_entries import hash_of_weekly_key
from crypto.public.organisation_keys import parse_weekly_key

_NEXT_WEEK_FROM = 5  # Saturday: so that Monday begins with a key even if this device sleeps then
_REPLACING = "weekly keys to replace"


def set_room(desk: Desk, api: Api, signed: SignedApi, said: Room, *, today: int) -> None:
    """Open or close walk-ins and say how much room there is; opened, there is a key at once."""
    with told_plainly():
        signed.put_capacity(said.walk_ins, said.capacity or None)
    desk.edit(lambda store: kept.with_room(store, said))
    again = lost(desk, api, today=today)
    prepare(desk, again, today=today)
    replace_keys(desk, api, signed, today=today)
    publish_keys(desk, signed, again, today=today)


def lost(desk: Desk, api: Api, *, today: int) -> frozenset[int]:
    """Return the weeks (Mondays) whose key was published, and which the directory does not show.

    None while walk-ins are closed, and of an organisation that the directory does not show: whose
    listing waits may still have its keys. What a server says here can only make this device publish
    again what it has published. Raises Unreachable and ServerProblem.
    """
    wanted = _wanted(desk, today)
    done = [one for one in wanted if one in kept.weekly_done(desk.read(), desk.home.device)]
    mine = _shown(desk, api) if done else None
    if mine is None:
        return frozenset()
    return frozenset(done) - set(_weeks_of(mine))


def prepare(desk: Desk, again: Collection[int] = (), *, today: int) -> None:
    """Draw the keys of this week, and from Saturday on of the next, that the store lacks.

    `again` are the weeks whose key was `lost`: where the store has several seeds of one, a former
    member may have one of them, so that a new one is to be published in its place.
    """
    store = desk.read()
    weeks = {week: len(_seeds_of(store, week)) for week in _missing(desk, again, today)}
    waiting = [week for week, _ in _replacing(store)]
    missing = [week for week, seeds in weeks.items() if not seeds]
    anew = [week for week, seeds in weeks.items() if seeds > 1 and week not in waiting]
    anew = [week for week in anew if week in again]
    if missing or anew:
        desk.edit(
            lambda store: _renewed(_with_drawn(store, missing, desk.random), anew, desk.random)
        )


def publish_keys(desk: Desk, signed: SignedApi, again: Collection[int] = (), *, today: int) -> int:
    """Publish this week's key, and from Saturday on the next week's, where they are missing.

    Also those of the weeks `again`, for which `prepare` and `replace_keys` came first. Returns how
    many were published; none while walk-ins are closed. Raises NotVetted where the server takes no
    signature, ServerProblem and Unreachable.
    """
    prepare(desk, today=today)
    return sum(_publish(desk, signed, one) for one in _missing(desk, again, today))


def renewed(store: Store, today: int, random: Random) -> Store:
    """Return a store with new keys for this week and the next, where they had any.

    They are to take the place of those on the server; the old seeds stay as long as walk-ins may
    come that are sealed to them.
    """
    week = monday(today)
    weeks = [one for one in (week, week + c.WEEKLY_KEY_DAYS) if _seeds_of(store, one)]
    return _renewed(store, weeks, random)


def replace_keys(desk: Desk, api: Api, signed: SignedApi, *, today: int) -> int:
    """Put the new keys in the place of those that a former member had; return how many.

    Raises as `publish_keys`: then they wait for the next sync.
    """
    wanted = _replacing(desk.read())
    if not wanted:
        return 0
    listed = [parse_weekly_key(key) for one in api.directory() for key in one.weekly_keys]
    there = {
        one.first: weekly_key_id(one.public_key)
        for one in listed
        if one.organisation == desk.organisation_key
    }
    published = 0
    for week, entry_id in wanted:
        value = desk.read().entries.get((c.ENTRY_WEEKLY, entry_id))
        if value is not None and week >= monday(today):
            seed = WeeklyEntry.decode(value).xwing_seed
            if there.get(week) != entry_id:
                with told_plainly():
                    signed.put_weekly_key(_signed(desk, week, seed), replaces=there.get(week))
            published += 1
        desk.edit(lambda store, done=week: _replaced(store, desk.home.device, done))  # type: ignore[misc]
    return published


def hashes(desk: Desk) -> set[bytes]:
    """Return the SHA-256 (32 bytes) of each weekly key, as the organisation signed it."""
    weekly = [WeeklyEntry.decode(value) for _, value in desk.read().of_kind(c.ENTRY_WEEKLY)]
    return {hash_of_weekly_key(_signed(desk, one.first, one.xwing_seed)) for one in weekly}


def live(store: Store, today: int) -> list[hpke.PrivateKey]:
    """Return the weekly keys that walk-ins may still be sealed to, the newest first."""
    weekly = [WeeklyEntry.decode(value) for _, value in store.of_kind(c.ENTRY_WEEKLY)]
    found = [one for one in weekly if one.last + c.WEEKLY_KEY_GRACE_DAYS >= today]
    found.sort(key=lambda one: -one.first)
    return [hpke.load_private(one.xwing_seed) for one in found]


def _wanted(desk: Desk, today: int) -> list[int]:
    """Return the weeks (Mondays) for which there should be a key now."""
    week = monday(today)
    if not kept.room(desk.read()).walk_ins:
        return []
    return [week] if today - week < _NEXT_WEEK_FROM else [week, week + c.WEEKLY_KEY_DAYS]


def _missing(desk: Desk, again: Collection[int], today: int) -> list[int]:
    """Return the weeks (Mondays) for which no key is published yet, or to be published again."""
    done = kept.weekly_done(desk.read(), desk.home.device)
    return [one for one in _wanted(desk, today) if one not in done or one in again]


def _weeks_of(shown: Listed) -> Iterator[int]:
    for key in shown.weekly_keys:
        with suppress(Refused):
            yield parse_weekly_key(key).first


def _shown(desk: Desk, api: Api) -> Listed | None:
    """Return what the directory shows of this organisation, unchecked."""
    own = desk.organisation_key
    return next((one for one in api.directory() if listing.key_of(one) == own), None)


def _publish(desk: Desk, signed: SignedApi, week: int) -> bool:
    """Publish one week's key, that of the first seed that the server takes or has already.

    False where another device was first: a single seed, that nobody can have sealed to, is then
    forgotten; of several, any may be the one before.
    """
    seeds = _seeds_of(desk.read(), week)
    own = any(_was_taken(signed, _signed(desk, week, seed)) for seed in seeds)

    def change(store: Store) -> Store:
        if not own and len(seeds) == 1:
            gone = weekly_key_id(hpke.public_key(seeds[0]))
            store = store.without_entry(c.ENTRY_WEEKLY, gone)
        return kept.with_weekly_done(store, desk.home.device, week, own=own)

    desk.edit(change)
    return own


def _was_taken(signed: SignedApi, key: bytes) -> bool:
    """Say whether the server took a key, or has it already; False where another is there."""
    try:
        with told_plainly():
            signed.put_weekly_key(key)
    except ServerProblem as problem:
        if problem.kind != "taken":
            raise
        return False
    return True


def _signed(desk: Desk, week: int, seed: bytes) -> bytes:
    return bytes(
        signing.sign_weekly_key(
            desk.read().organisation_seed,
            network_id=desk.network_id,
            first=week,
            public_key=hpke.public_key(seed),
        )
    )


def _with_drawn(store: Store, weeks: Sequence[int], random: Random) -> Store:
    for week in weeks:
        seed = random(c.XWING_SEED_BYTES)
        entry = WeeklyEntry(first=week, last=week + c.WEEKLY_KEY_DAYS - 1, xwing_seed=seed)
        entry_id = weekly_key_id(hpke.public_key(seed))
        store = store.with_entry(c.ENTRY_WEEKLY, entry_id, entry.encode())
    return store


def _renewed(store: Store, weeks: Sequence[int], random: Random) -> Store:
    """Return a store with a new key for each of these weeks, to be put in the other's place."""
    before = set(store.entries)
    store = _with_drawn(store, weeks, random)
    fresh = [
        (WeeklyEntry.decode(value).first, entry_id)
        for entry_id, value in store.of_kind(c.ENTRY_WEEKLY)
        if (c.ENTRY_WEEKLY, entry_id) not in before
    ]
    others = [one for one in _replacing(store) if one[0] not in weeks]
    return _with_replacing(store, sorted([*others, *fresh])) if fresh else store


def _seeds_of(store: Store, week: int) -> list[bytes]:
    """Return a week's seeds in the order of their ids, so that all members publish the same."""
    weekly = (WeeklyEntry.decode(value) for _, value in sorted(store.of_kind(c.ENTRY_WEEKLY)))
    return [one.xwing_seed for one in weekly if one.first == week]


def _replacing(store: Store) -> list[tuple[int, bytes]]:
    """Return the keys that are to take another's place: week and id (16 bytes)."""
    reader = Reader(kept.get(store, _REPLACING) or b"")
    found = []
    while reader.left:
        found.append((reader.u32(), reader.take(c.ENTRY_ID_BYTES)))
    return found


def _with_replacing(store: Store, wanted: Sequence[tuple[int, bytes]]) -> Store:
    if not wanted:
        return kept.drop(store, _REPLACING)
    return kept.put(store, _REPLACING, b"".join(u32(week) + one for week, one in wanted))


def _replaced(store: Store, device: bytes, week: int) -> Store:
    left = [one for one in _replacing(store) if one[0] != week]
    return kept.with_weekly_done(_with_replacing(store, left), device, week, own=True)
