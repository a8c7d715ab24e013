"""One stranger for every file that asks for it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.second.asking import Stranger
from tests.second.process import INTERPRETER, MISSING


@pytest.fixture(scope="module")
def stranger() -> Iterator[Stranger]:
    """The second implementation of the protocol, in a process of its own."""
    if not INTERPRETER.exists():
        pytest.skip(MISSING)
    with Stranger() as process:
        yield process
