"""Applications and statements as an admin reads them: police ties and funding first (R22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from client.cli.common import clean, note, tell
from client.flows import checklist, minutes, profile_words
from client.flows.checklist import ANSWER_NAMES, STATE_NAMES, Item
from client.flows.days import day
from client.flows.review import Broken, Draft, Opened, Written
from client.flows.scene import Scene
from crypto.client.record_check import Listed
from crypto.constants import VETTING_DECLINE
from crypto.public.notes import Key
from crypto.public.policy import Region
from crypto.public.statements import Statement
from words import vetting

_TITLE = 16


def tell_applications(found: Iterable[Opened | Broken], scene: Scene) -> None:
    """Print every open application, or that there is none."""
    shown = list(found)
    if not shown:
        tell("No application is open.")
    for number, one in enumerate(shown, 1):
        tell(f"{number} of {len(shown)}")
        if isinstance(one, Broken):
            tell(f"  {one.application_id.hex()}: it can't be read here. {one.reason}")
        else:
            for line in described(one, scene):
                tell(f"  {line}")
        tell()
    for listed in scene.due():
        said = listed.statement
        tell(f"Due for renewal: {said.name}, listed until {day(said.until)}.")


def tell_one(opened: Opened, scene: Scene) -> None:
    """Print an application whole: checklist with sources and evidence, and what admins wrote."""
    for line in described(opened, scene):
        tell(line)
    tell()
    tell(vetting.load().caution)
    for item in checklist.items(opened, scene):
        tell()
        for line in _item(item, scene):
            tell(line)
    if opened.written:
        tell()
        tell("In order:")
    for one in opened.written:
        tell(f"  {entry(one, scene)}")


def entry(one: Written, scene: Scene) -> str:
    """Return what stands as one number under an application, in one line or more."""
    if one.entry is None:
        return f"{one.number}. {one.why}"
    who, when = scene.name_of(one.entry.author), day(one.entry.epoch)
    return f"{one.number}. {when}, {who}: {clean(minutes.said(one.entry))}"


def described(opened: Opened, scene: Scene) -> list[str]:
    """Return an application as lines."""
    application = opened.application
    said = [
        f"{application.name}",
        _row("Key", application.organisation.hex()),
        *(f"LOOK: {flag}" for flag in opened.flags),
    ]
    for row in profile_words.rows(opened.profile, scene.policy.regions):
        said += [_row(row.title, row.texts[0]), *(_row("", text) for text in row.texts[1:])]
    said += _news(opened, scene.policy.regions)
    said.append(_row("Contact", clean(opened.contact)))
    said.append(_row("Checklist", f"{checklist.summary(opened, scene)}."))
    said += [line for draft in opened.drafts for line in _draft(draft, scene)]
    said += [
        f"LOOK: {scene.name_of(one.author)} declined it: {clean(one.text)}"
        for one in opened.entries
        if one.kind == VETTING_DECLINE
    ]
    if opened.done:
        said.append("It is listed with this application.")
    elif not opened.drafts:
        said.append(f"Nobody has signed for it yet; {scene.policy.threshold} must.")
    said.append(f"Handed in on {day(application.epoch)}; open for {opened.days_left} days more.")
    return said


def note_statement(statement: Statement, signed: Sequence[Key]) -> None:
    """Print what would be signed, to the error output."""
    note(f"The statement: {statement.kind.value}, number {statement.serial}")
    note("  " + _row("Organisation", statement.name))
    note("  " + _row("Key", statement.organisation.hex()))
    note("  " + _row("Holds", f"from {day(statement.first)} until {day(statement.until)}"))
    if signed:
        note("  " + _row("Signed so far", f"by {names(signed)}"))


def as_json(one: Opened | Broken, scene: Scene) -> dict[str, object]:
    """Return an application for --json."""
    if isinstance(one, Broken):
        return {"holds": False, "id": one.application_id.hex(), "reason": one.reason}
    rows = profile_words.rows(one.profile, scene.policy.regions)
    return {
        "holds": True,
        "name": one.application.name,
        "organisation": one.application.organisation.hex(),
        "epoch": one.application.epoch,
        "days_left": one.days_left,
        "listed_until": one.listed.statement.until if one.listed else None,
        "flags": list(one.flags),
        "profile": {row.title: list(row.texts) for row in rows},
        "checklist": checklist.summary(one, scene),
        "blocking_met": checklist.blocking_met(checklist.items(one, scene)),
        "done": one.done,
        "needed": scene.policy.threshold,
        "drafts": [
            {"signed": [key.name for key in draft.signed], "wrong": list(draft.wrong)}
            for draft in one.drafts
        ],
    }


def one_as_json(opened: Opened, scene: Scene) -> dict[str, object]:
    """Return an application whole for --json."""
    items = [
        {
            "criterion": item.criterion.name,
            "blocking": item.criterion.blocking,
            "question": item.criterion.question,
            "source": item.criterion.source,
            "answer": _answer(item),
            "met": item.is_met,
            "marks": [
                {
                    "admin": scene.name_of(mark.author),
                    "state": STATE_NAMES[mark.state],
                    "epoch": mark.epoch,
                    "text": mark.text,
                }
                for mark in item.marks
            ],
        }
        for item in checklist.items(opened, scene)
    ]
    written = [
        {
            "number": one.number,
            "admin": scene.name_of(one.entry.author) if one.entry else None,
            "epoch": one.entry.epoch if one.entry else None,
            "said": minutes.said(one.entry) if one.entry else one.why,
        }
        for one in opened.written
    ]
    whole = {"contact": opened.contact, "items": items, "written": written}
    return {**as_json(opened, scene), **whole}


def due_as_json(listed: Listed) -> dict[str, object]:
    """Return a listing that is due for renewal, for --json."""
    said = listed.statement
    return {"name": said.name, "organisation": said.organisation.hex(), "until": said.until}


def names(keys: Iterable[Key]) -> str:
    """Return the names of keys, with commas between."""
    return ", ".join(key.name for key in keys)


def _row(title: str, text: str) -> str:
    return f"{title:<{_TITLE}}{text}"


def _news(opened: Opened, regions: Sequence[Region]) -> list[str]:
    if opened.listed is None:
        return ["It is not listed now: all of this is new."]
    listed = opened.listed.statement
    said = [f"It is listed until {day(listed.until)}. What would change:"]
    if listed.name != opened.application.name:
        said.append(f"    Name: it is listed as {listed.name}")
    for one in profile_words.differences(opened.listed.profile, opened.profile, regions):
        said += [f"    {one.title}, new: {text}" for text in one.new]
        said += [f"    {one.title}, gone: {text}" for text in one.gone]
    return (
        said
        if len(said) > 1
        else [said[0].removesuffix(" What would change:"), "Only days change."]
    )


def _draft(draft: Draft, scene: Scene) -> list[str]:
    if draft.wrong:
        return [
            "LOOK: a draft does not match this application.",
            *(f"    {x}" for x in draft.wrong),
        ]
    signed, k = len(draft.signed), scene.policy.threshold
    until = f", until {day(draft.statement.until)}" if draft.statement else ""
    return [_row("Signatures", f"{signed} of {k} signed: {names(draft.signed)}{until}.")]


def _item(item: Item, scene: Scene) -> list[str]:
    one = item.criterion
    state = "met" if item.is_met else "open"
    said = [
        f"{one.name}{' (blocking)' if one.blocking else ''}: {state}",
        f"  Asked: {one.question}",
        f"  Source: {one.source}",
    ]
    if item.answer is None:
        said.append("  Not answered.")
    else:
        dated = f" Evidence of {day(item.answer.epoch)}." if item.answer.epoch else ""
        said.append(f"  Answered: {ANSWER_NAMES[item.answer.kind]}{dated}")
        said += [f"    {line}" for line in clean(item.answer.text).splitlines()]
    said.append(f"  What shows it: {one.evidence}")
    for mark in item.marks:
        text = f": {clean(mark.text)}" if mark.text else ""
        who = scene.name_of(mark.author)
        said.append(f"  {STATE_NAMES[mark.state].capitalize()}, {who}, {day(mark.epoch)}{text}")
    return said


def _answer(item: Item) -> dict[str, object] | None:
    if item.answer is None:
        return None
    said = item.answer
    return {"kind": ANSWER_NAMES[said.kind], "epoch": said.epoch, "text": said.text}
