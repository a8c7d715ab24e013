"""`towpath provider recovery`: a sheet of paper for when nobody's passphrase is known any more."""

from __future__ import annotations

from pathlib import Path

import click

from client import ambient
from client import home as homes
from client.cli import asking
from client.cli.common import api_for, hidden, network_id_of, note, one_line, read_text, tell
from client.cli.provider_members import tell_others
from client.cli.provider_shared import (
    Work,
    at_work,
    home_option,
    new_phrase,
    phrase_option,
    proxy_option,
)
from client.errors import FirstDo
from client.flows import copies
from client.flows import recovery as recovering
from client.flows.copies import Brought

_WHAT = (
    "Whoever has the sheet can open everything, without a passphrase. Write it down or print it,"
    " once, and lock it away. A sheet that was made before opens nothing after the next sync."
)


@click.group()
def recovery() -> None:
    """A sheet of paper that opens the store when all passphrases are lost."""


@recovery.command("make")
@click.option("--yes", is_flag=True, help="Without asking.")
@at_work
def make(work: Work, yes: bool) -> None:
    """Make a sheet: prints what is to stand on it, this once."""
    work.desk.read()
    note(_WHAT)
    if not yes and not asking.yes("Make one?"):
        raise FirstDo("No sheet was made.")
    tell(recovering.make(work.desk, today=work.today()))
    tell_others(work)
    note("It opens the store after the next sync: `towpath provider sync`. Do it now.")


@recovery.command("open")
@click.option("--member", "name", metavar="NAME", required=True, help="What you are called.")
@click.option("--sheet-file", metavar="FILE", help="What the sheet says (- for input), else asked.")
@click.option("--network", envvar="TOWPATH_NETWORK", metavar="ID", help="The network's id.")
@click.option("--server", envvar="TOWPATH_SERVER", metavar="URL", help="The server.")
@home_option
@phrase_option
@proxy_option
def open_(
    name: str,
    sheet_file: str | None,
    network: str | None,
    server: str | None,
    folder: Path,
    phrase_source: str | None,
    proxy: str | None,
) -> None:
    """Become a member with a sheet, and found the folder on this device.

    Makes a key file with a passphrase of your own. The sheet opens nothing any more afterwards:
    make another one.
    """
    homes.check_free(folder)
    api = api_for(server, proxy)
    typed = one_line(read_text(sheet_file)) if sheet_file else hidden("What the sheet says")
    secret = recovering.read(typed)
    found = recovering.recover(
        api,
        secret,
        network_id=network_id_of(network) if network else api.network().network_id,
        name=name,
        passphrase=new_phrase(phrase_source),
        today=ambient.today(),
        random=ambient.random,
    )
    home = copies.found_from(
        folder,
        Brought(found.store, found.member, found.key_file),
        server=server or "",
        replaces=False,
        random=ambient.random,
    )
    tell(f"The folder is here: {home.folder}")
    note("Now `towpath provider sync`, then `towpath provider recovery make` for another sheet.")
    note("Keep a copy of your key file elsewhere, too.")
