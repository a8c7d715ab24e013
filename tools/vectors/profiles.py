"""Coded profiles (record.md, 4)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.people import PROFILE
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import ids, u16

SAID: dict[str, Any] = {
    "kind": [1],
    "services": [1, 5, 9],
    "police_ties": [1],
    "funding": [2],
    "reporting": [1, 3],
    "regions": [1000],
}
LEAST = {1: ids(1), 2: ids(1), 5: ids(1), 6: ids(1), 7: ids(1)}
LEAST_SAID: dict[str, Any] = {
    "kind": [1],
    "services": [1],
    "police_ties": [1],
    "funding": [1],
    "reporting": [1],
}
MOST = 248
_OVER = MOST + 1 - len(wire.fields(LEAST)) - 3
_FIELDS = {
    "kind": (1, 1),
    "services": (2, 20),
    "languages": (3, 12),
    "accepts": (4, 12),
    "police_ties": (5, 12),
    "funding": (6, 12),
    "reporting": (7, 8),
    "privilege": (8, 6),
    "housing": (9, 12),
    "regions": (10, 8),
    "pledge": (11, 1),
}

_encode = maker("encode_profile", "record.md 4")
_decode = maker("decode_profile", "record.md 4")


def longest() -> tuple[bytes, dict[str, Any]]:
    """A profile of 248 bytes: every field at its maximum, and one of a newer client."""
    said: dict[str, Any] = {name: list(range(1, most + 1)) for name, (_, most) in _FIELDS.items()}
    run = {_FIELDS[name][0]: ids(*numbers) for name, numbers in said.items()}
    encoded = wire.fields({**run, 200: b"more"})
    assert len(encoded) == MOST
    return encoded, {**said, "unknown": [[200, b"more"]]}


def scenarios() -> Scenarios:
    """All of this area."""
    long, long_said = longest()
    newer = {**LEAST_SAID, "services": [1, 65_535], "unknown": [[99, b"newer"]]}
    rows = {
        "least": ("What no profile may leave out.", wire.fields(LEAST), LEAST_SAID),
        "usual": ("A shelter's.", PROFILE, SAID),
        "longest": ("As long as a profile may be.", long, long_said),
        "unknown": (
            "A field and an id of a newer client are kept.",
            wire.fields({**LEAST, 2: ids(1, 65_535), 99: b"newer"}),
            newer,
        ),
    }
    for name, (comment, encoded, said) in rows.items():
        yield _encode(
            f"profile_encode_{name}", comment, {"profile": said}, output={"encoded": encoded}
        )
        yield _decode(
            f"profile_decode_{name}", comment, {"encoded": encoded}, output={"profile": said}
        )
    yield from _not_made()
    yield from _not_read()


def _not_made() -> Scenarios:
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "no_reporting": ("Malformed", {"reporting": []}),
        "zero_id": ("Malformed", {"services": [0]}),
        "repeated_id": ("Malformed", {"police_ties": [1, 1]}),
        "two_kinds": ("TooLong", {"kind": [1, 2]}),
        "21_services": ("TooLong", {"services": list(range(1, 22))}),
        "249_bytes": ("TooLong", {"unknown": [[200, bytes(_OVER)]]}),
    }
    for name, (expect, changed) in rows.items():
        comment = f"What a reader would refuse is not made: {name.replace('_', ' ')}."
        yield _encode(
            f"profile_encode_{name}", comment, {"profile": {**LEAST_SAID, **changed}}, expect
        )


def _not_read() -> Scenarios:
    rows = {
        f"without_{name}": (f"A profile without {name.replace('_', ' ')}.", _without(number))
        for name, (number, _) in _FIELDS.items()
        if number in LEAST
    }
    rows |= {
        "two_kinds": ("An organisation has one kind.", {**LEAST, 1: ids(1, 2)}),
        "21_services": ("At most 20 services.", {**LEAST, 2: ids(*range(1, 22))}),
        "zero_id": ("0 is no id.", {**LEAST, 6: u16(0)}),
        "repeated_id": ("An id twice.", {**LEAST, 7: ids(3, 3)}),
        "odd_value": ("A list of three bytes.", {**LEAST, 7: b"\x00\x01\x00"}),
        "empty_optional": ("An absent field is left out, not empty.", {**LEAST, 9: b""}),
        "249_bytes": ("At most 248 bytes.", {**LEAST, 200: bytes(_OVER)}),
        "out_of_order": ("Fields ascend by id.", {2: ids(1), **_without(2)}),
    }
    for name, (comment, run) in rows.items():
        yield _decode(f"profile_decode_{name}", comment, {"encoded": wire.fields(run)}, "Malformed")
    cut = wire.fields(LEAST)[:-1]
    yield _decode("profile_decode_cut", "Cut short.", {"encoded": cut}, "Malformed")


def _without(number: int) -> dict[int, bytes]:
    return {one: value for one, value in LEAST.items() if one != number}
