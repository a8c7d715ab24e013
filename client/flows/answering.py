"""Answering: what a provider says to whoever holds the receipt.

Source: docs/spec/box.md, 2; docs/spec/http.md, 4.
"""

from __future__ import annotations

from dataclasses import dataclass

import words
from client.api import Api
from client.errors import BadInput, FirstDo, Trouble, from_refusal
from client.flows import cases, sending
from client.flows.cases import Opened
from client.flows.desk import Desk
from client.flows.sending import Outcome
from crypto import constants as c
from crypto.client import answers
from crypto.client.answers import Answer
from crypto.client.case import Case
from crypto.client.store import Store
from crypto.errors import Refused

STATES = ("read", "answered", "cannot_help", "try_another", "closed")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Wanted:
    """What is to be said: a code of `state`, a text, other organisations (keys of 32 bytes)."""

    state: str
    text: str = ""
    try_another: tuple[bytes, ...] = ()

    def answer(self, today: int) -> Answer:
        """Return the answer as of a day (an epoch); raises BadInput for what does not fit."""
        chosen = words.load("state").by_code(self.state)
        if chosen is None or self.state not in STATES:
            raise BadInput("There is no such kind of answer.", f"There are: {', '.join(STATES)}.")
        if bool(self.try_another) != (self.state == "try_another"):
            raise BadInput(
                "Other organisations are named with try_another, and only there.",
                "Name them with --organisation.",
            )
        if self.state == "answered" and not self.text:
            raise BadInput("There is no text to send.", "Give one with --text-file.")
        return Answer(state=chosen.id, epoch=today, text=self.text, try_another=self.try_another)

    def is_said_by(self, answer: Answer) -> bool:
        """Say whether an answer says the same."""
        mine = self.answer(answer.epoch)
        return (mine.state, mine.text, mine.try_another) == (
            answer.state,
            answer.text,
            answer.try_another,
        )


def answer(
    desk: Desk, api: Api, opened: Opened, wanted: Wanted, *, today: int, beside: bool = False
) -> Outcome:
    """Seal an answer, keep it, send it; "closed" closes the case once it is sent.

    "taken": another member was quicker, and nothing was sent in its place; with `beside` it is sent
    after hers. What was left on its way before goes first. Where that, or what was said last today,
    says the same, it is not said twice: the command may have been stopped after the answer was
    sent. Raises FirstDo where no answer is wanted or the case is closed, BadInput, Unreachable and
    ServerProblem: after the last two the answer waits, and the same bytes go out the next time.
    """
    cases.check_open(opened)
    if opened.said.box is None:
        raise FirstDo(
            "No answer is wanted here: the person asked that nobody can read one.",
            "Keep to the contact rule that `towpath provider show` shows.",
        )
    said = wanted.answer(today)
    before = sending.outgoing(desk.read(), opened.case_id)
    if before is None and _was_just_said(opened, wanted, today):
        return "sent"
    if before is not None:
        became = sending.send(desk, api, opened.case_id, today=today, beside=beside)
        if became != "sent" or wanted.is_said_by(before.answer):
            return became
    _keep(desk, opened, said)
    return sending.send(desk, api, opened.case_id, today=today, beside=beside)


def _was_just_said(opened: Opened, wanted: Wanted, today: int) -> bool:
    if not opened.case.answers:
        return False
    slot, body = opened.case.answers[-1]
    last = answers.decode_body(body, slot)
    return last.epoch == today and wanted.is_said_by(last)


def _keep(desk: Desk, opened: Opened, said: Answer) -> None:
    def change(store: Store) -> Store:
        slot = sending.next_slot(Case.decode(store.entries[c.ENTRY_CASE, opened.case_id]))
        if slot >= c.SLOTS:
            raise Trouble("All answers that a box has room for are used.")
        return sending.with_outgoing(store, opened.case_id, said, slot, desk.random)

    try:
        desk.edit(change)
    except Refused as refused:
        raise from_refusal(refused) from None
