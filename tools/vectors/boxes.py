"""Answers in slots, and the cover of empty ones (box.md)."""

from __future__ import annotations

import hashlib
from typing import Any

from tools.vectors import wire
from tools.vectors.messages import BOX
from tools.vectors.people import (
    NETWORK_ID,
    ONE_TIME_SEED,
    ORGANISATION,
    ORGANISATION_SEED,
    OTHER_ORGANISATION,
    TODAY,
)
from tools.vectors.scenario import Scenarios, hashed, maker
from tools.vectors.wire import lp, u8, u16, u32

PLAIN_BYTES = 4056
NONCE = wire.draw("slot nonce", 24)
FILLER_KEY = wire.draw("filler key", 32)
HOLDER_KEY = wire.draw("holder key", 32)
PUBLIC_KEY = wire.xwing_public(ONE_TIME_SEED)

DELIVERED = {
    1: u16(1),
    2: u32(TODAY),
    5: u32(TODAY + 14),
    6: ORGANISATION,
    7: b"Example House",
    8: PUBLIC_KEY,
}
DELIVERED_SAID: dict[str, Any] = {
    "state": 1,
    "epoch": TODAY,
    "last_epoch": TODAY + 14,
    "organisation": ORGANISATION,
    "name": "Example House",
    "public_key": PUBLIC_KEY,
}
ANSWERED = {1: u16(3), 2: u32(TODAY), 3: b"We can meet you on Friday."}
ANSWERED_SAID: dict[str, Any] = {
    "state": 3,
    "epoch": TODAY,
    "text": "We can meet you on Friday.",
}

seal_slot = maker("seal_slot", "box.md 1")
open_slot = maker("open_slot", "box.md 3")
seal_delivered = maker("seal_delivered", "box.md 1")
open_delivered = maker("open_delivered", "box.md 3")
_cover = maker("cover_slot", "box.md 4")


def plaintext(run: dict[int, bytes] | bytes, version: int = 1) -> bytes:
    """box.md, 2."""
    body = run if isinstance(run, bytes) else wire.fields(run)
    return wire.pad(u8(version) + lp(body), PLAIN_BYTES)


def seal(plain: bytes, number: int, key: bytes = b"") -> bytes:
    """box.md, 1; under another key than the slot's, if one is given."""
    secret = key or (BOX["box_key"] if number else HOLDER_KEY)
    slot_key = wire.kdf(secret, "slot-key", 32, u16(number))
    aad = wire.frame("slot", NETWORK_ID, BOX["box_id"], u16(number))
    return NONCE + wire.seal_aead(slot_key, NONCE, aad, plain)


def signature(run: dict[int, bytes], number: int, **other: bytes) -> bytes:
    """box.md, 2: of these fields in this slot; with another seed, network id or box id."""
    seed = other.get("seed", ORGANISATION_SEED)
    place = (other.get("network_id", NETWORK_ID), other.get("box_id", BOX["box_id"]))
    digest = wire.sha256(wire.fields(run))
    return wire.sign(seed, wire.frame("answer", wire.SUITE, *place, u16(number), digest))


def signed(run: dict[int, bytes], number: int = 1, **other: bytes) -> dict[int, bytes]:
    """The fields with their signature among them."""
    return dict(sorted({**run, 9: signature(run, number, **other)}.items()))


def cover(number: int) -> bytes:
    """box.md, 4."""
    framed = wire.frame("slot-filler", FILLER_KEY, BOX["box_id"], u16(number))
    return hashlib.shake_256(framed).digest(4096)


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _both_ways()
    yield from _delivered()
    yield from _not_made()
    yield from _covers()


def _both_ways() -> Scenarios:
    another = [OTHER_ORGANISATION, ORGANISATION]
    four = [u8(n) * 32 for n in range(1, 5)]
    full = {1: u16(5), 2: u32(TODAY), 3: b"a" * 3000, 4: b"".join(four), 5: u32(TODAY + 14)}
    rows: dict[str, tuple[str, int, dict[int, bytes], dict[str, Any]]] = {
        "answered": ("An answer with words.", 1, ANSWERED, ANSWERED_SAID),
        "try_another": (
            "An answer that names others, in the last slot.",
            31,
            {1: u16(5), 2: u32(TODAY), 4: b"".join(another)},
            {"state": 5, "epoch": TODAY, "try_another": another},
        ),
        "unknown": (
            "A field and a state of a newer client are kept, and signed.",
            2,
            {1: u16(999), 2: u32(TODAY), 77: b"newer"},
            {"state": 999, "epoch": TODAY, "unknown": [[77, b"newer"]]},
        ),
        "full": (
            "Every field of an answer at its most.",
            3,
            full,
            {
                "state": 5,
                "epoch": TODAY,
                "text": "a" * 3000,
                "try_another": four,
                "last_epoch": TODAY + 14,
            },
        ),
    }
    for name, (comment, number, run, said) in rows.items():
        sealed = seal(plaintext(signed(run, number)), number)
        read = {**said, "signature": signature(run, number)}
        made, opened = making(said, number), opening(sealed, number)
        yield seal_slot(f"slot_seal_{name}", comment, made, output={"sealed": sealed})
        yield open_slot(f"slot_open_{name}", comment, opened, output={"answer": read})


def _delivered() -> Scenarios:
    sealed = seal(plaintext(DELIVERED), 0)
    comment = "Slot 0 opens under the holder key: the referral was stored."
    made, opened = making_delivered(DELIVERED_SAID), opening_delivered(sealed)
    yield seal_delivered("slot_seal_delivered", comment, made, output={"sealed": sealed})
    yield open_delivered("slot_open_delivered", comment, opened, output={"answer": DELIVERED_SAID})


def _not_made() -> Scenarios:
    long = {**ANSWERED_SAID, "text": "a" * 3001}
    five = {**ANSWERED_SAID, "try_another": [u8(n) * 32 for n in range(5)]}
    named = {**ANSWERED_SAID, "name": "Example House"}
    rows = {
        "slot_32": ("Malformed", "A box has slots 0 to 31.", ANSWERED_SAID, 32),
        "slot_0": ("Malformed", "Slot 0 is made under the holder key.", DELIVERED_SAID, 0),
        "delivered_in_slot_1": ("Malformed", "Only slot 0 says delivered.", DELIVERED_SAID, 1),
        "name_in_slot_1": ("Malformed", "Only slot 0 has a name.", named, 1),
        "text_too_long": ("TooLong", "3,001 bytes of text.", long, 1),
        "five_others": ("TooLong", "At most four others are named.", five, 1),
    }
    for name, (expect, comment, said, number) in rows.items():
        section = "box.md 1" if name in ("slot_32", "slot_0") else "box.md 2"
        yield seal_slot(f"slot_seal_{name}", comment, making(said, number), expect, at=section)
    answered = {**DELIVERED_SAID, "state": 3}
    long_name = {**DELIVERED_SAID, "name": "a" * 97}
    bidi = {**DELIVERED_SAID, "name": "Haven\u202e"}
    signed_0 = {**DELIVERED_SAID, "signature": signature(DELIVERED, 0)}
    delivered = {
        "answered_in_slot_0": ("Malformed", "Slot 0 says nothing else.", answered),
        "delivered_signed": ("Malformed", "Slot 0 has no signature.", signed_0),
        "name_bidi": ("Malformed", "A name turns no direction.", bidi),
        "name_too_long": ("TooLong", "97 bytes of name.", long_name),
    }
    for name, (expect, comment, said) in delivered.items():
        inputs = making_delivered(said)
        yield seal_delivered(f"slot_seal_{name}", comment, inputs, expect, at="box.md 2")


def _covers() -> Scenarios:
    for number in (0, 31):
        made = cover(number)
        yield _cover(
            f"cover_slot_{number}",
            "The same bytes whenever the same empty slot is read.",
            {"filler_key": FILLER_KEY, "box_id": BOX["box_id"], "slot": number},
            output={"cover": hashed(made, wire.sha256(made))},
        )
    good = {"filler_key": FILLER_KEY, "box_id": BOX["box_id"], "slot": 1}
    rows: dict[str, dict[str, Any]] = {
        "slot_32": {"slot": 32},
        "short_key": {"filler_key": FILLER_KEY[:31]},
        "short_id": {"box_id": bytes(15)},
    }
    for name, changed in rows.items():
        yield _cover(
            f"cover_{name}",
            "A slot, key or id that is none has no cover.",
            {**good, **changed},
            "Malformed",
        )


def making(said: dict[str, Any], number: int) -> dict[str, Any]:
    """The inputs of `seal_slot`."""
    place = {"network_id": NETWORK_ID, "box_id": BOX["box_id"], "box_key": BOX["box_key"]}
    keys = {"organisation_seed": ORGANISATION_SEED, "nonce": NONCE}
    return {"answer": said, **place, "slot": number, **keys}


def opening(sealed: bytes, number: int) -> dict[str, Any]:
    """The inputs of `open_slot`."""
    place = {"network_id": NETWORK_ID, "box_id": BOX["box_id"], "box_key": BOX["box_key"]}
    return {"sealed": sealed, **place, "slot": number, "organisation": ORGANISATION}


def making_delivered(said: dict[str, Any]) -> dict[str, Any]:
    """The inputs of `seal_delivered`."""
    place = {"network_id": NETWORK_ID, "box_id": BOX["box_id"], "holder_key": HOLDER_KEY}
    return {"answer": said, **place, "nonce": NONCE}


def opening_delivered(sealed: bytes) -> dict[str, Any]:
    """The inputs of `open_delivered`."""
    place = {"network_id": NETWORK_ID, "box_id": BOX["box_id"], "holder_key": HOLDER_KEY}
    return {"sealed": sealed, **place}
