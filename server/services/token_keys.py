"""Issuing keys in the log: each period's one, there before it is used.

Source: docs/spec/log.md, 1; docs/spec/tokens.md, 1.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from crypto.constants import TOKEN_KEY_AHEAD_DAYS, TOKEN_PERIOD_DAYS
from crypto.encoding import Random
from crypto.public.log import Inclusion
from crypto.public.log_entries import TokenKeyEntry
from crypto.public.tokens import Issuer, period_of
from server import issuing
from server.keyring import TOKEN, Keyring
from server.services import checkpoints, log_entries
from server.services.checkpoints import Newest


@dataclass(frozen=True, slots=True)
class ShownKey:
    """An issuing key that is accepted today, and where it stands in the published tree."""

    period: int
    public_key: bytes
    inclusion: Inclusion


def log_due(
    connection: Connection, *, keyring: Keyring, network_id: bytes, today: int, random: Random
) -> bool:
    """Log the keys accepted today, and the next period's from 14 days before; say if any was new.

    Who calls this holds the lock of `checkpoints.lock`, and signs next. Raises KeyringBroken.

    Source: docs/spec/log.md, 1
    """
    logged = log_entries.token_keys(connection)
    due = issuing.issuers(keyring, network_id, today, random)
    after = period_of(today) + TOKEN_PERIOD_DAYS
    if after - today <= TOKEN_KEY_AHEAD_DAYS:
        due.append((after, Issuer(keyring.make(TOKEN, after, random), network_id, after)))
    new = sorted((period, issuer) for period, issuer in due if period not in logged)
    for period, issuer in new:
        entry = TokenKeyEntry(network_id=network_id, period=period, key=issuer.public_key)
        log_entries.append_entry(connection, entry)
    return bool(new)


def shown(
    connection: Connection,
    published: Newest,
    *,
    keyring: Keyring,
    network_id: bytes,
    today: int,
    random: Random,
) -> tuple[ShownKey, ...]:
    """Return the keys accepted today that the published tree has, newest first, with proofs."""
    logged = log_entries.token_keys(connection)
    tree, size = checkpoints.tree_of(connection, published), published.said.size
    found = []
    for period, issuer in issuing.issuers(keyring, network_id, today, random):
        index, key = logged.get(period, (size, b""))
        # One that the log does not name so would be refused by every client.
        if index < size and key == issuer.public_key:
            found.append(ShownKey(period, key, tree.inclusion(index)))
    return tuple(found)
