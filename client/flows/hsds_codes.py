"""A coded profile as a JSON object with codes of `words`, and back, byte for byte.

A choice without a code in this version stands as its number, an area of a network's own as
`region-1000`, a field that this version does not know as its bytes in hexadecimal.

Source: docs/spec/exchange.md, 3.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import words
from client.flows.profile_file import FIELDS, Field, code_of
from crypto.public.profile import Profile

UNKNOWN = "unknown"

_OWN = re.compile(r"region-([1-9][0-9]{3,4})")

Said = dict[str, object]


def to_json(profile: Profile) -> Said:
    """Return a profile as an object of lists of codes; fields without a choice are left out."""
    said: Said = {
        field.key: [code_of(field, number) for number in getattr(profile, field.key)]
        for field in FIELDS
        if getattr(profile, field.key)
    }
    if profile.unknown:
        said[UNKNOWN] = {str(number): value.hex() for number, value in profile.unknown}
    return said


def from_json(said: Mapping[str, object]) -> Profile:
    """Return the profile that `to_json` wrote; raises ValueError, with a sentence, for another."""
    known = {field.key: _ids(field, said.get(field.key, [])) for field in FIELDS}
    unknown = said.get(UNKNOWN, {})
    if said.keys() - {field.key for field in FIELDS} - {UNKNOWN} or not isinstance(unknown, dict):
        raise ValueError("it has something that no profile has")
    kept = tuple((int(number), bytes.fromhex(value)) for number, value in unknown.items())
    return Profile(**known, unknown=tuple(sorted(kept)))


def _ids(field: Field, codes: object) -> tuple[int, ...]:
    if not isinstance(codes, list):
        raise ValueError(f"{field.key} is not a list of codes")
    return tuple(_id(field, code) for code in codes)


def _id(field: Field, code: object) -> int:
    if isinstance(code, int) and not isinstance(code, bool):
        return code
    entry = words.load(field.list_name).by_code(code) if isinstance(code, str) else None
    if entry is not None:
        return entry.id
    own = _OWN.fullmatch(code) if field.key == "regions" and isinstance(code, str) else None
    if own is None:
        raise ValueError(f"there is no such code under {field.key}")
    return int(own[1])
