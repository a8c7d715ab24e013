"""Merging two copies of a store (store.md, 9): most of it is what must not come back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tools.vectors import wire
from tools.vectors.people import (
    LAST_EPOCH,
    NETWORK_ID,
    ORGANISATION_SEED,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION_SEED,
    TODAY,
)
from tools.vectors.scenario import Scenario, Scenarios, maker
from tools.vectors.store_entries import (
    CASE,
    ERASED,
    FULL_CASE,
    LEAST_CASE,
    LEFT,
    MEMBER,
    NEWER,
    SEED,
    WEEKLY,
    case,
    member,
    seed,
)
from tools.vectors.stores import ALL, HER, LOCATOR, Entry
from tools.vectors.wire import u8, u16, u32

_make = maker("merge_stores", "store.md 9")

Entries = Sequence[Entry]
Overruled = Sequence[tuple[int, bytes, int, bytes]]

OTHER_ID = wire.draw("another member's id", 16)
UNTIL = LAST_EPOCH + 60


@dataclass(frozen=True)
class Row:
    """What the sides have beside one member whom all have; `base` None: there is no base."""

    comment: str
    base: Entries | None
    mine: Entries
    theirs: Entries
    stands: Entries
    overruled: Overruled = ()
    at: str = "store.md 9"


def copy(entries: Entries, generation: int = 5, **other: Any) -> dict[str, Any]:
    """A store, as a scenario gives it."""
    parts = {"network_id": NETWORK_ID, "organisation_seed": ORGANISATION_SEED, **other}
    return {**parts, "generation": generation, "entries": [list(one) for one in entries]}


def given(row: Row) -> dict[str, Any]:
    """What goes in."""
    return {
        "base": None if row.base is None else copy([HER, *row.base], 4),
        "mine": copy([HER, *row.mine], 6),
        "theirs": copy([HER, *row.theirs], 7),
        "today": TODAY,
    }


def made(rows: dict[str, Row]) -> Scenarios:
    """The scenarios of some rows."""
    for name, row in rows.items():
        stands = sorted([HER, *row.stands])
        output = {
            "generation": 7,
            "entries": [list(one) for one in stands],
            "overruled": [list(one) for one in row.overruled],
        }
        yield _make(f"merge_{name}", row.comment, given(row), output=output, at=row.at)


def scenarios() -> Scenarios:
    """All of this area but settings."""
    yield from made(_erased())
    yield from made(_left())
    yield from made(_others())
    yield from made(_cases())
    yield from made(_fields())
    yield from _refused()
    yield _everything()


def _code(state: int, last_epoch: int = LAST_EPOCH) -> Entry:
    return SEED, LOCATOR, seed(state, last_epoch)


def _erased_at(epoch: int = UNTIL) -> Entry:
    return ERASED, LOCATOR, u32(epoch)


def _erased() -> dict[str, Row]:
    there, gone = [_code(2)], [_erased_at()]
    over = TODAY - 61
    given_away = (SEED, LOCATOR, seed(2, batch=b"together"))
    return {
        "erased_by_mine": Row("What one side erased is erased.", there, gone, there, gone),
        "erased_by_theirs": Row("Also where theirs did.", there, there, gone, gone),
        "erased_no_base": Row("Also without a base.", None, there, gone, gone),
        "erased_and_used": Row(
            "Also where the other side changed it.", there, gone, [_code(3)], gone
        ),
        "erased_twice": Row(
            "The later epoch stands.", there, [_erased_at(UNTIL + 7)], gone, [_erased_at(UNTIL + 7)]
        ),
        "erased_not_forgotten": Row(
            "That a side lacks the note does not bring the seed back later.", gone, [], gone, gone
        ),
        "seed_lacking": Row(
            "A seed goes by its note only: one that is merely lacking stands.",
            there,
            [],
            there,
            there,
        ),
        "seed_over": Row(
            "What is over does not come back.",
            None,
            [],
            [_code(2, over), (ERASED, bytes(16), u32(TODAY - 1))],
            [],
        ),
        "seed_cancelled": Row(
            "Cancelled goes before handed out, with the later last epoch.",
            [_code(1)],
            [_code(4)],
            [_code(2, LAST_EPOCH + 7)],
            [_code(4, LAST_EPOCH + 7)],
        ),
        "seed_arrived": Row(
            "Arrived goes before cancelled.", [_code(2)], [_code(3)], [_code(4)], [_code(3)]
        ),
        "seed_aside_and_given": Row(
            "Handed out goes before set aside, with its batch.",
            [_code(1)],
            [given_away],
            [_code(5, LAST_EPOCH + 7)],
            [(SEED, LOCATOR, seed(2, LAST_EPOCH + 7, b"together"))],
        ),
        "seed_given_and_aside": Row(
            "Also where theirs did.", [_code(1)], [_code(5)], [given_away], [given_away]
        ),
        "seed_aside": Row(
            "What one side alone set aside is so.", [_code(1)], [_code(1)], [_code(5)], [_code(5)]
        ),
        "seed_aside_no_base": Row(
            "Without a base it goes before published.", None, [_code(5)], [_code(1)], [_code(5)]
        ),
        "seed_aside_and_cancelled": Row(
            "Cancelled goes before it.", [_code(1)], [_code(5)], [_code(4)], [_code(4)]
        ),
        "seed_put_back": Row(
            "What one side alone put back into the stock is back.",
            there,
            [_code(1)],
            there,
            [_code(1)],
        ),
    }


def _left() -> dict[str, Row]:
    her = (MEMBER, OTHER_ID, member(name=b"Binta"))
    renamed = (MEMBER, OTHER_ID, member(name=b"B."))
    again = (MEMBER, OTHER_ID, member(name=b"Bee"))
    gone = (LEFT, OTHER_ID, u32(TODAY - 3))
    return {
        "left_mine": Row("Who was removed stays removed.", [her], [gone], [her], [gone]),
        "left_theirs": Row("Also by theirs.", [her], [her], [gone], [gone]),
        "left_changed": Row("Also where she was changed.", [her], [gone], [renamed], [gone]),
        "left_no_base": Row("Also without a base.", None, [her], [gone], [gone]),
        "left_twice": Row(
            "The earlier epoch stands.", [her], [(LEFT, OTHER_ID, u32(TODAY))], [gone], [gone]
        ),
        "left_not_forgotten": Row("Nobody forgets that she left.", [gone], [], [gone], [gone]),
        "member_added": Row("Who was added on one side is a member.", [], [her], [], [her]),
        "member_changed_by_both": Row(
            "Theirs stands, and mine is told.",
            [her],
            [renamed],
            [again],
            [again],
            [(MEMBER, OTHER_ID, 0, renamed[2])],
        ),
    }


def _others() -> dict[str, Row]:
    def key(number: int, last: int) -> Entry:
        return WEEKLY, u8(number) * 16, u32(last - 6) + u32(last) + wire.draw(f"week {number}", 32)

    one, other, over = key(1, TODAY), key(2, TODAY), key(3, TODAY - 8)
    newer = [(NEWER, OTHER_ID, value) for value in (b"before", b"mine", b"theirs")]
    return {
        "weekly_both": Row("Keys of both stand.", [], [one], [other], [one, other]),
        "weekly_given_up": Row("What was given up stays away.", [one], [], [one], []),
        "weekly_over": Row("So does what is over.", None, [], [over], []),
        "newer_by_both": Row(
            "Of a newer client's entries theirs stands.",
            [newer[0]],
            [newer[1]],
            [newer[2]],
            [newer[2]],
            [(*newer[1][:2], 0, b"mine")],
        ),
        "newer_by_one": Row(
            "Mine, where theirs is as before.", newer[:1], newer[1:2], newer[:1], newer[1:2]
        ),
        "newer_removed": Row("Removed on one side is removed.", newer[:1], newer[:1], [], []),
        "newer_removed_and_changed": Row(
            "What was changed goes before what was removed.",
            newer[:1],
            [],
            newer[2:],
            newer[2:],
            [(NEWER, OTHER_ID, 0, b"")],
        ),
    }


def case_with(*changed: tuple[int, bytes], entry_id: bytes = LOCATOR) -> Entry:
    """A case with these fields beside what every case has."""
    fields = {number for number, _ in changed}
    rest = [one for one in LEAST_CASE if one[0] not in fields]
    # The order of `changed` is that of a field that repeats.
    return CASE, entry_id, case(sorted([*rest, *changed], key=lambda one: one[0]))


def _cases() -> dict[str, Row]:
    asked, noted = case_with(), case_with((7, b"Called."))
    other = case_with(entry_id=OTHER_ID)
    closed = case_with((2, u16(6)), (8, u32(TODAY + 30)))
    long_closed = case_with((2, u16(6)), (8, u32(TODAY - 1)))
    return {
        "case_of_each": Row("No case is lost.", None, [asked], [other], [asked, other]),
        "case_gone": Row(
            "What ended on one side does not come back.",
            [asked],
            [_erased_at()],
            [asked],
            [_erased_at()],
        ),
        "case_gone_and_changed": Row(
            "A case that somebody worked on is not lost, and does not come back open.",
            [asked],
            [_erased_at()],
            [noted],
            [case_with((2, u16(6)), (7, b"Called."), (8, u32(TODAY + 30))), _erased_at()],
            [(CASE, LOCATOR, 0, b"")],
        ),
        "case_gone_no_base": Row(
            "Without a base neither.", None, [_erased_at()], [asked], [closed, _erased_at()]
        ),
        "case_over": Row("A closed case whose time is over.", None, [], [long_closed], []),
        "case_closed_by_one": Row(
            "Closed, with what the other side wrote; and its seed stays erased.",
            [asked, _code(3)],
            [closed, _erased_at()],
            [noted, _code(3)],
            [case_with((2, u16(6)), (7, b"Called."), (8, u32(TODAY + 30))), _erased_at()],
        ),
    }


def _fields() -> dict[str, Row]:
    def both(comment: str, base: Any, mine: Any, theirs: Any, stands: Any, lost: Any = ()) -> Row:
        before = None if base is None else [case_with(*base)]
        sides = [case_with(*mine)], [case_with(*theirs)], [case_with(*stands)]
        told = [(CASE, LOCATOR, *one) for one in lost]
        return Row(comment, before, *sides, told, "store.md 9")

    seen = (7, b"Seen.")
    one, two = (4, b"\x01one"), (4, b"\x02two")
    first, second, third = (5, b"\x01first"), (5, b"\x01second"), (5, b"\x02third")
    me, her = (6, bytes(16)), (6, OTHER_ID)
    return {
        "follow_ups": both("All stand.", [], [one], [two], [one, two]),
        "follow_ups_no_base": both("Also without a base.", None, [two], [one, two], [one, two]),
        "answers_under_one_number": both(
            "What lies in theirs stands, and mine is told.",
            [],
            [first, third],
            [second],
            [second, third],
            [(5, b"\x01first")],
        ),
        "state_higher": both(
            "The larger.", [(2, u16(1))], [(2, u16(3))], [(2, u16(2))], [(2, u16(3))]
        ),
        "state_of_one": both(
            "What one side alone changed, also downwards.",
            [(2, u16(4))],
            [(2, u16(3))],
            [(2, u16(4)), seen],
            [(2, u16(3)), seen],
        ),
        "state_closed": both(
            "Closed is closed, until its own day.",
            [(2, u16(6)), (8, u32(TODAY + 9))],
            [(2, u16(3)), (8, u32(TODAY + 20)), seen],
            [(2, u16(6)), (8, u32(TODAY + 9)), her],
            [(2, u16(6)), (8, u32(TODAY + 9)), seen, her],
        ),
        "last_epoch_closed_twice": both(
            "Of two days until which it is kept the earlier.",
            [],
            [(2, u16(6)), (8, u32(TODAY + 29))],
            [(2, u16(6)), (8, u32(TODAY + 30))],
            [(2, u16(6)), (8, u32(TODAY + 29))],
        ),
        "last_epoch_open": both(
            "The later.", [], [(8, u32(TODAY + 40))], [(8, u32(TODAY + 20))], [(8, u32(TODAY + 40))]
        ),
        "arrived_earlier": both(
            "The earlier.", None, [(1, u32(TODAY - 1))], [(1, u32(TODAY))], [(1, u32(TODAY - 1))]
        ),
        "taken_by_both": both(
            "Theirs, and mine is told.", [], [me], [her], [her], [(6, bytes(16))]
        ),
        "taken_by_one": both("As the one said.", [me], [seen], [me, (4, b"\x01one")], [one, seen]),
        "note_by_both": both(
            "Both, theirs first, without saying twice what was there.",
            [seen],
            [(7, b"Seen.\nCalled.")],
            [(7, b"Seen.\nWrote.")],
            [(7, b"Seen.\nWrote.\nCalled.")],
        ),
        "note_of_two_kinds": both(
            "A note that was written anew stands whole.",
            [seen],
            [(7, b"Anew.")],
            [(7, b"Seen.\nWrote.")],
            [(7, b"Seen.\nWrote.\nAnew.")],
        ),
        "note_joined_before": both(
            "What was joined once is not joined again.",
            None,
            [(7, b"Wrote.\nCalled.")],
            [(7, b"Wrote.")],
            [(7, b"Wrote.\nCalled.")],
        ),
        "note_too_long": both(
            "Theirs, and mine is told.",
            [],
            [(7, b"a" * 9000)],
            [(7, b"b" * 9000)],
            [(7, b"b" * 9000)],
            [(7, b"a" * 9000)],
        ),
        "case_newer_field": both(
            "As every entry.",
            [(200, b"before"), (201, b"before"), (202, b"before")],
            [(200, b"mine"), (201, b"mine"), (202, b"mine")],
            [(200, b"theirs"), (201, b"before")],
            [(200, b"theirs"), (201, b"mine"), (202, b"mine")],
            [(200, b"mine"), (202, b"")],
        ),
        "message_differs": both(
            "Nothing makes two; theirs stands.",
            None,
            [(3, b"mine")],
            [(3, b"theirs")],
            [(3, b"theirs")],
            [(3, b"mine")],
        ),
    }


def _refused() -> Scenarios:
    good = copy([HER])
    foreign, forged = (
        copy([HER], network_id=OTHER_NETWORK_ID),
        copy([HER], organisation_seed=OTHER_ORGANISATION_SEED),
    )
    left, other = (LEFT, HER[1], u32(TODAY)), (MEMBER, OTHER_ID, member())
    alone = copy([left, other]), copy([HER, (LEFT, OTHER_ID, u32(TODAY))])
    rows = {
        "other_network": ("WrongNetwork", "Another network's store.", None, good, foreign),
        "other_network_base": ("WrongNetwork", "Or base.", foreign, good, good),
        "other_organisation": ("BadSignature", "Another organisation's.", None, good, forged),
        "other_organisation_base": ("BadSignature", "Or base.", forged, good, good),
        "nobody_stays": ("Malformed", "Two who removed each other.", None, *alone),
    }
    for name, (expect, comment, base, mine, theirs) in rows.items():
        inputs = {"base": base, "mine": mine, "theirs": theirs, "today": TODAY}
        yield _make(f"merge_{name}", comment, inputs, expect)


def _everything() -> Scenario:
    live = [one for one in ALL if one[0] != CASE] + [(CASE, LOCATOR, case(FULL_CASE))]
    output = {
        "generation": 9,
        "entries": [list(one) for one in sorted(live)],
        "overruled": [],
    }
    inputs = {"base": None, "mine": copy(live, 9), "theirs": copy(live, 3), "today": TODAY}
    return _make("merge_the_same", "Two copies of one store are that store.", inputs, output=output)
