"""The stranger comes to the same as every scenario of docs/spec/vectors that it can read."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.second import both
from tests.second.asking import Stranger

VECTORS = Path(__file__).resolve().parents[2] / "docs" / "spec" / "vectors"
# pycryptodome has neither Argon2id nor the group ristretto255.
LEFT_OUT = {f"{what}_{whose}_file" for what in ("open", "seal") for whose in ("admin", "member")}
LEFT_OUT |= {"token_issue", "token_redeem", "token_round"}
_MOST_LEFT_OUT = 0.1


def _by_operation() -> dict[str, list[dict[str, Any]]]:
    found = defaultdict(list)
    for path in sorted(VECTORS.glob("*.json")):
        scenario = json.loads(path.read_text(encoding="utf-8"))
        found[scenario["operation"]].append(scenario)
    return found


SCENARIOS = _by_operation()


def _outcome(stranger: Stranger, scenario: dict[str, Any]) -> str:
    agreed = []
    outcome = both.outcome(lambda: agreed.append(stranger("run", scenario=scenario)))
    if outcome != both.OPENED:
        return outcome
    return "ok" if agreed == [True] else "another output"


@pytest.mark.parametrize("operation", sorted(set(SCENARIOS) - LEFT_OUT))
def test_scenarios(stranger: Stranger, operation: str) -> None:
    """What goes in gives what the file says, or is refused in the category it says."""
    for scenario in SCENARIOS[operation]:
        assert _outcome(stranger, scenario) == scenario["expect"], scenario["name"]


def test_only_what_has_no_primitive_is_left_out(stranger: Stranger) -> None:
    """The stranger runs every operation but seven, and nine scenarios of ten."""
    assert set(SCENARIOS) - set(stranger("operations")) == LEFT_OUT
    every = sum(len(of_one) for of_one in SCENARIOS.values())
    left_out = sum(len(SCENARIOS[operation]) for operation in LEFT_OUT)
    assert left_out < _MOST_LEFT_OUT * every


def test_another_output_is_noticed(stranger: Stranger) -> None:
    """A scenario with a wrong output or a wrong expectation would not pass."""
    scenario = SCENARIOS["code_last_epoch"][0]
    wrong = scenario | {"output": {"last_epoch": scenario["output"]["last_epoch"] + 7}}
    assert _outcome(stranger, wrong) == "another output"
    refused = next(one for one in SCENARIOS["open_slot"] if one["expect"] == "CannotOpen")
    assert _outcome(stranger, refused) == "CannotOpen"
