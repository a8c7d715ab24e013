"""The published schemas are those of third_party/hsds/README.md, and refer to nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from client.flows import hsds_schema

FOLDER = Path(__file__).resolve().parents[3] / "third_party" / "hsds"
EXAMPLES = sorted((FOLDER / "examples").glob("*.json"))


def references(said: object) -> Iterator[str]:
    """Every $ref at any depth."""
    if isinstance(said, dict):
        for key, value in said.items():
            if key == "$ref":
                yield value
            yield from references(value)
    elif isinstance(said, list):
        for value in said:
            yield from references(value)


def test_every_file_has_its_hash_in_the_readme() -> None:
    """Each file stands there with its SHA-256, and nothing else does."""
    rows = re.findall(r"`([0-9a-f]{64})` \| `([^`]+)`", (FOLDER / "README.md").read_text())
    found = {
        file.relative_to(FOLDER).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in FOLDER.rglob("*.json")
    }
    assert {name: digest for digest, name in rows} == found


def test_no_schema_refers_to_what_is_not_there() -> None:
    """So nothing has to be fetched; a name that is no file would be."""
    names = {file.name for file in hsds_schema.PUBLISHED.glob("*.json")}
    for file in hsds_schema.PUBLISHED.glob("*.json"):
        assert set(references(json.loads(file.read_text()))) <= names


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_published_examples_are_valid_by_them(file: Path) -> None:
    """They reach every table: a schema that is misread would refuse one of them."""
    said = json.loads(file.read_text())
    if "organization" in said:
        said = {**said["organization"], "services": [said]}
    assert hsds_schema.published_fault(said) is None
