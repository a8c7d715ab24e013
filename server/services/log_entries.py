"""The log: policies and statements in the order in which they took effect; append-only.

An entry's number is its place in the tree. Who appends holds the lock of `checkpoints.lock`.

Source: docs/spec/statements.md, 6.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, func, insert, select

from crypto.encoding import b64, utf8
from crypto.public import log, notes, statements
from crypto.public import policy as policies
from crypto.public.log import Inclusion
from crypto.public.policy import Policy
from crypto.public.statements import Statement
from server.models import log_entry

POLICY = 1
STATEMENT = 2


@dataclass(frozen=True, slots=True)
class Logged:
    """A statement that is in the log: its text, and what it says."""

    text: str
    statement: Statement


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
    """Put a note at the end of the log and return its place, from 0."""
    last: int | None = connection.execute(select(func.max(log_entry.c.id))).scalar_one()
    index = 0 if last is None else last + 1
    connection.execute(insert(log_entry).values(id=index, kind=kind, note=note))
    return index


def leaves(connection: Connection, size: int | None = None) -> tuple[bytes, ...]:
    """Return the leaf hashes (32 bytes) of the first `size` entries, or of all."""
    query = select(log_entry.c.note).order_by(log_entry.c.id)
    if size is not None:
        query = query.where(log_entry.c.id < size)
    texts = (notes.parse(note).text for note in connection.execute(query).scalars())
    return tuple(log.leaf_hash(utf8(text)) for text in texts)


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
    query = select(log_entry.c.note).where(log_entry.c.kind == STATEMENT).order_by(log_entry.c.id)
    line = f"\norganisation {b64(organisation)}\n".encode("ascii")
    found = connection.execute(query).scalars()
    # Looked for as bytes before it is read: a log holds the statements of years.
    return [_logged(note) for note in found if line in note]


def _logged(note: bytes) -> Logged:
    read = notes.parse(note)
    return Logged(read.text, statements.parse(read.text))
