"""What the tests of peers' commands and flows ask for: a town, and a way to type into it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from client.api import Api
from crypto import kdf
from crypto.client import codes
from tests.client.peer.providers import make_provider, this_day
from tests.client.peer.town import Town, serving
from tests.client.peer.wires import quick
from towpath.__main__ import towpath

# The same code and receipt are stretched again and again, which is slow on purpose.
_remembered = cache(kdf.pbkdf2)

MakeTown = Callable[..., Town]
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _stretch_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Derive as always, but what was derived before only once."""
    monkeypatch.setattr(codes, "pbkdf2", _remembered)


@pytest.fixture
def make_town() -> Iterator[MakeTown]:
    """Make towns with organisations of these names, served until the test ends."""
    with ExitStack() as stack:

        def make(*names: str, witnesses: int = 0, day: int | None = None) -> Town:
            day = this_day() if day is None else day
            provider = make_provider(*names, witnesses=witnesses, today=day)
            return stack.enter_context(serving(Town(provider, day)))

        yield make


@pytest.fixture
def town(make_town: MakeTown) -> Town:
    """A town with one organisation."""
    return make_town()


@pytest.fixture
def api(town: Town) -> Api:
    """The calls to the town, without waits."""
    return Api(quick(town.url))


@pytest.fixture
def run(town: Town, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run `towpath` in a folder of its own against the town, typing these lines."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("client.http._WAITS_S", (0.0, 0.0))

    def command(*words: str, typed: str = "", at: Town | None = None) -> Result:
        asked = CliRunner(env={"TOWPATH_SERVER": (at or town).url, "TOWPATH_NETWORK": None})
        return asked.invoke(towpath, words, input=typed)

    return command
