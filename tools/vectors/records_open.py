"""Sealing and opening records, before anything in them is checked (record.md, 1 to 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.vectors import profiles, wire
from tools.vectors.people import (
    LAST_EPOCH,
    LATER,
    OTHER_NETWORK_ID,
    POLICY,
    TODAY,
)
from tools.vectors.records import EMPTY_LIST, GOOD, PLACE, Record, but, checking, newest, on, stated
from tools.vectors.scenario import Scenarios, maker, utf8
from tools.vectors.wire import lp, u8, u16

_seal = maker("seal_record", "record.md 2")
_open = maker("open_record", "record.md 3")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _sealed()
    yield from _not_sealed()
    yield from _opened()
    yield from _not_opened()
    yield from _cut_parts()
    yield from _changed_plaintexts()


def _sealed() -> Scenarios:
    yield _seal(
        "record_seal",
        "A record as a provider's device makes it.",
        GOOD.inputs(),
        output=GOOD.made(),
    )


def _not_sealed() -> Scenarios:
    rows = {
        "profile_249_bytes": ("TooLong", but(profile=bytes(249))),
        "statement_801_bytes": ("TooLong", but(statement="a" * 801)),
        "checkpoint_1201_bytes": ("TooLong", but(checkpoint="a" * 1201)),
        "27_hashes": ("TooLong", but(hashes=(bytes(32),) * 27, checkpoint="short")),
        "does_not_fit": ("TooLong", _too_full()),
    }
    for name, (expect, record) in rows.items():
        comment = f"A record is not made: {name.replace('_', ' ')}."
        yield _seal(f"record_seal_{name}", comment, record.inputs(), expect)
    short: dict[str, dict[str, Any]] = {
        "public_key": {"public_key": GOOD.public_key[:-1]},
        "signature": {"signature": GOOD.signed[:-1]},
        "hash": {"hashes": [bytes(31)]},
    }
    for name, changed in short.items():
        yield _seal(
            f"record_seal_short_{name}",
            f"A part of another length: {name.replace('_', ' ')}.",
            {**GOOD.inputs(), **changed},
            "Malformed",
        )


def _opened() -> Scenarios:
    newer, _ = profiles.longest()
    with_profile = stated(profile=newer)
    rows = {
        "usual": ("Opened, and every check holds.", GOOD, TODAY),
        "last_day": ("On its last day.", GOOD, LAST_EPOCH),
        "longest_profile": ("With a profile of 248 bytes.", with_profile, TODAY),
        "only_entry": ("In a log of one entry.", but(index=0, hashes=()), TODAY),
    }
    for name, (comment, record, today) in rows.items():
        inputs = checking(record.seal(), **on(today))
        yield _open(f"record_open_{name}", comment, inputs, output=record.said())
    policy = replace(LATER, admins=POLICY.admins, former_admins=(), quorum=0)
    place = replace(PLACE, policy=policy)
    yield _open(
        "record_open_no_quorum",
        "Where no witness is asked for, the age of the newest checkpoint can't be judged.",
        checking(
            GOOD.seal(),
            policy=utf8(policy.text),
            newest_checkpoint=utf8(newest(EMPTY_LIST, TODAY, TODAY, place=place)),
            today=TODAY + 30,
        ),
        output={**GOOD.said(), "witnessed": False},
    )


def _not_opened() -> Scenarios:
    good = GOOD.seal()
    other_key = wire.draw("other record key", 32)
    rows: dict[str, tuple[str, str, bytes, dict[str, bytes]]] = {
        "cut": ("Malformed", "4,095 bytes.", good[:-1], {}),
        "appended": ("Malformed", "4,097 bytes.", good + b"\x00", {}),
        "suite_2": ("Unsupported", "Suite 2.", b"\x02" + good[1:], {}),
        "suite_0": ("Unsupported", "Suite 0.", b"\x00" + good[1:], {}),
        "commitment_flipped": ("CannotOpen", "A bit of the commitment.", wire.flip(good, 1), {}),
        "nonce_flipped": ("CannotOpen", "A bit of the nonce.", wire.flip(good, 33), {}),
        "body_flipped": ("CannotOpen", "A bit in the middle.", wire.flip(good, 2000), {}),
        "tag_flipped": ("CannotOpen", "The last bit.", wire.flip(good, 4095), {}),
        "other_code": (
            "CannotOpen",
            "Another code: its commitment is not the record's.",
            good,
            {"record_commitment": wire.draw("other commitment", 32), "record_key": other_key},
        ),
        "two_codes": (
            "CannotOpen",
            "It would open under this key, but was made to open under another code's too: the "
            "commitment is looked at first.",
            PLACE.seal(GOOD.plaintext(), record_commitment=wire.draw("other commitment", 32)),
            {},
        ),
        "other_key": (
            "CannotOpen",
            "Another key beside the right commitment.",
            PLACE.seal(GOOD.plaintext(), record_key=other_key),
            {},
        ),
        "other_locator": (
            "CannotOpen",
            "Stored under another locator.",
            PLACE.seal(GOOD.plaintext(), locator=bytes(16)),
            {},
        ),
        "other_network": (
            "CannotOpen",
            "Made for another network.",
            PLACE.seal(GOOD.plaintext(), network_id=OTHER_NETWORK_ID),
            {},
        ),
    }
    for name, (expect, comment, record, changed) in rows.items():
        inputs = {**checking(record), **changed}
        yield _open(f"record_open_{name}", comment, inputs, expect)


def _cut_parts() -> Scenarios:
    parts = GOOD.parts()
    rows = {
        "profile_249_bytes": {"profile": lp(bytes(249))},
        "statement_801_bytes": {"statement": lp(b"a" * 801)},
        "checkpoint_1201_bytes": {"checkpoint": lp(b"a" * 1201)},
        "27_hashes": {"proof": bytes(8) + u8(27) + bytes(27 * 32), "checkpoint": lp(b"")},
        "part_beyond_end": {
            "profile": lp(bytes(248)),
            "proof": bytes(8) + u8(26) + bytes(26 * 32),
            "checkpoint": u16(1200) + b"a" * 1000,
        },
    }
    for name, changed in rows.items():
        body = b"".join({**parts, **changed}.values())
        plain = body.ljust(4023, b"\x00")[:4023]
        yield _open(
            f"record_open_{name}",
            f"Opened, and then a part is wrong: {name.replace('_', ' ')}.",
            checking(PLACE.seal(plain)),
            "Malformed",
        )


def _changed_plaintexts() -> Scenarios:
    for version in (0, 2):
        yield _open(
            f"record_open_version_{version}",
            "Another version byte inside.",
            checking(but(version=version).seal()),
            "Unsupported",
        )
    yield _open(
        "record_open_padding",
        "The last byte is not zero.",
        checking(but(tail=b"\x01").seal()),
        "Malformed",
    )
    body = b"".join(GOOD.parts().values())
    yield _open(
        "record_open_padding_at_once",
        "The byte right behind the last part is not zero.",
        checking(PLACE.seal(wire.flip(GOOD.plaintext(), len(body)))),
        "Malformed",
    )


def _too_full() -> Record:
    """Every part within its maximum, and the sum beyond the whole."""
    full = {"profile": bytes(248), "statement": "a" * 800, "checkpoint": "a" * 1200}
    return but(**full, hashes=(bytes(32),) * 26)
