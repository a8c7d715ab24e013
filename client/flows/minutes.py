"""Minutes of a decision: who marked, wrote and signed what on which day, as a page to print.

What admins write ends with the application: minutes that are to last are printed.

Source: docs/spec/vetting.md, 6.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from client.flows import checklist, profile_words
from client.flows.checklist import ANSWER_NAMES, STATE_NAMES, Item
from client.flows.days import day
from client.flows.review import Opened, Written
from client.flows.scene import Scene
from crypto import constants as c
from crypto.client.vetting_entries import Entry
from crypto.public import notes, statements

_STYLE = """
body { font: 11pt/1.45 serif; margin: 2em auto; max-width: 45em; padding: 0 1em; }
h1 { font-size: 1.4em; } h2 { font-size: 1.1em; margin-top: 1.6em; }
table { border-collapse: collapse; width: 100%; }
td, th { border: 1px solid #999; padding: .3em .5em; text-align: start; vertical-align: top; }
tr { break-inside: avoid; } p, td { overflow-wrap: anywhere; white-space: pre-line; }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(opened: Opened, scene: Scene) -> str:
    """Return the minutes of an application as one HTML page that loads nothing."""
    name = escape(opened.application.name)
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>Minutes: {name}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Minutes: {name}</h1>",
        _paragraph(f"As it stands on {day(scene.today)}. {checklist.summary(opened, scene)}."),
        _paragraph(f"Key: {opened.application.organisation.hex()}"),
        _paragraph(f"Admins: {', '.join(key.name for key in scene.policy.admins)};"
                   f" {scene.policy.threshold} must sign."),
        *(_paragraph(f"Look: {flag}") for flag in opened.flags),
        "<h2>What would be public</h2>",
        _table(("", ""), ((row.title, "\n".join(row.texts)) for row in
                          profile_words.rows(opened.profile, scene.policy.regions))),
        "<h2>Checklist</h2>",
        _table(
            ("", "Asked", "Answered", "Marked"),
            (_item(one, scene) for one in checklist.items(opened, scene)),
        ),
        "<h2>In order</h2>",
        _table(("", "Day", "Who", "What"), (_row(one, scene) for one in opened.written)),
        "</body></html>",
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def said(entry: Entry) -> str:
    """Say in words what an entry is, without who and when."""
    if entry.kind == c.VETTING_MARK:
        text = f": {entry.text}" if entry.text else ""
        return f"V{entry.criterion} {STATE_NAMES[entry.state]}{text}"
    if entry.kind == c.VETTING_SIGNATURE:
        statement = statements.parse(notes.parse(entry.note).text)
        return f"Signed number {statement.serial}, until {day(statement.until)}"
    if entry.kind == c.VETTING_DECLINE:
        return f"Declined: {entry.text}"
    return entry.text


def _item(item: Item, scene: Scene) -> tuple[str, str, str, str]:
    name = item.criterion.name + (" (blocking)" if item.criterion.blocking else "")
    answer = "–"
    if item.answer is not None:
        dated = f" ({day(item.answer.epoch)})" if item.answer.epoch else ""
        answer = f"{ANSWER_NAMES[item.answer.kind]}{dated} {item.answer.text}"
    marks = [
        f"{scene.name_of(mark.author)}, {day(mark.epoch)}: {STATE_NAMES[mark.state]}"
        for mark in item.marks
    ]
    return name, item.criterion.question, answer, "\n".join(marks) or "–"


def _row(one: Written, scene: Scene) -> tuple[str, str, str, str]:
    if one.entry is None:
        return str(one.number), "–", "–", one.why
    entry = one.entry
    return str(one.number), day(entry.epoch), scene.name_of(entry.author), said(entry)


def _paragraph(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(head: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    titles = "".join(f"<th>{escape(one)}</th>" for one in head)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows
    )
    return f"<table>\n<tr>{titles}</tr>\n{body}</table>"
