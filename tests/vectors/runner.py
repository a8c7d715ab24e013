"""Runs one scenario and says whether it came out as its file expects."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from crypto.errors import Refused
from tests.vectors.operations import (
    admission,
    calls,
    invites,
    logs,
    plain,
    records,
    sealed,
    secrets,
    signed,
    stores,
    vetting,
)
from tests.vectors.values import Given, Output, same

ROOT = Path(__file__).resolve().parents[2]
SPEC = ROOT / "docs" / "spec"
FOLDER = SPEC / "vectors"
OK = "ok"

Operation = Callable[[Given], Output]
_AREAS = (secrets, plain, sealed, admission, signed, records, stores, calls, invites, logs, vetting)


def _operations(area: ModuleType) -> Mapping[str, Operation]:
    return {
        name: value
        for name, value in vars(area).items()
        if callable(value) and value.__module__ == area.__name__ and not name.startswith("_")
    }


_HELPERS = {"accepted", "arguments", "present"}
OPERATIONS = {
    name: operation
    for area in _AREAS
    for name, operation in _operations(area).items()
    if name not in _HELPERS
}


@dataclass(frozen=True)
class Scenario:
    """What a file says."""

    name: str
    expect: str
    section: str
    comment: str
    operation: str
    inputs: Mapping[str, Any]
    output: Mapping[str, Any] | None = None


def load(path: Path) -> Scenario:
    """Read a file; another key than those of a scenario is an error."""
    return Scenario(**json.loads(path.read_text(encoding="utf-8")))


def fault(scenario: Scenario) -> str | None:
    """Say what came out otherwise than expected; None when nothing did."""
    try:
        output = OPERATIONS[scenario.operation](scenario.inputs)
    except Refused as refused:
        category = type(refused).__name__
        return None if category == scenario.expect else f"refused as {category}"
    if scenario.expect != OK:
        return "not refused"
    return None if same(scenario.output, output) else f"another output: {output}"
