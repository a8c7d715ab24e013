"""What a client remembers of a network, and what it does not take any more."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crypto.errors import NotInLog, Refused, Rollback
from crypto.public import checkpoint, seen
from crypto.public.seen import Seen
from tests.crypto.networks import TODAY, make_network

NET = make_network()
NEWEST = checkpoint.check_newest(NET.checkpoint([b"one\n", b"two\n"]), NET.policy)
SEEN = Seen(version=1, size=2, root=NEWEST.checkpoint.root, day=TODAY)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (replace(SEEN, size=3), Rollback),
        (replace(SEEN, size=3, root=bytes(32)), Rollback),
        (replace(SEEN, size=2**64 - 1), Rollback),
        (replace(SEEN, root=bytes(32)), NotInLog),
        (replace(SEEN, root=SEEN.root[:-1] + bytes([SEEN.root[-1] ^ 1])), NotInLog),
    ],
)
def test_P9_T63_a_smaller_log_or_another_of_its_size_is_refused(
    before: Seen, expected: type[Refused]
) -> None:
    """Whatever was signed by whom."""
    with pytest.raises(expected):
        seen.check(NEWEST.checkpoint, before)


@pytest.mark.parametrize(
    "before", [Seen(), SEEN, replace(SEEN, size=1, root=bytes(32)), replace(SEEN, day=TODAY + 9)]
)
def test_a_log_that_grew_or_stayed_is_taken(before: Seen) -> None:
    """What is remembered then is the log, and the later of both days."""
    seen.check(NEWEST.checkpoint, before)
    after = seen.after(NEWEST, before)
    assert after == replace(SEEN, day=max(TODAY, before.day))


def test_without_witnesses_no_day_is_remembered() -> None:
    """A device's own date may be wrong, and would bind for good."""
    alone = make_network(witnesses=0, witness_threshold=0, name="alone-")
    newest = checkpoint.check_newest(alone.checkpoint([b"one\n"]), alone.policy)
    assert seen.after(newest, Seen()).day == 0


def test_of_two_memories_the_larger_log_and_the_later_day_stay() -> None:
    """In either order; nothing that was seen is forgotten."""
    other = Seen(version=2, size=7, root=bytes(32), day=TODAY - 3)
    assert seen.later(SEEN, other) == seen.later(other, SEEN) == replace(other, day=TODAY)
