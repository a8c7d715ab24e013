"""Three members who sync in any order, one of whom may be against the others (store.md, 9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from crypto import constants as c
from crypto.client.case import Case
from crypto.client.merge import merge
from crypto.client.settings import CURSOR, setting_id, stock_of
from crypto.client.stock import Stock
from crypto.client.store import Key, Store
from crypto.client.store_entries import SeedEntry
from crypto.errors import Malformed
from tests.crossing.made_up import Draw
from tests.crypto.merging import DEVICE, TODAY, changed, founded

SEEDS = st.integers(0, 2**64)
TOMBSTONES = {c.ENTRY_ERASED: c.ENTRY_SEED, c.ENTRY_LEFT: c.ENTRY_MEMBER}
_CURSOR = (c.ENTRY_SETTING, setting_id(CURSOR))
_STOCK = (c.ENTRY_SETTING, setting_id(stock_of(DEVICE)))


def three(seed: int) -> tuple[Store, list[Store]]:
    """A base, and what three members made of it."""
    draw = Draw(("orders", seed))
    base = changed(founded(), draw, 25)
    return base, [changed(base, draw, 8) for _ in range(3)]


def synced(base: Store, sides: Sequence[Store]) -> tuple[Store, list[Store]]:
    """What lies on the server after each synced once, and what each keeps."""
    lies, kept = base, []
    for mine in sides:
        merged = merge(base, mine, lies, today=TODAY).store
        lies = replace(merged, generation=merged.generation + 1)
        kept.append(lies)
    return lies, kept


@given(SEEDS)
def test_all_come_to_one_store(seed: int) -> None:
    """Who syncs again has what lies there, and nothing to tell.

    Only a cursor may go on, and the note of what was erased may last longer.
    """
    base, sides = three(seed)
    for order in permutations(sides):
        lies, kept = synced(base, order)
        for one in kept:
            again = merge(one, one, lies, today=TODAY)
            assert _cursor(again.store) >= _cursor(lies)
            assert _but_days(again.store) == _but_days(lies)
            assert not again.overruled


def _but_days(store: Store) -> dict[Key, bytes]:
    return {
        key: b"" if key[0] == c.ENTRY_ERASED else value
        for key, value in store.entries.items()
        if key != _CURSOR
    }


@given(SEEDS)
def test_R31_the_same_cases_codes_and_members_stand_in_any_order(seed: int) -> None:
    """Of six orders each gives the same entries but settings, with all that was said in a case."""
    base, sides = three(seed)
    outcomes = {_shape(synced(base, order)[0]) for order in permutations(sides)}
    assert len(outcomes) == 1


def _shape(store: Store) -> tuple[tuple[object, ...], ...]:
    """What never hangs on the order: what is there, what was said, and how far a code is."""
    shape: list[tuple[object, ...]] = []
    for (kind, at), value in sorted(store.entries.items()):
        if kind == c.ENTRY_CASE:
            case = Case.decode(value)
            numbers = [n for n, _ in case.follow_ups], [n for n, _ in case.answers]
            shape.append((kind, at, str(numbers)))
        elif kind == c.ENTRY_SEED:
            code = SeedEntry.decode(value)
            shape.append((kind, at, code.state, code.last_epoch))
        elif kind != c.ENTRY_SETTING:
            shape.append((kind, at))
    return tuple(shape)


@given(SEEDS)
def test_P11_nothing_erased_comes_back_in_any_order(seed: int) -> None:
    """No seed and no member stands that one of three has a note of; spent tokens stay spent."""
    base, sides = three(seed)
    noted = {key for one in sides for key in one.expire(TODAY).entries if key[0] in TOMBSTONES}
    spent = _spent(base, sides)
    for order in permutations(sides):
        lies, _ = synced(base, order)
        for kind, at in noted:
            assert (kind, at) in lies.entries
            assert (TOMBSTONES[kind], at) not in lies.entries
        assert not (spent and spent & _tokens(lies))


def _spent(base: Store, sides: list[Store]) -> set[bytes]:
    """What one of three spent, if all have a stock that can be read."""
    try:
        first, second, third = (_tokens(one) for one in sides)
        return _tokens(base) - (first & second & third)
    except Malformed:
        return set()


def _tokens(store: Store) -> set[bytes]:
    return {one.value for one in Stock.decode(store.entries.get(_STOCK, b"")).tokens}


@given(SEEDS)
def test_R31_no_referral_is_passed_over_in_any_order(seed: int) -> None:
    """The cursor is not above that of the only one who knew a code, week or case that stands."""
    base, sides = three(seed)
    sides = [one.expire(TODAY) for one in sides]
    for order in permutations(sides):
        lies, _ = synced(base, order)
        for one in sides:
            others = [other for other in (base, *sides) if other is not one]
            for key, value in one.entries.items():
                alone = not any(_knows(other, key) for other in others)
                if _finds(key, value) and key in lies.entries and alone:
                    assert _cursor(lies) <= _cursor(one)


def _finds(key: Key, value: bytes) -> bool:
    is_made = key[0] == c.ENTRY_SEED and SeedEntry.decode(value).state == c.SEED_MADE
    return key[0] in (c.ENTRY_SEED, c.ENTRY_WEEKLY, c.ENTRY_CASE) and not is_made


def _knows(store: Store, key: Key) -> bool:
    return key in store.entries or (c.ENTRY_ERASED, key[1]) in store.entries


def _cursor(store: Store) -> int:
    value = store.entries.get(_CURSOR, b"")
    return int.from_bytes(value) if len(value) == c.CURSOR_BYTES else 0


@given(SEEDS, st.data())
@settings(max_examples=50)
def test_theirs_may_be_anything(seed: int, data: st.DataObject) -> None:
    """A store by a member who is against the others merges, and takes no work of mine away."""
    base, (mine, theirs, _) = three(seed)
    for key in [key for key in theirs.entries if key[0] != c.ENTRY_MEMBER]:
        match data.draw(st.sampled_from(("keep", "keep", "take", "junk"))):
            case "take":
                theirs = theirs.without_entry(*key)
            case "junk" if key[0] == c.ENTRY_SETTING:
                theirs = theirs.with_entry(*key, data.draw(st.binary(max_size=300)))
    merged = merge(base, mine, theirs, today=TODAY).store.entries
    for key, value in mine.expire(TODAY).entries.items():
        worked_on = key[0] == c.ENTRY_CASE and base.expire(TODAY).entries.get(key) != value
        if worked_on or key[0] in TOMBSTONES:
            assert key in merged
        if key[0] == c.ENTRY_SEED:
            assert key in merged or (c.ENTRY_ERASED, key[1]) in merged
