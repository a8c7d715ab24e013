"""How a scenario writes bytes down, and how it changes them (docs/spec/vectors.md, 3 and 4)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

Given = Mapping[str, Any]
Output = dict[str, Any]


def unbytes(value: Any) -> bytes:
    """Return the bytes that a value stands for."""
    if isinstance(value, str):
        return bytes.fromhex(value)
    if "utf8" in value:
        return str(value["utf8"]).encode()
    if "shake256" in value:
        return hashlib.shake_256(value["shake256"].encode()).digest(value["bytes"])
    return bytes.fromhex(value["hex"]) + bytes(value["zeros"])


def unlist(values: Any) -> tuple[bytes, ...]:
    """Return the bytes that each value of a list stands for."""
    return tuple(map(unbytes, values))


def changed(value: bytes, change: Given) -> bytes:
    """Return bytes changed in the one way that is named."""
    ((name, given),) = change.items()
    out = bytearray(value)
    match name:
        case "flip":
            out[given] ^= 1
        case "cut":
            del out[-given:]
        case "append":
            out += bytes.fromhex(given)
        case "zero":
            out[given[0] : given[1]] = bytes(given[1] - given[0])
        case "swap":
            one, other, size = given
            out[one : one + size], out[other : other + size] = (
                value[other : other + size],
                value[one : one + size],
            )
        case _:
            raise ValueError(name)
    return bytes(out)


def same(expected: Any, actual: Any) -> bool:
    """Say whether what came out is what a scenario expects, bytes in any of their forms."""
    if isinstance(actual, bytes):
        return _same_bytes(expected, actual)
    if isinstance(actual, dict):
        if not isinstance(expected, dict) or expected.keys() != actual.keys():
            return False
        return all(same(expected[name], actual[name]) for name in actual)
    if isinstance(actual, list | tuple):
        if not isinstance(expected, list) or len(expected) != len(actual):
            return False
        return all(map(same, expected, actual))
    return type(expected) is type(actual) and bool(expected == actual)


def _same_bytes(expected: Any, actual: bytes) -> bool:
    if isinstance(expected, dict) and "sha256" in expected:
        digest = hashlib.sha256(actual).hexdigest()
        return (len(actual), digest) == (expected["bytes"], expected["sha256"])
    return isinstance(expected, str | dict) and unbytes(expected) == actual


class Drawn:
    """A source of randomness that gives the values listed, in order, and only at their size."""

    def __init__(self, *values: bytes) -> None:
        self._values = list(values)

    def __call__(self, size: int) -> bytes:
        """Return the next value."""
        value = self._values.pop(0)
        assert len(value) == size
        return value
