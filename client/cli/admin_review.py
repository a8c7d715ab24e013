"""`towpath admin review`, `approve`, `suspend`: looking at organisations and signing for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from client.cli import admin_shared, admin_shown
from client.cli.admin_shared import FILE
from client.cli.common import Session, connection, json_option, note, tell, tell_json
from client.errors import BadInput, NotVetted
from client.flows import admin_calls, note_files, vetting
from client.flows import review as reviewing
from client.flows.admin_calls import Seen
from client.flows.review import Draft, Opened
from client.flows.vetting import Signed
from crypto.constants import STATEMENT_BYTES
from crypto.public.note_signing import Signer
from crypto.public.statements import Kind


@click.command()
@admin_shared.key_options
@connection
@json_option
def review(signer: Callable[[], Signer], session: Session, as_json: bool) -> None:
    """List the open applications: what each says, what is new, who signed already.

    Every signature is checked on this device. It is you who finds out whether it is true.
    """
    seen = _see(session)
    found = admin_calls.applications(session.api, signer(), seen.scene)
    if as_json:
        shown = [admin_shown.as_json(one, seen.scene) for one in found]
        tell_json({"applications": shown, "broken_listings": seen.scene.broken})
    else:
        admin_shown.tell_applications(found, seen.scene)


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
@click.option("--new", is_flag=True, help="Start a statement, whatever drafts there are.")
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

    Where another admin has signed already, your signature joins that draft.
    """
    seen, key = _see(session), signer()
    found = admin_calls.applications(session.api, key, seen.scene)
    opened = vetting.pick_application(
        organisation, (one for one in found if isinstance(one, Opened))
    )
    draft = None if new else _draft(opened, seen, file)
    for line in admin_shown.described(opened, seen.scene):
        note(line)
    if draft is not None and draft.statement is not None:
        if days is not None and draft.statement.until - draft.statement.first != days:
            note("Another admin chose other days: yours are left out. --new starts anew.")
        admin_shown.note_statement(draft.statement, draft.signed)
        vetting.require_unsigned(draft, key, seen.scene.policy)
        admin_shared.ask(f"Sign this as {key.name}?", yes)
        signed = vetting.sign_draft(draft, opened.application, key, seen.scene)
    else:
        if days is None:
            raise BadInput("For how long?", "Write --days N, at most 90.")
        statement = vetting.new_statement(opened, seen.scene, days)
        admin_shown.note_statement(statement, ())
        admin_shared.ask(f"Sign this as {key.name}?", yes)
        signed = vetting.sign_new(statement, key, seen.scene.policy)
    _hand_in(signed, session, file, out, as_json)


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
    seen = _see(session)
    statement = vetting.suspension(vetting.pick_listed(organisation, seen.scene.listed), seen.scene)
    admin_shown.note_statement(statement, ())
    note("Nobody can send to it from then on, not with codes that are out either.")
    key = signer()
    vetting.require_admin(key, seen.scene.policy)
    admin_shared.ask(f"Suspend it as {key.name}?", yes)
    signed = vetting.sign_new(statement, key, seen.scene.policy)
    _hand_in(signed, session, None, out, as_json)
    if out is None and not as_json:
        k = seen.scene.policy.threshold
        tell(f"To lift it, {k} admins approve it anew, once it has applied again.")


def _see(session: Session) -> Seen:
    seen = admin_calls.see(session.api, device_day=session.today(), network_id=session.network_id)
    if seen.scene.broken:
        note(f"LOOK: {seen.scene.broken} of the server's listings do not hold and are left out.")
    return seen


def _draft(opened: Opened, seen: Seen, file: Path | None) -> Draft | None:
    if file is None:
        return vetting.pick_draft(opened)
    data = note_files.read(file, STATEMENT_BYTES)
    draft = reviewing.read_draft(data, opened.application, seen.scene)
    if draft.wrong:
        raise NotVetted("This file does not match the application. " + " ".join(draft.wrong))
    return draft


def _hand_in(
    signed: Signed, session: Session, file: Path | None, out: Path | None, as_json: bool
) -> None:
    if out is not None:
        if out == file:
            note_files.write_over(out, signed.note)
        else:
            note_files.write_new(out, signed.note)
        _say(signed, False, as_json)
        note(f"It lies in {out}; nothing was sent. The next admin signs it with --file.")
        return
    posted = admin_calls.post(session.api, signed)
    in_force = not signed.missing or posted.listed
    if in_force and not admin_calls.stands(signed, _see(session).scene):
        raise NotVetted(
            "The server took it, and does not show it in what it signs.",
            "Look again with `towpath admin review`; if it stays so, ask who runs the server.",
        )
    _say(signed, in_force, as_json)


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
