"""S4: a mother wants information and a lawyer; she cancels, goes back, and returns weeks later.

Not asked here: "no question on force, no penalty text" on the page (open: part 3). What
the command prints on this way is looked at; tests/words holds every list.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator

from client import wire
from tests.acceptance import people, scan
from tests.acceptance.deployment import HARBOUR, Deployment
from tests.acceptance.people import Asked, Provider
from tests.acceptance.relay import Exchange, Relay, relay
from words import banned

HERS = {
    "consent": "own",
    "needs": ["just_information", "family_law", "family_custody", "children_family"],
    "languages": ["es"],
    "channels": ["come_back"],
    "eyes": "receipt",
    "children": ["abroad", "other_side", "threat"],
    "peer": "former_client",
    "text": "Mi hija está con la familia de él.",
}
ANSWER = "Puede preguntar cuantas veces quiera. Usted decide."
_RUN = 8  # bytes: two requests of chance share none
_PUBLIC = ("/v1/network", "/v1/directory")
WEEKS = 21


def test_S4_R13_R26_cancelled_is_gone_and_coming_back_is_not_linked(aging: Deployment) -> None:
    """The ciphertext is gone; the second request shares nothing with the first; the flag shows."""
    attorney = Provider(aging, HARBOUR)
    with relay(int(aging.url.rpartition(":")[2])) as way:
        before = _stored(aging)
        first, said = _asked(aging, way, attorney)
        stored_first = _stored(aging) - before
        sent_first = _sent(way)

        # The threat shows, first thing the attorney reads of her children.
        case = attorney.newest()
        assert "threat" in attorney.show(case)["choices"]["Children"].lower()
        attorney.answer(case, ANSWER).done()

        aging.days.pass_by(1)
        sealed = wire.unb64url(json.loads(way.to("/v1/referrals")[0].body)["envelope"])
        assert scan.holds(aging, sealed), "until then it is there"
        cancelled = first.withdraw().done()
        opened = [one for rows in scan.unwrapped(aging).values() for one in rows]
        assert [one for one in opened if sealed in one] == []
        first.answers().refused(4, "Nothing opens with this receipt.")

        # The day after, not even the database's journal has what was written before.
        aging.days.pass_by(1)
        old = [row for row in stored_first if len(row) > 64]
        _until_gone(aging, old)

        aging.days.pass_by(WEEKS)
        before = _stored(aging)
        way.exchanges.clear()
        second, said_again = _asked(aging, way, attorney)
        stored_second = _stored(aging) - before
        sent_second = _sent(way)

        assert _alike(sent_first, sent_second) == []
        assert _alike(stored_first, stored_second) == []
        assert _alike([*sent_first, *stored_first], [*sent_second, *stored_second]) == []
        assert _alike(sent_first, sent_first), "the comparison finds what is there twice"

        # She is received as anybody: the provider sees one new request beside an old one.
        case = attorney.newest()
        assert attorney.show(case)["additions"] == []
        attorney.answer(case, ANSWER).done()
        assert [one["text"] for one in second.read()["answers"]] == [ANSWER]

        printed = " ".join([said, cancelled.all, said_again, second.shown().all])
    assert list(banned.find(printed)) == []
    for word in ("penalty", "again?", "why did you", "forced", "last time"):
        assert word not in printed.lower()


def _asked(at: Deployment, way: Relay, to: Provider) -> tuple[Asked, str]:
    said = people.try_to_ask(at, to.code(), HERS, url=way.url)
    assert said.json()["delivered"]
    asked = Asked(at, said.json()["receipt"]["letters"], url=way.url)
    assert asked.read()["answered"] is False
    return asked, said.all


def _sent(way: Relay) -> list[bytes]:
    """What went over the wire for her and comes from her or for her alone, decoded."""
    own = [one for one in way.exchanges if one.path not in _PUBLIC]
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


def _stored(at: Deployment) -> set[bytes]:
    """Every value of every row of requests, as it lies there and unwrapped."""
    there = scan.rows(at)
    plain = {
        value
        for table in scan.REQUESTS
        for row in there[table]
        for value in (row["lookup"], row["sealed"], row["id"].to_bytes(8, "big"))
    }
    return plain | {one for rows in scan.unwrapped(at).values() for one in rows}


def _alike(some: Iterable[bytes], others: Iterable[bytes]) -> list[bytes]:
    """Return runs of bytes that stand in both; a run of one byte, as zeros, says nothing."""
    return [run for run in _runs(some) & _runs(others) if len(set(run)) > 1]


def _runs(values: Iterable[bytes]) -> set[bytes]:
    return {one[at : at + _RUN] for one in values for at in range(len(one) - _RUN + 1)}


def _until_gone(at: Deployment, parts: list[bytes]) -> None:
    """Wait until the first sweep of the day has emptied the journal, and look at every file."""
    with at.core() as core:
        is_sqlite = core.database.is_sqlite
    if not is_sqlite:
        return  # PostgreSQL's own files: what stays in them is named in docs/data-map.md
    until = time.monotonic() + 30
    while _found_in_files(at, parts):
        assert time.monotonic() < until, "an old row lies in the database's files"
        time.sleep(0.2)


def _found_in_files(at: Deployment, parts: list[bytes]) -> bool:
    data = b"".join(file.read_bytes() for file in scan.files(at))
    return any(part in data for part in parts)
