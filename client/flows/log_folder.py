"""The folder of whoever follows a log: every entry so far, and what was last accepted.

`state` is the one word on how far that is: it is replaced whole and lies on the disk before
anything is signed, so that no stop at any moment lets a witness sign less than it has signed, or
two roots of one size. Entries lie in the layout of C2SP tlog-tiles below `tile/`; what lies there
beyond the state's size is left from a run that was stopped, and counts for nothing.

Source: docs/spec/log.md, 5.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from client.errors import BadInput, FirstDo, NotReadable, Trouble
from client.flows import log_known
from client.flows.log_findings import Found
from client.flows.log_known import Known
from crypto.constants import NETWORK_ID_BYTES, TILE_WIDTH
from crypto.encoding import b64, unb64
from crypto.errors import Refused
from crypto.public import edge, tiles
from crypto.public.edge import Edge

_STATE, _LOCK, _NETWORK = "state", "lock", "network"
_DAMAGED = (
    "Do not go on with an older copy of it: a witness must not forget what it has signed."
    " Begin with a new folder and a new key, and give the admins its line."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What was last accepted: the edge, the checkpoint (a note) and its list; empty at first."""

    edge: Edge = edge.EMPTY
    checkpoint: bytes = field(default=b"", repr=False)
    suspensions: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Rows:
    """Entries and their proofs, as many."""

    entries: tuple[bytes, ...] = field(default=(), repr=False)
    proofs: tuple[bytes, ...] = field(default=(), repr=False)


class LogFolder:
    """A folder that is there, of the log of one network (id of 32 bytes)."""

    __slots__ = ("network_id", "path")

    def __init__(self, path: Path, network_id: bytes) -> None:
        self.path = path
        self.network_id = network_id

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Let nobody else write here; raises Trouble where somebody does already."""
        file = os.open(self.path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Trouble(
                    "Another run works with this folder just now.",
                    "Nothing was done; it is not needed twice.",
                ) from None
            yield
        finally:
            os.close(file)

    def state(self) -> State:
        """Return what was last accepted; raises NotReadable for a file that does not say so."""
        file = self.path / _STATE
        if not file.exists():
            return State()
        try:
            said = json.loads(file.read_bytes())
            return State(
                edge=edge.decode(unb64(said["edge"])),
                checkpoint=unb64(said["checkpoint"]),
                suspensions=unb64(said["suspensions"]),
            )
        except (ValueError, KeyError, TypeError, Refused):
            raise _damaged("what was accepted last can't be read") from None

    def rows(self, size: int) -> Rows:
        """Return the first `size` entries and their proofs; raises NotReadable."""
        return Rows(self._read(tiles.ENTRIES, size), self._read(tiles.PROOFS, size))

    def known(self) -> Known:
        """Work out what is known from the entries here, whose signatures were checked before.

        Raises NotReadable where they are not those that were accepted.
        """
        state = self.state()
        entries = self._read(tiles.ENTRIES, state.edge.size)
        try:
            known = log_known.follow(Known(network_id=self.network_id), entries, None)
        except Found as found:
            raise _damaged(found.finding.sentence) from None
        if known.edge != state.edge:
            raise _damaged("its entries are not those that were accepted")
        return known

    def accept(self, rows: Rows, state: State) -> None:
        """Write down the entries behind the last state and then the new one, to the disk.

        Raises Trouble where the disk refuses; then the state before stands.
        """
        before = self.state()
        if state == before:
            return
        try:
            for name, values in ((tiles.ENTRIES, rows.entries), (tiles.PROOFS, rows.proofs)):
                self._append(name, before.edge.size, values)
            said = {
                "edge": b64(edge.encode(state.edge)),
                "checkpoint": b64(state.checkpoint),
                "suspensions": b64(state.suspensions),
            }
            replace(self.path / _STATE, json.dumps(said, indent=1).encode() + b"\n")
            self._forget_parts(before.edge.size, state.edge.size)
        except OSError as trouble:
            raise Trouble(
                f"This machine could not write down what it saw: {trouble.strerror}.",
                "Nothing was signed. Make room or mend the disk, then run this again.",
            ) from None

    def _append(self, rows: str, first: int, values: Sequence[bytes]) -> None:
        """Write the tiles that have these rows behind `first`, each whole."""
        for tile in tiles.bundles(rows, first, first + len(values)):
            already = self._read_tile(rows, tile.number, first - tile.first)
            at = max(0, tile.first - first)
            new = values[at : at + tile.width - len(already)]
            replace(self._file(tile), tiles.write_bundle((*already, *new)))

    def _forget_parts(self, first: int, size: int) -> None:
        """Remove the last partial tiles of a smaller log; wider ones take their place."""
        if first == size or first % TILE_WIDTH == 0:
            return
        for rows in (tiles.ENTRIES, tiles.PROOFS):
            self._file(tiles.bundles(rows, first - 1, first)[-1]).unlink(missing_ok=True)

    def _read(self, rows: str, size: int) -> tuple[bytes, ...]:
        return tuple(
            value
            for tile in tiles.bundles(rows, 0, size)
            for value in self._read_tile(rows, tile.number, tile.width)
        )

    def _read_tile(self, rows: str, number: int, width: int) -> tuple[bytes, ...]:
        if width <= 0:
            return ()
        try:
            data = self._file(tiles.Tile(rows, number, width)).read_bytes()
            return tiles.read_bundle(data, width)
        except (FileNotFoundError, Refused):
            raise _damaged("a piece of the log is missing or changed") from None

    def _file(self, tile: tiles.Tile) -> Path:
        return self.path / "tile" / tiles.path_of(tile)


def begin(path: Path, network_id: bytes) -> LogFolder:
    """Make a folder for its owner alone, of the log of the network with this id (32 bytes).

    Raises BadInput where something is there already, Trouble where the disk refuses.
    """
    _make(path)
    replace(path / _NETWORK, f"{network_id.hex()}\n".encode())
    return LogFolder(path, network_id)


def open_(path: Path) -> LogFolder:
    """Open a folder that `begin` made; raises FirstDo for another one."""
    try:
        network_id = bytes.fromhex((path / _NETWORK).read_text().strip())
    except (OSError, ValueError):
        network_id = b""
    if len(network_id) != NETWORK_ID_BYTES:
        raise FirstDo(
            f"{path} is no folder of somebody who follows a log.",
            "`towpath witness init` or `towpath verify-log --folder` makes one.",
        )
    return LogFolder(path, network_id)


def _make(path: Path) -> None:
    try:
        path.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        if not path.is_dir() or any(path.iterdir()):
            raise BadInput(f"{path} is there already.", "Name another folder.") from None
    except OSError as trouble:
        raise Trouble(f"{path} can't be made: {trouble.strerror}.") from None


def replace(path: Path, data: bytes) -> None:
    """Put a file in the place of the one before, to the disk; a stop leaves one of the two."""
    made = [one for one in (path.parent, *path.parent.parents) if not one.exists()]
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.writing")
    file = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(file, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(path)
    for folder in (path.parent, *(one.parent for one in made)):
        _fsync_folder(folder)


def _fsync_folder(path: Path) -> None:
    file = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _damaged(what: str) -> NotReadable:
    return NotReadable(f"This folder is damaged: {what}.", _DAMAGED)
