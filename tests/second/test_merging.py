"""Merging: the stranger comes to the same as the product on random copies of a store."""

from __future__ import annotations

from tests.crossing.web import plain
from tests.crypto.merging import random_merges
from tests.second.asking import Stranger
from tests.vectors.runner import OPERATIONS
from tests.vectors.values import same


def test_merges_agree(stranger: Stranger) -> None:
    """With and without a base: one store, and one list of what was overruled.

    The copies are those on which the browser's modules agree with the product.
    """
    told = 0
    for given in random_merges(18, 150):
        theirs = stranger("outcome", operation="merge_stores", inputs=given)
        assert same(plain(theirs), OPERATIONS["merge_stores"](plain(given)))
        told += bool(theirs["overruled"])
    assert told > 50
