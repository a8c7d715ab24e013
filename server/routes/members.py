"""For members of organisations that are vetted today, signed: tokens, and what is said of them.

Source: docs/spec/http.md, 7.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from flask import Blueprint
from msgspec import Meta
from sqlalchemy import Connection

from crypto.constants import (
    MEMBERS_MOST,
    TOKEN_BATCH_MOST,
    TOKEN_ELEMENT_BYTES,
    TOKEN_PROOF_BYTES,
)
from server.core import current
from server.problems import COUNTER, DRAWN, STALE, TAKEN, UNSIGNED, Problem
from server.routes import bodies, signed
from server.routes.bodies import B16, B32, Answer, Body, Empty, b64url_up_to, raw, text
from server.routes.route import route
from server.services import members as services
from server.services import network, tokens
from server.services.refusals import Refusal

members = Blueprint("members", __name__)

_EVALUATED_BYTES = TOKEN_PROOF_BYTES + TOKEN_BATCH_MOST * TOKEN_ELEMENT_BYTES


class Drawing(Body, frozen=True, kw_only=True):
    """A week's blinded batch, or 0 bytes where only the drop key is wanted."""

    week: bodies.Epoch
    blinded: bodies.Blinded


class DrawnTokens(Answer, frozen=True, kw_only=True):
    """The evaluated batch with its proof (tokens.md, 2), and the week's drop key."""

    period: bodies.Epoch
    evaluated: Annotated[str, b64url_up_to(_EVALUATED_BYTES)]
    drop_key: B32
    drop_week: bodies.Epoch


class NewWeeklyKey(Body, frozen=True, kw_only=True):
    """A weekly key (walk-in.md, 1) of this or the next week, and which it takes the place of."""

    weekly_key: bodies.WeeklyKey
    replaces: B16 | None


class Room(Body, frozen=True, kw_only=True):
    """Whether walk-ins are taken, and how much room there is: an id of `capacity`, or null."""

    walk_ins: bool
    capacity: Annotated[int, Meta(ge=1, le=65_535)] | None


class Members(Body, frozen=True, kw_only=True):
    """The Ed25519 keys of all members from now on, ascending."""

    members: Annotated[list[B32], Meta(min_length=1, max_length=MEMBERS_MOST)]


@route(
    members,
    "POST",
    "/v1/tokens",
    body=Drawing,
    answer=DrawnTokens,
    audience="member",
    proof="signature",
    problems=(UNSIGNED, COUNTER, DRAWN),
    stores="that the organisation drew this batch this week",
)
def draw_tokens(asked: Drawing) -> DrawnTokens | Problem:
    """Evaluate a batch of blinded tokens, and hand out the week's drop key."""
    core, week, blinded = current(), asked.week, raw(asked.blinded)

    def draw(connection: Connection, organisation: bytes) -> tokens.Drawn | Refusal:
        network_id = network.network_id(connection)
        if network_id is None:
            return Refusal.NO_NETWORK
        terms = tokens.Terms(
            keyring=core.keyring,
            random=core.random,
            network_id=network_id,
            tokens_a_week=core.settings.tokens_a_week,
            today=core.today,
        )
        return tokens.draw(connection, organisation, week=week, blinded=blinded, terms=terms)

    drawn = signed.as_member(draw)
    if isinstance(drawn, Problem):
        return drawn
    if isinstance(drawn, Refusal):
        return signed.problem_of(drawn)
    return DrawnTokens(
        period=drawn.period,
        evaluated=text(drawn.evaluated),
        drop_key=text(drawn.drop_key),
        drop_week=drawn.drop_week,
    )


@route(
    members,
    "PUT",
    "/v1/organisations/me/weekly-key",
    body=NewWeeklyKey,
    answer=Empty,
    audience="member",
    proof="signature",
    problems=(UNSIGNED, COUNTER, TAKEN, STALE),
    stores="the weekly key, and its entry in the log",
)
def put_weekly_key(asked: NewWeeklyKey) -> Empty | Problem:
    """Keep the organisation's key for walk-ins of this or the next week."""
    core = current()
    put = partial(
        services.put_weekly_key,
        signed_key=raw(asked.weekly_key),
        replaces=None if asked.replaces is None else raw(asked.replaces),
        today=core.today,
        keyring=core.keyring,
    )
    return _done(signed.as_member(put, logs=True))


@route(
    members,
    "PUT",
    "/v1/organisations/me/capacity",
    body=Room,
    answer=Empty,
    audience="member",
    proof="signature",
    problems=(UNSIGNED, COUNTER),
    stores="whether walk-ins are taken, and the room",
)
def put_capacity(asked: Room) -> Empty | Problem:
    """Say in the directory whether walk-ins are taken, and how much room there is."""
    put = partial(services.set_capacity, walk_ins=asked.walk_ins, capacity=asked.capacity)
    return _done(signed.as_member(put))


@route(
    members,
    "PUT",
    "/v1/organisations/me/members",
    body=Members,
    answer=Empty,
    audience="member",
    proof="signature",
    problems=(UNSIGNED, COUNTER),
    stores="the members' keys",
)
def put_members(asked: Members) -> Empty | Problem:
    """Say who signs for the organisation from now on; whoever is not named signs no more."""
    keys, today = [raw(key) for key in asked.members], current().today
    return _done(signed.as_member(partial(services.replace, keys=keys, today=today)))


def _done(outcome: Refusal | Problem | None) -> Empty | Problem:
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    return outcome or Empty()
