"""The coded choices: what a request, an answer and a public profile can say, as numbers.

Every choice has a number that travels, a code that programs use and a text that people see.
The lists lie beside this file as TOML; this is the one place that reads them. A number that no
list knows comes from a newer client: looking it up gives None, and the number is kept as it is.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Generic, Literal, TypeVar, overload

__all__ = ["BadWords", "Choice", "Choices", "Language", "list_names", "load", "parse"]

HOME = Path(__file__).parent
FILES = ("needs.toml", "languages.toml", "regions.toml", "choices.toml", "profiles.toml")
ID_MOST = 65535
_CODE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_LANGUAGE_CODE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-x-[a-z]{1,8})?")


class BadWords(ValueError):
    """A data file of this room breaks a rule; the message names the file, the entry and why."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One entry of a list; `parent` is the code of the entry that it narrows."""

    id: int
    code: str
    text: str
    hint: str | None = None
    source: str | None = None
    parent: str | None = None
    retired: bool = False


@dataclass(frozen=True, kw_only=True)
class Language(Choice):
    """A language; `text` is its own name for itself, `catalogue` the wave of its pages or 0."""

    english: str
    direction: str
    catalogue: int


C_co = TypeVar("C_co", bound=Choice, covariant=True)


class Choices(Generic[C_co]):
    """One list in its order, retired entries included."""

    def __init__(self, name: str, entries: tuple[C_co, ...]) -> None:
        self.name = name
        self._entries = entries
        self._by_id = {entry.id: entry for entry in entries}
        self._by_code = {entry.code: entry for entry in entries}

    def __iter__(self) -> Iterator[C_co]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def by_id(self, number: int) -> C_co | None:
        """Return the entry with this number, or None for a number of a newer client."""
        return self._by_id.get(number)

    def by_code(self, code: str) -> C_co | None:
        """Return the entry with this code, or None."""
        return self._by_code.get(code)

    def offered(self, parent: str | None = None) -> tuple[C_co, ...]:
        """Return what a form shows, in order: entries under `parent` that are not retired."""
        return tuple(e for e in self._entries if e.parent == parent and not e.retired)


@overload
def load(name: Literal["languages"]) -> Choices[Language]: ...
@overload
def load(name: str) -> Choices[Choice]: ...
def load(name: str) -> Choices[Choice] | Choices[Language]:
    """Return one list.

    name: as in `list_names()`; "languages" gives Language entries, all others Choice entries.
    Raises KeyError for a name that is no list, BadWords when a data file breaks a rule.
    """
    return _lists()[name]


def list_names() -> tuple[str, ...]:
    """Return the names of all lists, in the order of the files."""
    return tuple(_lists())


@cache
def _lists() -> Mapping[str, Choices[Choice]]:
    found: dict[str, Choices[Choice]] = {}
    for file in FILES:
        for name, choices in parse(file, (HOME / file).read_text(encoding="utf-8")).items():
            if name in found:
                raise BadWords(f"{file}: the list {name!r} is also in another file")
            found[name] = choices
    return found


def parse(file: str, text: str) -> dict[str, Choices[Choice]]:
    """Read the text of one data file.

    file: its name, for messages. text: TOML, one array of tables for each list.
    Returns the lists by name. Raises BadWords when an entry breaks a rule.
    """
    return {name: _choices(file, name, tables) for name, tables in read_tables(file, text).items()}


def read_tables(file: str, text: str) -> dict[str, list[dict[str, object]]]:
    """Return the arrays of tables of one TOML text; raises BadWords for anything else in it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadWords(f"{file}: {error}") from None
    for name, tables in data.items():
        if not isinstance(tables, list) or not all(isinstance(t, dict) for t in tables):
            raise BadWords(f"{file}: {name!r} is not a list of entries")
    return data


def check_table(where: str, table: Mapping[str, object], shape: type) -> None:
    """Check one table against a dataclass: no unknown key, none missing, types, clean texts.

    where: names the entry in messages. Raises BadWords.
    """
    expected = {field.name: field for field in fields(shape)}
    for key, value in table.items():
        if key not in expected:
            raise BadWords(f"{where}: unknown key {key!r}")
        _check_value(where, key, value, str(expected[key].type))
    for key, field in expected.items():
        if field.default is MISSING and key not in table:
            raise BadWords(f"{where}: {key!r} is missing")


def _check_value(where: str, key: str, value: object, annotation: str) -> None:
    kinds = {"int": int, "bool": bool, "tuple": list}
    kind = next((kinds[k] for k in kinds if k in annotation), str)
    if type(value) is not kind:
        raise BadWords(f"{where}: {key!r} is not of type {kind.__name__}")
    for text in value if isinstance(value, list) else [value]:
        if kind in (str, list) and not _clean(text):
            raise BadWords(f"{where}: {key!r} is empty, or has spaces too many, or is not NFC")


def _clean(text: object) -> bool:
    if not isinstance(text, str) or not text:
        return False
    return text == " ".join(text.split()) and unicodedata.is_normalized("NFC", text)


def _choices(file: str, name: str, tables: list[dict[str, object]]) -> Choices[Choice]:
    entries: list[Choice] = []
    for number, table in enumerate(tables, 1):
        where = f"{file}: {name} entry {number} ({table.get('code', 'no code')})"
        shape = Language if name == "languages" else Choice
        check_table(where, table, shape)
        entry = shape(**table)  # type: ignore[arg-type]  # check_table has just checked them
        _check_entry(where, entry, entries)
        entries.append(entry)
    return Choices(name, tuple(entries))


def _check_entry(where: str, entry: Choice, before: list[Choice]) -> None:
    pattern = _LANGUAGE_CODE if isinstance(entry, Language) else _CODE
    if not pattern.fullmatch(entry.code):
        raise BadWords(f"{where}: the code is not well formed")
    if not 1 <= entry.id <= ID_MOST:
        raise BadWords(f"{where}: the id {entry.id} is not in 1..{ID_MOST}")
    for other in before:
        if entry.id == other.id or entry.code == other.code:
            state = "retired entry" if other.retired else "entry"
            raise BadWords(f"{where}: id or code already given to the {state} {other.code!r}")
    if entry.parent and not any(e.code == entry.parent and not e.parent for e in before):
        raise BadWords(f"{where}: the parent {entry.parent!r} is no earlier top entry")
    if isinstance(entry, Language) and entry.direction not in ("ltr", "rtl"):
        raise BadWords(f"{where}: the direction is neither ltr nor rtl")
    if isinstance(entry, Language) and entry.catalogue not in (0, 1, 2):
        raise BadWords(f"{where}: the catalogue is not 0, 1 or 2")
