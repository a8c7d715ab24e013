"""`towpath admin review`, `approve`, `suspend`: looking at organisations and signing for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from client.api_log import LogApi
from client.cli import admin_shared, admin_shown
from client.cli.admin_room import Room, enter, see
from client.cli.admin_shared import FILE
from client.cli.common import Session, connection, json_option, note, tell, tell_json
from client.errors import BadInput, NotVetted
from client.flows import admin_calls, approving, checklist, log_serials, note_files, vetting
from client.flows import review as reviewing
from client.flows.admin_calls import Seen
from client.flows.review import Draft, Opened
from client.flows.scene import Scene
from client.flows.vetting import Signed
from crypto.constants import STATEMENT_BYTES
from crypto.public import notes, statements
from crypto.public.note_signing import Signer
from crypto.public.statements import Kind


@click.command()
@click.argument("organisation", required=False)
@admin_shared.key_options
@connection
@json_option
def review(
    organisation: str | None, signer: Callable[[], Signer], session: Session, as_json: bool
) -> None:
    """List the open applications; with ORGANISATION, one of them with its whole checklist.

    They are opened on this device, and every signature is checked here. It is you who finds out
    whether it is true.
    """
    seen = see(session)
    scene, key = seen.scene, signer()
    if organisation is not None:
        opened = enter(organisation, session, key, scene).opened
        if as_json:
            tell_json(admin_shown.one_as_json(opened, scene))
        else:
            admin_shown.tell_one(opened, scene)
        return
    found = admin_calls.applications(session.api, key, scene)
    if as_json:
        shown = [admin_shown.as_json(one, scene) for one in found]
        due = [admin_shown.due_as_json(one) for one in scene.due()]
        tell_json({"applications": shown, "due": due, "broken_listings": scene.broken})
    else:
        admin_shown.tell_applications(found, scene)
    _tell_of_key(session, key, scene)


def _tell_of_key(session: Session, key: Signer, scene: Scene) -> None:
    """Say where nothing is sealed to this admin yet, and who else posted her key."""
    by = admin_calls.posted_by(session.api, key, scene.policy)
    if key.key not in by:
        note("Nothing is sealed to you yet: run `towpath admin keys publish`.")
    for other in by:
        if other != key.key:
            note(f"{other.name} has published your key to read with, and can't read. Ask why.")


@click.command()
@click.argument("organisation")
@click.option(
    "--days",
    type=int,
    metavar="N",
    help="Vetted for N days, today among them, at most 90. All have to sign within them.",
)
@click.option("--file", type=FILE, metavar="FILE", help="A draft that was passed on by hand.")
@click.option("--out", type=FILE, metavar="FILE", help="Write the note here; send nothing.")
@click.option("--new", is_flag=True, help="Start a statement, whatever others have signed.")
@admin_shared.key_options
@connection
@admin_shared.yes_option
@json_option
def approve(
    organisation: str,
    days: int | None,
    file: Path | None,
    out: Path | None,
    new: bool,
    signer: Callable[[], Signer],
    session: Session,
    yes: bool,
    as_json: bool,
) -> None:
    """Sign that ORGANISATION (its name, or the start of its key) is vetted.

    You sign once you and as many admins as it takes have marked every blocking item as met, and
    nobody says otherwise. Where another has signed already, you sign the same; who signs last hands
    it in.
    """
    seen, key = see(session), signer()
    room = enter(organisation, session, key, seen.scene)
    opened, scene = room.opened, room.scene
    draft = None if new else _draft(opened, seen, file)
    for line in admin_shown.described(opened, scene):
        note(line)
    if draft is not None and draft.statement is not None:
        if days is not None and draft.statement.until - draft.statement.first != days:
            note("Another admin chose other days: yours are left out. --new starts anew.")
        signed = _joined(draft, room, yes)
    else:
        if days is None:
            raise BadInput("For how long?", "Write --days N, at most 90.")
        logged = _last_logged(opened.application.organisation, session, scene)
        statement = vetting.new_statement(opened, scene, days, logged=logged)
        checklist.require_signable(statements.format_text(statement), opened, key, scene)
        admin_shown.note_statement(statement, ())
        admin_shared.ask(f"Sign this as {key.name}?", yes)
        signed = vetting.sign_new(statement, key, scene.policy)
    if out is not None:
        _write_out(signed, file, out, as_json)
        return
    done = approving.approve(room.writer, session.api, opened, signed)
    if done.handed_in:
        _require_stands(signed, session)
    _say(signed, done.handed_in, as_json)


def _joined(draft: Draft, room: Room, yes: bool) -> Signed:
    """Sign what another admin signed; or, where this one has and only handing in is left, that."""
    opened, scene, key = room.opened, room.scene, room.signer
    text = notes.parse(draft.note).text
    if draft.statement is None:
        raise NotVetted("This is no statement.")
    admin_shown.note_statement(draft.statement, draft.signed)
    checklist.require_signable(text, opened, key, scene)
    if approving.own_line_stands(draft, opened, key, scene):
        admin_shared.ask("Hand it in again?", yes)
        return vetting.signed(draft.note, draft.statement, scene.policy)
    admin_shared.ask(f"Sign this as {key.name}?", yes)
    return vetting.sign_draft(draft, opened.application, key, scene)


@click.command()
@click.argument("organisation")
@click.option("--out", type=FILE, metavar="FILE", help="Write the note here; send nothing.")
@admin_shared.key_options
@connection
@admin_shared.yes_option
@json_option
def suspend(
    organisation: str,
    out: Path | None,
    signer: Callable[[], Signer],
    session: Session,
    yes: bool,
    as_json: bool,
) -> None:
    """End the listing of ORGANISATION (its name, or the start of its key) now, alone.

    To lift it, as many admins as for any listing approve it anew.
    """
    seen = see(session)
    listed = vetting.pick_listed(organisation, seen.scene.listed)
    logged = _last_logged(listed.statement.organisation, session, seen.scene)
    statement = vetting.suspension(listed, seen.scene, logged=logged)
    admin_shown.note_statement(statement, ())
    note("Nobody can send to it from then on, not with codes that are out either.")
    key = signer()
    vetting.require_admin(key, seen.scene.policy)
    admin_shared.ask(f"Suspend it as {key.name}?", yes)
    signed = vetting.sign_new(statement, key, seen.scene.policy)
    if out is not None:
        _write_out(signed, None, out, as_json)
        return
    admin_calls.post(session.api, signed, None)
    _require_stands(signed, session)
    _say(signed, True, as_json)
    if not as_json:
        k = seen.scene.policy.threshold
        tell(f"To lift it, {k} admins approve it anew, once it has applied again.")


def _last_logged(organisation: bytes, session: Session, scene: Scene) -> int:
    return log_serials.last(LogApi(session.api), organisation, scene.policy)


def _draft(opened: Opened, seen: Seen, file: Path | None) -> Draft | None:
    if file is None:
        return vetting.pick_draft(opened)
    data = note_files.read(file, STATEMENT_BYTES)
    draft = reviewing.read_draft(data, opened.application, seen.scene)
    if draft.wrong:
        raise NotVetted("This file does not match the application. " + " ".join(draft.wrong))
    return draft


def _write_out(signed: Signed, file: Path | None, out: Path, as_json: bool) -> None:
    if out == file:
        note_files.write_over(out, signed.note)
    else:
        note_files.write_new(out, signed.note)
    _say(signed, False, as_json)
    note(f"It lies in {out}; nothing was sent. The next admin signs it with --file.")


def _require_stands(signed: Signed, session: Session) -> None:
    if not admin_calls.stands(signed, see(session).scene):
        raise NotVetted(
            "The server took it, and does not show it in what it signs.",
            "Look again with `towpath admin review`; if it stays so, ask who runs the server.",
        )


def _say(signed: Signed, in_force: bool, as_json: bool) -> None:
    said = signed.statement
    if as_json:
        tell_json(
            {
                "organisation": said.organisation.hex(),
                "kind": said.kind.value,
                "serial": said.serial,
                "until": said.until,
                "signed": [key.name for key in signed.signed],
                "missing": signed.missing,
                "in_force": in_force,
            }
        )
        return
    tell(f"Signed by {admin_shown.names(signed.signed)}.")
    if signed.missing:
        tell(f"{signed.missing} more must sign before it is listed.")
    elif in_force:
        tell("It is listed." if said.kind is Kind.VETTED else "Its listing has ended.")
