"""`towpath provider`: the commands of an organisation that receives requests."""

from __future__ import annotations

from contextlib import suppress

import click

from client.cli import (
    peer_words,
    provider_apply,
    provider_cases,
    provider_codes,
    provider_export,
    provider_invites,
    provider_members,
    provider_recovery,
)
from client.cli.common import Commands, clean, json_option, tell, tell_json
from client.cli.provider_shared import Work, at_work
from client.errors import BadInput, Trouble, Unreachable
from client.flows import apply, kept, provider_status, walk_in_keys
from client.flows.days import day
from client.flows.kept import Room
from client.flows.provider_status import Status
from crypto import constants as c
from crypto.client.vetting_entries import Reply

_WIDTH = 24
_REPLIES = {
    c.REPLY_DECLINED: "declined",
    c.REPLY_QUESTION: "ask",
    c.REPLY_LISTED: "listed it",
}


@click.group(cls=Commands)
def provider() -> None:
    """Receive requests: codes, inbox, answers.

    Everything secret stays in a folder on this device, sealed to the members' key files. Begin with
    `towpath provider apply`.
    """


@provider.command()
@json_option
@at_work
def status(work: Work, as_json: bool) -> None:
    """Show how things stand: listing, stock, members, copy, requests."""
    found = provider_status.of(work.desk, today=work.today())
    until, reply = None, None
    trouble: Trouble | None = None
    try:
        until = work.place().statement.until
        reply = apply.reply(work.desk, work.api)
    except Unreachable as why:
        trouble = why
    except Trouble as why:  # not listed, which is when a reply matters
        trouble = why
        with suppress(Trouble):
            reply = apply.reply(work.desk, work.api)
    due = until is not None and provider_status.is_due(until, work.today())
    if as_json:
        tell_json({**_as_values(found, until), "renewal_due": due, "reply": _reply_value(reply)})
    else:
        for label, value in (*_rows(found, until), *_vetting_rows(reply, due)):
            tell(f"{label:<{_WIDTH}}{value}")
    if trouble is not None:
        raise trouble


@provider.command()
@click.option("--walk-ins", type=click.Choice(("open", "closed")), help="Requests without a code.")
@click.option(
    "--room",
    type=click.Choice([one.code for one in peer_words.options("capacity")]),
    help="How much room there is.",
)
@at_work
def capacity(work: Work, walk_ins: str | None, room: str | None) -> None:
    """Open or close walk-ins, and say how much room there is; the directory shows it at once.

    While walk-ins are open, `towpath provider sync` has to run once a week at least: it publishes
    the week's key.
    """
    if walk_ins is None and room is None:
        raise BadInput("What is to change?", "Name --walk-ins or --room.")
    before = kept.room(work.desk.read())
    said = Room(
        walk_ins=before.walk_ins if walk_ins is None else walk_ins == "open",
        capacity=next(
            (one.id for one in peer_words.options("capacity") if one.code == room),
            before.capacity,
        ),
    )
    walk_in_keys.set_room(work.desk, work.api, work.signed, said, today=work.today())
    tell(f"Walk-ins: {_open(said)}. Room: {_room(said)}.")


def _rows(found: Status, until: int | None) -> list[tuple[str, str]]:
    rows = [
        ("Listed until", "not known now" if until is None else day(until)),
        ("Codes in stock", str(found.ready)),
        ("Codes that wait", str(found.waiting)),
        ("Codes handed out", str(found.handed_out)),
        ("This week's tokens", "drawn" if found.drawn_this_week else "not drawn yet"),
        ("Walk-ins", _walk_ins(found)),
        ("Room", _room(found.room)),
        ("Open requests", f"{found.open_cases}, of which nobody took {found.nobody_took}"),
        ("Members", ", ".join(found.members)),
        ("Second copy", str(found.copy) if found.copy else "none: `towpath provider copy PLACE`"),
    ]
    if found.on_their_way:
        rows.append(("Answers not sent yet", f"{found.on_their_way}: `towpath provider sync`"))
    if found.unreadable:
        rows.append(("Came, does not open", str(found.unreadable)))
    if not found.members_told:
        rows.append(("Members at the server", "not told yet: `towpath provider sync`"))
    return rows


def _vetting_rows(reply: Reply | None, due: bool) -> list[tuple[str, str]]:
    rows = []
    if due:
        rows.append(("Renewal", "due: `towpath provider apply --renew`"))
    if reply is not None:
        said = f": {clean(reply.text)}" if reply.text else ""
        rows.append(("The admins", f"{_REPLIES[reply.kind]}{said}"))
    return rows


def _reply_value(reply: Reply | None) -> dict[str, str] | None:
    return None if reply is None else {"kind": _REPLIES[reply.kind], "text": reply.text}


def _as_values(found: Status, until: int | None) -> dict[str, object]:
    return {
        "listed_until": None if until is None else day(until),
        "codes_ready": found.ready,
        "codes_waiting": found.waiting,
        "codes_handed_out": found.handed_out,
        "drawn_this_week": found.drawn_this_week,
        "walk_ins": found.room.walk_ins,
        "room": peer_words.code_of("capacity", found.room.capacity),
        "open_requests": found.open_cases,
        "nobody_took": found.nobody_took,
        "members": list(found.members),
        "members_told": found.members_told,
        "copy": str(found.copy) if found.copy else None,
        "answers_not_sent": found.on_their_way,
        "does_not_open": found.unreadable,
    }


def _walk_ins(found: Status) -> str:
    if not found.room.walk_ins:
        return "closed"
    key = {
        True: "open; this week's key is here",
        False: "open; this week's arrive at another device",
        None: "open; no key this week yet: `towpath provider sync`",
    }
    return key[found.key_this_week]


def _open(said: Room) -> str:
    return "open" if said.walk_ins else "closed"


def _room(said: Room) -> str:
    return peer_words.text_of("capacity", said.capacity) if said.capacity else "not said"


for _command in (
    provider_apply.apply_,
    provider_members.import_,
    provider_members.copy_,
    provider_members.members,
    provider_invites.join,
    provider_recovery.recovery,
    provider_codes.stock,
    provider_codes.codes,
    provider_codes.batches,
    provider_cases.sync_,
    provider_cases.inbox,
    provider_cases.show,
    provider_cases.take,
    provider_cases.note_,
    provider_cases.answer,
    provider_cases.close,
    provider_export.export,
    provider_export.workload,
):
    provider.add_command(_command)
