"""Runs the stranger beside the tests and asks it things."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.second.process import Answering


class StrangerRefused(Exception):
    """The stranger refused; its one argument is the category."""


class StrangerFailed(Exception):
    """The stranger could not be asked that."""


class Stranger(Answering):
    """One process of the stranger's."""

    script = Path(__file__).with_name("stranger") / "serve.py"

    def __call__(self, op: str, **arguments: Any) -> Any:
        """One operation's value; raises StrangerRefused or StrangerFailed."""
        answer = self.exchange({"op": op, "arguments": _to_plain(arguments)})
        if "refused" in answer:
            raise StrangerRefused(answer["refused"])
        if "error" in answer:
            raise StrangerFailed(answer["error"])
        return _from_plain(answer["value"])


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
