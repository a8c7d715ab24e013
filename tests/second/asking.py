"""Runs the stranger beside the tests and asks it things."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.second.driver import INTERPRETER

_SERVE = Path(__file__).with_name("stranger") / "serve.py"
_STOP_SECONDS = 10


class StrangerRefused(Exception):
    """The stranger refused; its one argument is the category."""


class StrangerFailed(Exception):
    """The stranger could not be asked that, or died."""


class Stranger:
    """One process, used as a context manager."""

    def __enter__(self) -> Stranger:
        # -I: neither this checkout nor the caller's environment may lend it a module.
        self._process = subprocess.Popen(
            [INTERPRETER, "-I", _SERVE],
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

    def __call__(self, op: str, **arguments: Any) -> Any:
        """One operation's value; raises StrangerRefused or StrangerFailed."""
        answer = self._exchange(json.dumps({"op": op, "arguments": _to_plain(arguments)}))
        if "refused" in answer:
            raise StrangerRefused(answer["refused"])
        if "error" in answer:
            raise StrangerFailed(answer["error"])
        return _from_plain(answer["value"])

    def _exchange(self, line: str) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        reply = self._process.stdout.readline()
        if not reply:
            raise StrangerFailed("the stranger ended")
        answer: dict[str, Any] = json.loads(reply)
        return answer


def _to_plain(value: Any) -> Any:
    if isinstance(value, (bytes, bytearray)):
        return "x:" + value.hex()
    if isinstance(value, str):
        return "s:" + value
    if isinstance(value, dict):
        return {name: _to_plain(part) for name, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_to_plain(part) for part in value]
    return value


def _from_plain(value: Any) -> Any:
    if isinstance(value, str):
        return bytes.fromhex(value[2:]) if value.startswith("x:") else value[2:]
    if isinstance(value, list):
        return [_from_plain(part) for part in value]
    if isinstance(value, dict):
        return {name: _from_plain(part) for name, part in value.items()}
    return value
