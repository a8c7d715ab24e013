"""An organisation's coded profile: what a person is shown before she chooses.

Source: docs/spec/record.md, section 4.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from crypto import constants as c
from crypto import fields
from crypto.errors import Malformed, TooLong

# Field id, attribute, most ids, and whether it must be there.
_RULES = (
    (c.PROFILE_KIND, "kind", 1, True),
    (c.PROFILE_SERVICES, "services", c.PROFILE_SERVICES_MOST, True),
    (c.PROFILE_LANGUAGES, "languages", c.PROFILE_LANGUAGES_MOST, False),
    (c.PROFILE_ACCEPTS, "accepts", c.PROFILE_ACCEPTS_MOST, False),
    (c.PROFILE_POLICE_TIES, "police_ties", c.PROFILE_POLICE_TIES_MOST, True),
    (c.PROFILE_FUNDING, "funding", c.PROFILE_FUNDING_MOST, True),
    (c.PROFILE_REPORTING, "reporting", c.PROFILE_REPORTING_MOST, True),
    (c.PROFILE_PRIVILEGE, "privilege", c.PROFILE_PRIVILEGE_MOST, False),
    (c.PROFILE_HOUSING, "housing", c.PROFILE_HOUSING_MOST, False),
    (c.PROFILE_REGIONS, "regions", c.PROFILE_REGIONS_MOST, False),
    (c.PROFILE_PLEDGE, "pledge", 1, False),
)
_KNOWN = frozenset(number for number, _, _, _ in _RULES)

Ids = tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """Ids of `words`, by field; an empty tuple means that the field is not there."""

    kind: Ids
    services: Ids
    police_ties: Ids
    funding: Ids
    reporting: Ids
    languages: Ids = ()
    accepts: Ids = ()
    privilege: Ids = ()
    housing: Ids = ()
    regions: Ids = ()
    pledge: Ids = ()
    unknown: tuple[tuple[int, bytes], ...] = ()


def encode(profile: Profile) -> bytes:
    """Encode a profile to at most 248 bytes.

    Raises Malformed when a field that must be there is empty or an id is repeated or 0, TooLong
    beyond a limit.
    """
    run = {}
    for number, name, at_most, required in _RULES:
        ids: Ids = getattr(profile, name)
        if ids or required:
            run[number] = fields.from_ids(ids, at_most)
    kept = dict(profile.unknown)
    if kept.keys() & _KNOWN or len(kept) != len(profile.unknown):
        raise Malformed
    encoded = fields.encode({**run, **kept})
    if len(encoded) > c.PROFILE_BYTES:
        raise TooLong
    return encoded


def decode(encoded: bytes) -> Profile:
    """Decode a profile of at most 248 bytes; raises Malformed."""
    if len(encoded) > c.PROFILE_BYTES:
        raise Malformed
    run = fields.decode(encoded)
    if any(required and number not in run for number, _, _, required in _RULES):
        raise Malformed
    ids = {name: fields.to_ids(run[n], most) for n, name, most, _ in _RULES if n in run}
    return Profile(**ids, unknown=fields.unknown(run, _KNOWN))


def profile_hash(encoded: bytes) -> bytes:
    """Return the 32-byte hash of an encoded profile that a statement names."""
    return hashlib.sha256(encoded).digest()
