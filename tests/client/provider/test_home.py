"""The folder of a provider: what is refused, and what a stop or a full disk leaves."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from client import home as homes
from client import network_view, store_file
from client.errors import BadInput, FirstDo, NotReadable, NotVetted, Trouble
from client.flows import members
from client.flows.desk import open_desk
from client.home import FileCounter
from crypto.constants import COUNTER_MOST
from tests.client.provider.town import PHRASE, Device, Town
from tests.client.test_store_disk import always, trouble
from tests.crypto.store_samples import draws


def test_without_a_folder_the_first_step_is_named(tmp_path: Path) -> None:
    """Exit code 7, and the command to begin with."""
    with pytest.raises(FirstDo, match="towpath provider apply") as caught:
        homes.load(tmp_path / "none")
    assert caught.value.exit_code == 7


@pytest.mark.parametrize("phrase", ["", "another", PHRASE + " ", PHRASE.upper()])
def test_P1_a_wrong_passphrase_opens_nothing(town: Town, phrase: str) -> None:
    """Exit code 5, in plain words."""
    device = town.apply()
    with pytest.raises(NotReadable, match="passphrase") as caught:
        open_desk(device.desk.home, phrase, town.random)
    assert caught.value.exit_code == 5


def test_what_is_there_is_not_written_over(town: Town) -> None:
    """A second application into the same folder is refused, and the keys in it stay."""
    device = town.apply()
    before = device.desk.home.key_file.read_bytes()
    with pytest.raises(BadInput, match="is there already"):
        town.apply("Another")
    assert device.desk.home.key_file.read_bytes() == before


@pytest.mark.parametrize("call", ["write", "fsync", "mkdir"])
def test_P10_a_disk_that_refuses_leaves_no_half_folder(town: Town, call: str) -> None:
    """Either the whole folder is there or none; and then it can be done again."""
    with trouble(call, errno.ENOSPC, always), pytest.raises((Trouble, OSError)):
        town.apply()
    assert not (town.folder / "home").exists()
    town.apply()


def test_P10_what_a_stopped_founding_left_is_begun_anew(town: Town) -> None:
    """Keys that nobody has seen are thrown away."""
    left = town.folder / ".home.making"
    left.mkdir()
    (left / "member.key").write_bytes(b"half")
    device = town.apply()
    assert device.desk.home.key_file.stat().st_size == 201
    assert not left.exists()


def test_P5_only_its_owner_reads_the_folder_and_names_say_nothing(listed: Device) -> None:
    """Modes 0700 and 0600, neutral names, and no key, name or code in what is not sealed."""
    home = listed.desk.home
    assert stat.S_IMODE(home.folder.stat().st_mode) == 0o700
    listed.signed.tokens(listed.town.today, b"")
    for file in home.folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    assert {one.name for one in home.folder.iterdir()} == {
        "home.json",
        "member.key",
        "store",
        "store.lock",
        "counter",
    }
    plain = (home.folder / "home.json").read_text()
    assert "Anna" not in plain
    assert listed.desk.organisation_key.hex() not in plain


def test_P2_a_server_of_another_network_is_refused(listed: Device) -> None:
    """The folder knows its network; another one's server gets nothing signed."""
    with pytest.raises(NotVetted, match="another network") as caught:
        network_view.fetch(listed.api, device_day=listed.town.today, network_id=bytes(32))
    assert caught.value.exit_code == 6


@pytest.mark.parametrize("harm", ["cut", "flipped", "gone", "another's"])
def test_a_damaged_store_is_told_and_a_copy_named(town: Town, harm: str) -> None:
    """Exit code 5 and what to do, never a traceback."""
    device = town.apply()
    store = device.desk.home.store
    data = store.read_bytes()
    match harm:
        case "cut":
            store.write_bytes(data[:-1])
        case "flipped":
            store.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        case "gone":
            store.unlink()
        case _:
            store.write_bytes(town.apply("Other", "other").desk.home.store.read_bytes())
    with pytest.raises(NotReadable) as caught:
        device.again()
    assert caught.value.exit_code == 5


def test_R31_a_removed_member_is_told_so(town: Town) -> None:
    """Whoever was removed gets plain words."""
    device = town.apply()
    new = members.make(device.desk, PHRASE, town.random)
    members.add(
        device.desk, new, members.entry_of(new.secret, role="lead", name="Bo", today=town.today)
    )
    members.remove(device.desk, members.find(device.desk.read(), "Bo"), now=1)
    device.desk.home.key_file.write_bytes(new.key_file)
    with pytest.raises(NotReadable, match="removed"):
        device.again()


def test_an_older_store_than_a_moment_ago_is_refused(town: Town) -> None:
    """While a program runs, nobody can put an earlier store under it."""
    device = town.apply()
    before = device.desk.home.store.read_bytes()
    device.desk.edit(lambda store: store)
    device.desk.home.store.write_bytes(before)
    with pytest.raises(NotReadable, match="older"):
        device.desk.read()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"version": 2}', "not json", '{"version": 1}'])
def test_settings_that_are_none_are_told(town: Town, text: str) -> None:
    """A damaged home.json is named."""
    home = town.apply().desk.home
    (home.folder / "home.json").write_text(text)
    with pytest.raises(NotReadable):
        homes.load(home.folder)


def test_the_counter_only_rises(tmp_path: Path) -> None:
    """Each number is above every one before, whoever asks."""
    file = tmp_path / "counter"
    numbers = [FileCounter(file).next() for _ in range(5)]
    assert numbers == [1, 2, 3, 4, 5]
    FileCounter(file).seen(90)
    FileCounter(file).seen(7)
    assert FileCounter(file).next() == 91


@pytest.mark.parametrize("text", [b"", b"x", b"-1", b"9" * 19, b"\xff" * 19])
def test_a_damaged_counter_begins_anew(tmp_path: Path, text: bytes) -> None:
    """The server then says which number was the last."""
    file = tmp_path / "counter"
    file.write_bytes(text)
    assert 1 <= FileCounter(file).next() < COUNTER_MOST


def test_a_lost_counter_goes_on_from_the_servers(listed: Device) -> None:
    """A folder that was brought back from a copy signs again."""
    for _ in range(3):
        listed.signed.tokens(listed.town.today, b"")
    (listed.desk.home.folder / "counter").unlink()
    assert len(listed.signed.tokens(listed.town.today, b"").drop_key) == 32


def test_P10_a_full_disk_is_told_in_plain_words(town: Town) -> None:
    """The store is as it was, and the sentence says so."""
    device = town.apply()
    with trouble("write", errno.ENOSPC, always), pytest.raises(Trouble) as caught:
        device.desk.edit(lambda store: store)
    assert str(caught.value) == (
        "The store was not written and is as it was: No space left on device."
        " Make room or mend the disk, then do this again."
    )
    assert device.desk.read().generation == 0


def test_found_refuses_a_store_of_somebody_else(town: Town, tmp_path: Path) -> None:
    """A key file and a store that do not belong together make no folder."""
    one, other = town.apply(), town.apply("Other", "other")
    with pytest.raises(NotReadable, match="belong together"):
        homes.found(
            tmp_path / "mixed",
            server="http://127.0.0.1:1",
            member=one.desk.member,
            key_file=one.desk.home.key_file.read_bytes(),
            sealed_store=store_file.read_sealed(other.desk.home.store),
            random=draws("mixed"),
        )
    assert not (tmp_path / "mixed").exists()
    assert os.access(tmp_path, os.W_OK)
