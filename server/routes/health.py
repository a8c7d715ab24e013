"""For the operator: whether the server answers, whether it can store, and whom to write to."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response

import migrations
from server.clock import SECONDS_A_DAY
from server.core import Core, current
from server.openapi import document
from server.problems import BUSY, NO_ROUTE, Problem
from server.routes.route import JSON, TEXT, route

health = Blueprint("health", __name__)

_SECURITY_DAYS = 180


@route(health, "GET", "/healthz", audience="operator", proof="none", answer=TEXT, stores="nothing")
def alive() -> Response:
    """Say that the process answers."""
    return _text("ok\n")


@route(health, "GET", "/readyz", audience="operator", proof="none", answer=TEXT, stores="nothing")
def ready() -> Response | Problem:
    """Say whether the database and the keys can be used."""
    return _text("ok\n") if is_ready(current()) else BUSY


@route(
    health,
    "GET",
    "/.well-known/security.txt",
    audience="operator",
    proof="none",
    answer=TEXT,
    stores="nothing",
    problems=(NO_ROUTE,),
)
def security() -> Response | Problem:
    """Say whom to tell about a weakness, where the operator has set a contact (RFC 9116)."""
    core = current()
    if core.settings.contact is None:
        return NO_ROUTE
    expires = datetime.fromtimestamp((core.today + _SECURITY_DAYS) * SECONDS_A_DAY, UTC)
    return _text(f"Contact: {core.settings.contact}\nExpires: {expires:%Y-%m-%dT00:00:00Z}\n")


@route(
    health,
    "GET",
    "/v1/openapi.json",
    audience="anyone",
    proof="none",
    answer=JSON,
    stores="nothing",
)
def openapi() -> Response:
    """Describe every route of this server as an OpenAPI 3.1 document."""
    return Response(document(), content_type=JSON)


def is_ready(core: Core) -> bool:
    """Say whether the database answers with the newest schema and the keys can be written."""
    try:
        core.keyring.check()
        return migrations.is_current(core.database.engine)
    except Exception:
        # Whatever a driver or a disk raises: the answer is no, and its text is nobody's business.
        return False


def _text(words: str) -> Response:
    return Response(words, content_type=f"{TEXT}; charset=utf-8")
