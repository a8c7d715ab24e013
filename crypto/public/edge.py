"""The edge of a log: what is kept of a tree to go on from it, whatever is appended.

Whoever keeps the edge of a checkpoint that held, and comes from it and the entries behind it to
the root of a later one, has seen that nothing before was changed, dropped or put in between.

Source: docs/spec/log.md, 2
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from crypto.constants import EDGE_HASHES, HASH_BYTES
from crypto.encoding import Reader, u64
from crypto.errors import Malformed
from crypto.public import log


@dataclass(frozen=True, slots=True)
class Edge:
    """A tree of `size` entries: the roots (32 bytes each) of its whole subtrees, largest first."""

    size: int = 0
    hashes: tuple[bytes, ...] = ()


EMPTY = Edge()


def append(edge: Edge, leaf: bytes) -> Edge:
    """Return the edge of a tree that has one more leaf (its hash, 32 bytes) at its end.

    Raises Malformed where that would be the 2^26th. Source: docs/spec/log.md, 2
    """
    if edge.size + 1 >= 1 << EDGE_HASHES or len(leaf) != HASH_BYTES:
        raise Malformed
    hashes, size, last = list(edge.hashes), edge.size, leaf
    while size & 1:  # the last whole subtree has as many leaves as `last`
        last, size = log.node_hash(hashes.pop(), last), size >> 1
    return Edge(edge.size + 1, (*hashes, last))


def extend(edge: Edge, entries: Iterable[bytes]) -> Edge:
    """Return the edge of a tree that has these entries at its end; raises Malformed."""
    for entry in entries:
        edge = append(edge, log.leaf_hash(entry))
    return edge


def of(leaves: Iterable[bytes]) -> Edge:
    """Return the edge of a tree with these leaf hashes; raises Malformed."""
    edge = EMPTY
    for leaf in leaves:
        edge = append(edge, leaf)
    return edge


def root(edge: Edge) -> bytes:
    """Return the root hash (32 bytes) of the tree; of an empty one, SHA-256 of nothing.

    Source: docs/spec/log.md, 2
    """
    if not edge.hashes:
        return hashlib.sha256().digest()
    *before, found = edge.hashes
    for left in reversed(before):
        found = log.node_hash(left, found)
    return found


def encode(edge: Edge) -> bytes:
    """Write an edge; raises Malformed where `decode` would refuse it."""
    data = u64(edge.size) + b"".join(edge.hashes)
    if decode(data) != edge:
        raise Malformed
    return data


def decode(data: bytes) -> Edge:
    """Read an edge; raises Malformed for another number of hashes than its size has, or 2^26.

    Source: docs/spec/log.md, 2
    """
    reader = Reader(data)
    size = reader.u64()
    if size >= 1 << EDGE_HASHES:
        raise Malformed
    hashes = tuple(reader.take(HASH_BYTES) for _ in range(size.bit_count()))
    reader.end()
    return Edge(size, hashes)
