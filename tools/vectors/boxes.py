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
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    TODAY,
)
from tools.vectors.scenario import Scenarios, hashed, maker
from tools.vectors.wire import lp, u8, u16, u32

PLAIN_BYTES = 4056
NONCE = wire.draw("slot nonce", 24)
FILLER_KEY = wire.draw("filler key", 32)
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

_seal = maker("seal_slot", "box.md 1")
_open = maker("open_slot", "box.md 3")
_cover = maker("cover_slot", "box.md 4")


def plaintext(run: dict[int, bytes] | bytes, version: int = 1) -> bytes:
    """box.md, 2."""
    body = run if isinstance(run, bytes) else wire.fields(run)
    return wire.pad(u8(version) + lp(body), PLAIN_BYTES)


def seal(plain: bytes, number: int) -> bytes:
    """box.md, 1."""
    key = wire.kdf(BOX["box_key"], "slot-key", 32, u16(number))
    aad = wire.frame("slot", NETWORK_ID, BOX["box_id"], u16(number))
    return NONCE + wire.seal_aead(key, NONCE, aad, plain)


def cover(number: int) -> bytes:
    """box.md, 4."""
    framed = wire.frame("slot-filler", FILLER_KEY, BOX["box_id"], u16(number))
    return hashlib.shake_256(framed).digest(4096)


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _both_ways()
    yield from _not_made()
    yield from _bad_answers()
    yield from _bad_places()
    yield from _not_opened()
    yield from _covers()


def _both_ways() -> Scenarios:
    another = [OTHER_ORGANISATION, ORGANISATION]
    rows = {
        "delivered": ("Slot 0 opens: the referral was stored.", 0, DELIVERED, DELIVERED_SAID),
        "answered": ("An answer with words.", 1, ANSWERED, ANSWERED_SAID),
        "try_another": (
            "An answer that names others, in the last slot.",
            31,
            {1: u16(5), 2: u32(TODAY), 4: b"".join(another)},
            {"state": 5, "epoch": TODAY, "try_another": another},
        ),
        "unknown": (
            "A field and a state of a newer client are kept.",
            2,
            {1: u16(999), 2: u32(TODAY), 77: b"newer"},
            {"state": 999, "epoch": TODAY, "unknown": [[77, b"newer"]]},
        ),
    }
    for name, (comment, number, run, said) in rows.items():
        sealed = seal(plaintext(run), number)
        yield _seal(f"slot_seal_{name}", comment, _making(said, number), output={"sealed": sealed})
        yield _open(f"slot_open_{name}", comment, _opening(sealed, number), output={"answer": said})


def _not_made() -> Scenarios:
    long = {**ANSWERED_SAID, "text": "a" * 3001}
    five = {**ANSWERED_SAID, "try_another": [u8(n) * 32 for n in range(5)]}
    rows = {
        "slot_32": ("Malformed", "A box has slots 0 to 31.", ANSWERED_SAID, 32),
        "delivered_in_slot_1": ("Malformed", "Only slot 0 says delivered.", DELIVERED_SAID, 1),
        "answered_in_slot_0": ("Malformed", "Slot 0 says nothing else.", ANSWERED_SAID, 0),
        "text_too_long": ("TooLong", "3,001 bytes of text.", long, 1),
        "five_others": ("TooLong", "At most four others are named.", five, 1),
    }
    for name, (expect, comment, said, number) in rows.items():
        section = "box.md 1" if name == "slot_32" else "box.md 2"
        yield _seal(f"slot_seal_{name}", comment, _making(said, number), expect, at=section)


def _bad_answers() -> Scenarios:
    good = wire.fields(ANSWERED)
    rows = {
        "no_state": ("An answer has a state.", plaintext({2: u32(TODAY)})),
        "no_epoch": ("An answer has a day.", plaintext({1: u16(3)})),
        "zero_state": ("0 is no state.", plaintext({**ANSWERED, 1: u16(0)})),
        "epoch_short": ("A day has four bytes.", plaintext({**ANSWERED, 2: u16(9)})),
        "text_too_long": ("3,001 bytes of text.", plaintext({**ANSWERED, 3: b"a" * 3001})),
        "same_other_twice": ("The others are distinct.", _naming(ORGANISATION * 2)),
        "other_cut": ("A key has 32 bytes.", _naming(ORGANISATION[:31])),
        "five_others": ("At most four others.", _naming(wire.draw("five keys", 160))),
        "name_too_long": ("A name has at most 96 bytes.", plaintext({**ANSWERED, 7: b"a" * 97})),
        "out_of_order": ("Fields ascend by id.", plaintext(good[7 + 5 :] + good[: 7 + 5])),
        "cut_field": ("The body ends within a field.", plaintext(good[:-1])),
        "padding": ("Padding that is not zero.", plaintext(ANSWERED)[:-1] + b"\x01"),
    }
    for name, (comment, plain) in rows.items():
        inputs = _opening(seal(plain, 1), 1)
        yield _open(f"slot_open_{name}", comment, inputs, "Malformed", at="box.md 2")
    yield _open(
        "slot_open_version_2",
        "Another version byte.",
        _opening(seal(plaintext(ANSWERED, 2), 1), 1),
        "Unsupported",
    )


def _bad_places() -> Scenarios:
    rows = {
        "delivered_in_slot_1": ("Only slot 0 says delivered.", 1, DELIVERED),
        "answered_in_slot_0": ("Slot 0 says nothing else.", 0, ANSWERED),
        "public_key_in_slot_1": ("Only slot 0 has a public key.", 1, {**ANSWERED, 8: PUBLIC_KEY}),
        "delivered_with_text": ("Slot 0 has no text.", 0, _delivered(3, b"hello")),
    }
    for number, part in ((5, "last epoch"), (6, "organisation"), (7, "name"), (8, "public key")):
        comment = f"Slot 0 without {part}."
        rows[f"delivered_without_{part.replace(' ', '_')}"] = (comment, 0, _delivered(number))
    for name, (comment, number, run) in rows.items():
        inputs = _opening(seal(plaintext(run), number), number)
        yield _open(f"slot_open_{name}", comment, inputs, "Malformed", at="box.md 2")


def _not_opened() -> Scenarios:
    sealed = seal(plaintext(ANSWERED), 1)
    good = _opening(sealed, 1)
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "other_key": ("CannotOpen", "Another box key.", {"box_key": wire.draw("other", 32)}),
        "other_box": ("CannotOpen", "Another box id.", {"box_id": bytes(16)}),
        "other_network": ("CannotOpen", "Another network.", {"network_id": OTHER_NETWORK_ID}),
        "other_slot": ("CannotOpen", "Slot 1 read as slot 2.", {"slot": 2}),
        "cover": ("CannotOpen", "The cover of an empty slot.", {"sealed": cover(1)}),
        "flipped_nonce": ("CannotOpen", "The first bit.", {"sealed": wire.flip(sealed, 0)}),
        "flipped_tag": ("CannotOpen", "The last bit.", {"sealed": wire.flip(sealed, 4095)}),
        "cut": ("Malformed", "4,095 bytes.", {"sealed": sealed[:-1]}),
        "appended": ("Malformed", "4,097 bytes.", {"sealed": sealed + b"\x00"}),
        "slot_32": ("Malformed", "A box has slots 0 to 31.", {"slot": 32}),
    }
    for name, (expect, comment, changed) in rows.items():
        yield _open(f"slot_open_{name}", comment, {**good, **changed}, expect)


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


def _making(said: dict[str, Any], number: int) -> dict[str, Any]:
    place = {"network_id": NETWORK_ID, "box_id": BOX["box_id"], "box_key": BOX["box_key"]}
    return {"answer": said, **place, "slot": number, "nonce": NONCE}


def _opening(sealed: bytes, number: int) -> dict[str, Any]:
    place = {"network_id": NETWORK_ID, "box_id": BOX["box_id"], "box_key": BOX["box_key"]}
    return {"sealed": sealed, **place, "slot": number}


def _naming(keys: bytes) -> bytes:
    return plaintext({1: u16(5), 2: u32(TODAY), 4: keys})


def _delivered(number: int, value: bytes = b"") -> dict[int, bytes]:
    """What slot 0 says, with one field replaced or left out."""
    run = {**DELIVERED, number: value} if value else dict(DELIVERED)
    if not value:
        del run[number]
    return dict(sorted(run.items()))
