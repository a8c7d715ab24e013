"""The server's keys: one small file each, outside the database, its journal and its backups.

A file is made whole and fsynced with its folder before its key is first used, and at its end
overwritten in place, fsynced and unlinked: never a database row, never write-and-rename, since both
leave copies. With a second folder every key lies in both, and dies in both.

Source: docs/spec/rows.md; DESIGN's table of what is stored is docs/data-map.md.
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from crypto.constants import KEY_BYTES
from crypto.encoding import Random

WRAP = "wrap"  # one an epoch
DROP = "drop"  # one a week, by its Monday
TOKEN = "token"  # noqa: S105 - one an issuing period, by its first day
LOG = "log"  # one; where it was lost, the next besides (log_key.py)
FILLER = "filler"  # one, number 0
KINDS = (WRAP, DROP, TOKEN, LOG, FILLER)

_NAME = re.compile(r"(wrap|drop|token|log|filler)-([0-9]{8})\.key")
_LOCK = ".lock"


class KeyringBroken(OSError):
    """The folder of keys cannot be used: see that it exists, is yours and has mode 0700."""


class Keyring:
    """Keys of 32 bytes by kind and number, kept in memory once read."""

    def __init__(self, folder: Path, copy: Path | None = None) -> None:
        self._folders = (folder,) if copy is None else (folder, copy)
        self._cache: dict[tuple[str, int], bytes] = {}
        self._settled: set[tuple[str, int]] = set()  # known to be on every disk
        self._guard = Lock()

    def get(self, kind: str, number: int) -> bytes | None:
        """Return a key, or None where there is none."""
        found = self._cache.get((kind, number))
        if found is None:
            found = self._read(kind, number)
            if found is not None:
                self._cache[kind, number] = found
        return found

    def make(self, kind: str, number: int, random: Random) -> bytes:
        """Return a key, made now where there was none; on every disk before it is returned.

        Raises KeyringBroken where a folder can't be written.
        """
        if (kind, number) in self._settled and (found := self.get(kind, number)) is not None:
            return found
        try:
            with self._guard, _locked(self._folders[0]):
                # One that lies there may be in the first folder alone, or not on the disk yet.
                found = self._read(kind, number) or random(KEY_BYTES)
                for folder in self._folders:
                    _write(folder, kind, number, found)
        except OSError as trouble:
            raise KeyringBroken(trouble.errno, KeyringBroken.__doc__) from None
        self._cache[kind, number] = found
        self._settled.add((kind, number))
        return found

    def check(self) -> None:
        """Do nothing where keys can be written in every folder; raises KeyringBroken elsewhere."""
        for folder in self._folders:
            if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
                raise KeyringBroken(KeyringBroken.__doc__)
        try:
            with self._guard, _locked(self._folders[0]):
                return
        except OSError as trouble:
            raise KeyringBroken(trouble.errno, KeyringBroken.__doc__) from None

    def complete(self, random: Random) -> None:
        """Write every key that lies in one folder only into the other; raises KeyringBroken."""
        for kind in KINDS:
            for number in self.numbers(kind):
                if self.get(kind, number) is not None:
                    self.make(kind, number, random)

    def numbers(self, kind: str) -> list[int]:
        """Return the numbers of all keys of a kind that lie in any folder, ascending."""
        names = (name for folder in self._folders for name in os.listdir(folder))
        found = (_NAME.fullmatch(name) for name in names)
        return sorted({int(match[2]) for match in found if match and match[1] == kind})

    def destroy(self, kind: str, number: int) -> None:
        """Overwrite a key's files in place and remove them; nothing happens where there are none.

        Raises KeyringBroken where that can't be done.
        """
        self._cache.pop((kind, number), None)
        self._settled.discard((kind, number))
        try:
            with self._guard, _locked(self._folders[0]):
                for folder in self._folders:
                    _destroy(folder, kind, number)
        except OSError as trouble:
            raise KeyringBroken(trouble.errno, KeyringBroken.__doc__) from None

    def forget_before(self, kind: str, number: int) -> None:
        """Drop keys of a kind with lower numbers from memory, as their files end elsewhere."""
        # A copy, taken in one step: other threads add keys while this looks through them.
        for key in list(self._cache):
            if key[0] == kind and key[1] < number:
                self._cache.pop(key, None)

    def _read(self, kind: str, number: int) -> bytes | None:
        for folder in self._folders:
            try:
                key = (folder / _name(kind, number)).read_bytes()
            except FileNotFoundError:
                continue
            # A file that was being made when the machine stopped is short or zeros, and its key was
            # never used; one that was being ended is zeros.
            if len(key) == KEY_BYTES and any(key):
                return key
        return None


def _name(kind: str, number: int) -> str:
    return f"{kind}-{number:08d}.key"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one process at a time make or end keys."""
    handle = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _write(folder: Path, kind: str, number: int, key: bytes) -> None:
    handle = os.open(folder / _name(kind, number), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.pread(handle, KEY_BYTES, 0) != key:
            os.pwrite(handle, key, 0)
            os.ftruncate(handle, KEY_BYTES)
        os.fsync(handle)
    finally:
        os.close(handle)
    _sync_folder(folder)


def _destroy(folder: Path, kind: str, number: int) -> None:
    path = folder / _name(kind, number)
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        os.pwrite(handle, bytes(KEY_BYTES), 0)
        os.fsync(handle)
    finally:
        os.close(handle)
    path.unlink()
    _sync_folder(folder)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
