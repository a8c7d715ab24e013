"""Consistency: what shows that a smaller tree is the beginning of a larger one (RFC 9162, 2.1.4).

Source: docs/spec/log.md, 2
"""

from __future__ import annotations

from collections.abc import Sequence

from crypto.constants import CONSISTENCY_HASHES, HASH_BYTES
from crypto.errors import NotInLog
from crypto.public import log


def consistency_proof(leaves: Sequence[bytes], first: int) -> tuple[bytes, ...]:
    """Return what shows that the tree of the first `first` of these leaf hashes begins this one.

    Raises NotInLog where there are fewer, or `first` is 0.

    Source: docs/spec/log.md, 2 (RFC 9162, 2.1.4.1)
    """
    if not 0 < first <= len(leaves):
        raise NotInLog
    return () if first == len(leaves) else _subproof(first, leaves, is_known=True)


def verify_consistency(
    hashes: Sequence[bytes], *, first: int, first_root: bytes, size: int, root: bytes
) -> None:
    """Check that the tree of `first` leaves and this root begins that of `size` leaves.

    `hashes` are at most 52, of 32 bytes each. Raises NotInLog where they do not show that, and
    where `first` is 0: of an empty tree there is nothing to show.

    Source: docs/spec/log.md, 2 (RFC 9162, 2.1.4.2)
    """
    _check_sizes(hashes, first, size, (first_root, root))
    if first == size:
        if hashes or first_root != root:
            raise NotInLog
        return
    # A first tree that is one whole subtree is the seed itself, and left out.
    path = (first_root, *hashes) if first & (first - 1) == 0 else tuple(hashes)
    if not path:
        raise NotInLog
    if _climb(path, first - 1, size - 1) != (first_root, root):
        raise NotInLog


def _climb(path: Sequence[bytes], at: int, last: int) -> tuple[bytes, bytes]:
    """Return the roots of both trees, from the first's last whole subtree and its siblings."""
    while at & 1:
        at, last = at >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            raise NotInLog
        if at & 1 or at == last:
            before, after = log.node_hash(sibling, before), log.node_hash(sibling, after)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            after = log.node_hash(after, sibling)
        at, last = at >> 1, last >> 1
    if last:
        raise NotInLog
    return before, after


def _check_sizes(hashes: Sequence[bytes], first: int, size: int, roots: Sequence[bytes]) -> None:
    if not 0 < first <= size or len(hashes) > CONSISTENCY_HASHES:
        raise NotInLog
    if any(len(part) != HASH_BYTES for part in (*hashes, *roots)):
        raise NotInLog


def _subproof(first: int, leaves: Sequence[bytes], *, is_known: bool) -> tuple[bytes, ...]:
    if first == len(leaves):
        return () if is_known else (log.root_of(leaves),)
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if first <= half:
        inner = _subproof(first, leaves[:half], is_known=is_known)
        return (*inner, log.root_of(leaves[half:]))
    inner = _subproof(first - half, leaves[half:], is_known=False)
    return (*inner, log.root_of(leaves[:half]))
