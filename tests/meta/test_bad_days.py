"""docs/bad-days.md names a test for every bad day, and every such test stands there."""

from __future__ import annotations

import re

from tests.meta.numbered import NAMED, ROOT, all_tests

PAGE = ROOT / "docs" / "bad-days.md"
_OWN = re.compile(r"tests/acceptance/test_bad_days\w*\.py::")


def rows(text: str) -> list[list[str]]:
    """Return the cells of every row of the page's tables, headings left out."""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [cells for cells in lines if cells[0] != "the day"]


def strange(text: str, tests: list[str]) -> list[str]:
    """Return the days whose row does not have three cells, the last of them a test that exists."""
    found = []
    for cells in rows(text):
        named = NAMED.fullmatch(cells[-1])
        if len(cells) != 3 or named is None or f"{named[1]}::{named[2]}" not in tests:
            found.append(cells[0])
    return found


def missing(text: str, tests: list[str]) -> list[str]:
    """Return the tests of bad days that the page does not name."""
    return [name for name in tests if _OWN.match(name) and f"`{name}`" not in text]


def test_every_bad_day_has_its_test() -> None:
    """Each row says what happens, what one sees and does, and which test makes it happen."""
    text = PAGE.read_text(encoding="utf-8")
    assert len(rows(text)) >= 30
    assert strange(text, all_tests()) == []


def test_every_test_of_a_bad_day_stands_on_the_page() -> None:
    """A day that is tested can be looked up."""
    assert missing(PAGE.read_text(encoding="utf-8"), all_tests()) == []


def test_a_day_without_a_test_and_a_test_without_a_day_are_noticed() -> None:
    """Both comparisons can fail."""
    name = "tests/acceptance/test_bad_days_x.py::test_rain"
    good = f"| the day | you see | test |\n|---|---|---|\n| rain | wet | `{name}` |\n"
    assert (strange(good, [name]), missing(good, [name])) == ([], [])
    assert strange(good, []) == ["rain"]
    assert strange("| rain | wet | none |\n", [name]) == ["rain"]
    assert missing("", [name, "tests/other.py::test_sun"]) == [name]
