"""A process under the second environment that answers one line of JSON with another."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
INTERPRETER = ROOT / ".venv-second" / "bin" / "python"
MISSING = "the second implementation is not installed: ./dev second"
_STOP_SECONDS = 10


class Ended(Exception):
    """The process died instead of answering."""


class Answering:
    """One process that runs `script` with `interpreter`, used as a context manager."""

    script: Path
    interpreter: Path = INTERPRETER

    def __enter__(self) -> Self:
        # -I: neither this checkout nor the caller's environment may lend it a module.
        self._process = subprocess.Popen(
            [self.interpreter, "-I", self.script],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._process.communicate(timeout=_STOP_SECONDS)
        finally:
            self._process.kill()

    def exchange(self, question: dict[str, Any]) -> dict[str, Any]:
        """Send one question and return its answer; raises Ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline()
        if not reply:
            raise Ended
        answer: dict[str, Any] = json.loads(reply)
        return answer
