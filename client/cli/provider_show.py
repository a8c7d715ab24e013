"""A case as a caseworker sees it: contact rule first, then the choices; the text only on demand.

Source: docs/spec/envelope.md, 4.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from client.cli import peer_words
from client.cli.common import tell
from client.flows import cases, contact_rule
from client.flows.cases import Opened
from client.flows.contact_rule import Rule
from client.flows.days import day
from crypto.client import answers
from crypto.client.message import Message
from crypto.public.policy import Region

_WIDTH = 26
_NOBODY = "nobody yet"


def inbox(opened: Sequence[Opened], takers: Mapping[bytes, str]) -> None:
    """Print the summary of each case: the contact rule first, and nothing that was told."""
    for one in opened:
        tell(f"{one.name}  {_state(one, takers)}")
        for label, value in (*_rule_rows(contact_rule.of(one), brief=True), *_summary(one)):
            _row(label, value)
        tell("")


def whole(opened: Opened, taker: str, regions: Sequence[Region], *, with_text: bool) -> None:
    """Print a case: the contact rule first, then every choice, additions, answers, the note."""
    tell(f"{opened.name}  {_state(opened, {opened.case.taken_by: taker})}")
    for label, value in _rule_rows(contact_rule.of(opened), brief=False):
        _row(label, value)
    tell("")
    for label, value in _choices(opened.said, regions):
        _row(label, value)
    _row("Came on", day(opened.case.arrived))
    _text(opened.said.text, with_text)
    for number, said in cases.follow_ups(opened.case):
        tell("")
        tell(f"Addition {number}")
        for label, value in (*_contact_rows(said), *_choices(said, regions)):
            _row(label, value)
        _text(said.text, with_text)
    _answers(opened, with_text)
    if opened.case.note:
        tell("")
        tell("Your note")
        _lines(opened.case.note)


def as_values(
    opened: Opened, taker: str, regions: Sequence[Region], *, whole_case: bool, with_text: bool
) -> dict[str, object]:
    """Return a case as plain values, for JSON, in the same order."""
    rule = contact_rule.of(opened)
    values: dict[str, object] = {
        "case": opened.name,
        "state": peer_words.code_of("state", opened.case.state),
        "contact_rule": dict(_rule_rows(rule, brief=not whole_case)),
        "summary": dict(_summary(opened)),
        "taken_by": taker or None,
        "additions": len(opened.case.follow_ups),
        "answers": len(opened.case.answers),
    }
    if whole_case:
        values["choices"] = dict(_choices(opened.said, regions))
        values["additions"] = [
            {
                "number": number,
                "choices": dict((*_contact_rows(said), *_choices(said, regions))),
                "text": said.text if with_text else None,
            }
            for number, said in cases.follow_ups(opened.case)
        ]
        values["note"] = opened.case.note or None
        values["text"] = opened.said.text if with_text else None
        values["has_text"] = bool(opened.said.text)
    return values


def _state(opened: Opened, takers: Mapping[bytes, str]) -> str:
    taker = takers.get(opened.case.taken_by) or _NOBODY
    additions = len(opened.case.follow_ups)
    added = f", {additions} additions" if additions > 1 else ", 1 addition" if additions else ""
    return f"{peer_words.text_of('state', opened.case.state)}{added}; taken by {taker}"


def _rule_rows(rule: Rule, *, brief: bool) -> list[tuple[str, str]]:
    texts = peer_words.texts_of
    changed = ", ".join(str(number) for number in rule.changed)
    rows = [
        ("Contact only so", texts("channel", rule.channels)),
        ("Never", texts("never", rule.never)),
        ("When", texts("hours", rule.hours)),
        ("Changed by addition", changed),
    ]
    if not brief:
        rows[1:1] = [("Number or place", rule.contact), ("Safe word", rule.safe_word)]
    return [row for row in rows if row[1]]


def _contact_rows(said: Message) -> list[tuple[str, str]]:
    found = Rule(said.channels, said.contact, said.hours, said.never, said.safe_word, ())
    return _rule_rows(found, brief=False)


def _summary(opened: Opened) -> list[tuple[str, str]]:
    said = opened.said
    rows = [
        ("Languages", peer_words.languages_of(said.languages)),
        ("What would help", peer_words.texts_of("needs", said.needs)),
        ("People", str(said.people or "")),
        ("Children", peer_words.texts_of("children", said.children)),
        ("How soon", peer_words.texts_of("soon", [said.soon] if said.soon else [])),
        ("Came on", day(opened.case.arrived)),
    ]
    return [row for row in rows if row[1]]


def _choices(said: Message, regions: Sequence[Region]) -> list[tuple[str, str]]:
    texts = peer_words.texts_of
    rows = [
        ("Languages", peer_words.languages_of(said.languages)),
        ("What would help", texts("needs", said.needs)),
        ("Where", peer_words.regions_of([said.region] if said.region else [], regions)),
        ("How soon", texts("soon", [said.soon] if said.soon else [])),
        ("People", str(said.people or "")),
        ("Who", texts("who", said.who)),
        ("Children", texts("children", said.children)),
        ("Wishes", texts("wish", said.wishes)),
        ("Written by", texts("peer", [said.peer] if said.peer else [])),
        ("Who may read answers", texts("eyes", [said.eyes] if said.eyes else [])),
        ("The yes", texts("consent", [said.consent])),
        ("More", peer_words.UNKNOWN if said.unknown else ""),
    ]
    return [row for row in rows if row[1]]


def _answers(opened: Opened, with_text: bool) -> None:
    for slot, body in opened.case.answers:
        answer = answers.decode_body(body, slot)
        tell("")
        state = peer_words.text_of("state", answer.state)
        tell(f"Your answer {slot}, {day(answer.epoch)}: {state}")
        _text(answer.text, with_text)


def _text(text: str, shown: bool) -> None:
    if text and shown:
        tell("")
        _lines(text)
    elif text:
        _row("In their own words", f"{len(text)} signs; --text shows them")


def _lines(text: str) -> None:
    for line in text.split("\n"):
        tell(f"  {line}")


def _row(label: str, value: str) -> None:
    first, *more = value.split("\n")
    tell(f"  {label:<{_WIDTH}}{first}")
    for line in more:
        tell(" " * (_WIDTH + 2) + line)
