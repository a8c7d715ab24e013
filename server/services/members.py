"""Who may sign: members of organisations that are vetted today, and admins; with their counters.

A signed call takes its organisation's row first, so that calls of one organisation follow one
another; then it moves the counter by one conditional update, which decides between two callers.

Source: docs/spec/http.md, 7.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from crypto.constants import MEMBERS_MOST, WEEKLY_KEY_DAYS, WEEKLY_KEY_GRACE_DAYS
from crypto.encoding import monday
from crypto.errors import BadSignature, Refused
from crypto.public import lines, notes, organisation_keys, statements
from crypto.public import log_entries as log_forms
from crypto.public.keys import weekly_key_id
from crypto.public.log_entries import WeeklyKeyEntry
from crypto.public.organisation_keys import WeeklyKey
from crypto.public.policy import Policy
from crypto.public.request_signing import Claim
from crypto.public.statements import Statement
from server.keyring import Keyring
from server.models import admin_counter, member, organisation, weekly_key
from server.services import checkpoints, log_entries
from server.services.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Stale:
    """The counter was not above this one, the last."""

    counter: int


def admit_member(connection: Connection, claim: Claim, today: int) -> bytes | Stale | None:
    """Use up the counter of a member's checked signature and return her organisation's key.

    None where the key is no member's of an organisation that is vetted at epoch `today`.
    Source: docs/spec/http.md, 7
    """
    mine = connection.execute(
        select(organisation.c.key)
        .join(member, member.c.organisation == organisation.c.key)
        .where(member.c.key == claim.key, organisation.c.last_epoch >= today)
        .with_for_update(of=organisation)
    ).scalar_one_or_none()
    if mine is None:
        return None
    here = (member.c.key == claim.key, member.c.organisation == mine)
    moved = connection.execute(
        update(member).where(*here, member.c.counter < claim.counter).values(counter=claim.counter)
    )
    if moved.rowcount:
        return bytes(mine)
    last = connection.execute(select(member.c.counter).where(*here)).scalar_one_or_none()
    return None if last is None else Stale(last)


def admit_admin(
    connection: Connection, claim: Claim, policy: Policy, today: int
) -> bytes | Stale | None:
    """Use up the counter of an admin's checked signature and return her key.

    None where the key is no current admin's of the policy, or the policy has passed its until.
    Source: docs/spec/http.md, 7
    """
    if today > policy.until or claim.key not in {one.public_key for one in policy.admins}:
        return None
    here = admin_counter.c.key == claim.key
    last = connection.execute(
        select(admin_counter.c.counter).where(here).with_for_update()
    ).scalar_one_or_none()
    if last is None:
        values = {"counter": claim.counter, "last_epoch": policy.until}
        connection.execute(insert(admin_counter).values(key=claim.key, **values))
        return claim.key
    moved = connection.execute(
        update(admin_counter)
        .where(here, admin_counter.c.counter < claim.counter)
        .values(counter=claim.counter)
    )
    return claim.key if moved.rowcount else Stale(last)


def keep_counters_of(connection: Connection, policy: Policy) -> None:
    """Let the counters of a new policy's admins last as long as it, and those of others end."""
    current = [one.public_key for one in policy.admins]
    connection.execute(delete(admin_counter).where(admin_counter.c.key.not_in(current)))
    connection.execute(update(admin_counter).values(last_epoch=policy.until))


def claim_keys(connection: Connection, mine: bytes, keys: Sequence[bytes], today: int) -> bool:
    """Make sure that no other organisation that is listed at epoch `today` has these keys.

    Rows of organisations that are not listed any more are cleared away; says whether it is so.
    """
    listed = select(organisation.c.key).where(organisation.c.last_epoch >= today)
    others = (member.c.key.in_(keys), member.c.organisation != mine)
    connection.execute(delete(member).where(*others, member.c.organisation.not_in(listed)))
    return connection.execute(select(member.c.key).where(*others)).first() is None


def replace(
    connection: Connection, mine: bytes, keys: Sequence[bytes], today: int
) -> Refusal | None:
    """Make these keys (32 bytes each, 1 to 16, ascending) the members of an organisation.

    Whoever stays keeps her counter. MALFORMED for another list, and for a key of another listed
    organisation. Source: docs/spec/http.md, 7
    """
    if not 1 <= len(keys) <= MEMBERS_MOST or not lines.is_ascending(keys):
        return Refusal.MALFORMED
    if not claim_keys(connection, mine, keys, today):
        return Refusal.MALFORMED
    rows = member.c.organisation == mine
    connection.execute(delete(member).where(rows, member.c.key.not_in(keys)))
    stay = set(connection.execute(select(member.c.key).where(rows)).scalars())
    until = _last_epoch(connection, mine)
    for key in keys:
        if key not in stay:
            add(connection, mine, key, until)
    return None


def add(connection: Connection, mine: bytes, key: bytes, last_epoch: int) -> None:
    """Make a key (32 bytes) a member's that has signed nothing yet."""
    values = {"organisation": mine, "counter": 0, "last_epoch": last_epoch}
    connection.execute(insert(member).values(key=key, **values))


def set_capacity(
    connection: Connection, mine: bytes, *, walk_ins: bool, capacity: int | None
) -> None:
    """Say in the directory whether walk-ins are taken, and how much room there is (an id)."""
    connection.execute(
        update(organisation)
        .where(organisation.c.key == mine)
        .values(walk_ins=walk_ins, capacity=capacity)
    )


def put_weekly_key(
    connection: Connection,
    mine: bytes,
    signed_key: bytes,
    today: int,
    *,
    keyring: Keyring,
    replaces: bytes | None = None,
) -> Refusal | None:
    """Keep an organisation's weekly key (1,321 bytes) of this week or the next, and log it.

    Who calls this holds the lock of `checkpoints.lock`. The first stays, unless `replaces` is its
    id (16 bytes); the same again changes nothing. MALFORMED for what is no weekly key or of another
    week, UNSIGNED for one that the organisation did not sign, TAKEN where another of that week lies
    there, STALE where that which it replaces does not.
    Source: docs/spec/walk-in.md, 1; docs/spec/http.md, 7; docs/spec/log.md, 1
    """
    try:
        first = organisation_keys.parse_weekly_key(signed_key).first
        if first not in (monday(today), monday(today) + WEEKLY_KEY_DAYS):
            return Refusal.MALFORMED
        note = select(organisation.c.statement).where(organisation.c.key == mine)
        statement = statements.parse(notes.parse(connection.execute(note).scalar_one()).text)
        key = organisation_keys.check_weekly_key(signed_key, statement, first)
    except BadSignature:
        return Refusal.UNSIGNED
    except Refused:
        return Refusal.MALFORMED
    here = (weekly_key.c.organisation == mine, weekly_key.c.first == first)
    lies = connection.execute(select(weekly_key.c.signed_key).where(*here)).scalar_one_or_none()
    if lies == signed_key:
        return None
    if replaces is not None:
        if (
            lies is None
            or weekly_key_id(organisation_keys.parse_weekly_key(lies).public_key) != replaces
        ):
            return Refusal.STALE
        connection.execute(update(weekly_key).where(*here).values(signed_key=signed_key))
        _log_weekly_key(connection, key, statement, keyring, today)
        return None
    if lies is not None:
        return Refusal.TAKEN
    connection.execute(
        insert(weekly_key).values(
            organisation=mine,
            first=first,
            signed_key=signed_key,
            last_epoch=key.last + WEEKLY_KEY_GRACE_DAYS,
        )
    )
    _log_weekly_key(connection, key, statement, keyring, today)
    return None


def _log_weekly_key(
    connection: Connection, key: WeeklyKey, statement: Statement, keyring: Keyring, today: int
) -> None:
    """Log a weekly key as it is first shown, and sign. Source: docs/spec/log.md, 1"""
    newest = checkpoints.newest(connection)
    if newest is None:
        return
    entry = WeeklyKeyEntry(
        network_id=statement.network_id,
        organisation=key.organisation,
        first=key.first,
        key=log_forms.hash_of_weekly_key(bytes(key)),
    )
    log_entries.append_entry(connection, entry, proof=bytes(key))
    policy = checkpoints.policy_of(connection, newest)
    checkpoints.sign(connection, policy=policy, keyring=keyring, today=today)


def _last_epoch(connection: Connection, mine: bytes) -> int:
    query = select(organisation.c.last_epoch).where(organisation.c.key == mine)
    return int(connection.execute(query).scalar_one())
