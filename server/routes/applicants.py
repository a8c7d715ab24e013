"""For organisations that apply: to whom they seal, handing in, the reply, withdrawing.

None of these calls is signed, and nothing in them says who it is that applies.

Source: docs/spec/vetting.md, 3 and 5.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint

from server import limits
from server.core import current
from server.keyring import FILLER
from server.problems import BUSY, TAKEN, Problem
from server.routes import bodies, signed
from server.routes.bodies import B16, B32, Answer, Body, Empty, raw, text
from server.routes.route import route
from server.services import admin_keys, network
from server.services import applications as services
from server.services.refusals import Refusal

applicants = Blueprint("applicants", __name__)


class AdminKeys(Answer, frozen=True, kw_only=True):
    """The reading keys of current admins, each signed by whose it is."""

    admin_keys: list[bodies.AdminKey]


class Applying(Body, frozen=True, kw_only=True):
    """An application, sealed to the admins."""

    id: B16
    write_key_hash: B32
    application: bodies.Application


class Applicant(Body, frozen=True, kw_only=True):
    """Whose application it is."""

    id: B16
    write_key: B32


class ApplicationReply(Answer, frozen=True, kw_only=True):
    """The admins' sealed reply, or the cover of its place."""

    reply: bodies.Reply


@route(
    applicants,
    "GET",
    "/v1/admins",
    answer=AdminKeys,
    audience="anyone",
    proof="none",
    problems=(BUSY,),
    stores="nothing",
)
def show_admin_keys() -> AdminKeys | Problem:
    """Give the keys to which an application is sealed."""
    core = current()
    found = core.database.read(partial(admin_keys.show, today=core.today))
    return BUSY if found is None else AdminKeys(admin_keys=[text(key) for key in found])


@route(
    applicants,
    "POST",
    "/v1/applications",
    body=Applying,
    answer=Empty,
    audience="applicant",
    proof="none",
    problems=(TAKEN,),
    limit="applications",
    stores="the application, sealed to the admins; the row names nobody",
)
def apply(asked: Applying) -> Empty | Problem:
    """Keep an application until it is withdrawn, or 90 days."""
    core = current()
    if core.database.read(network.network_id) is None:
        return BUSY
    made = services.Content(
        id=raw(asked.id),
        write_key_hash=raw(asked.write_key_hash),
        application=raw(asked.application),
    )
    refusal = services.check(made.application)
    if refusal is not None:
        return signed.problem_of(refusal)
    full = limits.full("applications")
    outcome = core.database.write(
        partial(services.hand_in, wraps=core.wraps(), made=made, room=full is None)
    )
    if outcome is Refusal.FULL and full is not None:
        return full
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    if outcome.is_new:
        limits.count("applications")
    return Empty()


@route(
    applicants,
    "POST",
    "/v1/applications/reply",
    body=Applicant,
    answer=ApplicationReply,
    audience="applicant",
    proof="write-key",
    ticked=True,
    stores="nothing",
)
def read_reply(asked: Applicant) -> ApplicationReply:
    """Give the reply to an application, or the cover of its place."""
    core = current()
    found = core.database.read(
        partial(
            services.read_reply,
            wraps=core.wraps(),
            filler_key=core.keyring.make(FILLER, 0, core.random),
            id_=raw(asked.id),
            write_key=raw(asked.write_key),
        )
    )
    return ApplicationReply(reply=text(found))


@route(
    applicants,
    "POST",
    "/v1/applications/withdraw",
    body=Applicant,
    answer=Empty,
    audience="applicant",
    proof="write-key",
    ticked=True,
    stores="the end of an application and its entries",
)
def withdraw_application(asked: Applicant) -> Empty:
    """End an application with everything that was written about it."""
    core = current()
    core.database.write(
        partial(
            services.withdraw,
            wraps=core.wraps(),
            id_=raw(asked.id),
            write_key=raw(asked.write_key),
        )
    )
    return Empty()
