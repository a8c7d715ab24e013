"""Entries of a store (store.md, 3 and 4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools.vectors import wire
from tools.vectors.boxes import ANSWERED, signed
from tools.vectors.derivations import code_keys
from tools.vectors.member_files import SECRET
from tools.vectors.messages import FOLLOW_UP, REFERRAL
from tools.vectors.people import (
    CODE,
    LAST_EPOCH,
    MONDAY,
    NETWORK_ID,
    ONE_TIME_SEED,
    TODAY,
    WEEKLY_SEED,
)
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.wire import lp, u8, u16, u32

MEMBER, SEED, WEEKLY, CASE, ERASED, SETTING, LEFT, NEWER = 1, 2, 3, 4, 5, 6, 7, 99
_MEMBER_KEY = wire.xwing_public(SECRET["xwing_seed"])

_check = maker("read_entry", "store.md 3")


def member(
    xwing_key: bytes = _MEMBER_KEY, role: int = 1, name: bytes = b"Asha", tail: bytes = b""
) -> bytes:
    """A member's entry."""
    key = wire.ed25519_public(SECRET["ed25519_seed"])
    return u16(role) + xwing_key + key + u32(MONDAY) + lp(name) + tail


def seed(state: int = 1, last_epoch: int = LAST_EPOCH, batch: bytes = b"") -> bytes:
    """A seed's entry; `batch` of 8 bytes, if it is another."""
    given = code_keys(CODE, NETWORK_ID)
    batch = batch or wire.draw("batch", 8)
    secrets = CODE + given["psk"] + given["write_key"] + ONE_TIME_SEED
    return u8(state) + batch + u32(last_epoch) + secrets


def weekly() -> bytes:
    """A weekly key's entry."""
    return u32(MONDAY) + u32(MONDAY + 6) + WEEKLY_SEED


def case(run: Sequence[tuple[int, bytes]]) -> bytes:
    """A case: fields with four bytes of length."""
    return b"".join(u8(number) + u32(len(value)) + value for number, value in run)


FULL_CASE = [
    (1, u32(TODAY)),
    (2, u16(2)),
    (3, wire.fields(REFERRAL)),
    (4, b"\x01" + wire.fields(FOLLOW_UP)),
    (4, b"\x07" + wire.fields(FOLLOW_UP)),
    (5, b"\x01" + wire.fields(signed(ANSWERED))),
    (5, b"\x1f" + wire.fields(signed(ANSWERED, 31))),
    (6, SECRET["member_id"]),
    (7, "Called back; meets her on Friday. \u2713".encode()),
    (8, u32(TODAY + 14)),
]
LEAST_CASE = [one for one in FULL_CASE if one[0] in (1, 2, 3, 8)]


def scenarios() -> Scenarios:
    """All of this area."""
    rows = {
        "member": (MEMBER, "A member.", member()),
        "seed": (SEED, "A code with its one-time seed.", seed()),
        "weekly": (WEEKLY, "A weekly key.", weekly()),
        "case": (CASE, "A case with everything in it.", case(FULL_CASE)),
        "case_least": (CASE, "A case as it begins.", case(LEAST_CASE)),
        "case_newer": (CASE, "A newer field is kept.", case([*LEAST_CASE, (200, b"newer")])),
        "erased": (ERASED, "A note that a seed was erased.", u32(LAST_EPOCH + 60)),
        "left": (LEFT, "A note that somebody is no member any more.", u32(TODAY)),
        "setting": (SETTING, "A setting is any bytes.", b"\x00anything"),
        "newer_kind": (NEWER, "A kind of a newer client is kept.", b"newer"),
    }
    for name, (kind, comment, value) in rows.items():
        inputs = {"kind": kind, "value": value}
        yield _check(f"entry_{name}", comment, inputs, output={"again": value})
    yield from _bad_values()
    yield from _bad_cases()


def _bad_values() -> Scenarios:
    rows = {
        "member_cut": (MEMBER, "A member cut short.", member()[:-1]),
        "member_longer": (MEMBER, "Bytes left over.", member(tail=b"\x00")),
        "member_role_0": (MEMBER, "0 is no role.", member(role=0)),
        "member_no_name": (MEMBER, "A member has a name.", member(name=b"")),
        "member_name_65": (MEMBER, "65 bytes of name.", member(name=b"a" * 65)),
        "member_name_control": (MEMBER, "A tab in the name.", member(name=b"a\tb")),
        "member_key_none": (
            MEMBER,
            "A key that nothing can be sealed to.",
            member(b"\xff\xff\xff" + _MEMBER_KEY[3:]),
        ),
        "seed_state_6": (SEED, "States are 0 to 5.", seed(6)),
        "seed_cut": (SEED, "A seed cut short.", seed()[:-1]),
        "weekly_longer": (WEEKLY, "Bytes left over.", weekly() + b"\x00"),
        "erased_cut": (ERASED, "A day has four bytes.", u32(LAST_EPOCH)[1:]),
        "left_longer": (LEFT, "And no more.", u32(TODAY) + b"\x00"),
    }
    for name, (kind, comment, value) in rows.items():
        yield _check(f"entry_{name}", comment, {"kind": kind, "value": value}, "Malformed")


def _bad_cases() -> Scenarios:
    rows: dict[str, tuple[str, list[tuple[int, bytes]]]] = {
        "follow_up_0": ("Follow-ups are 1 to 7.", _plus((4, b"\x00" + _follow_up()))),
        "follow_up_8": ("Follow-ups are 1 to 7.", _plus((4, b"\x08" + _follow_up()))),
        "follow_up_twice": (
            "One follow-up twice.",
            _plus((4, b"\x02" + _follow_up()), (4, b"\x02" + _follow_up())),
        ),
        "follow_ups_unordered": (
            "In order of number.",
            _plus((4, b"\x02" + _follow_up()), (4, b"\x01" + _follow_up())),
        ),
        "answer_0": ("Slot 0 is the sender's.", _plus((5, b"\x00" + wire.fields(ANSWERED)))),
        "answer_32": ("Slots end at 31.", _plus((5, b"\x20" + wire.fields(ANSWERED)))),
        "note_too_long": ("16,385 bytes of note.", _plus((7, b"a" * 16_385))),
        "empty_note": ("No field is empty.", _plus((7, b""))),
        "empty_message": (
            "Nor is the message.",
            [(1, u32(TODAY)), (2, u16(2)), (3, b""), (8, u32(9))],
        ),
        "without_state": ("A case has a state.", [one for one in LEAST_CASE if one[0] != 2]),
        "note_ill_formed": ("A note that is no UTF-8.", _plus((7, b"\xff"))),
        "member_short": ("A member id has 16 bytes.", _plus((6, bytes(15)))),
        "state_twice": ("Other fields do not repeat.", _plus((2, u16(3)))),
        "unordered": ("Fields ascend by id.", FULL_CASE[::-1]),
    }
    for name, (comment, run) in rows.items():
        inputs: dict[str, Any] = {"kind": CASE, "value": case(run)}
        yield _check(f"entry_case_{name}", comment, inputs, "Malformed", at="store.md 4")
    cut = case(FULL_CASE)[:-1]
    inputs = {"kind": CASE, "value": cut}
    yield _check("entry_case_cut", "Cut short.", inputs, "Malformed", at="store.md 4")


def _plus(*more: tuple[int, bytes]) -> list[tuple[int, bytes]]:
    return sorted([*LEAST_CASE, *more], key=lambda one: one[0])


def _follow_up() -> bytes:
    return wire.fields(FOLLOW_UP)
