"""The store's file: reading, changing and replacing it, and who waits for whom."""

from __future__ import annotations

import errno
import fcntl
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from client import store_file
from crypto.client.store import SLOTS_END, SLOTS_START, Store, seal_store
from crypto.errors import BadSignature, CannotOpen, Malformed, Refused, Rollback, WrongNetwork
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


def edit(path: Path, change: Callable[[Store], Store]) -> Store:
    """Change the store in a file."""
    return store_file.edit(
        path, ANNA, change, at_least_generation=0, random=samples.draws(path.stat().st_mtime_ns)
    )


def test_what_was_changed_is_what_is_read(path: Path) -> None:
    """Each change moves the generation on by one and leaves the store, its lock, nothing else."""
    for number in range(3):
        written = worker.add(path, "n", number)
        assert written.generation == number + 1
        assert read(path) == written
        assert store_file.read_sealed(path) == path.read_bytes()
    assert not worker.beside(path)


def test_only_its_owner_may_read_it(path: Path) -> None:
    """Store and lock are the owner's alone, when made and after a change."""
    worker.add(path, "n", 0)
    for file in (path, path.with_name("store.lock")):
        assert file.stat().st_mode & 0o777 == 0o600


def test_a_change_that_fails_changes_nothing(path: Path) -> None:
    """What a caller's own code raises reaches the caller, and the file stays as it is."""
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        edit(path, lambda store: replace(store, generation=1 // 0))
    assert path.read_bytes() == before
    assert not worker.beside(path)


def test_a_merged_store_goes_on_from_the_higher_generation(path: Path) -> None:
    """That of the other copy, where it is ahead."""
    worker.add(path, "n", 0)
    assert edit(path, lambda store: replace(store, generation=9)).generation == 10


@pytest.mark.parametrize(
    ("change", "refused"),
    [
        (lambda store: replace(store, generation=0), Malformed),
        (lambda store: replace(store, network_id=bytes(32)), WrongNetwork),
        (lambda store: replace(store, organisation_seed=bytes(32)), BadSignature),
        (lambda store: replace(store, generation=2**64 - 1), Malformed),
        (lambda store: store.remove_member(ANNA.member_id, 20_000), Malformed),
    ],
)
def test_a_store_that_must_not_stand_there_is_not_written(
    path: Path, change: Callable[[Store], Store], refused: type[Refused]
) -> None:
    """An earlier generation, another network or organisation, or what nobody opens, is refused."""
    worker.add(path, "n", 0)
    before = path.read_bytes()
    with pytest.raises(refused):
        edit(path, change)
    assert path.read_bytes() == before


def test_T22_a_file_older_than_what_was_seen_is_refused(path: Path) -> None:
    """Putting an old copy back is noticed, when reading and before changing."""
    old = path.read_bytes()
    seen = worker.add(path, "n", 0).generation
    path.write_bytes(old)
    with pytest.raises(Rollback):
        store_file.read(path, ANNA, at_least_generation=seen)
    with pytest.raises(Rollback):
        store_file.edit(
            path, ANNA, lambda store: store, at_least_generation=seen, random=samples.draws(0)
        )
    assert path.read_bytes() == old


@pytest.mark.parametrize("size", [0, 1, 2**18 - 1, 2**18 + 1, 2**40])
def test_a_file_of_another_size_is_refused(path: Path, size: int) -> None:
    """A file cut short, or much too long to read, is refused by its size alone."""
    os.truncate(path, size)
    with pytest.raises(Malformed):
        read(path)
    with pytest.raises(Malformed):
        worker.add(path, "n", 0)


def test_a_missing_file_or_directory_is_said_and_left_missing(tmp_path: Path) -> None:
    """Nothing is made beside what is not there, and no directory is made unasked."""
    with pytest.raises(FileNotFoundError):
        read(tmp_path / "store")
    with pytest.raises(FileNotFoundError):
        worker.add(tmp_path / "store", "n", 0)
    with pytest.raises(FileNotFoundError):
        worker.found(tmp_path / "no" / "store")
    assert not list(tmp_path.iterdir())


def test_creating_writes_over_nothing(path: Path) -> None:
    """A store that is there is never founded again."""
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        worker.found(path)
    assert path.read_bytes() == before


def test_creating_needs_a_store_that_opens(tmp_path: Path) -> None:
    """What its member cannot open does not become her file."""
    sealed = seal_store(samples.founded(samples.member("Binta")), random=samples.draws(0))
    with pytest.raises(CannotOpen):
        store_file.create(tmp_path / "store", sealed, ANNA)
    assert not list(tmp_path.iterdir())


def test_a_store_from_elsewhere_is_not_written_over_a_file(path: Path) -> None:
    """Nothing takes the place of a file: what it erased would be back, its own work gone."""
    before = path.read_bytes()
    sealed = seal_store(samples.founded(ANNA, generation=9), random=samples.draws(9))
    with pytest.raises(FileExistsError):
        store_file.create(path, sealed, ANNA)
    assert path.read_bytes() == before


@pytest.mark.parametrize("again", [False, True], ids=["gone", "another one there"])
def test_P10_a_lock_that_was_removed_while_waiting_is_none(path: Path, again: bool) -> None:
    """Who gets the lock of a file that is no longer there waits for the one that is."""
    lock = path.with_name("store.lock")
    ended = threading.Event()

    def act() -> None:
        worker.add(path, "n", 0)
        ended.set()

    with lock.open("rb+") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        threading.Thread(target=act, daemon=True).start()
        assert not ended.wait(0.3)
        lock.unlink()
        if not again:
            fcntl.flock(first, fcntl.LOCK_UN)
            assert ended.wait(10)
            return
        with lock.open("wb") as second:
            fcntl.flock(second, fcntl.LOCK_EX)
            fcntl.flock(first, fcntl.LOCK_UN)
            assert not ended.wait(0.3)
    assert ended.wait(10)


def test_a_symbolic_link_stays_one(path: Path, tmp_path: Path) -> None:
    """Through a link the store itself is changed, under the lock that lies beside it."""
    link = tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(path)
    written = worker.add(link, "n", 0)
    assert link.is_symlink()
    assert read(path) == read(link) == written
    assert list(link.parent.iterdir()) == [link]


@pytest.mark.parametrize("name", ["store.lock", ".store.writing", ".store.replaced"])
def test_a_link_laid_where_a_writer_works_leads_nowhere(path: Path, name: str) -> None:
    """No file that such a link names is written, and the store stays."""
    victim = path.with_name("victim")
    victim.write_bytes(b"untouched" * 4000)
    before = path.read_bytes()
    path.with_name("store.lock").unlink()
    path.with_name(name).symlink_to(victim)
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        worker.add(path, "n", 0)
    assert victim.read_bytes() == b"untouched" * 4000
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("held", "action", "waits"),
    [
        (fcntl.LOCK_SH, read, False),
        (fcntl.LOCK_EX, read, True),
        (fcntl.LOCK_SH, lambda path: worker.add(path, "n", 0), True),
        (fcntl.LOCK_EX, lambda path: worker.add(path, "n", 0), True),
    ],
    ids=["reader and reader", "reader and writer", "writer and reader", "writer and writer"],
)
def test_who_waits_for_whom(
    path: Path, held: int, action: Callable[[Path], object], waits: bool
) -> None:
    """Readers read together; a writer is alone."""
    ended = threading.Event()

    def act() -> None:
        action(path)
        ended.set()

    with path.with_name("store.lock").open("rb+") as lock:
        fcntl.flock(lock, held)
        threading.Thread(target=act, daemon=True).start()
        assert ended.wait(0.3 if waits else 10) != waits
    assert ended.wait(10)
