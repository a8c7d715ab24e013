"""The second copy of the store: written, read back, and brought to another device.

A copy is a sealed store: whoever finds it needs a member's key file and passphrase. Each device has
a file of its own, so that no copy takes another's place. The file that a new copy replaces loses
its member slots first, as far as its disk really overwrites (docs/spec/store.md, 5 and 7).

Source: docs/spec/store.md, 2, 5 and 6.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from client import home as homes
from client import store_file
from client.errors import BadInput, FirstDo, Trouble
from client.flows import kept, note_files, stock_data
from client.flows.desk import Desk, unreadable_store
from client.flows.stock_data import Stock
from client.home import Home
from crypto.client.member_file import MemberSecret
from crypto.client.settings import pages_of
from crypto.client.store import SLOTS_END, SLOTS_START, Store, open_store, seal_store
from crypto.constants import STORE_STEPS
from crypto.encoding import Random
from crypto.errors import Refused, Rollback


def set_place(desk: Desk, place: Path) -> Path:
    """Choose the folder for the second copy, write it there, and return its file.

    Raises FirstDo where there is no such folder or it can't be written, BadInput for the folder
    that the store itself is in.
    """
    place = Path(os.path.realpath(place))
    if place == Path(os.path.realpath(desk.home.folder)):
        raise BadInput(
            "A copy beside the store is lost together with it.", "Name another disk or a stick."
        )
    desk.home = homes.with_copy(desk.home, place)
    return write(desk)


def write(desk: Desk) -> Path:
    """Write the store anew to the place of the second copy, read it back, and return the file.

    Raises FirstDo where no place is set, or where it can't be written or read there.
    """
    if desk.home.copy is None:
        raise FirstDo(
            "There is no second copy of the store. If this device is lost, so is every request.",
            "Name a place for it, a stick for example: `towpath provider copy PLACE`.",
        )
    path = desk.home.copy / f"{desk.home.device.hex()}.copy"
    try:
        sealed = store_file.read_sealed(desk.home.store)
        _check_replaceable(path, desk)
        _replace(path, sealed)
        same = path.read_bytes() == sealed
    except (Refused, OSError) as trouble:
        raise _not_written(trouble) from None
    if not same:
        raise _not_written(OSError(0, "what was read back is not what was written"))
    return path


def read(path: Path, member: MemberSecret) -> Store:
    """Open a copy of a store as one of its members; raises NotReadable."""
    sealed = note_files.read(path, max(STORE_STEPS))
    try:
        return open_store(sealed, member, 0)
    except Refused as refused:
        raise unreadable_store(refused) from None


@dataclass(frozen=True, slots=True, repr=False)
class Brought:
    """A copy that is to become the store of a folder, and the key file that opens it."""

    store: Store
    member: MemberSecret
    key_file: bytes


def found_from(
    folder: Path, brought: Brought, *, server: str, replaces: bool, random: Random
) -> Home:
    """Found a folder from a copy, on a second device or in place of one that is gone.

    With `replaces` the stock of the devices before becomes this one's, but for those of pages,
    which go on wherever their members open them; otherwise all go on and this one begins without
    stock. Raises BadInput or Trouble as `home.found`.
    """
    homes.check_free(folder)
    before = _folders(brought.store) if replaces else ()
    home = homes.found(
        folder,
        server=server,
        member=brought.member,
        key_file=brought.key_file,
        sealed_store=seal_store(brought.store, random=random),
        random=random,
        stocks=before,
    )
    if before:
        desk = Desk(home, brought.member, random)
        desk.edit(lambda store: _taken_over(store, home.device, before))
    return home


def _folders(store: Store) -> tuple[bytes, ...]:
    """Return the devices that are folders, and no pages. Source: docs/spec/codes.md, 10."""
    return tuple(one for one in kept.devices(store) if kept.get(store, pages_of(one)) is None)


def _taken_over(store: Store, device: bytes, before: tuple[bytes, ...]) -> Store:
    """Move what waits and the tokens in hand to this device; what was drawn stays drawn."""
    stocks = [stock_data.of(store, one) for one in before]
    for one, stock in zip(before, stocks, strict=True):
        store = stock_data.put(store, one, Stock(week=stock.week))
    joined = Stock(
        week=max(stock.week for stock in stocks),
        tokens=tuple(token for stock in stocks for token in stock.tokens),
        waiting=tuple(waiting for stock in stocks for waiting in stock.waiting),
    )
    return stock_data.put(store, device, joined)


def _check_replaceable(path: Path, desk: Desk) -> None:
    """Refuse to write over what is not an earlier copy of this store."""
    with suppress(FileNotFoundError):
        with path.open("rb") as file:
            there = file.read(max(STORE_STEPS) + 1)
        # A copy that was cut short, or whose slots are gone, holds nothing that could be lost.
        if len(there) not in STORE_STEPS or not any(there[SLOTS_START:SLOTS_END]):
            return
        try:
            found = open_store(there, desk.member, 0)
        except Refused:
            raise FirstDo(
                f"The file {path} is not a copy of this store.",
                "Look what it is, and put it elsewhere or choose another place.",
            ) from None
        if found.generation > desk.read().generation:
            raise Rollback


def _replace(path: Path, sealed: bytes) -> None:
    beside = path.with_name(f".{path.name}.writing")
    with suppress(FileNotFoundError):
        beside.unlink()
    try:
        with _opened(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
            _write(file, sealed)
        with _old(path) as old:
            beside.rename(path)
            with _opened(path.parent, os.O_RDONLY | os.O_DIRECTORY):
                pass
            if old is not None:
                os.lseek(old, SLOTS_START, os.SEEK_SET)
                _write(old, bytes(SLOTS_END - SLOTS_START))
                os.fsync(old)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise


@contextmanager
def _old(path: Path) -> Iterator[int | None]:
    try:
        file = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except FileNotFoundError:
        yield None
        return
    try:
        yield file
    finally:
        os.close(file)


@contextmanager
def _opened(path: Path, flags: int) -> Iterator[int]:
    """Open a file or folder, and bring it to the disk before it is closed."""
    file = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    try:
        yield file
        os.fsync(file)
    finally:
        os.close(file)


def _write(file: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(file, left) :]


def _not_written(trouble: Exception) -> Trouble:
    match trouble:
        case Rollback():
            return FirstDo(
                "The copy there is newer than this store.",
                "Found a folder from it with `towpath provider import`, and look which to keep.",
            )
        case FirstDo():
            return trouble
        case OSError():
            why = trouble.strerror
        case _:
            why = "the store can't be read"
    return FirstDo(
        f"The second copy of the store was not written: {why}.",
        "Put in the stick, or choose another place: `towpath provider copy PLACE`.",
    )
