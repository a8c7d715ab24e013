"""The Merkle tree of the log (statements.md, 6), by the recursive text of RFC 9162."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools.vectors import wire
from tools.vectors.scenario import Scenarios, maker, utf8

_check = maker("check_inclusion", "statements.md 6")


def leaf(entry: bytes) -> bytes:
    """The hash of an entry."""
    return wire.sha256(b"\x00" + entry)


def node(left: bytes, right: bytes) -> bytes:
    """The hash of a node."""
    return wire.sha256(b"\x01" + left + right)


def root(leaves: Sequence[bytes]) -> bytes:
    """RFC 9162, 2.1.1."""
    if len(leaves) == 1:
        return leaves[0]
    half = _split(len(leaves))
    return node(root(leaves[:half]), root(leaves[half:]))


def path(index: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.3.1."""
    if len(leaves) == 1:
        return []
    half = _split(len(leaves))
    if index < half:
        return [*path(index, leaves[:half]), root(leaves[half:])]
    return [*path(index - half, leaves[half:]), root(leaves[:half])]


def climb(start: bytes, index: int, siblings: Sequence[bytes]) -> bytes:
    """The root of a full tree that has this leaf, from invented siblings."""
    found = start
    for sibling in siblings:
        found = node(sibling, found) if index & 1 else node(found, sibling)
        index >>= 1
    return found


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _held()
    yield from _refused()
    yield from _sizes()


def _held() -> Scenarios:
    for size, index in ((1, 0), (2, 1), (5, 4), (7, 2), (8, 7), (9, 8), (100, 63)):
        yield _check(
            f"inclusion_{index}_of_{size}",
            f"Leaf {index} of a log of {size}.",
            _inputs(size, index),
            output={},
        )
    siblings = [wire.draw(f"sibling {n}", 32) for n in range(26)]
    entry = leaf(_entry(0))
    yield _check(
        "inclusion_26_hashes",
        "The longest proof, of a log of 2 to the 26.",
        {
            "entry": utf8(_entry(0).decode()),
            "index": "12345678",
            "size": str(2**26),
            "hashes": siblings,
            "root": climb(entry, 12_345_678, siblings),
        },
        output={},
    )


def _refused() -> Scenarios:
    good = _inputs(7, 2)
    hashes = good["hashes"]
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "other_entry": ("Another entry.", {"entry": utf8(_entry(3).decode())}),
        "other_root": ("Another root.", {"root": wire.draw("other root", 32)}),
        "other_index": ("Another place.", {"index": "3"}),
        "other_size": ("Another size, of another shape.", {"size": "9"}),
        "index_is_size": ("A place behind the end.", {"index": "7"}),
        "size_0": ("A log without entries has none.", {"index": "0", "size": "0"}),
        "hash_missing": ("A hash is missing.", {"hashes": hashes[:-1]}),
        "hash_more": ("A hash too many.", {"hashes": [*hashes, bytes(32)]}),
        "hashes_swapped": ("Hashes in another order.", {"hashes": hashes[::-1]}),
        "hash_changed": ("A changed hash.", {"hashes": [wire.flip(hashes[0], 0), *hashes[1:]]}),
    }
    for name, (comment, changed) in rows.items():
        yield _check(f"inclusion_{name}", comment, {**good, **changed}, "NotInLog")


def _sizes() -> Scenarios:
    siblings = [wire.draw(f"sibling {n}", 32) for n in range(27)]
    entry = leaf(_entry(0))
    yield _check(
        "inclusion_27_hashes",
        "27 hashes are more than a proof may have, though they hold.",
        {
            "entry": utf8(_entry(0).decode()),
            "index": "1",
            "size": str(2**27),
            "hashes": siblings,
            "root": climb(entry, 1, siblings),
        },
        "NotInLog",
    )
    extra = wire.draw("sibling 0", 32)
    yield _check(
        "inclusion_hash_more_with_its_root",
        "A log of one entry has no hash to go up by, though the root was made to fit.",
        {
            "entry": utf8(_entry(0).decode()),
            "index": "0",
            "size": "1",
            "hashes": [extra],
            "root": node(extra, entry),
        },
        "NotInLog",
    )
    inner = node(leaf(_entry(0)), leaf(_entry(1)))
    yield _check(
        "inclusion_node_as_leaf",
        "The two halves of a node given as an entry: leaves and nodes are hashed apart.",
        {
            "entry": leaf(_entry(0)) + leaf(_entry(1)),
            "index": "0",
            "size": "1",
            "hashes": [],
            "root": inner,
        },
        "NotInLog",
    )


def _entry(number: int) -> bytes:
    return f"entry {number}\n".encode()


def _inputs(size: int, index: int) -> dict[str, Any]:
    leaves = [leaf(_entry(number)) for number in range(size)]
    return {
        "entry": utf8(_entry(index).decode()),
        "index": str(index),
        "size": str(size),
        "hashes": path(index, leaves),
        "root": root(leaves),
    }


def _split(count: int) -> int:
    """The largest power of two below a count."""
    return 1 << (count - 1).bit_length() - 1
