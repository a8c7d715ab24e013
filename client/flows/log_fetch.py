"""Fetching what a server shows of its log behind an edge: checkpoint, list, entries and proofs.

Source: docs/spec/log.md, 3 and 5, step 2.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from client import wire
from client.api_log import LogApi
from client.errors import ServerProblem, Unreachable
from client.flows.audit import Shown
from crypto.constants import EDGE_HASHES
from crypto.errors import Refused
from crypto.public import checkpoint as checkpoints
from crypto.public import notes, suspensions, tiles
from crypto.public.checkpoint import Checkpoint
from crypto.public.tiles import Tile

_TRIES = 5

Progress = Callable[[int, int], None]
"""Called after each piece with the number of entries so far, and of all there are."""


def pending(api: LogApi, size: int, progress: Progress = lambda *_: None) -> Shown:
    """Return the pending checkpoint, its list, and the entries and proofs behind `size`.

    Begins again where another one became the pending one meanwhile. Raises Unreachable and
    ServerProblem; what does not fit together though nothing changed is returned as it is.
    """
    for _ in range(_TRIES):
        note = api.pending()
        said = read(note)
        listed = api.suspensions()
        fits = said is None or suspensions.hash_of(listed) == said.suspensions
        try:
            entries = _rows(api, tiles.ENTRIES, size, said, progress)
            proofs = _rows(api, tiles.PROOFS, size, said, progress)
        except ServerProblem as problem:
            if problem.kind != "no-route" or _text(api.pending()) == _text(note):
                raise
            continue
        if fits or _text(api.pending()) == _text(note):
            return Shown(checkpoint=note, suspensions=listed, entries=entries, proofs=proofs)
    raise Unreachable(
        "The log changed each time while it was read.", "Nothing is wrong with that: try again."
    )


def published_entries(api: LogApi, note: bytes, size: int) -> tuple[bytes, ...]:
    """Return the entries behind `size` of a published checkpoint, without proofs."""
    return _rows(api, tiles.ENTRIES, size, read(note), lambda *_: None)


def pending_size(api: LogApi) -> int:
    """Return how many entries the pending checkpoint says that there are; nobody vouches for it."""
    said = read(api.pending())
    if said is None or said.size >= 1 << EDGE_HASHES:
        raise wire.garbled()
    return said.size


def newest_first(api: LogApi, rows: str, size: int) -> Iterator[tuple[int, bytes]]:
    """Return the rows of entries or proofs with their numbers, from the last of `size` on."""
    for tile in reversed(tiles.bundles(rows, 0, size)):
        yield from reversed(list(enumerate(_bundle(api, tile), tile.first)))


def row(api: LogApi, rows: str, number: int, size: int) -> bytes:
    """Return one entry or proof of `size`."""
    tile = tiles.bundles(rows, number, size)[0]
    return _bundle(api, tile)[number - tile.first]


def read(note: bytes) -> Checkpoint | None:
    """Return what a checkpoint says, unverified; None for what is none."""
    try:
        return checkpoints.parse(notes.parse(note).text)
    except Refused:
        return None


def _rows(
    api: LogApi, rows: str, size: int, said: Checkpoint | None, progress: Progress
) -> tuple[bytes, ...]:
    """Return the rows of entries or proofs behind `size`; none where the log is shorter."""
    if said is None or said.size <= size:
        return ()
    if said.size >= 1 << EDGE_HASHES:
        raise wire.garbled()
    return tuple(_each(api, rows, size, said.size, progress))


def _each(api: LogApi, rows: str, first: int, size: int, progress: Progress) -> Iterator[bytes]:
    for tile in tiles.bundles(rows, first, size):
        values = _bundle(api, tile)
        progress(min(tile.first + tile.width, size), size)
        yield from values[max(0, first - tile.first) :]


def _bundle(api: LogApi, tile: Tile) -> tuple[bytes, ...]:
    try:
        return tiles.read_bundle(api.bundle(tile), tile.width)
    except Refused:
        raise wire.garbled() from None


def _text(note: bytes) -> bytes:
    """Return what was signed; cosignatures may come while the log is read."""
    return note.rpartition(b"\n\n")[0]
