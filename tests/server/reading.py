"""Reading a log over HTTP as anybody does, in pieces, without believing the server."""

from __future__ import annotations

from flask.testing import FlaskClient

from crypto.public import checkpoint, log_entries, notes, tiles
from crypto.public.checkpoint import Checkpoint
from crypto.public.log_entries import Entry
from crypto.public.tiles import ENTRIES, PROOFS


class Reading:
    """What a server's log says now."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def said(self) -> Checkpoint:
        """What the pending checkpoint says."""
        answer = self._client.get("/v1/log/pending")
        assert answer.content_type == "text/plain; charset=utf-8"
        return checkpoint.parse(notes.parse(answer.data).text)

    def tile(self, path: str) -> bytes:
        """A piece of it."""
        answer = self._client.get(f"/v1/log/tile/{path}")
        assert answer.status_code == 200, path
        assert answer.content_type == "application/octet-stream"
        return bytes(answer.data)

    def texts(self) -> tuple[bytes, ...]:
        """All entries."""
        return self._all(ENTRIES)

    def proofs(self) -> tuple[bytes, ...]:
        """What shows of each entry that it was signed."""
        return self._all(PROOFS)

    def entries(self) -> tuple[Entry, ...]:
        """All entries, read."""
        return tuple(map(log_entries.parse, self.texts()))

    def _all(self, rows: str) -> tuple[bytes, ...]:
        found: list[bytes] = []
        for tile in tiles.bundles(rows, 0, self.said().size):
            found += tiles.read_bundle(self.tile(tiles.path_of(tile)), tile.width)
        return tuple(found)
