"""What an organisation applies with, as a TOML file: name, coded profile, contact, answers.

Source: docs/spec/record.md, 4; docs/spec/vetting.md, 3.
"""

from __future__ import annotations

import dataclasses
import json
import tomllib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import words
from client.errors import BadInput
from client.flows import answers_file
from crypto import constants as c
from crypto.client.application import Answer
from crypto.errors import Malformed, Refused, TooLong
from crypto.public import lines
from crypto.public import profile as profiles
from crypto.public.policy import REGION_LEAST, Region
from crypto.public.profile import Profile

__all__ = [
    "FIELDS",
    "Described",
    "Field",
    "code_of",
    "described",
    "example",
    "parse",
    "quoted",
    "spelled",
    "write",
]


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a profile: its key, the list of `words`, how many at most, what it says."""

    key: str
    list_name: str
    most: int
    needed: bool
    about: str


FIELDS = (
    Field("kind", "kind", 1, True, "What kind of organisation it is."),
    Field("services", "needs", c.PROFILE_SERVICES_MOST, True, "What it offers."),
    Field("police_ties", "police_tie", c.PROFILE_POLICE_TIES_MOST, True, "Ties to the police."),
    Field("funding", "funding", c.PROFILE_FUNDING_MOST, True, "Terms that come with its money."),
    Field("reporting", "reporting", c.PROFILE_REPORTING_MOST, True, "What it must report."),
    Field("languages", "languages", c.PROFILE_LANGUAGES_MOST, False, "Languages it answers in."),
    Field("accepts", "accepts", c.PROFILE_ACCEPTS_MOST, False, "Who is welcome."),
    Field("privilege", "privilege", c.PROFILE_PRIVILEGE_MOST, False, "Secrecy by law."),
    Field("housing", "housing", c.PROFILE_HOUSING_MOST, False, "Rules where people stay."),
    Field("regions", "regions", c.PROFILE_REGIONS_MOST, False, "Where it helps."),
    Field("pledge", "pledge", 1, False, "How soon it answers."),
)


_NO_CODE = (
    "This profile has a choice that is no longer offered, or that this version does not know.",
    "Ask the organisation what it says now.",
)


@dataclass(frozen=True, slots=True)
class Described:
    """How an organisation is called, and its encoded profile (at most 248 bytes): in public.

    Contact and answers are for admins alone.
    """

    name: str
    profile: bytes
    contact: str = dataclasses.field(default="", repr=False)
    answers: tuple[Answer, ...] = dataclasses.field(default=(), repr=False)


def described(name: str, profile: Profile) -> Described:
    """Encode a profile beside a name; raises BadInput for a name or profile that can't stand."""
    try:
        lines.check_name(name, c.ORGANISATION_NAME_BYTES)
        lines.check_spelling(name)
    except Malformed:
        raise BadInput(
            "This name can't stand in a listing.",
            f"It has 1 to {c.ORGANISATION_NAME_BYTES} bytes, with no sign that can't be seen.",
        ) from None
    try:
        return Described(name, profiles.encode(profile))
    except TooLong:
        raise BadInput("This profile is too long.", "Choose fewer of each list.") from None
    except Refused:
        needed = ", ".join(field.key for field in FIELDS if field.needed)
        raise BadInput("Something in this profile is missing.", f"Needed: {needed}.") from None


def parse(text: str, regions: Sequence[Region] = ()) -> Described:
    """Read a TOML file; `regions` are those of the network's policy. Raises BadInput."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput("This is not a TOML file.", f"{error}.") from None
    unknown = said.keys() - {"name", *answers_file.KEYS} - {field.key for field in FIELDS}
    if unknown:
        raise BadInput(
            "There is something in this file that has no place in a profile or answers.",
            f"Known are: name, {', '.join(field.key for field in FIELDS)}, contact, V1 to V16.",
        )
    name = said.get("name")
    if not isinstance(name, str):
        raise BadInput("The name is missing.", 'It looks like: name = "An organisation".')
    ids = {field.key: _ids(field, said.get(field.key), regions) for field in FIELDS}
    found = described(spelled(name), Profile(**ids))  # type: ignore[arg-type]  # by field
    contact, answers = answers_file.contact_of(said), answers_file.answers_of(said)
    return replace(found, contact=contact, answers=answers)


def write(name: str, profile: Profile) -> str:
    """Return the file that `parse` reads as this name and profile.

    Raises BadInput as `described`, and for what a file can't say: a choice that is no longer
    offered or that this version does not know.
    """
    described(name, profile)
    if profile.unknown:
        raise BadInput(*_NO_CODE)
    parts = [f"name = {quoted(name)}"]
    for field in FIELDS:
        codes = [quoted(_offered(field, number)) for number in getattr(profile, field.key)]
        if codes:
            said = codes[0] if field.most == 1 else f"[{', '.join(codes)}]"
            parts.append(f"{field.key} = {said}")
    return "\n".join(parts) + "\n"


def example() -> str:
    """Return a file with every code that may stand in it, and nothing filled in."""
    parts = [
        "# What an organisation says of itself in public, in codes. The admins look at it and sign",
        "# it; people see it before they choose. No addresses, no names of people.",
        "",
        'name = ""',
    ]
    for field in FIELDS:
        how = "needed" if field.needed else "may be left out"
        most = "one" if field.most == 1 else f"{field.most} at most"
        parts += ["", f"# {field.about} ({how}; {most})"]
        offered = words.load(field.list_name).offered()
        parts += [f"#   {one.code:<28}{one.text}" for one in offered]
        parts.append(f"{field.key} = " + ('""' if field.most == 1 else "[]"))
    return "\n".join([*parts, *answers_file.to_fill_in()]) + "\n"


def _ids(field: Field, said: object, regions: Sequence[Region]) -> tuple[int, ...]:
    codes = [said] if isinstance(said, str) else said
    if not said:
        return ()
    if not isinstance(codes, list) or not all(isinstance(one, str) for one in codes):
        raise BadInput(f"{field.key} is not a list of codes.", "`--example` shows one.")
    return tuple(_id(field, one, regions) for one in codes)


def _id(field: Field, code: str, regions: Iterable[Region]) -> int:
    entry = words.load(field.list_name).by_code(code)
    if entry is not None and not entry.retired:
        return entry.id
    own = {f"region-{one.number}": one.number for one in regions}
    if field.key == "regions" and code in own:
        return own[code]
    raise BadInput(f"There is no such code under {field.key}.", "`--example` shows all.")


def code_of(field: Field, number: int) -> str | int:
    """Return the code of a choice, `region-1000` for a network's own area, or else its number."""
    entry = words.load(field.list_name).by_id(number)
    if entry is not None:
        return entry.code
    return f"region-{number}" if field.key == "regions" and number >= REGION_LEAST else number


def _offered(field: Field, number: int) -> str:
    entry, code = words.load(field.list_name).by_id(number), code_of(field, number)
    if isinstance(code, int) or (entry is not None and entry.retired):
        raise BadInput(*_NO_CODE)
    return code


def quoted(text: str) -> str:
    """Write a text without controls as a string of TOML."""
    return json.dumps(text, ensure_ascii=False)


def spelled(name: str) -> str:
    """Bring a name into the one spelling of its letters that a listing takes."""
    return unicodedata.normalize("NFC", name.strip())
