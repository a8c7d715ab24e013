"""A witness that is killed at any moment: it never signs less than before, nor two roots (T78)."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.client.log import commands
from tests.client.log.served import Served, serving
from tests.client.log.written import Written, usual

_SECONDS = 60
_KILLED = -9
_STEPS_MOST = 120


@dataclass
class Scene:
    """A witness that has signed a log, and what servers may show it next: two that fork there."""

    served: Served
    before: Path
    first: Written
    left: Written = field(init=False)
    right: Written = field(init=False)

    def __post_init__(self) -> None:
        self.left, self.right = self.first.copy(), self.first.copy()
        self.left.vet("Left")
        self.right.vet("Right")

    def look(self, folder: Path, log: Written, step: int = 0) -> tuple[int, list[str]]:
        """Let the witness look at a log, killed at a step; return exit code and what it told."""
        self.served.log = log
        done = subprocess.run(
            [sys.executable, "-m", "tests.client.log.witness_worker", folder, str(step)],
            cwd=commands.ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        return done.returncode, done.stdout.splitlines()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A witness's folder that has seen ten entries."""
    network = commands.network_of_today()
    with serving(usual(network)) as served:
        folder = tmp_path_factory.mktemp("witness") / "before"
        commands.begin_witness(folder, served.url, network)
        made = Scene(served, folder, served.log)
        assert made.look(folder, made.first)[0] == 0
        yield made


def test_T78_a_witness_killed_at_any_step_signs_nothing_against_what_it_signed(
    scene: Scene, tmp_path: Path
) -> None:
    """Killed at each step of looking at one log, then shown another of the same length.

    What it signed before it was killed it holds to; and its folder is whole after each.
    """
    outcomes = set()
    for step in range(1, _STEPS_MOST):
        folder = tmp_path / str(step)
        shutil.copytree(scene.before, folder)
        code, told = scene.look(folder, scene.left, step)
        assert code in (0, _KILLED), told
        again, said = scene.look(folder, scene.right)
        assert again == 0, said
        signed = {line for line in (*told, *said) if line[0].isdigit()}
        assert len(signed) <= 1
        assert (said[-1] == "Lie") == (len(said) == 1)
        if told:
            assert scene.look(folder, scene.first) == (0, ["Lie"])
        outcomes.add((bool(told), said[-1]))
        if code == 0:
            break
    else:
        pytest.fail("the witness takes more steps than were tried")
    # Some were killed before anything lay on the disk, some after, some after signing.
    assert {(False, "Signed"), (False, "Lie"), (True, "Lie")} <= outcomes
