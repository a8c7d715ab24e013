"""Every scenario of docs/spec/vectors comes out as it says; and there are enough of each kind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from crypto.errors import CATEGORIES
from tests.vectors.runner import FOLDER, OK, OPERATIONS, SPEC, Scenario, fault, load
from tools import generate_vectors

PATHS = sorted(FOLDER.glob("*.json"))
SCENARIOS = [load(path) for path in PATHS]
NEVER_REFUSED = {
    "add_suspended",
    "code_last_epoch",
    "may_be_withheld",
    "sender_today",
    "token_period",
    "vetting_missing",
}
_LEAST = 120


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_scenario(path: Path, count_scenarios: Callable[[int, int], None]) -> None:
    """What goes in gives what the file says, or is refused in the category it says."""
    scenario = load(path)
    assert scenario.name == path.stem
    found = fault(scenario)
    assert found is None, f"{scenario.comment} Expected {scenario.expect}, but {found}"
    count_scenarios(1, int(scenario.expect != OK))


def test_the_files_are_what_the_generator_makes() -> None:
    """No file is missing, stale or left over, so that regenerating changes nothing."""
    assert generate_vectors.differences(generate_vectors.render(), FOLDER) == []


def test_there_are_enough_and_most_are_refusals() -> None:
    """At least 120 scenarios, and at least two of three are refused."""
    refusals = [one for one in SCENARIOS if one.expect != OK]
    assert len(SCENARIOS) >= _LEAST
    assert 3 * len(refusals) >= 2 * len(SCENARIOS)


def test_every_category_occurs() -> None:
    """No category of conventions.md stands there without a scenario, and there is no other."""
    assert {one.expect for one in SCENARIOS} == {OK, *(one.__name__ for one in CATEGORIES)}


def test_every_operation_holds_and_refuses() -> None:
    """Each operation comes out well somewhere and is refused somewhere."""
    outcomes: dict[str, set[bool]] = defaultdict(set)
    for one in SCENARIOS:
        outcomes[one.operation].add(one.expect == OK)
    assert outcomes.keys() == OPERATIONS.keys()
    only_ok = {name for name, seen in outcomes.items() if seen == {True}}
    assert only_ok == NEVER_REFUSED
    assert {False} not in outcomes.values()


def test_every_section_exists() -> None:
    """Each file names a page and a numbered section that is there."""
    for section in {one.section for one in SCENARIOS}:
        page, number = section.split()
        headings = re.findall(r"^## (\d+)\. ", (SPEC / page).read_text(encoding="utf-8"), re.M)
        assert number in headings, section


def test_every_operation_is_documented() -> None:
    """The table of vectors.md has every operation, and no other."""
    page = (SPEC / "vectors.md").read_text(encoding="utf-8")
    page = page.partition("\n## 5. ")[2].partition("\n## 6. ")[0]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", page, re.M)) == OPERATIONS.keys()


def _one(expect: str, operation: str) -> Scenario:
    found = (one for one in SCENARIOS if (one.expect, one.operation) == (expect, operation))
    return next(found)


def test_a_wrong_expectation_is_noticed() -> None:
    """The runner fails where a file expects another category, an outcome or another output."""
    refused, held = _one("CannotOpen", "open_record"), _one(OK, "code_keys")
    assert held.output is not None
    psk = {**held.output, "psk": "00" * 32}
    without = {name: value for name, value in held.output.items() if name != "psk"}
    wrong = [
        *(replace(refused, expect=name) for name in ("Malformed", "BadSignature")),
        replace(refused, expect=OK, output={}),
        replace(held, expect="Malformed"),
        *(replace(held, output=output) for output in (psk, without, {**psk, "more": 1}, None)),
    ]
    assert fault(refused) is None
    assert fault(held) is None
    assert all(fault(one) for one in wrong)


@pytest.mark.parametrize("operation", sorted(OPERATIONS))
def test_changed_outputs_are_noticed(operation: str) -> None:
    """No operation's output is compared so loosely that another passes."""
    one = _one(OK, operation)
    assert one.output is not None
    assert fault(replace(one, output={**one.output, "more": ""}))
    for name in one.output:
        assert fault(replace(one, output={**one.output, name: "00"})), name
