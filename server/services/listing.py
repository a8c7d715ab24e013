"""Organisations in the directory: how a listing begins, is renewed, is shown and ends.

Who begins or ends one holds the lock of `checkpoints.lock` and signs a checkpoint afterwards.

Source: docs/spec/http.md, 2 and 8; docs/spec/statements.md, 8.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from crypto.constants import WEEKLY_KEY_DAYS
from crypto.errors import Refused
from crypto.public import notes, statements
from crypto.public.log import Inclusion
from crypto.public.policy import Policy
from crypto.public.statements import Kind, Statement
from server.models import member, organisation, weekly_key
from server.services import checkpoints, log_entries, members
from server.services.checkpoints import Newest
from server.services.log_entries import Logged


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One organisation as the directory shows it; `weekly_keys` ascend by week."""

    statement: bytes
    profile: bytes
    inclusion: Inclusion
    walk_ins: bool
    capacity: int | None
    weekly_keys: tuple[bytes, ...]


def show(connection: Connection, published: Newest, today: int) -> list[Listed]:
    """Return who is vetted at epoch `today`, ascending by key, with proofs for a checkpoint.

    Of an organisation whose newest statement is not in it yet, the one before is shown.

    Source: docs/spec/log.md, 4
    """
    columns, size = organisation.c, published.said.size
    rows = connection.execute(
        select(organisation).where(columns.last_epoch >= today).order_by(columns.key)
    ).all()
    tree, keys = checkpoints.tree_of(connection, published), _weekly_keys(connection, today)
    found = []
    for row in rows:
        shown: tuple[bytes, bytes, int] | None = (row.statement, row.profile, row.log_index)
        if row.log_index >= size:
            shown = _before(connection, row.key, published, today)
        if shown is None:
            continue
        statement, profile, index = shown
        found.append(
            Listed(
                statement=statement,
                profile=profile,
                inclusion=tree.inclusion(index),
                walk_ins=row.walk_ins,
                capacity=row.capacity,
                weekly_keys=tuple(keys.get(row.key, ())),
            )
        )
    return found


def _before(
    connection: Connection, key: bytes, published: Newest, today: int
) -> tuple[bytes, bytes, int] | None:
    """Return note, profile and place of the statement that holds in what is published, if any."""
    past = log_entries.statements_of(connection, key)
    known = [one for one in past if one.index < published.said.size]
    since = past[max(0, len(known) - 1) :]
    # Who was suspended meanwhile is shown again only by what admins signed after that.
    if not known or any(one.statement.kind is Kind.SUSPENDED for one in since):
        return None
    last = known[-1]
    try:
        statements.check(last.note, checkpoints.policy_of(connection, published), today)
    except Refused:
        return None
    profile = log_entries.profile_of(connection, last.statement)
    return None if profile is None else (last.note, profile, last.index)


def is_listed(connection: Connection, key: bytes, today: int) -> bool:
    """Say whether the organisation with this key is listed at epoch `today`."""
    here = (organisation.c.key == key, organisation.c.last_epoch >= today)
    return connection.execute(select(organisation.c.key).where(*here)).first() is not None


def profile_of(connection: Connection, said: Statement, today: int) -> bytes | None:
    """Return the profile with which this very organisation is listed at epoch `today`.

    None where it is not listed, or under another name or profile than the statement says.
    """
    here = (organisation.c.key == said.organisation, organisation.c.last_epoch >= today)
    row = connection.execute(
        select(organisation.c.statement, organisation.c.profile).where(*here)
    ).one_or_none()
    if row is None:
        return None
    stands = statements.parse(notes.parse(row.statement).text)
    same = (stands.name, stands.profile) == (said.name, said.profile)
    return bytes(row.profile) if same else None


def may_begin(connection: Connection, key: bytes, member_key: bytes, today: int) -> bool:
    """Say whether the member whom an organisation names is no other listed organisation's."""
    if is_listed(connection, key, today):
        return True
    return members.claim_keys(connection, key, [member_key], today)


def begin(
    connection: Connection,
    *,
    note: bytes,
    statement: Statement,
    profile: bytes,
    member_key: bytes | None,
    log_index: int,
    today: int,
) -> None:
    """List an organisation by a statement that was logged at `log_index`, or renew its listing.

    Where it was not listed until now, the member (Ed25519 key) is its only one. Renewed, it keeps
    its members with their counters, its weekly keys and what it says of its room.
    """
    key, until = statement.organisation, statement.until
    values = {
        "statement": note,
        "profile": profile,
        "serial": statement.serial,
        "log_index": log_index,
        "last_epoch": until,
    }
    here = organisation.c.key == key
    renewed = connection.execute(
        update(organisation).where(here, organisation.c.last_epoch >= today).values(values)
    )
    if renewed.rowcount:
        mine = member.c.organisation == key
        connection.execute(update(member).where(mine).values(last_epoch=until))
        return
    end(connection, key)
    connection.execute(
        insert(organisation).values(key=key, walk_ins=False, capacity=None, **values)
    )
    if member_key is not None:
        members.add(connection, key, member_key, until)


def end(connection: Connection, key: bytes) -> None:
    """End a listing with everything that hangs on it; nothing happens where there is none."""
    connection.execute(delete(organisation).where(organisation.c.key == key))
    connection.execute(delete(member).where(member.c.organisation == key))
    connection.execute(delete(weekly_key).where(weekly_key.c.organisation == key))


def end_unsigned(connection: Connection, policy: Policy, today: int) -> None:
    """End the listings whose statements do not hold under a new policy at epoch `today`."""
    query = select(organisation.c.key, organisation.c.statement)
    for key, note in connection.execute(query).all():
        try:
            statements.check(note, policy, today)
        except Refused:
            end(connection, key)


def end_suspended(connection: Connection, suspended: Statement, past: Sequence[Logged]) -> None:
    """End the listing and all statements up to a suspending one (statements.md, 8)."""
    end(connection, suspended.organisation)
    _end_below(connection, suspended.organisation, suspended.serial + 1, past)


def end_superseded(
    connection: Connection, new: Statement, past: Sequence[Logged], today: int
) -> None:
    """End earlier statements that a new one says otherwise than: another profile or name.

    A renewal that changes its days only ends nothing. Source: docs/spec/statements.md, 8
    """
    said = {
        (one.statement.profile, one.statement.name)
        for one in past
        if one.statement.kind is Kind.VETTED and one.statement.until >= today
    }
    if said - {(new.profile, new.name)}:
        _end_below(connection, new.organisation, new.serial, past)


def _end_below(connection: Connection, key: bytes, serial: int, past: Sequence[Logged]) -> None:
    # The line may go once none of these could hold any more by its days.
    untils = [
        one.statement.until
        for one in past
        if one.statement.kind is Kind.VETTED and one.statement.serial < serial
    ]
    checkpoints.end_below(connection, key, serial, max(untils))


def _weekly_keys(connection: Connection, today: int) -> dict[bytes, list[bytes]]:
    query = (
        select(weekly_key.c.organisation, weekly_key.c.signed_key)
        .where(weekly_key.c.first + WEEKLY_KEY_DAYS > today)
        .order_by(weekly_key.c.first)
    )
    found: dict[bytes, list[bytes]] = {}
    for key, signed_key in connection.execute(query):
        found.setdefault(key, []).append(signed_key)
    return found
