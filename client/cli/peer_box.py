"""The commands of whoever holds a receipt: answers, add, withdraw, renew. From any device.

Source: docs/spec/box.md, 3; R13, R14.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import click

from client import network_view
from client.cli import asking, peer_code, peer_file, peer_form, peer_show, peer_words
from client.cli.common import (
    Session,
    connection,
    json_option,
    note,
    paragraph,
    read_text,
    tell,
    tell_json,
)
from client.errors import EXIT_UNREACHABLE, CodeRefused, FirstDo, Trouble
from client.flows import answers, choosing
from client.flows.answers import Adding, Box, Holder
from crypto import constants as c
from crypto.client.code_text import Kind
from crypto.client.message import Message

_ADD_SHORT = "Add something to a request that was sent, with its receipt."
_FULL = "Nothing more can be added: it has ended, or seven things were added already."


def _receipt(command: Callable[..., None]) -> Callable[..., None]:
    """Add --receipt-file and --word-file."""
    of_receipt = click.option(
        "--receipt-file",
        metavar="FILE",
        help="A file with the receipt, or - for standard input. Without it, it is asked for.",
    )
    of_word = click.option(
        "--word-file",
        metavar="FILE",
        help="A file whose first line is the word that belongs to it.",
    )
    changed: Callable[..., None] = of_receipt(of_word(command))
    return changed


@click.command("answers")
@_receipt
@json_option
@connection
def answers_command(
    session: Session, receipt_file: str | None, word_file: str | None, as_json: bool
) -> None:
    """Read the answers to a request, with its receipt.

    The receipt was shown before the request was sent. If a word was chosen, it is needed too.
    Answers are checked: only what the organisation signed is shown.
    """
    holder = _holder(session, receipt_file, word_file)
    box = answers.read(session.api, holder)
    if box is None:
        raise answers.nothing_here()
    names = _names(session, box, holder)
    if as_json:
        tell_json(peer_show.as_values(box, names))
    else:
        peer_show.answers(box, names)


@click.command("add", short_help=_ADD_SHORT)
@click.option("--from", "file", metavar="FILE", help="What to add, from a file (ask --example).")
@click.option("--yes", is_flag=True, help="Do not ask whether to send it now.")
@_receipt
@connection
def add_command(
    session: Session, file: str | None, yes: bool, receipt_file: str | None, word_file: str | None
) -> None:
    """Add something to a request that was sent, with its receipt.

    At most seven times. Only the organisation that has the request can read it.
    """
    holder = _holder(session, receipt_file, word_file)
    delivered = answers.delivered(session.api, holder)
    if delivered is None:
        raise answers.nothing_here()
    note(f"This goes to {delivered.name}, who has the request.")
    said = _said(file, yes, delivered.name)
    adding = answers.start_adding(holder, delivered, said)
    last_epoch = _add(session, adding, asked=file is None)
    if last_epoch is None:
        raise CodeRefused(_FULL, "You can withdraw it and ask anew.")
    tell(f"Added. Everything is kept until {peer_words.last_day(last_epoch)}.")


@click.command("withdraw")
@click.option("--yes", is_flag=True, help="Do not ask.")
@_receipt
@connection
def withdraw_command(
    session: Session, yes: bool, receipt_file: str | None, word_file: str | None
) -> None:
    """Take back a request and everything that belongs to it, at once.

    What the organisation has read already it has read. Nobody is told why, and you can ask again
    at any time.
    """
    holder = _holder(session, receipt_file, word_file)
    delivered = answers.delivered(session.api, holder)
    if delivered is None:
        raise answers.nothing_here()
    note(f"This takes back what was sent to {delivered.name}, and every answer to it.")
    if not yes and not asking.yes("Take it back?"):
        raise FirstDo("Nothing was taken back.", "")
    if not answers.withdraw(session.api, holder):
        raise Trouble("It is still there.", "Try again; if it stays so, tell who runs the server.")
    tell("Withdrawn. It is gone from the server, and the receipt opens nothing any more.")


@click.command("renew")
@_receipt
@json_option
@connection
def renew_command(
    session: Session, receipt_file: str | None, word_file: str | None, as_json: bool
) -> None:
    """Keep a request and its answers for 14 more days, 60 from its first day at most."""
    holder = _holder(session, receipt_file, word_file)
    last_epoch = answers.renew(session.api, holder)
    if last_epoch is None:
        raise answers.nothing_here()
    until = peer_words.last_day(last_epoch)
    if as_json:
        tell_json({"last_day": until})
    else:
        tell(f"It is kept until {until}.")


def _holder(session: Session, receipt_file: str | None, word_file: str | None) -> Holder:
    secret = peer_code.secret(Kind.RECEIPT, receipt_file)
    # Who gives the receipt by a file gives the word by one too, or has none.
    word = peer_code.word(word_file, asked=receipt_file is None)
    return answers.holder(secret, word, session.known_network())


def _names(session: Session, box: Box, holder: Holder) -> Mapping[bytes, str]:
    """Return the names of organisations that answers point to, from the checked directory."""
    if not any(answer.try_another for _, answer in box.answers):
        return {}
    try:
        found = choosing.fetch(
            session.api, device_day=session.today(), network_id=holder.network_id
        )
    except Trouble:
        return {}
    return {one.statement.organisation: one.statement.name for one in found.organisations}


def _said(file: str | None, yes: bool, name: str) -> Message:
    if file is not None:
        said = peer_file.parse(read_text(file), follow_up=True)
        return said if yes or asking.yes(f"Send it now, to {name}?") else replace(said, consent=0)
    note("")
    note(peer_form.ABOUT_TEXT)
    text = asking.text(c.TEXT_BYTES)
    said = Message(kind=c.KIND_FOLLOW_UP, text=text)
    if asking.yes("Change or add anything else (needs, safe hours, what must never be done)?"):
        said = replace(peer_form.changed(said), text=text)
    if said == Message(kind=c.KIND_FOLLOW_UP):
        raise FirstDo("Nothing was written, so nothing was sent.", "")
    return replace(said, consent=peer_form.consent(name))


def _add(session: Session, adding: Adding, *, asked: bool) -> int | None:
    while True:
        try:
            return answers.add(session.api, adding, random=session.random)
        except Trouble as trouble:
            if trouble.exit_code != EXIT_UNREACHABLE or not asked:
                raise
            note(str(trouble))
            note("Trying again sends the very same, and never makes two.")
            if not asking.yes("Try again?"):
                raise


@click.command("network")
@json_option
@connection
def network_command(session: Session, as_json: bool) -> None:
    """Show which network a server is of, and who stands for it.

    The id is what --network takes. Get it a second time from somebody you trust, and compare:
    what a server says of itself proves nothing.
    """
    view = network_view.fetch(
        session.api, device_day=session.today(), network_id=session.network_id
    )
    values = peer_show.network_values(view)
    if as_json:
        tell_json(values)
        return
    tell(f"Network  {values['network_id']}")
    tell(f"Rules    version {values['version']}, good until {values['until']}")
    tell(f"Admins   {values['threshold']} of {len(view.policy.admins)} must agree:")
    for one in view.policy.admins:
        tell(f"         {one.name}")
    tell(f"Witness  {values['witnesses_needed']} of {len(view.policy.witnesses)} must agree")
    for warning in peer_show.warnings(view):
        note("")
        paragraph(f"Please note: {warning}")
