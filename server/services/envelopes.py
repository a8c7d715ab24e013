"""What stands in an envelope's row: a referral, follow-up, walk-in or filler, all in one form.

Source: docs/spec/conventions.md, 8; docs/spec/envelope.md, 7.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from sqlalchemy import Connection

from crypto.constants import BINDING_BYTES, HASH_BYTES, REFERRAL_DAYS, WEEKLY_KEY_DAYS
from crypto.encoding import Random, monday
from crypto.public import cover, requests
from server.models import envelope as table
from server.services import rows
from server.services.rows import Found
from server.wraps import Wraps

_TAG_END = HASH_BYTES + BINDING_BYTES
_WALK_IN_DAYS = 2 * WEEKLY_KEY_DAYS - 1  # the week of its key and the week of grace


@dataclass(frozen=True, slots=True)
class Content:
    """H(request) (32 bytes; random where nobody compares it), tag (16), envelope (5,273)."""

    request_hash: bytes = field(repr=False)
    tag: bytes = field(repr=False)
    envelope: bytes = field(repr=False)

    @property
    def is_walk_in(self) -> bool:
        """Whether the tag is the envelope's own hash: so a walk-in is known without a mark."""
        return hmac.compare_digest(self.tag, requests.walk_in_tag(self.envelope))

    def encode(self) -> bytes:
        """Return the 5,321 bytes that are sealed in the row."""
        return self.request_hash + self.tag + self.envelope


def decode(content: bytes) -> Content:
    """Read what `Content.encode` wrote."""
    return Content(content[:HASH_BYTES], content[HASH_BYTES:_TAG_END], content[_TAG_END:])


def filler(random: Random) -> Content:
    """Return what a withdrawn row holds: nothing, sealed to nobody. Source: envelope.md, 7."""
    return Content(random(HASH_BYTES), random(BINDING_BYTES), cover.envelope(random))


def end_of_referral(arrived: int) -> int:
    """Return the first last epoch of a referral that arrived on a day. Source: envelope.md, 8."""
    return arrived + REFERRAL_DAYS


def latest_end_of_walk_in(arrived: int) -> int:
    """Return the last epoch that no walk-in of this day outlives. Source: walk-in.md, 2."""
    return monday(arrived) + _WALK_IN_DAYS


def end_of_walk_in(arrived: int) -> int:
    """Return the first last epoch of a walk-in that arrived on a day. Source: http.md, 3."""
    return min(end_of_referral(arrived), latest_end_of_walk_in(arrived))


def find(connection: Connection, wraps: Wraps, tag: bytes) -> Found | None:
    """Find the live envelope of a tag (16 bytes), which is not filler."""
    return rows.find(connection, wraps, table, tag)


def store(connection: Connection, wraps: Wraps, content: Content, last_epoch: int) -> bool:
    """Store an envelope that arrives today; False where its tag stands. It has no cursor yet."""
    columns = {"cursor": None, "arrived": wraps.today}
    return rows.store(
        connection, wraps, table, content.tag, last_epoch, content.encode(), **columns
    )
