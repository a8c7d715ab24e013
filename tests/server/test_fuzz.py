"""Show 7: made-up calls to every route, at least 20,000 a run; none ends in a fault of the server.

Each case is made by schemathesis from the server's own OpenAPI document, sent to the app in this
process on a founded network, and its answer compared with the document: status, headers, type and
every value. Half of the cases are what the document asks for, half are not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import (
    content_type_conformance,
    load_all_checks,
    not_a_server_error,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.result import Ok
from schemathesis.schemas import BaseSchema

from server.routes.route import ROUTES
from tests.server.fuzzing import World, make_world, schema_of

load_all_checks()
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
AT_LEAST = 20_000
_PLACE = re.compile(r"<(?:\w+:)?(\w+)>")  # in a path: as Flask writes it, and the document does not
ALL = [f"{one.method} {one.path}" for one in ROUTES]
# Cases for each route with something to vary, as the document asks for them and as many otherwise;
# fewer where each takes two signatures' time.
CASES = {
    f"{one.method} {one.path}": 280 if one.proof == "signature" else 620
    for one in ROUTES
    if one.body is not None or one.query is not None or one.proof in {"signature", "drop-key"}
}


# In memory where there is such a folder: thousands of commits wait for a disk otherwise.
MEMORY = Path("/dev/shm")  # noqa: S108


def founded() -> Iterator[World]:
    """Found a server in a folder that goes with it."""
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None) as folder:
        made = make_world(Path(folder))
        yield made
        made.core.database.close()


@pytest.fixture
def world() -> Iterator[World]:
    """Found a server that lives for one test."""
    yield from founded()


@pytest.fixture(scope="module")
def shared() -> Iterator[World]:
    """Found a server that lives on."""
    yield from founded()


def operation(schema: BaseSchema, label: str) -> APIOperation[Any, Any, Any, Any]:
    """Find a route in the document."""
    found: dict[str, APIOperation[Any, Any, Any, Any]] = {}
    for one in schema.get_all_operations():
        assert isinstance(one, Ok)
        found[one.ok().label] = one.ok()
    return found[_PLACE.sub(r"{\1}", label)]


def answered(world: World, case: Case[Any]) -> int:
    """Send a case, check the answer against the document; the status."""
    wanted = case.meta is None or case.meta.generation.mode.is_positive
    world.signing = wanted
    response = case.call()
    case.validate_response(response, checks=CHECKS)
    if not wanted:
        assert 400 <= response.status_code < 500, (response.status_code, case.as_curl_command())
    return response.status_code


def send_random(world: World, label: str, mode: GenerationMode) -> Counter[int]:
    """Send a route's share of cases; how often each status came."""
    statuses: Counter[int] = Counter()

    @settings(
        max_examples=CASES[label],
        database=None,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation(schema_of(world), label).as_strategy(mode))
    def send(case: Case[Any]) -> None:
        statuses[answered(world, case)] += 1

    send()
    assert statuses.total() >= CASES[label]
    return statuses


@pytest.mark.parametrize("label", CASES)
def test_P5_T13_random_calls_are_answered_as_the_document_says(
    world: World, label: str, count_cases: Callable[[int], None]
) -> None:
    """And some of them get what they ask for."""
    statuses = send_random(world, label, GenerationMode.POSITIVE)
    assert statuses[200], statuses
    count_cases(statuses.total())


@pytest.mark.parametrize("label", CASES)
def test_P5_T13_random_calls_that_are_wrong_are_refused_as_the_document_says(
    shared: World, label: str, count_cases: Callable[[int], None]
) -> None:
    """Each differs from the document in at least one place."""
    count_cases(send_random(shared, label, GenerationMode.NEGATIVE).total())


@pytest.mark.parametrize("label", ALL)
def test_P5_T13_calls_at_every_edge_are_answered_as_the_document_says(
    shared: World, label: str, count_cases: Callable[[int], None]
) -> None:
    """Least and largest values, missing keys, other types, other methods, one after another."""
    schema = schema_of(shared)
    cases = schema.iter_coverage_cases(
        operation=operation(schema, label),
        generation_modes=list(GenerationMode),
        generation_config=schema.config.generation,
    )
    statuses = Counter(answered(shared, case) for case in cases)
    assert statuses.total() >= 8
    count_cases(statuses.total())


def test_the_shares_add_up_to_what_was_promised() -> None:
    """Each test above fails below its own share."""
    assert 2 * sum(CASES.values()) >= AT_LEAST
    assert set(ALL) - set(CASES) == {
        "GET /healthz",
        "GET /readyz",
        "GET /.well-known/security.txt",
        "GET /v1/openapi.json",
        "GET /v1/network",
        "GET /v1/directory",
        "GET /v1/admins",
        "GET /v1/log/checkpoint",
        "GET /v1/log/pending",
        "GET /v1/log/suspensions",
        "GET /v1/log/tile/<path:tile>",
    }
