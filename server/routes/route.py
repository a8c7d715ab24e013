"""How a view becomes a route: parse, call, hold to the tick, count, shape the answer, in one place.

    @route(senders, "POST", "/v1/codes/open", body=OpenCode, answer=RecordAnswer,
           audience="holder", proof="none", problems=(REFUSED,), limit="misses", stores="nothing")
    def open_code(asked: OpenCode) -> RecordAnswer | Problem: ...

A view returns an `Answer`, a `Problem`, or (with a media type as `answer`) a `flask.Response`. What
was declared is in `ROUTES`, from which OpenAPI is made, or, for what browsers show and load (`HTML`
and `FILE`), in `PAGES`. The snapshot and the page of routes are made from both.

Source: docs/spec/http.md, 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Final, Literal, TypeVar
from urllib.parse import parse_qsl

import msgspec
from flask import Blueprint, Response, request

from crypto.constants import BODY_BYTES
from server import assets, limits, pages
from server.clock import Clock
from server.core import current
from server.limits import Limit
from server.pages import HTML
from server.problems import (
    BROKEN,
    BUSY,
    LIMITED,
    MALFORMED,
    MEDIA,
    MEDIA_TYPE,
    REFUSED,
    TOO_LARGE,
    Problem,
)
from server.routes.bodies import Answer, Body, learn, parse, parse_query
from server.settings import Settings

JSON = "application/json"
OCTETS = "application/octet-stream"
TEXT = "text/plain"
FORM = "application/x-www-form-urlencoded"
FILE: Final = "*/*"
_KEPT = 4

Audience = Literal["anyone", "holder", "provider", "member", "applicant", "admin", "operator"]
# What lets somebody through: a header's (signature, drop-key) or a value in the body.
Proof = Literal[
    "none", "code", "token", "write-key", "holder-key", "work", "drop-key", "signature", "note"
]
Outcome = Answer | Problem | Response
Size = Callable[[Settings], int]
V = TypeVar("V", bound=Callable[..., Outcome])

# One parameter is fine, since RFC 8259 allows nothing but UTF-8 anyway.
_JSON_TYPE = re.compile(r'application/json[ \t]*(?:;[ \t]*charset="?utf-8"?[ \t]*)?', re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """What a route declares: how it is called, by whom, what it may answer and what it stores."""

    method: str
    path: str
    audience: Audience
    proof: Proof
    body: type[Body] | None
    query: type[Body] | None
    form: str | None
    octets: Size | None
    answer: type[Answer] | str
    problems: tuple[Problem, ...]
    limits: tuple[Limit, ...]
    ticked: bool
    packed: bool
    stores: str
    blueprint: str
    about: str

    @property
    def is_page(self) -> bool:
        """Whether a browser shows or loads it; everything else is the interface of http.md."""
        return self.answer in (HTML, FILE)


ROUTES: list[Route] = []
PAGES: list[Route] = []


def route(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    audience: Audience,
    proof: Proof,
    answer: type[Answer] | str,
    stores: str,
    body: type[Body] | None = None,
    query: type[Body] | None = None,
    form: str | None = None,
    octets: Size | None = None,
    problems: tuple[Problem | Callable[[int], Problem], ...] = (),
    limit: Limit | tuple[Limit, ...] = (),
    ticked: bool = False,
    packed: bool = False,
) -> Callable[[V], V]:
    """Make a view a route; the view is called with the parsed body or query, if it has one.

    `form` names the one field of an HTML form, whose text the view is called with. `octets` says
    how many bytes a body has at most that is no JSON; the view is called with them as they came.
    A part of the path in angle brackets is an argument of its name.
    `stores` names in a few words what a call leaves in the database ("nothing"). `problems` are
    those beyond the ones that every route has. `ticked` holds every answer to the tick, which
    REFUSED is held to anyway. `packed` sends an answer in gzip to who takes that: only for what is
    the same for everybody and holds nothing that who asks can put there. Misses are counted here; a
    view that names another limit asks and counts by itself (`limits.full`, `limits.count`), since
    it alone knows what is new.
    """
    named = limit if isinstance(limit, tuple) else (limit,)

    def register(view: V) -> V:
        declared = Route(
            method=method,
            path=path,
            audience=audience,
            proof=proof,
            body=body,
            query=query,
            form=form,
            octets=octets,
            answer=answer,
            problems=_all_problems(
                problems,
                has_body=not (body is None and form is None and octets is None),
                is_limited=bool(named),
            ),
            limits=named,
            ticked=ticked,
            packed=packed,
            stores=stores,
            blueprint=blueprint.name,
            about=(view.__doc__ or "").strip(),
        )
        (PAGES if declared.is_page else ROUTES).append(declared)
        for kind in (body, query):
            if kind is not None:
                learn(kind)

        @wraps(view)
        def answered(**parts: str) -> Response:
            return _answer(declared, view, parts)

        blueprint.add_url_rule(
            path,
            endpoint=view.__name__,
            view_func=answered,
            methods=[method],
            provide_automatic_options=False,
        )
        return view

    return register


def shape(outcome: Outcome, *, as_page: bool = False) -> Response:
    """Turn what a view returned into the answer that leaves; a problem of a page into words."""
    if isinstance(outcome, Response):
        return outcome
    if as_page and isinstance(outcome, Problem):
        return pages.problem(outcome)
    if isinstance(outcome, Answer):
        return Response(msgspec.json.encode(outcome), content_type=JSON)
    told = Response(
        msgspec.json.encode(outcome.members()), status=outcome.status, content_type=MEDIA
    )
    if outcome.retry_after is not None:
        told.headers["Retry-After"] = str(outcome.retry_after)
    return told


def hold(clock: Clock, began: float, tick_ms: int) -> None:
    """Wait for the next multiple of the tick after `began` (monotonic seconds); 0: do not wait."""
    if tick_ms:
        tick = tick_ms / 1000
        passed = clock.monotonic() - began
        clock.sleep((passed // tick + 1) * tick - passed)


def _answer(declared: Route, view: Callable[..., Outcome], parts: Mapping[str, str]) -> Response:
    core = current()
    asked = _asked(declared)
    began = core.clock.monotonic()
    if isinstance(asked, Problem):
        return shape(asked, as_page=declared.is_page)
    outcome = view(*asked, **parts)
    missed = outcome == REFUSED
    if missed and "misses" in declared.limits:
        outcome = limits.miss() or outcome
    if missed or declared.ticked:
        hold(core.clock, began, core.settings.refusal_tick_ms)
    if declared.packed and isinstance(outcome, Answer):
        return assets.answer(_pack(msgspec.json.encode(outcome)))
    return shape(outcome, as_page=declared.is_page)


@lru_cache(maxsize=_KEPT)
def _pack(plain: bytes) -> assets.Asset:
    """Pack an answer; the last few are kept, since everybody gets the same."""
    return assets.from_text(JSON, plain.decode())


def _asked(declared: Route) -> tuple[Any, ...] | Problem:
    """Read the request; the arguments for the view, or what is wrong with it."""
    if not _has_its_type(declared):
        return MEDIA_TYPE
    most = BODY_BYTES if declared.octets is None else declared.octets(current().settings)
    # A body without a length is cut silently at this number, so it is one more.
    request.max_content_length = most + 1
    data = request.get_data()
    if len(data) > most:
        return TOO_LARGE
    if declared.octets is not None:
        return MALFORMED if request.query_string else (data,)
    if data and declared.body is None and declared.form is None:
        return MALFORMED
    parsed = _parsed(declared, data)
    if isinstance(parsed, Problem):
        return parsed
    return () if parsed is None else (parsed,)


def _has_its_type(declared: Route) -> bool:
    """Say whether the request's content type is the one that its body is read as."""
    media = request.headers.get("Content-Type", "")
    if declared.body is not None:
        return _JSON_TYPE.fullmatch(media) is not None
    wanted = FORM if declared.form is not None else OCTETS if declared.octets is not None else None
    return wanted is None or media.lower() == wanted


def _parsed(declared: Route, data: bytes) -> Body | Problem | str | None:
    """Read what is asked for in the query or the body; None where nothing is."""
    if declared.query is not None:
        return parse_query(declared.query, request.query_string)
    if request.query_string:
        return MALFORMED
    if declared.body is not None:
        return parse(declared.body, data)
    return _field(declared.form, data) if declared.form is not None else None


def _field(name: str, data: bytes) -> str | Problem:
    """Return the text of a form's only field."""
    try:
        found = parse_qsl(
            data.decode("ascii"), True, strict_parsing=True, errors="strict", max_num_fields=1
        )
    except ValueError:
        return MALFORMED
    return found[0][1] if [key for key, _ in found] == [name] else MALFORMED


def _all_problems(
    named: tuple[Problem | Callable[[int], Problem], ...], *, has_body: bool, is_limited: bool
) -> tuple[Problem, ...]:
    """Return a route's own problems and those that come with what it declares."""
    found = [one if isinstance(one, Problem) else one(1) for one in named]
    found += [MALFORMED, TOO_LARGE, BROKEN, BUSY]
    if has_body:
        found.append(MEDIA_TYPE)
    if is_limited:
        found.append(LIMITED(1))
    return tuple(sorted(set(found), key=lambda one: (one.status, one.type)))
