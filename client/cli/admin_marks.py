"""`towpath admin mark`, `note`, `decline`, `ask`, `minutes`, `share`: what admins write of one."""

from __future__ import annotations

from pathlib import Path

import click

from client.cli import admin_shared, admin_shown
from client.cli.admin_room import Room, room_options
from client.cli.admin_shared import FILE
from client.cli.common import note, tell
from client.errors import BadInput, FirstDo
from client.flows import checklist, minutes, note_files, vetting_writing
from client.flows.checklist import STATES
from crypto import constants as c
from crypto.encoding import utf8
from crypto.public import admin_keys
from words import vetting

_ENTRY_OPTION = click.option("--text", default="", help="Why, or where it is found.")


@click.command()
@click.argument("organisation")
@click.argument("criterion", metavar="V1|…|V16")
@click.argument("state", type=click.Choice(tuple(STATES)))
@_ENTRY_OPTION
@room_options
def mark(room: Room, criterion: str, state: str, text: str) -> None:
    """Mark one item of ORGANISATION's checklist, for the other admins to read.

    A blocking item that you mark as not-met or unclear stops everybody from signing until you take
    it back.
    """
    number = _number(criterion)
    entry = vetting_writing.mark_entry(room.signer, room.scene.today, number, STATES[state], text)
    now = room.writer.write(room.opened, entry)
    tell(f"{criterion.upper()}: marked as {checklist.STATE_NAMES[STATES[state]]}.")
    tell(f"{checklist.summary(now, room.scene)}.")


@click.command("note")
@click.argument("organisation")
@click.option("--text", required=True, help="What the other admins should read.")
@room_options
def note_(room: Room, text: str) -> None:
    """Write a note on ORGANISATION, sealed to the other admins."""
    room.writer.write(room.opened, vetting_writing.note_entry(room.signer, room.scene.today, text))
    tell("Written, for the admins alone.")


@click.command()
@click.argument("organisation")
@click.option("--reason", required=True, help="What the organisation and the admins read.")
@admin_shared.yes_option
@room_options
def decline(room: Room, reason: str, yes: bool) -> None:
    """Decline ORGANISATION's application, and tell it why, sealed.

    The other admins see it and may think otherwise: to stop them, mark a blocking item.
    """
    admin_shared.ask(f"Decline {room.opened.application.name}, with this reason?", yes)
    entry = vetting_writing.decline_entry(room.signer, room.scene.today, reason)
    now = room.writer.write(room.opened, entry)
    if room.writer.reply(now, c.REPLY_DECLINED, reason):
        tell("Declined. The organisation reads the reason with `towpath provider status`.")
    else:
        tell("Declined among the admins. The organisation had a reply already: that one stands.")


@click.command()
@click.argument("organisation")
@click.option("--text", required=True, help="What you want to know.")
@room_options
def ask(room: Room, text: str) -> None:
    """Ask ORGANISATION something, sealed. It is the one reply that it gets to this application."""
    if not room.writer.reply(room.opened, c.REPLY_QUESTION, text):
        raise FirstDo("It had a reply already: that one stands.", "Use the contact it gave.")
    room.writer.write(
        room.opened, vetting_writing.note_entry(room.signer, room.scene.today, f"Asked: {text}")
    )
    tell("Asked. The organisation reads it with `towpath provider status`, and applies again.")


@click.command("minutes")
@click.argument("organisation")
@click.option("--out", type=FILE, metavar="FILE", help="Write the page here.")
@room_options
def minutes_(room: Room, out: Path | None) -> None:
    """Print who marked, wrote and signed what for ORGANISATION, as a page for a printer."""
    page = minutes.page(room.opened, room.scene)
    if out is None:
        tell(page.rstrip("\n"))
        return
    note_files.write_new(out, utf8(page))
    note(f"It lies in {out}, open to whoever has the file. Print it, then delete it.")


@click.command()
@click.argument("organisation")
@click.argument("admin")
@room_options
def share(room: Room, admin: str) -> None:
    """Let ADMIN, who joined later, read ORGANISATION's application."""
    named = [key for key in room.scene.policy.admins if key.name == admin]
    if not named:
        raise BadInput(
            f"There is no admin {admin} in this network.",
            f"There are {admin_shown.names(room.scene.policy.admins)}.",
        )
    held = admin_keys.holding(room.session.api.admin_keys(), room.scene.policy)
    keys = [one for one in held if one.admin == named[0].public_key]
    if not keys:
        raise FirstDo(
            f"{admin} has published no key to read with.",
            f"Ask {admin} to run `towpath admin keys publish`.",
        )
    room.writer.hand_on(room.opened, keys[0])
    tell(f"{admin} can read it from now on.")


def _number(said: str) -> int:
    for one in vetting.load().criteria:
        if said.upper() == one.name:
            return one.number
    raise BadInput(f"There is no item {said}.", "There are V1 to V16.")
