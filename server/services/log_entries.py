"""The log: what a network says in public, in the order in which it took effect; append-only.

An entry's number is its place in the tree. Who appends holds the lock of `checkpoints.lock`, and
signs a checkpoint afterwards.

Source: docs/spec/log.md, 1; docs/spec/statements.md, 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, insert, select

from crypto.constants import SUSPENDED_MOST
from crypto.encoding import b64, utf8
from crypto.public import log, notes, statements
from crypto.public import log_entries as entries
from crypto.public import policy as policies
from crypto.public.log import Inclusion
from crypto.public.log_entries import ProfileEntry, TokenKeyEntry, WeeklyKeyEntry, Written
from crypto.public.policy import Policy
from crypto.public.profile import profile_hash
from crypto.public.statements import Kind, Statement
from server.models import log_entry

POLICY = 1
STATEMENT = 2
PROFILE = 3
WEEKLY_KEY = 4
TOKEN_KEY = 5
_OF_NOTES = (POLICY, STATEMENT)
_KINDS = {ProfileEntry: PROFILE, WeeklyKeyEntry: WEEKLY_KEY, TokenKeyEntry: TOKEN_KEY}


@dataclass(frozen=True, slots=True)
class Logged:
    """A statement in the log: its place, its text, what it says, and its note."""

    index: int
    text: str
    statement: Statement
    note: bytes


class Tree:
    """The leaves of one tree; each inclusion is worked out once."""

    __slots__ = ("_leaves", "_shown")

    def __init__(self, leaves: tuple[bytes, ...]) -> None:
        self._leaves = leaves
        self._shown: dict[int, Inclusion] = {}

    def inclusion(self, index: int) -> Inclusion:
        """Return what shows the leaf at `index`; raises NotInLog where there is none."""
        found = self._shown.get(index)
        if found is None:
            found = self._shown[index] = log.inclusion_proof(self._leaves, index)
        return found


def append(connection: Connection, kind: int, note: bytes) -> int:
    """Put the text of a policy's or statement's note at the end of the log; return its place."""
    leaf = log.leaf_hash(utf8(notes.parse(note).text))
    return _append(connection, kind=kind, note=note, leaf=leaf)


def append_entry(connection: Connection, entry: Written, *, proof: bytes | None = None) -> None:
    """Put an entry that is no note at the end of the log, unless it stands there already.

    `proof` is the signed weekly key (1,321 bytes) that an entry names. Source: docs/spec/log.md, 1
    """
    text = entries.format_entry(entry)
    leaf = log.leaf_hash(text)
    if connection.execute(select(log_entry.c.id).where(log_entry.c.leaf == leaf)).first():
        return
    period = entry.period if isinstance(entry, TokenKeyEntry) else None
    kind = _KINDS[type(entry)]
    _append(connection, kind=kind, note=text, leaf=leaf, proof=proof, period=period)


def append_vetted(
    connection: Connection, note: bytes, statement: Statement, profile: bytes, past: list[Logged]
) -> int:
    """Log a vetted statement, and before it its profile where no earlier one names the same.

    `past` are the organisation's statements so far. Returns the statement's place.

    Source: docs/spec/log.md, 1
    """
    vetted = (one.statement for one in past if one.statement.kind is Kind.VETTED)
    if statement.profile not in {one.profile for one in vetted}:
        named = {"network_id": statement.network_id, "organisation": statement.organisation}
        append_entry(connection, ProfileEntry(**named, profile=profile))
    return append(connection, STATEMENT, note)


def leaves(connection: Connection, size: int | None = None) -> tuple[bytes, ...]:
    """Return the leaf hashes (32 bytes) of the first `size` entries, or of all."""
    query = select(log_entry.c.leaf).order_by(log_entry.c.id)
    if size is not None:
        query = query.where(log_entry.c.id < size)
    return tuple(connection.execute(query).scalars())


def rows(
    connection: Connection, first: int, width: int
) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Return `width` entries from place `first` on, and what shows of each that it was signed.

    Source: docs/spec/log.md, 1 and 3
    """
    columns = log_entry.c
    query = (
        select(columns.kind, columns.note, columns.proof)
        .where(columns.id >= first, columns.id < first + width)
        .order_by(columns.id)
    )
    found = connection.execute(query).all()
    return tuple(map(_entry, found)), tuple(map(_proof, found))


def policy_notes(connection: Connection, size: int) -> tuple[bytes, ...]:
    """Return the policies among the first `size` entries, from version 1 on."""
    query = (
        select(log_entry.c.note)
        .where(log_entry.c.kind == POLICY, log_entry.c.id < size)
        .order_by(log_entry.c.id)
    )
    return tuple(connection.execute(query).scalars())


@lru_cache(maxsize=16)
def read_policy(note: bytes) -> Policy:
    """Read a policy that the log has taken."""
    return policies.parse(notes.parse(note).text)


def statements_of(connection: Connection, organisation: bytes) -> list[Logged]:
    """Return all statements of the organisation with this key (32 bytes), the oldest first."""
    query = _rows_of(STATEMENT)
    line = f"\norganisation {b64(organisation)}\n".encode("ascii")
    found = connection.execute(query)
    # Looked for as bytes before it is read: a log holds the statements of years.
    return [_logged(row.id, row.note) for row in found if line in row.note]


def suspended_after(connection: Connection, size: int) -> tuple[bytes, ...]:
    """Return the notes of suspensions behind the first `size` entries, the newest first, 64."""
    query = _rows_of(STATEMENT).where(log_entry.c.id >= size)
    logged = [_logged(*row) for row in connection.execute(query)]
    found = [one.note for one in reversed(logged) if one.statement.kind is Kind.SUSPENDED]
    return tuple(found[:SUSPENDED_MOST])


def profile_of(connection: Connection, statement: Statement) -> bytes | None:
    """Return the profile that a statement names; None in a log of before profiles were in it."""
    line = f"\norganisation {b64(statement.organisation)}\n".encode("ascii")
    for row in connection.execute(_rows_of(PROFILE)):
        if line in row.note:
            entry = entries.parse(row.note)
            if isinstance(entry, ProfileEntry) and _names(statement, entry.profile):
                return entry.profile
    return None


def token_keys(connection: Connection) -> dict[int, tuple[int, bytes]]:
    """Return place and public key (32 bytes) of each period's issuing key, by its first epoch."""
    found = {}
    for row in connection.execute(_rows_of(TOKEN_KEY)):
        entry = entries.parse(row.note)
        if isinstance(entry, TokenKeyEntry):
            found[entry.period] = (row.id, entry.key)
    return found


def _append(connection: Connection, **values: Any) -> int:
    last: int | None = connection.execute(select(func.max(log_entry.c.id))).scalar_one()
    index = 0 if last is None else last + 1
    connection.execute(insert(log_entry).values(id=index, **values))
    return index


def _rows_of(kind: int) -> Any:
    columns = log_entry.c
    return select(columns.id, columns.note).where(columns.kind == kind).order_by(columns.id)


def _entry(row: Any) -> bytes:
    return utf8(notes.parse(row.note).text) if row.kind in _OF_NOTES else bytes(row.note)


def _proof(row: Any) -> bytes:
    return bytes(row.note) if row.kind in _OF_NOTES else bytes(row.proof or b"")


def _names(statement: Statement, profile: bytes) -> bool:
    return profile_hash(profile) == statement.profile


def _logged(index: int, note: bytes) -> Logged:
    read = notes.parse(note)
    return Logged(index, read.text, statements.parse(read.text), bytes(note))
