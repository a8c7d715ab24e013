"""For admins who vet: their keys, the open applications, what they write, and statements.

Source: docs/spec/http.md, 7; docs/spec/vetting.md, 5.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint
from sqlalchemy import Connection

from server.core import current
from server.problems import COUNTER, REFUSED, STALE, TAKEN, UNSIGNED, Problem
from server.routes import bodies, signed
from server.routes.bodies import B16, Answer, Body, Empty, raw, text
from server.routes.route import route
from server.services import admin_keys, applications, statements, vetting_entries
from server.services.refusals import Refusal

vetting = Blueprint("vetting", __name__)


class NewAdminKey(Body, frozen=True, kw_only=True):
    """An admin's reading key, signed inside by herself."""

    admin_key: bodies.AdminKey


class OpenApplication(Answer, frozen=True, kw_only=True):
    """An open application: its id, how much was written about it, and its last day."""

    id: B16
    entries: bodies.EntryCount
    last_epoch: bodies.Epoch


class OpenApplications(Answer, frozen=True, kw_only=True):
    """Every open application, ascending by id."""

    applications: list[OpenApplication]


class OpeningApplication(Body, frozen=True, kw_only=True):
    """Which application, and how many of its entries she has."""

    id: B16
    after: bodies.EntryCount


class OpenedApplication(Answer, frozen=True, kw_only=True):
    """An application as it was sealed, or null for who has entries, and the entries she lacks."""

    application: bodies.Application | None
    entries: list[bodies.Entry]


class NewEntry(Body, frozen=True, kw_only=True):
    """A sealed entry, and which number it is to have."""

    id: B16
    n: bodies.EntryNumber
    entry: bodies.Entry


class Replying(Body, frozen=True, kw_only=True):
    """A sealed reply to the applicant."""

    id: B16
    reply: bodies.Reply


class Posting(Body, frozen=True, kw_only=True):
    """A statement with its signatures, and what the organisation signed when it asked for it."""

    note: bodies.Note
    listing: bodies.Listing | None


class PostedStatement(Answer, frozen=True, kw_only=True):
    """Whether the organisation is listed by it."""

    listed: bool


@route(
    vetting,
    "PUT",
    "/v1/admins/me/key",
    body=NewAdminKey,
    answer=Empty,
    audience="admin",
    proof="signature",
    problems=(UNSIGNED, COUNTER),
    stores="the admin's public key for reading, and her counter",
)
def put_admin_key(asked: NewAdminKey) -> Empty | Problem:
    """Keep the key to which applications are sealed for this admin."""
    return _done(partial(admin_keys.put, signed_key=raw(asked.admin_key)))


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
    """Give an admin the ids of the open applications."""
    wraps = current().wraps()
    found = signed.as_admin(lambda c, _admin: applications.all_open(c, wraps=wraps))
    if isinstance(found, Problem):
        return found
    return OpenApplications(
        applications=[
            OpenApplication(id=text(one.id), entries=one.entries, last_epoch=one.last_epoch)
            for one in found
        ]
    )


@route(
    vetting,
    "POST",
    "/v1/applications/open",
    body=OpeningApplication,
    answer=OpenedApplication,
    audience="admin",
    proof="signature",
    problems=(UNSIGNED, COUNTER, REFUSED),
    limit="misses",
    stores="nothing but the admin's counter",
)
def open_application(asked: OpeningApplication) -> OpenedApplication | Problem:
    """Give an admin an application as it was sealed, and what was written about it."""
    work = partial(
        applications.open_, wraps=current().wraps(), id_=raw(asked.id), after=asked.after
    )
    found = signed.as_admin(lambda c, _admin: work(c))
    if isinstance(found, Problem):
        return found
    if isinstance(found, Refusal):
        return signed.problem_of(found)
    return OpenedApplication(
        application=None if found.application is None else text(found.application),
        entries=[text(entry) for entry in found.entries],
    )


@route(
    vetting,
    "POST",
    "/v1/applications/entries",
    body=NewEntry,
    answer=Empty,
    audience="admin",
    proof="signature",
    problems=(UNSIGNED, COUNTER, REFUSED, STALE),
    limit="misses",
    stores="a sealed entry, which names nobody, and the admin's counter",
)
def add_entry(asked: NewEntry) -> Empty | Problem:
    """Keep what an admin writes as the next entry; where it is not the next she reads first."""
    work = partial(
        vetting_entries.append,
        wraps=current().wraps(),
        id_=raw(asked.id),
        n=asked.n,
        entry=raw(asked.entry),
    )
    return _done(lambda c, _admin: work(c))


@route(
    vetting,
    "POST",
    "/v1/applications/answer",
    body=Replying,
    answer=Empty,
    audience="admin",
    proof="signature",
    problems=(UNSIGNED, COUNTER, REFUSED, TAKEN),
    limit="misses",
    stores="a sealed reply in the application's row, and the admin's counter",
)
def answer_application(asked: Replying) -> Empty | Problem:
    """Keep a reply for the applicant; the first one stays."""
    work = partial(
        applications.answer, wraps=current().wraps(), id_=raw(asked.id), reply=raw(asked.reply)
    )
    return _done(lambda c, _admin: work(c))


@route(
    vetting,
    "POST",
    "/v1/statements",
    body=Posting,
    answer=PostedStatement,
    audience="anyone",
    proof="note",
    problems=(UNSIGNED,),
    stores="the log's entry, and the listing or its end",
)
def post_statement(asked: Posting) -> PostedStatement | Problem:
    """List an organisation that k admins have signed for, or end the listing of a suspended one."""
    core, note = current(), raw(asked.note)
    request = None if asked.listing is None else raw(asked.listing)
    # Asked first without the writer: what no admin signed costs it nothing.
    refusal = core.database.read(partial(statements.look, note=note, request=request))
    if refusal is not None:
        return signed.problem_of(refusal)
    outcome = core.database.write(
        partial(statements.post, keyring=core.keyring, today=core.today, note=note, request=request)
    )
    if isinstance(outcome, Refusal):
        return signed.problem_of(outcome)
    return PostedStatement(listed=outcome.listed)


def _done(work: Callable[[Connection, bytes], Refusal | None]) -> Empty | Problem:
    """Do an admin's work of which nothing is told but that it is done."""
    outcome = signed.as_admin(work)
    if isinstance(outcome, Problem):
        return outcome
    return Empty() if outcome is None else signed.problem_of(outcome)
