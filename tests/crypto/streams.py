"""Randomness for tests that is the same each time, and changes to the bytes that it made."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from crypto.errors import Refused


class Stream:
    """A source of randomness: bytes that look random, without end, others for each name."""

    def __init__(self, name: str) -> None:
        self._name = name.encode()
        self.calls = 0

    def __call__(self, size: int) -> bytes:
        """Return the next bytes of the stream."""
        self.calls += 1
        started = self._name + b" %d" % self.calls
        return hashlib.shake_256(started).digest(size)

    def below(self, limit: int) -> int:
        """Return a number from 0 up to, not including, the limit."""
        return int.from_bytes(self(16), "big") % limit


def flipped(data: bytes, at: int, bits: int = 1) -> bytes:
    """Return the bytes with some bits of the byte at one place turned."""
    changed = bytearray(data)
    changed[at] ^= bits
    return bytes(changed)


def places(edges: Iterator[int] | list[int], size: int, step: int) -> list[int]:
    """Return every step-th place, and the last before and the first after each edge."""
    near = {at + shift for at in edges for shift in (-1, 0)}
    return sorted({*range(0, size, step), *(at for at in near if 0 <= at < size), size - 1})


def resized_and_swapped(data: bytes, where: list[int]) -> Iterator[tuple[str, bytes]]:
    """Give forms cut short, made longer and with two different neighbours swapped."""
    for at in where:
        yield f"cut out at {at}", data[:at] + data[at + 1 :]
        yield f"put in at {at}", data[:at] + b"\x00" + data[at:]
        yield f"cut off at {at}", data[:at]
        if at and data[at - 1] != data[at]:
            yield f"swapped at {at}", data[: at - 1] + data[at - 1 : at + 1][::-1] + data[at + 1 :]
    yield "appended", data + b"\x00"
    yield "twice", data + data
    yield "nothing", b""


def refusal_of(call: Callable[[], object]) -> type[Refused] | None:
    """Return the class that a call is refused with, or None; what is no refusal is raised."""
    try:
        call()
    except Refused as refusal:
        return type(refusal)
    return None


def looks_even(data: bytes) -> bool:
    """Say whether the 256 byte values stand about equally often (a chi-square far from its edge).

    By chance alone, even bytes fail this less than once in a billion times.
    """
    expected = len(data) / 256
    chi_square = sum((data.count(value) - expected) ** 2 / expected for value in range(256))
    return 130 < chi_square < 420
