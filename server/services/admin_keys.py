"""The admins' reading keys, to which applications are sealed; public, one for each admin.

Source: docs/spec/vetting.md, 1 and 5.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, insert, select, update

from crypto.errors import BadSignature, Refused
from crypto.public import admin_keys
from crypto.public.policy import Policy
from server.models import admin_key
from server.services import checkpoints
from server.services.refusals import Refusal


def put(connection: Connection, mine: bytes, *, signed_key: bytes) -> Refusal | None:
    """Keep the reading key (1,345 bytes) of the admin who calls, in place of her last.

    MALFORMED for what is no such key of this network, UNSIGNED for one that she did not sign.
    Source: docs/spec/vetting.md, 1
    """
    policy = _policy(connection)
    if policy is None:
        return Refusal.NO_NETWORK
    try:
        key = admin_keys.check(signed_key, policy)
    except BadSignature:
        return Refusal.UNSIGNED
    except Refused:
        return Refusal.MALFORMED
    if key.admin != mine:
        return Refusal.UNSIGNED
    values = {"signed_key": signed_key, "last_epoch": policy.until}
    moved = connection.execute(update(admin_key).where(admin_key.c.key == mine).values(values))
    if not moved.rowcount:
        connection.execute(insert(admin_key).values(key=mine, **values))
    return None


def show(connection: Connection, *, today: int) -> list[bytes] | None:
    """Return the keys of current admins, ascending by whose they are; None before the founding."""
    policy = _policy(connection)
    if policy is None:
        return None
    current = [one.public_key for one in policy.admins]
    query = (
        select(admin_key.c.signed_key)
        .where(admin_key.c.key.in_(current), admin_key.c.last_epoch >= today)
        .order_by(admin_key.c.key)
    )
    return list(connection.execute(query).scalars())


def keep_keys_of(connection: Connection, policy: Policy) -> None:
    """Let the keys of a new policy's admins last as long as it, and those of others end."""
    current = [one.public_key for one in policy.admins]
    connection.execute(delete(admin_key).where(admin_key.c.key.not_in(current)))
    connection.execute(update(admin_key).values(last_epoch=policy.until))


def _policy(connection: Connection) -> Policy | None:
    newest = checkpoints.newest(connection)
    return None if newest is None else checkpoints.policy_of(connection, newest)
