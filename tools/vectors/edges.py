"""Edges of the log, and the consistency of two trees (log.md, 2), by the text of RFC 9162."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tools.vectors import wire
from tools.vectors.logs import leaf, node, root
from tools.vectors.scenario import Scenarios, maker, utf8

_extend = maker("extend_edge", "log.md 2")
_consistent = maker("check_consistency", "log.md 2")


def edge(leaves: Sequence[bytes]) -> bytes:
    """The encoded edge of a tree, by its definition: the roots of its whole subtrees."""
    encoded, at = wire.u64(len(leaves)), 0
    for bit in reversed(range(len(leaves).bit_length())):
        if len(leaves) >> bit & 1:
            encoded += root(leaves[at : at + (1 << bit)])
            at += 1 << bit
    return encoded


def consistency(first: int, leaves: Sequence[bytes]) -> list[bytes]:
    """RFC 9162, 2.1.4.1."""
    return _subproof(first, leaves, whole=True)


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _edges()
    yield from _edges_refused()
    yield from _consistencies()
    yield from _consistencies_refused()


def _edges() -> Scenarios:
    for before, after in ((0, 0), (0, 1), (0, 7), (1, 2), (3, 4), (5, 13), (64, 100), (255, 256)):
        yield _extend(
            f"edge_{before}_to_{after}",
            f"A log of {before} entries goes on to {after}.",
            _given(before, after),
            output=_output(edge(_leaves(after)), _leaves(after)),
        )
    size = 2**26 - 1
    hashes = [wire.draw(f"subtree {bit}", 32) for bit in range(26)]
    found = hashes[-1]
    for left in hashes[-2::-1]:
        found = node(left, found)
    fullest = wire.u64(size) + b"".join(hashes)
    yield _extend(
        "edge_26_hashes",
        "The fullest edge there is.",
        {"edge": fullest, "entries": []},
        output={"edge": fullest, "size": str(size), "root": found},
    )
    yield _extend(
        "edge_too_many_entries",
        "Behind the fullest edge there is no room.",
        {"edge": fullest, "entries": [utf8("entry\n")]},
        "Malformed",
    )


def _edges_refused() -> Scenarios:
    good = edge(_leaves(5))
    rows = {
        "empty": ("No bytes.", b""),
        "size_alone": ("A size without its hashes.", good[:8]),
        "hash_missing": ("A hash is missing.", good[:-32]),
        "hash_more": ("A hash too many.", good + bytes(32)),
        "cut": ("A byte is missing.", good[:-1]),
        "byte_more": ("A byte too many.", good + b"\x00"),
        "other_size": ("A size with another number of bits.", wire.u64(7) + good[8:]),
        "size_27_bits": ("A log of 2 to the 26.", wire.u64(2**26) + bytes(32)),
        "size_64_bits": ("The highest size.", wire.u64(2**64 - 1) + bytes(64 * 32)),
    }
    for name, (comment, given) in rows.items():
        yield _extend(f"edge_refused_{name}", comment, {"edge": given, "entries": []}, "Malformed")


def _consistencies() -> Scenarios:
    for first, size in ((1, 1), (1, 2), (2, 3), (3, 7), (4, 7), (6, 7), (7, 8), (8, 13), (64, 100)):
        yield _consistent(
            f"consistency_{first}_of_{size}",
            f"A log of {size} entries goes on from one of {first}.",
            _shown(first, size),
            output={},
        )


def _consistencies_refused() -> Scenarios:
    good, whole, same = _shown(3, 7), _shown(4, 7), _shown(7, 7)
    hashes = good["hashes"]
    rows: dict[str, tuple[str, dict[str, Any]]] = {
        "other_root": ("Another root.", {**good, "root": wire.draw("other root", 32)}),
        "other_first_root": (
            "Another beginning: an entry was changed.",
            {**good, "first_root": wire.draw("other root", 32)},
        ),
        "other_whole_first_root": (
            "Another beginning, that is a whole subtree.",
            {**whole, "first_root": wire.draw("other root", 32)},
        ),
        "roots_swapped": (
            "The roots in each other's place.",
            {**good, "first_root": good["root"], "root": good["first_root"]},
        ),
        "other_first": ("Another size of the first.", {**good, "first": "4"}),
        "other_size": ("Another size of the second.", {**good, "size": "9"}),
        "first_0": ("Of an empty log there is nothing to show.", {**good, "first": "0"}),
        "first_above": ("A log that has become shorter.", {**good, "first": "8"}),
        "hash_missing": ("A hash is missing.", {**good, "hashes": hashes[:-1]}),
        "hash_more": ("A hash too many.", {**good, "hashes": [*hashes, bytes(32)]}),
        "hashes_swapped": ("Hashes in another order.", {**good, "hashes": hashes[::-1]}),
        "hash_changed": (
            "A changed hash.",
            {**good, "hashes": [wire.flip(hashes[0], 0), *hashes[1:]]},
        ),
        "hash_short": ("A hash of 31 bytes.", {**good, "hashes": [hashes[0][:31], *hashes[1:]]}),
        "nothing_shown": ("No hash at all.", {**good, "hashes": []}),
        "nothing_shown_whole": ("No hash, from a whole subtree.", {**whole, "hashes": []}),
        "same_size_other_root": (
            "Two logs of one size: a split view.",
            {**same, "first_root": wire.draw("other root", 32)},
        ),
        "same_size_with_hash": ("A hash where there is nothing to show.", _with_hash(same)),
    }
    for name, (comment, given) in rows.items():
        yield _consistent(f"consistency_refused_{name}", comment, given, "NotInLog")
    yield _consistent(
        "consistency_refused_53_hashes",
        "More hashes than one may have.",
        {**good, "hashes": [bytes(32)] * 53},
        "NotInLog",
    )


def _with_hash(given: dict[str, Any]) -> dict[str, Any]:
    return {**given, "hashes": [bytes(32)]}


def _subproof(first: int, leaves: Sequence[bytes], *, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if first <= half:
        return [*_subproof(first, leaves[:half], whole=whole), root(leaves[half:])]
    return [*_subproof(first - half, leaves[half:], whole=False), root(leaves[:half])]


def _entries(count: int) -> list[bytes]:
    return [f"entry {number}\n".encode() for number in range(count)]


def _leaves(count: int) -> list[bytes]:
    return [leaf(entry) for entry in _entries(count)]


def _given(before: int, after: int) -> dict[str, Any]:
    behind = [utf8(entry.decode()) for entry in _entries(after)[before:]]
    return {"edge": edge(_leaves(before)), "entries": behind}


def _output(encoded: bytes, leaves: Sequence[bytes]) -> dict[str, Any]:
    found = root(leaves) if leaves else wire.sha256(b"")
    return {"edge": encoded, "size": str(len(leaves)), "root": found}


def _shown(first: int, size: int) -> dict[str, Any]:
    leaves = _leaves(size)
    return {
        "first": str(first),
        "first_root": root(leaves[:first]),
        "size": str(size),
        "root": root(leaves),
        "hashes": consistency(first, leaves),
    }
