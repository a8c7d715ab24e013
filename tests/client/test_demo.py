"""The demo: the whole way over a real server, in specified sizes and words that people may read."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from crypto import constants as c
from words import banned

ROOT = Path(__file__).resolve().parents[2]
DEMO = [sys.executable, "-m", "client.demo_play"]
CODE = re.compile(r"\b(?:[0-9A-Z]{4}-){4}[0-9A-Z]{4}\b")


@dataclass(frozen=True)
class Played:
    """One run: how it ended, what it printed, and what it left in its folder for such things."""

    code: int
    shown: str
    trouble: str
    left: list[str]


def play(folder: Path, encoding: str = "utf-8") -> Played:
    """Play the demo in a process of its own, which has this folder for temporary files."""
    folder.mkdir(exist_ok=True)
    environment = {
        "PYTHONIOENCODING": encoding,
        "PYTHONDONTWRITEBYTECODE": "1",
        "TMPDIR": str(folder),
    }
    done = subprocess.run(DEMO, cwd=ROOT, env=environment, capture_output=True, check=False)
    return Played(
        done.returncode,
        done.stdout.decode(encoding),
        done.stderr.decode(encoding),
        [one.name for one in folder.iterdir()],
    )


def servers_in(folder: Path) -> list[str]:
    """The command lines of processes that run in a folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if str(folder) in words:
            found.append(words)
    return found


@pytest.fixture(name="played", scope="module")
def _played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    return play(tmp_path_factory.mktemp("demo"))


def test_S1_R39_the_demo_goes_there_and_back_and_prints_each_size(played: Played) -> None:
    """One request goes there and back, and the sizes shown are those of the specification."""
    assert (played.code, played.trouble) == (0, "")
    for size in (c.MESSAGE_BYTES, c.ENVELOPE_BYTES, c.SLOT_BYTES, c.STORE_STEPS[0]):
        assert f"{size:,} bytes" in played.shown
    assert "Delivered" in played.shown
    assert "오늘 밤" in played.shown


def test_S1_P3_P5_what_the_server_keeps_of_a_request_is_shown_whole(played: Played) -> None:
    """Of the new row nothing is printed but numbers, sizes and days: there is nothing else."""
    row = next(line for line in played.shown.splitlines() if "row in envelope" in line)
    columns = {part.split()[0] for part in row.partition(":")[2].split(";")}
    assert columns == {"id", "lookup", "cursor", "arrived", "last_epoch", "sealed"}
    assert str(c.ENVELOPE_BYTES) not in row.replace(",", "")


def test_P4_S1_the_same_code_is_refused_the_second_time(played: Played) -> None:
    """Burnt in the same transaction that stored the request: one code fewer, then a refusal."""
    sent, _, later = played.shown.partition("Somebody finds the paper")
    assert "1 code fewer, 1 row of the drop more" in sent
    assert "nothing, as any other code would" in later
    assert "/v1/codes/open" in later
    assert "answered 404" in later


def test_P8_R13_S1_the_person_takes_everything_back(played: Played) -> None:
    """Box and slots are gone at once, and the receipt opens nothing any more."""
    _, _, after = played.shown.partition("The person takes everything back")
    assert "1 box fewer, 2 sealed slots fewer" in after


def test_P5_no_code_and_no_receipt_stands_in_a_path(played: Played) -> None:
    """What the server saw of a call is its path and sizes; secrets travel in none of them."""
    for line in played.shown.splitlines():
        if "the server:" in line:
            assert not CODE.search(line)
            assert re.fullmatch(r"[ a-zA-Z0-9/:,().'-]+", line)


def test_R19_R20_the_demo_uses_no_banned_word(played: Played) -> None:
    """What a newcomer reads first takes nothing for granted about the people it is for."""
    assert banned.find(played.shown) == ()


def test_nothing_of_a_demo_stays(played: Played, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Its folder is gone, and its server has ended."""
    assert played.left == []
    assert servers_in(tmp_path_factory.getbasetemp() / "demo0") == []


def test_two_demos_share_no_secret_and_need_no_script(played: Played, tmp_path: Path) -> None:
    """Everything is drawn afresh; where Korean can't be shown, the demo still runs to its end."""
    other = play(tmp_path / "other", "latin-1")
    assert (other.code, other.trouble) == (0, "")
    one, two = (set(CODE.findall(run.shown)) for run in (played, other))
    assert (len(one), len(two)) == (2, 2)
    assert not one & two


def test_a_full_disk_behind_the_output_is_one_sentence(tmp_path: Path) -> None:
    """What can't be written is said in a sentence and not in a traceback; nothing runs on."""
    environment = {"TMPDIR": str(tmp_path)}
    with Path("/dev/full").open("wb") as full:
        played = subprocess.run(
            DEMO, cwd=ROOT, env=environment, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert played.returncode == 1
    assert b"Traceback" not in played.stderr
    assert len(played.stderr.decode().strip().splitlines()) == 1
    assert servers_in(tmp_path) == []
