"""Envelopes that are not sealed or do not open, and trying weekly keys (envelope.md, 2, 3, 7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.vectors import wire
from tools.vectors.envelopes import (
    ESEED,
    SIZE,
    Context,
    follow_up,
    opening,
    referral,
    seal,
    sealing,
    walk_in,
)
from tools.vectors.messages import FOLLOW_UP, REFERRAL, message
from tools.vectors.people import (
    NETWORK_ID,
    ONE_TIME_SEED,
    OTHER_NETWORK_ID,
    OTHER_SEED,
    WEEKLY_SEED,
)
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import u8

_seal = maker("seal_envelope", "envelope.md 2")
_open = maker("open_envelope", "envelope.md 3")
_try = maker("open_walk_in", "envelope.md 3")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _not_sealed()
    yield from _other_contexts()
    yield from _changed()
    yield from _walk_ins()


def _not_sealed() -> Scenarios:
    public = wire.xwing_public(ONE_TIME_SEED)
    encoded = message(REFERRAL)
    rows = {
        "short_message": ("A message has 4,096 bytes.", encoded[:-1], public),
        "short_key": ("A public key has 1,216 bytes.", encoded, public[:-1]),
        "unreduced_key": (
            "An ML-KEM coefficient of 4,095.",
            encoded,
            b"\xff\xff\xff" + public[3:],
        ),
        "zero_x25519_key": (
            "An X25519 part that gives the all-zero secret.",
            encoded,
            public[:-32] + bytes(32),
        ),
        "small_order_x25519_key": (
            "Another X25519 part of small order, not in canonical form.",
            encoded,
            public[:-32] + (2**255 - 19 + 1).to_bytes(32, "little"),
        ),
    }
    for name, (comment, plain, key) in rows.items():
        section = "envelope.md 2" if name == "short_message" else "conventions.md 5"
        inputs = sealing(plain, referral(), key)
        yield _seal(f"envelope_seal_{name}", comment, inputs, "Malformed", at=section)


def _other_contexts() -> Scenarios:
    good = referral()
    envelope = seal(message(REFERRAL), good, ONE_TIME_SEED)
    outer = replace(good, inner_key=wire.draw("another psk", 32))
    rows: dict[str, tuple[str, bytes, Context, bytes]] = {
        "psk": ("Another code's psk: the inner layer.", envelope, outer, ONE_TIME_SEED),
        "seed": ("Another one-time key: the outer layer.", envelope, good, OTHER_SEED),
        "network": (
            "Another network.",
            envelope,
            replace(good, network_id=OTHER_NETWORK_ID),
            ONE_TIME_SEED,
        ),
        "locator": (
            "Another locator.",
            envelope,
            replace(good, binding=wire.flip(good.binding, 15)),
            ONE_TIME_SEED,
        ),
        "kind": (
            "A referral taken for a walk-in.",
            envelope,
            replace(good, kind=3),
            ONE_TIME_SEED,
        ),
        "follow_up_number": (
            "Follow-up 1 taken for follow-up 2.",
            seal(message(FOLLOW_UP, 2), follow_up(1), ONE_TIME_SEED),
            follow_up(2),
            ONE_TIME_SEED,
        ),
        "inner_locator": (
            "An inner layer made for another locator, sealed again for this one.",
            seal(message(REFERRAL), good, ONE_TIME_SEED, replace(good, binding=bytes(16))),
            good,
            ONE_TIME_SEED,
        ),
        "inner_kind": (
            "An inner layer made as a walk-in, sealed again as a referral.",
            seal(message(REFERRAL), good, ONE_TIME_SEED, replace(good, kind=3)),
            good,
            ONE_TIME_SEED,
        ),
    }
    for name, (comment, sealed, context, seed) in rows.items():
        inputs = opening(sealed, context, seed)
        yield _open(f"envelope_other_{name}", comment, inputs, "CannotOpen")


def _changed() -> Scenarios:
    good = referral()
    envelope = seal(message(REFERRAL), good, ONE_TIME_SEED)
    nobody = wire.xwing_public(wire.draw("nobody", 32))
    filler = wire.seal_hpke(nobody, ESEED, b"", wire.draw("filler", 4136))
    rows = {
        "flipped_mlkem": ("CannotOpen", "A bit of the ML-KEM part.", wire.flip(envelope, 1)),
        "flipped_x25519": ("CannotOpen", "A bit of the X25519 share.", wire.flip(envelope, 1089)),
        "flipped_top_bit": (
            "CannotOpen",
            "The top bit of the X25519 share, which the curve ignores and the key does not.",
            envelope[:1120] + u8(envelope[1120] ^ 0x80) + envelope[1121:],
        ),
        "flipped_nonce": ("CannotOpen", "A bit of the inner nonce.", wire.flip(envelope, 1121)),
        "flipped_body": ("CannotOpen", "A bit in the middle.", wire.flip(envelope, 3000)),
        "flipped_tag": ("CannotOpen", "The last bit.", wire.flip(envelope, SIZE - 1)),
        "zero_share": (
            "CannotOpen",
            "An X25519 share of zeros.",
            envelope[:1089] + bytes(32) + envelope[1121:],
        ),
        "filler": ("CannotOpen", "What stands for a withdrawn envelope.", wire.SUITE + filler),
        "cut": ("Malformed", "One byte is missing.", envelope[:-1]),
        "appended": ("Malformed", "One byte too many.", envelope + b"\x00"),
        "empty": ("Malformed", "Nothing.", b""),
        "suite_0": ("Unsupported", "Suite 0.", b"\x00" + envelope[1:]),
        "suite_2": ("Unsupported", "Suite 2.", b"\x02" + envelope[1:]),
        "cut_other_suite": ("Malformed", "The length is looked at first.", b"\x02" + envelope[2:]),
    }
    for name, (expect, comment, changed) in rows.items():
        inputs = opening(changed, good, ONE_TIME_SEED)
        section = "envelope.md 7" if name == "filler" else "envelope.md 3"
        yield _open(f"envelope_{name}", comment, inputs, expect, at=section)


def _walk_ins() -> Scenarios:
    encoded = message(REFERRAL)
    context = walk_in(wire.xwing_public(WEEKLY_SEED))
    envelope = seal(encoded, context, WEEKLY_SEED)
    both = _trying(envelope, OTHER_SEED, WEEKLY_SEED)
    yield _try(
        "walk_in_open_second_key",
        "Every live weekly key is tried.",
        both,
        output={"message": encoded, "which": 1},
    )
    other = walk_in(wire.xwing_public(WEEKLY_SEED), OTHER_NETWORK_ID)
    rows = {
        "no_key_fits": ("CannotOpen", "None of the keys opens it.", (envelope, OTHER_SEED)),
        "no_keys": ("CannotOpen", "A provider that has closed walk-ins has no key.", (envelope,)),
        "referral": (
            "CannotOpen",
            "A referral sealed to the same key is no walk-in.",
            (seal(encoded, referral(), WEEKLY_SEED), WEEKLY_SEED),
        ),
        "other_network": (
            "CannotOpen",
            "A walk-in of another network.",
            (seal(encoded, other, WEEKLY_SEED), WEEKLY_SEED),
        ),
        "cut": ("Malformed", "One byte is missing.", (envelope[:-1], WEEKLY_SEED)),
        "suite": ("Unsupported", "Suite 2.", (b"\x02" + envelope[1:], WEEKLY_SEED)),
    }
    for name, (expect, comment, tried) in rows.items():
        yield _try(f"walk_in_open_{name}", comment, _trying(*tried), expect)


def _trying(envelope: bytes, *seeds: bytes) -> dict[str, Any]:
    return {"envelope": envelope, "seeds": list(seeds), "network_id": NETWORK_ID}
