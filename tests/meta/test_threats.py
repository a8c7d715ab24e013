"""docs/threat-model.md says what is true of the tests, and its tables agree with each other."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.meta.numbered import ROOT, all_tests, open_parts, strange, unlisted, vanished

PAGE = ROOT / "docs" / "threat-model.md"
CLAIMS = [f"T{number}" for number in range(1, 79)]
PROMISES = [f"P{number}" for number in range(1, 13)]
DONE = {1, 2, 3, 4, 5}  # the parts that are there: nothing of them is open
UNDER_WAY: set[int] = set()  # of which something is there: tested, or open, or both
_TS = re.compile(r"\bT\d+\b")

Row = tuple[str, list[str]]


def cells_of(text: str, first: str) -> list[Row]:
    """Return first cell and the others of each table row whose first cell has this form."""
    lines = [line for line in text.splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return [(row[0], row[1:]) for row in rows if re.fullmatch(first, row[0])]


def section(text: str, number: int) -> str:
    """Return the text of a section."""
    return text.split(f"\n## {number}.")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def page() -> str:
    """The page as it stands."""
    return PAGE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def claims(page: str) -> dict[str, list[str]]:
    """Claim, promises, parts and tests of each T, the last three as they stand."""
    return dict(cells_of(page, r"T\d+"))


@pytest.fixture(scope="module")
def entries(claims: dict[str, list[str]]) -> dict[str, list[str]]:
    """The entries of the test column of each T."""
    return {claim: held.split("<br>") for claim, (_, _, _, held) in claims.items()}


@pytest.fixture(scope="module")
def promises(page: str) -> dict[str, list[str]]:
    """Wording, what holds it, claims and tests of each promise."""
    return dict(cells_of(section(page, 3), r"P\d+"))


def parts_of(row: list[str]) -> set[int]:
    """The parts that a claim's row names."""
    return {int(part) for part in row[2].split(", ")}


def test_every_claim_stands_there_once(page: str) -> None:
    """No number is missing, given twice or new; each row has all its cells."""
    rows = cells_of(page, r"T\d+")
    assert Counter(claim for claim, _ in rows) == Counter(CLAIMS)
    assert all(len(cells) == 4 and all(cells) for _, cells in rows)


def test_every_test_of_a_claim_exists(entries: dict[str, list[str]]) -> None:
    """Entries are tests that are there, or parts that will bring some."""
    assert strange(entries) == []
    assert vanished(entries, all_tests()) == []


def test_every_test_that_bears_a_claim_stands_in_its_row(entries: dict[str, list[str]]) -> None:
    """The rows are complete: the lines printed on failure can be pasted into them."""
    missing = unlisted(entries, all_tests(), "T")
    assert not missing, "add to docs/threat-model.md:\n" + "\n".join(missing)


def test_what_belongs_to_a_part_that_is_there_is_tested_and_the_rest_is_open(
    claims: dict[str, list[str]], entries: dict[str, list[str]]
) -> None:
    """A claim of those parts has a test; one of later parts says which of them are to come."""
    for claim, row in claims.items():
        parts, left = parts_of(row), open_parts(entries[claim])
        tested = any(entry.startswith("`") for entry in entries[claim])
        assert parts - DONE - UNDER_WAY <= left <= parts - DONE, claim
        assert tested or left, claim
        assert tested <= bool(parts & (DONE | UNDER_WAY)), claim
        assert tested or not parts & DONE, claim


def test_promises_and_claims_name_each_other(
    claims: dict[str, list[str]], entries: dict[str, list[str]], promises: dict[str, list[str]]
) -> None:
    """The claims of a promise are those that name it, and are open where one of them is."""
    assert list(promises) == PROMISES
    for promise, (_, _, listed, held) in promises.items():
        naming = [claim for claim, row in claims.items() if promise in row[1].split(", ")]
        assert listed.split(", ") == naming, promise
        left = set().union(*(open_parts(entries[claim]) for claim in naming))
        assert open_parts(held.split("<br>")) == left, promise


def test_each_promise_names_a_test_that_bears_it(promises: dict[str, list[str]]) -> None:
    """The test that says it most sharply; the others stand in docs/traceability.md."""
    held = {promise: cells[3].split("<br>") for promise, cells in promises.items()}
    assert strange(held) == []
    assert vanished(held, all_tests()) == []
    for promise, listed in held.items():
        named = [entry for entry in listed if entry.startswith("`")]
        assert all(re.search(rf"_{promise}(?=_)", entry) for entry in named), promise
        assert named, promise


def test_open_parts_of_promises_are_those_of_the_requirements_page(
    promises: dict[str, list[str]],
) -> None:
    """Two pages name the same promises: neither says done where the other says open."""
    text = (ROOT / "docs" / "traceability.md").read_text(encoding="utf-8")
    for promise, (_, held) in cells_of(text, r"P\d+"):
        here = open_parts(promises[promise][3].split("<br>"))
        assert open_parts(held.split("<br>")) == here, promise


def test_the_matrix_names_claims_that_hold_the_promise_of_their_column(
    page: str, claims: dict[str, list[str]]
) -> None:
    """A cell's claims name its promise, and its notes are explained below the matrix."""
    matrix = section(page, 4)
    rows = cells_of(matrix, r"[A-O] .+")
    assert [row[0] for row, _ in rows] == list("ABCDEFGHIJKLMNO")
    notes: set[str] = set()
    for adversary, cells in rows:
        assert len(cells) == len(PROMISES), adversary
        for promise, cell in zip(PROMISES, cells, strict=True):
            assert cell == "–" or _TS.search(cell) or "no (" in cell, (adversary, promise)
            for claim in _TS.findall(cell):
                assert promise in claims[claim][1].split(", "), (adversary, promise, claim)
            notes.update(re.findall(r"no \(([a-z])\)", cell))
    assert notes == set(re.findall(r"^- \(([a-z])\)", matrix, re.MULTILINE))


def test_a_claim_without_test_or_with_a_wrong_one_is_noticed() -> None:
    """The comparison sees rows, cells and entries as they are written."""
    text = "| T | claim |\n|---|---|\n| T4 | words | P1 | 1, 2 | `tests/x.py::*`<br>open: part 2 |"
    rows = dict(cells_of(text, r"T\d+"))
    assert rows == {"T4": ["words", "P1", "1, 2", "`tests/x.py::*`<br>open: part 2"]}
    assert parts_of(rows["T4"]) == {1, 2}
    assert open_parts(rows["T4"][3].split("<br>")) == {2}
    assert vanished({"T4": ["`tests/x.py::*`"]}, ["tests/x.py::test_T5_a"]) != []
    assert unlisted({"T4": ["open: part 2"]}, ["tests/x.py::test_T4_a"], "T") != []
