"""`towpath provider members` and the second copy of the store."""

from __future__ import annotations

from pathlib import Path

import click

from client import ambient
from client import home as homes
from client.cli import asking
from client.cli.common import api_for, json_option, note, tell, tell_json
from client.cli.provider_shared import (
    FILE,
    Work,
    at_work,
    home_option,
    new_phrase,
    phrase,
    phrase_option,
    proxy_option,
)
from client.errors import FirstDo, ServerProblem, Trouble, Unreachable
from client.flows import apply, copies, joining, kept, note_files
from client.flows import members as members_
from client.flows.copies import Brought
from client.flows.days import day
from client.flows.desk import open_key_file

_KEEPS = (
    "What a removed member keeps: everything in the store up to now, this week's key to the drop,"
    " and the organisation's signing key: keys and answers could still be made in your name with"
    " it. If that is not to be, apply anew under another key: `towpath provider apply` in a new"
    " folder. What opens requests is made anew: every code that is out is cancelled within a day,"
    " the week's key for walk-ins is replaced, and a new stock of codes begins."
)


@click.group()
def members() -> None:
    """The members: who can open the store and sign for the organisation."""


@members.command("list")
@json_option
@at_work
def list_(work: Work, as_json: bool) -> None:
    """Show the members."""
    found = members_.listed(work.desk.read())
    if as_json:
        shown = [
            {"name": one.entry.name, "id": one.member_id.hex(), "since": day(one.entry.since)}
            for one in found
        ]
        tell_json({"members": shown})
        return
    for one in found:
        own = "  (you)" if one.member_id == work.desk.member.member_id else ""
        tell(f"{one.member_id.hex()[:8]}  since {day(one.entry.since)}  {one.entry.name}{own}")


@members.command("add")
@click.argument("name")
@click.option("--role", type=click.Choice(members_.ROLES), default="caseworker", show_default=True)
@click.option(
    "--key-file",
    "key_file",
    type=FILE,
    required=True,
    metavar="FILE",
    help="The key file to make and hand over.",
)
@click.option(
    "--new-passphrase-file",
    metavar="FILE",
    help="A file whose first line is the new member's passphrase. Without it: asked.",
)
@at_work
def add(work: Work, name: str, role: str, key_file: Path, new_passphrase_file: str | None) -> None:
    """Add a member: makes a key file with a passphrase of its own, to hand over.

    Best done together: the new member types the passphrase. Somebody with a device of their own is
    better invited, `towpath provider members invite`: then no key leaves that device. After the
    next sync the folder there is founded with `towpath provider import --key FILE`.
    """
    desk = work.desk
    said = new_phrase(new_passphrase_file, "The new member's passphrase")
    new = members_.make(desk, said, work.random)
    entry = members_.entry_of(new.secret, role=role, name=name, today=work.today())
    note_files.write_new(key_file, new.key_file)
    try:
        members_.add(desk, new, entry)
    except BaseException:
        key_file.unlink(missing_ok=True)
        raise
    tell(f"{name} can open the store from now on.")
    tell_others(work)


@members.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Remove without asking.")
@at_work
def remove(work: Work, name: str, yes: bool) -> None:
    """Remove a member, by name or by the first signs of the id."""
    desk = work.desk
    found = members_.find(desk.read(), name)
    note(_KEEPS)
    if not yes and not asking.yes(f"Remove {found.entry.name}?"):
        raise FirstDo("Nobody was removed.")
    count = members_.remove(desk, found, now=work.now())
    tell(f"{found.entry.name} can't open the store from this moment on.")
    tell(f"Codes that will be cancelled, spread over a day: {count}.")
    note("`towpath provider stock`, left running, cancels them and makes others.")
    note("`towpath provider sync` brings all of this to the other devices. Do it now.")
    tell_others(work)


@click.command("copy")
@click.argument("place", type=FILE, required=False)
@at_work
def copy_(work: Work, place: Path | None) -> None:
    """Write the second copy of the store to PLACE, a folder on another disk or a stick.

    The place is remembered: codes are handed out only once the copy there is written anew. Without
    PLACE it is written to the place that was chosen before. It opens with a member's key file only.
    """
    file = copies.set_place(work.desk, place) if place else copies.write(work.desk)
    tell(f"The copy is written and was read back: {file}")
    note("Keep a copy of your key file elsewhere, too: without it no copy opens.")


@click.command("import")
@click.argument("copy_file", metavar="[COPY]", type=FILE, required=False)
@click.option("--key", "key", type=FILE, required=True, metavar="FILE", help="Your key file.")
@click.option("--server", envvar="TOWPATH_SERVER", metavar="URL", help="Where it is another one.")
@click.option("--replaces", is_flag=True, help="The device before is gone: go on with its stock.")
@home_option
@phrase_option
@proxy_option
def import_(
    copy_file: Path | None,
    key: Path,
    server: str | None,
    replaces: bool,
    folder: Path,
    phrase_source: str | None,
    proxy: str | None,
) -> None:
    """Found the folder on this device, from the store on the server or from a copy of it.

    Without COPY the store is fetched from the server. A copy, also an old one, is merged with that
    by the first sync: nothing that either has is lost, and what was erased stays so. Where the
    device before is gone, say --replaces: otherwise its stock is left alone, so that no code is
    handed out twice.
    """
    homes.check_free(folder)
    member = open_key_file(key, phrase(phrase_source))
    if copy_file is None:
        store = joining.first_store(api_for(server, proxy), member)
    else:
        store = copies.read(copy_file, member)
    known = (kept.get(store, apply.SERVER) or b"").decode("utf-8", "replace")
    if not (server or known):
        raise FirstDo("Which server? The copy does not say.", "Write --server https://...")
    home = copies.found_from(
        folder,
        Brought(store, member, note_files.read(key)),
        server=server or known,
        replaces=replaces,
        random=ambient.random,
    )
    tell(f"The folder is here: {home.folder}")
    if copy_file is not None:
        tell("`towpath provider sync` merges the copy with what the other devices did since.")
    tell("Choose a place for this device's own copy: `towpath provider copy PLACE`.")
    if not replaces:
        tell("This device begins without codes: `towpath provider stock` makes its own.")


def tell_others(work: Work) -> None:
    """Write the copy anew and tell the server; what can't be done now is said and done later."""
    later: list[Trouble] = []
    try:
        copies.write(work.desk)
        note("The second copy is written anew. Older copies elsewhere are as they were.")
    except FirstDo as trouble:
        later.append(trouble)
    try:
        members_.tell_server(work.desk, work.signed)
        note("The server knows whose signatures to take.")
    except (Unreachable, ServerProblem) as trouble:
        later.append(trouble)
        note("The server was not told yet: `towpath provider sync` does that.")
    if later:
        raise later[-1]
