"""Reading docs/data-map.md, the one list of what a server may hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "data-map.md"

_COLUMNS, _FILES = "1. Columns", "2. Files"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the page says of one column or kind of file; all are sentences' parts."""

    what: str
    tells: str
    who: str
    ends: str

    @property
    def stays(self) -> bool:
        """Say whether it is kept without an end."""
        return self.ends.startswith("stays")


def columns(text: str) -> dict[str, Entry]:
    """Return what the page says of each `table.column`."""
    return _rows(text, _COLUMNS)


def files(text: str) -> dict[str, Entry]:
    """Return what the page says of each kind of file."""
    return _rows(text, _FILES)


def kind_of(name: str, database: str | None) -> str:
    """Return the kind, as the page writes it, of a file of the server's folders by its name.

    `database` is the name of SQLite's file, or None.
    """
    if database is not None and name.startswith(database):
        return "DATABASE" + name.removeprefix(database)
    return re.sub(r"-[0-9]{8}\.key", "-N.key", name)


def _rows(text: str, title: str) -> dict[str, Entry]:
    _, _, rest = text.partition(f"\n## {title}\n")
    section = rest.partition("\n## ")[0]
    found: dict[str, Entry] = {}
    for line in section.splitlines():
        name, *cells = (cell.strip() for cell in line.strip("|").split(" | "))
        if name.startswith("`") and len(cells) == 4:
            found[name.strip("`")] = Entry(*cells)
    return found
