"""`towpath server init`, `policy`, `serve`, `expire`: beginning and running a server."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import click

from server import clock, log_key, pages, serve, sweeper
from server.commands_common import Fault, folder_option, opened, told
from server.founding import Founding, found, log_line
from server.keyring import Keyring
from server.serve import NotReady
from server.services import expiry, network


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--name", default="log", help="The log's name in the policy: a-z 0-9 . - /")
@click.option("--host", default="127.0.0.1", help="Where to listen.")
@click.option("--port", type=click.IntRange(1, 65_535), default=8000)
@click.option("--database", metavar="URL", help="postgresql+psycopg://... (SQLite unless given).")
@click.option(
    "--keyring", type=click.Path(path_type=Path), help="The folder of keys, on another disk."
)
@click.option(
    "--keyring-copy", type=click.Path(path_type=Path), help="A second one, on a third disk."
)
@told
def init(folder: Path, name: str, **chosen: Any) -> None:
    """Begin a server in DIR: settings, keys, an empty database."""
    log_line(name, bytes(32))
    settings = found(folder, Founding(**chosen), clock.random)
    seed = log_key.newest(Keyring(settings.keyring, settings.keyring_copy))
    if seed is None:
        raise NotReady("The log's key could not be read back.")
    click.echo(f"""This server is begun in {folder}. What comes next:

1. Give this line to the admins; their policy names it:

   {log_line(name, seed)}

2. When they give you their signed policy:  bin/towpath server policy FILE --dir {folder}
3. See whether this machine keeps the promises:  bin/towpath server doctor --dir {folder}
4. Start:  bin/towpath server serve --dir {folder}

Settings are in {folder / "server.toml"}. Never copy the keyring into a backup of the database.""")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@folder_option
@told
def policy(file: Path, folder: Path) -> None:
    """Take the signed policy in FILE: the first one, or the next version."""
    note = file.read_bytes()
    _, core = opened(folder)
    take = partial(
        network.load_policy, note=note, keyring=core.keyring, today=core.today, random=core.random
    )
    try:
        loaded = core.database.write(take)
        taken = core.database.read(network.current_policy)
        if isinstance(loaded, network.Loaded) and taken is not None:
            log_key.end_others(core.keyring, taken.log)
    finally:
        core.database.close()
    if isinstance(loaded, network.PolicyRefusal):
        raise Fault(loaded.value)
    waits = (
        f" It is shown once {loaded.waits_for} witnesses have seen it." if loaded.waits_for else ""
    )
    began = " This is the network's id, which clients are given:" if loaded.founded else ""
    click.echo(f"Version {loaded.version} of the policy is in force.{waits}{began}")
    click.echo(f"network {loaded.network_id.hex()}")


@click.command(name="log-key")
@click.option("--name", required=True, help="The log's new name in the policy: a-z 0-9 . - /")
@folder_option
@told
def next_log_key(name: str, folder: Path) -> None:
    """Make another log key, where the one that the policy names was lost or stolen.

    It signs nothing until the admins' next policy names it; then the old one is destroyed, and no
    code that is out works any more.
    """
    line = log_line(name, bytes(32))
    _, core = opened(folder)
    try:
        line = log_line(name, log_key.make_next(core.keyring, core.random))
    finally:
        core.database.close()
    click.echo(f"Give this line to the admins; their next policy names it:\n\n   {line}\n")
    click.echo("Then: bin/towpath server policy FILE")


@click.command(name="serve")
@folder_option
@click.option("--without-lost-keys", is_flag=True, help="Start though rows can't be opened.")
@told
def serve_command(folder: Path, without_lost_keys: bool) -> None:
    """Answer requests until it is told to stop (SIGTERM, Ctrl-C)."""
    settings, core = opened(folder)
    try:
        serve.check_pages()
        serve.check_keys(core, without_lost=without_lost_keys)
        serve.check_port(settings)
    finally:
        core.database.close()
    if left_out := pages.hidden(settings):
        codes = ", ".join(one.code for one in left_out)
        click.echo(
            f"Languages not shown, as nobody has read their safety texts: {codes}."
            " More: towpath server doctor",
            err=True,
        )
    where = f"{settings.host}:{settings.port}"
    serve.run(settings, folder.absolute(), ready=lambda: click.echo(f"Listening on http://{where}"))


@click.command()
@folder_option
@told
def expire(folder: Path) -> None:
    """End now what has ended: keys first, then rows. A running server does this by itself."""
    _, core = opened(folder)
    try:
        keys = expiry.destroy_keys(core.keyring, core.today)
        rows = sweeper.delete_ended(core)
        sweeper.refresh(core)
        core.database.checkpoint()
    finally:
        core.database.close()
    click.echo(f"Keys destroyed: {keys}. Rows deleted: {rows}.")
