"""The server's settings: one TOML file, read once; a bad one refuses to start and says which."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any

from crypto.constants import STORE_STEPS, TOKEN_BATCH_MOST, WORK_BITS_LEAST, WORK_BITS_MOST
from words import catalogues

FILE_NAME = "server.toml"
_CONTACTS = 8
_CONTACT_CHARACTERS = 120
# Printable ASCII: it becomes a header of an answer.
_AWAY = re.compile(r"https://[!-~]{1,200}")


class BadSettings(ValueError):
    """A setting can't be used; the message names it and says what it must be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an operator decides. Units stand in the names.

    `database` is a URL (sqlite:///file or postgresql+psycopg://...), `keyring` the folder of keys
    and `keyring_copy` a second one on another disk. `processes` above 1 needs PostgreSQL.
    `store_bytes` is the one size of all stores.
    `leave_to` is where the quick exit leads; `contacts` stand on the page without JavaScript.
    `unreviewed_languages` (BCP 47) are shown though nobody has read their safety texts.
    """

    database: str
    keyring: Path
    keyring_copy: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    threads: int = 8
    tick_seconds: int = 120
    refusal_tick_ms: int = 100
    work_bits: int = 18
    tokens_a_week: int = 32
    store_bytes: int = STORE_STEPS[1]
    misses_a_minute: int = 600
    walk_ins_a_day: int = 500
    applications_a_day: int = 50
    invites_a_day: int = 200
    cosignatures_a_day: int = 20_000
    contact: str | None = None
    leave_to: str = "https://www.wikipedia.org/"
    contacts: tuple[str, ...] = ()
    unreviewed_languages: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, (low, high) in _RANGES.items():
            if not low <= getattr(self, name) <= high:
                raise BadSettings(f"{name} must be a whole number from {low} to {high}.")
        if self.store_bytes not in STORE_STEPS:
            steps = ", ".join(map(str, STORE_STEPS))
            raise BadSettings(f"store_bytes must be one of {steps}.")
        if not self.database.startswith(("sqlite:///", "postgresql+psycopg://")):
            raise BadSettings(
                "database must begin with sqlite:/// (a file) or postgresql+psycopg://."
            )
        if self.database.startswith("sqlite:") and self.processes != 1:
            raise BadSettings("processes must be 1 with SQLite; more need PostgreSQL.")
        if self.keyring_copy == self.keyring:
            raise BadSettings("keyring_copy must be another folder than keyring, on another disk.")
        if self.contact is not None and not self.contact.startswith(("mailto:", "https://")):
            raise BadSettings("contact must begin with mailto: or https://.")
        if not _AWAY.fullmatch(self.leave_to):
            raise BadSettings("leave_to must be an address that begins with https://.")
        _check_languages(self.unreviewed_languages)
        if len(self.contacts) > _CONTACTS or any(
            len(one) > _CONTACT_CHARACTERS for one in self.contacts
        ):
            raise BadSettings(
                f"contacts must be at most {_CONTACTS} lines of"
                f" at most {_CONTACT_CHARACTERS} characters."
            )


def _check_languages(codes: Sequence[str]) -> None:
    for code in codes:
        if code == "en" or code not in catalogues.codes():
            raise BadSettings(
                f"unreviewed_languages: {code} is none of the languages that the pages are"
                f" translated into: {', '.join(catalogues.codes()[1:])}."
            )


_RANGES: Mapping[str, tuple[int, int]] = {
    "port": (1, 65_535),
    "processes": (1, 64),
    "threads": (1, 64),
    "tick_seconds": (1, 3_600),
    "refusal_tick_ms": (0, 1_000),
    "work_bits": (WORK_BITS_LEAST, WORK_BITS_MOST),
    "tokens_a_week": (1, TOKEN_BATCH_MOST),
    "misses_a_minute": (1, 1_000_000),
    "walk_ins_a_day": (1, 1_000_000),
    "applications_a_day": (1, 10_000),
    "invites_a_day": (1, 10_000),
    "cosignatures_a_day": (1, 1_000_000),
}


def load(folder: Path) -> Settings:
    """Read `server.toml` in a folder; relative paths in it start from there.

    Raises BadSettings with a sentence that names the file or the setting.
    """
    file = folder / FILE_NAME
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadSettings(f"There is no {file}: make one with: towpath server init.") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        raise BadSettings(f"{file} can't be read as TOML.") from None
    return from_table(table, folder)


def from_table(table: Mapping[str, Any], folder: Path) -> Settings:
    """Check a table of settings whose relative paths start from `folder`; raises BadSettings."""
    known = {field.name: field for field in fields(Settings)}
    for name in table:
        if name not in known:
            raise BadSettings(f"{name} is not a setting.")
    for name, field in known.items():
        if field.default is MISSING and name not in table:
            raise BadSettings(f"{name} is missing.")
    return Settings(**{name: _READERS[name](name, value, folder) for name, value in table.items()})


def _number(name: str, value: object, _folder: Path) -> int:
    if type(value) is not int:
        raise BadSettings(f"{name} must be a whole number.")
    return value


def _text(name: str, value: object, _folder: Path) -> str:
    if not isinstance(value, str) or not value or not value.isprintable():
        raise BadSettings(f"{name} must be a text.")
    return value


def _lines(name: str, value: object, folder: Path) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise BadSettings(f"{name} must be a list of texts.")
    return tuple(_text(name, one, folder) for one in value)


def _path(name: str, value: object, folder: Path) -> Path:
    return folder / _text(name, value, folder)


def _database(name: str, value: object, folder: Path) -> str:
    url = _text(name, value, folder)
    file = url.removeprefix("sqlite:///")
    return url if file == url else f"sqlite:///{(folder / file).absolute()}"


_READERS: Mapping[str, Callable[[str, object, Path], Any]] = {
    **dict.fromkeys(_RANGES, _number),
    "store_bytes": _number,
    "database": _database,
    "keyring": _path,
    "keyring_copy": _path,
    "host": _text,
    "contact": _text,
    "leave_to": _text,
    "contacts": _lines,
    "unreviewed_languages": _lines,
}
