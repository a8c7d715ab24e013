"""What the store keeps beside codes and cases, under names of its own (kind 6).

Source: docs/spec/store.md, 3 and 8.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crypto import constants as c
from crypto.client import settings as names
from crypto.client.settings import setting_id
from crypto.client.store import Store
from crypto.client.store_entries import MemberEntry
from crypto.encoding import Reader, lp, text, u8, u16, u32, u64, utf8
from crypto.errors import Malformed
from crypto.public import edge
from crypto.public.edge import Edge
from crypto.public.policy import Region

APPLICATION = names.APPLICATION


def get(store: Store, name: str) -> bytes | None:
    """Return a setting, or None."""
    return store.entries.get((c.ENTRY_SETTING, setting_id(name)))


def put(store: Store, name: str, value: bytes) -> Store:
    """Return a store with this setting."""
    return store.with_entry(c.ENTRY_SETTING, setting_id(name), value)


def drop(store: Store, name: str) -> Store:
    """Return a store without this setting."""
    return store.without_entry(c.ENTRY_SETTING, setting_id(name))


def cursor(store: Store) -> int:
    """Return the last cursor of the drop up to which everything is filed."""
    value = get(store, names.CURSOR)
    return Reader(value).u64() if value else 0


def with_cursor(store: Store, last: int) -> Store:
    """Return a store with this cursor, or its own where that is higher."""
    return put(store, names.CURSOR, u64(max(last, cursor(store))))


def drop_key(store: Store, week: int) -> bytes | None:
    """Return the drop key (32 bytes) of the week that begins on this Monday, or None."""
    value = get(store, names.DROP_KEY)
    if value is None or Reader(value).u32() != week:
        return None
    return value[c.EPOCH_BYTES :]


def with_drop_key(store: Store, week: int, key: bytes) -> Store:
    """Return a store with a week's drop key."""
    return put(store, names.DROP_KEY, u32(week) + key)


def unreadable(store: Store) -> dict[bytes, int]:
    """Return what was for this organisation and did not open: tag (16 bytes) to day seen."""
    reader = Reader(get(store, names.UNREADABLE) or b"")
    found = {}
    while reader.left:
        tag = reader.take(c.BINDING_BYTES)
        found[tag] = reader.u32()
    return found


def with_unreadable(store: Store, tags: Iterable[bytes], today: int) -> Store:
    """Return a store that remembers these tags from today on, and forgets those of 90 days ago."""
    known = unreadable(store)
    fresh = {tag: known.get(tag, today) for tag in (*known, *tags)}
    kept = {tag: day for tag, day in fresh.items() if day + c.UNREADABLE_DAYS >= today}
    if kept == known:
        return store
    latest = list(kept.items())[-c.UNREADABLE_MOST :]
    return put(store, names.UNREADABLE, b"".join(tag + u32(day) for tag, day in latest))


@dataclass(frozen=True, slots=True)
class Room:
    """Whether walk-ins are taken, and how much room there is (id of `capacity`, 0 not said)."""

    walk_ins: bool = False
    capacity: int = 0


def room(store: Store) -> Room:
    """Return what this organisation says of itself; walk-ins are closed until it opens them."""
    value = get(store, names.WALK_INS)
    if value is None:
        return Room()
    reader = Reader(value)
    return Room(bool(reader.u8()), reader.u16())


def with_room(store: Store, said: Room) -> Store:
    """Return a store with what this organisation says of itself."""
    return put(store, names.WALK_INS, u8(said.walk_ins) + u16(said.capacity))


def weekly_done(store: Store, device: bytes) -> dict[int, bool]:
    """Return the weeks (Mondays) settled for a device, and whether the key there is its own."""
    reader = Reader(get(store, names.weekly_of(device)) or b"")
    found = {}
    while reader.left:
        week = reader.u32()
        found[week] = bool(reader.u8())
    return found


def with_weekly_done(store: Store, device: bytes, week: int, own: bool) -> Store:
    """Return a store that knows that a week's key is published, here or on another device."""
    weeks = {**weekly_done(store, device), week: own}
    latest = sorted(weeks.items())[-c.WEEKS_KNOWN_MOST :]
    value = b"".join(u32(week) + u8(own) for week, own in latest)
    return put(with_device(store, device), names.weekly_of(device), value)


def regions(store: Store) -> tuple[Region, ...]:
    """Return the network's own regions, as its policy last said."""
    reader = Reader(get(store, names.REGIONS) or b"")
    found = []
    while reader.left:
        number = reader.u16()
        found.append(Region(number, text(reader.lp())))
    return tuple(found)


def with_regions(store: Store, said: Iterable[Region]) -> Store:
    """Return a store with the network's own regions."""
    value = b"".join(u16(one.number) + lp(utf8(one.name)) for one in said)
    return put(store, names.REGIONS, value)


def member_keys(store: Store) -> list[bytes]:
    """Return the members' Ed25519 keys (32 bytes each), ascending."""
    values = (value for _, value in store.of_kind(c.ENTRY_MEMBER))
    return sorted(MemberEntry.decode(value).ed25519_public_key for value in values)


def members_known(store: Store) -> bool:
    """Say whether the server was told the members that stand in the store now."""
    return get(store, names.MEMBERS) == _list_hash(member_keys(store))


def with_members_known(store: Store, keys: Sequence[bytes]) -> Store:
    """Return a store that knows which members the server was told."""
    return put(store, names.MEMBERS, _list_hash(keys))


def devices(store: Store) -> tuple[bytes, ...]:
    """Return the numbers (4 bytes each) of all devices that keep something of their own here."""
    value = get(store, names.DEVICES) or b""
    return tuple(value[at : at + c.DEVICE_BYTES] for at in range(0, len(value), c.DEVICE_BYTES))


def with_device(store: Store, device: bytes) -> Store:
    """Return a store that knows of this device."""
    known = devices(store)
    return store if device in known else put(store, names.DEVICES, b"".join((*known, device)))


def with_written(store: Store, member_id: bytes, today: int) -> Store:
    """Return a store that says who writes it (id of 16 bytes) and on which day."""
    return put(store, names.WRITTEN, member_id + u32(today))


def log_edge(store: Store) -> Edge:
    """Return the edge of the network's log as it was last seen; of nothing where it never was."""
    try:
        return edge.decode(get(store, names.LOG) or edge.encode(edge.EMPTY))
    except Malformed:
        return edge.EMPTY


def with_log_edge(store: Store, seen: Edge) -> Store:
    """Return a store that knows how far the network's log was seen."""
    return put(store, names.LOG, edge.encode(seen))


def listed_until(store: Store) -> int | None:
    """Return the last epoch on which the log lists this organisation, as it was last seen."""
    value = get(store, names.LISTED)
    return Reader(value).u32() if value else None


def with_listed_until(store: Store, until: int) -> Store:
    """Return a store that knows the last epoch on which the log lists this organisation."""
    return put(store, names.LISTED, u32(until))


def _list_hash(keys: Sequence[bytes]) -> bytes:
    return hashlib.sha256(b"".join(sorted(keys))).digest()
