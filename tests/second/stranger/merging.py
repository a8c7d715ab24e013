"""Merging two copies of a store (docs/spec/store.md, section 9)."""

from __future__ import annotations

from dataclasses import replace

from tests.second.stranger.basics import BAD_SIGNATURE, WRONG_NETWORK, K, need, u32
from tests.second.stranger.merging_cases import merge_cases
from tests.second.stranger.merging_settings import merge_settings
from tests.second.stranger.sides import Key, Merge, Told, expired, seed_last_epoch
from tests.second.stranger.store import Store, check_store

_SEED_ORDER = (
    K.SEED_MADE,
    K.SEED_PUBLISHED,
    K.SEED_SET_ASIDE,
    K.SEED_HANDED_OUT,
    K.SEED_CANCELLED,
    K.SEED_ARRIVED,
)
_OWN_RULE = (
    K.ENTRY_MEMBER,
    K.ENTRY_SEED,
    K.ENTRY_CASE,
    K.ENTRY_ERASED,
    K.ENTRY_SETTING,
    K.ENTRY_LEFT,
)


def merge_stores(
    base: Store | None, mine: Store, theirs: Store, today: int
) -> tuple[Store, list[Told]]:
    """One store of two, and what of them was overruled."""
    for other in (mine, theirs) if base is None else (base, mine, theirs):
        need(other.network_id == theirs.network_id, WRONG_NETWORK)
    for other in (mine, theirs) if base is None else (base, mine, theirs):
        need(other.organisation_seed == theirs.organisation_seed, BAD_SIGNATURE)
        check_store(other)
    before = None if base is None else _live(base, today)
    merge = Merge(before, _live(mine, today), _live(theirs, today), today)
    _merge_erased(merge)
    _merge_left(merge)
    _merge_members(merge)
    _merge_seeds(merge)
    for kind in range(256):
        if kind not in _OWN_RULE:
            _merge_plain(merge, kind)
    merge_cases(merge)
    merge_settings(merge)
    entries = tuple((*key, value) for key, value in sorted(merge.outcome.items()))
    generation = max(mine.generation, theirs.generation)
    outcome = replace(theirs, generation=generation, entries=entries)
    check_store(outcome)
    return outcome, sorted(merge.told)


def _live(store: Store, today: int) -> dict[tuple[int, bytes], bytes]:
    return expired({(kind, name): value for kind, name, value in store.entries}, today)


def _merge_plain(merge: Merge, kind: int) -> None:
    """Section 9.1 alone."""
    for name in merge.ids(kind):
        key = (kind, name)
        stands, lost = merge.settle(merge.had(key), merge.mine.get(key), merge.theirs.get(key))
        if stands is not None:
            merge.outcome[key] = stands
        merge.tell(key, lost)


def _of_both(merge: Merge, kind: int, name: bytes) -> list[bytes]:
    return [side[kind, name] for side in (merge.mine, merge.theirs) if (kind, name) in side]


def _merge_erased(merge: Merge) -> None:
    """Section 9.2."""
    for name in merge.ids(K.ENTRY_ERASED):
        notes = [int.from_bytes(one, "big") for one in _of_both(merge, K.ENTRY_ERASED, name)]
        seeds = [seed_last_epoch(one) for one in _of_both(merge, K.ENTRY_SEED, name)]
        latest = max(notes + [last + K.SEED_DAYS_AFTER_CODE for last in seeds])
        merge.outcome[K.ENTRY_ERASED, name] = u32(min(latest, 0xFFFFFFFF))


def _merge_left(merge: Merge) -> None:
    """Section 9.2; four bytes compare as their number."""
    for name in merge.ids(K.ENTRY_LEFT):
        merge.outcome[K.ENTRY_LEFT, name] = min(_of_both(merge, K.ENTRY_LEFT, name))


def _merge_members(merge: Merge) -> None:
    """Sections 9.2 and 9.3."""
    standing = []
    for name in merge.ids(K.ENTRY_MEMBER):
        key = (K.ENTRY_MEMBER, name)
        if (K.ENTRY_LEFT, name) in merge.outcome:
            continue
        stands, lost = merge.settle(merge.had(key), merge.mine.get(key), merge.theirs.get(key))
        merge.tell(key, lost)
        if stands is not None:
            standing.append((key not in merge.theirs, _since(stands), name, stands))
    standing.sort()
    for place, (_, _, name, value) in enumerate(standing):
        if place < K.STORE_SLOTS:
            merge.outcome[K.ENTRY_MEMBER, name] = value
        else:
            merge.tell((K.ENTRY_MEMBER, name), value)


def _since(member: bytes) -> int:
    at = 2 + K.XWING_PUBLIC_KEY_BYTES + K.ED25519_PUBLIC_KEY_BYTES
    return int.from_bytes(member[at : at + 4], "big")


def _merge_seeds(merge: Merge) -> None:
    """Section 9.4."""
    for name in merge.ids(K.ENTRY_SEED):
        key = (K.ENTRY_SEED, name)
        if (K.ENTRY_ERASED, name) in merge.outcome:
            continue
        mine, theirs = merge.mine.get(key), merge.theirs.get(key)
        if mine is None or theirs is None:
            stands = mine or theirs
        else:
            stands, lost = merge.settle(merge.had(key), mine, theirs)
            if lost is not None:
                stands = _one_seed(merge, key, mine, theirs)
        assert stands is not None
        merge.outcome[key] = stands


def _one_seed(merge: Merge, key: Key, mine: bytes, theirs: bytes) -> bytes:
    later = max(theirs, mine, key=lambda value: _SEED_ORDER.index(value[0]))
    had = merge.had(key)
    batches = (mine[1:9], theirs[1:9])
    batch, lost = merge.settle(None if had is None else had[1:9], *batches)
    if batch is None or lost is not None:
        batch = later[1:9]
    if mine[13:] != theirs[13:] or (lost is not None and mine[1:9] != batch):
        merge.tell(key, mine)
    last = max(seed_last_epoch(mine), seed_last_epoch(theirs))
    return later[:1] + batch + u32(last) + theirs[13:]
