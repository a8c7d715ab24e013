"""The folder of a provider on one machine.

    home.json    where the server is, this device's number, whose stock it hands out, where the
                 second copy of the store goes; nothing in it is secret
    member.key   the member's key file (docs/spec/store.md, 1)
    store        the sealed store, beside its lock (client/store_file.py)
    store.base   the store as it lies on the server, as far as this device knows: what the next
                 merge begins with; sealed, and replaced as the store is
    store.sent   the hash of what was last sent there: should the answer get lost, it is known again
    counter      the number of the last signed call
    seen-...     how new the network was that was seen last (client/seen.py)

Two devices of one organisation have a folder each. Each has a number and hands out only what bears
it, so that no code is given twice before their stores are merged (client/flows/store_sync.py).
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from client import store_file
from client.errors import BadInput, FirstDo, NotReadable, Trouble
from client.flows import note_files
from client.seen import Kept, Memory
from crypto.client.member_file import MemberSecret
from crypto.constants import COUNTER_MOST, DEVICE_BYTES
from crypto.encoding import Random
from crypto.errors import Refused

_SETTINGS, _KEY, _STORE, _COUNTER = "home.json", "member.key", "store", "counter"
_BASE, _SENT = "store.base", "store.sent"
_SETTINGS_MOST = 16_384
_VERSION = 1
_COUNTER_DIGITS = len(str(COUNTER_MOST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A provider's folder: the server's address, and numbers of devices of 4 bytes each.

    `stocks` are those whose codes are handed out here, this device's among them; `copy` is the
    folder for the second copy of the store, or None.
    """

    folder: Path
    server: str
    device: bytes
    stocks: tuple[bytes, ...]
    copy: Path | None = None

    @property
    def key_file(self) -> Path:
        """The member's key file."""
        return self.folder / _KEY

    @property
    def store(self) -> Path:
        """The sealed store."""
        return self.folder / _STORE

    @property
    def base(self) -> Path:
        """The store as it lies on the server, sealed."""
        return self.folder / _BASE

    @property
    def sent(self) -> Path:
        """The hash of the store that was last sent to the server."""
        return self.folder / _SENT

    @property
    def memory(self) -> Memory:
        """What was seen of the network."""
        return Kept(self.folder, must=True)

    @property
    def counter(self) -> FileCounter:
        """The counter of signed calls."""
        return FileCounter(self.folder / _COUNTER)


def load(folder: Path) -> Home:
    """Return the home in a folder; raises FirstDo where there is none, NotReadable for another."""
    if not (folder / _SETTINGS).exists():
        raise FirstDo(
            "There is no provider's folder here yet.",
            "Begin with `towpath provider apply`, or bring a copy of the store with"
            " `towpath provider import`.",
        )
    try:
        said = json.loads(note_files.read(folder / _SETTINGS, _SETTINGS_MOST))
        if said["version"] != _VERSION:
            raise NotReadable("This provider's folder is of another version.", "Update Towpath.")
        return Home(
            folder=folder,
            server=str(said["server"]),
            device=_device(said["device"]),
            stocks=tuple(_device(one) for one in said["stocks"]),
            copy=Path(said["copy"]) if said["copy"] else None,
        )
    except (ValueError, KeyError, TypeError):
        raise NotReadable(
            "The file home.json in the provider's folder can't be read.",
            "Set it right, or found the folder anew from a copy: `towpath provider import`.",
        ) from None


def found(
    folder: Path,
    *,
    server: str,
    member: MemberSecret,
    key_file: bytes,
    sealed_store: bytes,
    random: Random,
    stocks: Iterable[bytes] = (),
) -> Home:
    """Make the folder, whole or not at all, with a key file, a store and a number of its own.

    `stocks` are numbers of devices that are gone and whose codes this one hands out from now on.
    Raises BadInput where a folder with something in it is there, Trouble where it can't be made.
    """
    check_free(folder)
    device = random(DEVICE_BYTES)
    making = folder.with_name(f".{folder.name}.making")
    home = Home(folder=making, server=server, device=device, stocks=(device, *stocks))
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        if making.exists():
            shutil.rmtree(making)  # of a command that was stopped: nobody has seen these keys
        making.mkdir(mode=0o700)
        note_files.write_new(home.key_file, key_file)
        store_file.create(home.store, sealed_store, member)
        note_files.write_new(making / _SETTINGS, _settings(home))
        _settle(making)
        making.rename(folder)
        _settle(folder.parent)
    except OSError as trouble:
        raise Trouble(f"{folder} can't be made: {trouble.strerror}.") from None
    except Refused:
        raise NotReadable("This key file and this store do not belong together.") from None
    return replace(home, folder=folder)


def check_free(folder: Path) -> None:
    """Raise BadInput unless nothing stands in the way of a new folder."""
    if folder.is_symlink() or (folder.exists() and not _is_empty(folder)):
        raise BadInput(f"{folder} is there already.", "Name another folder with --home.")


def with_copy(home: Home, place: Path) -> Home:
    """Keep the folder in which the second copy of the store is put; raises Trouble."""
    changed = replace(home, copy=place)
    note_files.write_over(home.folder / _SETTINGS, _settings(changed))
    return changed


class FileCounter:
    """The number of the last signed call in a file, for several programs at once.

    A file that is lost or damaged begins at 0: the server then says which number was the last.
    """

    __slots__ = ("_path",)

    def __init__(self, path: Path) -> None:
        self._path = path

    def next(self) -> int:
        """Return the next number, after it was written down."""
        return self._raise_to(lambda last: last + 1)

    def seen(self, counter: int) -> None:
        """Go on from the server's number where that is higher."""
        self._raise_to(lambda last: max(last, counter))

    def _raise_to(self, change: Callable[[int], int]) -> int:
        try:
            file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
                number = change(_number(os.pread(file, _COUNTER_DIGITS, 0)))
                os.pwrite(file, b"%0*d" % (_COUNTER_DIGITS, number), 0)
            finally:
                os.close(file)
        except OSError as trouble:
            raise Trouble(
                f"The counter of signed calls can't be written: {trouble.strerror}."
            ) from None
        return number


def _number(digits: bytes) -> int:
    number = int(digits) if digits.isdigit() else 0
    return number if number < COUNTER_MOST else 0


def _device(text: str) -> bytes:
    number = bytes.fromhex(text)
    if len(number) != DEVICE_BYTES:
        raise ValueError
    return number


def _settings(home: Home) -> bytes:
    said = {
        "version": _VERSION,
        "server": home.server,
        "device": home.device.hex(),
        "stocks": [one.hex() for one in home.stocks],
        "copy": str(home.copy) if home.copy else None,
    }
    return json.dumps(said, indent=2).encode() + b"\n"


def _is_empty(folder: Path) -> bool:
    return folder.is_dir() and not any(folder.iterdir())


def _settle(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(file)
    finally:
        os.close(file)
