"""A scenario, and how it is written down (docs/spec/vectors.md)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crypto import errors
from tools.vectors import wire

OK = "ok"
CATEGORIES = frozenset(one.__name__ for one in errors.CATEGORIES)
_SHORTEST_RUN = 32


@dataclass(frozen=True)
class Scenario:
    """One file: what goes in, and either what comes out or the category of the refusal."""

    name: str
    expect: str
    section: str
    comment: str
    operation: str
    inputs: Mapping[str, Any]
    output: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        assert self.expect == OK or self.expect in CATEGORIES, self.name
        assert (self.expect == OK) == (self.output is not None), self.name

    def render(self) -> str:
        """Return the file's text."""
        document = {
            "name": self.name,
            "expect": self.expect,
            "section": self.section,
            "comment": self.comment,
            "operation": self.operation,
            "inputs": self.inputs,
        }
        if self.output is not None:
            document["output"] = self.output
        return json.dumps(_plain(document), indent=2) + "\n"


Scenarios = Iterator[Scenario]
Make = Callable[..., Scenario]


def maker(operation: str, section: str) -> Make:
    """Return a function that makes scenarios of one operation, for one section of a page."""

    def make(
        name: str,
        comment: str,
        inputs: Mapping[str, Any],
        expect: str = OK,
        output: Mapping[str, Any] | None = None,
        at: str = section,
    ) -> Scenario:
        return Scenario(name, expect, at, comment, operation, inputs, output)

    return make


def utf8(text: str) -> dict[str, str]:
    """Bytes that are the UTF-8 of a text, left readable."""
    return {"utf8": text}


def hashed(value: bytes, digest: bytes) -> dict[str, Any]:
    """Bytes of which only length and SHA-256 are given."""
    return {"bytes": len(value), "sha256": digest.hex()}


def stream(label: str, size: int) -> dict[str, Any]:
    """The bytes of `wire.draw`, given by how they are made."""
    return {"shake256": wire.STREAM + label, "bytes": size}


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return _hex(value)
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return value


def _hex(value: bytes) -> Any:
    body = value.rstrip(b"\x00")
    zeros = len(value) - len(body)
    if zeros <= _SHORTEST_RUN:
        return value.hex()
    return {"hex": body.hex(), "zeros": zeros}
