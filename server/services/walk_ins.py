"""Walk-ins: stored once by the hash of their envelope, admitted by work.

Source: docs/spec/http.md, 3; docs/spec/walk-in.md, 2 and 3.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sqlalchemy import Connection

from crypto.errors import WorkMissing
from crypto.public import requests, work
from server.services import box_rows, envelopes
from server.wraps import Wraps


class Refused(enum.Enum):
    """Why a walk-in is not taken."""

    WORK = enum.auto()
    ROOM = enum.auto()
    BOX = enum.auto()


@dataclass(frozen=True, slots=True)
class Stored:
    """A walk-in that is stored: the last epoch of its first storing, and whether this was it."""

    last_epoch: int
    is_new: bool


def is_admitted(walk_in: requests.WalkIn, *, network_id: bytes, today: int, bits: int) -> bool:
    """Say whether the work of a walk-in holds, at `bits` of difficulty, and is of these days.

    Today's and yesterday's epochs are taken. Source: docs/spec/walk-in.md, 3.
    """
    if walk_in.epoch not in (today - 1, today):
        return False
    task = work.task(network_id, walk_in.epoch, walk_in.envelope, bits)
    try:
        work.check(task, walk_in.nonce)
    except WorkMissing:
        return False
    return True


def store(
    connection: Connection,
    *,
    wraps: Wraps,
    walk_in: requests.WalkIn,
    admitted: bool,
    room: bool = True,
) -> Stored | Refused:
    """Store a walk-in that is admitted, with its box; one that is there already is not stored.

    Whoever repeats it gets the first answer, also without work and where there is no `room` for
    more today. Source: docs/spec/http.md, 3.
    """
    tag = requests.walk_in_tag(walk_in.envelope)
    standing = _standing(connection, wraps, tag)
    if standing is not None:
        return standing
    if not admitted:
        return Refused.WORK
    if not room:
        return Refused.ROOM
    attempt = connection.begin_nested()
    last_epoch = envelopes.end_of_walk_in(wraps.today)
    if _take(connection, wraps, walk_in, tag, last_epoch):
        attempt.commit()
        return Stored(last_epoch, is_new=True)
    attempt.rollback()
    # Somebody was quicker; perhaps this very request, sent twice.
    return _standing(connection, wraps, tag) or Refused.BOX


def _standing(connection: Connection, wraps: Wraps, tag: bytes) -> Stored | None:
    found = envelopes.find(connection, wraps, tag)
    if found is None:
        return None
    return Stored(envelopes.end_of_walk_in(found.arrived), is_new=False)


def _take(
    connection: Connection, wraps: Wraps, walk_in: requests.WalkIn, tag: bytes, last_epoch: int
) -> bool:
    """Try all of it; False leaves something undone, and the caller undoes the rest."""
    latest_end = envelopes.latest_end_of_walk_in(wraps.today)
    content = envelopes.Content(requests.hash_of(walk_in), tag, walk_in.envelope)
    return box_rows.begin(
        connection, wraps, walk_in.box, tag=tag, last_epoch=last_epoch, latest_end=latest_end
    ) and envelopes.store(connection, wraps, content, last_epoch)
