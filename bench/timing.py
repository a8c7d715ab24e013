"""Timing two functions in turns, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

RUNS = 3


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
    """Run a pair three times for about `seconds` each and take the medians."""
    rounds = _rounds(pair, seconds)
    ours, bare, ratios = [], [], []
    for _ in range(RUNS):
        mine, theirs = _interleaved(pair, rounds)
        ours.append(rounds / mine)
        bare.append(rounds / theirs)
        ratios.append(mine / theirs)
    return Result(
        pair.name,
        statistics.median(ours),
        statistics.median(bare),
        statistics.median(ratios),
        pair.note,
    )


def _rounds(pair: Pair, seconds: float) -> int:
    """How many calls of both fit in the time; at least 3."""
    pair.ours()
    pair.bare()
    once = _time(pair.ours) + _time(pair.bare)
    return max(3, int(seconds / once))


def _interleaved(pair: Pair, rounds: int) -> tuple[float, float]:
    mine = theirs = 0.0
    for _ in range(rounds):
        mine += _time(pair.ours)
        theirs += _time(pair.bare)
    return mine, theirs


def _time(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start
