"""Merging what clients keep beside the rest (docs/spec/store.md, 8, 9.6 and 9.8)."""

from __future__ import annotations

from collections.abc import Callable

from tests.second.stranger.basics import K, Refused, need, u32, u64
from tests.second.stranger.log import read_edge
from tests.second.stranger.merging_cases import is_closed, numbered
from tests.second.stranger.merging_stocks import merge_stock
from tests.second.stranger.sides import Entries, Key, Merge, setting

_CURSOR = setting("cursor")
_DEVICES = setting("devices")
_SLOT_AT = 1 + K.SLOT_BYTES
_TURN_BYTES = 2
Rule = Callable[[bytes, bytes], bytes | None]
Decide = Callable[[Merge, Key], bytes | None]


def merge_settings(merge: Merge) -> None:
    """Put every setting that stands into the outcome; all other kinds are there by now."""
    rules = _rules(merge)
    for name in merge.ids(K.ENTRY_SETTING):
        key = (K.ENTRY_SETTING, name)
        told = len(merge.told)
        try:
            stands = rules.get(key, _by_no_rule)(merge, key)
        except Refused:
            del merge.told[told:]
            stands = _by_no_rule(merge, key)
        if stands is not None:
            merge.outcome[key] = stands


def _rules(merge: Merge) -> dict[Key, Decide]:
    """How the settings with a name of section 8 are merged; Malformed for what they can't read."""
    rules: dict[Key, Decide] = {
        _CURSOR: _cursor,
        _DEVICES: _settled(_all_devices),
        setting("drop key"): _settled(_later_week),
        setting("log"): _settled(_longer_edge),
        setting("members"): _settled(lambda *_: None),
        setting("written"): _settled(lambda _, theirs: theirs),
        setting("unreadable"): _settled(lambda m, t: _all_unreadable(m, t, merge.today)),
    }
    for device in _devices(merge):
        rules[setting(f"weekly key {device.hex()}")] = _settled(_all_weeks)
        rules[setting(f"stock {device.hex()}")] = merge_stock
        rules[setting(f"pages {device.hex()}")] = _all_pages
    for case_id in merge.ids(K.ENTRY_CASE):
        rules[setting(f"answer {case_id.hex()}")] = _answer_to(case_id)
    return rules


def _devices(merge: Merge) -> set[bytes]:
    found: set[bytes] = set()
    for side in (merge.base or {}, merge.mine, merge.theirs):
        value = side.get(_DEVICES, b"")
        if len(value) % K.DEVICE_BYTES == 0:
            found.update(_pieces(value, K.DEVICE_BYTES))
    return found


def _by_no_rule(merge: Merge, key: Key) -> bytes | None:
    stands, lost = merge.settle(merge.had(key), merge.mine.get(key), merge.theirs.get(key))
    merge.tell(key, lost)
    return stands


def _settled(rule: Rule) -> Decide:
    def decide(merge: Merge, key: Key) -> bytes | None:
        sides = (merge.had(key), merge.mine.get(key), merge.theirs.get(key))
        stands, lost = merge.settle(*sides, rule)
        merge.tell(key, lost)
        return stands

    return decide


def _pieces(value: bytes, size: int) -> list[bytes]:
    need(len(value) % size == 0)
    return [value[at : at + size] for at in range(0, len(value), size)]


def _later_week(mine: bytes, theirs: bytes) -> bytes:
    need(len(mine) == len(theirs) == 4 + K.DROP_KEY_BYTES)
    return mine if mine[:4] > theirs[:4] else theirs


def _longer_edge(mine: bytes, theirs: bytes) -> bytes:
    sizes = [sum(count for count, _ in read_edge(edge)) for edge in (mine, theirs)]
    return mine if sizes[0] > sizes[1] else theirs


def _all_devices(mine: bytes, theirs: bytes) -> bytes:
    return b"".join(sorted({*_pieces(mine + theirs, K.DEVICE_BYTES)}))


def _all_pages(merge: Merge, key: Key) -> bytes | None:
    had = merge.had(key)

    def by_page(mine: bytes, theirs: bytes) -> bytes:
        before = _turns(had)[1] if had else {}
        (turn, ours), (turn_there, others) = _turns(mine), _turns(theirs)
        standing = (ours.keys() & others.keys()) | ((ours.keys() | others.keys()) - before.keys())
        pages = ((id_, max(ours.get(id_, b""), others.get(id_, b""))) for id_ in sorted(standing))
        return max(turn, turn_there) + b"".join(id_ + its for id_, its in pages)

    stands, lost = merge.settle(had, merge.mine.get(key), merge.theirs.get(key), by_page)
    merge.tell(key, lost)
    return stands


def _turns(value: bytes) -> tuple[bytes, dict[bytes, bytes]]:
    need(len(value) >= _TURN_BYTES)
    pieces = _pieces(value[_TURN_BYTES:], K.PAGE_ID_BYTES + _TURN_BYTES)
    return value[:_TURN_BYTES], {piece[:-_TURN_BYTES]: piece[-_TURN_BYTES:] for piece in pieces}


def _all_weeks(mine: bytes, theirs: bytes) -> bytes:
    own: dict[bytes, bytes] = {}
    for piece in _pieces(mine + theirs, 5):
        own[piece[:4]] = max(own.get(piece[:4], b""), piece[4:])
    weeks = sorted(own.items())[-K.WEEKS_KNOWN_MOST :]
    return b"".join(week + is_own for week, is_own in weeks)


def _all_unreadable(mine: bytes, theirs: bytes, today: int) -> bytes:
    days: dict[bytes, int] = {}
    for piece in _pieces(mine + theirs, K.BINDING_BYTES + 4):
        tag, day = piece[:-4], int.from_bytes(piece[-4:], "big")
        days[tag] = min(days.get(tag, day), day)
    kept = sorted((day, tag) for tag, day in days.items() if day + K.UNREADABLE_DAYS >= today)
    return b"".join(tag + u32(day) for day, tag in kept[-K.UNREADABLE_MOST :])


def _cursor(merge: Merge, key: Key) -> bytes | None:
    """Section 9.6; cursors compare as their bytes, and none is below all."""
    mine, theirs = (_one_cursor(side.get(key)) for side in (merge.mine, merge.theirs))
    low, high = (mine, merge.mine), (theirs, merge.theirs)
    if (mine or u64(0)) > (theirs or u64(0)):
        low, high = high, low
    return high[0] if _finds_all(high[1], low[1], merge.outcome) else low[0]


def _one_cursor(value: bytes | None) -> bytes | None:
    return value if value is not None and len(value) == K.CURSOR_BYTES else None


def _finds_all(high: Entries, low: Entries, outcome: Entries) -> bool:
    for (kind, name), value in low.items():
        looked_for = kind in (K.ENTRY_WEEKLY, K.ENTRY_CASE)
        looked_for |= kind == K.ENTRY_SEED and value[0] != K.SEED_MADE
        known = (kind, name) in high or (K.ENTRY_ERASED, name) in high
        if looked_for and (kind, name) in outcome and not known:
            return False
    return True


def _answer_to(case_id: bytes) -> Decide:
    """Section 9.8."""
    case = (K.ENTRY_CASE, case_id)

    def decide(merge: Merge, key: Key) -> bytes | None:
        mine, theirs = merge.mine.get(key), merge.theirs.get(key)
        alone, lost = merge.settle(merge.had(key), mine, theirs)
        waiting = [
            value for value in ((alone,) if lost is None else (theirs, mine)) if value is not None
        ]
        for value in waiting:
            need(len(value) >= _SLOT_AT)
        there = merge.outcome.get(case)
        sent = {} if there is None else numbered(there)[K.CASE_ANSWER]
        left = [value for value in waiting if sent.get(value[0]) != value[_SLOT_AT:]]
        over = there is None or is_closed(there)
        for value in left if over else left[1:]:
            merge.tell(case, value[:1] + value[_SLOT_AT:], K.CASE_ANSWER)
        return None if over or not left else left[0]

    return decide
