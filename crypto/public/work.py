"""The proof of work that admits a walk-in: checking it and searching for it.

Source: docs/spec/walk-in.md, section 3.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from crypto.constants import (
    ENVELOPE_BYTES,
    LABEL_WORK,
    NETWORK_ID_BYTES,
    U64_BYTES,
    WORK_BITS_LEAST,
    WORK_BITS_MOST,
)
from crypto.encoding import frame, lp, u32, u64
from crypto.errors import Malformed, WorkMissing

_DIGEST_BITS = 256
_NONCES = 1 << 64


@dataclass(frozen=True, slots=True)
class Task:
    """Work to do for one envelope: a prefix of hashed bytes and the number of zero bits."""

    prefix: bytes
    bits: int


def task(network_id: bytes, epoch: int, envelope: bytes, bits: int) -> Task:
    """Return the work for an envelope (5,273 bytes) sent in `epoch` at a difficulty in bits.

    Raises Malformed for other lengths and for a difficulty outside 8 to 28.
    """
    if len(network_id) != NETWORK_ID_BYTES or len(envelope) != ENVELOPE_BYTES:
        raise Malformed
    if not WORK_BITS_LEAST <= bits <= WORK_BITS_MOST:
        raise Malformed
    digest = hashlib.sha256(envelope).digest()
    # The nonce is the frame's last part, so that only it has to be hashed anew for each try.
    return Task(frame(LABEL_WORK, network_id, u32(epoch), digest), bits)


def check(work: Task, nonce: bytes) -> None:
    """Check a nonce (8 bytes).

    Raises Malformed for another length, WorkMissing when the work does not hold.
    """
    if len(nonce) != U64_BYTES:
        raise Malformed
    if not _holds(work, nonce):
        raise WorkMissing


def search(work: Task, start: int, tries: int) -> bytes | None:
    """Try `tries` nonces from `start` (0 to 2^64 - 1) upward; None when none of them holds.

    Called again with the next start, so that a caller can show progress and stop.
    """
    for number in range(start, start + tries):
        nonce = u64(number % _NONCES)
        if _holds(work, nonce):
            return nonce
    return None


def _holds(work: Task, nonce: bytes) -> bool:
    digest = hashlib.sha256(work.prefix + lp(nonce)).digest()
    return int.from_bytes(digest, "big") >> (_DIGEST_BITS - work.bits) == 0
