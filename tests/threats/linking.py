"""Somebody with a server's whole database and all its keys, who asks what belongs together.

The attacker sees every row as it lies there and opened, and in which order all came, which the
database does not even keep. Where it has something to compare, it knows half of all truths: whose
every second code is. It puts rows next to each other by one feature after the other, keeps the one
that told most in some networks, and uses it on others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from math import sqrt
from operator import add
from statistics import NormalDist
from typing import Any

from crypto.encoding import Random

STEP = 192  # between the places of sealed and opened bytes that are compared
WIDTH = 16
INTERVAL = 0.99
_DRAW_BYTES = 8


@dataclass(frozen=True)
class Row:
    """One row as the attacker has it: numbers and bytes by name. `owner` is what it asks."""

    owner: int
    numbers: dict[str, int]
    bytes_: dict[str, bytes]


Key = Callable[[Row], Any]
World = Sequence[Row]


def features(world: World) -> dict[str, Key]:
    """Everything by which rows can be put next to each other."""
    found: dict[str, Key] = {}
    for name in world[0].numbers:
        found[name] = lambda row, name=name: row.numbers[name]  # type: ignore[misc]
    for name, value in world[0].bytes_.items():
        found[f"{name}, size"] = lambda row, name=name: len(row.bytes_[name])  # type: ignore[misc]
        for at in range(0, len(value), STEP):
            found[f"{name}, from {at}"] = (
                lambda row, name=name, at=at: row.bytes_[name][at : at + WIDTH]  # type: ignore[misc]
            )
    return found


@dataclass(frozen=True)
class Score:
    """How many of some guesses were right, and how many would be by guessing."""

    right: int
    tries: int
    chance: float

    def __add__(self, other: Score) -> Score:
        """Both together; the chance is the same in worlds of one shape."""
        return Score(self.right + other.right, self.tries + other.tries, self.chance)

    @property
    def rate(self) -> float:
        """The part that was right."""
        return self.right / self.tries

    def is_guessing(self, deviations: float) -> bool:
        """Whether it is within so many standard deviations of guessing."""
        spread = sqrt(self.tries * self.chance * (1 - self.chance))
        return abs(self.right - self.tries * self.chance) <= deviations * spread


def pairs(world: World, key: Key) -> Score:
    """Which belong together: neighbours by a feature are said to; equal ones as they stand."""
    ordered = sorted(world, key=key)
    couples = list(zip(ordered[::2], ordered[1::2], strict=True))
    right = sum(one.owner == other.owner for one, other in couples)
    others = sum(each * (each - 1) for each in Counter(row.owner for row in world).values())
    return Score(right, len(couples), others / (len(world) * (len(world) - 1)))


def owners(world: World, key: Key) -> Score:
    """Whose each is: whose the neighbour is, of those whose owner is known (every second one)."""
    known = {id(row) for row in world[::2]}
    right = tries = 0
    before: Row | None = None
    for row in sorted(world, key=key):
        if id(row) in known:
            before = row
        elif before is not None:
            right, tries = right + (before.owner == row.owner), tries + 1
    return Score(right, tries, 1 / len({row.owner for row in world}))


Guess = Callable[[World, Key], Score]
Scores = dict[str, Score]


def attack(world: World, guess: Guess, random: Random) -> Scores:
    """The score of each feature in one world; rows that are equal in it stand in any order."""
    shuffled = sorted(world, key=lambda _: random(_DRAW_BYTES))
    return {name: guess(shuffled, key) for name, key in features(world).items()}


def together(scores: Sequence[Scores]) -> Scores:
    """The score of each feature over several worlds."""
    return {name: reduce(add, (one[name] for one in scores)) for name in scores[0]}


def best(scores: Scores) -> str:
    """The feature that told most."""
    return max(scores, key=lambda name: abs(scores[name].rate - scores[name].chance))


def within(scores: Scores) -> dict[str, float]:
    """The features that tell more or less than guessing does, by the interval for all at once."""
    deviations = NormalDist().inv_cdf(1 - (1 - INTERVAL) / 2 / len(scores))
    return {name: one.rate for name, one in scores.items() if not one.is_guessing(deviations)}
