"""Blind tokens (tokens.md), by the plain reference of RFC 9497."""

from __future__ import annotations

from typing import Any

from tests.reference import ristretto_voprf as voprf
from tools.vectors import wire
from tools.vectors.people import MONDAY, NETWORK_ID, OTHER_NETWORK_ID
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import u32

SEED = wire.draw("issuing seed", 32)
OTHER_ISSUER = wire.draw("another issuing seed", 32)
INPUTS = [wire.draw(f"token input {n}", 32) for n in range(3)]

_period = maker("token_period", "tokens.md 1")
_issue = maker("token_issue", "tokens.md 4")
_round = maker("token_round", "tokens.md 3")
_redeem = maker("token_redeem", "tokens.md 5")


def issuer(
    seed: bytes = SEED, network_id: bytes = NETWORK_ID, period: int = MONDAY
) -> tuple[int, bytes]:
    """tokens.md, 1."""
    return voprf.derive_key_pair(seed, wire.frame("token-key", network_id, u32(period)))


def token(given: bytes) -> bytes:
    """tokens.md, 2."""
    return given + voprf.evaluate(issuer()[0], given)


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _periods()
    yield from _issued()
    yield from _not_issued()
    yield from _drawn()
    yield from _redeemed()


def _periods() -> Scenarios:
    rows = {
        "first": ("The first Monday of all.", 4, 4),
        "first_last": ("The last day of the first period.", 31, 4),
        "second": ("The first day of the second.", 32, 32),
        "within": ("A day within one.", MONDAY + 20, MONDAY),
        "before": ("The day before it.", MONDAY - 1, MONDAY - 28),
    }
    for name, (comment, epoch, first) in rows.items():
        assert first <= epoch < first + 28
        yield _period(
            f"token_period_{name}",
            comment,
            {"epoch": epoch},
            output={"period": first, "last_epoch": first + 55},
        )


def _issued() -> Scenarios:
    secret, public = issuer()
    scalars = [int.from_bytes(wire.draw(f"blind {n}", 31), "little") for n in range(2)]
    blinded = [voprf.blind(*pair) for pair in zip(INPUTS, scalars, strict=False)]
    elements = voprf.blind_evaluate(secret, blinded, 12345).elements
    for count in (1, 2):
        yield _issue(
            f"token_issue_{count}",
            "The evaluated elements are fixed; the proof in front is drawn afresh and holds.",
            _issuing(b"".join(blinded[:count])),
            output={"public_key": public, "elements": list(elements[:count])},
        )


def _not_issued() -> Scenarios:
    scalar = int.from_bytes(wire.draw("blind 0", 31), "little")
    good = voprf.blind(INPUTS[0], scalar)
    rows = {
        "nothing": ("Malformed", "No element.", b""),
        "cut": ("Malformed", "31 bytes.", good[:-1]),
        "257": ("Malformed", "257 elements, whatever they are.", bytes(257 * 32)),
        "identity": ("TokenRefused", "The identity.", bytes(32)),
        "identity_second": ("TokenRefused", "The identity beside a good one.", good + bytes(32)),
        "no_element": ("TokenRefused", "Bytes that are no element.", b"\xff" * 32),
        "negative": ("TokenRefused", "A negative field element.", b"\x01" + bytes(31)),
        "unreduced": (
            "TokenRefused",
            "A field element that is not reduced.",
            (2**255 - 19 + 4).to_bytes(32, "little"),
        ),
    }
    for name, (expect, comment, request) in rows.items():
        yield _issue(f"token_issue_{name}", comment, _issuing(request), expect)


def _drawn() -> Scenarios:
    good = {**_issuing(b""), "inputs": INPUTS}
    del good["request"]
    yield _round(
        "token_round",
        "Drawn, evaluated, finalized: the tokens do not depend on the blinds.",
        good,
        output={"tokens": [token(given) for given in INPUTS]},
    )
    other = issuer(OTHER_ISSUER)[1]
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "other_key": ("Another key than the one published.", {"public_key": other}),
        "key_none": ("A published key that is no element.", {"public_key": b"\xff" * 32}),
        "challenge_flipped": ("A bit of the proof's c.", {"change": {"flip": 0}}),
        "response_flipped": ("A bit of the proof's s.", {"change": {"flip": 32}}),
        "element_flipped": ("A bit of an element.", {"change": {"flip": 64}}),
        "elements_swapped": ("Two elements swapped.", {"change": {"swap": [64, 96, 32]}}),
        "element_missing": ("An element is missing.", {"change": {"cut": 32}}),
        "cut": ("A byte is missing.", {"change": {"cut": 1}}),
        "element_more": ("An element too many.", {"change": {"append": bytes(32).hex()}}),
        "identity": ("An element that is the identity.", {"change": {"zero": [64, 96]}}),
    }
    for name, (comment, changed) in rows.items():
        yield _round(
            f"token_round_{name}",
            f"{comment} The whole batch is refused.",
            {**good, **changed},
            "TokenRefused",
        )


def _redeemed() -> Scenarios:
    good = token(INPUTS[0])
    yield _redeem(
        "token_redeem",
        "A token pays once: its nullifier is kept.",
        _redeeming(good),
        output={"nullifier": _nullifier(INPUTS[0])},
    )
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "other_key": ("TokenRefused", "Another issuing key.", {"seed": OTHER_ISSUER}),
        "other_period": ("TokenRefused", "Another period.", {"period": MONDAY + 7}),
        "other_network": ("TokenRefused", "Another network.", {"network_id": OTHER_NETWORK_ID}),
        "input_flipped": ("TokenRefused", "A bit of the input.", {"token": wire.flip(good, 0)}),
        "output_flipped": ("TokenRefused", "The last bit.", {"token": wire.flip(good, 95)}),
        "invented": ("TokenRefused", "An output of zeros.", {"token": good[:32] + bytes(64)}),
        "cut": ("Malformed", "95 bytes.", {"token": good[:-1]}),
        "appended": ("Malformed", "97 bytes.", {"token": good + b"\x00"}),
    }
    for name, (expect, comment, changed) in rows.items():
        yield _redeem(f"token_redeem_{name}", comment, {**_redeeming(good), **changed}, expect)


def _nullifier(given: bytes) -> bytes:
    return wire.sha256(wire.frame("nullifier", NETWORK_ID, u32(MONDAY), given))


def _issuing(request: bytes) -> dict[str, Any]:
    return {"seed": SEED, "network_id": NETWORK_ID, "period": MONDAY, "request": request}


def _redeeming(given: bytes) -> dict[str, Any]:
    return {"seed": SEED, "network_id": NETWORK_ID, "period": MONDAY, "token": given}
