"""What a demo's server saw and holds, as somebody would know it who has the machine.

What passed is noted by a relay; what lies there is read from the database and the folder of keys.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from client.demo_relay import Relay, Seen

# What a row of each table is called, in the order in which they are shown.
_CALLED = {
    "code_record": ("code", "codes"),
    "envelope": ("row of the drop", "rows of the drop"),
    "box": ("box", "boxes"),
    "box_slot": ("sealed slot", "sealed slots"),
    "spent_token": ("spent token", "spent tokens"),
    "application": ("application", "applications"),
    "organisation": ("organisation", "organisations"),
    "member": ("member's public key", "members' public keys"),
}


@dataclass(slots=True)
class Watch:
    """One who looks at a server from outside: at its calls through a relay, and at its folder."""

    relay: Relay
    server: Path
    _rows: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        self._rows = self._count()

    def news(self) -> list[str]:
        """Return what passed and what changed since the last time, each in a few words."""
        said = [_words(list(alike)) for _, alike in groupby(self.relay.taken())]
        rows = self._count()
        changes = [
            f"{abs(change)} {one if abs(change) == 1 else several}"
            f" {'more' if change > 0 else 'fewer'}"
            for table, (one, several) in _CALLED.items()
            if (change := rows[table] - self._rows[table])
        ]
        self._rows = rows
        if changes:
            return [*said, f"holds {', '.join(changes)}"]
        return [*said, "holds what it held before"] if said else ["saw nothing"]

    def forget(self) -> None:
        """Leave out what passed since the last time."""
        self.relay.taken()

    def held(self) -> list[str]:
        """Return what lies there now, each in a few words."""
        rows = self._count()
        said = [
            f"{rows[table]} {one if rows[table] == 1 else several}"
            for table, (one, several) in _CALLED.items()
            if rows[table]
        ]
        kinds = Counter(key.name.split("-")[0] for key in (self.server / "keyring").glob("*.key"))
        keys = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
        return [*said, f"keys of its own: {keys}"]

    def row(self, table: str) -> list[str]:
        """Return every column of a row of a table: numbers, and sizes of bytes."""
        with self._opened() as database:
            found = database.execute(f"select * from {table} limit 1")  # noqa: S608  our own words
            names = [column[0] for column in found.description]
            row = found.fetchone()
        return [f"{name} {_value(value)}" for name, value in zip(names, row or (), strict=False)]

    def _count(self) -> Mapping[str, int]:
        with self._opened() as database:
            return {
                table: int(
                    database.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608
                )
                for table in _CALLED
            }

    def _opened(self) -> closing[sqlite3.Connection]:
        (file,) = (self.server / "data").glob("*.sqlite")
        return closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30))


def _words(alike: list[Seen]) -> str:
    seen, times = alike[0], f" ({len(alike)} times)" if len(alike) > 1 else ""
    sent = f" {seen.sent:,} bytes" if seen.sent else ""
    return f"{seen.method} {seen.path}{sent}, answered {seen.status} {seen.received:,} bytes{times}"


def _value(value: object) -> str:
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    return "none yet" if value is None else str(value)
