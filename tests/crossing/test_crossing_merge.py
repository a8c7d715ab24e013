"""Merging: random copies of a store come to the same on both sides, byte for byte."""

from __future__ import annotations

from typing import Any

from crypto.client.store import Store
from tests.crossing.made_up import Draw
from tests.crossing.web import Web
from tests.crypto import store_samples as samples
from tests.crypto.merging import TODAY, changed, founded


def _given(store: Store) -> dict[str, Any]:
    return {
        "network_id": store.network_id,
        "organisation_seed": store.organisation_seed,
        "generation": store.generation,
        "entries": [[*key, value] for key, value in store.entries.items()],
    }


def test_merges_agree(web: Web) -> None:
    """With and without a base: one store, and one list of what was overruled."""
    draw, told = Draw(18), 0
    for number in range(150):
        base = changed(founded(), draw, 25)
        mine, theirs = changed(base, draw, 12), changed(base, draw, 12)
        if number % 30 == 0:
            for more in range(10):
                mine = samples.with_member(mine, samples.member(f"mine {more}"))
                theirs = samples.with_member(theirs, samples.member(f"theirs {more}"))
        given = {"mine": _given(mine), "theirs": _given(theirs), "today": TODAY}
        before = None if draw.below(4) == 0 else _given(base)
        outcome = web.agreed("merge_stores", base=before, **given)
        assert isinstance(outcome, dict)
        told += bool(outcome["overruled"])
    assert told > 50
