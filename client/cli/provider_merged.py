"""What of one's own work does not stand, since another member changed the same: in plain words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from client.cli.common import tell
from client.flows import cases
from client.flows.sync import Synced
from crypto import constants as c
from crypto.client import answers
from crypto.client.answers import Answer
from crypto.client.merge import Overruled
from crypto.client.store import Store
from crypto.errors import Malformed

_SAID = {
    c.CASE_TAKEN_BY: "another member took it, and has it now.",
    c.CASE_NOTE: "another member wrote a note as well. Both do not fit; yours does not stand:",
}
_OTHER = "another member changed the same as you; yours does not stand."
_MEMBER = "A member whom you added is not in the list: look with `towpath provider members list`."
_CODE = "A code was changed by another member as well; your change does not stand."
_SETTING = "Something that you set was set by another member as well; yours does not stand."
_ANSWER = "another member has answered. Yours was not sent:"


def show(store: Store, done: Synced) -> None:
    """Print what others did in place of what was done here, most important first."""
    lines = list(_lines(store, done))
    if lines:
        tell("Others changed the same as you. What does not stand of yours:")
    for title, text in lines:
        tell(f"- {title}")
        for line in text.splitlines():
            tell(f"    {line}")


def as_values(store: Store, done: Synced) -> list[dict[str, str | None]]:
    """Return the same as plain values, for JSON."""
    return [{"what": title, "text": text or None} for title, text in _lines(store, done)]


def _lines(store: Store, done: Synced) -> Iterator[tuple[str, str]]:
    names = {
        one.case_id: one.name
        for closed in (False, True)
        for one in cases.listed(store, closed=closed)
    }
    for unsent in done.taken:
        yield _unsent(names.get(unsent.case_id, "-"), unsent.answer)
    # The same is overruled twice where others wrote again in between.
    for one in dict.fromkeys(done.overruled):
        yield _line(names, one)


def _line(names: dict[bytes, str], one: Overruled) -> tuple[str, str]:
    match one.kind:
        case c.ENTRY_CASE:
            name = names.get(one.entry_id, "-")
            if one.field == c.CASE_ANSWER and one.lost:
                with suppress(Malformed):  # another member's may be no answer
                    return _unsent(name, answers.decode_body(one.lost[1:], one.lost[0]))
            is_note = one.field == c.CASE_NOTE
            if is_note and not one.lost:
                return f"{name}: {_OTHER}", ""
            return f"{name}: {_SAID.get(one.field, _OTHER)}", one.lost.decode() if is_note else ""
        case c.ENTRY_MEMBER:
            return _MEMBER, ""
        case c.ENTRY_SEED:
            return _CODE, ""
    return _SETTING, ""


def _unsent(name: str, answer: Answer) -> tuple[str, str]:
    return f"{name}: {_ANSWER}", answer.text
