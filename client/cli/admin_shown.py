"""Applications and statements as an admin reads them: police ties and funding first (R22)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from client.cli.common import note, tell
from client.flows import profile_words
from client.flows.days import day
from client.flows.review import Broken, Draft, Opened, Scene
from crypto.public.notes import Key
from crypto.public.policy import Region
from crypto.public.statements import Statement

_TITLE = 16


def tell_applications(found: Iterable[Opened | Broken], scene: Scene) -> None:
    """Print every open application, or that there is none."""
    shown = list(found)
    if not shown:
        tell("No application is open.")
    for number, one in enumerate(shown, 1):
        tell(f"{number} of {len(shown)}")
        if isinstance(one, Broken):
            tell(f"  This application does not hold and can't be approved. {one.reason}")
        else:
            for line in described(one, scene):
                tell(f"  {line}")
        tell()


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
    said += [line for draft in opened.drafts for line in _draft(draft, scene)]
    if not opened.drafts:
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
        return {"holds": False, "reason": one.reason}
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
        "needed": scene.policy.threshold,
        "drafts": [
            {"signed": [key.name for key in draft.signed], "wrong": list(draft.wrong)}
            for draft in one.drafts
        ],
    }


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
    missing = max(0, scene.policy.threshold - len(draft.signed))
    until = f", until {day(draft.statement.until)}" if draft.statement else ""
    return [f"Signed by {names(draft.signed)}{until}; {missing} more must."]
