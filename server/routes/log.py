"""For anyone: the log, the same for everybody; and for witnesses, who say that they have seen it.

Source: docs/spec/log.md, 3 and 4.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from flask import Blueprint, Response
from msgspec import Meta

from crypto.constants import WITNESS_THRESHOLD_MOST
from server import limits
from server.core import current
from server.problems import BUSY, NO_ROUTE, STALE, UNSIGNED, Problem
from server.routes import signed
from server.routes.bodies import Answer, Body
from server.routes.route import OCTETS, TEXT, route
from server.services import checkpoints, cosignatures, log_reading
from server.services.refusals import Refusal

log = Blueprint("log", __name__)

_LINE_CHARACTERS = 160  # with a name of 32


class Cosigning(Body, frozen=True, kw_only=True):
    """A witness's signature line over a checkpoint, without its line feed."""

    cosignature: Annotated[str, Meta(min_length=1, max_length=_LINE_CHARACTERS)]


class CosignedCheckpoint(Answer, frozen=True, kw_only=True):
    """How many witnesses have cosigned that checkpoint, how many it takes, and if it is shown."""

    cosignatures: Annotated[int, Meta(ge=0, le=WITNESS_THRESHOLD_MOST)]
    needed: Annotated[int, Meta(ge=0, le=WITNESS_THRESHOLD_MOST)]
    published: bool


@route(
    log,
    "GET",
    "/v1/log/checkpoint",
    answer=TEXT,
    audience="anyone",
    proof="none",
    stores="nothing",
)
def show_checkpoint() -> Response | Problem:
    """Give the published checkpoint, a note."""
    found = current().database.read(checkpoints.published)
    return BUSY if found is None else _text(found.note)


@route(
    log, "GET", "/v1/log/pending", answer=TEXT, audience="anyone", proof="none", stores="nothing"
)
def show_pending() -> Response | Problem:
    """Give the newest checkpoint that the log has signed, with the cosignatures that it has."""
    found = current().database.read(checkpoints.newest)
    return BUSY if found is None else _text(found.note)


@route(
    log,
    "GET",
    "/v1/log/suspensions",
    answer=TEXT,
    audience="anyone",
    proof="none",
    stores="nothing",
)
def show_suspensions() -> Response | Problem:
    """Give the suspension list that the pending checkpoint names."""
    found = current().database.read(checkpoints.newest)
    return BUSY if found is None else _text(found.suspensions)


@route(
    log,
    "GET",
    "/v1/log/tile/<path:tile>",
    answer=OCTETS,
    audience="anyone",
    proof="none",
    problems=(NO_ROUTE,),
    stores="nothing",
)
def show_tile(tile: str) -> Response | Problem:
    """Give a piece of the log: up to 256 hashes, entries, or proofs that those were signed."""
    found = current().database.read(partial(log_reading.piece, path=tile))
    return NO_ROUTE if found is None else Response(found, content_type=OCTETS)


@route(
    log,
    "POST",
    "/v1/log/cosignatures",
    body=Cosigning,
    answer=CosignedCheckpoint,
    audience="anyone",
    proof="note",
    problems=(UNSIGNED, STALE),
    limit="cosignatures",
    stores="the line with the checkpoint, in place of that witness's last",
)
def cosign(asked: Cosigning) -> CosignedCheckpoint | Problem:
    """Put a witness's cosignature to the checkpoint; with enough of them it is published."""
    core = current()
    line = cosignatures.read(asked.cosignature, core.today)
    if isinstance(line, Refusal):
        return signed.problem_of(line)
    # Asked first without the writer: what no witness signed costs it nothing.
    refusal = core.database.read(partial(cosignatures.look, line=line))
    if refusal is not None:
        return signed.problem_of(refusal)
    if full := limits.full("cosignatures"):
        return full
    outcome = core.database.write(partial(cosignatures.take, line=line))
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    if outcome.is_new:
        limits.count("cosignatures")
    return CosignedCheckpoint(
        cosignatures=outcome.cosignatures, needed=outcome.needed, published=outcome.published
    )


def _text(words: bytes) -> Response:
    return Response(words, content_type=f"{TEXT}; charset=utf-8")
