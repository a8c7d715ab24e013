"""Directories of others, in HSDS, as files that `towpath provider apply --from` takes.

Every row ends in one of four ways: it has our extension and is written; it lacks what only the
organisation can say, and is to be asked; it is another service of an organisation before it; it is
refused, with its line and a reason. Nothing is guessed, and a file vouches for nothing: who applies
is vetted as anybody. How admins reach an organisation and what it answers them stand in no
directory, so each file has them empty: its organisation fills them in before it applies.

Source: docs/spec/exchange.md, 5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import words
from client.errors import BadInput
from client.flows import (
    answers_file,
    hsds_codes,
    hsds_export,
    hsds_rows,
    hsds_schema,
    profile_file,
)
from client.flows.hsds_rows import BadRow, Row
from client.flows.hsds_schema import EXTENSION
from client.flows.profile_file import FIELDS
from crypto import constants as c
from crypto.errors import Malformed
from crypto.public import lines

NEEDED = tuple(one.key for one in FIELDS if one.needed)
_FROM_ANOTHER = """\
# From another directory: what stands there in public. Contact and answers, below, are for the
# admins alone and stand in no directory. They are empty: fill them in, then hand the file in.
"""
_TO_ASK = """\
# From another directory. What is empty here has to be asked: nothing else in that file says it.
# `towpath provider apply --example` shows all codes. Contact and answers, below, are for the admins
# alone and stand in no directory.
"""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row of which nothing is taken, and why."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Another service of the organisation whose first row begins in the line `first`."""

    line: int
    first: int


@dataclass(frozen=True, slots=True)
class Asking:
    """An organisation that has to be asked for `missing` fields; `file` has these empty, too."""

    line: int
    name: str
    missing: tuple[str, ...]
    file: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Taken:
    """An organisation with all that a profile says; `file` has contact and answers empty."""

    line: int
    name: str
    file: str = field(repr=False)


Outcome = Refused | Joined | Asking | Taken


def outcomes(data: bytes) -> Iterator[Outcome]:
    """Say of each row of a file what becomes of it; raises BadInput for a file that is none."""
    seen: dict[str, tuple[int, bool]] = {}
    for row in hsds_rows.rows(data):
        try:
            yield _outcome(row, seen)
        except BadRow as why:
            yield Refused(row.line, str(why))


def _outcome(row: Row, seen: dict[str, tuple[int, bool]]) -> Outcome:
    said = row.read()
    of_service = _is_service(said)
    organization = _of_service(said) if of_service else said
    fault = hsds_schema.fault(organization)
    if fault is not None:
        raise BadRow(fault)
    own = organization["id"].lower()
    if own in seen:
        first, by_service = seen[own]
        if of_service and by_service:
            return Joined(row.line, first)
        raise BadRow(f"the organisation of line {first} has the same id")
    name = _name(organization)
    if EXTENSION in organization:
        outcome: Outcome = Taken(row.line, name, _file(name, organization))
    else:
        outcome = Asking(row.line, name, NEEDED, _draft(name, organization))
    seen[own] = (row.line, of_service)
    return outcome


def _is_service(said: Mapping[str, Any]) -> bool:
    return "status" in said or "organization" in said or "organization_id" in said


def _of_service(said: dict[str, Any]) -> dict[str, Any]:
    """Return the organization of a row that is a service, with that service alone."""
    organization = said.get("organization")
    if not isinstance(organization, dict):
        raise BadRow("it is a service without its organization")
    service = {key: value for key, value in said.items() if key != "organization"}
    return {**organization, "services": [service]}


def _name(organization: Mapping[str, Any]) -> str:
    name = profile_file.spelled(cast(str, organization["name"]))
    try:
        lines.check_name(name, c.ORGANISATION_NAME_BYTES)
    except Malformed:
        raise BadRow(
            f"its name can't stand in a listing: 1 to {c.ORGANISATION_NAME_BYTES} bytes, with"
            " no sign that breaks lines, turns text round or can't be seen"
        ) from None
    return name


def _file(name: str, organization: Mapping[str, Any]) -> str:
    extension = organization[EXTENSION]
    key = bytes.fromhex(extension["organisation"])
    if str(hsds_export.organization_id(key)) != organization["id"].lower():
        raise BadRow("its id is not the one of the key that it names")
    try:
        written = profile_file.write(name, hsds_codes.from_json(extension["profile"]))
    except ValueError as why:
        raise BadRow(f"its profile can't be read: {why}") from None
    except BadInput as why:
        raise BadRow(f"its profile can't be taken over: {why.sentence}") from None
    return _FROM_ANOTHER + written + _to_fill_in()


def _draft(name: str, organization: Mapping[str, Any]) -> str:
    """Return a file with the name and the languages, and the rest to be asked."""
    parts = [
        f"name = {profile_file.quoted(name)}",
    ]
    languages = [profile_file.quoted(code) for code in _languages(organization)]
    for one in FIELDS:
        if one.needed:
            parts.append(f"{one.key} = " + ('""' if one.most == 1 else "[]"))
    if languages:
        parts.append(f"languages = [{', '.join(languages)}]")
    return _TO_ASK + "\n".join(parts) + "\n" + _to_fill_in()


def _to_fill_in() -> str:
    return "\n".join(answers_file.to_fill_in()) + "\n"


def _languages(organization: Mapping[str, Any]) -> list[str]:
    """Return our codes of the languages in which a row's services are given, as far as known."""
    said = [
        language.get("code")
        for service in organization.get("services", [])
        for language in service.get("languages", [])
    ]
    known = words.load("languages")
    offered = [code for code in dict.fromkeys(said) if isinstance(code, str)]
    found = [code for code in offered if (entry := known.by_code(code)) and not entry.retired]
    return found[: c.PROFILE_LANGUAGES_MOST]
