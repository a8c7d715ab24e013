"""The real command `towpath`, as a process of its own, as a witness and an auditor run it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from client import ambient
from crypto.encoding import b64
from crypto.public.note_signing import Signer
from tests.crypto.networks import Network, make_network

ROOT = Path(__file__).parents[3]
TOWPATH = (sys.executable, "-m", "towpath")
_SECONDS = 120


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    exit_code: int
    out: str
    err: str

    @property
    def plain(self) -> str:
        """Everything that stood on the terminal, in one line."""
        return " ".join((self.out + self.err).split())


def towpath(*words: str | Path) -> Said:
    """Run `towpath` with these words."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TOWPATH_")}
    done = subprocess.run(
        [*TOWPATH, *map(str, words)],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
        timeout=_SECONDS,
    )
    return Said(done.returncode, done.stdout, done.stderr)


def network_of_today() -> Network:
    """A network whose witnesses are w1 to w5, of whom one is enough, as of this machine's day."""
    return make_network(witness_threshold=1, today=ambient.today())


def begin_witness(folder: Path, url: str, network: Network, signer: Signer | None = None) -> Said:
    """Make a witness's folder for cron, with the key that the network's rules name."""
    signer = network.witnesses[0] if signer is None else signer
    words = ("--folder", folder, "--server", url, "--network", network.network_id.hex())
    said = towpath("witness", "init", *words, "--name", signer.name, "--unattended")
    assert said.exit_code == 0, said.plain
    key = folder / "key"
    head, name, _, end = key.read_text().split("\n")
    key.write_text("\n".join((head, name, b64(signer.seed), end)))
    return said


def run_witness(folder: Path, *words: str) -> Said:
    """Let a witness look once."""
    return towpath("witness", "run", "--folder", folder, "--proxy", "none", *words)


def verify_log(*words: str | Path) -> Said:
    """Let somebody look at a log without trust."""
    return towpath("verify-log", *words)
