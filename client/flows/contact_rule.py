"""How a person may be reached, and how not: what has to be read before anything else.

Source: docs/spec/envelope.md, 4.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from client.flows import cases
from client.flows.cases import Opened
from crypto.client.message import Message


@dataclass(frozen=True, slots=True)
class Rule:
    """How the person may be reached, additions included: the latest word on each point holds.

    What must never be done only ever grows: `changed` are numbers of additions that had a say.
    """

    channels: tuple[int, ...]
    contact: str
    hours: tuple[int, ...]
    never: tuple[int, ...]
    safe_word: str
    changed: tuple[int, ...]


def of(opened: Opened) -> Rule:
    """Return the contact rule that holds now."""
    said = [(0, opened.said), *cases.follow_ups(opened.case)]
    never: dict[int, None] = {}
    for _, one in said:
        never |= dict.fromkeys(one.never)
    latest = [one for _, one in reversed(said)]
    return Rule(
        channels=next((one.channels for one in latest if one.channels), ()),
        contact=next((one.contact for one in latest if one.contact), ""),
        hours=next((one.hours for one in latest if one.hours), ()),
        never=tuple(never),
        safe_word=next((one.safe_word for one in latest if one.safe_word), ""),
        changed=tuple(number for number, one in said[1:] if _says_how(one)),
    )


def as_it_holds(opened: Opened) -> Message:
    """Return the request with the contact rule that holds now in place of the first one."""
    rule = of(opened)
    return replace(
        opened.said,
        channels=rule.channels,
        contact=rule.contact,
        hours=rule.hours,
        never=rule.never,
        safe_word=rule.safe_word,
    )


def _says_how(said: Message) -> bool:
    return any((said.channels, said.contact, said.hours, said.never, said.safe_word))
