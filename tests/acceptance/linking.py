"""Whether two requests can be told to be one person's, by what was sent and what is stored."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence

from client import wire
from tests.acceptance import scan
from tests.acceptance.deployment import Deployment
from tests.acceptance.relay import Exchange

_RUN = 8  # bytes: two requests of chance share none
_PUBLIC = ("/v1/network", "/v1/directory")


def sent(exchanges: Iterable[Exchange]) -> list[bytes]:
    """What went over the wire for her and comes from her or for her alone, decoded."""
    own = [one for one in exchanges if one.path not in _PUBLIC]
    assert {one.path for one in own} >= {"/v1/codes/open", "/v1/referrals", "/v1/boxes/read"}
    return [value for one in own for value in _values(one)]


def _values(exchange: Exchange) -> Iterator[bytes]:
    for text in (exchange.body, exchange.answered):
        yield from _decoded(json.loads(text or b"null"))


def _decoded(value: object) -> Iterator[bytes]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key != "pad":  # the letter A, as many as fill the body to its size
                yield from _decoded(one)
    elif isinstance(value, list):
        for one in value:
            yield from _decoded(one)
    elif isinstance(value, str):
        yield wire.unb64url(value)


def stored(at: Deployment) -> set[bytes]:
    """Every value of every row of requests, as it lies there and unwrapped.

    A box ends in zeros, a place for each tag still to come: they are left out, since the byte of
    chance in front of them is the same in one of 256 pairs.
    """
    there = scan.rows(at)
    plain = {
        value
        for table in scan.REQUESTS
        for row in there[table]
        for value in (row["lookup"], row["sealed"], row["id"].to_bytes(8, "big"))
    }
    opened = {one for rows in scan.unwrapped(at).values() for one in rows}
    return plain | {one.rstrip(b"\0") for one in opened}


def alike(some: Iterable[bytes], others: Iterable[bytes]) -> list[bytes]:
    """Return runs of bytes that stand in both; a run of one byte, as zeros, says nothing."""
    return [run for run in _runs(some) & _runs(others) if len(set(run)) > 1]


def _runs(values: Iterable[bytes]) -> set[bytes]:
    return {one[at : at + _RUN] for one in values for at in range(len(one) - _RUN + 1)}


def until_gone(at: Deployment, parts: Sequence[bytes]) -> None:
    """Wait until the first sweep of the day has emptied the journal, and look at every file."""
    with at.core() as core:
        is_sqlite = core.database.is_sqlite
    if not is_sqlite:
        return  # PostgreSQL's own files: what stays in them is named in docs/data-map.md
    until = time.monotonic() + 30
    while _found_in_files(at, parts):
        assert time.monotonic() < until, "an old row lies in the database's files"
        time.sleep(0.2)


def _found_in_files(at: Deployment, parts: Sequence[bytes]) -> bool:
    data = b"".join(file.read_bytes() for file in scan.files(at))
    return any(part in data for part in parts)
