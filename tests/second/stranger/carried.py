"""Documents that are carried to a place without a network (docs/spec/carried.md, 1 and 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.second.stranger import calls
from tests.second.stranger.basics import TOO_LONG, UNSUPPORTED, VERSION, K, Reader, lp, need, u8

Parts = Mapping[str, Any]


def write(said: Parts) -> dict[str, Any]:
    """The form and the text; what could not be read back is not written."""
    form = b"".join(
        (
            VERSION + _sized(said["network_id"], 32) + u8(said["work_bits"]),
            _counted(said["policies"], 2, lp) + lp(said["checkpoint"]),
            len(said["suspensions"]).to_bytes(4, "big") + said["suspensions"],
            _counted(said["organisations"], 2, _organisation),
            u8(0) if said["record"] is None else u8(1) + _sized(said["record"], 4096),
        )
    )
    _read_form(form)
    text = calls.write_armour(form, "CARRIED")
    need(len(text) <= K.CARRIED_CHARACTERS, TOO_LONG)
    return {"form": form, "text": text.encode()}


def read(text: str) -> dict[str, Any]:
    """The parts of the one document in a text."""
    return _read_form(calls.from_armour(text, "CARRIED", K.CARRIED_CHARACTERS))


def _read_form(form: bytes) -> dict[str, Any]:
    reader = Reader(form)
    need(reader.take(1) == VERSION, UNSUPPORTED)
    found = {
        "network_id": reader.take(32),
        "work_bits": reader.number(1),
        "policies": [reader.prefixed(65535) for _ in range(reader.number(2))],
        "checkpoint": reader.prefixed(1200),
        "suspensions": reader.prefixed(131072, 4),
        "organisations": [_read_organisation(reader) for _ in range(reader.number(2))],
    }
    records = reader.number(1)
    need(records <= 1)
    found["record"] = reader.take(4096) if records else None
    reader.end()
    return found


def _read_organisation(reader: Reader) -> dict[str, Any]:
    found: dict[str, Any] = {
        "statement": reader.prefixed(800),
        "profile": reader.prefixed(248),
        "index": reader.number(8),
    }
    count = reader.number(1)
    need(count <= K.PROOF_HASHES)
    found["hashes"] = [reader.take(32) for _ in range(count)]
    found["capacity"] = reader.number(2)
    found["weekly_keys"] = [reader.take(1321) for _ in range(reader.number(1))]
    return found


def _organisation(one: Parts) -> bytes:
    return b"".join(
        (
            lp(one["statement"]) + lp(one["profile"]) + one["index"].to_bytes(8, "big"),
            _counted(one["hashes"], 1, lambda each: _sized(each, 32)),
            one["capacity"].to_bytes(2, "big"),
            _counted(one["weekly_keys"], 1, lambda each: _sized(each, 1321)),
        )
    )


def _counted(values: list[Any], width: int, write_one: Callable[[Any], bytes]) -> bytes:
    return len(values).to_bytes(width, "big") + b"".join(map(write_one, values))


def _sized(value: bytes, size: int) -> bytes:
    need(len(value) == size)
    return value
