"""What `towpath ask` says and writes once a request is sealed: the result, and what is next."""

from __future__ import annotations

from dataclasses import dataclass

from client.cli import peer_code, peer_words
from client.cli.common import Session, note, tell, tell_json, write_new
from client.errors import Trouble
from client.flows import ask
from client.flows.ask import Receipt
from client.flows.walk_in import Progress
from client.flows.ways import Way
from crypto.client.code_text import Kind
from crypto.public import requests
from crypto.public.requests import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was asked for on the command line; a `file` answers the form."""

    file: str | None
    word_file: str | None
    armour: str | None
    yes: bool
    as_json: bool


def keep(request: Request, target: str) -> None:
    """Write a sealed request as armour to a new file; raises BadInput."""
    write_new(target, requests.armour(request))
    note("")
    note("It was sealed and written, not sent. Whoever has the file can send it, and only the")
    note("organisation can open it: `towpath paste FILE`, before the code's last day.")


def after(
    session: Session,
    way: Way,
    sent: Request,
    receipt: Receipt | None,
    last_epoch: int,
    choices: Choices,
) -> None:
    """Read back what was sent, print the result, and say what can be done next."""
    delivered = False
    if receipt is not None:
        delivered = _is_delivered(session, way, sent, receipt)
    values = {
        "sent": True,
        "delivered": delivered,
        "last_day": peer_words.last_day(last_epoch),
    }
    tell_result(receipt, choices, values)
    if choices.as_json:
        return
    tell("")
    tell(_outcome(receipt, delivered))
    tell(f"It is kept until {values['last_day']}.")
    if receipt is not None:
        tell("With the receipt, from any device:")
        tell("  towpath answers    is there an answer?")
        tell("  towpath add        add something")
        tell("  towpath renew      keep it for longer")
        tell("  towpath withdraw   take everything back")


def _is_delivered(session: Session, way: Way, sent: Request, receipt: Receipt) -> bool:
    """Read slot 0 back; what can't be read now may still be there."""
    try:
        return ask.is_delivered(session.api, way.view.policy.network_id, sent, receipt)
    except Trouble:
        return False


def _outcome(receipt: Receipt | None, delivered: bool) -> str:
    if receipt is None:
        return "Sent."
    if delivered:
        return "Delivered. Read back with the receipt just now."
    return "The server took it, but it could not be read back yet: try `towpath answers` later."


def tell_result(receipt: Receipt | None, choices: Choices, values: dict[str, object]) -> None:
    """Print the result as JSON, with the receipt, where that was asked for."""
    if not choices.as_json:
        return
    forms = peer_code.both_forms(Kind.RECEIPT, receipt.secret) if receipt else None
    shown = {"letters": forms[0], "digits": forms[1]} if forms else None
    tell_json({**values, "receipt": shown})


def work_progress() -> Progress:
    """Return what shows how the work goes on: a line for each tenth of what it usually takes."""
    shown = 0

    def progress(tried: int, expected: int) -> None:
        nonlocal shown
        tenth = 10 * tried // expected
        if shown < tenth <= 10:
            note(f"  working: {10 * tenth} % of what it usually takes")
        elif shown <= 10 < tenth:
            note("  working: this time it takes a little longer")
        shown = tenth

    return progress
