"""The cases of a store: finding one by the first signs of its id, taking, noting, closing.

A case's id is its locator, or the hash of a walk-in: not secret, and the same on every device.

Source: docs/spec/store.md, 4 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from client.errors import BadInput, FirstDo, from_refusal
from client.flows import sending
from client.flows.desk import Desk
from crypto import constants as c
from crypto.client import message
from crypto.client.case import Case
from crypto.client.message import Message
from crypto.client.store import Store
from crypto.client.store_entries import MemberEntry
from crypto.errors import Refused

_SHORTEST = 4
_ANSWERED = 3  # of the list "state"
_SYMBOLS = -(-8 * c.ENTRY_ID_BYTES // 5)
_ALIKE = str.maketrans("OIL", "011", "- ")


@dataclass(frozen=True, slots=True)
class Opened:
    """A case with its id (16 bytes), the shortest name that is its alone, and what was said."""

    case_id: bytes
    name: str
    case: Case
    said: Message = field(repr=False)


def listed(store: Store, *, closed: bool = False) -> list[Opened]:
    """Return the cases, those that nobody has taken first, then by how soon and by day.

    `closed` gives the closed ones in place of the open ones.
    """
    cases = {case_id: Case.decode(value) for case_id, value in store.of_kind(c.ENTRY_CASE)}
    names = _names(cases)
    found = [
        Opened(case_id, names[case_id], case, _said(case))
        for case_id, case in cases.items()
        if (case.state == c.STATE_CLOSED) == closed
    ]
    last = 1 << 16  # who did not say how soon comes after those who did
    found.sort(key=lambda one: (bool(one.case.taken_by), one.said.soon or last, one.case.arrived))
    return found


def find(store: Store, typed: str) -> Opened:
    """Return the case whose id begins with what was typed.

    Case, spaces, hyphens and look-alikes do not matter. Raises BadInput where none or several do.
    """
    wanted = typed.upper().translate(_ALIKE)
    cases = {case_id: Case.decode(value) for case_id, value in store.of_kind(c.ENTRY_CASE)}
    names = _names(cases)
    matching = [one for one in cases if wanted and symbols(one).startswith(wanted)]
    if not matching:
        raise BadInput("There is no such case here.", "`towpath provider inbox` shows them.")
    if len(matching) > 1:
        raise BadInput("Several cases begin so.", "Type more of the signs.")
    case = cases[matching[0]]
    return Opened(matching[0], names[matching[0]], case, _said(case))


def symbols(case_id: bytes) -> str:
    """Write a case's id (16 bytes) in Crockford's base32."""
    value = int.from_bytes(case_id, "big") << (5 * _SYMBOLS - 8 * c.ENTRY_ID_BYTES)
    shifts = range(5 * (_SYMBOLS - 1), -1, -5)
    return "".join(c.CODE_ALPHABET[value >> shift & 31] for shift in shifts)


def follow_ups(case: Case) -> list[tuple[int, Message]]:
    """Return what was added, by number."""
    return [
        (number, message.decode_body(c.KIND_FOLLOW_UP, body)) for number, body in case.follow_ups
    ]


def take(desk: Desk, case_id: bytes, member_id: bytes) -> None:
    """Give a case to a member (id of 16 bytes), or to nobody (empty)."""
    if member_id and (c.ENTRY_MEMBER, member_id) not in desk.read().entries:
        raise BadInput("There is no such member.", "`towpath provider members list` shows them.")
    _change(desk, case_id, lambda case: replace(case, taken_by=member_id))


def note(desk: Desk, case_id: bytes, text: str) -> None:
    """Put a note to a case, in place of the one before; raises BadInput for one too long."""
    try:
        _change(desk, case_id, lambda case: replace(case, note=text))
    except Refused as refused:
        raise from_refusal(refused) from None


def close(desk: Desk, case_id: bytes, *, today: int) -> None:
    """Close a case: its one-time seed is erased, and the case itself goes after 30 days."""
    desk.edit(lambda store: sending.closed(store, case_id, today))


def taker(store: Store, case: Case) -> str:
    """Return the name of the member who took a case, or nothing."""
    value = store.entries.get((c.ENTRY_MEMBER, case.taken_by)) if case.taken_by else None
    if value is not None:
        return MemberEntry.decode(value).name
    return "a member who was removed" if case.taken_by else ""


@dataclass(frozen=True, slots=True)
class Load:
    """How many requests a member has, by how far they are; "" stands for nobody."""

    name: str
    open: int = 0
    answered: int = 0
    closed: int = 0


def workload(store: Store) -> list[Load]:
    """Count the requests of each member by name, and last those that nobody has who is a member."""
    members = sorted(
        (MemberEntry.decode(value).name, member_id)
        for member_id, value in store.of_kind(c.ENTRY_MEMBER)
    )
    loads = {member_id: Load(name) for name, member_id in members} | {b"": Load("")}
    for _, value in store.of_kind(c.ENTRY_CASE):
        case = Case.decode(value)
        whose = case.taken_by if case.taken_by in loads else b""
        loads[whose] = _one_more(loads[whose], case.state)
    return list(loads.values())


def _one_more(load: Load, state: int) -> Load:
    if state == c.STATE_CLOSED:
        return replace(load, closed=load.closed + 1)
    if state >= _ANSWERED:
        return replace(load, answered=load.answered + 1)
    return replace(load, open=load.open + 1)


def check_open(opened: Opened) -> None:
    """Raise FirstDo for a case that is closed."""
    if opened.case.state == c.STATE_CLOSED:
        raise FirstDo(
            "This case is closed: what could open more of it is erased.",
            "For a new request there is a new code.",
        )


def _change(desk: Desk, case_id: bytes, change: Callable[[Case], Case]) -> None:
    def edit(store: Store) -> Store:
        value = store.entries.get((c.ENTRY_CASE, case_id))
        if value is None:
            raise BadInput("This case is not there any more.")
        return store.with_entry(c.ENTRY_CASE, case_id, change(Case.decode(value)).encode())

    desk.edit(edit)


def _said(case: Case) -> Message:
    return message.decode_body(c.KIND_REFERRAL, case.message)


def _names(case_ids: Iterable[bytes]) -> dict[bytes, str]:
    """Return for each id its first signs, as many as tell it from all others."""
    ordered = sorted(symbols(one) for one in case_ids)
    names = {}
    for at, whole in enumerate(ordered):
        beside = (*ordered[max(at - 1, 0) : at], *ordered[at + 1 : at + 2])
        size = max((_common(whole, one) + 1 for one in beside), default=_SHORTEST)
        names[whole] = whole[: max(size, _SHORTEST)]
    return {one: names[symbols(one)] for one in case_ids}


def _common(one: str, other: str) -> int:
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=True)) if a != b), len(one))
