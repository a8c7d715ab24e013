"""How a client comes by the policy: version 1 by the network's id, every next one by the last.

Source: docs/spec/statements.md, 4
"""

from __future__ import annotations

from collections.abc import Sequence

from crypto.errors import Expired, Malformed, Rollback, TooFewSignatures, WrongNetwork
from crypto.public import notes
from crypto.public.policy import FIRST_VERSION, Policy, parse


def accept_first(note: bytes, network_id: bytes) -> Policy:
    """Accept version 1 of the policy of the network with this id (32 bytes).

    Raises Malformed, WrongNetwork, BadSignature or TooFewSignatures.

    Source: docs/spec/statements.md, 4
    """
    read = notes.parse(note)
    policy = parse(read.text)
    if policy.version != FIRST_VERSION:
        raise Malformed
    if policy.network_id != network_id:
        raise WrongNetwork
    _require_admins(read, policy)
    return policy


def accept_next(current: Policy, note: bytes) -> Policy:
    """Accept the policy that follows an accepted one: signed by k of the old and of the new.

    Raises Malformed (also where a version between is missing), WrongNetwork, Rollback,
    BadSignature or TooFewSignatures.

    Source: docs/spec/statements.md, 4
    """
    read = notes.parse(note)
    policy = parse(read.text)
    if policy.network_id != current.network_id:
        raise WrongNetwork
    if policy.version <= current.version:
        raise Rollback
    if policy.version != current.version + 1:
        raise Malformed
    _require_admins(read, current, policy)
    return policy


def accept_chain(
    chain: Sequence[bytes], network_id: bytes, today: int, seen_version: int = 0
) -> Policy:
    """Accept policies from version 1 on and return the last, which must hold at epoch `today`.

    A sender who learns what day it is only from a checkpoint, which takes the policy to check,
    gives the epoch at which the client was built; `check_current` then asks again.

    `seen_version` is the highest version that this client accepted before. Raises what
    `accept_first` and `accept_next` raise, Rollback where the chain ends below `seen_version`,
    Expired where `today` is after the last policy's `until`.

    Source: docs/spec/statements.md, 4
    """
    if not chain:
        raise Malformed
    policy = accept_first(chain[0], network_id)
    for note in chain[1:]:
        policy = accept_next(policy, note)
    if policy.version < seen_version:
        raise Rollback
    check_current(policy, today)
    return policy


def check_current(policy: Policy, today: int) -> None:
    """Raise Expired where epoch `today` is after the policy's `until`.

    Source: docs/spec/statements.md, 4
    """
    if today > policy.until:
        raise Expired


def _require_admins(note: notes.Note, *policies: Policy) -> None:
    allowed = [key for policy in policies for key in policy.all_admins]
    signatures = notes.verify(note, allowed)
    for policy in policies:
        if notes.count(signatures, policy.admins) < policy.threshold:
            raise TooFewSignatures
