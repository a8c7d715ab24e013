"""The first requests after a start may come together: no process ends of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.server.first_requests import kinds

_ROOT = Path(__file__).parents[2]


def test_P10_T10_first_requests_of_each_kind_that_come_at_once_end_no_process() -> None:
    """Eight threads read the first body of each kind together; the process lives and ends well."""
    command = [sys.executable, "-m", "tests.server.first_requests"]
    ended = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) == len(kinds()) > 0
