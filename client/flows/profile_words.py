"""A coded profile in words, in the order in which it matters to whoever chooses (R22).

Source: docs/spec/record.md, 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import words
from crypto.public.policy import Region
from crypto.public.profile import Ids, Profile

UNKNOWN = "something this version does not know"
_NOT_SAID = "not said"
# What the field is called, where it stands in a profile, and the list that its ids are of.
_FIELDS = (
    ("Kind", "kind", "kind"),
    ("Police ties", "police_ties", "police_tie"),
    ("Who pays", "funding", "funding"),
    ("Must report", "reporting", "reporting"),
    ("Secrecy by law", "privilege", "privilege"),
    ("Helps with", "services", "needs"),
    ("Housing", "housing", "housing"),
    ("Accepts", "accepts", "accepts"),
    ("Languages", "languages", "languages"),
    ("Regions", "regions", "regions"),
    ("Answers", "pledge", "pledge"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One field of a profile: what it is called and what it says."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """What one field says now and did not say before, and the other way round."""

    title: str
    new: tuple[str, ...]
    gone: tuple[str, ...]


def rows(profile: Profile, regions: Sequence[Region] = ()) -> list[Row]:
    """Return every field of a profile in words; `regions` are those of the network's policy."""
    found = [
        Row(title, texts_of(name, getattr(profile, field), regions) or (_NOT_SAID,))
        for title, field, name in _FIELDS
    ]
    return found + [Row("Besides", (UNKNOWN,)) for _ in profile.unknown]


def differences(
    before: Profile, after: Profile, regions: Sequence[Region] = ()
) -> list[Difference]:
    """Return the fields in which two profiles differ, in words."""
    found = []
    for title, field, name in _FIELDS:
        old, new = getattr(before, field), getattr(after, field)
        if set(old) != set(new):
            come = texts_of(name, [one for one in new if one not in old], regions)
            gone = texts_of(name, [one for one in old if one not in new], regions)
            found.append(Difference(title, come, gone))
    if before.unknown != after.unknown:
        found.append(Difference("Besides", (UNKNOWN,), ()))
    return found


def texts_of(name: str, ids: Ids | Iterable[int], regions: Sequence[Region]) -> tuple[str, ...]:
    """Return what ids of a list say, in English; `regions` are those of the network's policy."""
    own = {region.number: region.name for region in regions} if name == "regions" else {}
    choices = words.load(name)
    texts = []
    for number in ids:
        entry = choices.by_id(number)
        texts.append(entry.text if entry else own.get(number, UNKNOWN))
    return tuple(texts)
