"""How long refusals take, by the machine's own clock: the times say nothing of what was found."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

import pytest
from flask import Flask

import migrations
from server import clock as clocks
from server import create_app
from server.core import EXTENSION, Core
from server.models import code_record
from server.services import codes, referrals, rows
from server.settings import Settings
from server.wraps import Wraps
from tests.server.scene import Code, FakeClock, Maker, Scene, as_json, b64url

THREADS = 4
KINDS = ("unknown", "spent", "cancelled", "expired")
FAR = 4.5  # by chance |t| is above once in 150,000 times


def welch(one: list[float], other: list[float]) -> float:
    """Welch's t of two samples."""
    spread = statistics.variance(one) / len(one) + statistics.variance(other) / len(other)
    return (statistics.fmean(one) - statistics.fmean(other)) / math.sqrt(spread)


@dataclass(frozen=True)
class Timed:
    """A server with the machine's clock, and codes that it refuses, twenty of each kind."""

    app: Flask
    codes: dict[str, list[Code]]

    def tries(self, path: str, count: int, workers: int = THREADS) -> dict[str, list[float]]:
        """How long each of `count` tries of each kind took, in an order drawn at random."""
        order = sorted(KINDS * count, key=lambda _: clocks.random(8))
        with ThreadPoolExecutor(workers) as threads:
            batches = [order[at::workers] for at in range(workers)]
            done = [
                pair for batch in threads.map(partial(self._batch, path), batches) for pair in batch
            ]
        return {kind: [took for one, took in done if one == kind] for kind in KINDS}

    def _batch(self, path: str, kinds: list[str]) -> list[tuple[str, float]]:
        client, make = self.app.test_client(), Maker(clocks.random)
        taken = []
        for number, kind in enumerate(kinds):
            code = self.codes[kind][number % len(self.codes[kind])]
            values = (
                as_json(make.referral(code))
                if path == "/v1/referrals"
                else {"locator": b64url(code.locator)}
            )
            body = json.dumps(values)
            began = time.perf_counter()
            answer = client.post(path, data=body, headers={"Content-Type": "application/json"})
            taken.append((kind, time.perf_counter() - began))
            assert answer.status_code == 404
        return taken


@contextmanager
def timed(folder: Path, tick_ms: int) -> Iterator[Timed]:
    """A server on SQLite with this tick."""
    (folder / "keyring").mkdir(mode=0o700)
    settings = Settings(
        database=f"sqlite:///{folder / 'towpath.db'}",
        keyring=folder / "keyring",
        refusal_tick_ms=tick_ms,
        misses_a_minute=1_000_000,
    )
    app = create_app(settings)
    core: Core = app.extensions[EXTENSION]
    migrations.upgrade(core.database.engine)
    scene = Scene(core, FakeClock(core.today))
    refused = [gone_on(scene) for _ in range(20)]
    try:
        yield Timed(app, {kind: [one[kind] for one in refused] for kind in KINDS})
    finally:
        core.database.close()


def gone_on(scene: Scene) -> dict[str, Code]:
    """A code of each kind, by the machine's day."""
    spent, cancelled, expired = scene.published(), scene.published(), scene.make.code(scene.today)
    scene.write(referrals.store, referral=scene.make.referral(spent, scene.make.receipt()))
    scene.write(codes.cancel, locator=cancelled.locator, write_key=cancelled.write_key)
    yesterday = Wraps(scene.core.keyring, scene.today - 1, scene.core.random)
    content = expired.row.write_key_hash + expired.row.record
    assert scene.core.database.write(
        lambda connection: rows.store(
            connection, yesterday, code_record, expired.locator, scene.today - 1, content
        )
    )
    unknown = scene.make.code(scene.today)
    return dict(zip(KINDS, (unknown, spent, cancelled, expired), strict=True))


def farthest(taken: dict[str, list[float]]) -> float:
    """The largest |t| between any two kinds."""
    return max(abs(welch(taken[one], taken[other])) for one, other in combinations(KINDS, 2))


def test_P4_R6_T5_times_of_ten_thousand_refusals_say_nothing(tmp_path: Path) -> None:
    """Opening codes of four kinds, 2,500 tries each: no two kinds differ in their times."""
    with timed(tmp_path, 10) as server:
        assert farthest(server.tries("/v1/codes/open", 2_500)) < FAR


def test_P4_R6_T5_times_of_refused_requests_say_nothing(tmp_path: Path) -> None:
    """Sending with the same codes, whose refusals take different work."""
    with timed(tmp_path, 40) as server:
        assert farthest(server.tries("/v1/referrals", 250)) < FAR


@pytest.mark.long
def test_P4_R6_T5_times_of_a_hundred_thousand_refusals_say_nothing(tmp_path: Path) -> None:
    """The same ten times as often, and sending as often as opening in the short run."""
    with timed(tmp_path, 20) as server:
        assert farthest(server.tries("/v1/codes/open", 25_000)) < FAR
        assert farthest(server.tries("/v1/referrals", 2_500)) < FAR


def test_T5_without_the_tick_the_times_would_tell(tmp_path: Path) -> None:
    """The difference is there and is found, where refusals leave when they are ready."""
    with timed(tmp_path, 0) as server:
        taken = server.tries("/v1/referrals", 400, workers=1)
    # Whatever else the machine does makes some tries slow; it does not make any quick.
    quick = {kind: sorted(times)[: len(times) // 2] for kind, times in taken.items()}
    assert farthest(quick) > FAR
