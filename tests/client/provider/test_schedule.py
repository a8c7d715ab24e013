"""When codes are published: what the moments say to a server, which must be nothing."""

from __future__ import annotations

from collections import Counter

import pytest

from client.flows import schedule
from client.flows.stock_data import Token, Waiting
from crypto.constants import TOKEN_BYTES
from tests.crypto.networks import TODAY
from tests.crypto.store_samples import draws

DAY = schedule.DAY_S
MONDAY = TODAY
TOKEN = Token(TODAY + 60, bytes(TOKEN_BYTES))


def waiting(due: int, name: str = "a", record: bytes = b"") -> Waiting:
    """A code that waits."""
    return Waiting(name.encode().ljust(16, b"."), due, TOKEN, record)


@pytest.mark.parametrize("drawn_on", range(7))
def test_P3_R33_the_day_of_drawing_does_not_show(drawn_on: int) -> None:
    """Drawn on Monday or on Sunday: the moments are spread over all of the next week alike."""
    random = draws("the same")
    now = (MONDAY + drawn_on) * DAY + 3600
    moments = [schedule.for_drawn(MONDAY, now, random) for _ in range(700)]
    days = Counter(moment // DAY - MONDAY for moment in moments)
    assert set(days) == set(range(7, 14))
    assert min(days.values()) > 60
    assert moments == [
        schedule.for_drawn(MONDAY, MONDAY * DAY, r) for r in [draws("the same")] for _ in range(700)
    ]


def test_P3_codes_made_amid_the_next_week_go_in_what_is_left_of_it() -> None:
    """A device that was off publishes no code in the past, which would be at once."""
    random, now = draws(1), (MONDAY + 10) * DAY
    moments = [schedule.for_drawn(MONDAY, now, random) for _ in range(200)]
    assert all(now <= moment < (MONDAY + 14) * DAY for moment in moments)


def test_P3_tokens_from_long_ago_go_in_what_is_left_of_this_week() -> None:
    """Nothing is due at once because it is old."""
    random, now = draws(2), (MONDAY + 30) * DAY
    moments = [schedule.for_drawn(MONDAY, now, random) for _ in range(200)]
    assert all(now <= moment < (MONDAY + 35) * DAY for moment in moments)
    assert max(moments) - min(moments) > 4 * DAY


def test_P3_late_on_sunday_there_is_still_a_day() -> None:
    """The last minutes of a week are no burst either."""
    random, now = draws(3), (MONDAY + 7) * DAY - 60
    moments = [schedule.this_week(now, random) for _ in range(200)]
    assert all(now <= moment < now + DAY for moment in moments)
    assert max(moments) - min(moments) > DAY // 2


def test_nothing_is_due_before_its_moment() -> None:
    """A second early is early."""
    assert not schedule.due([waiting(100)], 99)
    assert schedule.due([waiting(100)], 100)


def test_P10_what_was_tried_before_comes_first() -> None:
    """A lost answer is asked for again before anything new is begun."""
    tried = waiting(90, "tried", b"record")
    assert schedule.due([waiting(10), tried, waiting(5, "b")], 100)[0] == tried


def test_P3_what_came_due_together_is_spread_anew() -> None:
    """Each gets a moment of its own, after now."""
    now = (MONDAY + 2) * DAY
    late = [waiting(now - 5, str(number)) for number in range(50)]
    moved = schedule.spread(late, now, draws(4))
    assert {one.locator for one in moved} == {one.locator for one in late}
    assert all(one.due >= now for one in moved)
    assert len({one.due for one in moved}) == 50
