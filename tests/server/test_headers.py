"""Every answer has the headers, and nothing of ours can read any other than the few it needs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import request

from server.headers import FIXED, KEPT, SENT, reading_little
from server.problems import EVERY, Problem
from server.routes.bodies import Empty
from server.routes.route import Outcome
from tests.server.edge import ECHO, Scene, TurnedClock, scene
from tests.server.test_bodies import RIGHT

CANARY = "canary-7Q4M"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Run a server on a clock that is turned by hand."""
    with scene(tmp_path_factory.mktemp("server"), clock=TurnedClock()) as made:
        yield made


@pytest.mark.parametrize("problem", EVERY, ids=lambda one: one.type)
def test_P5_R4_every_problem_has_the_headers(server: Scene, problem: Problem) -> None:
    """No copy is kept on the way, nothing is framed, loaded or told onwards."""
    server.do = lambda: problem
    assert_headers(server.app.test_client().post(ECHO, json=RIGHT))


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/v1/openapi.json", "/.well-known/security.txt", "/nothing"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
def test_P5_R4_every_answer_has_the_headers(server: Scene, path: str, method: str) -> None:
    """Whatever it is."""
    assert_headers(server.app.test_client().open(path, method=method))


def assert_headers(answer: Any) -> None:
    """Assert that an answer has each header once, with its one value, and sets nothing."""
    for name, value in SENT.items():
        assert answer.headers.getlist(name) == [value]
    assert answer.headers["Cache-Control"] == "no-store"
    policy = answer.headers["Content-Security-Policy"]
    for rule in ("default-src", "frame-ancestors", "base-uri", "form-action"):
        assert f"{rule} 'none'" in policy
    assert answer.headers["Server"] == "towpath"
    for name in ("Set-Cookie", "ETag", "Last-Modified", "Expires", "X-Powered-By", "Location"):
        assert name not in answer.headers
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]


def test_P5_R4_a_cookie_never_leaves_even_where_a_view_sets_one(server: Scene) -> None:
    """Flask's session would, for example."""

    def work() -> Outcome:
        from flask import Response

        answer = Response(b"{}", content_type="application/json")
        answer.set_cookie("a", CANARY)
        return answer

    server.do = work
    answer = server.app.test_client().post(ECHO, json=RIGHT)
    assert "Set-Cookie" not in answer.headers
    assert CANARY not in str(answer.headers)


def test_R4_T11_a_view_finds_nothing_of_the_caller(server: Scene) -> None:
    """Address, agent, referrer, cookies and what a proxy adds: none is in what Flask was given."""
    seen: dict[str, Any] = {}

    def work() -> Outcome:
        seen.update(request.environ)
        seen["attributes"] = [
            request.remote_addr,
            list(request.access_route),
            request.referrer,
            dict(request.cookies),
            str(request.user_agent),
            request.host,
            request.url,
        ]
        return Empty()

    server.do = work
    names = ["User-Agent", "Referer", "Cookie", "X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"]
    names += ["CF-Connecting-IP", "Accept-Language", "Origin", "Host", "DNT", "X-Anything"]
    answer = server.app.test_client().post(
        ECHO,
        json=RIGHT,
        headers=dict.fromkeys(names, f"a={CANARY}"),
        environ_base={
            "REMOTE_ADDR": CANARY,
            "REMOTE_PORT": CANARY,
            "REMOTE_USER": CANARY,
            "SSL_CLIENT_S_DN": CANARY,
            "HOME": CANARY,
            "RAW_URI": CANARY,
        },
    )
    assert answer.status_code == 200
    assert seen["attributes"][0] is None
    assert CANARY not in repr(seen)
    assert CANARY not in str(answer.headers)


def test_R4_T11_only_the_listed_headers_pass() -> None:
    """Anything that is not on the list is gone, whatever it is called."""
    given = {
        **dict.fromkeys(KEPT, "kept"),
        "wsgi.input": "kept",
        "HTTP_ANYTHING": "gone",
        "REMOTE_ADDR": "gone",
        "SERVER_NAME": "gone",
        "PATH": "gone",
        "werkzeug.socket": "gone",
    }
    got: dict[str, Any] = {}

    def app(environ: dict[str, Any], _start: Any) -> list[bytes]:
        got.update(environ)
        return []

    list(reading_little(app)(given, lambda *_: lambda _data: None))
    assert got == {**dict.fromkeys(KEPT, "kept"), "wsgi.input": "kept", **FIXED}


def test_R4_the_list_of_headers_that_are_read_is_this() -> None:
    """A longer one is a decision."""
    assert {name for name in KEPT if name.startswith("HTTP_")} == {
        "HTTP_ACCEPT_ENCODING",
        "HTTP_AUTHORIZATION",
        "HTTP_CONTENT_DIGEST",
        "HTTP_SIGNATURE",
        "HTTP_SIGNATURE_INPUT",
        "HTTP_TRANSFER_ENCODING",
    }


def test_no_power_of_a_browser_is_left(server: Scene) -> None:
    """Camera, place and microphone among them."""
    sent = SENT["Permissions-Policy"]
    for power in ("camera", "geolocation", "microphone"):
        assert f"{power}=()" in sent


def test_the_tests_folder_is_not_served(server: Scene) -> None:
    """Flask serves no folder of files at all: each file of server/static is a route of its own."""
    assert server.app.static_folder is None
