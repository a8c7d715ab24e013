"""The newest checkpoint, and the suspension list and policy that it names.

It is signed anew in the same transaction as whatever it names, so that no state of the database
shows a checkpoint of something else. Whoever changes log, list or listing locks it first: two
admins who post at one moment go one after the other.

Source: docs/spec/statements.md, 7 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from typing import TypeVar

from sqlalchemy import Connection, insert, select, update

from crypto.public import checkpoint as checkpoints
from crypto.public import log, notes, suspensions
from crypto.public.checkpoint import Checkpoint
from crypto.public.note_signing import Signer, sign_note
from crypto.public.policy import Policy, text_hash
from server.keyring import LOG, Keyring, KeyringBroken
from server.models import checkpoint, suspension
from server.services import log_entries
from server.services.log_entries import Tree

_THE_ROW = 1
_KEPT = 4
_T = TypeVar("_T")

# Both are found by what they are of, so that a row undone or another process changes nothing.
_policies: dict[bytes, Policy] = {}
_trees: dict[bytes, Tree] = {}


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest checkpoint (a note) and the suspension list that it names."""

    note: bytes
    suspensions: bytes

    @property
    def said(self) -> Checkpoint:
        """What the checkpoint says."""
        return _read(self.note)


def newest(connection: Connection) -> Newest | None:
    """Return the newest checkpoint; None before the network was founded."""
    return _newest(connection, lock=False)


def lock(connection: Connection) -> Newest | None:
    """Return the newest checkpoint, and let nobody else lock it until this transaction ends."""
    return _newest(connection, lock=True)


def policy_of(connection: Connection, found: Newest) -> Policy:
    """Return the policy that a checkpoint names."""
    named = found.said.policy_hash
    policy = _policies.get(named)
    if policy is None:
        policy = log_entries.read_policy(log_entries.policy_notes(connection, found.said.size)[-1])
        _keep(_policies, named, policy)
    return policy


def tree_of(connection: Connection, found: Newest) -> Tree:
    """Return the tree that a checkpoint names."""
    tree = _trees.get(found.note)
    if tree is None:
        tree = Tree(log_entries.leaves(connection, found.said.size))
        _keep(_trees, found.note, tree)
    return tree


def sign(connection: Connection, *, policy: Policy, keyring: Keyring, today: int) -> None:
    """Sign the log as it is now, this policy, and the list of this day.

    Raises KeyringBroken where the log's key is missing. Source: docs/spec/statements.md, 7
    """
    listed = _list_of(connection, policy.network_id, today)
    leaves = log_entries.leaves(connection)
    said = Checkpoint(
        log_name=policy.log.name,
        size=len(leaves),
        root=log.root_of(leaves),
        policy_version=policy.version,
        policy_hash=text_hash(policy),
        suspensions=suspensions.hash_of(listed),
    )
    note = sign_note(checkpoints.format_text(said), Signer(policy.log.name, _log_seed(keyring)))
    values = {"note": note, "suspensions": listed}
    if not connection.execute(update(checkpoint).values(values)).rowcount:
        connection.execute(insert(checkpoint).values(id=_THE_ROW, **values))


def refresh(connection: Connection, *, keyring: Keyring, today: int) -> bool:
    """Sign anew where lines of the suspension list have ended; say whether that was so."""
    found = lock(connection)
    if found is None:
        return False
    policy = policy_of(connection, found)
    if found.suspensions == _list_of(connection, policy.network_id, today):
        return False
    sign(connection, policy=policy, keyring=keyring, today=today)
    return True


def end_below(connection: Connection, organisation: bytes, serial: int, last_epoch: int) -> None:
    """Put a line on the list: an organisation's statements below `serial` hold no more.

    The line stays to `last_epoch` at least. A number never falls. Who calls this signs next.

    Source: docs/spec/statements.md, 8
    """
    mine = suspension.c.organisation == organisation
    stands = connection.execute(
        select(suspension.c.serial, suspension.c.last_epoch).where(mine)
    ).one_or_none()
    if stands is None:
        connection.execute(
            insert(suspension).values(
                organisation=organisation, serial=serial, last_epoch=last_epoch
            )
        )
        return
    raised = {"serial": max(serial, stands[0]), "last_epoch": max(last_epoch, stands[1])}
    connection.execute(update(suspension).where(mine).values(raised))


def _newest(connection: Connection, *, lock: bool) -> Newest | None:
    query = select(checkpoint.c.note, checkpoint.c.suspensions)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return None if row is None else Newest(*row)


@lru_cache(maxsize=_KEPT)
def _read(note: bytes) -> Checkpoint:
    return checkpoints.parse(notes.parse(note).text)


def _list_of(connection: Connection, network_id: bytes, today: int) -> bytes:
    query = (
        select(suspension.c.organisation, suspension.c.serial)
        .where(suspension.c.last_epoch >= today)
        .order_by(suspension.c.organisation)
    )
    ended: dict[bytes, int] = {}
    for organisation, serial in connection.execute(query):
        start = suspensions.start_of(organisation)
        ended[start] = max(serial, ended.get(start, 0))
    return suspensions.format_list(
        suspensions.Suspensions(network_id, tuple(starmap(suspensions.Ended, ended.items())))
    )


def _log_seed(keyring: Keyring) -> bytes:
    seed = keyring.get(LOG, 0)
    if seed is None:
        raise KeyringBroken("The log's key is missing from the folder of keys.")
    return seed


def _keep(kept: dict[bytes, _T], key: bytes, value: _T) -> None:
    """Remember a value, and forget the ones before it once there are a few."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
