"""The settings of a store (kind 6) merged, after all else stands.

A value that is not as the specification says falls under the rule for every entry.

Source: docs/spec/store.md, sections 8 and 9.6 to 9.8.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from crypto import constants as c
from crypto.client import merge_unions, settings
from crypto.client.case import Case
from crypto.client.merge_sides import Entries, Key, Sides, Value, settled
from crypto.client.merge_unions import Union
from crypto.client.settings import setting_id
from crypto.client.store_entries import SeedEntry
from crypto.encoding import u8
from crypto.errors import Malformed

_DEVICES = (c.ENTRY_SETTING, setting_id(settings.DEVICES))
_CURSOR = (c.ENTRY_SETTING, setting_id(settings.CURSOR))
_FINDING = (c.ENTRY_SEED, c.ENTRY_WEEKLY, c.ENTRY_CASE)


def merge_settings(sides: Sides) -> None:
    """Let settings stand beside entries that stand already."""
    devices = _devices(sides)
    stocks = {setting_id(settings.stock_of(one)) for one in devices}
    weeks = {setting_id(settings.weekly_of(one)): merge_unions.weeks for one in devices}
    pages = {setting_id(settings.pages_of(one)): merge_unions.pages for one in devices}
    unions = {**merge_unions.NAMED, **weeks, **pages}
    cases = {setting_id(settings.answer_of(one)): one for _, one in sides.keys((c.ENTRY_CASE,))}
    for key in sides.keys((c.ENTRY_SETTING,)):
        if key == _CURSOR:
            value = _cursor(sides)
        elif key[1] in stocks:
            value = _stock(sides, key)
        elif key[1] in cases:
            value = _answer(sides, key, cases[key[1]])
        else:
            value = _united(sides, key, unions.get(key[1]))
        sides.put(key, value)


def _devices(sides: Sides) -> set[bytes]:
    found: set[bytes] = set()
    for value in sides.three(_DEVICES):
        try:
            found.update(merge_unions.numbers_of(value))
        except Malformed:
            continue
    return found


def _united(sides: Sides, key: Key, union: Union | None) -> Value:
    base, mine, theirs = sides.three(key)
    if union and mine is not None and theirs is not None and not settled(base, mine, theirs)[0]:
        with suppress(Malformed):
            return union(base, mine, theirs, sides.today)
    return sides.plain(key)


def _cursor(sides: Sides) -> Value:
    """Source: docs/spec/store.md, 9.6."""
    _, mine, theirs = (merge_unions.cursor(one) for one in sides.three(_CURSOR))
    low, high = sides.mine, sides.theirs
    if (mine or b"") > (theirs or b""):
        low, high = high, low
    finds_all = all(
        key in high or (c.ENTRY_ERASED, key[1]) in high for key in _finding(low, sides.entries)
    )
    return merge_unions.cursor((high if finds_all else low).get(_CURSOR))


def _finding(side: Entries, outcome: Entries) -> Iterator[Key]:
    """Give what a side finds its own in the drop by."""
    for key, value in side.items():
        if key[0] in _FINDING and key in outcome and not _is_made(key, value):
            yield key


def _is_made(key: Key, value: bytes) -> bool:
    return key[0] == c.ENTRY_SEED and SeedEntry.decode(value).state == c.SEED_MADE


def _stock(sides: Sides, key: Key) -> Value:
    """Source: docs/spec/store.md, 9.7."""
    value = _united(sides, key, merge_unions.stocks)

    def is_made(locator: bytes) -> bool:
        place = (c.ENTRY_SEED, locator)
        return place in sides.entries and _is_made(place, sides.entries[place])

    try:
        return value if value is None else merge_unions.waiting_only(value, is_made)
    except Malformed:
        return value


def _answer(sides: Sides, key: Key, case_id: bytes) -> Value:
    """Source: docs/spec/store.md, 9.8."""
    base, mine, theirs = sides.three(key)
    alone, value = settled(base, mine, theirs)
    found = (c.ENTRY_CASE, case_id)
    case = Case.decode(sides.entries[found]) if found in sides.entries else None
    waiting = [one for one in ((value,) if alone else (theirs, mine)) if one is not None]
    try:
        said = [(one, merge_unions.outgoing(one)) for one in waiting]
    except Malformed:
        return sides.plain(key)
    sent = case.answers if case else ()
    left = [(one, answer) for one, answer in said if answer not in sent]
    is_over = case is None or case.state == c.STATE_CLOSED
    for _, (slot, body) in left if is_over else left[1:]:
        sides.tell(found, u8(slot) + body, c.CASE_ANSWER)
    return None if is_over or not left else left[0][0]
