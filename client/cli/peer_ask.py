"""The conversation of `towpath ask`, in the order that is promised.

Who will read it, the form, whose eyes, the receipt, the yes, and only then sealing and sending;
after that, reading back, and what can be done next.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from client.cli import asking, peer_code, peer_file, peer_form, peer_sent, peer_show, peer_words
from client.cli.common import (
    Session,
    hidden,
    note,
    paragraph,
    read_text,
)
from client.errors import EXIT_UNREACHABLE, BadInput, CodeRefused, FirstDo, Trouble
from client.flows import ask
from client.flows.ask import Receipt
from client.flows.ways import ByCode, Way
from crypto import constants as c
from crypto.client import codes
from crypto.client.code_text import Kind
from crypto.client.message import Message
from crypto.errors import Malformed, TooLong
from crypto.public.requests import Request

REFUSED = (
    "The server does not take this code. It may be mistyped, used, cancelled, or past its last"
    " day: all of these look alike on purpose, so that a found code tells nothing."
)
WITHOUT_A_CODE = (
    "Look at the code once more, or ask for another one. Without a code you can choose an"
    " organisation yourself: `towpath ask --no-code`."
)
NO_YES = "There is no yes, so nothing was sealed and nothing was sent."
LATER = "You can come back at any time."
NOT_KNOWN = (
    "It is not known whether it arrived. Trying again sends the very same, and never makes two."
)


def way_by_code(session: Session, source: str | None) -> Way:
    """Read a code and return the way that it opens; raises CodeRefused."""
    code = peer_code.secret(Kind.CODE, source)
    opened = ask.open_code(
        session.api, code, device_day=session.today(), network_id=session.network_id
    )
    if opened is None:
        raise CodeRefused(REFUSED, WITHOUT_A_CODE)
    return ByCode(session.api, opened, session.today, session.random)


def show(way: Way) -> None:
    """Show who will read it, and what to know about the days."""
    peer_show.who_reads(way.statement, way.profile, way.view)
    if way.last_epoch is not None:
        note(f"  The code can be used until {peer_words.last_day(way.last_epoch)}.")
    for warning in peer_show.warnings(way.view):
        note("")
        paragraph(f"Please note: {warning}")


def goes_on(way: Way) -> None:
    """Show who will read it and ask whether to go on; raises FirstDo for a no."""
    show(way)
    note("")
    if not asking.yes("Go on?"):
        raise FirstDo("Nothing was sent.", LATER)


def run(session: Session, way: Way, choices: peer_sent.Choices) -> None:
    """Fill in, show the receipt, ask for the yes, seal, send, read back, say what is next.

    Where the code turns out to be gone, what was filled in is kept for another code.
    """
    with _nothing_sent():
        draft = _draft(way, choices.file)
        receipt = _receipt(session, way, draft, choices)
    while True:
        with _nothing_sent():
            request = way.seal(_with_yes(way, draft, choices), receipt)
        if choices.armour is not None:
            peer_sent.keep(request, choices.armour)
            peer_sent.tell_result(receipt, choices, {"sent": False})
            return
        sent, last_epoch = _send(way, request, asked=choices.file is None)
        if last_epoch is not None:
            break
        way = _another_way(session, way, choices)
    peer_sent.after(session, way, sent, receipt, last_epoch, choices)


@contextmanager
def _nothing_sent() -> Iterator[None]:
    """Say to whoever stops here by hand that nothing was sent."""
    try:
        yield
    except (click.Abort, KeyboardInterrupt, EOFError):
        note("")
        note("Nothing was sent.")
        raise


def _another_way(session: Session, way: Way, choices: peer_sent.Choices) -> Way:
    """Ask for another code, with the same answers; raises CodeRefused for a no."""
    if choices.file is None:
        note("")
        paragraph(REFUSED)
        if asking.yes("Type another code? Your answers are still here"):
            pinned = replace(session, network_id=way.view.policy.network_id)
            another = way_by_code(pinned, None)
            goes_on(another)
            return another
    raise CodeRefused(REFUSED, WITHOUT_A_CODE)


def _draft(way: Way, file: str | None) -> Message:
    regions = way.view.policy.regions
    if file is not None:
        return peer_file.parse(read_text(file), regions)
    draft = peer_form.short_way(regions)
    note("")
    if asking.yes("Add more (how many people, safe hours, what must never be done, own words)?"):
        draft = peer_form.more(draft)
    return replace(draft, eyes=peer_form.whose_eyes())


def _receipt(
    session: Session, way: Way, draft: Message, choices: peer_sent.Choices
) -> Receipt | None:
    """Make the receipt and show it, before anything is sealed or sent."""
    if draft.eyes == c.EYES_NOBODY:
        note("")
        note("No answer is wanted, so there is no receipt. It cannot be withdrawn later.")
        return None
    with_word = draft.eyes == c.EYES_WORD
    said = _own_word(choices) if with_word else ""
    made = ask.make_receipt(way.view.policy.network_id, said, random=session.random)
    peer_show.receipt(made.secret, with_word=with_word)
    return made


def _own_word(choices: peer_sent.Choices) -> str:
    if choices.file is not None or choices.word_file is not None:
        said = peer_code.word(choices.word_file)
        if not said:
            raise FirstDo("A word is needed: the eyes are to be those of who knows it.", "")
        return said
    note("")
    note("Choose a word or a few, that nobody else knows and that is never forgotten.")
    while True:
        said = hidden("The word (it is not shown)", twice=True)
        try:
            if codes.normal_word(said):
                return said
            note("A word is needed.")
        except TooLong:
            note(f"This is too long: {c.WORD_BYTES} bytes at most.")
        except Malformed:
            note("This cannot be a word.")


def _with_yes(way: Way, draft: Message, choices: peer_sent.Choices) -> Message:
    """Ask for the yes, last of all; a file has it, and somebody still says "now".

    Raises FirstDo for a no.
    """
    if choices.file is None:
        draft = replace(draft, consent=peer_form.consent(way.statement.name))
    elif not choices.yes and not asking.yes(f"Send it now, to {way.statement.name}?"):
        draft = replace(draft, consent=0)
    if draft.consent not in (c.CONSENT_PERSON, c.CONSENT_SELF):
        raise FirstDo(NO_YES, LATER)
    return draft


def _send(way: Way, request: Request, *, asked: bool) -> tuple[Request, int | None]:
    """Post what was sealed, and the very same again as often as somebody wants."""
    while True:
        try:
            return way.send(request)
        except KeyboardInterrupt:
            note("")
            note("It is not known whether it was sent: `towpath answers` tells, with the receipt.")
            raise
        except Trouble as trouble:
            if trouble.exit_code != EXIT_UNREACHABLE or not asked:
                raise
            note("")
            note(str(trouble))
            note(NOT_KNOWN)
            if not asking.yes("Try again?"):
                _offer_armour(request)
                raise


def _offer_armour(request: Request) -> None:
    """Let somebody carry what was sealed to another place, where `towpath paste` posts it."""
    while asking.yes("Write it to a file instead, to be sent from somewhere else?"):
        try:
            peer_sent.keep(request, asking.line("Name of the new file", at_most=255))
        except BadInput as trouble:
            note(str(trouble))
        else:
            return
