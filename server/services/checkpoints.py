"""Checkpoints: the pending one, which names all of the log, and the published one, which is shown.

A checkpoint is signed anew in the same transaction as whatever it names, so that no state of the
database shows a checkpoint of something else, and is pending until enough witnesses have cosigned
it; where none are asked for, that is at once. Whoever changes log, list or listing locks the row
first: two admins who post at one moment go one after the other.

Source: docs/spec/log.md, 4; docs/spec/statements.md, 7 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import starmap
from typing import Any, TypeVar

from sqlalchemy import Connection, insert, select, update

from crypto.errors import Refused
from crypto.public import checkpoint as checkpoints
from crypto.public import log, notes, suspensions
from crypto.public.checkpoint import Checkpoint
from crypto.public.note_signing import Signer, sign_note
from crypto.public.policy import Policy, text_hash
from server import log_key
from server.keyring import Keyring, KeyringBroken
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
    """A checkpoint (a note) and the suspension list that it names."""

    note: bytes
    suspensions: bytes

    @property
    def said(self) -> Checkpoint:
        """What the checkpoint says."""
        return _read(self.note)


@dataclass(frozen=True, slots=True)
class Signed:
    """What the log has signed: what is shown, and what waits; one of the two is there."""

    published: Newest | None
    pending: Newest | None

    @property
    def newest(self) -> Newest:
        """What names all of the log."""
        found = self.pending or self.published
        if found is None:
            raise LookupError("a row without a checkpoint")
        return found


def newest(connection: Connection) -> Newest | None:
    """Return the checkpoint that names all of the log; None before the network was founded."""
    found = signed(connection)
    return None if found is None else found.newest


def published(connection: Connection) -> Newest | None:
    """Return the checkpoint that is shown; None before the first one was witnessed."""
    found = signed(connection)
    return None if found is None else found.published


def lock(connection: Connection) -> Newest | None:
    """Return `newest`, and let nobody else lock it until this transaction ends."""
    found = signed(connection, lock=True)
    return None if found is None else found.newest


def signed(connection: Connection, *, lock: bool = False) -> Signed | None:
    """Return both checkpoints, locked if asked for; None before the network was founded."""
    columns = checkpoint.c
    query = select(columns.note, columns.suspensions, columns.pending, columns.pending_suspensions)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        return None
    shown, waits = row[:2], row[2:]
    return Signed(
        published=None if shown[0] is None else Newest(*shown),
        pending=None if waits[0] is None else Newest(*waits),
    )


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
    said = found.said
    tree = _trees.get(said.root)
    if tree is None:
        tree = Tree(log_entries.leaves(connection, said.size))
        _keep(_trees, said.root, tree)
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
    signer = Signer(policy.log.name, _log_seed(keyring, policy))
    note = sign_note(checkpoints.format_text(said), signer)
    put_pending(connection, Newest(note, listed), policy)


def put_pending(connection: Connection, found: Newest, policy: Policy) -> bool:
    """Keep what waits under its policy, and publish it once it holds as clients ask; say if so.

    Source: docs/spec/log.md, 4
    """
    values: dict[str, Any]
    done = is_witnessed(found, policy)
    if done:
        values = _shown(found) | {"pending": None, "pending_suspensions": None}
    else:
        values = {"pending": found.note, "pending_suspensions": found.suspensions}
    if not connection.execute(update(checkpoint).values(values)).rowcount:
        connection.execute(insert(checkpoint).values(id=_THE_ROW, **values))
    return done


def put_published(connection: Connection, found: Newest) -> None:
    """Keep further cosignatures of what is shown."""
    connection.execute(update(checkpoint).values(_shown(found)))


def is_witnessed(found: Newest, policy: Policy) -> bool:
    """Say whether a checkpoint holds under the policy that it names, by every client's check."""
    try:
        checkpoints.check_newest(found.note, policy)
    except Refused:
        return False
    return True


def is_list_of_today(connection: Connection, found: Newest, network_id: bytes, today: int) -> bool:
    """Say whether no line of the suspension list has ended since this checkpoint was signed."""
    return found.suspensions == _list_of(connection, network_id, today)


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


def _shown(found: Newest) -> dict[str, Any]:
    return {"note": found.note, "suspensions": found.suspensions}


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


def _log_seed(keyring: Keyring, policy: Policy) -> bytes:
    seed = log_key.seed_of(keyring, policy.log)
    if seed is None:
        raise KeyringBroken("The log's key is missing from the folder of keys.")
    return seed


def _keep(kept: dict[bytes, _T], key: bytes, value: _T) -> None:
    """Remember a value, and forget the ones before it once there are a few."""
    if len(kept) >= _KEPT:
        kept.clear()
    kept[key] = value
