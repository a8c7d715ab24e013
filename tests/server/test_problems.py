"""Whatever goes wrong, the answer is one of the listed problems and says nothing of the input."""

from __future__ import annotations

import json
import logging
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from server import logs, problems
from server.core import EXTENSION
from server.db import Busy
from server.keyring import KeyringBroken
from server.problems import BROKEN, BUSY, COUNTER, EVERY, LIMITED, REFUSED, TAKEN, Problem
from server.routes.bodies import Empty
from server.routes.route import Outcome
from tests.server.edge import ECHO, MISS, QUERY, Scene, TurnedClock, scene
from tests.server.test_bodies import RIGHT

HTTP = (Path(__file__).parents[2] / "docs" / "spec" / "http.md").read_text(encoding="utf-8")
SECRET = "canary-7Q4M"
URN = "urn:towpath:problem:"


class Unforeseen(Exception):
    """Something that no one planned."""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Scene]:
    """Run a server on a clock that is turned by hand."""
    with scene(tmp_path, clock=TurnedClock()) as made:
        yield made


def call(server: Scene, path: str = ECHO, **more: Any) -> Any:
    """Send a right body, with whatever else a test wants."""
    return server.app.test_client().post(path, json=RIGHT, **more)


def raising(trouble: Exception) -> Callable[[], Outcome]:
    """Return a view's work that raises."""

    def work() -> Outcome:
        raise trouble

    return work


def test_the_problems_are_those_of_the_page() -> None:
    """Types and statuses, in its order."""
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d{3}) \|", HTTP, re.MULTILINE)
    assert [(one.type, one.status) for one in EVERY] == [(t, int(s)) for t, s in rows]
    assert problems.URN == URN
    assert URN in HTTP


@pytest.mark.parametrize("problem", EVERY, ids=lambda one: one.type)
def test_R4_a_problem_has_exactly_the_four_members(server: Scene, problem: Problem) -> None:
    """And `counter` has one more; every byte is the same for everybody."""
    server.do = lambda: problem
    answer = call(server)
    assert (answer.status_code, answer.mimetype) == (problem.status, "application/problem+json")
    members = ["type", "title", "status", "detail"]
    assert list(answer.json) == members + ["counter"] * (problem.type == "counter")
    assert answer.json["type"] == URN + problem.type
    assert answer.json["status"] == problem.status
    assert ("Retry-After" in answer.headers) == (problem.type in {"limited", "busy"})


@pytest.mark.parametrize("last", [0, 1, 2**63 - 1])
def test_the_refusal_of_a_counter_names_the_last_one(server: Scene, last: int) -> None:
    """A signer needs it to go on."""
    server.do = lambda: COUNTER(last)
    assert call(server).json["counter"] == last


@pytest.mark.parametrize(
    ("seconds", "told"), [(-5, 60), (0, 60), (1, 60), (60, 60), (61, 120), (86_399, 86_400)]
)
def test_P5_waiting_times_are_whole_minutes(seconds: int, told: int) -> None:
    """So that they do not say to the second when something was counted first."""
    assert LIMITED(seconds).retry_after == told


def test_P4_R36_refusals_are_the_same_byte_for_byte(server: Scene) -> None:
    """Status, headers and body, of every route that refuses."""
    server.do = lambda: REFUSED
    answers = [call(server, path) for path in (ECHO, MISS, ECHO, MISS)]
    assert len({(one.status, str(one.headers), one.data) for one in answers}) == 1


@pytest.mark.parametrize(
    ("trouble", "problem"),
    [
        (Unforeseen(SECRET), BROKEN),
        (ValueError(SECRET), BROKEN),
        (KeyError(SECRET), BROKEN),
        (RecursionError(SECRET), BROKEN),
        (MemoryError(SECRET), BROKEN),
        (NotImplementedError(SECRET), BROKEN),
        (OperationalError(SECRET, {SECRET: SECRET}, sqlite3.OperationalError(SECRET)), BROKEN),
        (Busy(SECRET), BUSY),
        (KeyringBroken(28, SECRET), BUSY),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Exception) else one.type,
)
def test_P5_R4_T26_an_exception_says_its_class_in_the_log_and_nothing_else(
    server: Scene, trouble: Exception, problem: Problem, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither its text nor anything of the request, here or there; the route by its template."""
    try:
        raise LookupError(SECRET) from trouble
    except LookupError as cause:
        trouble.__context__ = cause
    server.do = raising(trouble)
    answer = call(server, headers={"User-Agent": SECRET, "Referer": SECRET, "X-Code": SECRET})
    assert (answer.status_code, answer.json) == (problem.status, problem.members())
    lines = [logs.line_of(record) for record in caplog.records]
    assert lines == [f"error: POST {ECHO} did not work. ({type(trouble).__name__})"]
    everything = str(answer.headers) + answer.text + str([vars(one) for one in caplog.records])
    assert SECRET not in everything
    assert "Traceback" not in everything


def test_P5_R4_T26_a_fault_after_the_view_is_told_alike(
    server: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """Flask's own logger, which prints tracebacks, stays silent."""

    def fail(_answer: Any) -> Any:
        raise Unforeseen(SECRET)

    server.app.after_request(fail)
    answer = call(server)
    assert (answer.status_code, answer.json) == (500, BROKEN.members())
    lines = [logs.line_of(record) for record in caplog.records]
    assert lines == [f"error: POST {ECHO} did not work. (Unforeseen)"]
    assert SECRET not in str([vars(one) for one in caplog.records])


def test_P5_R4_refusals_and_answers_leave_no_line(
    server: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    """There is no access log: not at any level."""
    caplog.set_level(logging.DEBUG)
    for outcome in (Empty(), REFUSED, TAKEN, *EVERY[:-2]):
        server.do = lambda told=outcome: told  # type: ignore[misc]
        call(server)
    server.app.test_client().get(f"/v1/{SECRET}")
    server.app.test_client().post(ECHO, data=SECRET, content_type="application/json")
    assert caplog.records == []


UNKNOWN = (
    "/index.html",
    "/v1",
    "/v1/",
    f"/{SECRET}",
    f"/v1/codes/{SECRET}",
    f"/v1/codes/open/{SECRET}",
    "/v1/network/",
    "//v1/network",
    "/v1//network",
    "/v1/./network",
    "/v1/x/../network",
    "/V1/network",
    "/v1/network%00",
    "/v1/network%2f",
    "/v1/%6eetwork%20",
    "/static/x",
    "/favicon.ico",
    "/robots.txt",
    "/" + "x" * 10_000,
    "/%ff%fe",
    "/%F0%9F%98%80",
)


@pytest.mark.parametrize("path", UNKNOWN, ids=lambda path: path[:20])
def test_R4_an_unknown_path_is_told_without_the_path(server: Scene, path: str) -> None:
    """No redirect to a better one either: that would send it back."""
    client: Any = server.app.test_client()
    answers = [client.get(path), client.post(path)]
    for answer in answers:
        assert (answer.status_code, answer.json["type"]) == (404, URN + "no-route")
        assert "Location" not in answer.headers
    assert len({answer.data for answer in answers}) == 1


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CANARY"])
def test_another_method_is_refused_and_the_right_one_named(server: Scene, method: str) -> None:
    """OPTIONS too: no other page has to ask anything here."""
    client: Any = server.app.test_client()
    answer = client.open(ECHO, method=method)
    assert (answer.status_code, answer.json["type"]) == (405, URN + "method")
    assert answer.headers["Allow"] == "POST"


def test_a_head_is_a_get_without_its_body(server: Scene) -> None:
    """As HTTP has it."""
    answer = server.app.test_client().head(QUERY + "?after=0")
    assert (answer.status_code, answer.data) == (200, b"")


def test_a_client_that_hangs_up_within_its_body_is_no_fault_of_the_server(server: Scene) -> None:
    """It said a length and sent less."""
    client: Any = server.app.test_client()
    answer = client.post(
        ECHO, data=b"{}", content_type="application/json", headers={"Content-Length": "500"}
    )
    assert (answer.status_code, answer.json["type"]) == (400, URN + "malformed")


def test_a_database_that_is_away_is_busy_and_says_when_to_come_back(server: Scene) -> None:
    """Through the real database, whose file is no database any more."""
    core = server.app.extensions[EXTENSION]
    core.database.close()
    Path(core.settings.database.removeprefix("sqlite:///")).write_bytes(b"x" * 8_192)

    def work() -> Outcome:
        core.database.read(lambda connection: connection.exec_driver_sql("SELECT * FROM box"))
        return Empty()

    server.do = work
    answer = call(server)
    assert (answer.status_code, answer.json) == (503, BUSY.members())
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("ms", [1, 50, 100, 1_000])
@pytest.mark.parametrize("worked", [0.0, 0.0001, 0.04, 0.099, 0.1, 0.1001, 0.95, 3.2])
def test_P4_T5_a_refusal_leaves_at_the_next_multiple_of_the_tick(
    tmp_path: Path, ms: int, worked: float
) -> None:
    """After the body was read; work that took longer only moves it to a later multiple."""
    clock = TurnedClock()

    def work() -> Outcome:
        clock.at += worked
        return REFUSED

    with scene(tmp_path, clock=clock, refusal_tick_ms=ms) as server:
        began = clock.at
        server.do = work
        assert call(server).status_code == 404
        ticks = (clock.at - began) / (ms / 1_000)
        assert abs(ticks - round(ticks)) < 1e-4
        assert round(ticks) >= 1
        assert 0 < clock.slept[0] <= ms / 1_000


@pytest.mark.parametrize("outcome", [Empty(), REFUSED, TAKEN], ids=["done", "refused", "taken"])
def test_P4_T5_every_answer_of_a_ticked_route_is_held(tmp_path: Path, outcome: Outcome) -> None:
    """Its time must not say which it was."""
    clock = TurnedClock()
    with scene(tmp_path, clock=clock) as server:
        server.do = lambda: outcome
        call(server, "/v1/test/ticked")
        assert clock.slept == [pytest.approx(0.1)]


@pytest.mark.parametrize("outcome", [Empty(), TAKEN, BUSY], ids=["done", "taken", "busy"])
def test_other_answers_of_other_routes_are_not_held(tmp_path: Path, outcome: Outcome) -> None:
    """Nobody waits for nothing."""
    clock = TurnedClock()
    with scene(tmp_path, clock=clock) as server:
        server.do = lambda: outcome
        call(server)
        assert clock.slept == []


def test_a_tick_of_zero_holds_nothing(tmp_path: Path) -> None:
    """As tests that send thousands want it."""
    clock = TurnedClock()
    with scene(tmp_path, clock=clock, refusal_tick_ms=0) as server:
        server.do = lambda: REFUSED
        assert call(server).status_code == 404
        assert clock.slept == []


def test_P4_T5_by_the_machines_own_clock_refusals_take_a_tick(tmp_path: Path) -> None:
    """Quick work and slow work leave within a few milliseconds of a multiple."""
    import time

    with scene(tmp_path, refusal_tick_ms=100) as server:

        def timed(worked: float) -> float:

            def work() -> Outcome:
                time.sleep(worked)
                return REFUSED

            server.do = work
            began = time.monotonic()
            assert call(server).status_code == 404
            return time.monotonic() - began

        timed(0)
        for worked, expected in ((0.0, 0.1), (0.06, 0.1), (0.13, 0.2)):
            # Another process may hold this one up for a while, but nothing may make it early.
            for _ in range(20):
                took = timed(worked)
                assert took >= expected
                if took < expected + 0.03:
                    break
            else:
                raise AssertionError(f"never within 30 ms after {expected} s")


def test_R4_no_problem_has_a_value_to_fill_in() -> None:
    """Titles and details are whole sentences of the code."""
    for one in EVERY:
        bare = replace(one, counter=None, retry_after=None)
        assert not re.search(r"[{}%]", json.dumps([bare.title, bare.detail]))
