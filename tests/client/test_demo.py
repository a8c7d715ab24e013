"""The demo: it shows the whole way, in sizes that are specified and words that people may read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from crypto import constants as c
from words import banned

ROOT = Path(__file__).resolve().parents[2]
DEMO = [sys.executable, "-m", "client.demo"]


def run(encoding: str = "utf-8") -> subprocess.CompletedProcess[bytes]:
    """Play the demo in a process of its own."""
    environment = {"PYTHONIOENCODING": encoding, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(DEMO, cwd=ROOT, env=environment, capture_output=True, check=False)


def test_R39_the_demo_prints_the_size_of_each_sealed_thing() -> None:
    """One request goes there and back, and the sizes shown are those of the specification."""
    played = run()
    shown = played.stdout.decode()
    assert (played.returncode, played.stderr) == (0, b"")
    for size in (c.RECORD_BYTES, c.MESSAGE_BYTES, c.ENVELOPE_BYTES, c.SLOT_BYTES, c.STORE_STEPS[0]):
        assert f"{size:,} bytes" in shown
    assert "Delivered" in shown
    assert "오늘 밤" in shown


def test_R19_R20_the_demo_uses_no_banned_word() -> None:
    """What a newcomer reads first takes nothing for granted about the people it is for."""
    assert banned.find(run().stdout.decode()) == ()


def test_two_demos_share_no_secret() -> None:
    """Everything is drawn afresh: no code or receipt of one run stands in another."""
    one, two = (
        {line.split()[-1] for line in run().stdout.decode().splitlines() if line.count("-") == 4}
        for _ in range(2)
    )
    assert len(one) == 2
    assert not one & two


def test_a_terminal_without_the_script_gets_no_traceback() -> None:
    """Where Korean can't be shown, the demo still runs to its end."""
    played = run("latin-1")
    assert (played.returncode, played.stderr) == (0, b"")


def test_a_full_disk_behind_the_output_is_one_sentence() -> None:
    """What can't be written is said in a sentence and not in a traceback."""
    with Path("/dev/full").open("wb") as full:
        played = subprocess.run(DEMO, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False)
    assert played.returncode == 1
    assert played.stderr.decode().startswith("The demo could not be shown")
    assert b"Traceback" not in played.stderr
