"""The log as anybody reads it: pieces of its tree, its entries, and what shows they were signed.

Source: docs/spec/log.md, 3.
"""

from __future__ import annotations

from sqlalchemy import Connection

from crypto.constants import TILE_WIDTH
from crypto.errors import Malformed
from crypto.public import tiles
from crypto.public.tiles import ENTRIES, PROOFS
from server.services import checkpoints, log_entries


def piece(connection: Connection, path: str) -> bytes | None:
    """Return what lies at a path below `tile/`; None for another path, or beyond the log's end.

    Source: docs/spec/log.md, 3
    """
    newest = checkpoints.newest(connection)
    try:
        tile = tiles.parse_path(path)
    except Malformed:
        return None
    if newest is None or not tiles.is_in(tile, newest.said.size):
        return None
    if tile.rows in (ENTRIES, PROOFS):
        entries, proofs = log_entries.rows(connection, tile.first, tile.width)
        return tiles.write_bundle(entries if tile.rows == ENTRIES else proofs)
    last = (tile.first + tile.width) * TILE_WIDTH**tile.level
    return tiles.hashes_of(tile, log_entries.leaves(connection, last))
