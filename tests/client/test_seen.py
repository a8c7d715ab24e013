"""T63: what a device remembers of a network binds for good, and says nothing of what was asked."""

from __future__ import annotations

import json
import multiprocessing
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from client import network_view
from client.api_types import NetworkDocument
from client.cli import common
from client.errors import NotReadable, NotVetted, Trouble
from client.home import Home
from client.network_words import FEW_WITNESSES, OLD_LOG, OLD_RULES, OTHER_LIST, STALE, TWO_LOGS
from client.seen import ForNow, Kept
from crypto.public.seen import Seen
from tests.crypto.networks import SECONDS_A_DAY, TODAY, Network, make_network, noon
from words import banned

NET = make_network(admins=3, threshold=2, witnesses=3, witness_threshold=2, name="seen-")
ENTRIES = (b"one\n", b"two\n", b"three\n")
ID = NET.network_id
SEEN = Seen(version=7, size=900, root=bytes(range(32)), day=TODAY)


def shown(
    net: Network = NET, entries: tuple[bytes, ...] = ENTRIES, **changes: Any
) -> NetworkDocument:
    """What a server shows of a network whose log has these entries."""
    document = NetworkDocument(
        network_id=net.network_id,
        policies=(NET.policy_note,) if net is NET else (NET.policy_note, net.policy_note),
        checkpoint=net.checkpoint(entries),
        suspensions=net.suspensions(),
        suspended=(),
        token_keys=(),
        tokens_a_week=8,
        work_bits=8,
        tick_seconds=120,
        store_bytes=262_144,
    )
    return replace(document, **changes)


class Server:
    """A server that shows what it is told to, to one device that remembers."""

    def __init__(self, memory: ForNow | Kept) -> None:
        self.memory = memory
        self.shows = shown()

    def network(self) -> NetworkDocument:
        """What it shows now."""
        return self.shows

    def look(self, document: NetworkDocument) -> network_view.View:
        """Look at it as every command does."""
        self.shows = document
        return network_view.fetch(self, device_day=TODAY, network_id=ID)  # type: ignore[arg-type]


def refused(server: Server, document: NetworkDocument, sentence: str) -> None:
    """See it refused in these words, and nothing learned from it."""
    before = server.memory.recall(ID)
    with pytest.raises(NotVetted) as caught:
        server.look(document)
    assert caught.value.sentence == sentence
    assert caught.value.then
    assert server.memory.recall(ID) == before


@pytest.fixture
def memory(tmp_path: Path) -> Kept:
    """A device's memory."""
    return Kept(tmp_path / "state" / "towpath", must=False)


def test_P9_T63_an_older_policy_is_refused_for_good(memory: Kept, tmp_path: Path) -> None:
    """By another program of this device, after the one that saw version 2 has ended."""
    later = NET.at(NET.next_policy(until=TODAY + 400))
    assert Server(memory).look(shown(later)).policy.version == 2
    again = Server(Kept(tmp_path / "state" / "towpath", must=False))
    refused(again, shown(NET, (*ENTRIES, b"more\n")), OLD_RULES)
    assert again.look(shown(later)).seen.version == 2
    # A device that remembers nothing takes it: the checkpoint is of that time (statements.md, 11).
    assert Server(ForNow()).look(shown(NET)).policy.version == 1


def test_P9_T63_a_log_that_was_rolled_back_is_refused(memory: Kept) -> None:
    """By one entry."""
    server = Server(memory)
    server.look(shown())
    refused(server, shown(entries=ENTRIES[:2]), OLD_LOG)
    server.look(shown(entries=(*ENTRIES, b"four\n")))
    refused(server, shown(), OLD_LOG)


def test_P9_T63_two_logs_of_one_size_are_a_split_view(memory: Kept) -> None:
    """Both signed by the log and all witnesses."""
    server = Server(memory)
    server.look(shown())
    refused(server, shown(entries=(*ENTRIES[:2], b"another\n")), TWO_LOGS)


def test_P9_T63_today_is_never_before_the_latest_day_that_was_seen(memory: Kept) -> None:
    """So that a frozen log and list are noticed where the device's own date is wrong."""
    server = Server(memory)
    memory.keep(ID, Seen(version=1, size=1, root=bytes(32), day=TODAY + 7))
    assert server.look(shown()).today == TODAY + 7
    memory.keep(ID, Seen(version=1, size=3, root=server.memory.recall(ID).root, day=TODAY + 8))
    refused(server, shown(), STALE)


def test_P9_T64_what_is_wrong_is_said_in_words_that_say_what_to_do(memory: Kept) -> None:
    """Too few witnesses, old cosignatures, a shortened list, a checkpoint of later rules."""
    server, entries = Server(memory), list(ENTRIES)
    one = NET.checkpoint(entries, witnesses=NET.witnesses[:1])
    refused(server, shown(checkpoint=one), FEW_WITNESSES)
    old = [noon(TODAY) - 9 * SECONDS_A_DAY] * 3
    refused(server, shown(checkpoint=NET.checkpoint(entries, times=old)), STALE)
    full = NET.suspensions([NET.organisation, bytes(32)])
    named = NET.checkpoint(entries, suspensions=full)
    shorter = NET.suspensions([bytes(32)])
    refused(server, shown(checkpoint=named, suspensions=shorter), OTHER_LIST)
    ahead = NET.checkpoint(entries, policy_version=2)
    refused(server, shown(checkpoint=ahead), OLD_RULES)


@pytest.mark.parametrize(
    "sentence", [OLD_RULES, OLD_LOG, TWO_LOGS, OTHER_LIST, FEW_WITNESSES, STALE]
)
def test_T64_the_sentences_are_plain(sentence: str) -> None:
    """No word of the trade, and none that is banned."""
    assert banned.find(sentence) == ()
    for word in ("checkpoint", "policy", "root", "Merkle", "cosign", "hash", "rollback"):
        assert word not in sentence.lower()


def test_P5_T63_the_file_says_how_new_the_network_was_and_nothing_else(memory: Kept) -> None:
    """Readable by its owner alone; no time finer than a day, no address, no code."""
    memory.keep(ID, SEEN)
    (file,) = memory._folder.iterdir()
    assert file.name == f"seen-{ID.hex()}"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(memory._folder.stat().st_mode) == 0o700
    said = json.loads(file.read_bytes())
    assert said == {
        "version": 1, "policy": 7, "size": 900, "root": SEEN.root.hex(), "day": TODAY,
    }  # fmt: skip


def test_P9_T63_networks_are_apart_and_none_makes_another_forgotten(memory: Kept) -> None:
    """A server that shows made-up networks pushes nothing out."""
    memory.keep(ID, SEEN)
    for number in range(50):
        memory.keep(number.to_bytes(32, "big"), replace(SEEN, version=1))
    fresh = Kept(memory._folder, must=False)
    assert fresh.recall(ID) == SEEN
    assert fresh.recall(b"\xff" * 32) == Seen()


def _keeps(folder: Path, sizes: list[int]) -> None:
    for size in sizes:
        Kept(folder, must=True).keep(ID, replace(SEEN, size=size, root=size.to_bytes(32, "big")))


def test_P9_T63_what_programs_saw_at_once_never_makes_it_older(tmp_path: Path) -> None:
    """Four processes that write the same file: the largest stays, whole."""
    started = [
        multiprocessing.Process(target=_keeps, args=(tmp_path, list(range(at, 160, 4))))
        for at in range(4)
    ]
    for one in started:
        one.start()
    for one in started:
        one.join(60)
    assert Kept(tmp_path, must=True).recall(ID).size == 159
    assert [file.name for file in tmp_path.iterdir()] == [f"seen-{ID.hex()}"]


@pytest.mark.parametrize(
    "damage",
    [
        b"", b"{", b"[]", b"null", b'{"version": 1}', b"\xff",
        b'{"version": 2, "policy": 1, "size": 1, "root": "' + b"00" * 32 + b'", "day": 1}',
        b'{"version": 1, "policy": true, "size": 1, "root": "' + b"00" * 32 + b'", "day": 1}',
        b'{"version": 1, "policy": 1, "size": -1, "root": "' + b"00" * 32 + b'", "day": 1}',
        b'{"version": 1, "policy": 1, "size": 1, "root": "00", "day": 1}',
    ],
)  # fmt: skip
def test_T63_a_damaged_memory_is_said_and_not_passed_over(memory: Kept, damage: bytes) -> None:
    """Or else who can damage it could make a device forget."""
    memory.keep(ID, SEEN)
    (file,) = memory._folder.iterdir()
    file.write_bytes(damage)
    with pytest.raises(NotReadable) as caught:
        Kept(memory._folder, must=False).recall(ID)
    assert str(file) in caught.value.then


def test_where_nothing_can_be_written_a_peer_goes_on_and_a_provider_is_told(
    tmp_path: Path,
) -> None:
    """A file stands where the folder would be: as on a stick that is read-only."""
    place = tmp_path / "state"
    place.write_bytes(b"")
    peer = Kept(place, must=False)
    peer.keep(ID, SEEN)
    assert peer.recall(ID) == SEEN
    with pytest.raises(Trouble, match="can't be kept"):
        Kept(place, must=True).keep(ID, SEEN)


def test_T63_an_empty_towpath_state_keeps_nothing_and_another_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where nobody may see that Towpath was used on this device."""
    monkeypatch.setenv("TOWPATH_STATE", "")
    assert isinstance(common.memory_of_user(), ForNow)
    monkeypatch.setenv("TOWPATH_STATE", str(tmp_path / "mine"))
    common.memory_of_user().keep(ID, SEEN)
    assert [file.name for file in (tmp_path / "mine").iterdir()] == [f"seen-{ID.hex()}"]
    monkeypatch.delenv("TOWPATH_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "usual"))
    common.memory_of_user().keep(ID, SEEN)
    assert (tmp_path / "usual" / "towpath" / f"seen-{ID.hex()}").is_file()


def test_P9_T63_a_providers_memory_lies_in_its_folder_and_must_be_kept(tmp_path: Path) -> None:
    """Beside its store, and taken along by nobody who takes the store alone."""
    home = Home(folder=tmp_path, server="https://one.example", device=bytes(4), stocks=(bytes(4),))
    home.memory.keep(ID, SEEN)
    assert [file.name for file in tmp_path.iterdir()] == [f"seen-{ID.hex()}"]
    assert home.memory.recall(ID) == SEEN
