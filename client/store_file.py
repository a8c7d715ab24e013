"""The store's file: one writer at a time, and the old store or the new one after any stop.

Beside `NAME` lies `NAME.lock`; while somebody writes also `.NAME.writing`, the new store, and
`.NAME.replaced`, a second name of the old one. A writer that was stopped may leave those two; the
next one makes them useless and removes them.

The lowest generation to accept is the caller's to know: the highest it has seen since it started.
A store from elsewhere becomes a new file (`create`) or is merged in `edit`; nothing here writes it
over one's own, since work that only one has would be lost, and what it erased would come back. The
store as it lies on the server is `held` beside it, replaced and made useless by the same steps.

Source: docs/spec/store.md, section 5.
"""

from __future__ import annotations

import dataclasses
import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from crypto.client.member_file import MemberSecret
from crypto.client.store import SLOTS_END, SLOTS_START, Store, open_store, seal_store
from crypto.constants import STORE_STEPS
from crypto.encoding import Random
from crypto.errors import BadSignature, Malformed, WrongNetwork


class StoreNotWritten(OSError):
    """The store was not written and is as it was: make room or mend the disk, then try again."""

    def __init__(self, number: int) -> None:
        super().__init__(number, f"{os.strerror(number)}. {type(self).__doc__}")


class StoreNotSettled(StoreNotWritten):
    """The store was written, but the disk did not confirm it: mend the disk, then write again."""


def read(path: Path, member: MemberSecret, *, at_least_generation: int) -> Store:
    """Open the store in a file as one of its members, once no writer is at work.

    Raises what `open_store` does, and OSError (FileNotFoundError where there is none).
    """
    return open_store(read_sealed(path), member, at_least_generation)


def read_sealed(path: Path) -> bytes:
    """Return the sealed store in a file, as it goes to the server, once no writer is at work.

    Raises Malformed for a file that has none of the five sizes, and OSError.
    """
    with _locked(path, fcntl.LOCK_SH) as place, place.open(place.name, os.O_RDONLY) as file:
        return _read(file)


def create(path: Path, sealed: bytes, member: MemberSecret) -> Store:
    """Write the first store of a new file, in a directory that exists, and return it opened.

    Raises what `open_store` does, FileExistsError, StoreNotWritten, StoreNotSettled, and OSError.
    """
    store = open_store(sealed, member, 0)
    with _locked(path, fcntl.LOCK_EX, new=True) as place:
        place.write(sealed, None)
    return store


def edit(
    path: Path,
    member: MemberSecret,
    change: Callable[[Store], Store],
    *,
    at_least_generation: int,
    random: Random,
) -> Store:
    """Change the store in a file and return it as written, one generation on.

    `change` gets what stands there after every earlier writer; while it runs, others wait.
    Raises what `open_store`, `seal_store` and `change` do; Malformed, WrongNetwork or BadSignature
    where `change` gives an earlier generation or another organisation's store; and as `create`.
    """
    with _locked(path, fcntl.LOCK_EX) as place, place.open(place.name, os.O_RDWR) as old:
        before = open_store(_read(old), member, at_least_generation)
        after = change(before)
        _check_same(before, after)
        after = dataclasses.replace(after, generation=after.generation + 1)
        place.write(seal_store(after, random=random), old)
        return after


def _check_same(before: Store, after: Store) -> None:
    if after.network_id != before.network_id:
        raise WrongNetwork
    if after.organisation_seed != before.organisation_seed:
        raise BadSignature
    if after.generation < before.generation:
        raise Malformed


@contextmanager
def held(path: Path) -> Iterator[Held]:
    """Hold a file that has a sealed store or is not there yet; others wait. Raises OSError."""
    with _locked(path, fcntl.LOCK_EX, maybe=True) as place:
        yield Held(place)


class Held:
    """A sealed store in a file, or none yet, under its lock."""

    __slots__ = ("_place",)

    def __init__(self, place: _Place) -> None:
        self._place = place

    def read(self) -> bytes:
        """Return the sealed store; b"" where there is none. Raises Malformed, OSError."""
        if not self._place.has(self._place.name):
            return b""
        with self._place.open(self._place.name, os.O_RDONLY) as file:
            return _read(file)

    def replace(self, sealed: bytes) -> None:
        """Put a sealed store in the place of the one before, which is made useless.

        Raises StoreNotWritten, StoreNotSettled.
        """
        if not self._place.has(self._place.name):
            self._place.write(sealed, None)
            return
        with self._place.open(self._place.name, os.O_RDWR) as old:
            self._place.write(sealed, old)

    def remove(self) -> None:
        """Make the sealed store useless and remove it, if there is one; raises OSError."""
        if self._place.has(self._place.name):
            self._place.clear(self._place.name)


@contextmanager
def _locked(path: Path, how: int, *, new: bool = False, maybe: bool = False) -> Iterator[_Place]:
    """Hold the lock of a store; a symbolic link stays one, and stands for what it leads to.

    `new`: the file must not be there; `maybe`: it need not be.
    """
    real = Path(os.path.realpath(path))
    if not new and not maybe:
        os.stat(real)  # before a lock is left beside nothing
    with _opened(os.open(real.parent, os.O_RDONLY | os.O_DIRECTORY)) as folder:
        place = _Place(folder, real.name)
        while True:
            with place.open(f"{real.name}.lock", os.O_RDWR | os.O_CREAT) as lock:
                fcntl.flock(lock, how)
                # Somebody may have removed the file that was waited for: a lock on it is none.
                if not place.is_still(f"{real.name}.lock", lock):
                    continue
                if new and place.has(real.name):
                    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
                yield place
                return


@dataclass(frozen=True, slots=True)
class _Place:
    """The directory of a store, held open, and the store's name in it."""

    folder: int
    name: str

    @property
    def writing(self) -> str:
        return f".{self.name}.writing"

    @property
    def replaced(self) -> str:
        return f".{self.name}.replaced"

    @contextmanager
    def open(self, name: str, flags: int) -> Iterator[int]:
        file = os.open(name, flags | os.O_NOFOLLOW, 0o600, dir_fd=self.folder)
        with _opened(file):
            yield file

    def has(self, name: str) -> bool:
        with suppress(FileNotFoundError):
            os.stat(name, dir_fd=self.folder, follow_symlinks=False)
            return True
        return False

    def is_still(self, name: str, file: int) -> bool:
        with suppress(FileNotFoundError):
            now = os.stat(name, dir_fd=self.folder, follow_symlinks=False)
            return os.path.samestat(now, os.fstat(file))
        return False

    def write(self, sealed: bytes, old: int | None) -> None:
        """Put a store where `old` stands, then make `old` useless."""
        with _told_as(StoreNotWritten):
            self._clear_leftovers(old)
            self._write_beside(sealed)
            self._swap(old)
        with _told_as(StoreNotSettled):
            os.fsync(self.folder)
            # Only now: before, a power cut could have brought the old file back, slotless.
            if old is not None:
                _wipe(old)
                with suppress(FileNotFoundError):
                    os.unlink(self.replaced, dir_fd=self.folder)

    def _write_beside(self, sealed: bytes) -> None:
        try:
            with self.open(self.writing, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
                _write(file, sealed)
                os.fsync(file)
        except OSError:
            with suppress(OSError):
                self.clear(self.writing)
            raise

    def _swap(self, old: int | None) -> None:
        # The second name is for the next writer, should this one be stopped before it wiped the
        # file. Some file systems have no second names: there the open handle must do.
        if old is not None:
            with suppress(OSError):
                os.link(self.name, self.replaced, src_dir_fd=self.folder, dst_dir_fd=self.folder)
        os.rename(self.writing, self.name, src_dir_fd=self.folder, dst_dir_fd=self.folder)

    def _clear_leftovers(self, old: int | None) -> None:
        """Remove what a stopped writer left; the old store's own second name loses only that."""
        left = [name for name in (self.writing, self.replaced) if self.has(name)]
        if left:
            os.fsync(self.folder)  # its rename must not be undone once the old file is wiped
        for name in left:
            self.clear(name, b"" if old is None else _slots(old))

    def clear(self, name: str, spared: bytes = b"") -> None:
        """Make a store useless and remove it; one with the slots `spared` is only removed."""
        with self.open(name, os.O_RDWR) as file:
            # Compared by content: not every file system has inode numbers that last.
            if _slots(file) != spared:
                _wipe(file)
        os.unlink(name, dir_fd=self.folder)


@contextmanager
def _opened(file: int) -> Iterator[int]:
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def _told_as(error: type[StoreNotWritten]) -> Iterator[None]:
    try:
        yield
    except OSError as trouble:
        raise error(trouble.errno or errno.EIO) from None


def _read(file: int) -> bytes:
    size = os.fstat(file).st_size
    if size not in STORE_STEPS:
        raise Malformed
    return os.pread(file, size, 0)


def _slots(file: int) -> bytes:
    return os.pread(file, SLOTS_END - SLOTS_START, SLOTS_START)


def _write(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _wipe(file: int) -> None:
    """Overwrite the member slots with zeros, as far as the file has any."""
    os.lseek(file, SLOTS_START, os.SEEK_SET)
    _write(file, bytes(len(_slots(file))))
    os.fsync(file)
