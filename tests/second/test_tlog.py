"""Two implementations of C2SP's logs agree: ours, and aics-tlog's, which shares no code with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from crypto.constants import TILE_WIDTH
from crypto.errors import Refused
from crypto.public import checkpoint as checkpoints
from crypto.public import consistency, edge, log, notes, tiles
from crypto.public.log import Inclusion
from crypto.public.note_signing import cosign
from tests.client.log.served import serving
from tests.client.log.written import Written, usual
from tests.crypto.networks import TODAY, flips, make_network, noon
from tests.second.tlog import INTERPRETER, MISSING, Tlog, TlogRefused

pytestmark = pytest.mark.skipif(not INTERPRETER.exists(), reason=MISSING)

NETWORK = make_network()
SIZES = (1, 2, 3, 7, 8, 255, 256, 257, 600)


@pytest.fixture(scope="module")
def tlog() -> Iterator[Tlog]:
    """One process of it for the whole file."""
    with Tlog() as process:
        yield process


def cosigned(written: Written, count: int = 3) -> bytes:
    """A log's checkpoint, cosigned by so many witnesses."""
    note = written.checkpoint()
    text = notes.parse(note).text
    people = NETWORK.witnesses[:count]
    return notes.add_lines(note, [cosign(text, one.name, one.seed, noon(TODAY)) for one in people])


def long(size: int) -> Written:
    """A log of so many entries."""
    written = Written(NETWORK)
    for number in range(size - 1):
        written.add(b"entry %d\n" % number)
    return written


@pytest.mark.parametrize("size", [0, *SIZES[:-1]])
def test_P9_T75_it_verifies_our_log_over_http(tlog: Tlog, size: int) -> None:
    """Tiles, bundles, checkpoint, cosignatures, each inclusion, and consistency of all sizes."""
    written = long(size) if size else usual(NETWORK)
    size = len(written.entries)
    with serving(written) as served:
        served.published = cosigned(written)
        seen = tlog.look(served.url, NETWORK.policy)
    assert seen["size"] == size
    assert [bytes.fromhex(entry) for entry in seen["entries"]] == written.entries
    leaves = [log.leaf_hash(entry) for entry in written.entries]
    assert seen["roots"] == [edge.root(edge.of(leaves[:at])).hex() for at in range(1, size + 1)]
    assert seen["consistent"] == size * (size + 1) // 2
    assert seen["witnesses"] == ["w1", "w2", "w3"]


def test_T75_it_refuses_our_log_where_something_was_changed(tlog: Tlog) -> None:
    """An entry, a tile's size, too few witnesses, another log's key: the same as we refuse."""
    written = usual(NETWORK)
    honest = cosigned(written)
    with serving(written) as served:
        served.published = honest
        written.entries[3] += b"x"
        with pytest.raises(TlogRefused):
            tlog.look(served.url, NETWORK.policy)
    for note, policy in (
        (cosigned(usual(NETWORK), 2), NETWORK.policy),
        (honest, make_network(name="other").policy),
    ):
        with pytest.raises(TlogRefused):
            tlog.verify(note, policy)
        with pytest.raises(Refused):
            checkpoints.check(note, policy)


def test_T75_it_holds_what_we_hold_of_a_checkpoint(tlog: Tlog) -> None:
    """What it takes of a changed checkpoint we may refuse, being stricter; never the other way."""
    honest = cosigned(usual(NETWORK))
    tlog.verify(honest, NETWORK.policy)
    agreed = 0
    for _, changed in flips(honest, range(0, len(honest), 7)):
        try:
            checkpoints.check(changed, NETWORK.policy)
        except Refused:
            agreed += 1
            continue
        tlog.verify(changed, NETWORK.policy)
    assert agreed


@pytest.mark.parametrize("size", SIZES)
def test_T75_we_verify_what_it_makes(tlog: Tlog, size: int, tmp_path: Path) -> None:
    """Its tiles and bundles are ours byte for byte; its proofs, checkpoint and witnesses hold."""
    written = long(size)
    text = notes.parse(written.checkpoint()).text
    made = tlog.make(
        tmp_path,
        written.entries,
        log=NETWORK.log,
        witnesses=[(one, noon(TODAY)) for one in NETWORK.witnesses[:3]],
        lines=text.splitlines()[3:],
    )
    note = bytes.fromhex(made["note"])
    held = checkpoints.check_newest(note, NETWORK.policy)
    assert notes.parse(note).text == text
    assert held.day == TODAY
    root, leaves = bytes.fromhex(made["root"]), list(map(log.leaf_hash, written.entries))
    for index, hashes in enumerate(made["inclusions"]):
        proof = Inclusion(index, tuple(map(bytes.fromhex, hashes)))
        assert proof == log.inclusion_proof(leaves, index)
        log.verify_inclusion(leaves[index], proof, size=size, root=root)
    for first, first_root, hashes in made["consistent"]:
        shown = tuple(map(bytes.fromhex, hashes))
        assert shown == consistency.consistency_proof(leaves, first)
        consistency.verify_consistency(
            shown, first=first, first_root=bytes.fromhex(first_root), size=size, root=root
        )
    found = [one for one in (tmp_path / "tile").rglob("*") if one.is_file()]
    assert len(found) >= 2 * -(-size // TILE_WIDTH)
    for file in found:
        tile = tiles.parse_path(str(file.relative_to(tmp_path / "tile")))
        if tile.rows == tiles.ENTRIES:
            rows = tiles.read_bundle(file.read_bytes(), tile.width)
            assert list(rows) == written.entries[tile.first : tile.first + tile.width]
        else:
            assert file.read_bytes() == tiles.hashes_of(tile, leaves)
