"""Calls of a week: whether they tell who was asked, and who answered (T19)."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.crypto.streams import Stream
from tests.threats import linking, traffic
from tests.threats.traffic import Five, Habit, Week

# How often a client syncs on a day; eight hours of every ten minutes are 49.
FEW = 2
SYNCS = [FEW, pytest.param(49, marks=pytest.mark.long)]
GUESSES = (linking.pairs, linking.owners)


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Five:
    """Five organisations."""
    return traffic.found(tmp_path_factory.mktemp("five"))


@pytest.fixture(scope="module", params=SYNCS)
def week(five: Five, tmp_path_factory: pytest.TempPathFactory, request: Any) -> Week:
    """Six days of clients as they are."""
    habit = Habit(traffic.as_the_client)
    return traffic.play(five, tmp_path_factory.mktemp("week"), habit, request.param)


def telling(week: Week) -> dict[str, float]:
    """What tells busy days from others, better or worse than guessing does."""
    random, world = Stream("attacker"), week.world()
    scores = {
        f"{name}, by {guess.__name__}": score
        for guess in GUESSES
        for name, score in linking.attack(world, guess, random).items()
    }
    return linking.within(scores)


def test_P3_T19_the_calls_of_a_week_are_the_same_whatever_came(week: Week) -> None:
    """Minute, method, path, status and bytes each way, with all headers: the same for all five.

    Two of them were asked by nobody, the others three, six and six times.
    """
    assert [len(one) for one in week.busy] == [0, 0, 3, 6, 6]
    first, *others = week.counted()
    for other in others:
        assert other == first
    assert {one.status for one in first} == {200}


def test_P3_T19_the_log_is_read_where_it_has_grown_and_nowhere_else(week: Week) -> None:
    """Nobody reads a piece of it twice, nor another piece than all others: it hangs on the log."""
    all_reads = week.log_reads()
    pieces = {path.rpartition("/")[0] for reads in all_reads for path in reads}
    assert pieces == {"/v1/log/tile/entries/000.p"}
    for reads in all_reads:
        sizes = [int(path.rpartition("/")[2]) for path in reads]
        assert sizes == sorted(set(sizes))


def test_P3_T19_every_sync_reads_downloads_and_writes_once(week: Week) -> None:
    """At the times of the grid alone, and whether or not anything changed."""
    for seen in week.of_each:
        minutes = Counter(one.minute for one in seen if one.path == "/v1/store")
        assert set(minutes.values()) == {2}
        stores = [(one.method, one.minute) for one in seen if one.path == "/v1/store"]
        assert stores == [(method, at) for at in minutes for method in ("GET", "PUT")]
        assert {one.minute for one in seen} == set(minutes)
        assert all(minute % 10 == 0 for minute in minutes)


def test_P3_T19_what_a_member_does_between_is_unnamed(week: Week) -> None:
    """Answering and closing are no signed calls, and touch no store."""
    assert [bool(one) for one in week.of_nobody] == [False, False, True, True, True]
    seen = {(one.method, one.path, one.is_signed) for each in week.of_nobody for one in each}
    assert seen == {("POST", "/v1/boxes/answer", False)}


def test_P3_T19_which_days_were_busy_is_guessing(week: Week) -> None:
    """Numbers of calls and bytes, first and last times: none tells who was asked on which day."""
    assert telling(week) == {}


@pytest.mark.parametrize(
    ("habit", "by"),
    [
        (Habit(traffic.as_the_client, acted=traffic.puts), "between the times"),
        (Habit(traffic.puts_only_news()), "writes"),
    ],
    ids=["writes when its member acts", "writes only news"],
)
def test_T19_a_client_whose_writing_tells_is_caught(
    five: Five, tmp_path: Path, habit: Habit, by: str
) -> None:
    """By comparing all calls, and by the attacker's features."""
    week = traffic.play(five, tmp_path, habit, FEW)
    first, *others = week.counted()
    assert any(other != first for other in others)
    assert any(name.startswith(by) for name in telling(week)), telling(week)
