"""Statements, checkpoints, inclusion, suspensions (docs/spec/statements.md, 5 to 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.second.stranger import sealing
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    WRONG_NETWORK,
    K,
    Refused,
    decimal,
    from_base64,
    from_utf8,
    need,
    to_base64,
)
from tests.second.stranger.notes import Lines, display_name, key_name, key_of, read_note
from tests.second.stranger.policy import Policy, by_admins, witness_times

_DAY = 86_400
VETTED = "vetted"
SUSPENDED = "suspended"


@dataclass(frozen=True)
class Statement:
    """What admins say of an organisation, and the text they signed."""

    network_id: bytes
    kind: str
    serial: int
    organisation: bytes
    profile: bytes
    first: int
    until: int
    name: str
    text: str


@dataclass(frozen=True)
class Checkpoint:
    """The log at one moment; day is None where no witnesses are asked for."""

    size: int
    root: bytes
    policy_version: int
    policy_hash: bytes
    suspensions: bytes
    day: int | None


def write_statement(statement: Statement) -> str:
    """The text of these values (its own text is not looked at)."""
    return (
        f"{K.LABEL_STATEMENT}\nnetwork {to_base64(statement.network_id)}\nkind {statement.kind}\n"
        f"serial {statement.serial}\norganisation {to_base64(statement.organisation)}\n"
        f"profile {to_base64(statement.profile)}\nfrom {statement.first}\n"
        f"until {statement.until}\nname {statement.name}\n"
    )


def read_statement(text: str) -> Statement:
    """The text's own rules."""
    lines = Lines(text)
    need(lines.whole() == K.LABEL_STATEMENT)
    network_id, kind = key_of(lines.value("network")), lines.value("kind")
    need(kind in (VETTED, SUSPENDED))
    serial = lines.number("serial")
    need(serial <= K.SERIAL_MOST)
    organisation, profile = key_of(lines.value("organisation")), key_of(lines.value("profile"))
    first, until = lines.number("from"), lines.number("until")
    name = display_name(lines.value("name"), K.ORGANISATION_NAME_BYTES)
    lines.end()
    need(first <= until and (kind != VETTED or until - first <= K.VETTED_DAYS))
    return Statement(network_id, kind, serial, organisation, profile, first, until, name, text)


def check_statement(content: bytes, policy: Policy, today: int) -> Statement:
    """The statement, if it holds under the policy today."""
    note = read_note(content, K.STATEMENT_BYTES)
    statement = read_statement(note.text)
    need(statement.network_id == policy.network_id, WRONG_NETWORK)
    count = by_admins(note, policy)
    least = policy.threshold if statement.kind == VETTED else 1
    need(count >= least, "TooFewSignatures")
    need(today >= statement.first, "NotYetValid")
    need(today <= statement.until, "Expired")
    return statement


def leaf_hash(entry: bytes) -> bytes:
    """A log entry's leaf; the entry of a note is its text, without its lines."""
    return sealing.sha256(b"\x00" + entry)


def check_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> None:
    """RFC 9162, 2.1.3.2, or NotInLog."""
    need(index < size and len(proof) <= K.PROOF_HASHES, "NotInLog")
    inner, last, value = index, size - 1, leaf
    for sibling in proof:
        need(last > 0, "NotInLog")
        if inner & 1 or inner == last:
            value = _node(sibling, value)
            while not inner & 1 and inner:
                inner, last = inner >> 1, last >> 1
        else:
            value = _node(value, sibling)
        inner, last = inner >> 1, last >> 1
    need(last == 0 and value == root, "NotInLog")


def _node(left: bytes, right: bytes) -> bytes:
    return sealing.sha256(b"\x01" + left + right)


def check_checkpoint(content: bytes, policy: Policy) -> Checkpoint:
    """The checkpoint, if it holds under the policy, and its day."""
    note = read_note(content, K.CHECKPOINT_BYTES)
    lines = Lines(note.text)
    log = key_name(lines.whole(), K.LOG_NAME_BYTES)
    size, root = decimal(lines.whole(), 1 << 64), key_of(lines.whole())
    version, space, named = lines.value("policy").partition(" ")
    need(bool(space))
    policy_version, policy_hash = decimal(version), key_of(named)
    suspensions = key_of(lines.value("suspensions"))
    lines.end()
    need(log == policy.log.name, WRONG_NETWORK)
    times = witness_times(note, policy)
    asked = policy.witness_threshold
    need(len(times) >= asked, "NotWitnessed")
    need(policy_version <= policy.version, "Rollback")
    day = times[asked - 1] // _DAY if asked else None
    return Checkpoint(size, root, policy_version, policy_hash, suspensions, day)


def check_newest(content: bytes, policy: Policy) -> Checkpoint:
    """A checkpoint that may be called the newest: it names the policy that the client took."""
    checkpoint = check_checkpoint(content, policy)
    need(checkpoint.policy_version == policy.version, "Rollback")
    need(checkpoint.policy_hash == policy.text_hash, BAD_SIGNATURE)
    return checkpoint


def check_seen(size: int, root: bytes, seen_size: int, seen_root: bytes) -> None:
    """No log that is smaller than one seen before, nor another one that is as large."""
    need(size >= seen_size, "Rollback")
    need(size > seen_size or root == seen_root, "NotInLog")


def write_checkpoint(
    log: str, size: int, root: bytes, version: int, policy_hash: bytes, suspensions: bytes
) -> str:
    """The text that the log and its witnesses sign."""
    return (
        f"{log}\n{size}\n{to_base64(root)}\npolicy {version} {to_base64(policy_hash)}\n"
        f"suspensions {to_base64(suspensions)}\n"
    )


def need_fresh(checkpoint: Checkpoint, today: int) -> None:
    """No older than 7 days, where it has a day at all."""
    if checkpoint.day is not None:
        need(checkpoint.day >= today - K.COSIGNATURE_DAYS, "NotWitnessed")


def may_be_withheld(day: int | None, device: int) -> bool:
    """The device's day is more than 7 days after the checkpoint's: she is told before she sends."""
    return day is not None and device > day + K.COSIGNATURE_DAYS


def sender_today(day: int | None, build: int, device: int) -> int:
    """What a sender takes for today: the device's day counts only where there is no other."""
    return max(build, device if day is None else day)


def write_suspensions(network_id: bytes, ended: Sequence[tuple[bytes, int]]) -> bytes:
    """The file that everybody gets."""
    lines = [K.LABEL_SUSPENSIONS, f"network {to_base64(network_id)}"]
    lines += [
        f"organisation {to_base64(key[: K.SUSPENSION_KEY_BYTES])} {serial}"
        for key, serial in sorted(ended)
    ]
    return ("\n".join(lines) + "\n").encode()


def check_suspensions(
    content: bytes, checkpoint: Checkpoint, network_id: bytes
) -> dict[bytes, int]:
    """By starts of keys, the serial below which nothing holds, if the checkpoint names the list."""
    need(sealing.sha256(content) == checkpoint.suspensions, BAD_SIGNATURE)
    lines = Lines(from_utf8(content))
    need(lines.whole() == K.LABEL_SUSPENSIONS)
    network = key_of(lines.value("network"))
    pairs = [_ended(value) for value in lines.run("organisation")]
    keys = [key for key, _ in pairs]
    lines.end()
    need(len(keys) <= K.SUSPENSIONS_MOST and keys == sorted(set(keys)))
    if network != network_id:
        raise Refused(WRONG_NETWORK)
    return dict(pairs)


def _ended(value: str) -> tuple[bytes, int]:
    key, space, serial = value.partition(" ")
    need(bool(space))
    start = from_base64(key)
    need(len(start) == K.SUSPENSION_KEY_BYTES)
    return start, decimal(serial)
