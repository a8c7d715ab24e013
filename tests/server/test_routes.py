"""The routes are those of the pages and no others; what each may store is named and paid for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from server.core import EXTENSION
from server.limits import RULES
from server.openapi import written
from server.routes.bodies import LastEpoch
from server.routes.route import JSON, OCTETS, PAGES, ROUTES, TEXT, Route
from tests.server.edge import make_app
from tools import generate_api

ROOT = Path(__file__).parents[2]
PAGES_OF_CALLS = [ROOT / "docs" / "spec" / name for name in ("http.md", "vetting.md")]
HTTP = "\n".join(page.read_text(encoding="utf-8") for page in PAGES_OF_CALLS)
CALL = re.compile(r"`(GET|POST|PUT) (/[^\s`?]+)")
# Who calls stands in front where a table is of several.
TABLE_ROW = re.compile(
    r"^\|(?: [a-z]+ \|)? `(GET|POST|PUT) (/[^\s`?]+)[^|]*\|([^|]*)\|(.*)\|$", re.MULTILINE
)
# What a call needs before it stores anything.
PAID = {"code", "token", "write-key", "holder-key", "work", "signature", "note"}
# Words of routes that must never be there.
NEVER = {
    "admin",
    "archive",
    "audit",
    "count",
    "debug",
    "decrypt",
    "dump",
    "envelopes",
    "export",
    "find",
    "forward",
    "history",
    "list",
    "log",
    "logs",
    "metrics",
    "peers",
    "people",
    "persons",
    "query",
    "requests",
    "search",
    "senders",
    "share",
    "stats",
    "users",
    "who",
}


def named(one: Route) -> str:
    """Return method and path."""
    return f"{one.method} {one.path}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Make the app."""
    made = make_app(tmp_path_factory.mktemp("server"))
    yield made
    made.extensions[EXTENSION].database.close()


def test_P12_R36_T28_the_routes_are_those_of_the_page_and_no_others() -> None:
    """So none lists, searches, exports or opens requests, and none passes one on."""
    told = {(method, path) for method, path in CALL.findall(HTTP)}
    assert "`/v1/openapi.json`" in HTTP
    told.add(("GET", "/v1/openapi.json"))
    assert {(one.method, written(one.path)) for one in ROUTES} == told
    assert len(ROUTES) == len(told) == 43


def test_P12_T28_every_rule_of_the_app_was_declared(app: Flask) -> None:
    """Nobody adds one beside the declaration: no folder of files, no automatic OPTIONS."""
    rules = [
        (sorted((rule.methods or set()) - {"HEAD"}), rule.rule) for rule in app.url_map.iter_rules()
    ]
    assert sorted(rules) == sorted(([one.method], one.path) for one in [*ROUTES, *PAGES])


def test_P12_T28_what_a_route_does_is_as_it_was_reviewed() -> None:
    """Path, method, audience, proof, limits, problems and what it stores: ./dev snapshot."""
    expected = generate_api.SNAPSHOT.read_text(encoding="utf-8")
    assert json.loads(generate_api.snapshot()) == json.loads(expected)
    assert generate_api.snapshot() == expected


def test_a_snapshot_notices_each_change() -> None:
    """One more thing stored, a wider audience, a limit less."""
    from dataclasses import replace

    every = generate_api.everything()
    whole = generate_api.snapshot()
    assert generate_api.snapshot(every) == whole
    for at, one in enumerate(every):
        for change in (
            {"stores": one.stores + ", and who asked"},
            {"audience": "anyone" if one.audience != "anyone" else "admin"},
            {"limits": () if one.limits else ("misses",)},
            {"proof": "token" if one.proof != "token" else "none"},
            {"problems": one.problems[1:]},
            {"path": one.path + "/all"},
            {"ticked": not one.ticked},
        ):
            changed = [*every[:at], replace(one, **change), *every[at + 1 :]]
            assert generate_api.snapshot(changed) != whole
        assert generate_api.snapshot([*every[:at], *every[at + 1 :]]) != whole


def test_the_page_for_people_is_made_from_the_routes() -> None:
    """docs/api.md has every call, and none that is gone."""
    text = generate_api.PAGE.read_text(encoding="utf-8")
    assert generate_api.page(text) == text
    for one in generate_api.everything():
        assert f"`{named(one)}`" in text
    with pytest.raises(ValueError, match="no place"):
        generate_api.page(text.replace(generate_api.END, ""))


@pytest.mark.parametrize("one", ROUTES, ids=named)
def test_P12_R35_T28_no_route_has_a_word_for_looking_through_requests(one: Route) -> None:
    """Path, view and every key asked for."""
    # The log is the public one, of what admins and organisations signed.
    words = set(re.split(r"[/._-]", one.path.lower().removeprefix("/v1/log/")))
    asked = {name for kind in (one.body, one.query) if kind for name in kind.__struct_fields__}
    assert not NEVER & (words | asked)


@pytest.mark.parametrize("one", ROUTES, ids=named)
def test_P12_R35_T28_T33_what_was_stored_for_a_request_leaves_in_four_ways_only(one: Route) -> None:
    """A code's record, a box's slots, the drop, and what a provider's members made of it."""
    carrying = {
        "record",
        "slots",
        "envelope",
        "sealed",
        "application",
        "applications",
        "rows",
        "store",
    }
    fields = set() if isinstance(one.answer, str) else set(one.answer.__struct_encode_fields__)
    if one.answer == OCTETS:
        fields = {"/v1/drop": {"rows"}, "/v1/store": {"store"}}.get(one.path, set())
        assert fields or one.blueprint == "log"
    expected = {
        "POST /v1/codes/open": {"record"},
        "POST /v1/boxes/read": {"slots"},
        "GET /v1/drop": {"rows"},
        "GET /v1/applications": {"applications"},
        "POST /v1/applications/open": {"application"},
        "GET /v1/store": {"store"},
    }
    assert fields & carrying == expected.get(named(one), set())


@pytest.mark.parametrize("one", ROUTES, ids=named)
def test_R34_T10_what_stores_is_limited_or_paid_for(one: Route) -> None:
    """By a token, a signature, a key or code, work; who signs only for itself is counted too."""
    assert one.stores
    if one.stores.startswith("nothing") and "counter" not in one.stores:
        return
    reading = {"GET /v1/applications", "GET /v1/store"}
    assert one.method in {"POST", "PUT"} or named(one) in reading
    if named(one) == "POST /v1/applications":  # nobody can be asked for anything yet
        assert one.limits == ("applications",)
        return
    assert one.proof in PAID
    if one.proof == "work":
        assert "walk_ins" in one.limits


@pytest.mark.parametrize("one", ROUTES, ids=named)
def test_P4_R34_every_refusal_is_counted_or_paid_for(one: Route) -> None:
    """Guessing codes, boxes and write keys is counted; a walk-in that is refused cost its work."""
    refused = "refused" in {problem.type for problem in one.problems}
    if refused and one.proof != "work":
        assert "misses" in one.limits
    assert set(one.limits) <= set(RULES)


def test_R34_the_table_of_limits_is_complete() -> None:
    """Each is used somewhere; paste takes both kinds of requests, so both limits hold for it."""
    assert {name for one in ROUTES for name in one.limits} == set(RULES)
    (paste,) = [one for one in ROUTES if one.path == "/v1/paste"]
    assert set(paste.limits) == {"misses", "walk_ins"}


@pytest.mark.parametrize("one", [one for one in ROUTES if one.method == "GET"], ids=named)
def test_P4_P5_nothing_is_looked_up_by_a_path_or_a_query(one: Route) -> None:
    """A GET finds or uses no code; the one path with a place for a value is the log's, public."""
    assert ("<" in one.path) == (one.path == "/v1/log/tile/<path:tile>")
    asked = [] if one.query is None else list(one.query.__struct_fields__)
    assert asked == (["after"] if one.path == "/v1/drop" else [])
    assert one.body is None


@pytest.mark.parametrize("row", TABLE_ROW.findall(HTTP), ids=lambda row: f"{row[0]} {row[1]}")
def test_P4_a_route_answers_what_its_row_says(row: tuple[str, str, str, str]) -> None:
    """Keys asked for, problems, and whether every answer waits for the tick."""
    method, path, asks, answers = row
    (one,) = [one for one in ROUTES if (one.method, one.path) == (method, path)]
    keys = set(re.findall(r"`([a-z_0-9]+)`", asks)) - {"tokens_a_week"}
    asked = set() if one.body is None else set(one.body.__struct_fields__)
    assert keys == asked or (one.body is None and "Authorization" in asks)
    types = {problem.type for problem in one.problems}
    problems = {
        "refused",
        "token",
        "taken",
        "work",
        "limited",
        "drawn",
        "unsigned",
        "malformed",
        "stale",
    }
    assert set(re.findall(r"`([a-z-]+)`", answers)) & problems <= types
    assert one.ticked == ("◷, always" in answers)
    if '{"last_epoch"' in answers:
        assert one.answer is LastEpoch


def test_P4_the_rows_above_are_all_there() -> None:
    """Sections 3, 4 and 7 of http.md and 5 of vetting.md; the expression found them."""
    assert len(TABLE_ROW.findall(HTTP)) == 32


@pytest.mark.parametrize("one", ROUTES, ids=named)
def test_every_route_says_what_it_does(one: Route) -> None:
    """In one sentence, for the document and the page."""
    assert one.about.endswith(".")
    assert one.about[0].isupper()
    assert one.answer in {JSON, OCTETS, TEXT} or not isinstance(one.answer, str)


@pytest.mark.parametrize("one", ROUTES, ids=named)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_R4_T28_other_methods_do_nothing(app: Flask, one: Route, method: str) -> None:
    """Each path answers to what it declares, and names that to everybody else."""
    allowed = {other.method for other in ROUTES if other.path == one.path}
    if method in allowed:
        return
    client: Any = app.test_client()
    answer = client.open(one.path, method=method, json={})
    assert answer.status_code == 405
    told = set(answer.headers["Allow"].split(", "))
    assert told == allowed | ({"HEAD"} if "GET" in allowed else set())


@pytest.mark.parametrize("one", [one for one in ROUTES if one.body], ids=named)
def test_P4_P5_a_code_in_a_path_or_query_is_never_taken(app: Flask, one: Route) -> None:
    """It would stand in other people's logs."""
    client: Any = app.test_client()
    locator = "AAAAAAAAAAAAAAAAAAAAAA"
    for path, status in ((f"{one.path}?locator={locator}", 400), (f"{one.path}/{locator}", 404)):
        answer = client.open(path, method=one.method, json={"locator": locator})
        assert answer.status_code == status
        assert locator not in answer.text + str(answer.headers)
