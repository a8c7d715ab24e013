"""Requests in canonical form (http.md, 5)."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from tools.vectors import wire
from tools.vectors.people import TODAY
from tools.vectors.scenario import Scenarios, hashed, maker, stream
from tools.vectors.wire import draw, u8, u32

Request = Mapping[str, Any]

_ENVELOPE, _SLOT = "envelope that travels", "slot 0 that travels"
BOX = {
    "id": draw("box that travels", 16),
    "holder_key_hash": draw("holder key hash that travels", 32),
    "write_key_hash": draw("write key hash that travels", 32),
    "slot_0": draw(_SLOT, 4096),
}
REFERRAL: Request = {
    "locator": draw("locator that travels", 16),
    "write_key": draw("write key that travels", 32),
    "envelope": draw(_ENVELOPE, 5273),
    "box": BOX,
}
WALK_IN: Request = {
    "epoch": TODAY,
    "nonce": draw("nonce that travels", 8),
    "envelope": draw(_ENVELOPE, 5273),
    "box": None,
}
# Mostly zeros, so that a file that is about something else stays short.
BARE: Request = {**REFERRAL, "envelope": wire.pad(draw("bare", 48), 5273), "box": None}
BARE_WALK_IN: Request = {**WALK_IN, "envelope": BARE["envelope"]}

_encode = maker("encode_request", "http.md 5")
_decode = maker("decode_request", "http.md 5")


def form(request: Request, kind: int | None = None) -> bytes:
    """http.md, 5; `kind` is another first byte."""
    if "epoch" in request:
        head = u8(kind or 3) + u32(request["epoch"]) + request["nonce"]
    else:
        head = u8(kind or 1) + request["locator"] + request["write_key"]
    box = request["box"]
    tail = b"\x00" if box is None else b"\x01" + b"".join(box.values())
    return b"".join((head, request["envelope"], tail))


def armour(content: bytes) -> str:
    """http.md, 5, of a form, right or wrong."""
    return in_armour(base64.b64encode(content + wire.sha256(content)[:4]).decode())


def in_armour(text: str) -> str:
    """Base64 in lines of 64 between the two marks."""
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    marks = [f"-----{which} TOWPATH REQUEST-----" for which in ("BEGIN", "END")]
    return "\n".join([marks[0], *lines, marks[1]]) + "\n"


def scenarios() -> Scenarios:
    """All of this area."""
    rows = {
        "referral": ("A referral with its box.", REFERRAL),
        "referral_no_box": ("Nobody's eyes: no box.", {**REFERRAL, "box": None}),
        "walk_in": ("A walk-in without a box.", WALK_IN),
        "walk_in_box": ("A walk-in with its box.", {**WALK_IN, "box": BOX}),
    }
    for name, (comment, request) in rows.items():
        yield _encode(
            f"request_encode_{name}",
            comment,
            {"request": _short(request)},
            output=_encoded(request),
        )
        yield _decode(
            f"request_decode_{name}",
            comment,
            {"form": form(request)},
            output={"request": _short(request)},
        )
    yield from _not_made()
    yield from _not_read()


def _encoded(request: Request) -> dict[str, Any]:
    whole = form(request)
    text = armour(whole).encode()
    tag = wire.sha256(request["envelope"])[:16] if "epoch" in request else None
    return {
        "form": hashed(whole, wire.sha256(whole)),
        "hash": wire.sha256(wire.frame("request", whole)),
        "armour": hashed(text, wire.sha256(text)),
        "tag": tag,
    }


def _short(request: Request) -> dict[str, Any]:
    """The same with its long parts given by how they are made."""
    box = request["box"] and {**request["box"], "slot_0": stream(_SLOT, 4096)}
    return {**request, "envelope": stream(_ENVELOPE, 5273), "box": box}


def _not_made() -> Scenarios:
    parts = (
        ("referral", BARE, ("locator", "write_key", "envelope")),
        ("walk_in", BARE_WALK_IN, ("nonce", "envelope")),
    )
    for kind, request, names in parts:
        for name in names:
            for how, value in (("short", request[name][:-1]), ("long", request[name] + b"\x01")):
                yield _encode(
                    f"request_encode_{kind}_{how}_{name}",
                    "A part of another length.",
                    {"request": {**request, name: value}},
                    "Malformed",
                )
    for name, value in BOX.items():
        yield _encode(
            f"request_encode_short_box_{name}",
            "A part of the box is too short.",
            {"request": {**BARE, "box": {**BOX, "slot_0": bytes(4096), name: value[:-1]}}},
            "Malformed",
        )
    for name, epoch in (("large", 1 << 32), ("negative", -1)):
        yield _encode(
            f"request_encode_epoch_{name}",
            "An epoch that has not 4 bytes.",
            {"request": {**BARE_WALK_IN, "epoch": epoch}},
            "Malformed",
        )


def _not_read() -> Scenarios:
    bare, walk_in = form(BARE), form(BARE_WALK_IN)
    boxed = form({**BARE, "box": {**BOX, "slot_0": bytes(4096)}})
    rows = {
        "empty": ("Nothing.", b""),
        "kind_0": ("Kind 0.", b"\x00" + bare[1:]),
        "kind_2": ("A follow-up is added to a box, and has no form of its own.", form(BARE, 2)),
        "kind_4": ("Kind 4.", form(BARE, 4)),
        "kind_255": ("Kind 255.", form(BARE, 255)),
        "referral_as_walk_in": ("A referral that says it is a walk-in.", form(BARE, 3)),
        "walk_in_as_referral": ("A walk-in that says it is a referral.", form(BARE_WALK_IN, 1)),
        "cut": ("It does not say whether there is a box.", bare[:-1]),
        "cut_head": ("Cut within the write key.", bare[:40]),
        "cut_envelope": ("Cut within the envelope.", bare[:4000]),
        "appended": ("A byte behind it.", bare + b"\x00"),
        "appended_to_box": ("A byte behind its box.", boxed + b"\x00"),
        "box_cut": ("The box ends within slot 0.", boxed[:-1]),
        "box_gone": ("It says that there is a box, and there is none.", bare[:-1] + b"\x01"),
        "box_denied": ("There is a box, and it says that there is none.", _at(boxed, 5322, 0)),
        "box_2": ("The first byte of a box is 0 or 1.", _at(boxed, 5322, 2)),
        "box_255": ("And nothing else.", bare[:-1] + b"\xff"),
        "walk_in_cut": ("A walk-in, cut.", walk_in[:-1]),
        "walk_in_appended": ("A byte behind a walk-in.", walk_in + b"\x00"),
        "twice": ("Two requests in one.", walk_in + walk_in),
    }
    for name, (comment, content) in rows.items():
        yield _decode(f"request_decode_{name}", comment, {"form": content}, "Malformed")


def _at(content: bytes, at: int, value: int) -> bytes:
    return content[:at] + u8(value) + content[at + 1 :]
