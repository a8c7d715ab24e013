"""Carried documents: their form and their text (carried.md, 1 and 2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tools.vectors import wire
from tools.vectors.people import NETWORK_ID
from tools.vectors.requests import BARE
from tools.vectors.requests import armour as request_armour
from tools.vectors.requests import form as request_form
from tools.vectors.scenario import Scenarios, hashed, maker
from tools.vectors.wire import draw, lp, u8, u16, u32, u64

Parts = Mapping[str, Any]

_write = maker("write_carried", "carried.md 1")
_read = maker("read_carried", "carried.md 1")
_HASHES = [draw("carried hash", 32), draw("another carried hash", 32)]
# Mostly zeros: this is about where parts stand, and nothing in them is looked at.
_KEY = wire.pad(draw("carried key", 40), 1321)
_RECORD = wire.pad(draw("carried record", 40), 4096)
_ORGANISATION = {
    "statement": b"statement\n",
    "profile": b"profile",
    "index": "7",
    "hashes": _HASHES,
    "capacity": 2,
    "weekly_keys": [_KEY],
}
_BARE: Parts = {
    "network_id": NETWORK_ID,
    "work_bits": 12,
    "policies": [b"first\n", b"second\n"],
    "checkpoint": b"checkpoint\n",
    "suspensions": b"suspensions\n",
    "organisations": [],
    "record": None,
}
_LISTED: Parts = {**_BARE, "organisations": [_ORGANISATION]}
_CODED: Parts = {**_BARE, "record": _RECORD}
_OTHER = {**_ORGANISATION, "index": f"{2**64 - 1}", "hashes": [], "capacity": 0, "weekly_keys": []}


def form(said: Parts, version: int = 1) -> bytes:
    """carried.md, 1."""
    listed, policies = said["organisations"], said["policies"]
    return b"".join(
        (
            u8(version) + said["network_id"] + u8(said["work_bits"]),
            u16(len(policies)) + b"".join(map(lp, policies)) + lp(said["checkpoint"]),
            u32(len(said["suspensions"])) + said["suspensions"],
            u16(len(listed)) + b"".join(map(_organisation, listed)),
            u8(0) if said["record"] is None else u8(1) + said["record"],
        )
    )


def text(whole: bytes) -> str:
    """carried.md, 2."""
    return request_armour(whole).replace("TOWPATH REQUEST", "TOWPATH CARRIED")


def scenarios() -> Scenarios:
    """All of this area."""
    rows = {
        "bare": ("The network alone.", _BARE),
        "organisations": ("With two organisations.", {**_LISTED, "organisations": [
            _ORGANISATION, _OTHER]}),
        "record": ("With a record.", _CODED),
        "both": ("With both.", {**_LISTED, "record": _RECORD}),
    }  # fmt: skip
    for name, (comment, said) in rows.items():
        written = text(form(said))
        out = {"form": form(said), "text": hashed(written.encode(), wire.sha256(written.encode()))}
        yield _write(f"carried_write_{name}", comment, {"carried": said}, output=out)
        yield _read(f"carried_read_{name}", comment, {"text": written}, output={"carried": said})
    yield from _not_written()
    yield from _not_read()
    for name, (comment, given) in _not_in_armour().items():
        yield _read(
            f"carried_text_{name}", comment, {"text": given}, "Malformed", at="carried.md 2"
        )


def _not_written() -> Scenarios:
    rows = {
        "short_network_id": {**_BARE, "network_id": NETWORK_ID[:-1]},
        "short_record": {**_CODED, "record": _RECORD[:-1]},
        "long_statement": {**_LISTED, "organisations": [
            {**_ORGANISATION, "statement": bytes(801)}]},
        "short_key": {**_LISTED, "organisations": [{**_ORGANISATION, "weekly_keys": [_KEY[:-1]]}]},
    }  # fmt: skip
    for name, said in rows.items():
        comment = "What no reader would take."
        yield _write(f"carried_write_{name}", comment, {"carried": said}, "Malformed")


def _not_read() -> Scenarios:
    bare, coded = form(_BARE), form(_CODED)
    listed = {"statement": bytes(801), "profile": bytes(249), "hashes": [_HASHES[0]] * 27}
    rows = {
        "version_0": ("Version 0.", form(_BARE, 0), "Unsupported"),
        "version_2": ("Version 2.", form(_BARE, 2), "Unsupported"),
        "cut": ("It does not say whether there is a record.", bare[:-1], "Malformed"),
        "record_cut": ("A record that is cut short.", coded[:-1], "Malformed"),
        "records_2": ("Two records.", bare[:-1] + u8(2) + 2 * _RECORD, "Malformed"),
        "appended": ("A byte more.", bare + b"\x00", "Malformed"),
        "policies_missing": ("A policy less than it says.", bare[:34] + u16(9) + bare[36:],
                             "Malformed"),
        "checkpoint_long": ("A checkpoint of 1,201 bytes.",
                            form({**_BARE, "checkpoint": bytes(1201)}), "Malformed"),
        "suspensions_long": (
            "A list that says it has 131,073 bytes.",
            form({**_BARE, "suspensions": b""}).replace(u32(0) + u16(0), u32(131_073) + u16(0)),
            "Malformed",
        ),
        **{
            f"{name}_long": (
                f"An organisation's {name} that is too long.",
                form({**_BARE, "organisations": [{**_ORGANISATION, name: value}]}),
                "Malformed",
            )
            for name, value in listed.items()
        },
    }  # fmt: skip
    for name, (comment, whole, expect) in rows.items():
        yield _read(f"carried_read_{name}", comment, {"text": text(whole)}, expect)


def _not_in_armour() -> dict[str, tuple[str, str]]:
    whole = form(_BARE)
    usual = text(whole)
    second = usual.split("\n")[1]
    return {
        "empty": ("Nothing.", ""),
        "request": ("A sealed request in its place.", request_armour(request_form(BARE))),
        "wrong_marks": ("A saved document between a request's marks.", request_armour(whole)),
        "twice": ("The same one twice.", usual + usual),
        "changed": ("One character is another.", usual.replace(second, f"B{second[1:]}")),
        "line_missing": ("A line is missing.", usual.replace(f"{second}\n", "")),
        "end_missing": ("The second mark is missing.", usual.rpartition("-----END")[0]),
    }


def _organisation(one: Parts) -> bytes:
    keys, hashes = one["weekly_keys"], one["hashes"]
    return b"".join(
        (
            lp(one["statement"]) + lp(one["profile"]) + u64(int(one["index"])),
            u8(len(hashes)) + b"".join(hashes) + u16(one["capacity"]),
            u8(len(keys)) + b"".join(keys),
        )
    )
