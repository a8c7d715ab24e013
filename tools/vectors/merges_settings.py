"""Merging what a store keeps beside codes and cases (store.md, 8 and 9.6 to 9.8)."""

from __future__ import annotations

from tools.vectors import wire
from tools.vectors.merges import OTHER_ID, UNTIL, Entries, Overruled, Row, made
from tools.vectors.people import MONDAY, TODAY
from tools.vectors.scenario import Scenarios
from tools.vectors.store_entries import CASE, ERASED, LEAST_CASE, SEED, SETTING, WEEKLY, case, seed
from tools.vectors.stores import LOCATOR, Entry
from tools.vectors.wire import lp, u8, u16, u32, u64

DEVICE = b"\x01\x02\x03\x04"
_MADE, _PUBLISHED = (SEED, LOCATOR, seed(0)), (SEED, LOCATOR, seed(1))
_ERASED = (ERASED, LOCATOR, u32(UNTIL))
_ASKED = (CASE, LOCATOR, case(LEAST_CASE))


def scenarios() -> Scenarios:
    """All of this area."""
    yield from made(_cursors())
    yield from made(_named())
    yield from made(_pages())
    yield from made(_stocks())
    yield from made(_answers())


def setting(name: str, value: bytes) -> Entry:
    """A setting by its name."""
    return SETTING, wire.sha256(name.encode())[:16], value


def _cursor(number: int) -> Entry:
    return setting("cursor", u64(number))


def _cursors() -> dict[str, Row]:
    low, high = _cursor(300), _cursor(70_000)
    week = (WEEKLY, OTHER_ID, u32(MONDAY) + u32(MONDAY + 6) + bytes(32))

    def row(comment: str, mine: Entries, theirs: Entries, stands: Entries) -> Row:
        return Row(comment, [low], mine, theirs, stands, at="store.md 9")

    return {
        "cursor_higher": row("Both can find the same.", [low], [high], [high]),
        "cursor_seed_unknown": row(
            "Theirs went on without a code of mine: what came for it is not lost.",
            [low, _PUBLISHED],
            [high],
            [low, _PUBLISHED],
        ),
        "cursor_week_unknown": row("Nor is a walk-in.", [high], [low, week], [low, week]),
        "cursor_case_unknown": row(
            "Nor what was added to a case.", [low, _ASKED], [high], [low, _ASKED]
        ),
        "cursor_seed_made": row(
            "With a code that is not published nothing can have come.",
            [low, _MADE],
            [high],
            [high, _MADE],
        ),
        "cursor_seed_erased": row(
            "What was erased is looked for no more.",
            [low, _PUBLISHED],
            [high, _ERASED],
            [high, _ERASED],
        ),
        "cursor_lacking": row("A side that read nothing yet.", [_PUBLISHED], [high], [_PUBLISHED]),
    }


def _named() -> dict[str, Row]:
    def row(
        comment: str,
        name: str,
        values: tuple[bytes, bytes, bytes],
        stands: bytes | None,
        *more: Entry,
    ) -> Row:
        base, mine, theirs = (([setting(name, one), *more]) for one in values)
        outcome = [] if stands is None else [setting(name, stands)]
        return Row(comment, base, mine, theirs, [*outcome, *more], at="store.md 8")

    def told(row: Row) -> Row:
        mine: Overruled = [(*row.mine[0][:2], 0, row.mine[0][2])]
        return Row(row.comment, row.base, row.mine, row.theirs, row.stands, mine, row.at)

    def key(week: int, name: str) -> bytes:
        return u32(week) + wire.draw(f"drop key {name}", 32)

    def tags(*days: int) -> bytes:
        return b"".join(u8(at) * 16 + u32(day) for at, day in enumerate(days) if day)

    old, next_week = key(MONDAY - 7, "a"), key(MONDAY + 7, "b")
    this, same = key(MONDAY, "c"), key(MONDAY, "d")
    devices = setting("devices", DEVICE)
    weekly = f"weekly key {DEVICE.hex()}"
    return {
        "drop_key_later": row("The later week.", "drop key", (old, next_week, this), next_week),
        "drop_key_one_week": row("In one week theirs.", "drop key", (old, this, same), same),
        "unreadable": row(
            "All tags with the earlier day, without what is over.",
            "unreadable",
            (b"", tags(TODAY, TODAY - 90, TODAY - 5), tags(TODAY - 1, TODAY - 89, 0, TODAY - 91)),
            u8(1) * 16
            + u32(TODAY - 90)
            + u8(2) * 16
            + u32(TODAY - 5)
            + u8(0) * 16
            + u32(TODAY - 1),
        ),
        "devices": row(
            "All, ascending.", "devices", (b"", b"bbbbcccc", b"ccccaaaa"), b"aaaabbbbcccc"
        ),
        "members_told": row(
            "Neither: the server is told anew.", "members", (bytes(32), b"m" * 32, b"t" * 32), None
        ),
        "weekly_known": row(
            "All weeks, own where either says so, the last four.",
            weekly,
            (
                b"",
                b"".join(u32(MONDAY - 7 * n) + u8(n == 1) for n in (3, 2, 1)),
                b"".join(u32(MONDAY - 7 * n) + u8(n == 0) for n in (4, 1, 0)),
            ),
            b"".join(u32(MONDAY - 7 * n) + u8(n < 2) for n in (3, 2, 1, 0)),
            devices,
        ),
        "written": row(
            "Theirs, also of an earlier day; nothing is told, since it is written anew.",
            "written",
            (bytes(20), b"m" * 16 + u32(TODAY), b"t" * 16 + u32(TODAY - 9)),
            b"t" * 16 + u32(TODAY - 9),
        ),
        "log_longer": row(
            "The edge with more entries, whoever has it.",
            "log",
            (_edge(1), _edge(7), _edge(6)),
            _edge(7),
        ),
        "log_longer_there": row("Theirs.", "log", (b"", _edge(256), _edge(257)), _edge(257)),
        "log_of_one_size": row(
            "Of one number of entries theirs: two logs were seen, and the next look says so.",
            "log",
            (b"", _edge(6, "a"), _edge(6, "b")),
            _edge(6, "b"),
        ),
        **{
            f"log_malformed_{what}": told(
                row("What is no edge: theirs.", "log", (b"", mine, _edge(6)), _edge(6))
            )
            for what, mine in {
                "short": _edge(7)[:-1],
                "long": _edge(7) + bytes(32),
                "beyond": u64(1 << 26) + bytes(32),
                "far_beyond": u64(1 << 63) + bytes(32),
            }.items()
        },
        "setting_by_both": told(row("Theirs.", "walk-ins", (b"a", b"b", b"c"), b"c")),
        "setting_malformed": told(
            row("What can't be read: theirs.", "unreadable", (b"", b"b", b"c"), b"c")
        ),
        "setting_of_no_device": told(
            row("A device that is not in the list.", weekly, (b"", u32(1) + b"\x01", b"c"), b"c")
        ),
    }


def _edge(size: int, name: str = "log") -> bytes:
    """An edge of a log of so many entries; which hashes they are, merging does not ask."""
    return u64(size) + wire.draw(f"edge of {name}", 32 * size.bit_count())


def _pages() -> dict[str, Row]:
    devices = setting("devices", DEVICE)

    def pages(turn: int, **turns: int) -> Entry:
        run = b"".join(name.encode() * 8 + u16(its) for name, its in turns.items())
        return setting(f"pages {DEVICE.hex()}", u16(turn) + run)

    def row(comment: str, base: Entry | None, mine: Entry, theirs: Entry, stands: Entry) -> Row:
        before = None if base is None else [base, devices]
        return Row(
            comment, before, [mine, devices], [theirs, devices], [stands, devices], at="store.md 8"
        )

    cut = setting(f"pages {DEVICE.hex()}", u16(3) + b"a" * 9)
    return {
        "pages_of_both": row(
            "Each entered itself: both are open, and the higher turn stands in front.",
            pages(1),
            pages(2, b=2),
            pages(1, a=1),
            pages(2, a=1, b=2),
        ),
        "pages_taken_away": row(
            "What one side took away is gone, whatever else the other changed.",
            pages(0, a=0),
            pages(1, b=1),
            pages(0, a=0, c=0),
            pages(1, b=1, c=0),
        ),
        "pages_left": row(
            "One that left while another entered.",
            pages(0, a=0),
            pages(1, b=1),
            pages(0),
            pages(1, b=1),
        ),
        "pages_again": row(
            "One that was taken away and entered itself again.",
            pages(1, b=1),
            pages(1, a=0, b=1),
            pages(2, b=1, c=2),
            pages(2, a=0, b=1, c=2),
        ),
        "pages_turn": row(
            "Of two turns of one page the higher.",
            pages(0),
            pages(1, a=1),
            pages(2, a=2),
            pages(2, a=2),
        ),
        "pages_no_base": row(
            "Without a base all of both.", None, pages(5, b=4), pages(7, a=6), pages(7, a=6, b=4)
        ),
        "pages_malformed": Row(
            "What can't be read: theirs.",
            [pages(0), devices],
            [pages(1, a=1), devices],
            [cut, devices],
            [cut, devices],
            [(*pages(1, a=1)[:2], 0, pages(1, a=1)[2])],
            "store.md 8",
        ),
    }


def token(number: int) -> bytes:
    """One of some tokens, as a stock has it."""
    return u32(TODAY + 20) + wire.draw(f"token {number}", 96)


def waiting_code(number: int, record: bytes = b"", locator: bytes = LOCATOR, due: int = 9) -> bytes:
    """A code that waits with a token."""
    return locator + u64(due) + token(number) + lp(record)


def stock_entry(week: int, tokens: list[bytes], *waiting: bytes) -> Entry:
    """The stock of the device."""
    held = u16(len(tokens)) + b"".join(tokens)
    value = u32(week) + held + u16(len(waiting)) + b"".join(waiting)
    return setting(f"stock {DEVICE.hex()}", value)


def _stocks() -> dict[str, Row]:
    devices = setting("devices", DEVICE)
    other_made = (SEED, OTHER_ID, seed(0))
    one, two, three = (token(number) for number in (1, 2, 3))
    drawn = sorted([two, three])

    def row(
        comment: str, base: Entries | None, mine: Entries, theirs: Entries, stands: Entries
    ) -> Row:
        before = None if base is None else [*base, devices]
        ours, others, outcome = ([*side, devices] for side in (mine, theirs, stands))
        return Row(comment, before, ours, others, outcome, at="store.md 9")

    return {
        "token_spent": row(
            "What one side spent is spent, what the other drew is there.",
            [stock_entry(MONDAY, [one, two])],
            [stock_entry(MONDAY, [two])],
            [stock_entry(MONDAY + 7, [one, two, three])],
            [stock_entry(MONDAY + 7, drawn)],
        ),
        "token_of_waiting_code": row(
            "Without a base: a token with which a code waits is not in hand.",
            None,
            [stock_entry(MONDAY, [], waiting_code(1)), _MADE],
            [stock_entry(MONDAY, [one, two])],
            [stock_entry(MONDAY, [two], waiting_code(1)), _MADE],
        ),
        "code_published": row(
            "Without a base: a code that was published does not wait any more.",
            None,
            [stock_entry(MONDAY, []), _PUBLISHED],
            [stock_entry(MONDAY, [], waiting_code(1)), _MADE],
            [stock_entry(MONDAY, []), _PUBLISHED],
        ),
        "code_given_up": row(
            "Nor one that was given up, wherever it waited.",
            [stock_entry(MONDAY, [], waiting_code(1)), _MADE],
            [stock_entry(MONDAY, [], waiting_code(1)), _ERASED],
            [stock_entry(MONDAY, [], waiting_code(1)), _MADE],
            [stock_entry(MONDAY, []), _ERASED],
        ),
        "record_kept": row(
            "What was sent once is sent again byte for byte.",
            [stock_entry(MONDAY, [], waiting_code(1)), _MADE],
            [stock_entry(MONDAY, [], waiting_code(1, b"record")), _MADE],
            [stock_entry(MONDAY, [], waiting_code(1, due=5)), _MADE],
            [stock_entry(MONDAY, [], waiting_code(1, b"record")), _MADE],
        ),
        "codes_of_both": row(
            "Codes of both wait.",
            [stock_entry(MONDAY, drawn)],
            [stock_entry(MONDAY, drawn[1:], waiting_code(2)), _MADE],
            [stock_entry(MONDAY, drawn[:1], waiting_code(3, locator=OTHER_ID, due=5)), other_made],
            [
                stock_entry(MONDAY, [], waiting_code(3, locator=OTHER_ID, due=5), waiting_code(2)),
                _MADE,
                other_made,
            ],
        ),
    }


def _answers() -> dict[str, Row]:
    def waits(body: bytes, slot: int = 1) -> Entry:
        return setting(
            f"answer {LOCATOR.hex()}", u8(slot) + wire.draw("sealed answer", 4096) + body
        )

    def answered(*more: tuple[int, bytes]) -> Entry:
        fields = {number for number, _ in more}
        rest = [one for one in LEAST_CASE if one[0] not in fields]
        return CASE, LOCATOR, case(sorted([*rest, *more], key=lambda one: one[0]))

    said = answered((5, b"\x01said"))
    closed = answered((2, u16(6)), (8, u32(TODAY + 30)))
    lost: Overruled = [(CASE, LOCATOR, 5, b"\x01said")]
    at = "store.md 9"
    return {
        "answer_sent": Row(
            "What was sent does not wait.",
            [_ASKED, waits(b"said")],
            [said],
            [_ASKED, waits(b"said")],
            [said],
            at=at,
        ),
        "answer_sent_no_base": Row(
            "Also without a base.", None, [said], [_ASKED, waits(b"said")], [said], at=at
        ),
        "answer_waits": Row(
            "What was not sent waits on.",
            None,
            [_ASKED],
            [_ASKED, waits(b"said")],
            [_ASKED, waits(b"said")],
            at=at,
        ),
        "answer_number_taken": Row(
            "Also where another answer has its number.",
            None,
            [answered((5, b"\x01other"))],
            [_ASKED, waits(b"said")],
            [answered((5, b"\x01other")), waits(b"said")],
            at=at,
        ),
        "answer_by_both": Row(
            "Theirs waits, and mine is told.",
            [_ASKED],
            [_ASKED, waits(b"said")],
            [_ASKED, waits(b"other")],
            [_ASKED, waits(b"other")],
            lost,
            at,
        ),
        "answer_mine_after_sent": Row(
            "Mine waits where theirs was sent.",
            None,
            [said, waits(b"next", 2)],
            [_ASKED, waits(b"said")],
            [said, waits(b"next", 2)],
            at=at,
        ),
        "answer_of_closed_case": Row(
            "To a closed case nothing is sent; it is told.",
            [_ASKED],
            [_ASKED, waits(b"said")],
            [closed, _ERASED],
            [closed, _ERASED],
            lost,
            at,
        ),
        "answer_of_gone_case": Row(
            "Nor to one that is gone.",
            [_ASKED, waits(b"said")],
            [_ERASED],
            [_ASKED, waits(b"said")],
            [_ERASED],
            at=at,
        ),
    }
