"""What admins, the log and witnesses sign."""

from __future__ import annotations

from crypto.public import (
    checkpoint,
    ed25519,
    log,
    policy,
    policy_chain,
    seen,
    statements,
    suspensions,
)
from crypto.public.checkpoint import Checkpoint, Witnessed
from crypto.public.log import Inclusion
from crypto.public.policy import Policy
from crypto.public.seen import Seen
from tests.vectors.values import Given, Output, unbytes, unlist


def verify_signature(given: Given) -> Output:
    """Verify an Ed25519 signature, strictly."""
    parts = (unbytes(given[name]) for name in ("public_key", "message", "signature"))
    ed25519.verify(*parts)
    return {}


def accept_policy_chain(given: Given) -> Output:
    """Accept policies from version 1 on."""
    accepted = policy_chain.accept_chain(
        unlist(given["policies"]),
        unbytes(given["network_id"]),
        given["today"],
        given["seen_version"],
    )
    return {"version": accepted.version, "network_id": accepted.network_id}


def check_statement(given: Given) -> Output:
    """Check a statement."""
    said = statements.check(unbytes(given["statement"]), accepted(given), given["today"])
    return {
        "kind": said.kind.value,
        "serial": said.serial,
        "organisation": said.organisation,
        "profile": said.profile,
        "until": said.until,
        "name": said.name,
    }


def check_checkpoint(given: Given) -> Output:
    """Check a checkpoint as one in a record, whatever its age."""
    return _said(checkpoint.check(unbytes(given["checkpoint"]), accepted(given)))


def check_newest_checkpoint(given: Given) -> Output:
    """Check a checkpoint, that it names the policy, and its age."""
    newest = checkpoint.check_newest(unbytes(given["checkpoint"]), accepted(given))
    checkpoint.check_fresh(newest.day, given["today"])
    return _said(newest)


def check_seen(given: Given) -> Output:
    """Check a log's size and root against those that were seen before."""
    now = Checkpoint(
        "log.example", int(given["size"]), unbytes(given["root"]), 1, bytes(32), bytes(32)
    )
    before = Seen(size=int(given["seen_size"]), root=unbytes(given["seen_root"]))
    seen.check(now, before)
    return {}


def may_be_withheld(given: Given) -> Output:
    """Say whether the sender must be warned that suspensions may be kept back."""
    return {"withheld": checkpoint.may_be_withheld(given["day"], given["device"])}


def sender_today(given: Given) -> Output:
    """Say which day a sender takes for today."""
    days = (given["day"], given["build"], given["device"])
    return {"today": checkpoint.today_for_sender(*days)}


def check_suspensions(given: Given) -> Output:
    """Check a suspension list against the hash that a checkpoint names."""
    named = Checkpoint("log.example", 0, bytes(32), 1, bytes(32), unbytes(given["hash"]))
    data, network_id = unbytes(given["suspensions"]), unbytes(given["network_id"])
    ended = suspensions.check(data, named, network_id).ended
    return {"ended": [[one.start, one.serial] for one in ended]}


def check_inclusion(given: Given) -> Output:
    """Check that an entry stands in the log."""
    log.verify_inclusion(
        log.leaf_hash(unbytes(given["entry"])),
        Inclusion(int(given["index"]), unlist(given["hashes"])),
        size=int(given["size"]),
        root=unbytes(given["root"]),
    )
    return {}


def _said(seen: Witnessed) -> Output:
    return {
        "size": str(seen.checkpoint.size),
        "root": seen.checkpoint.root,
        "policy_version": seen.checkpoint.policy_version,
        "policy_hash": seen.checkpoint.policy_hash,
        "suspensions": seen.checkpoint.suspensions,
        "day": seen.day,
    }


def accepted(given: Given) -> Policy:
    """Take the text of a policy for one that was accepted."""
    return policy.parse(unbytes(given["policy"]).decode())
