"""What stands in a box's row and how a box begins; the calls on boxes are in boxes.py.

Source: docs/spec/box.md; docs/spec/conventions.md, 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from crypto.constants import BINDING_BYTES, FOLLOW_UPS, HASH_BYTES
from crypto.encoding import Reader, pad, u8, u32
from crypto.public import requests
from server.models import box as table
from server.models import box_slot
from server.services import rows
from server.wraps import Wraps

_MOST_TAGS = 1 + FOLLOW_UPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Two key hashes (32 bytes each), two days, and the tags (16 bytes) of the box's envelopes.

    The first tag is the request's, the others are follow-ups' in the order of arrival.
    """

    holder_key_hash: bytes = field(repr=False)
    write_key_hash: bytes = field(repr=False)
    arrived: int
    latest_end: int
    tags: tuple[bytes, ...] = field(repr=False)

    @property
    def is_full(self) -> bool:
        """Whether no further follow-up is taken."""
        return len(self.tags) == _MOST_TAGS

    def with_tag(self, tag: bytes) -> Content:
        """Return the content with one more follow-up."""
        return replace(self, tags=(*self.tags, tag))

    def encode(self) -> bytes:
        """Return the 201 bytes that are sealed in the row, however many envelopes there are."""
        days = u32(self.arrived) + u32(self.latest_end)
        tags = pad(b"".join(self.tags), _MOST_TAGS * BINDING_BYTES)
        return self.holder_key_hash + self.write_key_hash + days + u8(len(self.tags)) + tags


def decode(content: bytes) -> Content:
    """Read what `Content.encode` wrote."""
    reader = Reader(content)
    return Content(
        holder_key_hash=reader.take(HASH_BYTES),
        write_key_hash=reader.take(HASH_BYTES),
        arrived=reader.u32(),
        latest_end=reader.u32(),
        tags=tuple(reader.take(BINDING_BYTES) for _ in range(reader.u8())),
    )


def slot_id(box_id: bytes, number: int) -> bytes:
    """Return the id under which a slot's row is looked up."""
    return box_id + u8(number)


def begin(
    connection: Connection,
    wraps: Wraps,
    asked: requests.Box | None,
    *,
    tag: bytes,
    last_epoch: int,
    latest_end: int,
) -> bool:
    """Store the box of a request that arrives today, empty but for slot 0.

    True also where no box is asked for; False where the box id stands already.
    """
    if asked is None:
        return True
    # The look-up column keeps two of one day apart; this, those of different ends.
    if rows.find(connection, wraps, table, asked.id) is not None:
        return False
    content = Content(
        holder_key_hash=asked.holder_key_hash,
        write_key_hash=asked.write_key_hash,
        arrived=wraps.today,
        latest_end=latest_end,
        tags=(tag,),
    )
    if not rows.store(connection, wraps, table, asked.id, last_epoch, content.encode()):
        return False
    slot_0 = slot_id(asked.id, 0)
    return rows.store(connection, wraps, box_slot, slot_0, last_epoch, asked.slot_0)
