"""Servers as they must not be: one whose every call fails, one that notes who calls.

`python -m tests.server.seized failing DIR` runs the real server with the real application, changed
after it was made. Nothing in the server itself knows of this.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, has_request_context, request
from sqlalchemy import text

from server import serve, wsgi
from server.clock import SystemClock
from server.core import EXTENSION, Core
from server.settings import load


class Failing:
    """Takes the place of reading and writing: each call raises with all that was asked."""

    def __init__(self, real: Callable[..., Any]) -> None:
        self._real = real
        self._calls = 0

    def __call__(self) -> Any:
        """Raise, by turns, an exception of Python's, of the database's or of its library's."""
        self._calls += 1
        said = f"{request.remote_addr} {request.full_path} {request.headers} {request.get_data()!r}"
        if self._calls % 3 == 0:
            raise RuntimeError(said)
        if self._calls % 3 == 1:
            return self._real(
                lambda c: c.execute(text("SELECT :said FROM nowhere"), {"said": said})
            )
        return self._real(lambda c: c.execute(text(said)))


def failing(folder: Path) -> Flask:
    """Return the application, its database failing for every request; the sweeper's works."""
    app = wsgi.load(folder)
    core: Core = app.extensions[EXTENSION]
    real = {"read": core.database.read, "write": core.database.write}
    for name, call in real.items():
        broken = Failing(call)

        def chosen(work: Any, broken: Any = broken, call: Any = call) -> Any:
            return broken() if has_request_context() else call(work)

        setattr(core.database, name, chosen)
    return app


def leaking(folder: Path) -> Flask:
    """Return the application with an access log, and a table of who called when."""
    app = wsgi.load(folder)
    core: Core = app.extensions[EXTENSION]
    inner = app.wsgi_app

    def noting(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        print(
            environ["REMOTE_ADDR"],
            environ["PATH_INFO"],
            environ["QUERY_STRING"],
            environ.get("HTTP_USER_AGENT"),
            environ.get("HTTP_REFERER"),
            file=sys.stderr,
            flush=True,
        )
        came = SystemClock().now()
        values = {"by": environ.get("HTTP_X_FORWARDED_FOR"), "at": came, "ms": int(came * 1000)}
        core.database.write(
            lambda c: c.execute(text("CREATE TABLE IF NOT EXISTS seen (who, at, ms)"))
        )
        core.database.write(
            lambda c: c.execute(text("INSERT INTO seen VALUES (:by, :at, :ms)"), values).rowcount
        )
        return inner(environ, start)

    setattr(app, "wsgi_app", noting)  # noqa: B010 - a method, to mypy
    return app


def main(how: str, folder: Path) -> None:
    """Run the server of a folder with one of the above."""
    from tests.server import seized

    serve.lock_down()
    serve.run(
        load(folder),
        folder.absolute(),
        ready=lambda: print("Listening on", flush=True),
        load=getattr(seized, how),
    )


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
