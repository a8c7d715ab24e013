"""For people with a browser: the pages, the form without JavaScript, and what pages load.

Source: docs/spec/http.md, 1 and 5.
"""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response

from crypto.constants import ARMOUR_CHARACTERS
from server import assets
from server import pages as written
from server.assets import Asset
from server.core import current
from server.pages import HTML
from server.problems import MALFORMED, REFUSED, WORK, Problem
from server.routes import senders
from server.routes.bodies import LastEpoch
from server.routes.route import FILE, route
from server.services import network

pages = Blueprint("pages", __name__)


@route(pages, "GET", "/", audience="anyone", proof="none", answer=HTML, stores="nothing")
def ask() -> Response:
    """Show the page for asking; its script does the rest."""
    return written.fixed("ask")


@route(pages, "GET", "/answers", audience="anyone", proof="none", answer=HTML, stores="nothing")
def answers() -> Response:
    """Show the page for reading answers; its script does the rest."""
    return written.fixed("answers")


@route(pages, "GET", "/inbox", audience="anyone", proof="none", answer=HTML, stores="nothing")
def inbox() -> Response:
    """Show the page for providers; its script does the rest, with a key file that stays theirs."""
    return written.fixed("inbox")


@route(pages, "GET", "/apply", audience="anyone", proof="none", answer=HTML, stores="nothing")
def apply() -> Response:
    """Show the page for organisations that ask to be listed; its script does the rest."""
    return written.fixed("apply")


@route(pages, "GET", "/vetting", audience="anyone", proof="none", answer=HTML, stores="nothing")
def vetting() -> Response:
    """Show the page for admins; its script does the rest, with a key file that stays theirs."""
    return written.fixed("vetting")


@route(pages, "GET", "/plain", audience="anyone", proof="none", answer=HTML, stores="nothing")
def plain() -> Response:
    """Say in words what can be done without JavaScript, and who is vetted today."""
    core = current()
    listed = core.database.read(partial(network.directory, today=core.today))
    return written.plain(listed or [])


@route(pages, "GET", "/about", audience="anyone", proof="none", answer=HTML, stores="nothing")
def about() -> Response:
    """Say what is kept, for how long, and what is not protected."""
    return written.fixed("about")


@route(pages, "GET", "/saved", audience="anyone", proof="none", answer=HTML, stores="nothing")
def saved() -> Response:
    """Give the page for asking as one file, which works without a network; it is not shown here."""
    answer = written.fixed("saved")
    answer.headers["Content-Disposition"] = 'attachment; filename="notes.html"'
    return answer


@route(pages, "GET", "/bye", audience="anyone", proof="none", answer=HTML, stores="nothing")
def bye() -> Response:
    """Lead away to a page that has nothing to do with this one, and empty what a browser kept."""
    answer = Response(status=303)
    answer.headers["Location"] = current().settings.leave_to
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


@route(
    pages,
    "POST",
    "/paste",
    form="request",
    audience="holder",
    proof="code",
    answer=HTML,
    problems=(REFUSED, WORK),
    limit=("misses", "walk_ins"),
    stores="as referrals or walk-ins",
)
def paste_form(armour: str) -> Response | Problem:
    """Store a request that was sealed elsewhere, from a form."""
    if len(armour) > ARMOUR_CHARACTERS:
        return MALFORMED
    outcome = senders.take(armour)
    return written.sent() if isinstance(outcome, LastEpoch) else outcome


def _serve(name: str, asset: Asset) -> None:
    def file() -> Response:
        return assets.answer(asset)

    # Each file is a route of its own: nothing is looked up by a name that somebody sends.
    file.__name__ = f"file-{name}".replace(".", "-")
    file.__doc__ = "A file that the pages load, as it was built."
    route(
        pages,
        "GET",
        f"/static/{name}",
        audience="anyone",
        proof="none",
        answer=FILE,
        stores="nothing",
    )(file)


for _name, _asset in assets.load().items():
    if not _name.endswith(".html"):  # pages have addresses of their own
        _serve(_name, _asset)
