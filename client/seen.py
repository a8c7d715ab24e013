"""What this device remembers of networks, so that no server shows it an older one or another.

    seen-<network id>   one small file a network: the highest policy version, the size and root of
                        the largest log, the latest day of a checkpoint (JSON)

Nothing else is in it: no code, no receipt, no request, no server's address, no time finer than a
day. That the file is there shows that Towpath was used on this device.

A provider's lies in the provider's folder. Everybody else's lies in the user's folder for such
things; TOWPATH_STATE names another one, and an empty TOWPATH_STATE keeps none.

Source: docs/spec/statements.md, 7 ("Remembering")
"""

from __future__ import annotations

import fcntl
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from client.errors import NotReadable, Trouble
from crypto.constants import HASH_BYTES
from crypto.public import seen
from crypto.public.seen import NOTHING_SEEN, Seen

_VERSION = 1
_MOST = 1_024
_NUMBER_MOST = 1 << 64


class Memory(Protocol):
    """Where what was seen is kept, by networks' ids (32 bytes)."""

    def recall(self, network_id: bytes) -> Seen:
        """Return what was seen of a network before; raises NotReadable, Trouble."""

    def keep(self, network_id: bytes, newest: Seen) -> None:
        """Remember what was seen now, where it is more than what is remembered."""


class ForNow:
    """Remembers as long as this program runs."""

    __slots__ = ("_networks",)

    def __init__(self) -> None:
        self._networks: dict[bytes, Seen] = {}

    def recall(self, network_id: bytes) -> Seen:
        """Return what was seen of a network before."""
        return self._networks.get(network_id, NOTHING_SEEN)

    def keep(self, network_id: bytes, newest: Seen) -> None:
        """Remember what was seen now."""
        self._networks[network_id] = seen.later(newest, self.recall(network_id))


class Kept:
    """Remembers for good, in a folder: a file for each network, readable by its owner alone.

    With `must`, what can't be written stops the command; without it (a folder that is read-only on
    purpose, as on a stick) this program alone remembers.
    """

    __slots__ = ("_folder", "_must", "_now")

    def __init__(self, folder: Path, *, must: bool) -> None:
        self._folder = folder
        self._must = must
        self._now = ForNow()

    def recall(self, network_id: bytes) -> Seen:
        """Return what was seen of a network before; raises NotReadable, Trouble."""
        return seen.later(self._now.recall(network_id), self._read(self._file(network_id)))

    def keep(self, network_id: bytes, newest: Seen) -> None:
        """Remember what was seen now, where it is more than what is remembered.

        Raises NotReadable; Trouble where it must be kept and can't be.
        """
        self._now.keep(network_id, newest)
        file = self._file(network_id)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with _alone(self._folder):
                before = self._read(file)
                after = seen.later(newest, before)
                if after != before:
                    _replace(file, _written(after))
        except OSError as trouble:
            if self._must:
                raise Trouble(
                    f"What was seen of this network can't be kept: {trouble.strerror}.",
                    "Without it an older one could be shown to you later. Make room, then try"
                    " again.",
                ) from None

    def _file(self, network_id: bytes) -> Path:
        return self._folder / f"seen-{network_id.hex()}"

    def _read(self, file: Path) -> Seen:
        try:
            with file.open("rb") as opened:
                return _parsed(json.loads(opened.read(_MOST)))
        except FileNotFoundError:
            return NOTHING_SEEN
        except (ValueError, KeyError, TypeError, AttributeError):
            raise NotReadable(
                "What this device remembers of this network can't be read.",
                f"If you know why, delete {file}: it then begins anew.",
            ) from None
        except OSError as trouble:
            if self._must:
                raise Trouble(f"{file} can't be read: {trouble.strerror}.") from None
            return NOTHING_SEEN


def _parsed(said: dict[str, Any]) -> Seen:
    numbers = [said[name] for name in ("version", "policy", "size", "day")]
    if any(type(one) is not int or not 0 <= one < _NUMBER_MOST for one in numbers):
        raise ValueError
    root = bytes.fromhex(said["root"])
    if numbers[0] != _VERSION or len(root) != HASH_BYTES:
        raise ValueError
    return Seen(version=said["policy"], size=said["size"], root=root, day=said["day"])


def _written(one: Seen) -> bytes:
    said = {
        "version": _VERSION,
        "policy": one.version,
        "size": one.size,
        "root": one.root.hex(),
        "day": one.day,
    }
    return json.dumps(said, indent=2).encode() + b"\n"


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let no other program of ours change files of this folder meanwhile."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _replace(file: Path, data: bytes) -> None:
    """Put a file in the place of another, whole or not at all; only its owner reads it."""
    descriptor, name = tempfile.mkstemp(prefix=".seen-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
