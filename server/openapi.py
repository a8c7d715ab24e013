"""The OpenAPI 3.1 document, made from what the routes declare and the types that validate.

Nothing here is written down twice: paths, bodies, answers and problems come from `ROUTES`.

Source: docs/spec/http.md; https://spec.openapis.org/oas/v3.1.1.html
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec

from crypto.constants import DROP_ROWS, DROP_STREAM_ROW_BYTES
from server.headers import SENT
from server.problems import EVERY, MEDIA, URN, Problem
from server.routes.bodies import Answer, Body
from server.routes.route import JSON, OCTETS, ROUTES, Route

_PART = re.compile(r"<(?:path:)?([a-z]+)>")  # of a path, as Flask writes it
_REF = "#/components/schemas/{name}"
_B64URL = "[A-Za-z0-9_-]"
_B64 = "[A-Za-z0-9+/]"

# The three headers of a signed call (http.md, 7), each in its one form.
_SIGNATURE_HEADERS: Final = {
    "Content-Digest": f"^sha-256=:{_B64}{{42}}[AEIMQUYcgkosw048]=:$",
    "Signature-Input": (
        r'^towpath=\("@method" "@path" "@query" "content-digest"\);nonce="[1-9][0-9]{0,18}"'
        rf';keyid="{_B64URL}{{43}}";tag="towpath/v1/{_B64URL}{{43}}"$'
    ),
    "Signature": f"^towpath=:{_B64}{{85}}[AQgw]==:$",
}
# What leaves as plain bytes, by path. No rows: there is nothing more; no store: there is none.
_GIVEN: Final = {
    "/v1/drop": (
        f"Rows of {DROP_STREAM_ROW_BYTES:,} bytes, at most {DROP_ROWS}:"
        f" {DROP_ROWS * DROP_STREAM_ROW_BYTES:,} bytes."
    ),
    "/v1/log/tile/<path:tile>": "Up to 256 hashes, or as many values behind their lengths (u16).",
    "/v1/store": "A sealed store of the network's one size, or nothing.",
}
_TAKEN: Final = "What it replaces (32 bytes), then a sealed store of the network's one size."
_SECURITY: Final = {
    "dropKey": {
        "type": "http",
        "scheme": "bearer",
        "description": "The week's drop key in base64url, the same for all providers.",
    },
    "signature": {
        "type": "apiKey",
        "in": "header",
        "name": "Signature",
        "description": "RFC 9421 with Ed25519 and a counter, in the one form of http.md 7.",
    },
}


def document() -> bytes:
    """Return the document of this server as JSON."""
    return _encoded(tuple(ROUTES))


@lru_cache(maxsize=1)
def _encoded(routes: tuple[Route, ...]) -> bytes:
    return msgspec.json.encode(build(routes))


def build(routes: Sequence[Route]) -> dict[str, Any]:
    """Return the document that describes these routes."""
    paths: dict[str, dict[str, Any]] = {}
    for one in routes:
        paths.setdefault(written(one.path), {})[one.method.lower()] = _operation(one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Towpath",
            "version": "1",
            "description": "Sealed requests for help, carried through one-time codes.",
            "license": {"name": "AGPL-3.0-or-later", "identifier": "AGPL-3.0-or-later"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": name} for name in sorted({one.audience for one in routes})],
        "paths": paths,
        "components": {
            "schemas": {**_schemas(routes), **{_name(one): _problem(one) for one in EVERY}},
            "securitySchemes": _SECURITY,
        },
    }


def written(path: str) -> str:
    """Return a route's path as OpenAPI and http.md write it, parts in braces."""
    return _PART.sub(r"{\1}", path)


def _operation(one: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": _operation_id(one),
        "tags": [one.audience],
        "summary": one.about,
        "description": _description(one),
        "responses": _responses(one),
    }
    parameters = [*_parts(one), *_query(one), *_signature(one)]
    if parameters:
        found["parameters"] = parameters
    if one.body is not None:
        found["requestBody"] = {"required": True, "content": {JSON: {"schema": _ref(one.body)}}}
    if one.octets is not None:
        taken = {"type": "string", "format": "binary", "description": _TAKEN}
        found["requestBody"] = {"required": True, "content": {OCTETS: {"schema": taken}}}
    if one.proof == "drop-key":
        found["security"] = [{"dropKey": []}]
    elif one.proof == "signature":
        found["security"] = [{"signature": []}]
    return found


def _description(one: Route) -> str:
    said = [f"Proof: {one.proof}.", f"Stores: {one.stores}."]
    if one.limits:
        said.append(f"Limits: {', '.join(one.limits)}.")
    if one.ticked:
        said.append("Every answer leaves at a multiple of the tick.")
    return " ".join(said)


def _operation_id(one: Route) -> str:
    words = (
        _PART.sub(r"\1", one.path)
        .removeprefix("/v1/")
        .strip("/")
        .replace(".", "-")
        .replace("/", "-")
    )
    return f"{one.method.lower()}-{words}"


def _responses(one: Route) -> dict[str, Any]:
    found: dict[str, Any] = {
        "200": {"description": "Done.", "headers": _headers(), "content": _content(one)}
    }
    for status in sorted({told.status for told in one.problems}):
        told = [problem for problem in one.problems if problem.status == status]
        schemas = [{"$ref": _REF.format(name=_name(problem))} for problem in told]
        found[str(status)] = {
            "description": " ".join(f"{problem.title}." for problem in told),
            "headers": _headers(*told),
            "content": {MEDIA: {"schema": schemas[0] if len(told) == 1 else {"oneOf": schemas}}},
        }
    return found


def _content(one: Route) -> dict[str, Any]:
    if not isinstance(one.answer, str):
        return {JSON: {"schema": _ref(one.answer)}}
    if one.answer == OCTETS:
        return {OCTETS: {"schema": {"description": _GIVEN[one.path]}}}
    if one.answer == JSON:
        return {JSON: {"schema": {"type": "object"}}}
    return {one.answer: {"schema": {"type": "string"}}}


def _headers(*told: Problem) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: {"required": True, "schema": {"type": "string", "const": value}}
        for name, value in SENT.items()
    }
    if any(problem.retry_after is not None for problem in told):
        found["Retry-After"] = {
            "description": "Whole seconds to wait.",
            "schema": {"type": "string", "pattern": "^[1-9][0-9]*$"},
        }
    return found


def _query(one: Route) -> list[dict[str, Any]]:
    if one.query is None:
        return []
    schema = _schemas_of([one.query])[one.query.__name__]
    return [
        {"name": name, "in": "query", "required": name in schema["required"], "schema": of}
        for name, of in schema["properties"].items()
    ]


def _parts(one: Route) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in _PART.findall(one.path)
    ]


def _signature(one: Route) -> list[dict[str, Any]]:
    if one.proof != "signature":
        return []
    return [
        {
            "name": name,
            "in": "header",
            "required": True,
            "schema": {"type": "string", "pattern": pattern},
        }
        for name, pattern in _SIGNATURE_HEADERS.items()
    ]


def _schemas(routes: Sequence[Route]) -> dict[str, Any]:
    types: dict[str, type[msgspec.Struct]] = {}
    for one in routes:
        for kind in (one.body, one.answer):
            if isinstance(kind, type):
                types[kind.__name__] = kind
    return _schemas_of(list(types.values()))


def _schemas_of(types: list[Any]) -> dict[str, Any]:
    _, found = msgspec.json.schema_components(types, ref_template=_REF)
    for schema in found.values():
        if schema.get("type") == "object":
            # Answers have no other keys than these, either.
            schema["additionalProperties"] = False
    return found


def _ref(kind: type[Answer] | type[Body]) -> dict[str, str]:
    return {"$ref": _REF.format(name=kind.__name__)}


def _name(problem: Problem) -> str:
    words = problem.type.split("-")
    return "Problem" + "".join(word.capitalize() for word in words)


def _problem(problem: Problem) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "type": {"type": "string", "const": URN + problem.type},
        "title": {"type": "string", "const": problem.title},
        "status": {"type": "integer", "const": problem.status},
        "detail": {"type": "string", "const": problem.detail},
    }
    if problem.counter is not None:
        properties["counter"] = {"type": "integer", "minimum": 0}
    return {
        "title": _name(problem),
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
