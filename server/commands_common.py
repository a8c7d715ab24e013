"""What the operator's commands share: options, exit codes, opening a server, plain sentences."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import IO, Any

import click

from server import make_core, serve
from server.core import Core
from server.db import Busy
from server.keyring import KeyringBroken
from server.serve import NotReady
from server.settings import BadSettings, Settings, load

_BUSY = "The database is locked, away or full; nothing was stored. Try again."
_KEYRING = "The folder of keys can't be used: see that it is there, yours, and not full."


class Fault(click.ClickException):
    """What an operator is told instead of a stack of code."""

    exit_code = 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence on standard error."""
        click.echo(self.format_message(), err=True, file=file)


class First(Fault):
    """The same, where something has to be done first."""

    exit_code = 7


def told(command: Callable[..., None]) -> Callable[..., None]:
    """Turn what a command raises into a sentence and an exit code."""

    @wraps(command)
    def careful(*arguments: Any, **named: Any) -> None:
        try:
            command(*arguments, **named)
        except (BadSettings, NotReady) as trouble:
            raise First(str(trouble)) from None
        except KeyringBroken:
            raise First(_KEYRING) from None
        except Busy:
            raise Fault(_BUSY) from None
        except OSError as trouble:
            where = trouble.filename or "A file"
            raise Fault(f"{where} can't be used: {trouble.strerror}.") from None

    return careful


folder_option = click.option(
    "--dir",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    envvar="TOWPATH_SERVER_DIR",
    help="The server's folder, with server.toml in it (here unless given).",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def opened(folder: Path) -> tuple[Settings, Core]:
    """Read the settings of a folder and open what they name; raises BadSettings or NotReady."""
    settings = load(folder)
    serve.check_folders(settings, folder)
    serve.check_schema(settings)
    return settings, make_core(settings)
