"""Keys in files: made before they are used, on every disk, and ended without leaving a copy."""

from __future__ import annotations

import errno
import itertools
import re
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event, Thread

import pytest

from server.clock import random
from server.keyring import DROP, FILLER, KINDS, LOG, TOKEN, WRAP, Keyring, KeyringBroken
from tests.server import disk, killing
from tests.server.serving import ROOT

KILLS = 60
KEPT = 5  # keys that the worker lets stand


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of keys."""
    made = tmp_path / "keys"
    made.mkdir(mode=0o700)
    return made


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The second folder."""
    made = tmp_path / "copy"
    made.mkdir(mode=0o700)
    return made


def names(folder: Path) -> set[str]:
    """The names of the key files in a folder."""
    return {path.name for path in folder.glob("*.key")}


def contents(folder: Path) -> dict[str, bytes]:
    """What lies in a folder."""
    return {path.name: path.read_bytes() for path in folder.glob("*.key")}


def whole(folder: Path) -> dict[str, bytes]:
    """What lies in a folder, without what a stop left there half made or half destroyed."""
    return {name: key for name, key in contents(folder).items() if len(key) == 32 and any(key)}


def never(_size: int) -> bytes:
    """Randomness where none may be drawn."""
    raise AssertionError("a key was drawn anew")


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_is_made_once_and_stays_the_same(folder: Path, kind: str) -> None:
    """Asked for again, also after a restart, it is the one that lies in the folder."""
    made = Keyring(folder).make(kind, 7, random)
    again = Keyring(folder)
    assert again.get(kind, 7) == made == again.make(kind, 7, never)
    assert again.numbers(kind) == [7]
    assert (folder / f"{kind}-00000007.key").stat().st_mode & 0o777 == 0o600


def test_keys_of_other_kinds_and_numbers_are_others(folder: Path) -> None:
    """No two keys are alike, and none is found under another name."""
    keyring = Keyring(folder)
    made = {keyring.make(kind, number, random) for kind in KINDS for number in (0, 1, 20_000)}
    assert len(made) == len(KINDS) * 3
    assert keyring.get(WRAP, 2) is None
    assert keyring.get("wrap-0", 1) is None


@pytest.mark.parametrize(
    "left", [b"", b"x" * 31, b"x" * 33, bytes(32), bytes(16)], ids=lambda left: f"{len(left)}"
)
def test_P7_P10_half_a_key_is_no_key(folder: Path, left: bytes) -> None:
    """What a stop left behind, short or zeros, was never used: a new key takes its place."""
    (folder / "wrap-00000007.key").write_bytes(left)
    keyring = Keyring(folder)
    assert keyring.get(WRAP, 7) is None
    made = keyring.make(WRAP, 7, random)
    assert (folder / "wrap-00000007.key").read_bytes() == made
    assert len(made) == 32
    assert any(made)


@pytest.mark.parametrize("name", ["wrap-7.key", "other-00000007.key", "wrap-00000007.key~", "x"])
def test_other_files_are_no_keys(folder: Path, name: str) -> None:
    """Only names of the one form count."""
    (folder / name).write_bytes(random(32))
    assert [Keyring(folder).numbers(kind) for kind in KINDS] == [[]] * len(KINDS)


def test_P10_every_key_lies_in_both_folders(folder: Path, copy: Path) -> None:
    """From the moment it is made until it ends; then in neither."""
    keyring = Keyring(folder, copy)
    for number in range(3):
        keyring.make(WRAP, number, random)
    assert contents(folder) == contents(copy) != {}
    keyring.destroy(WRAP, 1)
    assert contents(folder) == contents(copy)
    assert names(folder) == {"wrap-00000000.key", "wrap-00000002.key"}


@pytest.mark.parametrize("lost", ["keys", "copy"])
def test_P10_either_folder_is_restored_from_the_other(folder: Path, copy: Path, lost: str) -> None:
    """A disk that died is replaced by an empty one, and no key is lost."""
    for kind, number in ((WRAP, 20_000), (DROP, 20_003), (TOKEN, 20_003), (LOG, 0), (FILLER, 0)):
        Keyring(folder, copy).make(kind, number, random)
    before = contents(folder)
    for path in (folder.with_name(lost)).glob("*.key"):
        path.unlink()
    Keyring(folder, copy).complete(never)
    assert contents(folder) == contents(copy) == before


def test_P10_a_key_in_one_folder_only_is_completed_before_its_next_use(
    folder: Path, copy: Path
) -> None:
    """As when the second disk was full at first."""
    made = Keyring(folder).make(WRAP, 7, random)
    assert Keyring(folder, copy).make(WRAP, 7, never) == made
    assert contents(copy) == contents(folder)


@pytest.mark.parametrize("zeros", ["keys", "copy"])
def test_P7_a_key_that_was_half_destroyed_ends_everywhere(
    folder: Path, copy: Path, zeros: str
) -> None:
    """Stopped between two disks, the next sweep still finds its number and ends it in both."""
    Keyring(folder, copy).make(WRAP, 7, random)
    (folder.with_name(zeros) / "wrap-00000007.key").write_bytes(bytes(32))
    keyring = Keyring(folder, copy)
    assert keyring.numbers(WRAP) == [7]
    keyring.destroy(WRAP, 7)
    assert names(folder) == names(copy) == set()
    assert keyring.get(WRAP, 7) is None


def test_destroying_what_is_not_there_does_nothing(folder: Path) -> None:
    """A sweep can be repeated."""
    keyring = Keyring(folder)
    keyring.destroy(WRAP, 7)
    assert names(folder) == set()


def test_P7_a_second_name_of_a_destroyed_key_is_zeros(folder: Path) -> None:
    """It is overwritten where it lies, so that whoever kept its blocks has nothing."""
    keyring = Keyring(folder)
    keyring.make(WRAP, 7, random)
    kept = folder / "kept"
    kept.hardlink_to(folder / "wrap-00000007.key")
    keyring.destroy(WRAP, 7)
    assert kept.read_bytes() == bytes(32)


def test_P10_processes_that_make_the_same_key_agree(folder: Path, copy: Path) -> None:
    """Whoever is first draws it, and all the others get that one."""

    def slowly(size: int) -> bytes:
        time.sleep(0.01)
        return random(size)

    def work(tell: killing.Tell) -> None:
        for number in range(40):
            tell(Keyring(folder, copy).make(WRAP, number, slowly).hex())

    told = killing.at_once(4, work)
    assert told[0].count("\n") == 40
    assert len(set(told)) == 1
    assert contents(folder) == contents(copy)


def test_P10_threads_that_make_the_same_key_agree(folder: Path) -> None:
    """As in one server."""
    keyring, together, made = Keyring(folder), Barrier(8), []

    def race() -> None:
        together.wait()
        made.append([keyring.make(WRAP, number, random) for number in range(10)])

    threads = [Thread(target=race) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one == made[0] for one in made)


def test_P10_keys_are_read_while_another_thread_forgets_ended_ones(folder: Path) -> None:
    """Forgetting keys that ended elsewhere disturbs nobody who reads one at that moment."""
    keys, numbers = Keyring(folder), range(1, 401)
    for number in numbers:
        keys.make(DROP, number, random)
    read = Event()

    def forget() -> bool:
        while not read.is_set():
            keys.forget_before(DROP, 200)
        return True

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # threads take turns in the middle of everything
    try:
        with ThreadPoolExecutor(2) as pool:
            forgetting = [pool.submit(forget) for _ in range(2)]
            found = [keys.get(DROP, number) for _ in range(20) for number in numbers]
            read.set()
            assert all(one.result() for one in forgetting)
    finally:
        sys.setswitchinterval(before)
    assert all(found)


def test_P10_a_full_disk_makes_no_key(folder: Path, copy: Path) -> None:
    """It is said, nothing is used, and once there is room the key is made."""
    keyring = Keyring(folder, copy)
    with disk.full(), pytest.raises(KeyringBroken) as caught:
        keyring.make(WRAP, 7, random)
    assert caught.value.errno == errno.EFBIG
    assert keyring.get(WRAP, 7) is None
    assert keyring.make(WRAP, 7, random) == Keyring(copy).get(WRAP, 7)


def test_P10_a_second_folder_that_fails_keeps_the_key_from_being_used(
    folder: Path, copy: Path
) -> None:
    """A key that is not in both is not handed out; later it is completed, not drawn anew."""
    keyring = Keyring(folder, copy)
    copy.rename(copy.with_name("away"))
    with pytest.raises(KeyringBroken):
        keyring.make(WRAP, 7, random)
    with pytest.raises(KeyringBroken):
        keyring.make(WRAP, 7, random)
    copy.with_name("away").rename(copy)
    assert keyring.make(WRAP, 7, never) == Keyring(copy).get(WRAP, 7)


def test_a_folder_that_is_not_there_is_told_without_a_key(tmp_path: Path) -> None:
    """The error names no number and no byte."""
    with pytest.raises(KeyringBroken) as caught:
        Keyring(tmp_path / "none").make(WRAP, 20_123, random)
    assert "20123" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_P7_P10_killed_at_any_moment_no_key_is_lost_and_none_comes_back(
    folder: Path, copy: Path
) -> None:
    """What was told as made is there, what was told as destroyed is not, a new start goes on.

    In both folders, after completing.
    """

    def work(tell: killing.Tell) -> None:
        keyring = Keyring(folder, copy)
        for number in itertools.count(1):
            key = keyring.make(WRAP, number, random)
            tell(f"made {number} {key.hex()}")
            if number > KEPT:
                keyring.destroy(WRAP, number - KEPT)
                tell(f"destroyed {number - KEPT}")

    def killed(kill: int, work: Callable[[killing.Tell], None]) -> list[str]:
        return killing.killed_after(kill % 5 * 0.0005, work, lines_before=1 + kill % 16)

    most = 0
    for kill in range(KILLS):
        told = [line.split() for line in killed(kill, work)]
        made = {int(words[1]): words[2] for words in told if words[0] == "made"}
        destroyed = {int(words[1]) for words in told if words[0] == "destroyed"}
        keyring = Keyring(folder, copy)
        keyring.complete(never)
        for number in made.keys() - destroyed:
            key = keyring.get(WRAP, number)
            # The one being destroyed at that moment may be gone already.
            assert key is not None or number == max(made) - KEPT
            assert key is None or key.hex() == made[number]
        assert not any(keyring.get(WRAP, number) for number in destroyed)
        assert whole(folder) == whole(copy)
        for number in keyring.numbers(WRAP):
            keyring.destroy(WRAP, number)
        assert names(folder) == names(copy) == set()
        most = max(most, len(made))
    assert most > KEPT, "it was always killed before it destroyed anything"


@pytest.mark.needs("strace")
def test_P7_P10_the_disk_is_told_before_a_key_is_used_and_before_it_is_gone(
    folder: Path, tmp_path: Path
) -> None:
    """Made: written, fsynced, its folder fsynced. Ended: overwritten, fsynced, only then unlinked.

    Never a rename, and no other file has the key.
    """
    trace = tmp_path / "trace"
    script = (
        "import sys; from pathlib import Path; from server.keyring import Keyring;"
        "from server.clock import random; keyring = Keyring(Path(sys.argv[1]));"
        "keyring.make('wrap', 7, random); keyring.destroy('wrap', 7)"
    )
    subprocess.run(
        ["strace", "-f", "-y", "-x", "-e", "trace=file,write,pwrite64,fsync,fdatasync,ftruncate",
         "-o", trace, sys.executable, "-c", script, folder],
        cwd=ROOT, check=True,
    )  # fmt: skip
    lines = [line for line in trace.read_text().splitlines() if str(folder) in line]
    order = [
        next(name for name in ("pwrite64", "fsync", "unlink", "rename", "openat") if name in line)
        + ("(key)" if "wrap-" in line else "(folder)")
        for line in lines
        if re.search(r"\b(pwrite64|fsync|unlink|rename|unlinkat|renameat)\(", line)
    ]
    assert order == [
        "pwrite64(key)", "fsync(key)", "fsync(folder)",
        "pwrite64(key)", "fsync(key)", "unlink(key)", "fsync(folder)",
    ]  # fmt: skip
