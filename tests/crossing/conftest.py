"""One process for each module of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.crossing.web import Web


@pytest.fixture(scope="module")
def web() -> Iterator[Web]:
    """The browser's modules, to be asked."""
    with Web() as process:
        yield process
