"""Two copies of a store made one: no case is lost, nothing erased comes back (store.md, 9)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import constants as c
from crypto.client.case import Case
from crypto.client.merge import merge
from crypto.client.settings import CURSOR, DEVICES, answer_of, setting_id
from crypto.client.stock import Stock
from crypto.client.store import Key, Store
from crypto.client.store_entries import Erased, SeedEntry
from crypto.encoding import u64
from tests.crossing.made_up import Draw
from tests.crypto import store_samples as samples
from tests.crypto.merging import DEVICE, HER, IDS, TODAY, changed, founded

SEEDS = st.integers(0, 2**64)
_DEVICES = (c.ENTRY_SETTING, setting_id(DEVICES))
TOMBSTONES = {c.ENTRY_ERASED: c.ENTRY_SEED, c.ENTRY_LEFT: c.ENTRY_MEMBER}


def copies(seed: int) -> tuple[Store, Store, Store]:
    """A base and what two clients made of it."""
    draw = Draw(("merge", seed))
    base = changed(founded(), draw, 25)
    return base, changed(base, draw, 12), changed(base, draw, 12)


@given(SEEDS)
def test_R31_no_case_is_lost(seed: int) -> None:
    """A case of either side stands, unless one side removed it and the other left it as it was."""
    base, mine, theirs = copies(seed)
    for before in (None, base):
        merged = merge(before, mine, theirs, today=TODAY).store.entries
        for side, other in ((mine, theirs), (theirs, mine)):
            for key, value in side.expire(TODAY).entries.items():
                gone = before and before.entries.get(key) == value and key not in other.entries
                # What is over in the other's view was removed there.
                over = before and key not in other.expire(TODAY).entries and key in before.entries
                if key[0] == c.ENTRY_CASE and not gone and not over:
                    assert key in merged


@given(SEEDS)
def test_R31_what_was_said_in_a_case_is_there_or_told(seed: int) -> None:
    """Each follow-up, answer and note of mine stands or is among what was overruled."""
    base, mine, theirs = copies(seed)
    outcome = merge(base, mine, theirs, today=TODAY)
    told = {(one.entry_id, one.field, one.lost) for one in outcome.overruled}
    for at, value in mine.expire(TODAY).of_kind(c.ENTRY_CASE):
        stands = outcome.store.entries.get((c.ENTRY_CASE, at))
        if stands is None:
            continue
        ours, case = Case.decode(value), Case.decode(stands)
        for field, had, has in (
            (c.CASE_FOLLOW_UP, ours.follow_ups, case.follow_ups),
            (c.CASE_ANSWER, ours.answers, case.answers),
        ):
            before = base.entries.get((c.ENTRY_CASE, at))
            if before == value:
                continue
            for number, body in had:
                lost = (at, field, bytes((number,)) + body)
                assert (number, body) in has or lost in told


@given(SEEDS)
def test_P11_what_was_erased_and_who_left_stays_gone(seed: int) -> None:
    """No seed and no member stands that either side has a note of, and the notes stay."""
    base, mine, theirs = copies(seed)
    for before in (None, base):
        merged = merge(before, mine, theirs, today=TODAY).store.entries
        for side in (mine, theirs):
            for kind, at in side.expire(TODAY).entries:
                if kind in TOMBSTONES:
                    assert (kind, at) in merged
                    assert (TOMBSTONES[kind], at) not in merged


@given(SEEDS)
def test_no_seed_is_lost(seed: int) -> None:
    """A seed of either side stands unless it was erased, with the further of two states."""
    base, mine, theirs = copies(seed)
    merged = merge(base, mine, theirs, today=TODAY).store.entries
    for side in (mine, theirs):
        for kind, at in side.expire(TODAY).entries:
            if kind == c.ENTRY_SEED:
                assert (kind, at) in merged or (c.ENTRY_ERASED, at) in merged


@given(SEEDS)
def test_nothing_stands_whose_time_is_over(seed: int) -> None:
    """What a merge gives is as it would be after expiry on that day, but for cases just merged."""
    base, mine, theirs = copies(seed)
    merged = merge(base, mine, theirs, today=TODAY).store
    assert {key for key in merged.entries if key[0] != c.ENTRY_CASE} == {
        key for key in merged.expire(TODAY).entries if key[0] != c.ENTRY_CASE
    }


def _settle(store: Store) -> Store:
    """A store as a merge leaves it: nothing waits whose seed or case is not there."""
    for at in IDS:
        if (c.ENTRY_CASE, at) not in store.entries:
            store = store.without_entry(c.ENTRY_SETTING, setting_id(answer_of(at)))
    return merge(None, store, store, today=TODAY).store


@given(SEEDS)
def test_a_side_that_nobody_changed_decides_nothing(seed: int) -> None:
    """Merging with base gives the other side, in either place; with itself, itself."""
    draw = Draw(("alone", seed))
    base = _settle(changed(founded(), draw, 25).without_entry(c.ENTRY_SETTING, setting_id(CURSOR)))
    there = {key for key in base.entries if key[0] in (c.ENTRY_ERASED, c.ENTRY_SEED)}
    one = changed(base, draw, 12).without_entry(c.ENTRY_SETTING, setting_id(CURSOR)).expire(TODAY)
    # Notes go by expiry only, and so do seeds that leave none.
    lacking = {key: base.entries[key] for key in there - one.entries.keys()}
    erased = {key[1] for key in one.entries if key[0] == c.ENTRY_ERASED}
    back = {key: value for key, value in lacking.items() if key[1] not in erased}
    notes = {key: value for key, value in base.entries.items() if key[0] == c.ENTRY_ERASED}
    known = {key: value for key, value in base.entries.items() if key == _DEVICES}
    one = _settle(replace(one, entries={**back, **_until_over(base, one), **notes, **known}))
    for outcome in (
        merge(base, one, base, today=TODAY),
        merge(base, base, one, today=TODAY),
        merge(base, one, one, today=TODAY),
    ):
        assert outcome.store.entries == one.entries
        assert not outcome.overruled


def _until_over(base: Store, one: Store) -> dict[Key, bytes]:
    """Entries whose notes last until the seeds that base has under the same ids are over."""
    entries = dict(one.entries)
    for at, value in base.of_kind(c.ENTRY_SEED):
        note = Erased(forget_after=SeedEntry.decode(value).last_epoch + c.SEED_DAYS_AFTER_CODE)
        if (c.ENTRY_ERASED, at) in entries:
            key = (c.ENTRY_ERASED, at)
            entries[key] = max(entries[key], note.encode())
    return entries


@given(SEEDS)
def test_merging_again_changes_nothing(seed: int) -> None:
    """A merge whose writing got no answer is done again, and gives the same."""
    base, mine, theirs = copies(seed)
    once = merge(base, mine, theirs, today=TODAY).store
    again = merge(theirs, once, once, today=TODAY)
    assert again.store == once
    assert not again.overruled


@given(SEEDS)
def test_who_merges_first_does_not_matter_to_what_is_there(seed: int) -> None:
    """Each side as mine: the same entries stand, with the same states and notes of what is gone."""
    base, mine, theirs = copies(seed)
    for before in (None, base):
        one = merge(before, mine, theirs, today=TODAY).store
        other = merge(before, theirs, mine, today=TODAY).store
        assert one.generation == other.generation
        assert one.entries.keys() - _settings(one) == other.entries.keys() - _settings(other)
        for key, value in one.entries.items():
            if key[0] in TOMBSTONES:
                assert other.entries[key] == value
            if key[0] == c.ENTRY_SEED:
                ours, others = SeedEntry.decode(value), SeedEntry.decode(other.entries[key])
                # Of two batches that both gave it at the same step theirs stands.
                assert ours == replace(others, batch=ours.batch, psk=ours.psk)
            if key[0] == c.ENTRY_CASE:
                ours_, others_ = Case.decode(value), Case.decode(other.entries[key])
                assert (ours_.state, ours_.arrived) == (others_.state, others_.arrived)
                assert dict(ours_.answers).keys() == dict(others_.answers).keys()
        for name in (CURSOR,):
            at = (c.ENTRY_SETTING, setting_id(name))
            assert one.entries.get(at) == other.entries.get(at) or _unread(mine, theirs)


def _settings(store: Store) -> set[tuple[int, bytes]]:
    return {key for key in store.entries if key[0] == c.ENTRY_SETTING}


def _unread(mine: Store, theirs: Store) -> bool:
    """Whether a cursor is none, or both are at the same place."""
    at = (c.ENTRY_SETTING, setting_id(CURSOR))
    values = [side.entries.get(at) for side in (mine, theirs)]
    return any(value is not None and len(value) != c.U64_BYTES for value in values)


def test_of_too_many_members_those_stand_who_are_in_theirs() -> None:
    """Who was added last on my side, and has no room, is told and not sealed to."""
    full = [samples.member(f"m{number}") for number in range(15)]
    theirs = samples.founded(HER, *full)
    late, later = samples.member("late"), samples.member("later")
    mine = samples.with_member(samples.with_member(samples.founded(HER), late), later)
    outcome = merge(None, mine, theirs, today=TODAY)
    assert outcome.store == theirs
    assert {one.entry_id for one in outcome.overruled} == {late.member_id, later.member_id}


def test_a_referral_for_a_code_that_the_reader_of_the_drop_did_not_know_is_looked_for_again() -> (
    None
):
    """The cursor goes back to where the device was that published the code."""
    at = (c.ENTRY_SETTING, setting_id(CURSOR))
    base = founded().with_entry(*at, u64(50))
    mine = base.with_entry(c.ENTRY_SEED, samples.LOCATOR, samples.seed_entry().encode())
    theirs = base.with_entry(*at, u64(100))
    assert merge(base, mine, theirs, today=TODAY).store.entries[at] == u64(50)
    assert merge(base, theirs, mine, today=TODAY).store.entries[at] == u64(50)
    known = replace(theirs, entries={**mine.entries, at: u64(100)})
    assert merge(base, mine, known, today=TODAY).store.entries[at] == u64(100)


@pytest.mark.parametrize("value", [b"", b"\x00", bytes(5)])
def test_a_stock_that_cannot_be_read_is_no_stock(value: bytes) -> None:
    """What is not as the specification says stops no merge."""
    at = (c.ENTRY_SETTING, setting_id(f"stock {DEVICE.hex()}"))
    base = founded().with_entry(c.ENTRY_SETTING, setting_id("devices"), DEVICE)
    mine = base.with_entry(*at, value)
    theirs = base.with_entry(*at, Stock(week=7).encode())
    assert merge(base, mine, theirs, today=TODAY).store.entries[at] == Stock(week=7).encode()
