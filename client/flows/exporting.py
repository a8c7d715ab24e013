"""Lines of one case as a table that a spreadsheet can open.

No cell begins with a sign that a spreadsheet would take for a formula.

Source: RFC 4180.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

Line = tuple[str, str]
"""A part of a case, and its value."""

_FORMULA = re.compile(r"^[=+\-@\t\r]")
# Where commas are decimal points a spreadsheet begins a cell after a semicolon, quotes or none.
_WITHIN = re.compile(r'([;\t\r][\s"]*)([=+\-@])')
_QUOTED = re.compile(r'[",;\t\r\n]')


def csv(lines: Iterable[Line]) -> str:
    """Write lines as CSV of which no cell begins as a formula would."""
    return "".join(",".join(map(cell, line)) + "\r\n" for line in lines)


def cell(value: str) -> str:
    """Return a value as a cell, in quotes where it needs them.

    An apostrophe stands before what a spreadsheet would work out, in every line of the value.
    """
    safe = "\n".join(_safe(line) for line in value.split("\n"))
    return '"' + safe.replace('"', '""') + '"' if _QUOTED.search(safe) else safe


def _safe(line: str) -> str:
    begun = f"'{line}" if _FORMULA.match(line) else line
    return _WITHIN.sub(r"\1'\2", begun)
