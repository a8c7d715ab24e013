"""What a client remembers of a network, so that nobody shows it an older one or another.

Source: docs/spec/statements.md, 7 ("Remembering")
"""

from __future__ import annotations

from dataclasses import dataclass

from crypto.errors import NotInLog, Rollback
from crypto.public.checkpoint import Checkpoint, Witnessed


@dataclass(frozen=True, slots=True)
class Seen:
    """The newest that held: the policy's version, the log's size and root, and the latest day.

    `root` has 32 bytes, or none where nothing was seen yet. `day` is the latest that witnesses
    gave to a checkpoint, as an epoch; 0 where none did.
    """

    version: int = 0
    size: int = 0
    root: bytes = b""
    day: int = 0


NOTHING_SEEN = Seen()


def check(checkpoint: Checkpoint, seen: Seen) -> None:
    """Check a newest checkpoint against what was seen before.

    Raises Rollback where its log is smaller, NotInLog where it is as large and another one.

    Source: docs/spec/statements.md, 7
    """
    if checkpoint.size < seen.size:
        raise Rollback
    if checkpoint.size == seen.size and seen.root and checkpoint.root != seen.root:
        raise NotInLog


def after(newest: Witnessed, seen: Seen) -> Seen:
    """Return what to remember of a newest checkpoint that `check` let pass.

    Source: docs/spec/statements.md, 7
    """
    said = newest.checkpoint
    return Seen(said.policy_version, said.size, said.root, max(seen.day, newest.day or 0))


def later(one: Seen, other: Seen) -> Seen:
    """Return of two that were remembered at the same time the one with the larger log.

    Its day is the later of both.
    """
    larger = one if one.size >= other.size else other
    return Seen(larger.version, larger.size, larger.root, max(one.day, other.day))
