"""Which headers of a request anything of ours can read, and which every answer has.

A request's environment is cut down to a short list before Flask sees it: the address, the user
agent, the referrer, cookies and whatever a proxy adds are gone before the first line of ours runs,
so that no code, error or dump of the app can hold them (R4, T11).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from flask import Flask, Response, request

from server.pages import HTML

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

KEPT: Final = frozenset(
    {
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "PATH_INFO",
        "QUERY_STRING",
        "CONTENT_TYPE",
        "CONTENT_LENGTH",
        "HTTP_TRANSFER_ENCODING",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_AUTHORIZATION",
        "HTTP_CONTENT_DIGEST",
        "HTTP_SIGNATURE_INPUT",
        "HTTP_SIGNATURE",
    }
)
# WSGI asks for these; what they say is the same for everybody.
FIXED: Final[Mapping[str, str]] = {
    "SERVER_NAME": "towpath.invalid",
    "SERVER_PORT": "80",
    "SERVER_PROTOCOL": "HTTP/1.1",
}

_POWERS = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
)
SENT: Final[Mapping[str, str]] = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    ),
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in _POWERS),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# What a page may do: load what this server serves, call it, and nothing else.
PAGE_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
# Where there is none, the HTTP server names itself and so which weaknesses to try.
_SERVER = "towpath"


def install(app: Flask) -> None:
    """Let an app read no other header than `KEPT`, and send `SENT` with every answer."""
    app.wsgi_app = reading_little(app.wsgi_app)  # type: ignore[method-assign, assignment]
    app.after_request(_add)


def reading_little(app: WSGIApplication) -> WSGIApplication:
    """Wrap a WSGI app so that it is given nothing but `KEPT`, `FIXED` and WSGI's own keys."""

    def cut(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        kept = {key: value for key, value in environ.items() if _is_kept(key)}
        return app({**kept, **FIXED}, start_response)

    return cut


def _is_kept(key: str) -> bool:
    return key in KEPT or key.startswith("wsgi.")


def _add(answer: Response) -> Response:
    """Add the headers; no answer sets a cookie, whatever made it, and nothing but pages is HTML."""
    answer.headers.pop("Set-Cookie", None)
    answer.headers["Server"] = _SERVER
    for name, value in SENT.items():
        answer.headers[name] = value
    if answer.mimetype == HTML:
        answer.headers["Content-Security-Policy"] = PAGE_POLICY
    if not _is_same_for_all():
        # A browser puts several calls on one connection unless it is ended (http.md, 1).
        answer.headers["Connection"] = "close"
    return answer


def _is_same_for_all() -> bool:
    """Say whether the present request reads what everybody can read."""
    told = {"Authorization", "Signature"} & set(request.headers.keys())
    return request.method in {"GET", "HEAD"} and not told
