"""Boxes: what the holder of a receipt may do, and the provider's answers.

Source: docs/spec/box.md; docs/spec/http.md, 3 and 4.
"""

from __future__ import annotations

import enum
import hmac
from collections.abc import Sequence

from sqlalchemy import Connection, delete

from crypto.constants import HASH_BYTES, REFERRAL_DAYS, SLOTS
from crypto.public import cover
from crypto.public.keys import proves
from server.models import box as box_table
from server.models import box_slot
from server.models import envelope as envelope_table
from server.services import box_rows, envelopes, rows
from server.services.codes import NOBODYS_HASH
from server.services.rows import Found
from server.wraps import Wraps


class Answered(enum.Enum):
    """What came of an answer."""

    STORED = enum.auto()
    TAKEN = enum.auto()
    REFUSED = enum.auto()


def read(
    connection: Connection,
    *,
    wraps: Wraps,
    filler_key: bytes,
    box_id: bytes,
    holder_key: bytes,
    slots: Sequence[int],
) -> list[bytes]:
    """Return 4,096 bytes for each slot asked for: the answer, or the cover of its place.

    The same is looked up and made whether or not box and key are right. Source: box.md, 4.
    """
    covers = {number: cover.slot(filler_key, box_id, number) for number in slots}
    box = _held(connection, wraps, box_id, holder_key)
    # Where nobody may read, look where nothing can be found.
    last_epoch = wraps.today + REFERRAL_DAYS if box is None else box.last_epoch
    looked_in = box_id if box is not None else wraps.random(len(box_id))
    there = _slots(connection, wraps, looked_in, last_epoch, slots)
    return [there[number].content if number in there else covers[number] for number in slots]


def add(
    connection: Connection,
    *,
    wraps: Wraps,
    box_id: bytes,
    holder_key: bytes,
    tag: bytes,
    envelope: bytes,
) -> int | None:
    """Store a follow-up (tag 16 bytes, envelope 5,273) until the box's last epoch, once.

    Returns that epoch, for the same tag and bytes again too; None is the refusal.
    Source: docs/spec/http.md, 3.
    """
    box = _held(connection, wraps, box_id, holder_key, lock=True)
    if box is None:
        return None
    content = box_rows.decode(box.content)
    standing = envelopes.find(connection, wraps, tag)
    if standing is not None:
        kept = envelopes.decode(standing.content).envelope
        same = tag in content.tags[1:] and hmac.compare_digest(kept, envelope)
        return box.last_epoch if same else None
    # Nothing is compared with a follow-up's hash; the row has a place for one like every other.
    added = envelopes.Content(wraps.random(HASH_BYTES), tag, envelope)
    if content.is_full or not envelopes.store(connection, wraps, added, box.last_epoch):
        return None
    changed = content.with_tag(tag).encode()
    rows.change(connection, wraps, box_table, box.number, box.lookup, box.last_epoch, changed)
    return box.last_epoch


def withdraw(connection: Connection, *, wraps: Wraps, box_id: bytes, holder_key: bytes) -> None:
    """End a box and its slots, and make filler of all its envelopes; says nothing either way.

    A walk-in keeps its look-up value, so that its envelope is not taken a second time
    (walk-in.md, 3). Source: docs/spec/http.md, 3.
    """
    box = _held(connection, wraps, box_id, holder_key, lock=True)
    if box is None:
        return
    rows.remove(connection, box_table, box.number)
    for found in _envelopes(connection, wraps, box):
        kept = envelopes.decode(found.content).is_walk_in
        lookup = found.lookup if kept else wraps.random(HASH_BYTES)
        nothing = envelopes.filler(wraps.random).encode()
        rows.change(
            connection, wraps, envelope_table, found.number, lookup, found.last_epoch, nothing
        )
    lookups = _slot_lookups(wraps, box_id, box.last_epoch, range(SLOTS))
    connection.execute(delete(box_slot).where(box_slot.c.lookup.in_(lookups.values())))


def renew(connection: Connection, *, wraps: Wraps, box_id: bytes, holder_key: bytes) -> int | None:
    """Set the end of a box, its slots and envelopes to 14 days from today, as far as it may be.

    Returns the last epoch, which is never lower than it was; None is the refusal.
    Source: docs/spec/http.md, 3.
    """
    box = _held(connection, wraps, box_id, holder_key, lock=True)
    if box is None:
        return None
    latest = box_rows.decode(box.content).latest_end
    last_epoch = min(wraps.today + REFERRAL_DAYS, latest)
    if last_epoch <= box.last_epoch:
        return box.last_epoch
    lookup = wraps.lookup(box_table.name, box_id, last_epoch)
    rows.change(connection, wraps, box_table, box.number, lookup, last_epoch, box.content)
    for found in _envelopes(connection, wraps, box):
        tag = envelopes.decode(found.content).tag
        lookup = wraps.lookup(envelope_table.name, tag, last_epoch)
        rows.change(
            connection, wraps, envelope_table, found.number, lookup, last_epoch, found.content
        )
    for number, slot in _slots(connection, wraps, box_id, box.last_epoch, range(SLOTS)).items():
        lookup = wraps.lookup(box_slot.name, box_rows.slot_id(box_id, number), last_epoch)
        rows.change(connection, wraps, box_slot, slot.number, lookup, last_epoch, slot.content)
    return last_epoch


def answer(
    connection: Connection,
    *,
    wraps: Wraps,
    box_id: bytes,
    write_key: bytes,
    slot: int,
    sealed: bytes,
) -> Answered:
    """Fill a slot (1 to 31) with 4,096 bytes; the first write wins, and may be repeated.

    Source: docs/spec/http.md, 4.
    """
    box = rows.find(connection, wraps, box_table, box_id, lock=True)
    kept = NOBODYS_HASH if box is None else box_rows.decode(box.content).write_key_hash
    if not proves(write_key, kept) or box is None:
        return Answered.REFUSED
    id_ = box_rows.slot_id(box_id, slot)
    if rows.store(connection, wraps, box_slot, id_, box.last_epoch, sealed):
        return Answered.STORED
    there = _slots(connection, wraps, box_id, box.last_epoch, [slot])
    same = slot in there and hmac.compare_digest(there[slot].content, sealed)
    return Answered.STORED if same else Answered.TAKEN


def _held(
    connection: Connection, wraps: Wraps, box_id: bytes, holder_key: bytes, *, lock: bool = False
) -> Found | None:
    """Return the live box whose holder key (32 bytes) this is, or None."""
    box = rows.find(connection, wraps, box_table, box_id, lock=lock)
    kept = NOBODYS_HASH if box is None else box_rows.decode(box.content).holder_key_hash
    return box if proves(holder_key, kept) else None


def _envelopes(connection: Connection, wraps: Wraps, box: Found) -> list[Found]:
    """Lock and open the envelopes of a box, which end with it."""
    tags = box_rows.decode(box.content).tags
    name = envelope_table.name
    lookups = [wraps.lookup(name, tag, box.last_epoch) for tag in tags]
    there = rows.find_all(connection, envelope_table, lookups, lock=True)
    found = (rows.opened(wraps, envelope_table, row) for row in there)
    return [one for one in found if one is not None]


def _slots(
    connection: Connection, wraps: Wraps, box_id: bytes, last_epoch: int, numbers: Sequence[int]
) -> dict[int, Found]:
    """Return the filled slots of a box among these numbers, opened."""
    lookups = _slot_lookups(wraps, box_id, last_epoch, numbers)
    there = rows.find_all(connection, box_slot, list(lookups.values()))
    by_lookup = {row.lookup: rows.opened(wraps, box_slot, row) for row in there}
    found = {number: by_lookup.get(lookup) for number, lookup in lookups.items()}
    return {number: slot for number, slot in found.items() if slot is not None}


def _slot_lookups(
    wraps: Wraps, box_id: bytes, last_epoch: int, numbers: Sequence[int]
) -> dict[int, bytes]:
    name = box_slot.name
    ids = {number: box_rows.slot_id(box_id, number) for number in numbers}
    return {number: wraps.lookup(name, id_, last_epoch) for number, id_ in ids.items()}
