"""What went wrong outside a view becomes an answer, and one line of the log without any value.

Source: docs/spec/http.md, 1.
"""

from __future__ import annotations

from flask import Flask, Response, request
from werkzeug.exceptions import (
    HTTPException,
    InternalServerError,
    MethodNotAllowed,
    NotFound,
    RequestEntityTooLarge,
)

from server.db import Busy
from server.keyring import KeyringBroken
from server.logs import log
from server.problems import BROKEN, BUSY, MALFORMED, METHOD, NO_ROUTE, TOO_LARGE, Problem
from server.routes.route import PAGES, shape


def install(app: Flask) -> None:
    """Let an app answer every exception with a problem, and never redirect or tell its text."""
    # A redirect would send the path back.
    app.url_map.merge_slashes = False
    app.url_map.redirect_defaults = False
    app.register_error_handler(Exception, answer)
    # Flask's own logger prints whole tracebacks.
    app.logger.disabled = True


def answer(trouble: Exception) -> Response:
    """Return the answer to an exception; those that are nobody's plan are logged by their class."""
    if isinstance(trouble, MethodNotAllowed):
        told = shape(METHOD)
        told.headers["Allow"] = ", ".join(sorted(trouble.valid_methods or ()))
        return told
    if isinstance(trouble, HTTPException) and not isinstance(trouble, InternalServerError):
        return shape(_of_werkzeug(trouble), as_page=_of_a_page())
    # Flask wraps what is raised after a view.
    cause = getattr(trouble, "original_exception", None) or trouble
    _tell(type(cause))
    problem = BUSY if isinstance(cause, Busy | KeyringBroken) else BROKEN
    return shape(problem, as_page=_of_a_page())


def _of_werkzeug(trouble: HTTPException) -> Problem:
    if isinstance(trouble, NotFound):
        return NO_ROUTE
    if isinstance(trouble, RequestEntityTooLarge):
        return TOO_LARGE
    # The rest is about requests that cannot be read: cut off, or with a length that isn't one.
    return MALFORMED


def _of_a_page() -> bool:
    return request.url_rule is not None and any(
        (one.path, one.method) == (request.url_rule.rule, request.method) for one in PAGES
    )


def _tell(kind: type[BaseException]) -> None:
    """Log the class and the route as it stands in the code, which nobody outside has written."""
    where = request.url_rule.rule if request.url_rule else "no route"
    sentence = f"{request.method if request.url_rule else ''} {where} did not work.".strip()
    log.error(sentence, extra={"kind": kind})
