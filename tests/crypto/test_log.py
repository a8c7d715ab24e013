"""The log's Merkle tree: known roots, every inclusion, and no inclusion of anything else."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.constants import PROOF_HASHES
from crypto.errors import NotInLog
from crypto.public import log
from crypto.public.log import Inclusion
from tests.crypto.networks import big_log

# The eight entries of Certificate Transparency's own tests, and the roots of the trees of the
# first 0 to 8 of them; `_root` below computes them again from the definition.
ENTRIES = tuple(
    map(
        bytes.fromhex,
        (
            "",
            "00",
            "10",
            "2021",
            "3031",
            "40414243",
            "5051525354555657",
            "606162636465666768696a6b6c6d6e6f",
        ),
    )
)
ROOTS = (
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
LEAVES = tuple(map(log.leaf_hash, ENTRIES))


def _root(entries: tuple[bytes, ...]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word for word."""
    if not entries:
        return hashlib.sha256(b"").digest()
    if len(entries) == 1:
        return hashlib.sha256(b"\x00" + entries[0]).digest()
    left = 1
    while 2 * left < len(entries):
        left *= 2
    halves = _root(entries[:left]) + _root(entries[left:])
    return hashlib.sha256(b"\x01" + halves).digest()


def _entries(count: int) -> tuple[bytes, ...]:
    return tuple(b"entry %d" % number for number in range(count))


def _holds(leaf: bytes, inclusion: Inclusion, size: int, root: bytes) -> bool:
    try:
        log.verify_inclusion(leaf, inclusion, size=size, root=root)
    except NotInLog:
        return False
    return True


@pytest.mark.parametrize("size", range(9))
def test_known_roots(size: int) -> None:
    """The roots that Certificate Transparency's tests give, and the definition gives the same."""
    assert log.root_of(LEAVES[:size]).hex() == ROOTS[size]
    assert _root(ENTRIES[:size]).hex() == ROOTS[size]


@pytest.mark.parametrize("size", [*range(1, 34), 63, 64, 65, 100])
def test_every_entry_is_shown_to_be_in_the_log(size: int) -> None:
    """For every index of trees of many shapes; against the definition's root."""
    leaves = [log.leaf_hash(entry) for entry in _entries(size)]
    root = _root(_entries(size))
    assert log.root_of(leaves) == root
    for index, leaf in enumerate(leaves):
        log.verify_inclusion(leaf, log.inclusion_proof(leaves, index), size=size, root=root)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
def test_P9_T47_a_proof_shows_its_own_entry_at_its_own_place_only(size: int) -> None:
    """No other leaf, index or root goes with it; nor a size of another height."""
    leaves = [log.leaf_hash(entry) for entry in _entries(size)]
    root = log.root_of(leaves)
    for index, leaf in enumerate(leaves):
        proof = log.inclusion_proof(leaves, index)
        for other in range(-1, size + 3):
            if other != index:
                assert not _holds(leaf, replace(proof, index=other), size, root)
                assert not _holds(log.leaf_hash(b"entry %d" % other), proof, size, root)
        for wrong_size in (0, index, 2 * size + 1, 4 * size + 1):
            assert not _holds(leaf, proof, wrong_size, root)
        assert not _holds(leaf, proof, size, log.root_of(leaves[:-1]))
        assert not _holds(leaf, proof, size, log.root_of([*leaves, leaf]))


def test_P9_T47_any_changed_bit_of_a_proof_is_refused() -> None:
    """Of any hash, of the leaf and of the root; also a hash more, fewer, swapped or of no size."""
    leaves = [log.leaf_hash(entry) for entry in _entries(13)]
    root, leaf, proof = log.root_of(leaves), leaves[5], log.inclusion_proof(leaves, 5)
    whole = leaf + root + b"".join(proof.hashes)
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        parts = [bytes(changed[at : at + 32]) for at in range(0, len(whole), 32)]
        assert not _holds(parts[0], Inclusion(5, tuple(parts[2:])), 13, parts[1])
    first, *rest = proof.hashes
    for hashes in (rest, [*rest, first], [first, first, *rest], [*proof.hashes, root], []):
        assert not _holds(leaf, Inclusion(5, tuple(hashes)), 13, root)


def test_P9_T47_a_node_is_never_taken_for_an_entry() -> None:
    """An inner node's hash can't be shown as a leaf by leaving out the levels below it."""
    leaves = list(LEAVES)
    inner = log.node_hash(leaves[0], leaves[1])
    proof = log.inclusion_proof(leaves, 0)
    assert not _holds(inner, Inclusion(0, proof.hashes[1:]), 8, log.root_of(leaves))
    assert log.leaf_hash(leaves[0] + leaves[1]) != inner


def test_P9_T47_hashes_of_another_length_are_refused() -> None:
    """Moving a byte from one hash to its neighbour hashes alike, and is refused all the same."""
    left, right = b"x" * 31, b"y" * 33
    root = log.node_hash(left, right)
    assert not _holds(left, Inclusion(0, (right,)), 2, root)
    assert not _holds(right, Inclusion(1, (left,)), 2, root)


def test_a_log_of_a_million_entries_takes_20_hashes() -> None:
    """A proof in a log of 2^20 entries holds, and none of more than 26 hashes does."""
    for index in (0, 1, 2**19, 2**20 - 1):
        proof, root = big_log(b"ours", index, 2**20)
        assert len(proof.hashes) == 20
        log.verify_inclusion(log.leaf_hash(b"ours"), proof, size=2**20, root=root)
    for exponent, holds in ((PROOF_HASHES, True), (PROOF_HASHES + 1, False)):
        proof, root = big_log(b"ours", 7, 2**exponent)
        assert _holds(log.leaf_hash(b"ours"), proof, 2**exponent, root) is holds


@pytest.mark.parametrize("index", [-1, 3, 4])
def test_nothing_is_shown_of_an_entry_that_is_not_there(index: int) -> None:
    """A log of three entries has indexes 0 to 2."""
    with pytest.raises(NotInLog):
        log.inclusion_proof(LEAVES[:3], index)


@given(st.integers(1, 2**20), st.data())
def test_uneven_big_logs(size: int, data: st.DataObject) -> None:
    """Proofs made by the definition hold, in trees of any size, at their index and nowhere else."""
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size - 1))
    proof, root = big_log(b"ours", index, size)
    leaf = log.leaf_hash(b"ours")
    log.verify_inclusion(leaf, proof, size=size, root=root)
    assert _holds(leaf, replace(proof, index=other), size, root) is (index == other)
