"""docs/traceability.md says what is true of the tests."""

from __future__ import annotations

import re
from collections import Counter

from tests.meta.numbered import (
    ROOT,
    all_tests,
    names_in,
    open_parts,
    strange,
    unlisted,
    vanished,
)

TABLE = ROOT / "docs" / "traceability.md"
IDS = (
    [f"R{number}" for number in range(1, 42)]
    + [f"P{number}" for number in range(1, 13)]
    + [f"S{number}" for number in range(1, 7)]
)
DONE = {1, 2, 3, 4, 5}  # the parts that are there
_ROW = re.compile(r"\| ([A-Z]\d+) \|(.*)\|(.*)\|")

Rows = list[tuple[str, str, list[str]]]


def parse_rows(text: str) -> Rows:
    """Return id, wording and the entries of the last column, for each row of the table."""
    found = [_ROW.fullmatch(line) for line in text.splitlines()]
    return [
        (row[1], row[2].strip(), [entry.strip() for entry in row[3].split("<br>")])
        for row in found
        if row
    ]


def _rows() -> Rows:
    return parse_rows(TABLE.read_text(encoding="utf-8"))


def _entries() -> dict[str, list[str]]:
    return {row_id: entries for row_id, _, entries in _rows()}


def test_every_id_has_exactly_one_row() -> None:
    """Nothing that was asked or promised is left out or stands there twice, and none is new."""
    assert Counter(row_id for row_id, _, _ in _rows()) == Counter(IDS)


def test_every_row_says_what_it_is_about_and_where_it_is_held() -> None:
    """A row has words, and only tests and parts that exist in its last column."""
    assert all(wording for _, wording, _ in _rows())
    assert strange(_entries()) == []


def test_every_test_named_in_the_table_exists() -> None:
    """A renamed or deleted test takes its claim with it."""
    assert vanished(_entries(), all_tests()) == []


def test_every_test_that_bears_an_id_stands_in_its_row() -> None:
    """The table is complete: the lines printed on failure can be pasted into it."""
    missing = unlisted(_entries(), all_tests(), "RPS")
    assert not missing, "add to docs/traceability.md:\n" + "\n".join(missing)


def test_what_is_not_open_is_held() -> None:
    """A row without a test says which part brings it, and parts that are there are not open."""
    for row_id, entries in _entries().items():
        assert not DONE & open_parts(entries), row_id


def test_a_test_without_its_row_is_noticed() -> None:
    """The comparison sees functions, methods and several ids in one name."""
    source = (
        "def test_R1_a(): ...\n"
        "def test_P1_R2_b(): ...\n"
        "class TestC:\n    def test_S1(self): ...\n"
        "def helper_R3_c(): ...\n"
        "def test_T4_d(): ...\n"
    )
    names = names_in("tests/x.py", source)
    rows = parse_rows("| R1 | words | `tests/x.py::test_R1_a`<br>open: part 1 |\n| id | a | b |")
    assert rows == [("R1", "words", ["`tests/x.py::test_R1_a`", "open: part 1"])]
    assert unlisted({one: entries for one, _, entries in rows}, names, "RPS") == [
        "P1: `tests/x.py::test_P1_R2_b`",
        "R2: `tests/x.py::test_P1_R2_b`",
        "S1: `tests/x.py::TestC::test_S1`",
    ]


def test_a_star_means_the_tests_of_a_file_that_bear_the_number_and_never_none() -> None:
    """It lists what bears the row's number, leaves out the rest, and fails where nothing does."""
    names = names_in("tests/x.py", "def test_R1_a(): ...\ndef test_R1_R2_b(): ...\n")
    star = ["`tests/x.py::*`"]
    assert unlisted({"R1": star}, names, "RPS") == ["R2: `tests/x.py::test_R1_R2_b`"]
    assert unlisted({"R1": star, "R2": star}, names, "RPS") == []
    assert vanished({"R1": star, "R2": star}, names) == []
    assert vanished({"R3": star}, names) == ["R3: `tests/x.py::*`"]
    assert vanished({"R1": ["`tests/y.py::*`"]}, names) == ["R1: `tests/y.py::*`"]


def test_what_names_no_test_and_no_part_is_noticed() -> None:
    """A misspelt entry is not taken for a promise of a later part."""
    entries = ["open: part 7", "open", "tests/x.py::test_R1_a", "`x.py::test_R1_a`", "open: part 2"]
    assert strange({"R1": entries}) == [f"R1: {entry}" for entry in entries[:4]]
