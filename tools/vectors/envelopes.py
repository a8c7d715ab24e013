"""Sealed messages (envelope.md, 1 to 3, 6 and 7; walk-in.md, 2)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from tools.vectors import wire
from tools.vectors.derivations import code_keys
from tools.vectors.messages import BOX, FOLLOW_UP, REFERRAL, message
from tools.vectors.people import (
    CODE,
    NETWORK_ID,
    ONE_TIME_SEED,
    WEEKLY_SEED,
)
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import u8

SIZE = 5273
NONCE = wire.draw("envelope nonce", 24)
ESEED = wire.draw("envelope eseed", 64)

_seal = maker("seal_envelope", "envelope.md 2")
_open = maker("open_envelope", "envelope.md 3")
_follow = maker("follow_up_context", "envelope.md 6")
_walk_in = maker("walk_in_context", "walk-in.md 2")


@dataclass(frozen=True)
class Context:
    """What an envelope is bound to (envelope.md, 1)."""

    kind: int
    binding: bytes
    inner_key: bytes
    network_id: bytes = NETWORK_ID

    def framed(self, label: str) -> bytes:
        """info or aad."""
        return wire.frame(label, wire.SUITE, self.network_id, u8(self.kind), self.binding)

    def inputs(self) -> dict[str, Any]:
        """As the inputs of a scenario."""
        return {
            "network_id": self.network_id,
            "kind": self.kind,
            "binding": self.binding,
            "inner_key": self.inner_key,
        }


def follow_up(number: int) -> Context:
    """envelope.md, 6."""
    tag = wire.kdf(BOX["tag_key"], "follow-up-tag", 16, u8(number))
    return Context(2, tag, wire.kdf(BOX["tag_key"], "follow-up-key", 32, u8(number)))


def walk_in(public_key: bytes, network_id: bytes = NETWORK_ID) -> Context:
    """walk-in.md, 2."""
    key = wire.kdf(public_key, "walk-in-key", 32, network_id)
    return Context(3, wire.sha256(public_key)[:16], key, network_id)


@cache
def seal(encoded: bytes, context: Context, seed: bytes, inner: Context | None = None) -> bytes:
    """envelope.md, 2; `inner` seals the inner layer for another context."""
    inside = inner or context
    aad = inside.framed("inner")
    sealed = NONCE + wire.seal_aead(inside.inner_key, NONCE, aad, encoded)
    public = wire.xwing_public(seed)
    return wire.SUITE + wire.seal_hpke(public, ESEED, context.framed("envelope"), sealed)


def referral() -> Context:
    """The context of the one code."""
    keys = code_keys(CODE, NETWORK_ID)
    return Context(1, keys["locator"], keys["psk"])


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _contexts()
    yield from _both_ways()


def _contexts() -> Scenarios:
    for number in (1, 7):
        context = follow_up(number)
        yield _follow(
            f"follow_up_context_{number}",
            f"Tag and key of follow-up {number}.",
            {"tag_key": BOX["tag_key"], "number": number},
            output={"tag": context.binding, "key": context.inner_key},
        )
    for number in (0, 8):
        yield _follow(
            f"follow_up_context_{number}",
            "Follow-ups are numbered 1 to 7.",
            {"tag_key": BOX["tag_key"], "number": number},
            "Malformed",
        )
    public = wire.xwing_public(WEEKLY_SEED)
    context = walk_in(public)
    yield _walk_in(
        "walk_in_context",
        "Id and key of a walk-in come from the weekly key alone.",
        {"public_key": public, "network_id": NETWORK_ID},
        output={"id": context.binding, "key": context.inner_key},
    )
    yield _walk_in(
        "walk_in_context_short",
        "A public key has 1,216 bytes.",
        {"public_key": public[:-1], "network_id": NETWORK_ID},
        "Malformed",
    )


def _both_ways() -> Scenarios:
    rows = {
        "referral": (referral(), ONE_TIME_SEED, REFERRAL, 1),
        "follow_up_1": (follow_up(1), ONE_TIME_SEED, FOLLOW_UP, 2),
        "follow_up_7": (follow_up(7), ONE_TIME_SEED, FOLLOW_UP, 2),
        "walk_in": (walk_in(wire.xwing_public(WEEKLY_SEED)), WEEKLY_SEED, REFERRAL, 1),
    }
    for name, (context, seed, run, kind) in rows.items():
        encoded = message(run, kind)
        comment = f"{name.replace('_', ' ').capitalize()}: sealed and opened."
        envelope = seal(encoded, context, seed)
        yield _seal(
            f"envelope_seal_{name}",
            comment,
            sealing(encoded, context, wire.xwing_public(seed)),
            output={"envelope": envelope},
        )
        yield _open(
            f"envelope_open_{name}",
            comment,
            opening(envelope, context, seed),
            output={"message": encoded},
        )


def sealing(encoded: bytes, context: Context, public_key: bytes) -> dict[str, Any]:
    """The inputs of `seal_envelope`."""
    drawn = {"nonce": NONCE, "eseed": ESEED}
    return {"message": encoded, "public_key": public_key, **context.inputs(), **drawn}


def opening(envelope: bytes, context: Context, seed: bytes) -> dict[str, Any]:
    """The inputs of `open_envelope`."""
    return {"envelope": envelope, "seed": seed, **context.inputs()}
