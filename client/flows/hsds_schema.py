"""The published schemas of HSDS, and ours beside them: what is wrong with an organisation's row.

Nothing is fetched: every schema lies in this checkout. HSDS leaves its objects open, so what others
add is not refused for that. A reason names fields of the schemas and nothing that stood in a row.

Source: docs/spec/exchange.md, 1 to 3; third_party/hsds/README.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jsonschema_rs import Draft202012, Draft202012Validator, Registry, ValidationError

EXTENSION = "towpath"

_ROOT = Path(__file__).resolve().parents[2]
OWN = Path(__file__).parent
PUBLISHED = _ROOT / "third_party" / "hsds" / "schema"
_BASE = "https://towpath.invalid/hsds/"
_FIELD = re.compile(r"[a-z][a-z0-9_]{0,39}")
# Terms of Open Eligibility, and our codes, of places where people stay.
_SHELTERS = frozenset({
    "Emergency Shelter", "Temporary Shelter", "Safe Housing", "Short-Term Housing",
    "Residential Housing", "Long-Term Housing",
    "violence_shelter", "open_shelter", "longer_housing", "sleep_tonight", "housing",
})  # fmt: skip
# What is asked of a value, by the keyword that it broke; nothing of the value itself.
_ASKED = {
    "type": "is of another type than it should be",
    "format": "is not of its format",
    "enum": "is none of the values that may stand there",
}

Row = Mapping[str, object]


def fault(row: Row) -> str | None:
    """Say what is wrong with an organization of HSDS with its services, or None for nothing.

    Places are looked for first: a row that says where people stay is refused for that.
    """
    return place_in(row) or published_fault(row) or _extension_fault(row)


def place_in(row: Row) -> str | None:
    """Say where a row holds an address, a point on a map or a place, or None where it does not."""
    for error in _own("hsds_no_places").iter_errors(row):
        return f"it says where somebody can be found: {_where(error.instance_path)}"
    if _has_telephone(row) and _shelters(row):
        return "it gives the telephone of a place where people stay"
    return None


def published_fault(row: Row) -> str | None:
    """Say what the published schemas refuse in an organization or in its services, or None."""
    for error in _published("organization").iter_errors(row):
        return _said(error)
    services = row.get("services", [])
    if not isinstance(services, list):
        return "services is of another type than it should be"
    for place, service in enumerate(services):
        for error in _published("service").iter_errors(service):
            return _said(error, "services", place)
    return None


def _extension_fault(row: Row) -> str | None:
    if EXTENSION not in row:
        return None
    for error in _own("hsds_extension").iter_errors(row[EXTENSION]):
        return _said(error, EXTENSION)
    return None


def _has_telephone(said: object) -> bool:
    """Say whether there is a telephone at any depth."""
    if isinstance(said, Mapping):
        return bool(said.get("phones")) or any(map(_has_telephone, said.values()))
    return isinstance(said, list) and any(map(_has_telephone, said))


def _shelters(said: object) -> bool:
    """Say whether a term anywhere in a row, or its profile, is of a place where people stay."""
    if isinstance(said, Mapping):
        names = (said.get("name"), said.get("code"))
        return any(isinstance(name, str) and name in _SHELTERS for name in names) or any(
            map(_shelters, said.values())
        )
    if isinstance(said, list):
        return any(one in _SHELTERS if isinstance(one, str) else _shelters(one) for one in said)
    return False


def _said(error: ValidationError, *before: str | int) -> str:
    where = _where([*before, *error.instance_path])
    if error.kind.name == "required":
        return f"{where} lacks {error.kind.value}"
    return f"{where} {_ASKED.get(error.kind.name, 'is not as the schema has it')}"


def _where(path: list[str | int]) -> str:
    """Write where in a row something is, by names of fields; another's own names are not shown."""
    parts = [part if isinstance(part, str) else f"[{part}]" for part in path]
    named = [
        part if part.startswith("[") or _FIELD.fullmatch(part) else "another field"
        for part in parts
    ]
    return ".".join(named).replace(".[", "[") or "the row"


@cache
def _published(name: str) -> Draft202012Validator:
    found = [
        (_BASE + file.name, json.loads(file.read_text(encoding="utf-8")))
        for file in sorted(PUBLISHED.glob("*.json"))
    ]
    return Draft202012Validator(
        {"$ref": f"{_BASE}{name}.json"},
        registry=Registry(found, draft=Draft202012),
        validate_formats=True,
        offline=True,
    )


@cache
def _own(name: str) -> Draft202012Validator:
    file = OWN / f"{name}.schema.json"
    return Draft202012Validator(json.loads(file.read_text(encoding="utf-8")), offline=True)
