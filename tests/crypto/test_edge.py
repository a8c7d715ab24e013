"""The edge of a log and consistency: every beginning holds, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto.errors import Malformed, NotInLog
from crypto.public import consistency, edge, log, tiles
from crypto.public.edge import Edge
from tests.crypto.test_log import LEAVES, ROOTS

_MOST = 40


def _leaves(count: int, changed: int | None = None) -> list[bytes]:
    return [log.leaf_hash(b"other" if at == changed else b"entry %d" % at) for at in range(count)]


def _is_shown(hashes: tuple[bytes, ...], first: int, before: bytes, size: int, root: bytes) -> bool:
    try:
        consistency.verify_consistency(hashes, first=first, first_root=before, size=size, root=root)
    except NotInLog:
        return False
    return True


def test_an_edge_comes_to_the_root_of_every_tree() -> None:
    """Appending one by one gives the known roots, and those of the definition."""
    for size in range(9):
        assert edge.root(edge.of(LEAVES[:size])).hex() == ROOTS[size]
    found = edge.EMPTY
    for size, leaf in enumerate(_leaves(300), 1):
        found = edge.append(found, leaf)
        assert edge.root(found) == log.root_of(_leaves(300)[:size])
        assert (found.size, len(found.hashes)) == (size, size.bit_count())
        assert edge.decode(edge.encode(found)) == found


@given(st.integers(0, _MOST), st.integers(0, _MOST), st.data())
def test_T72_whoever_goes_on_from_an_edge_notices_any_changed_entry(
    first: int, more: int, data: st.DataObject
) -> None:
    """An entry changed before the edge or dropped behind it gives another root."""
    size = first + more
    kept, whole = edge.of(_leaves(first)), _leaves(size)
    on = kept
    for leaf in whole[first:]:
        on = edge.append(on, leaf)
    assert edge.root(on) == log.root_of(whole)
    if size:
        changed = data.draw(st.integers(0, size - 1))
        assert edge.root(on) != log.root_of(_leaves(size, changed))
        assert edge.root(on) != log.root_of(whole[:changed] + whole[changed + 1 :])


@pytest.mark.parametrize("size", [0, 2**26 - 1])
def test_an_edge_is_not_written_with_another_number_of_hashes(size: int) -> None:
    """What `decode` would refuse is not written either."""
    with pytest.raises(Malformed):
        edge.encode(Edge(size, (bytes(32),)))
    with pytest.raises(Malformed):
        edge.append(edge.EMPTY, bytes(31))


def test_every_beginning_of_a_log_is_shown_to_be_one() -> None:
    """For all pairs of sizes; and never of more hashes than the height of the trees asks for."""
    leaves = _leaves(_MOST)
    roots = [log.root_of(leaves[:size]) for size in range(_MOST + 1)]
    for size in range(1, _MOST + 1):
        for first in range(1, size + 1):
            shown = consistency.consistency_proof(leaves[:size], first)
            assert _is_shown(shown, first, roots[first], size, roots[size])
            assert len(shown) <= 2 * size.bit_length()


@given(st.integers(1, _MOST), st.integers(1, _MOST), st.data())
def test_T72_no_log_with_a_changed_entry_is_shown_to_go_on(
    one: int, other: int, data: st.DataObject
) -> None:
    """Neither root can be that of a log in which one of the first's entries is another."""
    first, size = sorted((one, other))
    at = data.draw(st.integers(0, first - 1))
    honest, lying = _leaves(size), _leaves(size, at)
    before, after = log.root_of(honest[:first]), log.root_of(lying)
    for leaves in (honest, lying):
        shown = consistency.consistency_proof(leaves, first)
        assert not _is_shown(shown, first, before, size, after)
        assert not _is_shown(shown, first, log.root_of(lying[:first]), size, log.root_of(honest))


def test_T72_any_changed_bit_of_what_shows_consistency_is_refused() -> None:
    """Of any hash and both roots, for a first tree that is a whole subtree and one that is not."""
    leaves = _leaves(13)
    root = log.root_of(leaves)
    for first in (5, 8):
        shown = consistency.consistency_proof(leaves, first)
        whole = log.root_of(leaves[:first]) + root + b"".join(shown)
        for bit in range(8 * len(whole)):
            changed = bytearray(whole)
            changed[bit // 8] ^= 1 << bit % 8
            parts = [bytes(changed[at : at + 32]) for at in range(0, len(whole), 32)]
            assert not _is_shown(tuple(parts[2:]), first, parts[0], 13, parts[1])


@pytest.mark.parametrize("first", [-1, 0, 4])
def test_nothing_is_shown_of_a_beginning_that_is_not_there(first: int) -> None:
    """A log of three entries begins with 1 to 3 of them."""
    with pytest.raises(NotInLog):
        consistency.consistency_proof(LEAVES[:3], first)


@given(st.integers(0, 600), st.integers(0, 600))
def test_the_bundles_behind_an_edge_are_all_there_is(one: int, other: int) -> None:
    """They join, begin at or before the first row that is asked for, and end with the last."""
    first, size = sorted((one, other))
    found = tiles.bundles(tiles.ENTRIES, first, size)
    rows = [row for tile in found for row in range(tile.first, tile.first + tile.width)]
    assert set(range(first, size)) <= set(rows)
    assert rows == list(range(rows[0], size)) if rows else first == size
    assert all(tiles.is_in(tile, size) for tile in found)
    assert all(tiles.parse_path(tiles.path_of(tile)) == tile for tile in found)


def test_a_tile_has_the_roots_of_256_below_each_of_its_hashes() -> None:
    """Level 1 of a log of 600 entries has two hashes, of 256 entries each."""
    leaves = _leaves(600)
    above = tiles.hashes_of(tiles.Tile("1", 0, 2), leaves)
    assert tiles.read_hashes(above, 2) == (log.root_of(leaves[:256]), log.root_of(leaves[256:512]))
    last = tiles.hashes_of(tiles.Tile("0", 2, 88), leaves)
    assert tiles.read_hashes(last, 88) == tuple(leaves[512:])
    assert not tiles.is_in(tiles.Tile("1", 0, 3), 600)
    with pytest.raises(Malformed):
        tiles.read_hashes(last[:-1], 88)
