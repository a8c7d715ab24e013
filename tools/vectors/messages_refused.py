"""Messages that are not made or not read (envelope.md, 4 and 5)."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.messages import (
    BOX_FIELD,
    LISTS,
    MINIMAL,
    NUMBERS,
    REFERRAL,
    TEXTS,
    asked,
    message,
)
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import ids, u8, u16

_encode = maker("encode_message", "envelope.md 5")
_decode = maker("decode_message", "envelope.md 4")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _too_long()
    yield from _not_made()
    yield from _bad_fields()
    yield from _bad_shapes()
    yield from _bad_follow_ups()


def _too_long() -> Scenarios:
    for name, most in LISTS.items():
        yield _encode(
            f"message_encode_{name}_too_long",
            f"{most + 1} {name}.",
            {"message": {**MINIMAL, name: list(range(1, most + 2))}},
            "TooLong",
        )
        yield _decode(
            f"message_decode_{name}_too_long",
            f"{most + 1} {name}; to a reader this is malformed.",
            asked(_with(NUMBERS[name], ids(*range(1, most + 2)))),
            "Malformed",
        )
    for name, most in TEXTS.items():
        yield _encode(
            f"message_encode_{name}_too_long",
            f"{most + 1} bytes of UTF-8, in fewer characters.",
            {"message": {**MINIMAL, name: "\u00e9" + "a" * (most - 1)}},
            "TooLong",
        )
        yield _decode(
            f"message_decode_{name}_too_long",
            f"{most + 1} bytes; to a reader this is malformed.",
            asked(_with(NUMBERS[name], b"a" * (most + 1))),
            "Malformed",
        )
    yield _encode(
        "message_encode_unknown_too_long",
        "What a newer client said does not fit beside the rest.",
        {"message": {**MINIMAL, "unknown": [[200, bytes(4000)]]}},
        "TooLong",
    )


def _not_made() -> Scenarios:
    rows = {
        "no_needs": {**MINIMAL, "needs": []},
        "zero_id": {**MINIMAL, "needs": [0]},
        "repeated_id": {**MINIMAL, "languages": [2, 2]},
        "hundred_people": {**MINIMAL, "people": 100},
        "control_character": {**MINIMAL, "text": "a\tb"},
        "eyes_3_with_box": {**MINIMAL, "eyes": 3},
        "kind_3": {**MINIMAL, "kind": 3},
        "known_id_as_unknown": {**MINIMAL, "unknown": [[18, b"text"]]},
    }
    for name, said in rows.items():
        yield _encode(
            f"message_encode_{name}",
            f"What a reader would refuse is not made: {name.replace('_', ' ')}.",
            {"message": said},
            "Malformed",
            at="envelope.md 4",
        )


def _bad_fields() -> Scenarios:
    rows = {
        "zero_id": ("0 is no id.", _with(2, ids(0))),
        "zero_single": ("0 is no region either.", _with(4, u16(0))),
        "repeated_id": ("An id twice in one list.", _with(3, ids(2, 2))),
        "odd_list": ("A list of three bytes.", _with(2, b"\x00\x01\x00")),
        "empty_list": ("A field that says nothing is left out, not empty.", _with(6, b"")),
        "empty_text": ("An empty text is left out.", _with(18, b"")),
        "consent_one_byte": ("Consent has two bytes.", _with(1, b"\x01")),
        "no_people": ("People are 1 to 99.", _with(5, u8(0))),
        "hundred_people": ("People are 1 to 99.", _with(5, u8(100))),
        "people_two_bytes": ("People have one byte.", _with(5, u16(1))),
        "control_character": ("A tab in a text.", _with(18, b"a\tb")),
        "c1_control": ("A control character of two bytes.", _with(12, "a\x85".encode())),
        "overlong_utf8": ("An overlong form is no UTF-8.", _with(18, b"\xc0\xaf")),
        "surrogate_utf8": ("A surrogate has no UTF-8.", _with(18, b"\xed\xa0\x80")),
        "cut_utf8": ("A character cut short.", _with(13, b"a\xe2\x82")),
        "box_short": ("A box field has 112 bytes.", _with(17, BOX_FIELD[:-1])),
        "eyes_3_with_box": ("Nobody reads answers, so there is no box.", _with(16, u16(3))),
        "eyes_2_without_box": ("Who reads answers needs a box.", _without(17)),
    }
    rows |= {
        f"without_{name}": (f"A referral without {name}.", _without(number))
        for name, number in (("needs", 2), ("languages", 3), ("channels", 9), ("eyes", 16))
    }
    for name, (comment, encoded) in rows.items():
        yield _decode(f"message_decode_{name}", comment, asked(encoded), "Malformed")


def _bad_shapes() -> Scenarios:
    good = wire.fields(REFERRAL)
    swapped = wire.fields({2: ids(1), 1: u16(1)}) + wire.fields(_rest(1, 2))
    rows = {
        "out_of_order": ("Fields ascend by id.", message(swapped)),
        "repeated_field": ("No field stands twice.", message(wire.fields({1: u16(1)}) + good)),
        "cut_field": ("The body ends within a field.", message(good[:-1])),
        "cut_header": ("The body ends within a field's length.", message(good + b"\xc8\x00")),
        "body_beyond_end": (
            "The body claims more bytes than there are.",
            b"\x01\x01" + u16(4093) + bytes(4092),
        ),
        "padding": ("Padding that is not zero.", message(REFERRAL)[:-1] + b"\x01"),
        "padding_at_once": (
            "A byte right behind the body.",
            wire.flip(message(REFERRAL), 4 + len(good)),
        ),
        "kind_0": ("A kind that is none.", message(REFERRAL, 0)),
        "kind_3": ("Walk-ins carry kind 1; 3 is for the envelope.", message(REFERRAL, 3)),
        "short": ("4,095 bytes.", message(REFERRAL)[:-1]),
        "long": ("4,097 bytes.", message(REFERRAL) + b"\x00"),
    }
    for name, (comment, encoded) in rows.items():
        yield _decode(f"message_decode_{name}", comment, asked(encoded), "Malformed")
    for other, run in ((2, message(REFERRAL)), (1, message({1: u16(1), 18: b"x"}, 2))):
        yield _decode(
            f"message_decode_in_an_envelope_of_kind_{other}",
            "A message of another kind than its envelope says.",
            asked(run, other),
            "Malformed",
        )
    for version in (0, 2):
        yield _decode(
            f"message_decode_version_{version}",
            "Another version byte.",
            asked(message(REFERRAL, version=version)),
            "Unsupported",
        )


def _bad_follow_ups() -> Scenarios:
    rows = {
        "only_consent": {1: u16(1)},
        "languages": {1: u16(1), 3: ids(1), 18: b"x"},
        "eyes": {1: u16(1), 16: u16(3), 18: b"x"},
        "box": {1: u16(1), 17: BOX_FIELD, 18: b"x"},
    }
    for name, run in rows.items():
        yield _decode(
            f"message_decode_follow_up_{name}",
            "A follow-up has something to say, and repeats neither languages, eyes nor box.",
            asked(message(run, 2)),
            "Malformed",
        )


def _with(number: int, value: bytes) -> bytes:
    return message(dict(sorted({**REFERRAL, number: value}.items())))


def _rest(*left_out: int) -> dict[int, bytes]:
    return {number: value for number, value in REFERRAL.items() if number not in left_out}


def _without(number: int) -> bytes:
    return message(_rest(number))
