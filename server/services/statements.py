"""Statements as admins post them: lines are put together, and at k an organisation is listed.

Only what admins have signed counts: fewer than k list nobody, and one is enough to suspend (P9).

Source: docs/spec/http.md, 8; docs/spec/statements.md, 5 and 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import Connection

from crypto.constants import SERIAL_MOST, STATEMENT_BYTES, THRESHOLD_MOST
from crypto.errors import BadSignature, Refused
from crypto.public import notes, statements
from crypto.public.notes import Note, SignatureLine
from crypto.public.policy import Policy
from crypto.public.profile import profile_hash
from crypto.public.statements import Kind, Statement
from server.keyring import Keyring
from server.services import applications, checkpoints, listing, log_entries
from server.services.applications import Open
from server.services.log_entries import Logged
from server.services.refusals import Refusal
from server.wraps import Wraps


@dataclass(frozen=True, slots=True)
class Posted:
    """How many admins have signed a statement, how many it takes, and whether it lists."""

    signatures: int
    needed: int
    listed: bool


@dataclass(frozen=True, slots=True)
class _Call:
    """What a post is worked on with; `policy` is the current one."""

    connection: Connection
    wraps: Wraps
    keyring: Keyring
    policy: Policy

    @property
    def today(self) -> int:
        return self.wraps.today

    def needed(self, statement: Statement) -> int:
        """Return how many admins it takes."""
        return self.policy.threshold if statement.kind is Kind.VETTED else 1

    def log(self, note: bytes) -> int:
        """Put a note into the log and return its place."""
        return log_entries.append(self.connection, log_entries.STATEMENT, note)

    def sign(self) -> None:
        """Sign the checkpoint of what this call did."""
        checkpoints.sign(
            self.connection, policy=self.policy, keyring=self.keyring, today=self.today
        )


def look(connection: Connection, *, note: bytes) -> Refusal | None:
    """Say why a note is refused whatever else is stored: its form, network, or a line of it."""
    newest = checkpoints.newest(connection)
    if newest is None:
        return Refusal.NO_NETWORK
    read = _read(note, checkpoints.policy_of(connection, newest))
    return read if isinstance(read, Refusal) else None


def post(
    connection: Connection, *, wraps: Wraps, keyring: Keyring, note: bytes
) -> Posted | Refusal:
    """Put a statement's lines with those that came before, and let it take effect at enough.

    MALFORMED for a note whose form, network, days, name, profile or serial do not hold, UNSIGNED
    for a line that is not a current admin's. Source: docs/spec/http.md, 8
    """
    newest = checkpoints.lock(connection)
    if newest is None:
        return Refusal.NO_NETWORK
    call = _Call(connection, wraps, keyring, checkpoints.policy_of(connection, newest))
    read = _read(note, call.policy)
    return read if isinstance(read, Refusal) else _post(call, *read)


def _read(data: bytes, policy: Policy) -> tuple[Note, Statement] | Refusal:
    try:
        note = notes.parse(data, STATEMENT_BYTES)
        statement = statements.parse(note.text)
        if statement.network_id != policy.network_id:
            return Refusal.MALFORMED
        notes.verify(note, policy.admins)
    except BadSignature:
        return Refusal.UNSIGNED
    except Refused:
        return Refusal.MALFORMED
    return note, statement


def _post(call: _Call, read: Note, statement: Statement) -> Posted | Refusal:
    if not statement.first <= call.today <= statement.until:
        return Refusal.MALFORMED
    past = log_entries.statements_of(call.connection, statement.organisation)
    if past and past[-1].text == read.text and _stands(call, statement):  # it was sent again
        listed = statement.kind is Kind.VETTED
        return Posted(past[-1].signatures, call.needed(statement), listed)
    if past and statement.serial <= max(one.statement.serial for one in past):
        return Refusal.MALFORMED
    if statement.kind is Kind.SUSPENDED:
        return _suspend(call, read, statement, past)
    return _vet(call, read, statement, past)


def _stands(call: _Call, statement: Statement) -> bool:
    """Say whether what was logged last still says what holds; a new policy may have ended it."""
    if statement.kind is Kind.SUSPENDED:
        return True
    return listing.is_listed(call.connection, statement.organisation, call.today)


def _suspend(
    call: _Call, read: Note, statement: Statement, past: Sequence[Logged]
) -> Posted | Refusal:
    # With nothing left to end, one admin could fill the log and the list for ever.
    if not _is_left_to_end(past, call.today):
        return Refusal.MALFORMED
    call.log(notes.format_note(read.text, read.lines, STATEMENT_BYTES))
    listing.end_suspended(call.connection, statement, past)
    call.sign()
    return Posted(len(read.lines), call.needed(statement), listed=False)


def _vet(call: _Call, read: Note, statement: Statement, past: Sequence[Logged]) -> Posted | Refusal:
    found = applications.find(call.connection, call.wraps, statement.organisation)
    # The highest serial is left to a suspension: nothing would be above it.
    if found is None or statement.serial == SERIAL_MOST:
        return Refusal.MALFORMED
    applied = found.said(call.policy.network_id)
    if (applied.name, profile_hash(applied.profile)) != (statement.name, statement.profile):
        return Refusal.MALFORMED
    drafts = _drafts(found, call.policy)
    lines = _together(drafts.get(read.text, ()), read.lines)
    if len(lines) < call.needed(statement):
        _keep(call, found, {**_without(drafts, lines), read.text: lines})
        return Posted(len(lines), call.needed(statement), listed=False)
    lines = lines[:THRESHOLD_MOST]  # a record has room for no more
    note = notes.format_note(read.text, lines, STATEMENT_BYTES)
    # The very check that every client makes, so that nothing is listed that none would believe.
    statements.check(note, call.policy, call.today)
    if not listing.may_begin(call.connection, applied, call.today):
        return Refusal.MALFORMED
    index = call.log(note)
    listing.end_superseded(call.connection, statement, past, call.today)
    listing.begin(
        call.connection,
        note=note,
        statement=statement,
        application=applied,
        log_index=index,
        today=call.today,
    )
    applications.remove(call.connection, found)
    call.sign()
    return Posted(len(lines), call.needed(statement), listed=True)


def _is_left_to_end(past: Sequence[Logged], today: int) -> bool:
    """Say whether a statement since the last suspension has not passed its until."""
    since = takewhile(lambda one: one.statement.kind is Kind.VETTED, reversed(past))
    return any(one.statement.until >= today for one in since)


_Lines = tuple[SignatureLine, ...]


def _drafts(found: Open, policy: Policy) -> dict[str, _Lines]:
    """Return the lines of each draft that are still a current admin's."""
    drafts = map(notes.parse, found.drafts)
    return {
        one.text: tuple(line for line in one.lines if _holds(one.text, line, policy))
        for one in drafts
    }


def _holds(text: str, line: SignatureLine, policy: Policy) -> bool:
    try:
        notes.verify(Note(text, (line,)), policy.admins)
    except BadSignature:
        return False
    return True


def _together(before: _Lines, new: _Lines) -> _Lines:
    """Put lines together, one for each admin."""
    by_signer = {(line.name, line.key_id): line for line in (*before, *new)}
    return tuple(by_signer.values())


def _without(drafts: Mapping[str, _Lines], lines: _Lines) -> dict[str, _Lines]:
    """Take these signers' lines out of all drafts: what an admin signed last is her word.

    So there are never more drafts than admins.
    """
    signers = {(line.name, line.key_id) for line in lines}
    return {
        text: tuple(line for line in signed if (line.name, line.key_id) not in signers)
        for text, signed in drafts.items()
    }


def _keep(call: _Call, found: Open, drafts: Mapping[str, _Lines]) -> None:
    kept = [notes.format_note(text, lines) for text, lines in drafts.items() if lines]
    applications.keep_drafts(call.connection, call.wraps, found, kept)
