"""A checkpoint: the log's size and root on a day, signed by the log and seen by witnesses.

Source: docs/spec/statements.md, 7
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from crypto.constants import (
    CHECKPOINT_BYTES,
    COSIGNATURE_DAYS,
    LOG_NAME_BYTES,
)
from crypto.encoding import b64
from crypto.errors import BadSignature, Malformed, NotWitnessed, Rollback, WrongNetwork
from crypto.public import lines, notes
from crypto.public.notes import Signature
from crypto.public.policy import Policy, text_hash

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a checkpoint says: the log's name, its number of entries, its root hash (32 bytes).

    `policy_version` and `policy_hash` (the SHA-256 of its text) say which policy was the newest;
    `suspensions` is the SHA-256 of the suspension list.
    """

    log_name: str
    size: int
    root: bytes
    policy_version: int
    policy_hash: bytes
    suspensions: bytes


@dataclass(frozen=True, slots=True)
class Witnessed:
    """A checkpoint that holds under a policy, and its day; no day where nobody need witness."""

    checkpoint: Checkpoint
    day: int | None


def parse(text: str) -> Checkpoint:
    """Read the text of a checkpoint; raises Malformed for anything that is not one.

    Source: docs/spec/statements.md, 7
    """
    reader = lines.Lines(text)
    log_name = _log_name(reader.line())
    size = lines.number(reader.line(), lines.U64_LIMIT)
    root = lines.hash_of(reader.line())
    version, _, policy_hash = reader.value("policy").partition(" ")
    checkpoint = Checkpoint(
        log_name=log_name,
        size=size,
        root=root,
        policy_version=lines.number(version),
        policy_hash=lines.hash_of(policy_hash),
        suspensions=reader.hash("suspensions"),
    )
    reader.end()
    return checkpoint


def format_text(checkpoint: Checkpoint) -> str:
    """Write the text of a checkpoint.

    Raises TooLong for a name of more than 32 bytes, Malformed where `parse` would refuse the text.
    """
    lines.check_room([(len(checkpoint.log_name), LOG_NAME_BYTES)])
    text = (
        f"{checkpoint.log_name}\n"
        f"{checkpoint.size}\n"
        f"{b64(checkpoint.root)}\n"
        f"policy {checkpoint.policy_version} {b64(checkpoint.policy_hash)}\n"
        f"suspensions {b64(checkpoint.suspensions)}\n"
    )
    if parse(text) != checkpoint:
        raise Malformed
    return text


def check(note: bytes, policy: Policy) -> Witnessed:
    """Return what a checkpoint's note (at most 1,200 bytes) says, if it holds, and its day.

    Raises Malformed, WrongNetwork, BadSignature, NotWitnessed or, where it names a later policy
    than this one, Rollback; the first that applies, in this order.

    Source: docs/spec/statements.md, 7
    """
    read = notes.parse(note, CHECKPOINT_BYTES)
    checkpoint = parse(read.text)
    if checkpoint.log_name != policy.log.name:
        raise WrongNetwork
    signatures = notes.verify(read, (policy.log, *policy.all_witnesses))
    if not notes.count(signatures, [policy.log]):
        raise BadSignature
    if notes.count(signatures, policy.witnesses) < policy.witnesses_threshold:
        raise NotWitnessed
    if checkpoint.policy_version > policy.version:
        raise Rollback
    return Witnessed(checkpoint, day_of(signatures, policy))


def check_newest(note: bytes, policy: Policy) -> Witnessed:
    """Return what the newest checkpoint's note says, if it holds and names this very policy.

    So a client that remembers nothing can't be shown an old policy, whose admins have since been
    retired. Raises as `check`; Rollback also where it names an earlier policy, BadSignature where
    it names another of this version. How old it may be is asked by `check_fresh`.

    Source: docs/spec/statements.md, 7
    """
    witnessed = check(note, policy)
    if witnessed.checkpoint.policy_version != policy.version:
        raise Rollback
    if witnessed.checkpoint.policy_hash != text_hash(policy):
        raise BadSignature
    return witnessed


def day_of(signatures: Iterable[Signature], policy: Policy) -> int | None:
    """Return the epoch of the w-th newest time among current witnesses; None where w is 0.

    Raises NotWitnessed for fewer than w.

    Source: docs/spec/statements.md, 7
    """
    needed = policy.witnesses_threshold
    if needed == 0:
        return None
    times = [s.time for s in signatures if s.time is not None and s.key in policy.witnesses]
    if len(times) < needed:
        raise NotWitnessed
    return sorted(times, reverse=True)[needed - 1] // _SECONDS_A_DAY


def check_fresh(day: int | None, today: int) -> None:
    """Check that a checkpoint of this day is new enough at epoch `today`.

    Raises NotWitnessed where it is more than 7 days old. Of a checkpoint without a day nothing can
    be said, and the client must tell the person so.

    Source: docs/spec/statements.md, 7
    """
    if day is not None and day < today - COSIGNATURE_DAYS:
        raise NotWitnessed


def may_be_withheld(day: int | None, device_epoch: int) -> bool:
    """Say whether the person must be told that the list of suspensions may be kept back.

    True where the device's own day is more than 7 days after the newest checkpoint's: either the
    device's date is wrong, or somebody shows an old log.

    Source: docs/spec/statements.md, 7
    """
    return day is not None and day < device_epoch - COSIGNATURE_DAYS


def today_for_sender(day: int | None, build_epoch: int, device_epoch: int) -> int:
    """Return the epoch that a sender takes for today.

    `day` is the newest checkpoint's, `build_epoch` the client's own, `device_epoch` the device's,
    which counts only where no witness says anything.

    Source: docs/spec/statements.md, 7
    """
    return max(build_epoch, device_epoch if day is None else day)


def _log_name(line: str) -> str:
    if not notes.is_key_name(line) or len(line) > LOG_NAME_BYTES:
        raise Malformed
    return line
