"""Merging at its edges (store.md, 8 and 9): what a reader of these pages could take otherwise."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.merges import OTHER_ID, UNTIL, Entries, Overruled, Row, made
from tools.vectors.people import LAST_EPOCH, MONDAY, TODAY
from tools.vectors.scenario import Scenarios
from tools.vectors.store_entries import CASE, ERASED, LEAST_CASE, SEED, SETTING, case, seed
from tools.vectors.stores import LOCATOR, Entry
from tools.vectors.wire import lp, u8, u16, u32, u64

_DEVICE = b"\x01\x02\x03\x04"
_ALWAYS = 2**32 - 1


def scenarios() -> Scenarios:
    """All of this area."""
    yield from made(_seeds())
    yield from made(_cases())
    yield from made(_settings())
    yield from made(_stocks())
    yield from made(_answers())


def _code(state: int, batch: bytes = b"\x01\x02\x03\x04week", last: int = LAST_EPOCH) -> Entry:
    value = seed(state, last)
    return SEED, LOCATOR, value[:1] + batch + value[9:]


def _erased(epoch: int = UNTIL) -> Entry:
    return ERASED, LOCATOR, u32(epoch)


def _seeds() -> dict[str, Row]:
    first, second = b"batch 01", b"batch 02"
    twice: Overruled = [_code(2, first)[:2] + (0, _code(2, first)[2])]
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


def _case(*changed: tuple[int, bytes]) -> Entry:
    fields = {number for number, _ in changed}
    rest = [one for one in LEAST_CASE if one[0] not in fields]
    return CASE, LOCATOR, case(sorted([*rest, *changed], key=lambda one: one[0]))


def _cases() -> dict[str, Row]:
    closed = _case((2, u16(6)), (8, u32(TODAY + 5)))
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
            [_case(seen)],
            [_case()],
            [_case(both)],
            [_case(both)],
            told(7, b""),
        ),
        "note_taken_away_by_theirs": Row(
            "Mine stands, and nothing of mine is overruled.",
            [_case(seen)],
            [_case(both)],
            [_case(me)],
            [_case(both, me)],
        ),
        "note_after_none": Row(
            "Line feeds at the start go also where base has no note.",
            [_case()],
            [_case((7, b"\n\nMine."))],
            [_case((7, b"Theirs."))],
            [_case((7, b"Theirs.\nMine."))],
        ),
        "taken_given_back": Row(
            "Who gave it back is told that it is taken.",
            [_case(me)],
            [_case()],
            [_case(her)],
            [_case(her)],
            told(6, b""),
        ),
        "taken_given_back_by_theirs": Row(
            "Theirs, also where that is nobody.",
            [_case(me)],
            [_case(third)],
            [_case(seen)],
            [_case(seen)],
            told(6, third[1]),
        ),
    }


def _set(name: str, value: bytes) -> Entry:
    return SETTING, wire.sha256(name.encode())[:16], value


def _settings() -> dict[str, Row]:
    published, devices = _code(1), _set("devices", _DEVICE)
    low, high, junk = _set("cursor", u64(300)), _set("cursor", u64(70_000)), _set("cursor", b"no")
    key, short = _set("drop key", u32(MONDAY) + bytes(32)), _set("drop key", u32(MONDAY + 7))
    weekly = f"weekly key {_DEVICE.hex()}"
    weeks = [u32(MONDAY + 7 * number) + b"\x01" for number in range(3)]

    def row(comment: str, base: Entries, mine: Entries, theirs: Entries, stands: Entries) -> Row:
        return Row(comment, base, mine, theirs, stands, at="store.md 9")

    def told(row: Row, lost: bytes) -> Row:
        kind, one, _ = row.theirs[0]
        overruled: Overruled = [(kind, one, 0, lost)]
        return Row(
            row.comment, row.base, row.mine, row.theirs, row.stands, overruled, "store.md 8"
        )

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
            [_set("members", b"m")],
            [_set("members", b"t")],
            [],
        ),
        "devices_taken_away": told(
            row("What is there goes before a removal.", [_set("devices", b"aaaa")], [], [devices],
                [devices]),
            b"",
        ),
        "device_of_base": row(
            "A device that base alone has in its list.",
            [devices, _set(weekly, weeks[0])],
            [_set(weekly, weeks[1])],
            [_set(weekly, weeks[2])],
            [_set(weekly, weeks[1] + weeks[2])],
        ),
    }


def _waiting(token: int, record: bytes = b"", due: int = 9) -> bytes:
    return LOCATOR + u64(due) + _token(token) + lp(record)


def _token(number: int) -> bytes:
    return u32(TODAY + 20) + wire.draw(f"token {number}", 96)


def _stock(tokens: list[bytes], *waiting: bytes) -> Entry:
    held = u16(len(tokens)) + b"".join(tokens)
    value = u32(MONDAY) + held + u16(len(waiting)) + b"".join(waiting)
    return _set(f"stock {_DEVICE.hex()}", value)


def _stocks() -> dict[str, Row]:
    devices, one = _set("devices", _DEVICE), _token(1)
    junk = _set(f"stock {_DEVICE.hex()}", b"no stock")
    lost: Overruled = [(*junk[:2], 0, junk[2])]
    return {
        "code_twice": Row(
            "Of a locator that stands twice in a stock the last counts.",
            None,
            [_code(0), devices, _stock([], _waiting(1), _waiting(2, b"record"))],
            [_code(0), devices, _stock([], _waiting(3))],
            [_code(0), devices, _stock([], _waiting(2, b"record"))],
        ),
        "token_twice": Row(
            "A token is one.",
            None,
            [devices, _stock([one, one])],
            [devices, _stock([one])],
            [devices, _stock([one])],
        ),
        "stock_malformed": Row(
            "Beside what is no stock theirs stands, without a code that waits in vain.",
            None,
            [devices, junk],
            [devices, _stock([one], _waiting(2))],
            [devices, _stock([one])],
            lost,
        ),
    }


def _answers() -> dict[str, Row]:
    asked, closed = _case(), _case((2, u16(6)), (8, u32(TODAY + 30)))
    name = f"answer {LOCATOR.hex()}"
    sealed = wire.draw("sealed answer", 4096)
    said, other = (_set(name, u8(1) + sealed + body) for body in (b"said", b"other"))
    short = _set(name, u8(1) + sealed[:-1])
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
