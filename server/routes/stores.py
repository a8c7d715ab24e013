"""For members of organisations that are vetted today, signed: the store that they share.

Source: docs/spec/http.md, 7; docs/spec/store.md.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from crypto.constants import HASH_BYTES
from server.core import current
from server.problems import COUNTER, MALFORMED, STALE, UNSIGNED, Problem
from server.routes import signed
from server.routes.bodies import Empty
from server.routes.route import OCTETS, route
from server.services import stores as services
from server.services.refusals import Refusal
from server.settings import Settings

stores = Blueprint("stores", __name__)


def body_bytes(settings: Settings) -> int:
    """Return how long the body of a write is: a hash and a store."""
    return HASH_BYTES + settings.store_bytes


@route(
    stores,
    "GET",
    "/v1/store",
    answer=OCTETS,
    audience="member",
    proof="signature",
    problems=(UNSIGNED, COUNTER),
    stores="nothing but her counter",
)
def read_store() -> Response | Problem:
    """Give the organisation's sealed store, or nothing where there is none."""
    found = signed.as_member(partial(services.read, wraps=current().wraps()))
    return found if isinstance(found, Problem) else Response(found, content_type=OCTETS)


@route(
    stores,
    "PUT",
    "/v1/store",
    octets=body_bytes,
    answer=Empty,
    audience="member",
    proof="signature",
    problems=(UNSIGNED, COUNTER, STALE),
    stores="the organisation's sealed store, in place of the one before",
)
def write_store(body: bytes) -> Empty | Problem:
    """Put a sealed store in the place of the one that the call names."""
    core = current()
    if len(body) != body_bytes(core.settings):
        return MALFORMED
    write = partial(
        services.write,
        wraps=core.wraps(),
        replaces=body[:HASH_BYTES],
        sealed=body[HASH_BYTES:],
    )
    outcome = signed.as_member(write)
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    return outcome or Empty()
