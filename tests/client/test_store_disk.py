"""The store's file on disk: what old files keep, and what a failing disk can do."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from client import store_file
from client.store_file import StoreNotSettled, StoreNotWritten
from crypto.client.store import SLOTS_END, SLOTS_START, Store, seal_store
from crypto.errors import CannotOpen
from tests.client import store_worker as worker
from tests.crypto import store_samples as samples

ANNA = worker.MEMBER
ZEROS = bytes(SLOTS_END - SLOTS_START)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a store that Anna is the one member of."""
    file = tmp_path / "store"
    worker.found(file)
    return file


def read(path: Path) -> Store:
    """Open the store in a file."""
    return store_file.read(path, ANNA, at_least_generation=0)


def slots(path: Path) -> bytes:
    """Return the member slots of a file."""
    return path.read_bytes()[SLOTS_START:SLOTS_END]


def second_name(path: Path) -> Path:
    """Give the file as it is now a name that no writing takes away."""
    kept = path.with_name("kept")
    os.link(path, kept)
    return kept


@contextmanager
def trouble(name: str, number: int, when: Callable[[int], bool]) -> Iterator[None]:
    """Let a call of `os` fail with this error where `when` says so of its first argument."""
    real = getattr(os, name)

    def call(first: int, *rest: object, **named: object) -> object:
        if when(first):
            raise OSError(number, os.strerror(number))
        return real(first, *rest, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, name, call)
        yield


def always(_: int) -> bool:
    """Say yes."""
    return True


def is_new_file(file: int) -> bool:
    """Say whether a descriptor is that of the new store."""
    return os.readlink(f"/proc/self/fd/{file}").endswith(".store.writing")


def is_directory(file: int) -> bool:
    """Say whether a descriptor is a directory's."""
    return Path(f"/proc/self/fd/{file}").is_dir()


def test_P11_T37_after_a_change_the_old_files_slots_are_zeros(path: Path) -> None:
    """The old body is still there for whoever kept the file, and no key that opens it."""
    kept = second_name(path)
    body = kept.read_bytes()[SLOTS_END:]
    worker.add(path, "n", 0)
    assert slots(kept) == ZEROS
    assert kept.read_bytes()[SLOTS_END:] == body
    assert samples.refusal(kept.read_bytes(), ANNA) is CannotOpen


@pytest.mark.parametrize("name", [".store.writing", ".store.replaced"])
def test_P11_T37_what_a_stopped_writer_left_is_made_useless(path: Path, name: str) -> None:
    """The next writer overwrites its slots before it takes the name away."""
    left = path.with_name(name)
    left.write_bytes(seal_store(samples.founded(ANNA), random=samples.draws("left")))
    kept = second_name(left)
    worker.add(path, "n", 0)
    assert not left.exists()
    assert slots(kept) == ZEROS


def test_a_stop_before_the_swap_leaves_the_store_its_slots(path: Path) -> None:
    """A second name of the store that still stands is taken away, and nothing overwritten."""
    worker.add(path, "n", 0)
    os.link(path, path.with_name(".store.replaced"))
    # This writer clears, and then fails as well: the store must have come through the clearing.
    with trouble("fsync", errno.EIO, is_new_file), pytest.raises(StoreNotWritten):
        worker.add(path, "n", 1)
    assert read(path).generation == 1
    assert worker.add(path, "n", 1).generation == 2
    assert not worker.beside(path)


@pytest.mark.parametrize("size", [0, 1, 5000, 200_000])
def test_half_a_new_file_is_cleared_away(path: Path, size: int) -> None:
    """However little a stopped writer wrote, the next one is not held up."""
    path.with_name(".store.writing").write_bytes(path.read_bytes()[:size])
    assert worker.add(path, "n", 0).generation == 1
    assert not worker.beside(path)


def test_a_file_system_without_second_names_will_do(path: Path) -> None:
    """There the open handle alone makes the old file useless."""
    kept = second_name(path)
    with trouble("link", errno.EPERM, always):
        worker.add(path, "n", 0)
    assert slots(kept) == ZEROS
    assert worker.beside(path) == {kept.name}


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
@pytest.mark.parametrize("call", ["write", "fsync", "rename"])
def test_P10_T38_what_the_disk_refuses_leaves_the_old_store(
    path: Path, call: str, number: int
) -> None:
    """A failing disk is told in plain words and takes nothing of what was there."""
    worker.add(path, "n", 0)
    before = path.read_bytes()
    with trouble(call, number, always), pytest.raises(StoreNotWritten) as caught:
        worker.add(path, "n", 1)
    assert caught.value.errno == number
    assert "The store was not written and is as it was" in str(caught.value)
    assert caught.value.__cause__ is None
    assert path.read_bytes() == before
    assert worker.add(path, "n", 1).generation == 2
    assert not worker.beside(path)


def test_P10_T38_an_unconfirmed_swap_keeps_the_old_files_slots(path: Path) -> None:
    """As long as a power cut could bring the old file back, it must open; later it must not."""
    kept = second_name(path)
    with trouble("fsync", errno.EIO, is_directory), pytest.raises(StoreNotSettled):
        worker.add(path, "n", 0)
    assert read(path).generation == 1
    assert slots(kept) != ZEROS
    with trouble("fsync", errno.EIO, is_directory), pytest.raises(StoreNotWritten):
        worker.add(path, "n", 1)
    assert slots(kept) != ZEROS
    worker.add(path, "n", 1)
    assert slots(kept) == ZEROS
