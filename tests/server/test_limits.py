"""Limits count what was useless or new, for everybody together, and keep no trace of anybody."""

from __future__ import annotations

import ast
import json
import pickle
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import pytest
from werkzeug.test import EnvironBuilder

from server import limits
from server.core import EXTENSION
from server.limit_storage import CountingStorage, Window
from server.limits import RULES, Limit, Limits
from server.problems import LIMITED, REFUSED, Problem
from server.routes.bodies import Empty
from server.routes.route import Outcome
from tests.server.edge import ECHO, MISS, NOON, Scene, TurnedClock, make_app, scene
from tests.server.test_bodies import RIGHT

SERVER = Path(__file__).parents[2] / "server"
ADDRESSES = [f"198.51.{index // 256}.{index % 256}" for index in range(1_000)]


@pytest.fixture
def clock() -> TurnedClock:
    """Return a clock that is turned by hand."""
    return TurnedClock()


@pytest.fixture
def server(tmp_path: Path, clock: TurnedClock) -> Iterator[Scene]:
    """Run a server that lets ten misses a minute through."""
    with scene(tmp_path, clock=clock, refusal_tick_ms=0, misses_a_minute=10) as made:
        yield made


def call(server: Scene, outcome: Outcome, *, path: str = MISS, **more: Any) -> Any:
    """Call a route whose view returns this."""
    server.do = lambda: outcome
    return server.app.test_client().post(path, json=RIGHT, **more)


def of(server: Scene) -> Limits:
    """Return the limits of a server."""
    with server.app.app_context():
        return limits.current()


def limits_of(folder: Path, clock: TurnedClock, **settings: Any) -> Limits:
    """Return the limits of a new server."""
    app = make_app(folder, clock=clock, **settings)
    with app.app_context():
        found = limits.current()
    app.extensions[EXTENSION].database.close()
    return found


def test_P4_R34_T10_ten_thousand_misses_do_not_refuse_a_hit(server: Scene) -> None:
    """Misses are counted once the answer is known, so a living code never waits for others."""
    server.do = lambda: REFUSED
    statuses: list[str] = []

    def start(status: str, *_more: Any) -> Any:
        statuses.append(status[:3])

    body = json.dumps(RIGHT).encode()
    built = EnvironBuilder(method="POST", path=MISS, data=body, content_type="application/json")
    environ = built.get_environ()
    for _ in range(2_000):
        # Without a test client in between, which takes most of the time.
        server.app({**environ, "wsgi.input": BytesIO(body)}, start)
    for _ in range(8_000):
        of(server).hit("misses")
    assert statuses[:10] == ["404"] * 10
    assert set(statuses[10:]) == {"429"}
    assert [call(server, Empty()).status_code for _ in range(20)] == [200] * 20


def test_R34_T10_hits_are_never_counted(server: Scene) -> None:
    """However many come, the first miss after them is the first."""
    assert {call(server, Empty()).status_code for _ in range(100)} == {200}
    assert call(server, REFUSED).status_code == 404
    assert [window.count for window in of(server).storage.content().values()] == [1]


@pytest.mark.parametrize("outcome", [Empty(), LIMITED(60)], ids=["done", "limited"])
def test_R34_only_refusals_are_counted(server: Scene, outcome: Outcome) -> None:
    """Other answers are not misses."""
    for _ in range(20):
        call(server, outcome)
    assert of(server).storage.content() == {}


def test_R34_a_route_without_the_limit_counts_nothing(server: Scene) -> None:
    """What a route counts is what it declares."""
    assert {call(server, REFUSED, path=ECHO).status_code for _ in range(20)} == {404}


def test_P4_T5_a_limited_miss_leaves_at_the_tick_too(tmp_path: Path, clock: TurnedClock) -> None:
    """It is the refusal still, in other words."""
    with scene(tmp_path, clock=clock, misses_a_minute=1) as server:
        assert [call(server, REFUSED).status_code for _ in range(3)] == [404, 429, 429]
    assert clock.slept == [pytest.approx(0.1)] * 3


def test_P4_limited_misses_are_the_same_byte_for_byte(server: Scene) -> None:
    """Nobody sees by them what was asked for."""
    answers = [call(server, REFUSED) for _ in range(14)][10:]
    assert len({(one.status, str(one.headers), one.data) for one in answers}) == 1


@pytest.mark.parametrize(("second", "wait"), [(0, 60), (1, 60), (30, 60), (59, 60)])
def test_R34_P5_retry_after_is_whole_minutes(
    server: Scene, clock: TurnedClock, second: int, wait: int
) -> None:
    """And long enough that coming back then works."""
    clock.at = NOON + second
    answers = [call(server, REFUSED) for _ in range(11)]
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == str(wait)
    clock.at += wait
    assert call(server, REFUSED).status_code == 404


def test_R34_a_new_minute_begins_anew(server: Scene, clock: TurnedClock) -> None:
    """And the last one's count is gone from memory."""
    for _ in range(11):
        call(server, REFUSED)
    clock.at += 60
    assert of(server).storage.get("anything") == 0
    assert of(server).storage.content() == {}
    assert call(server, REFUSED).status_code == 404


@pytest.mark.parametrize("name", ["walk_ins", "applications"])
def test_R34_a_days_number_is_let_through_and_no_more(
    tmp_path: Path, clock: TurnedClock, name: Limit
) -> None:
    """Until midnight UTC; asking alone uses nothing up."""
    found = limits_of(tmp_path, clock, **{f"{name}_a_day": 3})
    clock.at = NOON
    for _ in range(3):
        assert [found.full(name) for _ in range(5)] == [None] * 5
        assert found.hit(name) is None
    refused = found.full(name)
    assert isinstance(refused, Problem)
    assert (refused.type, refused.retry_after) == ("limited", 43_200)
    clock.at = NOON + 43_199
    assert found.full(name) is not None
    clock.at += 1
    assert found.full(name) is None


def test_R34_limits_do_not_use_each_other_up(tmp_path: Path, clock: TurnedClock) -> None:
    """Each has a count of its own."""
    found = limits_of(
        tmp_path,
        clock,
        walk_ins_a_day=1,
        applications_a_day=1,
        invites_a_day=1,
        misses_a_minute=1,
        cosignatures_a_day=1,
    )
    for name in RULES:
        assert found.full(name) is None
        assert found.hit(name) is None
        assert found.full(name) is not None


@pytest.mark.parametrize(("processes", "share"), [(1, 12), (2, 6), (5, 2), (12, 1), (64, 1)])
def test_R34_each_process_takes_its_share(
    tmp_path: Path, clock: TurnedClock, processes: int, share: int
) -> None:
    """Together they let through what the settings say; each lets at least one through."""
    from flask import Flask

    from server import make_core
    from server.settings import Settings

    app = Flask("share")
    settings = Settings(
        database="postgresql+psycopg://nobody@localhost/none",
        keyring=tmp_path,
        processes=processes,
        walk_ins_a_day=12,
    )
    core = make_core(settings, clock=clock)
    found = Limits(app, core)
    through = 0
    while found.full("walk_ins") is None:
        found.hit("walk_ins")
        through += 1
    assert through == share
    core.database.close()


def test_R34_threads_that_count_at_once_lose_nothing(clock: TurnedClock) -> None:
    """Ten threads, a thousand counts each."""
    storage = CountingStorage(now=clock.now)
    with ThreadPoolExecutor(10) as pool:
        for _ in range(10):
            pool.submit(lambda: [storage.incr("a", 60) for _ in range(1_000)])
    assert storage.get("a") == 10_000


def test_R34_a_clock_that_is_set_back_does_not_lock_anybody_out(clock: TurnedClock) -> None:
    """A window of the future is not the present one."""
    storage = CountingStorage(now=clock.now)
    storage.incr("a", 86_400, 50)
    clock.at -= 3 * 86_400
    assert storage.get("a") == 0
    assert storage.get_expiry("a") == clock.at


def test_a_storage_can_forget_one_count_and_all(clock: TurnedClock) -> None:
    """As the library asks of one."""
    storage = CountingStorage(now=clock.now)
    for key in "abc":
        storage.incr(key, 60)
    storage.clear("a")
    assert storage.get("a") == 0
    assert (storage.reset(), storage.content(), storage.check()) == (2, {}, True)


def test_P5_R4_T11_the_limiter_holds_nothing_of_anybody(server: Scene) -> None:
    """A thousand callers with addresses, proxies, agents: three names, a window, a count."""
    for address in ADDRESSES:
        call(
            server,
            REFUSED,
            environ_base={"REMOTE_ADDR": address},
            headers={
                "X-Forwarded-For": f"{address}, 203.0.113.9",
                "X-Real-IP": address,
                "Forwarded": f"for={address}",
                "User-Agent": f"canary {address}",
                "Cookie": f"session={address}",
            },
        )
    storage = of(server).storage
    assert storage.content() == {
        "LIMITER/everybody/misses/10/1/minute": Window(60, NOON // 60, 1_000)
    }
    held = {key: value for key, value in vars(storage).items() if key not in {"_now", "_guard"}}
    dump = pickle.dumps(held) + repr(held).encode()
    for address in ADDRESSES:
        packed = bytes(map(int, address.split(".")))
        assert address.encode() not in dump
        assert packed not in dump


def test_R4_T11_a_new_address_for_each_try_changes_nothing(server: Scene) -> None:
    """Nor does a forged header: the eleventh miss of the minute waits, whoever it was."""
    statuses = [
        call(
            server,
            REFUSED,
            environ_base={"REMOTE_ADDR": address},
            headers={"X-Forwarded-For": address},
        ).status_code
        for address in ADDRESSES[:30]
    ]
    assert statuses == [404] * 10 + [429] * 20


def test_R4_T11_no_line_of_the_server_names_an_address_or_an_agent() -> None:
    """By reading all its code: attributes, names and texts."""
    words = {
        "remote_addr",
        "access_route",
        "remote_user",
        "user_agent",
        "referrer",
        "cookies",
        "set_cookie",
        "get_remote_address",
        "REMOTE_ADDR",
        "REMOTE_PORT",
        "HTTP_X_FORWARDED_FOR",
        "HTTP_FORWARDED",
        "HTTP_USER_AGENT",
        "HTTP_REFERER",
        "HTTP_COOKIE",
        "X-Forwarded-For",
        "User-Agent",
        "Referer",
    }
    files = sorted(SERVER.rglob("*.py"))
    assert len(files) > 20
    for file in files:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            named = {
                getattr(node, "attr", None),
                getattr(node, "id", None),
                getattr(node, "value", None) if isinstance(node, ast.Constant) else None,
            }
            assert not words & {one for one in named if isinstance(one, str)}, (file, named)


def test_R34_every_limit_has_a_setting_and_a_route_may_name_no_other() -> None:
    """The table is the whole of it."""
    from server.settings import Settings

    given = Settings(
        database="sqlite:///x",
        keyring=Path("keys"),
        misses_a_minute=1,
        walk_ins_a_day=2,
        applications_a_day=3,
        invites_a_day=4,
        cosignatures_a_day=5,
    )
    assert {name: rule.amount(given) for name, rule in RULES.items()} == {
        "misses": 1,
        "walk_ins": 2,
        "applications": 3,
        "invites": 4,
        "cosignatures": 5,
    }
    assert set(get_args(Limit)) == set(RULES)


def test_P5_no_answer_says_how_much_is_left(server: Scene) -> None:
    """That would show other people's traffic."""
    for outcome in (Empty(), REFUSED):
        for _ in range(12):
            answer = call(server, outcome)
            assert not [name for name, _ in answer.headers if "ratelimit" in name.lower()]
            assert not [name for name, _ in answer.headers if "remaining" in name.lower()]
            assert "remaining" not in json.dumps(answer.json)
