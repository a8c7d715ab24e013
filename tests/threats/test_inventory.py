"""The two tables that all else rests on: who holds which key, and what is stored for whom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "spec" / "conventions.md"
OPERATOR = re.compile(r"operator|server|admin|witness", re.IGNORECASE)
# What an organisation says of itself and admins write about it; no request is among it.
FOR_ADMINS = {"application row: application", "application row: reply", "entry row: entry"}


def table(section: int) -> dict[str, list[str]]:
    """The rows of a section's table, by their first cell, without the heading."""
    text = PAGE.read_text(encoding="utf-8").split(f"\n## {section}.")[1].split("\n## ")[0]
    lines = [line for line in text.splitlines() if line.startswith("|")][2:]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first: rest for first, *rest in cells}


KEYS, STORED = table(7), table(8)
SEALED = [thing for thing, (_, what, _, _) in STORED.items() if what.startswith("sealed")]
HELD_BY_ADMINS = [key for key, (_, held, *_) in KEYS.items() if re.search("admin|witness", held)]
HELD_BY_SERVERS = [key for key, (_, held, *_) in KEYS.items() if "server" in held]


def test_T25_the_tables_are_read() -> None:
    """Sealed things, and keys of admins and of the server, are found in the tables."""
    assert {"code row: record", "envelope row: envelope", "slot 0", "store"} <= set(SEALED)
    assert len(HELD_BY_ADMINS) >= 2
    assert len(HELD_BY_SERVERS) >= 4
    assert len(KEYS) > 12


@pytest.mark.parametrize("thing", sorted(set(SEALED) - FOR_ADMINS))
def test_P1_P12_T25_nothing_sealed_has_the_operator_among_its_readers(thing: str) -> None:
    """Who can open it is a person with a code or receipt, or a provider's members."""
    readers = STORED[thing][2]
    assert not OPERATOR.search(readers)
    assert re.search("code holder|receipt holder|provider|member", readers)


@pytest.mark.parametrize("thing", sorted(FOR_ADMINS))
def test_P1_P12_T25_T67_what_admins_read_is_an_application_and_opens_for_nobody_else(
    thing: str,
) -> None:
    """Neither operator, server nor witness; and nothing of whoever asks for help."""
    what, readers, _ = STORED[thing][1:]
    assert thing in SEALED
    assert re.search("admin", readers)
    assert not re.search("operator|server|witness|sender|code|receipt", f"{what} {readers}")


@pytest.mark.parametrize("thing", STORED)
def test_P7_P12_T25_every_stored_thing_has_an_end_that_is_not_never(thing: str) -> None:
    """Each row dies at some event or day; only what concerns organisations alone may stay."""
    what, end = STORED[thing][1], STORED[thing][3]
    if re.search(r"\bstays?\b|never", end):
        assert what.startswith("public")
        assert "request" not in what


@pytest.mark.parametrize("key", [*HELD_BY_ADMINS, *HELD_BY_SERVERS])
def test_P1_P3_T46_no_key_of_admin_witness_or_server_opens_lists_or_counts(key: str) -> None:
    """They sign, count tokens, cover empty slots and wrap rows: none opens a request."""
    used_for = KEYS[key][2]
    assert not re.search(r"open|read|list|count|referral|answer|envelope", used_for), used_for


def test_T46_every_key_that_opens_is_held_by_a_person_or_a_provider() -> None:
    """Each key whose use is to open something stands with sender, code holder, member or store."""
    opening = {key: cells for key, cells in KEYS.items() if "opening" in cells[2]}
    assert len(opening) >= 4
    for key, (_, held, *_) in opening.items():
        assert not OPERATOR.search(held), key
