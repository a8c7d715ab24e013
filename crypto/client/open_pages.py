"""Which pages of one device are open, or ended without being locked.

Source: docs/spec/store.md, section 8; docs/spec/codes.md, section 10.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crypto import constants as c
from crypto.encoding import Reader, u16


@dataclass(frozen=True, slots=True)
class OpenPages:
    """The turn of the next page, and the turn of each page that is open, by its id (8 bytes)."""

    turn: int = field(default=0, repr=False)
    turns: Mapping[bytes, int] = field(default_factory=dict, repr=False)

    def encode(self) -> bytes:
        """Return it as the store keeps it."""
        pages = (page + u16(self.turns[page]) for page in sorted(self.turns))
        return u16(self.turn) + b"".join(pages)

    @classmethod
    def decode(cls, value: bytes) -> OpenPages:
        """Read what `encode` wrote; raises Malformed."""
        reader = Reader(value)
        turn = reader.u16()
        turns = {}
        while reader.left:
            page = reader.take(c.PAGE_ID_BYTES)
            turns[page] = reader.u16()
        return cls(turn, turns)


def merged(base: OpenPages, mine: OpenPages, theirs: OpenPages) -> OpenPages:
    """Return what two clients made of one list: a page that one of them took away is gone."""
    ours, others = mine.turns, theirs.turns
    turns = {
        page: max(side[page] for side in (ours, others) if page in side)
        for page in ours.keys() | others.keys()
        if page not in base.turns or (page in ours and page in others)
    }
    return OpenPages(max(mine.turn, theirs.turn), turns)
