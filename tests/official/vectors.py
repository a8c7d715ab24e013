"""Readers for the vector files: those beside this module and those of `cryptography-vectors`."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cryptography_vectors

DATA = Path(__file__).parent / "data"

Count = Callable[[str, int], None]
"""What the fixture `count_official` gives: a set's name and how many of its vectors passed."""


def unhex(text: str) -> bytes:
    """Bytes from hexadecimal."""
    return bytes.fromhex(text)


def committed(name: str) -> Any:
    """A JSON file committed beside this module; data/SOURCES.md says where each is from."""
    return json.loads((DATA / name).read_text())


def wycheproof(name: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each test of a Wycheproof file with its group; the file's own count is checked."""
    document = committed(name)
    seen = 0
    for group in document["testGroups"]:
        for test in group["tests"]:
            seen += 1
            yield group, test
    assert seen == document["numberOfTests"]


def packaged(name: str) -> str:
    """A file of the package `cryptography-vectors`."""
    with cryptography_vectors.open_vector_file(name, "r") as file:
        return str(file.read())


def nist(name: str) -> list[dict[str, str]]:
    """The `name = value` blocks of a packaged file, each beginning at COUNT."""
    blocks: list[dict[str, str]] = []
    for line in packaged(name).splitlines():
        if line.startswith("#") or "=" not in line:
            continue
        key, value = (part.strip() for part in line.split("=", 1))
        if key.lower() == "count":
            blocks.append({})
        blocks[-1][key] = value
    return blocks
