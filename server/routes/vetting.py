"""For organisations that apply and admins who vet them.

Source: docs/spec/http.md, 7 and 8.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from flask import Blueprint
from msgspec import Meta

from crypto.constants import ADMINS_MOST, THRESHOLD_MOST
from server import limits
from server.core import current
from server.problems import BUSY, COUNTER, UNSIGNED, Problem
from server.routes import bodies, signed
from server.routes.bodies import Answer, Body, Empty, raw, text
from server.routes.route import route
from server.services import applications, network, statements
from server.services.refusals import Refusal

vetting = Blueprint("vetting", __name__)


class Applying(Body, frozen=True, kw_only=True):
    """An application, signed inside by the organisation."""

    application: bodies.Application


class Posting(Body, frozen=True, kw_only=True):
    """A statement with the signatures that it has."""

    note: bodies.Note


class OpenApplication(Answer, frozen=True, kw_only=True):
    """An open application, and the statements that admins have begun to sign for it."""

    application: bodies.Application
    drafts: list[bodies.Note]


class OpenApplications(Answer, frozen=True, kw_only=True):
    """Every open application."""

    applications: list[OpenApplication]


class PostedStatement(Answer, frozen=True, kw_only=True):
    """How many admins have signed, how many it takes, and whether the organisation is listed."""

    signatures: Annotated[int, Meta(ge=1, le=ADMINS_MOST)]
    needed: Annotated[int, Meta(ge=1, le=THRESHOLD_MOST)]
    listed: bool


@route(
    vetting,
    "POST",
    "/v1/applications",
    body=Applying,
    answer=Empty,
    audience="applicant",
    proof="note",
    problems=(UNSIGNED,),
    limit="applications",
    stores="the application, sealed",
)
def apply(asked: Applying) -> Empty | Problem:
    """Keep an organisation's application until admins have decided, or 90 days."""
    core, data = current(), raw(asked.application)
    network_id = core.database.read(network.network_id)
    if network_id is None:
        return BUSY
    said = applications.check(data, network_id=network_id, today=core.today)
    if isinstance(said, Refusal):
        return signed.problem_of(said)
    full = limits.full("applications")
    outcome = core.database.write(
        partial(applications.hand_in, wraps=core.wraps(), said=said, data=data, room=full is None)
    )
    if outcome is Refusal.FULL and full is not None:
        return full
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    if outcome.is_new:
        limits.count("applications")
    return Empty()


@route(
    vetting,
    "GET",
    "/v1/applications",
    answer=OpenApplications,
    audience="admin",
    proof="signature",
    problems=(UNSIGNED, COUNTER),
    stores="nothing but the admin's counter",
)
def show_applications() -> OpenApplications | Problem:
    """Give an admin the open applications and their drafts."""
    found = signed.as_admin(partial(applications.all_open, wraps=current().wraps()))
    if isinstance(found, Problem):
        return found
    return OpenApplications(
        applications=[
            OpenApplication(
                application=text(one.application), drafts=[text(note) for note in one.drafts]
            )
            for one in found
        ]
    )


@route(
    vetting,
    "POST",
    "/v1/statements",
    body=Posting,
    answer=PostedStatement,
    audience="admin",
    proof="note",
    problems=(UNSIGNED,),
    stores="a draft with the application; or the log's entry, the listing or its end",
)
def post_statement(asked: Posting) -> PostedStatement | Problem:
    """Put an admin's signature with the others', and list or suspend where there are enough."""
    core, note = current(), raw(asked.note)
    # Asked first without the writer: what no admin signed costs it nothing.
    refusal = core.database.read(partial(statements.look, note=note))
    if refusal is not None:
        return signed.problem_of(refusal)
    outcome = core.database.write(
        partial(statements.post, wraps=core.wraps(), keyring=core.keyring, note=note)
    )
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    return PostedStatement(
        signatures=outcome.signatures, needed=outcome.needed, listed=outcome.listed
    )
