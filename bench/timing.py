"""Timing two functions in turns, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 3
_TURN_SECONDS = 0.005


@dataclass(frozen=True, slots=True)
class Pair:
    """One of our functions beside the bare library calls that it rests on."""

    name: str
    ours: Callable[[], object]
    bare: Callable[[], object]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """Calls per second on one core, and how much longer ours takes (1.0 = as long as bare)."""

    name: str
    ours_a_second: float
    bare_a_second: float
    ratio: float
    note: str


def measure(pair: Pair, seconds: float) -> Result:
    """Run a pair three times for about `seconds` each, in turns, and take the medians."""
    rounds, block = _rounds(pair, seconds)
    ours, bare, ratios = [], [], []
    for _ in range(RUNS):
        mine, theirs = _interleaved(pair, rounds, block)
        ours.append(rounds * block / mine)
        bare.append(rounds * block / theirs)
        ratios.append(mine / theirs)
    return Result(
        pair.name,
        statistics.median(ours),
        statistics.median(bare),
        statistics.median(ratios),
        pair.note,
    )


def _rounds(pair: Pair, seconds: float) -> tuple[int, int]:
    """How many turns (3 at least) fit in the time, and how many calls make a turn of 5 ms."""
    pair.ours()
    pair.bare()
    once = _time(pair.ours, 1) + _time(pair.bare, 1)
    block = max(1, int(_TURN_SECONDS / once))
    return max(3, int(seconds / (once * block))), block


def _interleaved(pair: Pair, rounds: int, block: int) -> tuple[float, float]:
    mine = theirs = 0.0
    for _ in range(rounds):
        mine += _time(pair.ours, block)
        theirs += _time(pair.bare, block)
    return mine, theirs


def _time(function: Callable[[], object], calls: int) -> float:
    start = time.process_time()
    for _ in range(calls):
        function()
    return time.process_time() - start
