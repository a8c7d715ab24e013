"""Reading a code or receipt that somebody types, reads aloud or has in a file.

One wrong sign is put right and said; two are only suggested, and asked about. Neither is ever
an argument of a command, where other programs and the shell's history would see it.

Source: docs/spec/codes.md, 4.
"""

from __future__ import annotations

import click

from client.cli import asking
from client.cli.common import note, one_line, read_text
from client.errors import CodeRefused, Trouble
from crypto.client import code_text
from crypto.client.code_text import Kind, Typed
from crypto.errors import CodeMistyped, WrongKind

_TRIES = 5

_MISTYPED = {
    Kind.CODE: "This is not a code.",
    Kind.RECEIPT: "This is not a receipt.",
}
_HOW = (
    "It has 20 letters and digits, like 0000-0000-0000-0000-0000, or 27 digits. Spaces, hyphens and"
    " capitals do not matter, and O is 0, I and L are 1. Look at it again, sign by sign."
)
_OTHER = {
    Kind.CODE: (
        "This is a receipt, and a code is asked for.",
        "With a receipt answers are read: `towpath answers`.",
    ),
    Kind.RECEIPT: (
        "This is a code, and a receipt is asked for.",
        "With a code a request is sent: `towpath ask`. The receipt was shown before it was sent.",
    ),
}


def secret(kind: Kind, source: str | None) -> bytes:
    """Return the 10 bytes of a code or receipt, from a file ("-": standard input) or asked for.

    Raises CodeRefused for a file that holds none, and after five tries by hand.
    """
    if source is not None:
        return _from_file(kind, source)
    trouble: Trouble | None = None
    for _ in range(_TRIES):
        typed: str = click.prompt(f"The {kind.value}", err=True)
        try:
            found = read(kind, typed)
        except CodeRefused as refused:
            trouble = refused
            note(str(refused))
            continue
        if _is_meant(kind, found):
            return found.secret
    raise trouble or CodeRefused(_MISTYPED[kind], _HOW)


def word(source: str | None, *, asked: bool = True) -> str:
    """Return the word that belongs to a receipt: from a file, or typed without being shown."""
    if source is not None:
        return one_line(read_text(source))
    if not asked:
        return ""
    return _hidden_word()


def read(kind: Kind, typed: str) -> Typed:
    """Read a code or receipt; raises CodeRefused with a sentence that helps."""
    try:
        return code_text.read(typed, kind)
    except WrongKind:
        raise CodeRefused(*_OTHER[kind]) from None
    except CodeMistyped:
        raise CodeRefused(_MISTYPED[kind], _HOW) from None


def both_forms(kind: Kind, value: bytes) -> tuple[str, str]:
    """Return the two written forms of a code or receipt (10 bytes): letters, and digits."""
    return code_text.symbols(value, kind), code_text.digits(value, kind)


def _from_file(kind: Kind, source: str) -> bytes:
    found = read(kind, read_text(source).strip())
    if found.how == "suggested":
        raise CodeRefused(
            f"Two signs of this {kind.value} look wrong.",
            "Type it by hand, without a file: then what it may be is shown and asked about.",
        )
    _say_corrected(kind, found)
    return found.secret


def _is_meant(kind: Kind, found: Typed) -> bool:
    if found.how == "suggested":
        note("Two signs look wrong. Did you mean")
        note(f"  {code_text.symbols(found.secret, kind)}")
        return asking.yes("Is it this, every sign of it?")
    _say_corrected(kind, found)
    return True


def _say_corrected(kind: Kind, found: Typed) -> None:
    if found.how == "corrected":
        note("One sign was wrong and was put right:")
        note(f"  {code_text.symbols(found.secret, kind)}")


def _hidden_word() -> str:
    said: str = click.prompt(
        "The word, if there is one (it is not shown; Enter alone for none)",
        hide_input=True,
        default="",
        show_default=False,
        err=True,
    )
    return said
