"""Make the constants of crypto/ and web/src/ from docs/spec/constants.toml, or check them."""

from __future__ import annotations

import argparse
import json
import sys
import textwrap
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "docs" / "spec" / "constants.toml"
TARGET = ROOT / "crypto" / "constants.py"
WEB_TARGET = ROOT / "web" / "src" / "constants.js"
_WIDTH = 100
_NUMBER_MOST = 2**53 - 1  # a larger one is a BigInt in JavaScript

HEADER = '''"""Sizes, limits, labels and ids of the protocol.

Generated from docs/spec/constants.toml by `./dev vectors`; do not edit here.
"""

from typing import Final
'''

WEB_HEADER = """/**
 * Sizes, limits, labels and ids of the protocol.
 *
 * Generated from docs/spec/constants.toml by `./dev vectors`; do not edit here.
 */
"""


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
        if len(long) <= _WIDTH:
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
    if len(one) <= _WIDTH:
        return one
    rows = textwrap.fill(
        ", ".join(parts) + ",", 95, initial_indent="    ", subsequent_indent="    "
    )
    return f"# fmt: off\n{name}: Final = (\n{rows}\n)\n# fmt: on"


def web_line(name: str, raw: object, numbers: dict[str, int]) -> str:
    """Return one assignment in JavaScript."""
    if isinstance(raw, str):
        return f"export const {name} = '{json.dumps(raw)[1:-1]}';"
    if is_sum(raw):
        assert isinstance(raw, list)
        plain, parts = f"export const {name} = {web_number(numbers[name])};", " + ".join(raw)
        long = f"{plain} // {parts}"
        return long if len(long) <= _WIDTH else f"// {parts}\n{plain}"
    if isinstance(raw, list):
        return web_wrapped(name, [web_number(part) for part in raw])
    assert isinstance(raw, int)
    return f"export const {name} = {web_number(raw)};"


def web_number(value: int) -> str:
    """Return a number literal, of a BigInt where a number would not be exact."""
    return f"{value}n" if value > _NUMBER_MOST else str(value)


def web_wrapped(name: str, parts: list[str]) -> str:
    """Return a list that nobody may change, on as many lines as it needs."""
    start, one = f"/** @type {{readonly number[]}} */\nexport const {name} = [", ", ".join(parts)
    if len(one) + len(start.split("\n")[1]) + 2 <= _WIDTH:
        return f"{start}{one}];"
    rows = textwrap.fill(one + ",", 97, initial_indent="  ", subsequent_indent="  ")
    return f"{start}\n{rows}\n];"


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
    return _render(HEADER, "#", line)


def render_web() -> str:
    """Return the text of web/src/constants.js."""
    return _render(WEB_HEADER, "//", web_line)


def _render(
    header: str, comment: str, one_line: Callable[[str, object, dict[str, int]], str]
) -> str:
    sections = flatten(tomllib.loads(SOURCE.read_text(encoding="utf-8")))
    numbers = resolve(sections)
    blocks = [header]
    for title, section in sections.items():
        rows = [one_line(name, raw, numbers) for name, raw in section.items()]
        blocks.append("\n".join([f"{comment} {title.replace('_', ' ')}", *rows]) + "\n")
    return "\n".join(blocks)


def main() -> int:
    """Write the files, or with --check compare and return 1 when one is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare only")
    check, stale = parser.parse_args().check, 0
    for path, wanted in ((TARGET, render()), (WEB_TARGET, render_web())):
        if not check:
            path.write_text(wanted, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != wanted:
            sys.stdout.write(f"stale: {path.relative_to(ROOT)} (run ./dev vectors)\n")
            stale = 1
    return stale


if __name__ == "__main__":
    sys.exit(main())
