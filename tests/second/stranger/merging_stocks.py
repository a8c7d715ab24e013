"""Merging the stock of a device (docs/spec/store.md, sections 8 and 9.7)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tests.second.stranger.basics import K, Reader, Refused, lp, u16, u32
from tests.second.stranger.sides import Key, Merge

_TOKEN = 4 + K.TOKEN_BYTES
_RECORD_AT = 8 + _TOKEN


@dataclass(frozen=True)
class Stock:
    """Tokens, and of each waiting code its locator and what follows it."""

    week: int = 0
    tokens: tuple[bytes, ...] = ()
    waiting: tuple[tuple[bytes, bytes], ...] = ()


def _read(value: bytes) -> Stock:
    reader = Reader(value)
    week = reader.number(4)
    tokens = [reader.take(_TOKEN) for _ in range(reader.number(2))]
    waiting = []
    for _ in range(reader.number(2)):
        locator = reader.take(K.LOCATOR_BYTES)
        waiting.append((locator, reader.take(_RECORD_AT) + lp(reader.prefixed(0xFFFF))))
    reader.end()
    return Stock(week, tuple(tokens), tuple(waiting))


def _write(stock: Stock) -> bytes:
    tokens = u16(len(stock.tokens)) + b"".join(stock.tokens)
    waiting = u16(len(stock.waiting)) + b"".join(locator + rest for locator, rest in stock.waiting)
    return u32(stock.week) + tokens + waiting


def merge_stock(merge: Merge, key: Key) -> bytes | None:
    """What stands of a stock, without codes that wait in vain."""
    had, mine, theirs = merge.had(key), merge.mine.get(key), merge.theirs.get(key)

    def joined(mine: bytes, theirs: bytes) -> bytes:
        before = Stock() if had is None else _read(had)
        return _write(_joined(before, _read(mine), _read(theirs)))

    try:
        stands, lost = merge.settle(had, mine, theirs, joined)
    except Refused:
        stands, lost = merge.settle(had, mine, theirs)
    merge.tell(key, lost)
    try:
        return None if stands is None else _without_gone(merge, stands)
    except Refused:
        return stands


def _joined(before: Stock, mine: Stock, theirs: Stock) -> Stock:
    here_now, there_now = {*mine.tokens}, {*theirs.tokens}
    tokens = (here_now & there_now) | ((here_now ^ there_now) - {*before.tokens})
    sides = (dict(mine.waiting), dict(theirs.waiting))
    had_waiting = dict(before.waiting)
    used = {rest[8:_RECORD_AT] for stock in (mine, theirs) for _, rest in stock.waiting}
    waiting = {}
    for locator in {*sides[0], *sides[1]}:
        had = had_waiting.get(locator)
        here, there = (side.get(locator) for side in sides)
        if here is None or there is None:
            one = here or there
            if had is None and one is not None:
                waiting[locator] = one
        elif here in (had, there):
            waiting[locator] = there
        elif there == had:
            waiting[locator] = here
        else:
            waiting[locator] = here if _has_record(here) and not _has_record(there) else there
    in_order = sorted(waiting.items(), key=lambda one: (one[1][:8], one[0]))
    return Stock(max(mine.week, theirs.week), tuple(sorted(tokens - used)), tuple(in_order))


def _has_record(rest: bytes) -> bool:
    return bool(len(rest) > _RECORD_AT + K.U16_BYTES)


def _without_gone(merge: Merge, value: bytes) -> bytes:
    stock = _read(value)

    def is_made(locator: bytes) -> bool:
        seed = merge.outcome.get((K.ENTRY_SEED, locator))
        return bool(seed is not None and seed[0] == K.SEED_MADE)

    kept = tuple(one for one in stock.waiting if is_made(one[0]))
    return value if kept == stock.waiting else _write(replace(stock, waiting=kept))
