"""Questions with numbered choices, as short to answer as taps. Nothing typed is kept.

Every list takes numbers or codes of `words`, and Enter where an answer may be left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

from client.cli.common import clean, note
from crypto.fields import CONTROL

_COLUMNS_FROM = 24  # a longer list is shown in columns


@dataclass(frozen=True, slots=True)
class Option:
    """One line of a list: its id in `words`, its code, what people see."""

    id: int
    code: str
    text: str
    hint: str = ""
    also: str = ""
    """Another name that may be typed, as a language's in English."""


def one(title: str, options: Sequence[Option], *, needed: bool = True) -> int:
    """Ask for one of the options and return its id, 0 where it was left out."""
    chosen = _ask(title, options, "a number", at_most=1, needed=needed)
    return chosen[0] if chosen else 0


def several(
    title: str, options: Sequence[Option], *, at_most: int, needed: bool = False
) -> tuple[int, ...]:
    """Ask for up to `at_most` of the options and return their ids in the order typed."""
    return _ask(title, options, "numbers, with spaces between", at_most=at_most, needed=needed)


def yes(question: str) -> bool:
    """Ask a question that has no answer but yes or no, and wait for one."""
    return bool(click.confirm(question, default=None, err=True))


def line(question: str, *, at_most: int) -> str:
    """Ask for a line of at most `at_most` bytes of UTF-8; Enter leaves it out."""
    while True:
        said: str = click.prompt(question, default="", show_default=False, err=True)
        plain = plain_text(said)
        over = len(plain.encode()) - at_most
        if over <= 0:
            return plain
        note(f"This is {over} bytes too long (of {at_most}). Please write it shorter.")


def number(question: str, *, most: int) -> int:
    """Ask for a number of 1 to `most`; Enter leaves it out and gives 0."""
    while True:
        said = str(click.prompt(question, default="", show_default=False, err=True)).strip()
        if not said:
            return 0
        if said.isdecimal() and 1 <= int(said) <= most:
            return int(said)
        note(f"Please type a number from 1 to {most}, or Enter alone.")


def text(at_most: int) -> str:
    """Ask for several lines, ended by an empty one; say how much room is left or what to cut."""
    lines: list[str] = []
    while True:
        said = str(click.prompt(">", default="", show_default=False, prompt_suffix=" ", err=True))
        plain = plain_text(said)
        if plain:
            lines.append(plain)
            left = at_most - len("\n".join(lines).encode())
            note(f"  ({left} bytes left)" if left >= 0 else f"  ({-left} bytes too long)")
            continue
        whole = "\n".join(lines)
        over = len(whole.encode()) - at_most
        if over <= 0:
            return whole
        note(f"This is {over} bytes too long: about {over} Latin letters, or fewer of others.")
        note("Please write it again, shorter. (An empty line ends it.)")
        lines.clear()


def plain_text(said: str) -> str:
    """Bring what was typed or pasted into the form that texts travel in: no control characters."""
    unbroken = said.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    # Half of a surrogate pair is what a terminal makes of bytes that are no text.
    whole = unbroken.encode("utf-8", "ignore").decode("utf-8")
    return CONTROL.sub("", whole).strip()


def _ask(
    title: str, options: Sequence[Option], how: str, *, at_most: int, needed: bool
) -> tuple[int, ...]:
    note("")
    note(title)
    _show(options)
    question = f"Type {how}" + ("" if needed else ", or Enter alone")
    while True:
        said = str(click.prompt(question, default="", show_default=False, err=True))
        chosen = _read(said, options)
        if chosen is None:
            note("Please type only numbers of this list.")
        elif len(chosen) > at_most:
            note(f"Please choose {at_most} at most.")
        elif chosen or not needed:
            return chosen
        else:
            note("One of these is needed.")


def _read(said: str, options: Sequence[Option]) -> tuple[int, ...] | None:
    found: list[int] = []
    whole = _matching(said.strip(), options)
    parts = [said.strip()] if whole else said.replace(",", " ").split()
    for part in parts:
        option = _matching(part, options)
        if option is None:
            return None
        if option.id not in found:
            found.append(option.id)
    return tuple(found)


def _matching(part: str, options: Sequence[Option]) -> Option | None:
    if part.isdecimal():
        return options[int(part) - 1] if 1 <= int(part) <= len(options) else None
    folded = part.casefold()
    names = (
        (one, {one.code.casefold(), one.text.casefold(), one.also.casefold()}) for one in options
    )
    return next((one for one, known in names if folded and folded in known), None)


def _show(options: Sequence[Option]) -> None:
    shown = [f"{place:>3}  {_label(one)}" for place, one in enumerate(options, 1)]
    if len(options) <= _COLUMNS_FROM:
        for text_of in shown:
            note(text_of)
        return
    rows = -(-len(shown) // 2)
    for left in range(rows):
        right = shown[left + rows] if left + rows < len(shown) else ""
        note(f"{shown[left]:<40}{right}".rstrip())


def _label(option: Option) -> str:
    label = option.text
    if option.also and option.also != option.text:
        label += f" ({option.also})"
    return clean(f"{label}: {option.hint}" if option.hint else label)
