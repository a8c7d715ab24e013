"""Two versions of a case made one: nothing that was said in it is lost without being named.

Source: docs/spec/store.md, section 9.5.
"""

from __future__ import annotations

from dataclasses import replace

from crypto import constants as c
from crypto.client.case import Case, Numbered
from crypto.client.merge_sides import settled
from crypto.encoding import u8, utf8

Lost = tuple[int, bytes]
"""A field of a case, and the bytes of mine that do not stand."""


def merge_cases(base: Case | None, mine: Case, theirs: Case) -> tuple[Case, list[Lost]]:
    """Return one case of two that both sides changed since `base`, and what of mine is lost."""
    lost: list[Lost] = []
    if mine.message != theirs.message:
        lost.append((c.CASE_MESSAGE, mine.message))
    state = _state(base, mine, theirs)
    one = Case(
        arrived=min(mine.arrived, theirs.arrived),
        state=state,
        message=theirs.message,
        last_epoch=_last_epoch(state, mine, theirs),
        follow_ups=_union(mine.follow_ups, theirs.follow_ups, c.CASE_FOLLOW_UP, lost),
        answers=_union(mine.answers, theirs.answers, c.CASE_ANSWER, lost),
        taken_by=_taken_by(base, mine, theirs, lost),
        note=_note(base.note if base else "", mine.note, theirs.note, lost),
        unknown=_unknown(base.unknown if base else (), mine.unknown, theirs.unknown, lost),
    )
    return one, lost


def closed_elsewhere(case: Case, today: int) -> Case:
    """Return a case that another side closed, and no longer has, closed as well."""
    if case.state == c.STATE_CLOSED:
        return case
    return replace(case, state=c.STATE_CLOSED, last_epoch=today + c.CASE_DAYS_AFTER_CLOSING)


def _state(base: Case | None, mine: Case, theirs: Case) -> int:
    if c.STATE_CLOSED in (mine.state, theirs.state):
        return c.STATE_CLOSED
    alone, state = settled(base.state if base else None, mine.state, theirs.state)
    return state if alone and state else max(mine.state, theirs.state)


def _last_epoch(state: int, mine: Case, theirs: Case) -> int:
    if state != c.STATE_CLOSED:
        return max(mine.last_epoch, theirs.last_epoch)
    return min(one.last_epoch for one in (mine, theirs) if one.state == c.STATE_CLOSED)


def _union(
    mine: tuple[Numbered, ...], theirs: tuple[Numbered, ...], field: int, lost: list[Lost]
) -> tuple[Numbered, ...]:
    stand = {**dict(mine), **dict(theirs)}
    lost.extend((field, u8(number) + body) for number, body in mine if stand[number] != body)
    return tuple(sorted(stand.items()))


def _taken_by(base: Case | None, mine: Case, theirs: Case, lost: list[Lost]) -> bytes:
    alone, member_id = settled(base.taken_by if base else b"", mine.taken_by, theirs.taken_by)
    if not alone:
        lost.append((c.CASE_TAKEN_BY, mine.taken_by))
    return member_id


def _note(base: str, mine: str, theirs: str, lost: list[Lost]) -> str:
    alone, note = settled(base, mine, theirs)
    if not alone and not mine:
        lost.append((c.CASE_NOTE, b""))
    if alone or mine in theirs:
        return note
    if theirs in mine:
        return mine
    added = mine[len(base) :].lstrip("\n") if mine.startswith(base) else mine
    both = f"{theirs}\n{added}"
    if len(utf8(both)) <= c.CASE_NOTE_BYTES:
        return both
    lost.append((c.CASE_NOTE, utf8(mine)))
    return theirs


def _unknown(
    base: tuple[Numbered, ...],
    mine: tuple[Numbered, ...],
    theirs: tuple[Numbered, ...],
    lost: list[Lost],
) -> tuple[Numbered, ...]:
    before, ours, others = dict(base), dict(mine), dict(theirs)
    stand = []
    for number in sorted(ours.keys() | others.keys()):
        one, other = ours.get(number), others.get(number)
        alone, value = settled(before.get(number), one, other)
        if not alone:
            value = one if other is None else other
            lost.append((number, b"" if one is None or other is None else one))
        if value is not None:
            stand.append((number, value))
    return tuple(stand)
