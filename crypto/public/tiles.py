"""Tiles and bundles: the pieces in which a log is read over HTTP (C2SP tlog-tiles).

Source: docs/spec/log.md, 3
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.constants import EDGE_HASHES, HASH_BYTES, NOTE_BYTES, TILE_WIDTH
from crypto.encoding import Reader, lp
from crypto.errors import Malformed, TooLong
from crypto.public import log

ENTRIES = "entries"
PROOFS = "proofs"
_LEVELS = 4  # of 256-fold hashes, in a tree of fewer than 2^26 entries
_PATH = re.compile(r"(entries|proofs|[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


@dataclass(frozen=True, slots=True)
class Tile:
    """A piece of a log: `rows` says of what (a level from "0" on, `ENTRIES` or `PROOFS`).

    It has `width` (1 to 256) rows, from row `256 · number` on.
    """

    rows: str
    number: int
    width: int = TILE_WIDTH

    @property
    def first(self) -> int:
        """The number of its first row."""
        return self.number * TILE_WIDTH

    @property
    def level(self) -> int:
        """How many leaves one row stands for, as a power of 256."""
        return int(self.rows) if self.rows.isdigit() else 0


def path_of(tile: Tile) -> str:
    """Return where a tile lies below `/v1/log/tile/`; raises Malformed for one that is none.

    Source: docs/spec/log.md, 3
    """
    groups = [f"{tile.number % 1000:03}"]
    rest = tile.number // 1000
    while rest:
        groups.insert(0, f"x{rest % 1000:03}")
        rest //= 1000
    part = "" if tile.width == TILE_WIDTH else f".p/{tile.width}"
    path = f"{tile.rows}/{'/'.join(groups)}{part}"
    if parse_path(path) != tile:
        raise Malformed
    return path


def parse_path(path: str) -> Tile:
    """Read where a tile lies below `/v1/log/tile/`; raises Malformed for another path.

    Source: docs/spec/log.md, 3
    """
    match = _PATH.fullmatch(path)
    if match is None or match[2].startswith("x000"):
        raise Malformed
    number = int(match[2].replace("x", "").replace("/", ""))
    width = TILE_WIDTH if match[3] is None else int(match[3])
    partial_is_whole = match[3] is not None and width >= TILE_WIDTH
    if partial_is_whole or number * TILE_WIDTH >= 1 << EDGE_HASHES:
        raise Malformed
    return Tile(match[1], number, width)


def is_in(tile: Tile, size: int) -> bool:
    """Say whether a tree of `size` entries has all rows of this tile."""
    return tile.first + tile.width <= size >> 8 * tile.level


def bundles(rows: str, first: int, size: int) -> tuple[Tile, ...]:
    """Return the tiles of `ENTRIES` or `PROOFS` that have rows `first` up to, not with, `size`."""
    numbers = range(first // TILE_WIDTH, -(-size // TILE_WIDTH)) if first < size else ()
    return tuple(Tile(rows, n, min(TILE_WIDTH, size - n * TILE_WIDTH)) for n in numbers)


def hashes_of(tile: Tile, leaves: Sequence[bytes]) -> bytes:
    """Return the rows of a tile of hashes, from all leaf hashes of a tree that has them."""
    each = 1 << 8 * tile.level
    rows = range(tile.first * each, (tile.first + tile.width) * each, each)
    return b"".join(log.root_of(leaves[at : at + each]) for at in rows)


def write_bundle(values: Sequence[bytes]) -> bytes:
    """Write 1 to 256 entries (at most 16,384 bytes each) or proofs; raises TooLong."""
    if len(values) > TILE_WIDTH or any(len(value) > NOTE_BYTES for value in values):
        raise TooLong
    return b"".join(map(lp, values))


def read_bundle(data: bytes, width: int) -> tuple[bytes, ...]:
    """Read the `width` entries or proofs of a bundle; raises Malformed for more, fewer or longer.

    Source: docs/spec/log.md, 3
    """
    reader = Reader(data)
    values = tuple(reader.lp(NOTE_BYTES) for _ in range(width))
    reader.end()
    return values


def read_hashes(data: bytes, width: int) -> tuple[bytes, ...]:
    """Read the `width` hashes of a tile; raises Malformed for more or fewer."""
    if len(data) != width * HASH_BYTES:
        raise Malformed
    return tuple(data[at : at + HASH_BYTES] for at in range(0, len(data), HASH_BYTES))
