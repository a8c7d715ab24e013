"""Slots that are refused: not opened, signed by somebody else, or out of form (box.md)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.boxes import (
    ANSWERED,
    DELIVERED,
    PUBLIC_KEY,
    cover,
    open_delivered,
    open_slot,
    opening,
    opening_delivered,
    plaintext,
    seal,
    signature,
    signed,
)
from tools.vectors.messages import BOX
from tools.vectors.people import (
    ORGANISATION,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    OTHER_ORGANISATION_SEED,
    TODAY,
)
from tools.vectors.scenario import Scenarios
from tools.vectors.wire import u16, u32


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _bad_answers()
    yield from _bad_delivered()
    yield from _not_opened()
    yield from _delivered_not_opened()
    yield from _forged()


def _bad_answers() -> Scenarios:
    good = wire.fields(signed(ANSWERED))
    rows = {
        "no_state": ("An answer has a state.", _plain({2: u32(TODAY)})),
        "no_epoch": ("An answer has a day.", _plain({1: u16(3)})),
        "zero_state": ("0 is no state.", _plain({**ANSWERED, 1: u16(0)})),
        "epoch_short": ("A day has four bytes.", _plain({**ANSWERED, 2: u16(9)})),
        "text_too_long": ("3,001 bytes of text.", _plain({**ANSWERED, 3: b"a" * 3001})),
        "same_other_twice": ("The others are distinct.", _naming(ORGANISATION * 2)),
        "other_cut": ("A key has 32 bytes.", _naming(ORGANISATION[:31])),
        "five_others": ("At most four others.", _naming(wire.draw("five keys", 160))),
        "out_of_order": ("Fields ascend by id.", plaintext(good[7 + 5 :] + good[: 7 + 5])),
        "cut_field": ("The body ends within a field.", plaintext(good[:-1])),
        "padding": ("Padding that is not zero.", _plain(ANSWERED)[:-1] + b"\x01"),
        "delivered_in_slot_1": ("Only slot 0 says delivered.", _plain({**ANSWERED, 1: u16(1)})),
        "public_key_in_slot_1": (
            "Only slot 0 has a public key.",
            _plain({**ANSWERED, 8: PUBLIC_KEY}),
        ),
        "organisation_in_slot_1": (
            "Only slot 0 says whose it is.",
            _plain({**ANSWERED, 6: ORGANISATION}),
        ),
        "name_in_slot_1": ("Only slot 0 has a name.", _plain({**ANSWERED, 7: b"Haven"})),
        "not_signed": ("An answer is signed.", plaintext(ANSWERED)),
        "signature_cut": (
            "A signature has 64 bytes.",
            plaintext({**ANSWERED, 9: signature(ANSWERED, 1)[:-1]}),
        ),
    }
    for name, (comment, plain) in rows.items():
        inputs = opening(seal(plain, 1), 1)
        yield open_slot(f"slot_open_{name}", comment, inputs, "Malformed", at="box.md 2")
    yield open_slot(
        "slot_open_version_2",
        "Another version byte.",
        opening(seal(plaintext(signed(ANSWERED), 2), 1), 1),
        "Unsupported",
    )


def _bad_delivered() -> Scenarios:
    rows = {
        "answered_in_slot_0": ("Slot 0 says nothing else.", ANSWERED),
        "delivered_with_text": ("Slot 0 has no text.", _delivered(3, b"hello")),
        "delivered_signed": ("Slot 0 has no signature.", signed(DELIVERED, 0)),
        "name_too_long": ("A name has at most 96 bytes.", _delivered(7, b"a" * 97)),
        "name_bidi": ("A name turns no direction.", _delivered(7, "Haven\u202e".encode())),
        "name_space_at_end": ("A name has no space at its ends.", _delivered(7, b"Haven ")),
        "name_two_lines": ("A name has one line.", _delivered(7, b"Haven\nHouse")),
    }
    for number, part in ((5, "last epoch"), (6, "organisation"), (7, "name"), (8, "public key")):
        comment = f"Slot 0 without {part}."
        rows[f"delivered_without_{part.replace(' ', '_')}"] = (comment, _delivered(number))
    for name, (comment, run) in rows.items():
        inputs = opening_delivered(seal(plaintext(run), 0))
        yield open_delivered(f"slot_open_{name}", comment, inputs, "Malformed", at="box.md 2")


def _not_opened() -> Scenarios:
    sealed = seal(plaintext(signed(ANSWERED)), 1)
    good = opening(sealed, 1)
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
        "slot_0": ("Malformed", "Slot 0 is opened with the holder key.", {"slot": 0}),
        "short_organisation": ("Malformed", "A key has 32 bytes.", {"organisation": bytes(31)}),
    }
    for name, (expect, comment, changed) in rows.items():
        yield open_slot(f"slot_open_{name}", comment, {**good, **changed}, expect)


def _delivered_not_opened() -> Scenarios:
    plain = plaintext(DELIVERED)
    sealed, forged = seal(plain, 0), seal(plain, 0, BOX["box_key"])
    rows: dict[str, tuple[str, bytes, dict[str, Any]]] = {
        "box_key": ("The provider can't read slot 0.", sealed, {"holder_key": BOX["box_key"]}),
        "under_box_key": ("Who has the box key only can't write slot 0.", forged, {}),
        "other_holder": ("Another holder.", sealed, {"holder_key": wire.draw("other", 32)}),
        "other_box": ("Another box id.", sealed, {"box_id": bytes(16)}),
        "other_network": ("Another network.", sealed, {"network_id": OTHER_NETWORK_ID}),
        "cover": ("The cover of an empty slot.", cover(0), {}),
    }
    for name, (comment, shown, changed) in rows.items():
        inputs = {**opening_delivered(shown), **changed}
        yield open_delivered(f"slot_open_delivered_{name}", comment, inputs, "CannotOpen")


def _forged() -> Scenarios:
    changed = {**ANSWERED, 3: b"Come to the harbour tonight."}
    rows = {
        "other_organisation": (
            "Signed by another organisation.",
            signed(ANSWERED, seed=OTHER_ORGANISATION_SEED),
        ),
        "other_slot": ("The signature of an answer in slot 2.", signed(ANSWERED, 2)),
        "other_box": ("The signature for another box.", signed(ANSWERED, box_id=bytes(16))),
        "other_network": (
            "The signature in another network.",
            signed(ANSWERED, network_id=OTHER_NETWORK_ID),
        ),
        "other_words": ("The signature of other words.", {**changed, 9: signature(ANSWERED, 1)}),
        "unknown_added": (
            "A field of a newer client, added after signing.",
            {**signed(ANSWERED), 77: b"newer"},
        ),
        "zeros": ("A signature of zeros.", {**ANSWERED, 9: bytes(64)}),
    }
    for name, (comment, run) in rows.items():
        inputs = opening(seal(plaintext(run), 1), 1)
        yield open_slot(f"slot_open_signed_{name}", comment, inputs, "BadSignature")
    good = opening(seal(plaintext(signed(ANSWERED)), 1), 1)
    yield open_slot(
        "slot_open_signed_not_by_slot_0s",
        "Signed by an organisation that slot 0 does not name.",
        {**good, "organisation": OTHER_ORGANISATION},
        "BadSignature",
    )


def _plain(run: dict[int, bytes]) -> bytes:
    return plaintext(signed(run))


def _naming(keys: bytes) -> bytes:
    return _plain({1: u16(5), 2: u32(TODAY), 4: keys})


def _delivered(number: int, value: bytes = b"") -> dict[int, bytes]:
    """What slot 0 says, with one field replaced or left out."""
    run = {**DELIVERED, number: value} if value else dict(DELIVERED)
    if not value:
        del run[number]
    return dict(sorted(run.items()))
