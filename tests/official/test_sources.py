"""The vector files committed here are the ones that SOURCES.md speaks of."""

from __future__ import annotations

import hashlib
import re

from tests.official.vectors import DATA


def test_every_file_has_its_hash_in_sources() -> None:
    """Each file beside SOURCES.md stands there with its SHA-256, and nothing else does."""
    rows = re.findall(r"`([0-9a-f]{64})` \| `([^`]+)`", (DATA / "SOURCES.md").read_text())
    stated = {name: digest for digest, name in rows}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in DATA.iterdir()
        if path.name != "SOURCES.md"
    }
    assert stated == found
