"""Weekly keys and the proof of work (walk-in.md, 1 and 3)."""

from __future__ import annotations

from typing import Any

from tools.vectors import wire
from tools.vectors.people import (
    MONDAY,
    NETWORK_ID,
    ORGANISATION,
    ORGANISATION_SEED,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION_SEED,
    TODAY,
    WEEKLY_SEED,
)
from tools.vectors.scenario import Scenarios, maker, stream
from tools.vectors.wire import draw, u32, u64

PUBLIC_KEY = wire.xwing_public(WEEKLY_SEED)
_ENVELOPE = "envelope to work for"
_BITS = 12

_make = maker("make_weekly_key", "walk-in.md 1")
_check = maker("check_weekly_key", "walk-in.md 1")
_work = maker("check_work", "walk-in.md 3")
_search = maker("search_work", "walk-in.md 3")


def weekly_key(
    seed: bytes = ORGANISATION_SEED,
    first: int = MONDAY,
    last: int | None = None,
    network_id: bytes = NETWORK_ID,
    signer: bytes | None = None,
) -> bytes:
    """walk-in.md, 1; `signer` is another seed to sign with."""
    end = first + 6 if last is None else last
    key = wire.ed25519_public(seed)
    parts = (key, u32(first), u32(end), PUBLIC_KEY)
    signed = wire.sign(signer or seed, wire.frame("weekly-key", wire.SUITE, network_id, *parts))
    return wire.SUITE + b"".join(parts) + signed


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _made()
    yield from _held()
    yield from _refused()
    yield from _worked()
    yield from _searched()


def _made() -> Scenarios:
    inputs = {
        "organisation_seed": ORGANISATION_SEED,
        "network_id": NETWORK_ID,
        "first": MONDAY,
        "public_key": PUBLIC_KEY,
    }
    yield _make(
        "weekly_key_make",
        "An organisation signs its key for a week.",
        inputs,
        output={"weekly_key": weekly_key()},
    )
    yield _make(
        "weekly_key_make_tuesday",
        "A week begins on Monday.",
        {**inputs, "first": MONDAY + 1},
        "Malformed",
    )


def _held() -> Scenarios:
    said = {"public_key": PUBLIC_KEY, "first": MONDAY, "last": MONDAY + 6}
    for day, today in (("first", MONDAY), ("last", MONDAY + 6)):
        yield _check(
            f"weekly_key_{day}_day",
            f"It holds on its {day} day.",
            _checking(weekly_key(), today),
            output=said,
        )


def _refused() -> Scenarios:
    good = weekly_key()
    rows = {
        "cut": ("Malformed", "1,320 bytes.", good[:-1], TODAY),
        "appended": ("Malformed", "1,322 bytes.", good + b"\x00", TODAY),
        "suite": ("Unsupported", "Suite 2.", b"\x02" + good[1:], TODAY),
        "other_organisation": (
            "BadSignature",
            "Another organisation's weekly key.",
            weekly_key(OTHER_ORGANISATION_SEED),
            TODAY,
        ),
        "other_signer": (
            "BadSignature",
            "The organisation's name on a key that another signed.",
            weekly_key(signer=OTHER_ORGANISATION_SEED),
            TODAY,
        ),
        "other_network": (
            "BadSignature",
            "Signed for another network.",
            weekly_key(network_id=OTHER_NETWORK_ID),
            TODAY,
        ),
        "flipped_key": ("BadSignature", "The key was changed.", wire.flip(good, 41), TODAY),
        "flipped_signature": ("BadSignature", "The signature was.", wire.flip(good, 1257), TODAY),
        "tuesday": ("Malformed", "A week that begins on Tuesday.", weekly_key(first=20_501), TODAY),
        "eight_days": ("Malformed", "A week of eight days.", weekly_key(last=MONDAY + 7), TODAY),
        "before": ("NotYetValid", "The Sunday before.", good, MONDAY - 1),
        "after": ("Expired", "The Monday after.", good, MONDAY + 7),
    }
    for name, (expect, comment, key, today) in rows.items():
        yield _check(f"weekly_key_{name}", comment, _checking(key, today), expect)


def _worked() -> Scenarios:
    nonce = _nonce(0)
    good = _working(nonce)
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "other_nonce": ("WorkMissing", "The nonce before.", {"nonce": u64(_number(nonce) - 1)}),
        "other_day": ("WorkMissing", "Work for another day.", {"epoch": TODAY + 1}),
        "other_network": ("WorkMissing", "For another network.", {"network_id": OTHER_NETWORK_ID}),
        "other_envelope": (
            "WorkMissing",
            "For another envelope.",
            {"envelope": stream("another envelope", 5273)},
        ),
        "more_bits": ("WorkMissing", "The network asks for more.", {"bits": 28}),
        "bits_7": ("Malformed", "A difficulty below 8.", {"bits": 7}),
        "bits_29": ("Malformed", "A difficulty above 28.", {"bits": 29}),
        "nonce_short": ("Malformed", "A nonce has 8 bytes.", {"nonce": nonce[1:]}),
        "envelope_short": ("Malformed", "5,272 bytes.", {"envelope": stream(_ENVELOPE, 5272)}),
    }
    yield _work("work_holds", "Twelve zero bits.", good, output={})
    yield _work("work_fewer_bits", "More work than asked for.", {**good, "bits": 8}, output={})
    for name, (expect, comment, changed) in rows.items():
        yield _work(f"work_{name}", comment, {**good, **changed}, expect)


def _searched() -> Scenarios:
    start = 2**64 - 3
    good = _working(b"")
    del good["nonce"]
    yield _search(
        "work_search",
        "The first nonce from a start upward; after the last comes 0.",
        {**good, "start": str(start), "tries": 100_000},
        output={"nonce": _nonce(start)},
    )
    yield _search(
        "work_search_too_short",
        "Too few tries find none; the caller goes on from there.",
        {**good, "start": "0", "tries": 1},
        output={"nonce": None},
    )
    yield _search(
        "work_search_bits_29",
        "A difficulty above 28 is not begun.",
        {**good, "bits": 29, "start": "0", "tries": 1},
        "Malformed",
    )


def _checking(key: bytes, today: int) -> dict[str, Any]:
    return {
        "weekly_key": key,
        "network_id": NETWORK_ID,
        "organisation": ORGANISATION,
        "today": today,
    }


def _working(nonce: bytes) -> dict[str, Any]:
    return {
        "network_id": NETWORK_ID,
        "epoch": TODAY,
        "envelope": stream(_ENVELOPE, 5273),
        "bits": _BITS,
        "nonce": nonce,
    }


def _nonce(start: int) -> bytes:
    """The first nonce from a start that does the work."""
    envelope = wire.sha256(draw(_ENVELOPE, 5273))
    number = start
    while not _works(envelope, u64(number % 2**64)):
        number += 1
    return u64(number % 2**64)


def _works(envelope: bytes, nonce: bytes) -> bool:
    digest = wire.sha256(wire.frame("work", NETWORK_ID, u32(TODAY), envelope, nonce))
    return int.from_bytes(digest, "big") < 1 << 256 - _BITS


def _number(nonce: bytes) -> int:
    return int.from_bytes(nonce, "big")
