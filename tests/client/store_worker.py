"""A process of its own that works on a store file; started by the tests of client/store_file.py.

python -m tests.client.store_worker add FILE NAME COUNT     adds COUNT entries, one an edit
python -m tests.client.store_worker killed FILE ROUNDS      kills such writers at all moments
python -m tests.client.store_worker full FILE               meets a full disk
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from client import store_file
from crypto.client.store import SLOTS_END, SLOTS_START, Store, seal_store
from tests.crypto import store_samples as samples

MEMBER = samples.member("Anna")
ADDED = 77  # a kind that no version knows: what these entries are does not matter


def entry_id(name: str, number: int) -> bytes:
    """Return the id of the entry that a writer of this name adds as its n-th."""
    return f"{name} {number}".encode().ljust(16, b".")


def add(path: Path, name: str, number: int) -> Store:
    """Add one entry to the store in a file."""
    return store_file.edit(
        path,
        MEMBER,
        lambda store: store.with_entry(ADDED, entry_id(name, number), b"added"),
        at_least_generation=0,
        random=samples.draws((name, number)),
    )


def found(path: Path) -> Store:
    """Found a store with one member in a new file."""
    sealed = seal_store(samples.founded(MEMBER), random=samples.draws("founded"))
    return store_file.create(path, sealed, MEMBER)


def _write_until_killed(path: Path, name: str, tell: int) -> None:
    """Add entries without end, telling of each once it is acknowledged."""
    try:
        for number in count():
            add(path, name, number)
            os.write(tell, b".")
    finally:
        os._exit(1)


def _acknowledged(path: Path, name: str, after_s: float) -> set[bytes]:
    """Start a writer, kill it, and return the ids of the entries that it had acknowledged."""
    told, tell = os.pipe()
    writer = os.fork()
    if writer == 0:
        _write_until_killed(path, name, tell)
    os.close(tell)
    time.sleep(after_s)
    os.kill(writer, signal.SIGKILL)
    os.waitpid(writer, 0)
    with os.fdopen(told, "rb") as acknowledged:
        return {entry_id(name, number) for number in range(len(acknowledged.read()))}


def beside(path: Path) -> set[str]:
    """Return what lies in the store's directory besides the store and its lock."""
    return {one.name for one in path.parent.iterdir()} - {path.name, f"{path.name}.lock"}


def killed(path: Path, rounds: int) -> None:
    """Kill writers after times spread evenly over a few writings; print what they left behind."""
    leftovers = 0
    acknowledged: set[bytes] = set()
    began = time.perf_counter()
    add(path, "timed", 0)
    writing_s = time.perf_counter() - began
    for kill in range(rounds):
        # Multiples of the golden ratio fall evenly everywhere.
        after_s = 5 * writing_s * (kill * 0.618034 % 1)
        acknowledged |= _acknowledged(path, f"k{kill}", after_s)
        leftovers += bool(beside(path))
        store = store_file.read(path, MEMBER, at_least_generation=len(acknowledged))
        assert acknowledged <= dict(store.of_kind(ADDED)).keys()
    add(path, "last", 0)
    assert not beside(path)
    print(f"{rounds} kills, {leftovers} amid a writing, {len(acknowledged)} acknowledged")


def stopped(path: Path) -> None:
    """Stop writers before each call to the system in turn; print the calls."""
    for step in count(1):
        generation = store_file.read(path, MEMBER, at_least_generation=0).generation
        kept = path.with_name("kept")
        os.link(path, kept)
        call = _stopped_at(path, step)
        after = store_file.read(path, MEMBER, at_least_generation=generation)
        assert after.generation <= generation + 1
        if not call:
            break
        print(call)
        assert add(path, "next", step).generation == after.generation + 1
        assert beside(path) == {kept.name}
        assert not any(kept.read_bytes()[SLOTS_START:SLOTS_END])
        kept.unlink()


def _stopped_at(path: Path, step: int) -> str:
    """Start a writer that stops before its n-th call; return that call, or nothing if it ended."""
    told, tell = os.pipe()
    writer = os.fork()
    if writer == 0:
        try:
            _stop_before(step, tell)
            add(path, "stopped", step)
        finally:
            os._exit(0)
    os.close(tell)
    os.waitpid(writer, 0)
    with os.fdopen(told) as call:
        return call.read()


def _stop_before(step: int, tell: int) -> None:
    calls = count(1)
    write = os.write

    def stopping(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*words: object, **named: object) -> object:
            if next(calls) == step:
                write(tell, name.encode())
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*words, **named)

        return call

    for name in ("open", "pread", "write", "fsync", "link", "rename", "unlink"):
        setattr(os, name, stopping(name, getattr(os, name)))


def full(path: Path) -> None:
    """Fill the disk, be refused, make room, go on."""
    found(path)
    add(path, "before", 0)
    before = path.read_bytes()
    filler = path.with_name("filler")
    for room in (0, 8192, 100_000, 250_000):
        _fill_disk(filler, room)
        try:
            add(path, "amid", room)
        except store_file.StoreNotWritten as trouble:
            print(trouble)
        assert path.read_bytes() == before
        assert beside(path) == {filler.name}
    filler.unlink()
    store = add(path, "after", 0)
    print(*sorted(dict(store.of_kind(ADDED))))


def _fill_disk(filler: Path, room: int) -> None:
    """Take all of a disk but `room` bytes."""
    with filler.open("wb", buffering=0) as file:
        with suppress(OSError):
            while file.write(bytes(4096)):
                pass
        file.truncate(file.tell() - room)


def main(command: str, path: Path, *words: str) -> None:
    """Do what the first word says."""
    match command, words:
        case "add", (name, times):
            for number in range(int(times)):
                add(path, name, number)
        case "killed", (rounds,):
            killed(path, int(rounds))
        case "stopped", ():
            stopped(path)
        case "full", ():
            full(path)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
