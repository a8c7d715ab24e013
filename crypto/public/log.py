"""The log: an append-only Merkle tree of the texts of notes (RFC 9162, 2.1).

A tree is given by its leaf hashes, so that one who keeps a log need not keep every entry at hand.

Source: docs/spec/statements.md, 6
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.constants import HASH_BYTES, PROOF_HASHES
from crypto.errors import NotInLog

_LEAF = b"\x00"
_NODE = b"\x01"


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Where a leaf stands, and the hashes (at most 26, of 32 bytes each) that show it."""

    index: int
    hashes: tuple[bytes, ...]


def leaf_hash(entry: bytes) -> bytes:
    """Return the 32-byte hash of an entry, which is the text of a note as UTF-8."""
    return hashlib.sha256(_LEAF + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of a node from those of its two children."""
    return hashlib.sha256(_NODE + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """Return the root hash of a tree with these leaf hashes; of an empty one, SHA-256 of nothing.

    Source: docs/spec/statements.md, 6 (RFC 9162, 2.1.1)
    """
    level = list(leaves)
    while len(level) > 1:
        level = _next_level(level)
    return level[0] if level else hashlib.sha256().digest()


def inclusion_proof(leaves: Sequence[bytes], index: int) -> Inclusion:
    """Return what shows the leaf at `index` to be in the tree of these leaf hashes.

    Raises NotInLog where the tree has no such leaf.

    Source: docs/spec/statements.md, 6 (RFC 9162, 2.1.3.1)
    """
    if not 0 <= index < len(leaves):
        raise NotInLog
    level, at, hashes = list(leaves), index, []
    while len(level) > 1:
        if at ^ 1 < len(level):
            hashes.append(level[at ^ 1])
        level, at = _next_level(level), at >> 1
    return Inclusion(index, tuple(hashes))


def verify_inclusion(leaf: bytes, inclusion: Inclusion, *, size: int, root: bytes) -> None:
    """Check that the leaf with this hash is in the tree of `size` leaves and this root hash.

    Raises NotInLog where the inclusion does not show that.

    Source: docs/spec/statements.md, 6 (RFC 9162, 2.1.3.2)
    """
    _check_sizes(leaf, inclusion, size)
    found, at, last = leaf, inclusion.index, size - 1
    for sibling in inclusion.hashes:
        if last == 0:
            raise NotInLog
        if at & 1 or at == last:
            found = node_hash(sibling, found)
            at, last = _rise_to_right_child(at, last)
        else:
            found = node_hash(found, sibling)
        at, last = at >> 1, last >> 1
    if last != 0 or found != root:
        raise NotInLog


def _check_sizes(leaf: bytes, inclusion: Inclusion, size: int) -> None:
    if not 0 <= inclusion.index < size or len(inclusion.hashes) > PROOF_HASHES:
        raise NotInLog
    # Hashes of other lengths would let the border between left and right be moved.
    if any(len(part) != HASH_BYTES for part in (leaf, *inclusion.hashes)):
        raise NotInLog


def _rise_to_right_child(at: int, last: int) -> tuple[int, int]:
    """Skip the levels at which the node is the lone last one and has no sibling."""
    while at and not at & 1:
        at, last = at >> 1, last >> 1
    return at, last


def _next_level(level: Sequence[bytes]) -> list[bytes]:
    """Hash neighbours together; a lone last node rises as it is."""
    above = [node_hash(*pair) for pair in zip(level[::2], level[1::2], strict=False)]
    return above + list(level[-1:]) if len(level) % 2 else above
