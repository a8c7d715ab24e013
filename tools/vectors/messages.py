"""Referrals and follow-ups before they are sealed (envelope.md, 4 and 5)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import ids, u8, u16

SIZE = 4096
BOX = {
    "box_id": wire.draw("box id", 16),
    "box_key": wire.draw("box key", 32),
    "write_key": wire.draw("box write key", 32),
    "tag_key": wire.draw("tag key", 32),
}
BOX_FIELD = b"".join(BOX.values())

# The least that a referral must say.
REFERRAL = {
    1: u16(1),
    2: ids(1),
    3: ids(1),
    9: ids(3),
    16: u16(2),
    17: BOX_FIELD,
}
MINIMAL: dict[str, Any] = {
    "kind": 1,
    "consent": 1,
    "needs": [1],
    "languages": [1],
    "channels": [3],
    "eyes": 2,
    "box": BOX,
}
FOLLOW_UP = {1: u16(2), 18: b"The train leaves at nine."}
FOLLOWING: dict[str, Any] = {"kind": 2, "consent": 2, "text": "The train leaves at nine."}

_encode = maker("encode_message", "envelope.md 5")
_decode = maker("decode_message", "envelope.md 4")

LISTS = {"needs": 32, "languages": 8, "who": 16, "children": 16, "channels": 8}
LISTS |= {"hours": 16, "never": 16, "wishes": 24}
TEXTS = {"contact": 160, "safe_word": 64, "text": 3000}
NUMBERS = {
    "needs": 2,
    "languages": 3,
    "who": 6,
    "children": 7,
    "channels": 9,
    "hours": 10,
    "never": 11,
    "wishes": 15,
    "contact": 12,
    "safe_word": 13,
    "text": 18,
}


def message(run: dict[int, bytes] | bytes, kind: int = 1, version: int = 1) -> bytes:
    """Pad a run of fields to a message, well made or not."""
    body = run if isinstance(run, bytes) else wire.fields(run)
    return wire.pad(u8(version) + u8(kind) + u16(len(body)) + body, SIZE)


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _both_ways()
    yield from _kept()
    yield from _no_consent()


def _both_ways() -> Scenarios:
    maximal, run = _maximal()
    nobody = {**MINIMAL, "eyes": 3}
    del nobody["box"]
    rows = {
        "minimal": ("The least that a referral says.", MINIMAL, message(REFERRAL)),
        "maximal": ("Every field at its maximum.", maximal, message(run)),
        "self": (
            "Consent 2: she writes herself.",
            {**MINIMAL, "consent": 2},
            message({**REFERRAL, 1: u16(2)}),
        ),
        "nobody_reads_answers": (
            "Eyes 3: no answer is wanted, so there is no box.",
            nobody,
            message({k: v for k, v in REFERRAL.items() if k != 17} | {16: u16(3)}),
        ),
        "text_of_emoji": (
            "Text beyond the first plane, in several scripts, with line feeds.",
            {**MINIMAL, "text": "\U0001f6f6 مرحبا\nДобрый день"},
            message({**REFERRAL, 18: "\U0001f6f6 مرحبا\nДобрый день".encode()}),
        ),
        "follow_up": (
            "A follow-up says what is new and needs its own yes.",
            FOLLOWING,
            message(FOLLOW_UP, 2),
        ),
    }
    for name, (comment, said, encoded) in rows.items():
        inputs = {"message": said}
        yield _encode(f"message_encode_{name}", comment, inputs, output={"encoded": encoded})
        yield _decode(f"message_decode_{name}", comment, asked(encoded), output={"message": said})


def asked(encoded: bytes, kind: int = 0) -> dict[str, Any]:
    """Inputs of decoding: the bytes, and the kind that their envelope asks for."""
    own = encoded[1] if encoded[1] in (1, 2) else 1
    return {"encoded": encoded, "kind": kind or own}


def _kept() -> Scenarios:
    newer = {**MINIMAL, "unknown": [[200, b"from a newer client"], [255, b""]]}
    encoded = message({**REFERRAL, 200: b"from a newer client", 255: b""})
    rows = {
        "unknown_fields": ("Fields of a newer client are kept.", newer, encoded),
        "unknown_ids": (
            "Ids that no list has are kept.",
            {**MINIMAL, "needs": [1, 65_535]},
            message({**REFERRAL, 2: ids(1, 65_535)}),
        ),
    }
    for name, (comment, said, written) in rows.items():
        yield _decode(f"message_keeps_{name}", comment, asked(written), output={"message": said})
        yield _encode(
            f"message_writes_{name}", comment, {"message": said}, output={"encoded": written}
        )


def _no_consent() -> Scenarios:
    without = {k: v for k, v in MINIMAL.items() if k != "consent"}
    rows = {"none": without, "zero": {**MINIMAL, "consent": 0}, "three": {**MINIMAL, "consent": 3}}
    rows["follow_up"] = {"kind": 2, "text": "x"}
    for name, said in rows.items():
        yield _encode(
            f"message_encode_consent_{name}",
            "Without her yes nothing is encoded, since no server could see it.",
            {"message": said},
            "ConsentMissing",
        )
    runs = {
        "none": {k: v for k, v in REFERRAL.items() if k != 1},
        "zero": {**REFERRAL, 1: u16(0)},
        "three": {**REFERRAL, 1: u16(3)},
    }
    for name, run in runs.items():
        yield _decode(
            f"message_decode_consent_{name}",
            "A referral without a yes that this version knows is not shown.",
            asked(message(run)),
            "ConsentMissing",
        )


def _maximal() -> tuple[dict[str, Any], dict[int, bytes]]:
    """Every field of a referral at its maximum, both ways of writing it."""
    said = {**MINIMAL, "region": 65_535, "people": 99, "soon": 65_535, "peer": 65_535}
    run = {**REFERRAL, 4: u16(65_535), 5: u8(99), 8: u16(65_535), 14: u16(65_535)}
    for name, most in LISTS.items():
        said[name] = list(range(most, 0, -1))
        run[NUMBERS[name]] = ids(*said[name])
    for name, most in TEXTS.items():
        said[name] = "\u20ac" * (most // 3) + "a" * (most % 3)
        run[NUMBERS[name]] = said[name].encode()
    assert 4 + len(wire.fields(run)) == 3677
    return said, dict(sorted(run.items()))
