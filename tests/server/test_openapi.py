"""The OpenAPI document says what the server does: the same routes, types, statuses and headers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import msgspec
import pytest
from flask import Flask

from server.core import EXTENSION
from server.headers import SENT
from server.openapi import build, written
from server.problems import EVERY, MEDIA, URN
from server.routes.bodies import parse
from server.routes.route import JSON, ROUTES, Route
from tests.server import calling, founding
from tests.server.edge import make_app

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Fetch the document as a client does."""
    app = make_app(tmp_path_factory.mktemp("server"))
    answer: Any = app.test_client().get("/v1/openapi.json")
    assert (answer.status_code, answer.content_type) == (200, JSON)
    yield answer.json
    app.extensions[EXTENSION].database.close()


def operation(document: dict[str, Any], one: Route) -> dict[str, Any]:
    """Return what the document says of a route."""
    found: dict[str, Any] = document["paths"][written(one.path)][one.method.lower()]
    return found


def named(one: Route) -> str:
    """Return method and path."""
    return f"{one.method} {one.path}"


def strings(value: Any) -> Iterator[str]:
    """Give every text in a JSON value, keys too."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)
    elif isinstance(value, str):
        yield value


def test_the_document_has_each_route_and_no_other(document: dict[str, Any]) -> None:
    """With an id of its own."""
    there = [(method.upper(), path) for path, of in document["paths"].items() for method in of]
    assert sorted(there) == sorted((one.method, written(one.path)) for one in ROUTES)
    ids = [of["operationId"] for path in document["paths"].values() for of in path.values()]
    assert len(set(ids)) == len(ids)
    assert document["openapi"].startswith("3.1.")


def test_no_two_kinds_share_a_name() -> None:
    """Schemas go by the names of their classes: one would describe what another route takes."""
    kinds = {k for one in ROUTES for k in (one.body, one.query, one.answer) if isinstance(k, type)}
    names = Counter(kind.__name__ for kind in kinds)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_schema_is_one_and_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    """By JSON Schema 2020-12, which OpenAPI 3.1 takes as it is."""
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        assert jsonschema_rs.meta.is_valid(schema), name
    for text in strings(document):
        if text.startswith("#/"):
            assert text.removeprefix("#/components/schemas/") in schemas, text


@pytest.mark.parametrize("one", ROUTES, ids=named)
def test_R4_each_status_that_a_route_can_answer_is_described(
    document: dict[str, Any], one: Route
) -> None:
    """With its problems, its headers and no others."""
    responses = operation(document, one)["responses"]
    assert set(responses) == {"200"} | {str(problem.status) for problem in one.problems}
    for status, response in responses.items():
        told = [problem for problem in one.problems if str(problem.status) == status]
        assert set(SENT) <= set(response["headers"])
        waits = any(problem.retry_after for problem in told)
        assert ("Retry-After" in response["headers"]) == waits
        if status != "200":
            (schema,) = response["content"].values()
            assert list(response["content"]) == [MEDIA]
            assert len(schema["schema"].get("oneOf", [schema])) == len(told)


@pytest.mark.parametrize("one", ROUTES, ids=named)
def test_what_lets_somebody_through_is_described(document: dict[str, Any], one: Route) -> None:
    """The three headers of a signed call, and the drop key."""
    told = operation(document, one)
    headers = {of["name"] for of in told.get("parameters", []) if of["in"] == "header"}
    signed = {"Content-Digest", "Signature-Input", "Signature"}
    assert headers == (signed if one.proof == "signature" else set())
    security = {name for way in told.get("security", []) for name in way}
    expected = {"signature": {"signature"}, "drop-key": {"dropKey"}}.get(one.proof, set())
    assert security == expected <= set(document["components"]["securitySchemes"])


def test_real_signed_headers_have_the_form_that_is_described(document: dict[str, Any]) -> None:
    """So that a client can be written from the document."""
    told = calling.signed(bytes(32), bytes(32), 2**63 - 1, method="PUT", path="/v1/x", body=b"{}")
    (one, *_) = [one for one in ROUTES if one.proof == "signature"]
    for parameter in operation(document, one)["parameters"]:
        text = told[parameter["name"]]
        pattern = parameter["schema"]["pattern"]
        assert re.search(pattern, text)
        for wrong in (text + " ", " " + text, text[:-2], text.replace(":", "", 1), text.upper()):
            if wrong != text:
                assert not re.search(pattern, wrong)


def test_each_problem_fits_its_own_schema_and_no_other(document: dict[str, Any]) -> None:
    """Nobody can take one for another."""
    schemas = document["components"]["schemas"]
    for problem in EVERY:
        fits = [
            name
            for name, schema in schemas.items()
            if name.startswith("Problem") and jsonschema_rs.is_valid(schema, problem.members())
        ]
        assert len(fits) == 1
        assert problem.members()["type"] == URN + problem.type
        for extra in ({"instance": "/v1/x"}, {"input": "x"}, {"detail": "another"}):
            assert not jsonschema_rs.is_valid(schemas[fits[0]], {**problem.members(), **extra})


BODIES = [one for one in ROUTES if one.body is not None]


@pytest.mark.parametrize("one", BODIES, ids=named)
def test_a_body_that_the_document_refuses_the_server_refuses_too(
    document: dict[str, Any], one: Route
) -> None:
    """A key missing or too many, and another type for each key: both say no."""
    assert one.body is not None
    whole = {"$ref": f"#/components/schemas/{one.body.__name__}", **document}
    validator = jsonschema_rs.validator_for(whole)
    right = example(document, {"$ref": whole["$ref"]})
    assert validator.is_valid(right)
    assert isinstance(parse(one.body, msgspec.json.encode(right)), one.body)
    for wrong in variants(right):
        taken = isinstance(parse(one.body, msgspec.json.encode(wrong)), one.body)
        assert taken == validator.is_valid(wrong), wrong


def example(document: dict[str, Any], schema: dict[str, Any]) -> Any:
    """Make the least value that a schema takes."""
    if "$ref" in schema:
        return example(document, document["components"]["schemas"][schema["$ref"].split("/")[-1]])
    if "anyOf" in schema:
        return example(document, schema["anyOf"][-1])
    kind = schema["type"]
    if kind == "object":
        return {name: example(document, of) for name, of in schema["properties"].items()}
    if kind == "array":
        return [example(document, schema["items"])] * schema.get("minItems", 0)
    if kind == "string":
        return "A" * schema.get("minLength", 0)
    return {"integer": schema.get("minimum", 0), "boolean": False, "null": None}[kind]


def variants(right: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give bodies that differ from the right one in one place."""
    yield {**right, "more": 1}
    for key, value in right.items():
        yield {name: other for name, other in right.items() if name != key}
        others: list[Any] = [None, 1, 1.5, -1, True, "", "A", "AA", "=", "\n", [], [0], {}, 2**70]
        for other in others:
            if type(other) is not type(value) or other != value:
                yield {**right, key: other}
        if isinstance(value, str) and value:
            for wrong in (
                value + "A",
                value[:-1],
                value[:-1] + "_",
                value[:-1] + "\n",
                value + "=",
            ):
                yield {**right, key: wrong}


def test_R3_R35_the_document_names_no_key_and_nobody(document: dict[str, Any]) -> None:
    """It is the same on every server: nothing of settings, keys or database is in it."""
    for text in strings(document):
        assert "/work" not in text
        assert str(ROOT) not in text
        assert "sqlite" not in text
        assert "postgres" not in text
    assert document["servers"] == [{"url": "/"}]


def test_a_document_of_fewer_routes_lacks_them() -> None:
    """It is built from what is declared and from nothing else."""
    assert build([])["paths"] == {}
    (first, *_) = ROUTES
    assert list(build([first])["paths"]) == [first.path]


def test_what_anyone_may_read_fits_the_document(tmp_path: Path, document: dict[str, Any]) -> None:
    """On a founded network, value by value."""
    app: Flask = make_app(tmp_path)
    made = founding.found(app.extensions[EXTENSION])
    made.organisation("Shelter")
    client: Any = app.test_client()
    for path in ("/v1/network", "/v1/directory"):
        answer = client.get(path)
        assert answer.status_code == 200
        reference = document["paths"][path]["get"]["responses"]["200"]["content"][JSON]["schema"]
        assert jsonschema_rs.is_valid({**reference, **document}, answer.json)
        assert not jsonschema_rs.is_valid({**reference, **document}, {**answer.json, "more": 1})
    app.extensions[EXTENSION].database.close()
