"""What stands of the entries under an application, and what an admin still needs to sign.

Pure functions over entries that opened; no clock: the day is an argument.

Source: docs/spec/vetting.md, 4
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from crypto import constants as c
from crypto.client.vetting_entries import Entry
from crypto.errors import Refused
from crypto.public import notes, profile, statements
from crypto.public.applications import Application
from crypto.public.notes import SignatureLine
from crypto.public.policy import Policy
from crypto.public.statements import Kind

STATEMENT = "statement"
OWN = "own"
OTHERS = "others"
OBJECTION = "objection"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing in the way of a signature; `what` says which.

    STATEMENT: the statement is not what was applied for. OWN: this admin has not marked the
    criterion as met. OTHERS: `count` more admins have to. OBJECTION: the admin `by` marked it as
    not met or unclear (`state`).
    """

    what: str
    criterion: int = 0
    count: int = 0
    by: bytes = field(default=b"", repr=False)
    state: int = 0


def last_marks(entries: Iterable[Entry]) -> dict[tuple[bytes, int], Entry]:
    """Return each author's last mark on each criterion, by both; a mark taken back is none.

    `entries` are in their order. Source: docs/spec/vetting.md, 4
    """
    last: dict[tuple[bytes, int], Entry] = {}
    for entry in entries:
        if entry.kind == c.VETTING_MARK:
            last[entry.author, entry.criterion] = entry
    return {key: mark for key, mark in last.items() if mark.state != c.MARK_TAKEN_BACK}


def last_signatures(entries: Iterable[Entry]) -> dict[bytes, Entry]:
    """Return each author's last signature. Source: docs/spec/vetting.md, 4"""
    return {one.author: one for one in entries if one.kind == c.VETTING_SIGNATURE}


def met_by(entries: Iterable[Entry], criterion: int, policy: Policy, today: int) -> list[bytes]:
    """Return the current admins whose mark on a criterion is "met", in the policy's order.

    A mark counts for 90 days. Source: docs/spec/vetting.md, 4
    """
    marks = last_marks(entries)
    found = ((key.public_key, marks.get((key.public_key, criterion))) for key in policy.admins)
    return [admin for admin, mark in found if mark and _holds(mark, today)]


def objections(entries: Iterable[Entry], criterion: int, policy: Policy) -> list[Entry]:
    """Return the marks of current admins that a criterion is not met or unclear, of any age.

    Source: docs/spec/vetting.md, 4
    """
    marks = last_marks(entries)
    found = (marks.get((key.public_key, criterion)) for key in policy.admins)
    return [mark for mark in found if mark and mark.state != c.MARK_MET]


def missing(
    text: str,
    *,
    listing: Application,
    entries: Sequence[Entry],
    policy: Policy,
    admin: bytes,
    today: int,
) -> tuple[Missing, ...]:
    """Say what is in the way of this admin (Ed25519 key) signing a text; () for nothing.

    `entries` are all that opened, in their order; `today` is an epoch.
    Source: docs/spec/vetting.md, 4
    """
    found = [] if _is_asked_for(text, listing, policy) else [Missing(what=STATEMENT)]
    for criterion in c.VETTING_BLOCKING:
        met = met_by(entries, criterion, policy, today)
        if admin not in met:
            found.append(Missing(what=OWN, criterion=criterion))
        others = policy.threshold - len({*met, admin})
        if others > 0:
            found.append(Missing(what=OTHERS, criterion=criterion, count=others))
        found += (
            Missing(what=OBJECTION, criterion=criterion, by=mark.author, state=mark.state)
            for mark in objections(entries, criterion, policy)
            if mark.author != admin
        )
    return tuple(found)


def lines_under(text: str, entries: Iterable[Entry], policy: Policy) -> dict[bytes, SignatureLine]:
    """Return the lines of current admins whose last signature is under this text, by their keys.

    Source: docs/spec/vetting.md, 4
    """
    last = last_signatures(entries)
    found: dict[bytes, SignatureLine] = {}
    for key in policy.admins:
        if key.public_key in last:
            note = notes.parse(last[key.public_key].note, c.STATEMENT_BYTES)
            if note.text == text:
                found[key.public_key] = note.lines[0]
    return found


def _holds(mark: Entry, today: int) -> bool:
    return mark.state == c.MARK_MET and mark.epoch >= today - c.APPLICATION_DAYS


def _is_asked_for(text: str, listing: Application, policy: Policy) -> bool:
    try:
        said = statements.parse(text)
    except Refused:
        return False
    return (said.kind, said.network_id, said.organisation, said.name, said.profile) == (
        Kind.VETTED,
        policy.network_id,
        listing.organisation,
        listing.name,
        profile.profile_hash(listing.profile),
    )
