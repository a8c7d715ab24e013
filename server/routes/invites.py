"""For a member who invites another, signed; and for both of them, with the invite's code alone.

Source: docs/spec/invite.md; docs/spec/http.md, 4 and 7.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint

from server import limits
from server.core import current
from server.keyring import FILLER
from server.problems import COUNTER, REFUSED, TAKEN, UNSIGNED, Problem
from server.routes import bodies, signed
from server.routes.bodies import B16, B32, Answer, Body, Empty, raw, text
from server.routes.route import route
from server.services import invites as services
from server.services.invites import Accepted
from server.services.refusals import Refusal

invites = Blueprint("invites", __name__)


class NewInvite(Body, frozen=True, kw_only=True):
    """An invite's row."""

    locator: B16
    write_key_hash: B32
    offer: bodies.Invite


class OpenInvite(Body, frozen=True, kw_only=True):
    """Which invite."""

    locator: B16


class OfferAnswer(Answer, frozen=True, kw_only=True):
    """The sealed offer."""

    offer: bodies.Invite


class Accepting(Body, frozen=True, kw_only=True):
    """A newcomer's sealed reply."""

    locator: B16
    write_key: B32
    reply: bodies.Invite


class ReadInvite(Body, frozen=True, kw_only=True):
    """Whose reply is asked for."""

    locator: B16
    write_key: B32


class ReplyAnswer(Answer, frozen=True, kw_only=True):
    """The sealed reply, or the cover of its place."""

    reply: bodies.Invite


_ACCEPTED: dict[Accepted, Empty | Problem] = {
    Accepted.STORED: Empty(),
    Accepted.TAKEN: TAKEN,
    Accepted.REFUSED: REFUSED,
}


@route(
    invites,
    "POST",
    "/v1/invites",
    body=NewInvite,
    answer=Empty,
    audience="member",
    proof="signature",
    problems=(UNSIGNED, COUNTER, TAKEN),
    limit="invites",
    stores="an invite's row, which names no organisation",
)
def make_invite(asked: NewInvite) -> Empty | Problem:
    """Keep an offer for whoever has its code, until tomorrow."""
    full = limits.full("invites")
    made = services.Content(write_key_hash=raw(asked.write_key_hash), offer=raw(asked.offer))
    work = partial(
        services.make,
        wraps=current().wraps(),
        locator=raw(asked.locator),
        made=made,
        room=full is None,
    )
    outcome = signed.as_member(work)
    if outcome is Refusal.FULL and full is not None:
        return full
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    if isinstance(outcome, Problem):
        return outcome
    if outcome.is_new:
        limits.count("invites")
    return Empty()


@route(
    invites,
    "POST",
    "/v1/invites/open",
    body=OpenInvite,
    answer=OfferAnswer,
    audience="provider",
    proof="code",
    problems=(REFUSED,),
    limit="misses",
    stores="nothing",
)
def open_invite(asked: OpenInvite) -> OfferAnswer | Problem:
    """Give the offer of a live invite."""
    core = current()
    found = core.database.read(
        partial(services.open_, wraps=core.wraps(), locator=raw(asked.locator))
    )
    return REFUSED if found is None else OfferAnswer(offer=text(found))


@route(
    invites,
    "POST",
    "/v1/invites/accept",
    body=Accepting,
    answer=Empty,
    audience="provider",
    proof="write-key",
    problems=(REFUSED, TAKEN),
    limit="misses",
    stores="the reply in the invite's row",
)
def accept_invite(asked: Accepting) -> Empty | Problem:
    """Keep a newcomer's reply; the first one stays."""
    core = current()
    return _ACCEPTED[
        core.database.write(
            partial(
                services.accept,
                wraps=core.wraps(),
                locator=raw(asked.locator),
                write_key=raw(asked.write_key),
                reply=raw(asked.reply),
            )
        )
    ]


@route(
    invites,
    "POST",
    "/v1/invites/read",
    body=ReadInvite,
    answer=ReplyAnswer,
    audience="provider",
    proof="write-key",
    ticked=True,
    stores="nothing",
)
def read_invite(asked: ReadInvite) -> ReplyAnswer:
    """Give the reply to an invite, or the cover of its place."""
    core = current()
    found = core.database.read(
        partial(
            services.read,
            wraps=core.wraps(),
            filler_key=core.keyring.make(FILLER, 0, core.random),
            locator=raw(asked.locator),
            write_key=raw(asked.write_key),
        )
    )
    return ReplyAnswer(reply=text(found))
