"""The day of a deployment, moved on by a test: the server and the devices read the same file.

A server whose days move is the shipped one but for its clock: `python -m tests.acceptance.days DIR`
does what `towpath server serve --dir DIR` does, in as many processes.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import click
from flask import Flask

from server import create_app, logs, serve, wsgi
from server.clock import SECONDS_A_DAY, SystemClock
from server.core import EXTENSION
from server.settings import load as load_settings

FILE = "days-later"


@dataclass(frozen=True)
class Days:
    """How many seconds later than the machine's clock it is; beside the server's folder."""

    folder: Path

    @property
    def _file(self) -> Path:
        return self.folder / FILE

    def seconds(self) -> float:
        """Return by how much it is later."""
        return float(self._file.read_text()) if self._file.exists() else 0.0

    def pass_by(self, days: int) -> None:
        """Let whole days pass."""
        self.seconds_pass(days * SECONDS_A_DAY)

    def seconds_pass(self, seconds: float) -> None:
        """Let seconds pass."""
        beside = self._file.with_suffix(".new")
        beside.write_text(repr(self.seconds() + seconds))
        beside.replace(self._file)


class LaterClock(SystemClock):
    """The machine's clock, as much later as the file says."""

    def __init__(self, days: Days) -> None:
        self._days = days

    def now(self) -> float:
        """Return POSIX seconds."""
        return super().now() + self._days.seconds()


def load(folder: Path) -> Flask:
    """Return the application as `server.wsgi.load` does, with the clock of the deployment."""
    logs.set_up()
    app = create_app(load_settings(folder), clock=LaterClock(Days(folder.parent)))
    wsgi.run_beside(app.extensions[EXTENSION])
    return app


def main(folder: Path) -> None:
    """Answer requests until SIGTERM."""
    serve.lock_down()
    settings = load_settings(folder)
    serve.check_folders(settings, folder)
    serve.check_schema(settings)
    where = f"{settings.host}:{settings.port}"
    told = f"Listening on http://{where}"
    # The processes load this module by its own name, not as the main one.
    from tests.acceptance.days import load as by_name

    serve.run(settings, folder.absolute(), ready=lambda: click.echo(told), load=by_name)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
