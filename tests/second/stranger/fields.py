"""Runs of fields, and what a value may be (docs/spec/envelope.md, sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.second.stranger.basics import (
    MALFORMED,
    TOO_LONG,
    Reader,
    Refused,
    from_utf8,
    has_category,
    need,
    to_utf8,
    u8,
    u16,
    u32,
)

Values = dict[str, Any]
UNKNOWN = "unknown"


@dataclass(frozen=True)
class Rule:
    """One line of a table of fields; most is of ids, of bytes or of the number itself."""

    id: int
    name: str
    form: str
    least: int = 1
    most: int = 0xFFFF


def read_run(content: bytes, width: int = 2) -> list[tuple[int, bytes]]:
    """Ids and values, ids ascending; a case repeats some, so it checks the order itself."""
    reader, found = Reader(content), []
    while reader.more():
        number = reader.number(1)
        found.append((number, reader.prefixed((1 << 8 * width) - 1, width)))
    return found


def need_ascending(run: Sequence[tuple[int, bytes]]) -> None:
    """Strictly ascending ids."""
    ids = [number for number, _ in run]
    need(ids == sorted(set(ids)))


def write_run(run: Sequence[tuple[int, bytes]], width: int = 2) -> bytes:
    """The run's bytes."""
    return b"".join(u8(number) + len(value).to_bytes(width, "big") + value for number, value in run)


def read_values(run: Sequence[tuple[int, bytes]], rules: Sequence[Rule]) -> Values:
    """Values by name, and what no rule knows under "unknown", as it came."""
    by_id = {rule.id: rule for rule in rules}
    values: Values = {}
    unknown = []
    for number, value in run:
        rule = by_id.get(number)
        if rule is None:
            unknown.append([number, value])
        else:
            values[rule.name] = read_value(value, rule)
    if unknown:
        values[UNKNOWN] = unknown
    return values


def write_values(values: Mapping[str, Any], rules: Sequence[Rule]) -> list[tuple[int, bytes]]:
    """The run of these values, the unknown ones in their places."""
    run = [(r.id, write_value(values[r.name], r)) for r in rules if r.name in values]
    known = {rule.id for rule in rules}
    for number, value in values.get(UNKNOWN, ()):
        need(number not in known)
        run.append((number, value))
    need_ascending(sorted(run))
    return sorted(run)


def read_value(value: bytes, rule: Rule) -> Any:
    """One value by its rule, or Malformed."""
    if rule.form == "text":
        need(rule.least <= len(value) <= rule.most)
        return check_text(from_utf8(value))
    if rule.form == "bytes":
        need(rule.least <= len(value) <= rule.most)
        return value
    if rule.form == "ids":
        return _read_list(value, rule, 2)
    if rule.form == "keys":
        return _read_list(value, rule, 32)
    need(len(value) == {"u8": 1, "id": 2, "u32": 4}[rule.form])
    number = int.from_bytes(value, "big")
    need(rule.form == "u32" or rule.least <= number <= rule.most)
    return number


def write_value(value: Any, rule: Rule) -> bytes:
    """One value's bytes; TooLong where it is longer than its rule allows."""
    writers = {"u8": u8, "id": u16, "u32": u32}
    encoded = writers[rule.form](value) if rule.form in writers else _encode(value, rule)
    read_value(encoded, rule)
    return encoded


def _encode(value: Any, rule: Rule) -> bytes:
    if rule.form == "text":
        encoded = to_utf8(value)
        need(len(encoded) <= rule.most, TOO_LONG)
        return encoded
    if rule.form == "bytes":
        return bytes(value)
    need(len(value) <= rule.most, TOO_LONG)
    return b"".join(u16(part) if rule.form == "ids" else part for part in value)


def check_text(text: str) -> str:
    """No control characters but line feed."""
    if has_category(text.replace("\n", ""), "Cc"):
        raise Refused(MALFORMED)
    return text


def _read_list(value: bytes, rule: Rule, width: int) -> list[Any]:
    count, rest = divmod(len(value), width)
    need(not rest and rule.least <= count <= rule.most)
    parts = [value[start : start + width] for start in range(0, len(value), width)]
    need(len(set(parts)) == len(parts))
    if width == 32:
        return parts
    numbers = [int.from_bytes(part, "big") for part in parts]
    need(0 not in numbers)
    return numbers
