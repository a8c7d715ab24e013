"""Whoever floods the server with junk keeps nobody from asking, and leaves nothing in the store.

The server is the shipped one with the settings that it is shipped with. Junk and honest calls come
from one address, as they do through Tor.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.settings import Settings
from tests.server import postgres
from tests.server.running import Running, serve
from tests.threats.flooding import Flood, flooded, junk, sender

A_SECOND = 40
EVERY = 20  # of so many senders one has no code
AN_HOUR = 100_000
SECONDS, TRIES = 20.0, 100
LONG_SECONDS, LONG_TRIES = 600.0, 2_000
SHIPPED = {
    name: getattr(Settings(database="sqlite:///x", keyring=Path("x")), name)
    for name in ("misses_a_minute", "walk_ins_a_day", "work_bits", "threads", "refusal_tick_ms")
}
"""What a server has unless its operator says otherwise; that of this suite are others."""


@dataclass(frozen=True)
class Outcome:
    """What came of a flood: of so many senders so many succeeded, and so many rows were added."""

    tries: int
    succeeded: int
    flood: Flood
    added: dict[str, int]
    living: bool
    """Whether a box that was there before is as it was."""

    def check(self) -> None:
        """The flood was one, and the senders and the store did not feel it."""
        assert self.flood.an_hour >= AN_HOUR
        assert set(self.flood.statuses) <= {200, 400, 401, 403, 404, 413, 429}, self.flood
        assert self.succeeded >= self.tries * 99 / 100, (self.succeeded, self.flood)
        stored = self.added["envelope"]
        assert self.succeeded <= stored <= self.tries
        codes = -self.added["code_record"]
        own = dict.fromkeys(("box", "box_slot", "envelope"), stored)
        assert self.added == own | {"code_record": -codes}, "a row that is nobody's"
        assert 0 <= stored - codes <= len(self.without_code)
        assert self.living

    @property
    def without_code(self) -> range:
        """The senders that have no code, by their numbers."""
        return range(0, self.tries, EVERY)


def rows(running: Running) -> Counter[str]:
    """How many rows each table has; the drop's place in time is not a row of anybody's."""
    return Counter({name: len(rows) for name, rows in running.scene.dump().items()
                    if name != "drop_position"})  # fmt: skip


def flood(running: Running, seconds: float, tries: int) -> Outcome:
    """Let senders ask one after the other over this time, under junk."""
    port, living = running.port, sender(running)
    assert living.succeeds(port)
    senders = [sender(running, has_code=at % EVERY != 0) for at in range(tries)]
    useless, before = junk(running.scene, living.receipt), rows(running)
    ends = time.monotonic() + seconds

    def ask(number: int) -> bool:
        time.sleep(max(0.0, ends - seconds * (1 - number / tries) - time.monotonic()))
        return senders[number].succeeds(port)

    with flooded(port, useless, A_SECOND) as seen, ThreadPoolExecutor(4) as threads:
        succeeded = sum(threads.map(ask, range(tries)))
        time.sleep(max(0.0, ends - time.monotonic()))
    after = rows(running)
    added = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    return Outcome(tries, succeeded, seen, added, living.reads(port))


def test_P4_P10_R34_T10_under_a_flood_of_junk_honest_senders_succeed(tmp_path: Path) -> None:
    """At more than 10^5 junk calls an hour, all of one address, 99 of 100 and more, each call sent
    once, also when misses are limited all the while; and of the junk no row is left.
    """
    url = f"sqlite:///{tmp_path / 'towpath.db'}"
    settings = {**SHIPPED, "misses_a_minute": 100}
    with serve(tmp_path / "server", url, **settings) as running:
        outcome = flood(running, SECONDS, TRIES)
    outcome.check()
    assert outcome.flood.statuses[429] > 0


@pytest.mark.long
@pytest.mark.parametrize(
    "kind", ["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))]
)
def test_P4_P10_R34_T10_under_a_long_flood_honest_senders_succeed(
    tmp_path: Path, kind: str
) -> None:
    """Ten minutes of it, with the settings of a server whose operator changed nothing."""
    with ExitStack() as until:
        url, processes = f"sqlite:///{tmp_path / 'towpath.db'}", 1
        if kind == "postgres":
            url = until.enter_context(postgres.cluster()).new_database()
            processes = 4
        running = until.enter_context(
            serve(tmp_path / "server", url, **SHIPPED, processes=processes)
        )
        outcome = flood(running, LONG_SECONDS, LONG_TRIES)
    outcome.check()
