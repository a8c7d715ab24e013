"""Make crypto/constants.py from docs/spec/constants.toml, or check that it is up to date."""

from __future__ import annotations

import argparse
import sys
import textwrap
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "spec" / "constants.toml"
TARGET = ROOT / "crypto" / "constants.py"

HEADER = '''"""Sizes, limits, labels and ids of the protocol.

Generated from docs/spec/constants.toml by `./dev vectors`; do not edit here.
"""

from typing import Final
'''


def resolve(sections: dict[str, dict[str, Any]]) -> dict[str, int]:
    """Return every whole-number constant, with sums of named parts worked out."""
    flat = {name: value for section in sections.values() for name, value in section.items()}
    known: dict[str, int] = {}

    def value_of(name: str) -> int:
        if name not in known:
            raw = flat[name]
            known[name] = raw if isinstance(raw, int) else sum(map(value_of, raw))
        return known[name]

    for name, raw in flat.items():
        if isinstance(raw, int) or is_sum(raw):
            value_of(name)
    return known


def is_sum(raw: object) -> bool:
    """Say whether a value is a sum of named parts."""
    return isinstance(raw, list) and all(isinstance(part, str) for part in raw)


def line(name: str, raw: object, numbers: dict[str, int]) -> str:
    """Return one assignment."""
    if isinstance(raw, str):
        return f"{name}: Final = {quoted(raw)}"
    if is_sum(raw):
        assert isinstance(raw, list)
        long = f"{name}: Final = {numbers[name]}  # {' + '.join(raw)}"
        if len(long) <= 100:
            return long
        return f"# {' + '.join(raw)}\n{name}: Final = {numbers[name]}"
    if isinstance(raw, list):
        return wrapped(name, [str(part) for part in raw])
    return f"{name}: Final = {raw}"


def quoted(raw: str) -> str:
    """Return a string literal in ASCII."""
    return '"' + raw.encode("unicode_escape").decode("ascii") + '"'


def wrapped(name: str, parts: list[str]) -> str:
    """Return a tuple, on as many lines as it needs."""
    one = f"{name}: Final = ({', '.join(parts)})"
    if len(one) <= 100:
        return one
    rows = textwrap.fill(
        ", ".join(parts) + ",", 95, initial_indent="    ", subsequent_indent="    "
    )
    return f"# fmt: off\n{name}: Final = (\n{rows}\n)\n# fmt: on"


def flatten(table: dict[str, Any], prefix: str = "") -> dict[str, dict[str, Any]]:
    """Return the sections of the file in their order, nested ones under joined names."""
    sections: dict[str, dict[str, Any]] = {}
    for key, value in table.items():
        plain = {k: v for k, v in value.items() if not isinstance(v, dict)}
        nested = {k: v for k, v in value.items() if isinstance(v, dict)}
        sections[prefix + key] = plain
        sections.update(flatten(nested, f"{prefix}{key}, "))
    return sections


def render() -> str:
    """Return the text of crypto/constants.py."""
    sections = flatten(tomllib.loads(SOURCE.read_text(encoding="utf-8")))
    numbers = resolve(sections)
    blocks = [HEADER]
    for title, section in sections.items():
        rows = [line(name, raw, numbers) for name, raw in section.items()]
        blocks.append("\n".join([f"# {title.replace('_', ' ')}", *rows]) + "\n")
    return "\n".join(blocks)


def main() -> int:
    """Write the file, or with --check compare and return 1 when it is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    wanted = render()
    if parser.parse_args().check:
        if TARGET.read_text(encoding="utf-8") != wanted:
            sys.stdout.write(f"stale: {TARGET.relative_to(ROOT)} (run ./dev vectors)\n")
            return 1
        return 0
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
