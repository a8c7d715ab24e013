"""Suspension lists (statements.md, 8)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.notes import suspensions
from tools.vectors.people import NETWORK_ID, ORGANISATION, OTHER_NETWORK_ID, OTHER_ORGANISATION
from tools.vectors.scenario import Scenarios, maker, utf8

EMPTY = suspensions(NETWORK_ID)

_check = maker("check_suspensions", "statements.md 8")


def scenarios() -> Scenarios:
    """All of this area."""
    both = sorted((ORGANISATION, OTHER_ORGANISATION))
    two = suspensions(NETWORK_ID, *both)
    highest = suspensions(NETWORK_ID, ORGANISATION, serial=2**32 - 1)
    for name, given, ended in (
        ("empty", EMPTY, []),
        ("two", two, [[key[:12], 8] for key in both]),
        ("highest_serial", highest, [[ORGANISATION[:12], 2**32 - 1]]),
    ):
        yield _check(
            f"suspensions_{name}",
            "The same file for everybody, named by the checkpoint.",
            _listing(given),
            output={"ended": ended},
        )
    rows = {
        "unordered": ("Malformed", "Not in order.", suspensions(NETWORK_ID, *both[::-1])),
        "repeated": ("Malformed", "One twice.", suspensions(NETWORK_ID, both[0], both[0])),
        "no_serial": ("Malformed", "No serial.", two.replace(" 8\n", "\n")),
        "serial_33_bits": (
            "Malformed",
            "A serial of 33 bits.",
            suspensions(NETWORK_ID, both[0], serial=2**32),
        ),
        "serial_leading_zero": (
            "Malformed",
            "A leading zero.",
            suspensions(NETWORK_ID, both[0], serial="08"),
        ),
        "short_key": ("Malformed", "A start of 11 bytes.", suspensions(NETWORK_ID, bytes(11))),
        "whole_key": (
            "Malformed",
            "A whole key.",
            two.replace(wire.b64(both[0][:12]), wire.b64(both[0])),
        ),
        "label": ("Malformed", "Another label.", two.replace("v1/", "v2/")),
        "no_last_line_feed": ("Malformed", "The last line has no end.", two[:-1]),
        "line_more": ("Malformed", "Another line.", two + "colour blue\n"),
        "carriage_returns": ("Malformed", "Other line ends.", two.replace("\n", "\r\n")),
        "empty_file": ("Malformed", "Nothing.", ""),
        "other_network": ("WrongNetwork", "Another network's.", suspensions(OTHER_NETWORK_ID)),
    }
    for name, (expect, comment, given) in rows.items():
        yield _check(f"suspensions_{name}", comment, _listing(given), expect)
    yield _check(
        "suspensions_other_hash",
        "A list that the checkpoint does not name.",
        {**_listing(EMPTY), "hash": wire.sha256(two.encode())},
        "BadSignature",
    )
    yield _check(
        "suspensions_ill_formed",
        "Ill-formed UTF-8.",
        {"suspensions": b"\xff", "hash": wire.sha256(b"\xff"), "network_id": NETWORK_ID},
        "Malformed",
    )


def _listing(given: str) -> dict[str, Any]:
    digest = wire.sha256(given.encode())
    return {"suspensions": utf8(given), "hash": digest, "network_id": NETWORK_ID}
