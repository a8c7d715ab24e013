"""What the commands of an admin share: the key file, its passphrase, and asking before signing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from client.cli import asking
from client.cli.common import hidden, one_line, read_text
from client.errors import FirstDo, Trouble
from client.flows import admin_keys
from crypto.public.note_signing import Signer

FILE = click.Path(path_type=Path)

with_passphrase = click.option(
    "--passphrase-file",
    metavar="FILE",
    help="A file whose first line is the passphrase (- for standard input). Without it: asked.",
)


def key_options(command: Callable[..., None]) -> Callable[..., None]:
    """Add --key and --passphrase-file; the command gets `signer`, which opens the key when called.

    So that what is asked of a server, and what is refused, comes before the passphrase.
    """

    @click.option(
        "--key",
        envvar="TOWPATH_ADMIN_KEY",
        type=FILE,
        metavar="FILE",
        help="Your key file (or TOWPATH_ADMIN_KEY).",
    )
    @with_passphrase
    @wraps(command)
    def with_key(*args: Any, key: Path | None, passphrase_file: str | None, **kwargs: Any) -> None:
        command(*args, signer=lambda: _open(key, passphrase_file), **kwargs)

    return with_key


yes_option = click.option("--yes", is_flag=True, help="Sign without asking.")


def phrase(source: str | None, *, twice: bool = False) -> str:
    """Return the passphrase of a key file, from a file or asked for without showing it."""
    if source is not None:
        return one_line(read_text(source))
    return hidden("Passphrase of the key file", twice=twice)


def ask(question: str, yes: bool) -> None:
    """Ask before something is signed; raises Trouble where the answer is no."""
    if not yes and not asking.yes(question):
        raise Trouble("Nothing was signed.")


def _open(key: Path | None, source: str | None) -> Signer:
    if key is None:
        raise FirstDo(
            "Which key signs? None was named.",
            "Write --key FILE or set TOWPATH_ADMIN_KEY; `towpath admin keys new` makes one.",
        )
    return admin_keys.load(key, phrase(source))
