"""Holds every id ever given, so that none is given twice: `python -m words.lock`.

`ids.lock` has one line for each id: list, number, code. This command adds the lines of new
entries. It never takes a line away and never changes one; with `--check` it writes nothing and
fails when there is something to add.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

from words import HOME, BadWords, Choice, Choices, list_names, load

LOCK = HOME / "ids.lock"
HEADER = "# Every id ever given: list, id, code. Added to by `python -m words.lock`, never cut.\n"
Ids = Mapping[tuple[str, int], str]
_LINE = re.compile(r"([a-z_]+) ([1-9][0-9]*) (\S+)")


def read(text: str) -> dict[tuple[str, int], str]:
    """Return (list, id) -> code from the text of a lock file; raises BadWords for a bad line."""
    ids: dict[tuple[str, int], str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        parts = _LINE.fullmatch(line)
        if not parts or (parts[1], int(parts[2])) in ids:
            raise BadWords(f"{LOCK.name}: line {number} is malformed or stands there twice")
        ids[parts[1], int(parts[2])] = parts[3]
    return ids


def ids_of(lists: Mapping[str, Choices[Choice]]) -> dict[tuple[str, int], str]:
    """Return (list, id) -> code of every entry, retired ones included."""
    return {(name, e.id): e.code for name, choices in lists.items() for e in choices}


def broken(locked: Ids, current: Ids) -> list[str]:
    """Return one sentence for each id that vanished, changed its code, or moved."""
    problems = []
    codes = {(name, code): number for (name, number), code in locked.items()}
    for (name, number), code in locked.items():
        now = current.get((name, number))
        if now is None:
            problems.append(f"{name} {number} ({code}) is gone: retire it instead")
        elif now != code:
            problems.append(f"{name} {number} was {code} and is now {now}: take a new id")
    for (name, number), code in current.items():
        if codes.get((name, code), number) != number:
            problems.append(f"{name} {code} was {codes[name, code]} and is now {number}")
    return problems


def added(locked: Ids, current: Ids) -> list[str]:
    """Return the lines that the lock lacks, in the order of the lists."""
    return [
        f"{name} {number} {code}"
        for (name, number), code in current.items()
        if (name, number) not in locked
    ]


def main(arguments: list[str], lock: Path = LOCK) -> int:
    """Bring the lock up to date, or with `--check` say whether it is.

    Returns 0 when it is (or was brought) up to date, 1 when not, 2 for wrong arguments.
    """
    if arguments not in ([], ["--check"]):
        sys.stderr.write("usage: python -m words.lock [--check]\n")
        return 2
    text = lock.read_text(encoding="utf-8") if lock.exists() else HEADER
    locked, current = read(text), ids_of({name: load(name) for name in list_names()})
    problems, lines = broken(locked, current), added(locked, current)
    if problems or (arguments and lines):
        missing = [f"not locked yet: {line}" for line in lines]
        sys.stderr.write("\n".join(problems + missing) + "\n")
        return 1
    if lines:
        lock.write_text(text + "\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{len(current)} ids, {len(lines)} new\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
