"""What deploy/ has to copy passes the checkers of the programs that read it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def test_every_file_stands_in_the_readme() -> None:
    """And none there is missing."""
    listed = set(re.findall(r"^\| `([^`]+)` \|", (DEPLOY / "README.md").read_text(), re.MULTILINE))
    assert listed == {path.name for path in DEPLOY.iterdir()} - {"README.md"}


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit, with the paths and the user of this machine."""
    made = tmp_path / "towpath.service"
    text = (DEPLOY / "towpath.service").read_text()
    command = shutil.which("true") or sys.executable
    for old, new in (
        ("/opt/towpath/bin/towpath server", f"{command} server"),
        ("/opt/towpath", str(ROOT)),
    ):
        assert old in text
        text = text.replace(old, new)
    made.write_text(text)
    return made


def verify(unit: Path) -> subprocess.CompletedProcess[str]:
    """Let systemd read a unit."""
    return subprocess.run(
        ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.needs("systemd-analyze")
def test_systemd_takes_the_unit(unit: Path) -> None:
    """Without a word about any line of it."""
    run = verify(unit)
    assert (run.returncode, run.stderr) == (0, "")


@pytest.mark.needs("systemd-analyze")
@pytest.mark.parametrize(
    ("old", "new"),
    [("UMask=0077", "UMask=rwx"), ("ProtectSystem=strict", "ProtectSystm=strict")],
)
def test_systemd_refuses_a_unit_with_a_mistake(unit: Path, old: str, new: str) -> None:
    """So that the test above can fail."""
    unit.write_text(unit.read_text().replace(old, new))
    assert verify(unit).stderr


@pytest.mark.needs("systemd-analyze")
def test_P5_the_unit_is_locked_in(unit: Path) -> None:
    """systemd's own measure, from 0 to 10: a bare unit has 9.6."""
    run = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--threshold=30", unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout[-300:]


def test_P5_P7_the_unit_keeps_memory_in_memory() -> None:
    """No core dump, no swap, no file for others, and a clean end before a kill."""
    lines = (DEPLOY / "towpath.service").read_text().splitlines()
    wanted = {"LimitCORE=1", "MemorySwapMax=0", "UMask=0077", "StateDirectoryMode=0700"}
    assert wanted <= set(lines)
    assert {"KillMode=mixed", "User=towpath"} <= set(lines)


@pytest.fixture
def torrc(tmp_path: Path) -> Path:
    """The onion service, with its folders in a place of this test's own."""
    home = tmp_path / "tor"
    home.mkdir(mode=0o700)
    text = (DEPLOY / "torrc").read_text()
    assert "/var/lib/tor/towpath/" in text
    made = tmp_path / "torrc"
    made.write_text(text.replace("/var/lib/tor/towpath/", f"{home}/onion/"))
    return made


def check_tor(torrc: Path) -> subprocess.CompletedProcess[str]:
    """Let tor read a configuration; it connects to nobody."""
    home = torrc.parent / "tor"
    return subprocess.run(
        ["tor", "-f", torrc, "--DataDirectory", home, "--verify-config"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.needs("tor")
def test_tor_takes_the_configuration(torrc: Path) -> None:
    """Without a warning about any line of it."""
    run = check_tor(torrc)
    assert run.returncode == 0, run.stdout
    warnings = [line for line in run.stdout.splitlines() if "[warn]" in line]
    # Where these tests run as root, tor does not like that.
    assert [line for line in warnings if "root" not in line] == []


@pytest.mark.needs("tor")
def test_tor_refuses_a_configuration_with_a_mistake(torrc: Path) -> None:
    """So that the test above can fail."""
    torrc.write_text(torrc.read_text().replace("HiddenServicePort 80", "HiddenServicePrt 80"))
    assert check_tor(torrc).returncode != 0


def test_P5_tor_serves_the_port_of_this_machine_and_writes_nothing_down() -> None:
    """The onion service leads to the loopback; only what stops tor is said, and not into a file."""
    lines = set((DEPLOY / "torrc").read_text().splitlines())
    assert {"HiddenServicePort 80 127.0.0.1:8000", "SafeLogging 1", "SocksPort 0"} <= lines
    assert [line for line in lines if line.startswith("Log")] == ["Log err stderr"]
