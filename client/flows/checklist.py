"""The checklist of an application: each criterion with its answer and what admins marked.

Source: docs/spec/vetting.md, 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from client.errors import NotVetted
from client.flows.review import Opened
from client.flows.scene import Scene
from crypto import constants as c
from crypto.client import vetting_rules
from crypto.client.application import Answer
from crypto.client.vetting_entries import Entry
from crypto.client.vetting_rules import Missing
from crypto.public.note_signing import Signer
from words import vetting
from words.vetting import Criterion

STATES = {
    "met": c.MARK_MET,
    "not-met": c.MARK_NOT_MET,
    "unclear": c.MARK_UNCLEAR,
    "take-back": c.MARK_TAKEN_BACK,
}
STATE_NAMES = {
    c.MARK_MET: "met",
    c.MARK_NOT_MET: "not met",
    c.MARK_UNCLEAR: "unclear",
    c.MARK_TAKEN_BACK: "taken back",
}
ANSWER_NAMES = {
    c.CRITERION_YES: "Yes.",
    c.CRITERION_NO: "No.",
    c.CRITERION_PART: "In part.",
    c.CRITERION_NONE: "Does not apply.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A criterion, what the organisation answered, and the last marks of current admins.

    `is_met`: k of them said met, and none says otherwise.
    """

    criterion: Criterion
    answer: Answer | None
    marks: tuple[Entry, ...]
    is_met: bool


def items(opened: Opened, scene: Scene) -> list[Item]:
    """Return all sixteen, in order."""
    answers = {one.criterion: one for one in opened.answers}
    return [_item(one, answers.get(one.number), opened, scene) for one in vetting.load().criteria]


def blocking_met(found: Iterable[Item]) -> int:
    """Count the blocking items that are met."""
    return sum(one.is_met for one in found if one.criterion.blocking)


def summary(opened: Opened, scene: Scene) -> str:
    """Say in one line how far the checklist is."""
    k = scene.policy.threshold
    who = "both" if k == 2 else f"{k} admins"
    met, every = blocking_met(items(opened, scene)), len(c.VETTING_BLOCKING)
    return f"{met} of {every} blocking items met by {who}"


def require_signable(text: str, opened: Opened, signer: Signer, scene: Scene) -> None:
    """Raise NotVetted where this admin may not sign a statement's text yet: what, and who.

    Source: docs/spec/vetting.md, 4.
    """
    found = vetting_rules.missing(
        text,
        listing=opened.application,
        entries=opened.entries,
        policy=scene.policy,
        admin=signer.key.public_key,
        today=scene.today,
    )
    if found:
        raise NotVetted(
            "This can't be signed yet.", "\n".join(["", *sentences(found, opened, scene)])
        )


def sentences(missing: Sequence[Missing], opened: Opened, scene: Scene) -> list[str]:
    """Say of each thing that is in the way who must do what."""
    return [_sentence(one, opened, scene) for one in missing]


def _sentence(one: Missing, opened: Opened, scene: Scene) -> str:
    if one.what == vetting_rules.STATEMENT:
        return "The statement does not say what the application says."
    item = f"V{one.criterion}"
    if one.what == vetting_rules.OWN:
        return f"{item}: you have not marked it as met yourself."
    if one.what == vetting_rules.OBJECTION:
        who, state = scene.name_of(one.by), STATE_NAMES[one.state]
        return f"{item}: {who} marked it as {state}; only {who} can change that."
    met = vetting_rules.met_by(opened.entries, one.criterion, scene.policy, scene.today)
    others = [key.name for key in scene.policy.admins if key.public_key not in met]
    more = "admin has" if one.count == 1 else "admins have"
    return f"{item}: {one.count} more {more} to mark it as met ({', '.join(others)})."


def _item(criterion: Criterion, answer: Answer | None, opened: Opened, scene: Scene) -> Item:
    entries, policy = opened.entries, scene.policy
    last = vetting_rules.last_marks(entries)
    marks = [last.get((key.public_key, criterion.number)) for key in policy.admins]
    met = vetting_rules.met_by(entries, criterion.number, policy, scene.today)
    against = vetting_rules.objections(entries, criterion.number, policy)
    return Item(
        criterion=criterion,
        answer=answer,
        marks=tuple(mark for mark in marks if mark is not None),
        is_met=len(met) >= policy.threshold and not against,
    )
