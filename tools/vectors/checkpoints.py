"""Checkpoints, their day and their age (statements.md, 7)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.vectors import wire
from tools.vectors.notes import checkpoint, note, signature_line, signer, suspensions
from tools.vectors.people import (
    ASHA,
    FORMER_WITNESS,
    LATER,
    LOG,
    NETWORK_ID,
    POLICY,
    STRANGER,
    TODAY,
    WITNESSES,
)
from tools.vectors.scenario import Scenario, Scenarios, maker, utf8
from tools.vectors.wire import b64

ROOT = wire.draw("root", 32)
LISTED = suspensions(NETWORK_ID)
TEXT = checkpoint(POLICY, 1234, ROOT, LISTED)

_POLICY_LINE = TEXT.splitlines(keepends=True)[3]

_check = maker("check_checkpoint", "statements.md 7")
_fresh = maker("check_newest_checkpoint", "statements.md 7")
_today = maker("sender_today", "statements.md 7")
_seen = maker("check_seen", "statements.md 7")
_withheld = maker("may_be_withheld", "statements.md 7")


def seen(text: str, *days: int) -> str:
    """A checkpoint signed by the log and cosigned by the first witnesses on these days."""
    cosigned = (one.cosign(text, day) for one, day in zip(WITNESSES, days, strict=False))
    return note(text, LOG.line(text), *cosigned)


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _held()
    yield from _signers()
    yield from _texts()
    yield from _freshness()
    yield from _seen_before()


def _held() -> Scenarios:
    largest = checkpoint(POLICY, 2**64 - 1, ROOT, LISTED)
    empty = checkpoint(POLICY, 0, wire.sha256(b""), LISTED)
    unwitnessed = replace(POLICY, quorum=0).text
    beside = note(
        TEXT, LOG.line(TEXT), FORMER_WITNESS.cosign(TEXT, TODAY + 9), *_cosigned(TODAY, TODAY)
    )
    rows = {
        "two_witnesses": (seen(TEXT, TODAY, TODAY - 1), "As many as asked for.", TODAY - 1),
        "three_witnesses": (
            seen(TEXT, TODAY - 3, TODAY - 1, TODAY - 2),
            "Its day is that of the second newest.",
            TODAY - 2,
        ),
        "witness_ahead": (
            seen(TEXT, 49_710, TODAY - 4, TODAY - 5),
            "One witness that lies about the time can't move the day forward.",
            TODAY - 4,
        ),
        "witness_behind": (seen(TEXT, TODAY, TODAY, 0), "Nor back.", TODAY),
        "largest_size": (seen(largest, TODAY, TODAY), "A size of twenty digits.", TODAY),
        "empty_log": (seen(empty, TODAY, TODAY), "A log without entries.", TODAY),
    }
    for name, (given, comment, day) in rows.items():
        yield _held_one(name, comment, given, day)
    yield _held_one("former_witness_beside", "Counts for nothing.", beside, TODAY, LATER.text)
    yield _held_one("no_quorum", "w is 0: no day.", seen(TEXT), None, unwitnessed)


def _signers() -> Scenarios:
    first, second = _cosigned(TODAY, TODAY)
    log = LOG.line(TEXT)
    alg_1 = WITNESSES[1].line(TEXT)
    rows = {
        "one_witness": ("NotWitnessed", "One of two.", note(TEXT, log, first)),
        "no_witness": ("NotWitnessed", "None.", note(TEXT, log)),
        "without_log": ("BadSignature", "The log has not signed.", note(TEXT, first, second)),
        "stranger": (
            "BadSignature",
            "A stranger's cosignature beside enough.",
            note(TEXT, log, first, second, STRANGER.cosign(TEXT, TODAY)),
        ),
        "admin": ("BadSignature", "An admin's.", note(TEXT, log, first, second, ASHA.line(TEXT))),
        "witness_without_time": (
            "BadSignature",
            "A witness that signs as a log does.",
            note(TEXT, log, first, alg_1),
        ),
        "time_changed": ("BadSignature", "A changed time.", note(TEXT, log, first, _later(second))),
        "time_63_bits": (
            "BadSignature",
            "A time of 2 to the 63.",
            note(TEXT, log, first, WITNESSES[1].cosign(TEXT, 2**63 // 86_400 + 1)),
        ),
        "root_changed": (
            "BadSignature",
            "Another root.",
            seen(TEXT, TODAY, TODAY).replace(b64(ROOT), b64(wire.flip(ROOT, 0))),
        ),
        "other_log": (
            "WrongNetwork",
            "Another log's name.",
            seen(TEXT.replace(LOG.name, "other.example"), TODAY, TODAY),
        ),
        "witness_twice": ("Malformed", "One witness, two lines.", note(TEXT, log, first, first)),
    }
    for name, (expect, comment, given) in rows.items():
        yield _check(f"checkpoint_{name}", comment, _inputs(given), expect)
    old = note(TEXT, log, FORMER_WITNESS.cosign(TEXT, TODAY), first)
    yield _check(
        "checkpoint_former_witness",
        "A former witness fills no place.",
        _inputs(old, LATER.text),
        "NotWitnessed",
    )
    after = checkpoint(LATER, 1234, ROOT, LISTED)
    yield _check(
        "checkpoint_later_policy",
        "It names version 2, and the client was shown version 1.",
        _inputs(seen(after, TODAY, TODAY)),
        "Rollback",
    )


def _texts() -> Scenarios:
    rows = {
        "size_leading_zero": ("A leading zero.", TEXT.replace("1234", "01234")),
        "size_65_bits": ("A size of 2 to the 64.", TEXT.replace("1234", str(2**64))),
        "size_hex": ("A size that is no number.", TEXT.replace("1234", "12a4")),
        "root_short": ("A root of 31 bytes.", TEXT.replace(b64(ROOT), b64(ROOT[:31]))),
        "no_policy": ("No line of the policy.", TEXT.replace(_POLICY_LINE, "")),
        "policy_no_hash": ("No hash of it.", TEXT.replace(_POLICY_LINE, "policy 1\n")),
        "policy_hash_short": (
            "A hash of 31 bytes.",
            TEXT.replace(_POLICY_LINE, f"policy 1 {b64(bytes(31))}\n"),
        ),
        "policy_leading_zero": ("A leading zero.", TEXT.replace("policy 1", "policy 01")),
        "policy_after_list": (
            "Lines in another order.",
            TEXT.replace(_POLICY_LINE, "") + _POLICY_LINE,
        ),
        "no_suspensions": ("No hash of the list.", TEXT.partition("suspensions")[0]),
        "line_more": ("A line more.", TEXT + "extension\n"),
        "name_capital": ("A name with a capital.", TEXT.replace("log.", "Log.")),
        "name_too_long": ("33 bytes of name.", TEXT.replace(LOG.name, "l" * 33)),
    }
    for name, (comment, text) in rows.items():
        inputs = _inputs(seen(text, TODAY, TODAY))
        yield _check(f"checkpoint_{name}", comment, inputs, "Malformed")
    nine = tuple(signer(f"witness-{n}.example") for n in range(1, 10))
    long = note(TEXT, LOG.line(TEXT), *(one.cosign(TEXT, TODAY) for one in nine))
    assert len(long.encode()) > 1200
    policy = replace(LATER, witnesses=nine)
    yield _check(
        "checkpoint_too_long",
        "More than 1,200 bytes, though nine witnesses have signed.",
        _inputs(long, policy.text),
        "Malformed",
    )


def _freshness() -> Scenarios:
    oldest = seen(TEXT, TODAY - 7, TODAY - 7)
    stale = seen(TEXT, TODAY, TODAY - 8)
    rows = {"seven_days": (oldest, TODAY - 7, POLICY.text)}
    rows["tomorrow"] = (seen(TEXT, TODAY + 1, TODAY + 1), TODAY + 1, POLICY.text)
    for name, (given, day, policy) in rows.items():
        inputs = {**_inputs(given, policy), "today": TODAY}
        comment = "Seven days old is new enough; a device's clock may be behind."
        yield _fresh(f"checkpoint_fresh_{name}", comment, inputs, output=_said(given, day))
    alone = replace(POLICY, quorum=0)
    given = seen(checkpoint(alone, 1234, ROOT, LISTED))
    unwitnessed = {**_inputs(given, alone.text), "today": 40_000}
    yield _fresh(
        "checkpoint_fresh_no_quorum",
        "With w = 0 nothing can be said of its age.",
        unwitnessed,
        output=_said(given, None),
    )
    yield _fresh(
        "checkpoint_stale",
        "The second newest cosignature is eight days old.",
        {**_inputs(stale), "today": TODAY},
        "NotWitnessed",
    )
    yield from _newest_policy()
    yield from _days()


def _newest_policy() -> Scenarios:
    after = checkpoint(LATER, 1234, ROOT, LISTED)
    other = replace(LATER, until=LATER.until + 1).text
    rows = {
        "policy_old": ("Rollback", "The client was shown an old policy.", after, POLICY.text),
        "before_policy": ("Rollback", "It names an earlier policy.", TEXT, LATER.text),
        "policy_other": ("BadSignature", "Another policy of this version.", after, other),
    }
    for name, (expect, comment, text, policy) in rows.items():
        inputs = {**_inputs(seen(text, TODAY, TODAY), policy), "today": TODAY}
        yield _fresh(f"checkpoint_newest_{name}", comment, inputs, expect)


def _days() -> Scenarios:
    days = {
        "checkpoint": (TODAY, TODAY - 90, TODAY + 500, TODAY),
        "build": (TODAY - 9, TODAY, TODAY - 500, TODAY),
        "device": (None, TODAY - 90, TODAY + 1, TODAY + 1),
        "no_quorum_build": (None, TODAY, TODAY - 500, TODAY),
    }
    for name, (newest, build, device, today) in days.items():
        yield _today(
            f"sender_today_{name}",
            "The later of the newest checkpoint's day and the client's build; without witnesses, "
            "of the build and the device's own day.",
            {"day": newest, "build": build, "device": device},
            output={"today": today},
        )
    ahead = {"seven_days": (TODAY, 7, False), "eight_days": (TODAY, 8, True)}
    ahead |= {"device_behind": (TODAY, -400, False)}
    for name, (day, by, withheld) in ahead.items():
        yield _withheld(
            f"may_be_withheld_{name}",
            "She is warned where the device is more than 7 days ahead of the checkpoint.",
            {"day": day, "device": TODAY + by},
            output={"withheld": withheld},
        )
    yield _withheld(
        "may_be_withheld_no_quorum",
        "Without witnesses there is no day to compare.",
        {"day": None, "device": TODAY},
        output={"withheld": False},
    )


def _held_one(
    name: str, comment: str, given: str, day: int | None, policy: str = POLICY.text
) -> Scenario:
    return _check(f"checkpoint_{name}", comment, _inputs(given, policy), output=_said(given, day))


def _said(given: str, day: int | None) -> dict[str, Any]:
    _, size, root, under, listed, *_ = given.split("\n")
    _, version, policy_hash = under.split(" ")
    return {
        "size": size,
        "root": wire.unb64(root),
        "policy_version": int(version),
        "policy_hash": wire.unb64(policy_hash),
        "suspensions": wire.unb64(listed.removeprefix("suspensions ")),
        "day": day,
    }


def _inputs(given: str, policy: str = POLICY.text) -> dict[str, Any]:
    return {"checkpoint": utf8(given), "policy": utf8(policy)}


def _cosigned(*days: int) -> list[str]:
    return [one.cosign(TEXT, day) for one, day in zip(WITNESSES, days, strict=False)]


def _later(line: str) -> str:
    """The same cosignature with its time a second later."""
    dash, name, blob = line.split()
    assert dash == "\u2014"
    return signature_line(name, wire.flip(wire.unb64(blob), 11))


def _seen_before() -> Scenarios:
    rows = {
        "larger": ("The log grew.", 1234, ROOT, 1233, wire.flip(ROOT, 0), None),
        "same": ("The same log.", 1234, ROOT, 1234, ROOT, None),
        "largest": ("Sizes of twenty digits.", 2**64 - 1, ROOT, 2**64 - 2, ROOT, None),
        "smaller": ("A smaller log than was seen.", 1233, ROOT, 1234, ROOT, "Rollback"),
        "smaller_largest": (
            "Smaller by one, where a double would not tell.",
            2**64 - 2,
            ROOT,
            2**64 - 1,
            ROOT,
            "Rollback",
        ),
        "other": ("As large, and another.", 1234, ROOT, 1234, wire.flip(ROOT, 31), "NotInLog"),
    }
    for name, (comment, size, root, seen_size, seen_root, expect) in rows.items():
        given = {
            "size": str(size),
            "root": root,
            "seen_size": str(seen_size),
            "seen_root": seen_root,
        }
        if expect is None:
            yield _seen(f"seen_{name}", comment, given, output={})
        else:
            yield _seen(f"seen_{name}", comment, given, expect)
