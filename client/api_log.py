"""The calls by which the log is read, the same for everybody, and a witness's one call.

Source: docs/spec/log.md, 3 and 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from client.api import Api
from crypto.public import tiles
from crypto.public.notes import SignatureLine
from crypto.public.tiles import Tile

_LOG = "/v1/log"


@dataclass(frozen=True, slots=True)
class Cosigned:
    """What became of a cosignature: how many there are, how many it takes, whether that is all."""

    cosignatures: int
    needed: int
    published: bool


class LogApi:
    """Calls about one server's log; nothing that comes back is believed here."""

    __slots__ = ("_api",)

    def __init__(self, api: Api) -> None:
        self._api = api

    def published(self) -> bytes:
        """Return the checkpoint that people are shown."""
        return self._api.get_text(f"{_LOG}/checkpoint")

    def pending(self) -> bytes:
        """Return the newest checkpoint that the log has signed."""
        return self._api.get_text(f"{_LOG}/pending")

    def suspensions(self) -> bytes:
        """Return the list that the pending checkpoint names."""
        return self._api.get_text(f"{_LOG}/suspensions")

    def bundle(self, tile: Tile) -> bytes:
        """Return a tile of entries or proofs; raises ServerProblem "no-route" for one beyond."""
        return self._api.get_octets(f"{_LOG}/tile/{tiles.path_of(tile)}", {})

    def cosign(self, line: SignatureLine) -> Cosigned:
        """Hand in a cosignature over the pending checkpoint.

        Raises ServerProblem, "unsigned" and "stale" among them. Source: docs/spec/log.md, 4
        """
        said = self._api.post(f"{_LOG}/cosignatures", {"cosignature": str(line).rstrip("\n")})
        return Cosigned(said.number("cosignatures"), said.number("needed"), said.flag("published"))
