"""Contact and answers to V1–V16 in the file with which an organisation applies: for admins alone.

Source: docs/spec/vetting.md, 3.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from client.errors import BadInput
from client.flows.days import epoch_of
from crypto import constants as c
from crypto.client.application import Answer
from crypto.errors import Refused
from crypto.public import lines
from words import vetting

KINDS = {
    "yes": c.CRITERION_YES,
    "no": c.CRITERION_NO,
    "part": c.CRITERION_PART,
    "none": c.CRITERION_NONE,
}
"""How an answer is written: none means that it does not apply."""
KEYS = ("contact", *(one.name for one in vetting.load().criteria))
_PARTS = {"answer", "date", "text"}


def contact_of(said: Mapping[str, Any]) -> str:
    """Return how admins reach the organisation; raises BadInput where it is missing or unfit."""
    return checked_contact(said.get("contact"))


def checked_contact(contact: object) -> str:
    """Return a contact that can be sealed; raises BadInput."""
    if not isinstance(contact, str) or not contact.strip():
        raise BadInput("The contact is missing.", 'Say how the admins reach you: contact = "…".')
    return _checked(contact.strip(), c.APPLICATION_CONTACT_BYTES, "The contact")


def answers_of(said: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Read the tables V1 to V16 of a file; raises BadInput, also where a needed one is missing."""
    found = [
        _answer(one.number, one.name, said[one.name])
        for one in vetting.load().criteria
        if _is_said(said.get(one.name))
    ]
    return checked_answers(found)


def checked_answers(found: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return answers that can be sealed; raises BadInput where one that is needed is missing."""
    given = {one.criterion for one in found}
    missing = [f"V{number}" for number in c.VETTING_BLOCKING if number not in given]
    if missing:
        raise BadInput(
            f"There is no answer to {', '.join(missing)}.",
            "The admins can't list an organisation without these; `--example` shows them.",
        )
    return tuple(found)


def make(criterion: int, kind: int, epoch: int, text: str) -> Answer:
    """Return an answer whose text is fit to be sealed; raises BadInput."""
    said = _checked(text.strip(), c.ANSWER_TEXT_BYTES, f"V{criterion}: the text")
    return Answer(criterion=criterion, kind=kind, epoch=epoch, text=said)


def to_fill_in() -> list[str]:
    """Return the lines of a file to fill in: contact, and each criterion with its question.

    They say nothing yet: a file is refused as long as its contact or a needed answer is empty.
    """
    said = [
        "",
        "# From here on: for the admins alone. It is sealed to them on this device.",
        "# How they reach you (never an address on a street):",
        'contact = ""',
        "",
        "# What you are asked. answer: yes, no, part (in part), none (does not apply).",
        "# date: of what shows it, like 2026-05-01, or left out. text: how, and where it is found.",
    ]
    for one in vetting.load().criteria:
        needed = "needed" if one.blocking else "may be left out"
        said += ["", f"# {one.question} ({needed})", f"# What shows it: {one.evidence}"]
        said += [f"[{one.name}]", 'answer = ""', 'date = ""', 'text = ""']
    return said


def _is_said(table: object) -> bool:
    return table is not None and not (isinstance(table, dict) and not table.get("answer"))


def _answer(number: int, name: str, table: object) -> Answer:
    if not isinstance(table, dict) or table.keys() - _PARTS:
        raise BadInput(f"{name} is not an answer.", "It has answer, date and text.")
    kind = KINDS.get(str(table["answer"]))
    if kind is None:
        raise BadInput(f"{name}: there is no such answer.", f"Known are: {', '.join(KINDS)}.")
    text = table.get("text", "")
    if not isinstance(text, str):
        raise BadInput(f"{name}: its text is no text.", 'It looks like: text = "…".')
    return make(number, kind, _epoch(name, table.get("date", "")), text)


def _epoch(name: str, said: object) -> int:
    if said == "":
        return 0
    day = said if isinstance(said, str) else said.isoformat() if isinstance(said, date) else ""
    return day_of(day, name)


def day_of(said: str, name: str) -> int:
    """Read a day like 2026-05-01; raises BadInput."""
    found = epoch_of(said)
    if found is None:
        raise BadInput(f"{name}: this is no date.", "It looks like 2026-05-01.")
    return found


def _checked(text: str, at_most: int, what: str) -> str:
    over = len(text.encode("utf-8", "replace")) - at_most
    if over > 0:
        raise BadInput(f"{what} is {over} bytes too long.", f"There is room for {at_most}.")
    try:
        lines.check_text(text)
    except Refused:
        raise BadInput(f"{what} has a sign in it that can't be seen.", "Type it anew.") from None
    return text
