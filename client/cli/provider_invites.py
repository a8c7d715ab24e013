"""`towpath provider members invite` and `confirm`, and `towpath provider join` of the newcomer."""

from __future__ import annotations

from pathlib import Path

import click

from client import ambient, network_view
from client.api import Api
from client.cli import asking, peer_code, peer_words
from client.cli.common import api_for, network_id_of, note, tell
from client.cli.provider_members import members, tell_others
from client.cli.provider_shared import FILE, Work, at_work, new_phrase, phrase_option, proxy_option
from client.errors import CodeRefused, FirstDo, Unreachable
from client.flows import apply, inviting, joining, note_files
from client.flows.inviting import Invitation
from client.flows.joining import Joining, Opened
from client.flows.members import ROLES
from crypto.client.code_text import Kind, digits, symbols

_TRIES = 3
_CODE_FILE = "A file with the code (- for standard input). Without it: asked."


@members.command("invite")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default=ROLES[0], show_default=True)
@click.option("--organisation", metavar="TEXT", help="What the newcomer sees as the organisation.")
@at_work
def invite(work: Work, name: str, role: str, organisation: str | None) -> None:
    """Invite a newcomer: prints a code to say to them, which holds today and tomorrow.

    They type it on a device of their own, which makes their keys: `towpath provider join`, or the
    inbox in a browser. Then compare a number by voice: `towpath provider members confirm`.
    """
    shown = organisation or apply.last(work.desk).name
    code = inviting.invite(
        work.desk, work.signed, Invitation(name=name, role=role, organisation=shown)
    )
    tell(symbols(code, Kind.CODE))
    tell(digits(code, Kind.CODE))
    note("Say it to them alone, or hand it over. Then: `towpath provider members confirm`.")


@members.command("confirm")
@click.option("--code-file", metavar="FILE", help=_CODE_FILE)
@at_work
def confirm(work: Work, code_file: str | None) -> None:
    """Add a newcomer who has answered an invitation, once you have heard their number.

    The number shows that nobody answered in their place: hear it by telephone or face to face.
    """
    code = peer_code.secret(Kind.CODE, code_file)
    found = inviting.reply(work.desk, work.api, code)
    if found is None:
        raise FirstDo("Nobody has answered this invitation yet.", "Try again later.")
    role = peer_words.text_of("role", found.offer.role)
    note(f"{found.offer.name} ({role}) has answered. Let them read the number there to you.")
    heard = asking.line("The number", at_most=64)
    if not inviting.is_same(found.number, heard):
        raise CodeRefused(
            "That is not the number of the keys that came. Nobody was added.",
            "Let them read it once more. If it stays another, somebody else has answered: make a"
            " new invitation, and say its code to them alone.",
        )
    inviting.confirm(work.desk, found, today=work.today())
    tell(f"{found.offer.name} can open the store from now on.")
    tell_others(work)
    note("`towpath provider sync` brings the store to them. Do it now.")


@click.command()
@click.option(
    "--key-file", type=FILE, required=True, metavar="FILE", help="Your key file, to make."
)
@click.option("--code-file", metavar="FILE", help=_CODE_FILE)
@click.option("--network", envvar="TOWPATH_NETWORK", metavar="ID", help="The network's id.")
@click.option("--server", envvar="TOWPATH_SERVER", metavar="URL", help="The server.")
@click.option("--yes", is_flag=True, help="Join without asking.")
@phrase_option
@proxy_option
def join(
    key_file: Path,
    code_file: str | None,
    network: str | None,
    server: str | None,
    yes: bool,
    phrase_source: str | None,
    proxy: str | None,
) -> None:
    """Become a member by a code that another member said to you.

    Makes your keys on this device, in a key file with a passphrase of your own, and shows a number
    to read to them. Once they have confirmed: `towpath provider import --key FILE`.
    """
    if key_file.exists():
        note_files.write_new(key_file, b"")
    api = api_for(server, proxy)
    pinned = network_id_of(network) if network else None
    view = network_view.fetch(api, device_day=ambient.today(), network_id=pinned)
    code = peer_code.secret(Kind.CODE, code_file)
    opened = joining.open_invitation(api, code, view.policy.network_id)
    offer = opened.offer
    role = peer_words.text_of("role", offer.role)
    note(f"{offer.organisation} invites {offer.name} ({role}).")
    if not yes and not asking.yes("Is that you, and do you want to join?"):
        raise FirstDo("Nothing was sent.")
    made = joining.make(opened, new_phrase(phrase_source), ambient.random)
    note_files.write_new(key_file, made.key_file)
    try:
        _send(api, opened, made)
    except CodeRefused:
        key_file.unlink(missing_ok=True)
        raise
    tell(made.number)
    note("Read this number to whoever invited you, by telephone or face to face.")
    note(
        f"Your key file is {key_file}. Keep a copy of it elsewhere; it opens with your passphrase."
    )
    note("Once they have confirmed: `towpath provider import --key FILE`.")


def _send(api: Api, opened: Opened, made: Joining) -> None:
    """Send the reply, and the same again where it is not known whether it arrived."""
    for left in range(_TRIES - 1, -1, -1):
        try:
            return joining.send(api, opened, made)
        except Unreachable:
            if not left:
                note("It is not known whether your answer arrived. Your key file is kept.")
                raise
            note("No answer came. The same again ...")
    return None
