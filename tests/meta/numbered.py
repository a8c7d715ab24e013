"""Tests that bear a number (R12, P8, S3, T23), and the pages' rows that name them."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PARTS = range(1, 7)
OPEN = re.compile(r"open: part (\d(?:, \d)*)")
NAMED = re.compile(r"`(tests/\S+\.py)::(\S+)`")
_ID_IN_NAME = re.compile(r"_([RPST]\d+)(?=_|$)")

Entries = dict[str, list[str]]
"""What stands in the last column of each row, by the row's id."""


def ids_in(name: str) -> list[str]:
    """Return the numbers that a test bears, of its pytest name."""
    return _ID_IN_NAME.findall(name.rpartition("::")[2])


def names_in(file: str, source: str) -> list[str]:
    """Return the pytest names of all test functions of one file, methods included."""
    names = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            names.append(f"{file}::{node.name}")
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            names += [
                f"{file}::{node.name}::{item.name}"
                for item in node.body
                if isinstance(item, ast.FunctionDef) and item.name.startswith("test")
            ]
    return names


def all_tests() -> list[str]:
    """Return the pytest names of all tests of this repository."""
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [
        name
        for path in files
        for name in names_in(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))
    ]


def meant(row_id: str, entry: str, tests: list[str]) -> list[str]:
    """Return the tests that an entry of a row names; none where it names what is not there.

    `tests/file.py::*` means all tests of that file that bear the row's number.
    """
    match = NAMED.fullmatch(entry)
    if match is None:
        return []
    if match[2] == "*":
        of_file = [name for name in tests if name.startswith(f"{match[1]}::")]
        return [name for name in of_file if row_id in ids_in(name)]
    return [name for name in tests if name == f"{match[1]}::{match[2]}"]


def vanished(rows: Entries, tests: list[str]) -> list[str]:
    """Return "id: entry" for each entry that names a test and finds none."""
    return [
        f"{row_id}: {entry}"
        for row_id, entries in rows.items()
        for entry in entries
        if NAMED.fullmatch(entry) and not meant(row_id, entry, tests)
    ]


def unlisted(rows: Entries, tests: list[str], kinds: str) -> list[str]:
    """Return "id: test" for each test that bears a number of these kinds and not in its row."""
    listed = {
        row_id: {name for entry in entries for name in meant(row_id, entry, tests)}
        for row_id, entries in rows.items()
    }
    return [
        f"{row_id}: `{name}`"
        for name in tests
        for row_id in ids_in(name)
        if row_id[0] in kinds and name not in listed.get(row_id, set())
    ]


def strange(rows: Entries) -> list[str]:
    """Return "id: entry" for each entry that is neither a test nor parts that exist."""
    found = []
    for row_id, entries in rows.items():
        for entry in entries:
            parts = OPEN.fullmatch(entry)
            exist = parts and all(int(one) in PARTS for one in parts[1].split(", "))
            if not exist and NAMED.fullmatch(entry) is None:
                found.append(f"{row_id}: {entry}")
    return found


def open_parts(entries: list[str]) -> set[int]:
    """Return the parts that entries leave open."""
    matches = [OPEN.fullmatch(entry) for entry in entries]
    return {int(one) for match in matches if match for one in match[1].split(", ")}
