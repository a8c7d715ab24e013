"""The network: its policy, loaded by the operator, and what is the same for everybody.

Source: docs/spec/http.md, 2; docs/spec/statements.md, 4.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection

from crypto.encoding import Random
from crypto.errors import Expired, Malformed, Refused, Rollback, TooFewSignatures, WrongNetwork
from crypto.public import notes, policy_chain
from crypto.public import policy as policies
from crypto.public.policy import Policy
from server import log_key
from server.keyring import Keyring
from server.services import admin_keys, checkpoints, listing, log_entries, members, token_keys
from server.services.listing import Listed
from server.services.token_keys import ShownKey


class PolicyRefusal(Enum):
    """Why a policy was not taken, as the operator is told."""

    MALFORMED = "This is not a policy, or a version before it is missing."
    OTHER_NETWORK = "This policy is of another network than the one that this server carries."
    OLD = "This server has this policy's version or a later one already."
    UNSIGNED = "A signature under this policy does not hold, or is by no admin of it."
    TOO_FEW = "Too few admins have signed this policy."
    ENDED = "This policy has passed its last day."
    OTHER_LOG = "This policy names another log key than this server's."


@dataclass(frozen=True, slots=True)
class Loaded:
    """A policy that was taken: its network (id of 32 bytes), its version, if it was the first.

    `waits_for` is how many witnesses have to see it before it is shown; 0: it is shown now.
    """

    network_id: bytes
    version: int
    founded: bool
    waits_for: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What `GET /v1/network` says of what this server keeps; `suspended` are notes."""

    network_id: bytes
    policies: tuple[bytes, ...]
    checkpoint: bytes
    suspensions: bytes
    suspended: tuple[bytes, ...]
    token_keys: tuple[ShownKey, ...]


def current_policy(connection: Connection) -> Policy | None:
    """Return the policy that the newest checkpoint names; None before the network was founded."""
    found = checkpoints.newest(connection)
    return None if found is None else checkpoints.policy_of(connection, found)


def network_id(connection: Connection) -> bytes | None:
    """Return the network's id (32 bytes); None before it was founded."""
    policy = current_policy(connection)
    return None if policy is None else policy.network_id


def load_policy(
    connection: Connection, note: bytes, *, keyring: Keyring, today: int, random: Random
) -> Loaded | PolicyRefusal:
    """Take a policy: version 1 founds the network, every next one follows the last.

    It must name this server's log key. Listings whose statements do not hold under it end. The
    policy that stands, given again, changes nothing. It is shown once its own number of witnesses
    has seen it, so one that asks for fewer sets a network going again whose witnesses are lost.
    Source: docs/spec/statements.md, 4; docs/spec/log.md, 4
    """
    newest = checkpoints.lock(connection)
    current = None if newest is None else checkpoints.policy_of(connection, newest)
    try:
        policy = _accept(current, note)
        policy_chain.check_current(policy, today)
    except Refused as refused:
        return _REFUSALS.get(type(refused), PolicyRefusal.UNSIGNED)
    refusal = _not_ours(policy, keyring)
    if refusal is not None:
        return refusal
    if policy != current:
        log_entries.append(connection, log_entries.POLICY, note)
        listing.end_unsigned(connection, policy, today)
        members.keep_counters_of(connection, policy)
        admin_keys.keep_keys_of(connection, policy)
        # Made now, so that a folder that keeps no keys is noticed here and not by a provider.
        token_keys.log_due(
            connection,
            keyring=keyring,
            network_id=policy.network_id,
            today=today,
            random=random,
        )
        checkpoints.sign(connection, policy=policy, keyring=keyring, today=today)
    return Loaded(
        policy.network_id,
        policy.version,
        founded=current is None,
        waits_for=_waits_for(connection, policy),
    )


def refresh(connection: Connection, *, keyring: Keyring, today: int, random: Random) -> bool:
    """Log issuing keys that are due, and sign anew where they were or lines of the list ended.

    Says whether anything was signed. Raises KeyringBroken.
    Source: docs/spec/log.md, 1; docs/spec/statements.md, 8
    """
    newest = checkpoints.lock(connection)
    if newest is None:
        return False
    policy = checkpoints.policy_of(connection, newest)
    network = policy.network_id
    logged = token_keys.log_due(
        connection, keyring=keyring, network_id=network, today=today, random=random
    )
    if not logged and checkpoints.is_list_of_today(connection, newest, network, today):
        return False
    checkpoints.sign(connection, policy=policy, keyring=keyring, today=today)
    return True


def document(
    connection: Connection, *, keyring: Keyring, today: int, random: Random
) -> Document | None:
    """Return what is the same for everybody; None before the first checkpoint was published.

    All of it is of the published checkpoint, whatever is stored meanwhile, but for `suspended`:
    nobody waits for witnesses where somebody has to be stopped.

    Source: docs/spec/http.md, 2; docs/spec/log.md, 4
    """
    shown = checkpoints.published(connection)
    if shown is None:
        return None
    network = checkpoints.policy_of(connection, shown).network_id
    return Document(
        network_id=network,
        policies=log_entries.policy_notes(connection, shown.said.size),
        checkpoint=shown.note,
        suspensions=shown.suspensions,
        suspended=log_entries.suspended_after(connection, shown.said.size),
        token_keys=token_keys.shown(
            connection, shown, keyring=keyring, network_id=network, today=today, random=random
        ),
    )


def directory(connection: Connection, *, today: int) -> list[Listed] | None:
    """Return who is vetted at epoch `today` by the published checkpoint, ascending by key.

    None before there was one. Source: docs/spec/http.md, 2; docs/spec/log.md, 4
    """
    shown = checkpoints.published(connection)
    return None if shown is None else listing.show(connection, shown, today)


_REFUSALS: dict[type[Refused], PolicyRefusal] = {
    Malformed: PolicyRefusal.MALFORMED,
    WrongNetwork: PolicyRefusal.OTHER_NETWORK,
    Rollback: PolicyRefusal.OLD,
    TooFewSignatures: PolicyRefusal.TOO_FEW,
    Expired: PolicyRefusal.ENDED,
}


def _accept(current: Policy | None, note: bytes) -> Policy:
    text = notes.parse(note).text
    if current is None:
        return policy_chain.accept_first(note, policies.network_id_of(text))
    if policies.parse(text) == current:
        return current
    return policy_chain.accept_next(current, note)


def _waits_for(connection: Connection, policy: Policy) -> int:
    found = checkpoints.signed(connection)
    return policy.witnesses_threshold if found is not None and found.pending is not None else 0


def _not_ours(policy: Policy, keyring: Keyring) -> PolicyRefusal | None:
    if log_key.seed_of(keyring, policy.log) is None:
        return PolicyRefusal.OTHER_LOG
    return None
