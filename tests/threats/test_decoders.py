"""T13: whatever bytes a decoder is given, a value or one category comes out, soon and in little."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from functools import cache

import pytest

from crypto.errors import CATEGORIES, Refused
from tests.crypto.streams import Stream, flipped
from tests.threats import decoders
from tests.threats.decoders_of_devices import Read, Target

SECONDS = 2.0  # of a call; the slowest, Argon2id, takes a tenth of it when nothing else runs
SPARE = 1_000_000  # bytes of memory that a call may take beside what it was given
LIMIT = 70_000  # bytes of the largest input, beyond every 16-bit length
FOUND = sorted(name for module in decoders.modules() for name in decoders.found_in(module))


@cache
def reads() -> dict[str, list[Target]]:
    """Every decoder with its samples, made once."""
    return decoders.reads()


READS = [name for name in FOUND if name not in decoders.MAKES]


def changed(sample: bytes, stream: Stream) -> Iterator[bytes]:
    """Forms of a good sample: bits turned, bytes gone, added or swapped, lengths that lie."""
    size = max(len(sample), 1)
    for at in {stream.below(size) for _ in range(24)} | set(range(min(len(sample), 12))):
        if sample:
            yield flipped(sample, at, 1 << stream.below(8))
            yield sample[:at] + b"\xff" * 4 + sample[at + 4 :]
            yield sample[:at] + sample[at + 1 :]
            yield sample[:at]
    yield from (sample + more for more in (b"\0", b"\n", stream(40), sample))
    yield sample[::-1]


def arbitrary(sample: bytes, stream: Stream) -> Iterator[bytes]:
    """Bytes that have nothing to do with the sample, of its length and of others."""
    for size in (0, 1, 2, 3, 16, 32, 64, 97, len(sample), LIMIT):
        yield from (stream(size), bytes(size), b"\xff" * size)
    yield b"\n" * LIMIT
    yield b"a 1\n" * (LIMIT // 4)


def fault(read: Read, data: bytes) -> str | None:
    """Say what a call did beside giving a value or refusing in one category, in time."""
    began = time.monotonic()
    try:
        read(data)
    except Refused as refusal:
        if type(refusal) not in CATEGORIES:
            return f"{type(refusal)} is no category"
    except Exception as error:
        return f"{type(error).__name__} for {len(data)} bytes: {data[:40].hex()}"
    took = time.monotonic() - began
    return f"{took:.1f} s for {len(data)} bytes" if took > SECONDS else None


def taken(read: Read, data: bytes) -> int:
    """The most memory, in bytes, that a call had at once."""
    tracemalloc.start()
    try:
        fault(read, data)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_T13_every_function_that_reads_is_tried_or_said_to_make() -> None:
    """Found by looking: a new decoder is in the table, and nothing stands there that is gone."""
    assert set(reads()) | decoders.MAKES == set(FOUND)
    assert not set(reads()) & decoders.MAKES
    assert len(reads()) > 60


@pytest.mark.parametrize("name", READS)
def test_P10_T13_any_bytes_end_in_a_value_or_one_category(name: str) -> None:
    """Changed samples and arbitrary bytes: no other error, and no call that lasts."""
    for number, (read, sample) in enumerate(reads()[name]):
        stream = Stream(f"{name} {number}")
        tried = [*arbitrary(sample, stream), *changed(sample, stream)]
        for data in tried[:: 8 if name in SLOW else 1]:
            assert (found := fault(read, data)) is None, found


@pytest.mark.parametrize("name", READS)
def test_P10_T13_memory_is_bounded_by_what_was_given(name: str) -> None:
    """Lengths of four 0xff anywhere in the first bytes, and large inputs, allocate little."""
    for read, sample in reads()[name]:
        lies = [sample[:at] + b"\xff" * 4 + sample[at + 4 :] for at in range(0, 40, 3)]
        for data in [*lies[:: 8 if name in SLOW else 1], bytes(LIMIT), b"\xff" * LIMIT]:
            assert taken(read, data) < 16 * len(data) + SPARE, data[:40].hex()


SLOW = {
    "client.admin_file.open_admin_file",
    "client.member_file.open_member_file",
    "client.store.open_store",
}


@pytest.mark.parametrize("name", READS)
def test_T13_each_sample_is_taken(name: str) -> None:
    """What the changes start from reads, so that they reach further than the first check."""
    for read, sample in reads()[name]:
        read(sample)


def _leaks(data: bytes) -> object:
    return data[3]


def _allocates(data: bytes) -> object:
    return bytes(int.from_bytes(data[:4], "big") % 2**26)


def _lasts(data: bytes) -> object:
    until = time.monotonic() + SECONDS + 0.1
    while time.monotonic() < until:
        pass
    return data


def test_T13_a_decoder_that_fails_otherwise_lasts_or_allocates_is_noticed() -> None:
    """An IndexError, a busy loop and a length believed before it was checked are each found."""
    assert fault(_leaks, b"abc") == "IndexError for 3 bytes: 616263"
    assert fault(_leaks, b"abcd") is None
    assert "s for 1 bytes" in (fault(_lasts, b"a") or "")
    assert taken(_allocates, b"\xff" * 4) > SPARE + 64
