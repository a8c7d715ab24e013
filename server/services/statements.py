"""Statements that admins post: with k signatures an organisation is listed, with one suspended.

Only what admins have signed counts: fewer than k list nobody, and one is enough to suspend (P9).
A server learns who asks to be listed from the listing request that comes with k signatures.

Source: docs/spec/vetting.md, 5; docs/spec/statements.md, 5 and 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import Connection

from crypto.constants import APPLICATION_DAYS, SERIAL_MOST, STATEMENT_BYTES, THRESHOLD_MOST
from crypto.errors import BadSignature, Refused
from crypto.public import applications, notes, statements
from crypto.public.applications import Application
from crypto.public.notes import Note
from crypto.public.policy import Policy
from crypto.public.profile import profile_hash
from crypto.public.statements import Kind, Statement
from server.keyring import Keyring
from server.services import checkpoints, listing, log_entries
from server.services.log_entries import Logged
from server.services.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Posted:
    """A statement has taken effect; whether it lists its organisation."""

    listed: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A statement that holds whatever is stored, and the listing request beside it, if any."""

    note: Note
    statement: Statement
    request: Application | None


@dataclass(frozen=True, slots=True)
class _Call:
    """What a post is worked on with; `policy` is the current one."""

    connection: Connection
    keyring: Keyring
    policy: Policy
    today: int

    def log(self, note: bytes) -> int:
        """Put a note into the log and return its place."""
        return log_entries.append(self.connection, log_entries.STATEMENT, note)

    def sign(self) -> None:
        """Sign the checkpoint of what this call did."""
        checkpoints.sign(
            self.connection, policy=self.policy, keyring=self.keyring, today=self.today
        )


def look(connection: Connection, *, note: bytes, request: bytes | None) -> Refusal | None:
    """Say why a post is refused whatever else is stored: its form, network, lines, or request."""
    newest = checkpoints.newest(connection)
    if newest is None:
        return Refusal.NO_NETWORK
    asked = _read(note, request, checkpoints.policy_of(connection, newest))
    return asked if isinstance(asked, Refusal) else None


def post(
    connection: Connection, *, keyring: Keyring, today: int, note: bytes, request: bytes | None
) -> Posted | Refusal:
    """Let a statement take effect at epoch `today`: log it, and begin, renew or end a listing.

    `request` is what the organisation signed when it asked to be listed; None for a renewal or a
    suspension. MALFORMED for a note whose form, network, days, signers, serial or organisation do
    not hold, UNSIGNED for a line that is not a current admin's or a request that nobody signed.
    Source: docs/spec/vetting.md, 5
    """
    newest = checkpoints.lock(connection)
    if newest is None:
        return Refusal.NO_NETWORK
    call = _Call(connection, keyring, checkpoints.policy_of(connection, newest), today)
    asked = _read(note, request, call.policy)
    return asked if isinstance(asked, Refusal) else _post(call, asked)


def _read(data: bytes, request: bytes | None, policy: Policy) -> _Asked | Refusal:
    try:
        note = notes.parse(data, STATEMENT_BYTES)
        statement = statements.parse(note.text)
        if statement.network_id != policy.network_id:
            return Refusal.MALFORMED
        signers = notes.count(notes.verify(note, policy.admins), policy.admins)
        asked = None
        if request is not None:
            asked = applications.parse_and_check(request, policy.network_id)
    except BadSignature:
        return Refusal.UNSIGNED
    except Refused:
        return Refusal.MALFORMED
    if statement.kind is Kind.SUSPENDED:
        return _Asked(note, statement, None) if asked is None else Refusal.MALFORMED
    if signers < policy.threshold or not (asked is None or _is_of(statement, asked)):
        return Refusal.MALFORMED
    return _Asked(note, statement, asked)


def _is_of(statement: Statement, request: Application) -> bool:
    """Say whether a statement says just what its organisation asked for."""
    said = (statement.organisation, statement.name, statement.profile)
    return said == (request.organisation, request.name, profile_hash(request.profile))


def _post(call: _Call, asked: _Asked) -> Posted | Refusal:
    statement = asked.statement
    if not statement.first <= call.today <= statement.until:
        return Refusal.MALFORMED
    past = log_entries.statements_of(call.connection, statement.organisation)
    if past and past[-1].text == asked.note.text and _stands(call, statement):
        return Posted(listed=statement.kind is Kind.VETTED)  # it was sent again
    if past and statement.serial <= max(one.statement.serial for one in past):
        return Refusal.MALFORMED
    if statement.kind is Kind.SUSPENDED:
        return _suspend(call, asked, past)
    return _vet(call, asked, past)


def _stands(call: _Call, statement: Statement) -> bool:
    """Say whether what was logged last still says what holds; a new policy may have ended it."""
    if statement.kind is Kind.SUSPENDED:
        return True
    return listing.is_listed(call.connection, statement.organisation, call.today)


def _suspend(call: _Call, asked: _Asked, past: Sequence[Logged]) -> Posted | Refusal:
    # With nothing left to end, one admin could fill the log and the list for ever.
    if not _is_left_to_end(past, call.today):
        return Refusal.MALFORMED
    call.log(notes.format_note(asked.note.text, asked.note.lines, STATEMENT_BYTES))
    listing.end_suspended(call.connection, asked.statement, past)
    call.sign()
    return Posted(listed=False)


def _vet(call: _Call, asked: _Asked, past: list[Logged]) -> Posted | Refusal:
    statement, request = asked.statement, asked.request
    # The highest serial is left to a suspension: nothing would be above it.
    profile = None if statement.serial == SERIAL_MOST else _profile(call, asked)
    if profile is None:
        return Refusal.MALFORMED
    lines = asked.note.lines[:THRESHOLD_MOST]  # a record has room for no more
    note = notes.format_note(asked.note.text, lines, STATEMENT_BYTES)
    # The very check that every client makes, so that nothing is listed that none would believe.
    statements.check(note, call.policy, call.today)
    index = log_entries.append_vetted(call.connection, note, statement, profile, past)
    listing.end_superseded(call.connection, statement, past, call.today)
    listing.begin(
        call.connection,
        note=note,
        statement=statement,
        profile=profile,
        member_key=None if request is None else request.member_key,
        log_index=index,
        today=call.today,
    )
    call.sign()
    return Posted(listed=True)


def _profile(call: _Call, asked: _Asked) -> bytes | None:
    """Return the profile to list an organisation with; None where it may not be listed so.

    That of its request; or, for a renewal without one, that with which it is listed now.
    """
    request = asked.request
    if request is None:
        return listing.profile_of(call.connection, asked.statement, call.today)
    # One of years ago could bring back a member's key that was lost since.
    if not call.today - APPLICATION_DAYS <= request.epoch <= call.today:
        return None
    key, member_key = request.organisation, request.member_key
    may = listing.may_begin(call.connection, key, member_key, call.today)
    return request.profile if may else None


def _is_left_to_end(past: Sequence[Logged], today: int) -> bool:
    """Say whether a statement since the last suspension has not passed its until."""
    since = takewhile(lambda one: one.statement.kind is Kind.VETTED, reversed(past))
    return any(one.statement.until >= today for one in since)
