"""Merging: random copies of a store come to the same on both sides, byte for byte."""

from __future__ import annotations

from tests.crossing.web import Web
from tests.crypto.merging import random_merges


def test_merges_agree(web: Web) -> None:
    """With and without a base: one store, and one list of what was overruled."""
    told = 0
    for given in random_merges(18, 150):
        outcome = web.agreed("merge_stores", **given)
        assert isinstance(outcome, dict)
        told += bool(outcome["overruled"])
    assert told > 50
