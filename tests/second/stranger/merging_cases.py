"""Merging the cases of two stores (docs/spec/store.md, section 9.5)."""

from __future__ import annotations

from tests.second.stranger.basics import K, Reader, u16, u32
from tests.second.stranger.sides import REMOVED, Key, Merge, fields_once

_REPEATED = (K.CASE_FOLLOW_UP, K.CASE_ANSWER)
_CLOSED = u16(K.STATE_CLOSED)
_LINE_FEED = b"\n"
Numbered = dict[int, dict[int, bytes]]


def merge_cases(merge: Merge) -> None:
    """Put every case that stands into the outcome."""
    for name in merge.ids(K.ENTRY_CASE):
        key = (K.ENTRY_CASE, name)
        mine, theirs = merge.mine.get(key), merge.theirs.get(key)
        if mine is None or theirs is None:
            stands = _of_one_side(merge, key)
        else:
            stands, lost = merge.settle(merge.had(key), mine, theirs)
            if lost is not None:
                stands = _by_fields(merge, key, mine, theirs)
        if stands is not None:
            merge.outcome[key] = stands


def _of_one_side(merge: Merge, key: Key) -> bytes | None:
    this, other = merge.mine, merge.theirs
    if key not in this:
        this, other = other, this
    value, had = this[key], merge.had(key)
    if had == value:
        return None
    if had is not None:
        merge.tell(key, REMOVED)
    erased = (K.ENTRY_ERASED, key[1])
    if erased in other and erased not in this and not is_closed(value):
        until = u32(merge.today + K.CASE_DAYS_AFTER_CLOSING)
        once = fields_once(value) | {K.CASE_STATE: _CLOSED, K.CASE_LAST_EPOCH: until}
        return _write(once, numbered(value))
    return value


def numbered(value: bytes) -> Numbered:
    """A case's follow-ups and answers by field and n."""
    reader = Reader(value)
    found: Numbered = {number: {} for number in _REPEATED}
    while reader.more():
        number = reader.number(1)
        content = reader.prefixed(len(value), 4)
        if number in found:
            found[number][content[0]] = content[1:]
    return found


def is_closed(value: bytes) -> bool:
    """Whether a case is."""
    return fields_once(value)[K.CASE_STATE] == _CLOSED


def _write(once: dict[int, bytes], repeated: Numbered) -> bytes:
    run = list(once.items())
    for number, bodies in repeated.items():
        run += [(number, bytes([n]) + body) for n, body in bodies.items()]
    return b"".join(
        bytes([number]) + u32(len(content)) + content
        for number, content in sorted(run, key=lambda part: (part[0], part[1][:1]))
    )


def _by_fields(merge: Merge, key: Key, mine: bytes, theirs: bytes) -> bytes:
    had = merge.had(key)
    before = {} if had is None else fields_once(had)
    ours, others = fields_once(mine), fields_once(theirs)
    once = {}
    for number in {*ours, *others}:
        parts = (before.get(number), ours.get(number), others.get(number))
        stands, lost = _one_field(merge, number, *parts)
        merge.tell(key, lost, number)
        if stands is not None:
            once[number] = stands
    if _CLOSED in (ours[K.CASE_STATE], others[K.CASE_STATE]):
        once[K.CASE_STATE] = _CLOSED
        days = [side[K.CASE_LAST_EPOCH] for side in (ours, others) if side[K.CASE_STATE] == _CLOSED]
        once[K.CASE_LAST_EPOCH] = min(days)
    return _write(once, _union(merge, key, numbered(mine), numbered(theirs)))


def _one_field(
    merge: Merge, number: int, had: bytes | None, mine: bytes | None, theirs: bytes | None
) -> tuple[bytes | None, bytes | None]:
    """What stands of a field, and what is told; numbers of one length compare as their bytes."""
    if number == K.CASE_ARRIVED:
        return min(mine or b"", theirs or b""), None
    if number == K.CASE_LAST_EPOCH:
        return max(mine or b"", theirs or b""), None
    if number == K.CASE_MESSAGE:
        return theirs, mine if mine != theirs else None
    if number == K.CASE_STATE:
        return merge.settle(had, mine, theirs, max)
    stands, lost = merge.settle(had, mine, theirs)
    if number == K.CASE_TAKEN_BY and lost is not None:
        return theirs, mine or REMOVED
    if number == K.CASE_NOTE and lost is not None:
        return _one_note(had or b"", mine, theirs)
    return stands, lost


def _one_note(
    had: bytes, mine: bytes | None, theirs: bytes | None
) -> tuple[bytes | None, bytes | None]:
    if mine is None or theirs is None:
        return mine or theirs, REMOVED if mine is None else None
    if mine in theirs or theirs in mine:
        return max(mine, theirs, key=len), None
    added = mine[len(had) :].lstrip(_LINE_FEED) if mine.startswith(had) else mine
    both = theirs + _LINE_FEED + added
    return (theirs, mine) if len(both) > K.CASE_NOTE_BYTES else (both, None)


def _union(merge: Merge, key: Key, mine: Numbered, theirs: Numbered) -> Numbered:
    for number in _REPEATED:
        for n, body in mine[number].items():
            if theirs[number].get(n, body) != body:
                merge.tell(key, bytes([n]) + body, number)
    return {number: mine[number] | theirs[number] for number in _REPEATED}
