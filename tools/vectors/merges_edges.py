"""Merging at its edges (store.md, 8 and 9): what a reader of these pages could take otherwise."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.merges import OTHER_ID, UNTIL, Entries, Overruled, Row, case_with, made
from tools.vectors.merges_settings import DEVICE, setting, stock_entry, token, waiting_code
from tools.vectors.people import LAST_EPOCH, MONDAY, TODAY
from tools.vectors.scenario import Scenarios
from tools.vectors.store_entries import CASE, ERASED, SEED, seed
from tools.vectors.stores import LOCATOR, Entry
from tools.vectors.wire import u8, u16, u32, u64

_ALWAYS = 2**32 - 1


def scenarios() -> Scenarios:
    """All of this area."""
    yield from made(_seeds())
    yield from made(_cases())
    yield from made(_settings())
    yield from made(_stocks())
    yield from made(_answers())


def _code(state: int, batch: bytes = DEVICE + b"week", last: int = LAST_EPOCH) -> Entry:
    value = seed(state, last)
    return SEED, LOCATOR, value[:1] + batch + value[9:]


def _erased(epoch: int = UNTIL) -> Entry:
    return ERASED, LOCATOR, u32(epoch)


def _seeds() -> dict[str, Row]:
    first, second = b"batch 01", b"batch 02"
    mine = _code(2, first)
    twice: Overruled = [(*mine[:2], 0, mine[2])]
    return {
        "batch_handed_out": Row(
            "Who handed it out alone said in which batch.",
            [_code(0)],
            [_code(2, first)],
            [_code(1)],
            [_code(2, first)],
        ),
        "batch_no_base": Row(
            "Without a base: the batch of the later state.",
            None,
            [_code(2, first)],
            [_code(1)],
            [_code(2, first)],
        ),
        "batch_arrived": Row(
            "Also where something arrived meanwhile.",
            [_code(1)],
            [_code(2, first)],
            [_code(3)],
            [_code(3, first)],
        ),
        "batch_twice": Row(
            "Handed out by both: theirs, and mine is told.",
            [_code(1)],
            [_code(2, first)],
            [_code(2, second)],
            [_code(2, second)],
            twice,
        ),
        "erased_until_over": Row(
            "A note lasts until the seed would be over that it takes away.",
            None,
            [_erased()],
            [_code(1, last=LAST_EPOCH + 7)],
            [_erased(UNTIL + 7)],
        ),
        "erased_always": Row(
            "Which may be never.", None, [_code(1, last=_ALWAYS)], [_erased()], [_erased(_ALWAYS)]
        ),
    }


def _cases() -> dict[str, Row]:
    closed = case_with((2, u16(6)), (8, u32(TODAY + 5)))
    seen, both = (7, b"Seen."), (7, b"Seen. Called.")
    me, her, third = (6, bytes(16)), (6, OTHER_ID), (6, b"a third member's")

    def told(field: int, lost: bytes) -> Overruled:
        return [(CASE, LOCATOR, field, lost)]

    return {
        "case_gone_closed": Row(
            "What is closed already stays until its own day.",
            None,
            [closed],
            [_erased()],
            [closed, _erased()],
        ),
        "note_taken_away": Row(
            "A note that one side took away and the other changed stands; it is told.",
            [case_with(seen)],
            [case_with()],
            [case_with(both)],
            [case_with(both)],
            told(7, b""),
        ),
        "note_taken_away_by_theirs": Row(
            "Mine stands, and nothing of mine is overruled.",
            [case_with(seen)],
            [case_with(both)],
            [case_with(me)],
            [case_with(both, me)],
        ),
        "note_after_none": Row(
            "Line feeds at the start go also where base has no note.",
            [case_with()],
            [case_with((7, b"\n\nMine."))],
            [case_with((7, b"Theirs."))],
            [case_with((7, b"Theirs.\nMine."))],
        ),
        "taken_given_back": Row(
            "Who gave it back is told that it is taken.",
            [case_with(me)],
            [case_with()],
            [case_with(her)],
            [case_with(her)],
            told(6, b""),
        ),
        "taken_given_back_by_theirs": Row(
            "Theirs, also where that is nobody.",
            [case_with(me)],
            [case_with(third)],
            [case_with(seen)],
            [case_with(seen)],
            told(6, third[1]),
        ),
    }


def _settings() -> dict[str, Row]:
    published, devices = _code(1), setting("devices", DEVICE)
    low, high, junk = (
        setting("cursor", u64(300)),
        setting("cursor", u64(70_000)),
        setting("cursor", b"no"),
    )
    key, short = setting("drop key", u32(MONDAY) + bytes(32)), setting("drop key", u32(MONDAY + 7))
    weekly = f"weekly key {DEVICE.hex()}"
    weeks = [u32(MONDAY + 7 * number) + b"\x01" for number in range(3)]

    def row(comment: str, base: Entries, mine: Entries, theirs: Entries, stands: Entries) -> Row:
        return Row(comment, base, mine, theirs, stands, at="store.md 9")

    def told(row: Row, lost: bytes) -> Row:
        kind, one, _ = row.theirs[0]
        overruled: Overruled = [(kind, one, 0, lost)]
        return Row(row.comment, row.base, row.mine, row.theirs, row.stands, overruled, "store.md 8")

    return {
        "cursor_malformed": row(
            "What is no cursor counts as none, and does not stand.",
            [low],
            [junk, published],
            [high],
            [published],
        ),
        "cursor_malformed_lower": row(
            "Where theirs can find all, theirs stands.", [junk], [junk], [high], [high]
        ),
        "cursor_malformed_both": row("Neither is one.", [low], [junk], [junk], []),
        "cursor_equal": row(
            "One place of both stands, whatever they know.",
            [],
            [high, published],
            [high],
            [high, published],
        ),
        "drop_key_short": told(
            row("What is no drop key is of no week: theirs.", [], [short], [key], [key]), short[2]
        ),
        "members_told_otherwise": row(
            "Neither, whatever it is.",
            [],
            [setting("members", b"m")],
            [setting("members", b"t")],
            [],
        ),
        "devices_taken_away": told(
            row(
                "What is there goes before a removal.",
                [setting("devices", b"aaaa")],
                [],
                [devices],
                [devices],
            ),
            b"",
        ),
        "device_of_base": row(
            "A device that base alone has in its list.",
            [devices, setting(weekly, weeks[0])],
            [setting(weekly, weeks[1])],
            [setting(weekly, weeks[2])],
            [setting(weekly, weeks[1] + weeks[2])],
        ),
    }


def _stocks() -> dict[str, Row]:
    devices, one = setting("devices", DEVICE), token(1)
    junk = setting(f"stock {DEVICE.hex()}", b"no stock")
    lost: Overruled = [(*junk[:2], 0, junk[2])]
    return {
        "code_twice": Row(
            "Of a locator that stands twice in a stock the last counts.",
            None,
            [
                _code(0),
                devices,
                stock_entry(MONDAY, [], waiting_code(1), waiting_code(2, b"record")),
            ],
            [_code(0), devices, stock_entry(MONDAY, [], waiting_code(3))],
            [_code(0), devices, stock_entry(MONDAY, [], waiting_code(2, b"record"))],
        ),
        "token_twice": Row(
            "A token is one.",
            None,
            [devices, stock_entry(MONDAY, [one, one])],
            [devices, stock_entry(MONDAY, [one])],
            [devices, stock_entry(MONDAY, [one])],
        ),
        "stock_malformed": Row(
            "Beside what is no stock theirs stands, without a code that waits in vain.",
            None,
            [devices, junk],
            [devices, stock_entry(MONDAY, [one], waiting_code(2))],
            [devices, stock_entry(MONDAY, [one])],
            lost,
        ),
    }


def _answers() -> dict[str, Row]:
    asked, closed = case_with(), case_with((2, u16(6)), (8, u32(TODAY + 30)))
    name = f"answer {LOCATOR.hex()}"
    sealed = wire.draw("sealed answer", 4096)
    said, other = (setting(name, u8(1) + sealed + body) for body in (b"said", b"other"))
    short = setting(name, u8(1) + sealed[:-1])
    lost: Overruled = [(CASE, LOCATOR, 5, b"\x01said")]
    return {
        "answer_to_gone_case": Row(
            "Mine, to a case that ended elsewhere, is told.",
            [asked],
            [asked, said],
            [_erased()],
            [_erased()],
            lost,
        ),
        "answer_replaced": Row(
            "What theirs alone changed overrules nothing of mine.",
            [asked, said],
            [asked, said],
            [asked, other],
            [asked, other],
        ),
        "answer_taken_back": Row(
            "Nor what theirs alone took back.", [asked, said], [asked, said], [asked], [asked]
        ),
        "answer_short": Row(
            "What is no answer stands as any setting.",
            [asked],
            [asked, short],
            [closed, _erased()],
            [closed, _erased(), short],
        ),
    }
