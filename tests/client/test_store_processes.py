"""The store's file among real processes, kills, a full disk, and under strace."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from client import store_file
from tests.client import store_worker as worker

ROOT = Path(__file__).parents[2]


def command(*words: object) -> tuple[str, ...]:
    """Return the command line of a process that works on a store."""
    return (sys.executable, "-m", "tests.client.store_worker", *map(str, words))


def start(*words: object) -> subprocess.Popen[str]:
    """Start such a process."""
    return subprocess.Popen(
        command(*words), cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def ended_well(process: subprocess.Popen[str]) -> str:
    """Wait for a process and return what it said, once sure that it did not fail."""
    said, _ = process.communicate(timeout=600)
    assert process.returncode == 0, said
    return said


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with a store."""
    file = tmp_path / "store"
    worker.found(file)
    return file


@pytest.mark.parametrize(("writers", "times"), [(2, 40), (4, 15)])
def test_P10_T38_processes_that_write_at_once_lose_nothing(
    path: Path, writers: int, times: int
) -> None:
    """Every entry of every process is there, and each writing counted once."""
    processes = [start("add", path, f"w{writer}", times) for writer in range(writers)]
    for process in processes:
        ended_well(process)
    store = store_file.read(path, worker.MEMBER, at_least_generation=writers * times)
    assert store.generation == writers * times
    assert dict(store.of_kind(worker.ADDED)).keys() == {
        worker.entry_id(f"w{writer}", number)
        for writer in range(writers)
        for number in range(times)
    }


def test_a_reader_amid_writings_sees_whole_stores_that_only_grow(path: Path) -> None:
    """Whatever moment it reads at, the store opens and holds all that it held before."""
    writer = start("add", path, "w", 60)
    seen: list[int] = []
    while writer.poll() is None:
        at_least = seen[-1] if seen else 0
        store = store_file.read(path, worker.MEMBER, at_least_generation=at_least)
        assert len(dict(store.of_kind(worker.ADDED))) == store.generation
        seen.append(store.generation)
    ended_well(writer)
    assert len(set(seen)) > 5


@pytest.mark.parametrize("kills", [40, pytest.param(1500, marks=pytest.mark.long)])
def test_P10_T38_a_killed_writer_loses_nothing_acknowledged(path: Path, kills: int) -> None:
    """After every kill the store opens with all that was acknowledged, by any writer before."""
    said = ended_well(start("killed", path, kills))
    found = re.fullmatch(r"(\d+) kills, \d+ amid a writing, (\d+) acknowledged\n", said)
    assert found, said
    assert int(found[1]) == kills
    assert int(found[2]) > 0


def test_P10_P11_T38_a_writer_stopped_before_any_step_leaves_one_store_and_no_old_key(
    path: Path,
) -> None:
    """The old store or the new one stands, and the next writer finishes with the old file."""
    calls = ended_well(start("stopped", path)).splitlines()
    assert calls[calls.index("link") :] == [
        "link",
        "rename",
        "fsync",
        "pread",
        "write",
        "fsync",
        "unlink",
    ]
    assert calls.count("write") == 2


@pytest.mark.needs("unshare", "mount")
def test_P10_T38_a_full_disk_leaves_the_old_store_and_says_so(tmp_path: Path) -> None:
    """On a disk that is truly full nothing is lost or left lying, and with room it goes on."""
    in_own_space = ("unshare", "--map-root-user", "--mount")
    if subprocess.run((*in_own_space, "true"), capture_output=True, check=False).returncode:
        pytest.skip("needs leave to make namespaces (unshare --map-root-user --mount)")
    work = command("full", tmp_path / "store")
    small_disk = 'mount -t tmpfs -o size=600k none "$1" && shift && exec "$@"'
    done = subprocess.run(
        (*in_own_space, "sh", "-c", small_disk, "sh", tmp_path, *work),
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    *refusals, there = done.stdout.splitlines()
    assert len(refusals) == 4
    assert all("No space left on device. The store was not written" in one for one in refusals)
    assert there == f"{worker.entry_id('after', 0)!r} {worker.entry_id('before', 0)!r}"


@pytest.mark.needs("strace")
def test_P10_P11_T38_each_step_is_on_the_disk_before_the_next(path: Path, tmp_path: Path) -> None:
    """New file, its sync, swap, sync of the directory; only then the old slots, and their sync."""
    traced = tmp_path.with_suffix(".trace")
    calls = "trace=write,pwrite64,fsync,fdatasync,link,linkat,rename,renameat,renameat2,unlinkat"
    strace = ("strace", "-f", "-y", "-qq", "-s", "8", "-e", calls, "-o", traced)
    subprocess.run((*strace, *command("add", path, "w", 1)), cwd=ROOT, check=True)
    steps = [one for line in traced.read_text().splitlines() if (one := step(line, path))]
    assert steps == [
        "write .store.writing",
        "fsync .store.writing",
        "link store .store.replaced",
        "rename .store.writing store",
        "fsync directory",
        "write old store",
        "fsync old store",
        "unlink .store.replaced",
    ]


def step(line: str, path: Path) -> str:
    """Return a traced call in few words, or nothing for a call on something else."""
    call = re.search(r"(\w+)\((.*)\) += ", line)
    if call is None or str(path.parent) not in line:
        return ""
    name = call[1].removesuffix("64").removesuffix("at2").removesuffix("at")
    names = re.findall(r'"([^"]*)"', call[2]) if name in ("link", "rename", "unlink") else []
    if names:
        return f"{name} {' '.join(names)}"
    file = re.search(r"<([^>]*)>(\(deleted\))?", call[2])
    assert file
    place = file[1].replace(str(path.parent), "directory").removeprefix("directory/")
    return f"{name} {'old ' if file[2] else ''}{place}"
