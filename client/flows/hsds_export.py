"""A checked directory as organizations of HSDS 3, each with its services and our extension.

The same directory gives the same bytes: ids are made from keys and codes. No address, no place, no
telephone: regions alone say where.

Source: docs/spec/exchange.md, 2 and 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid5

import words
from client.flows import hsds_codes, profile_words
from client.flows.choosing import Directory, Organisation
from client.flows.days import day
from client.flows.hsds_schema import EXTENSION
from client.flows.profile_file import FIELDS, code_of
from crypto.public.policy import Region
from crypto.public.profile import Profile
from words import crosswalks

NAMESPACE = UUID("ab7f5e2c-8501-52d6-a30e-7b2b0702000a")  # of the address in exchange.md, 2
VERSION = 1

_TAKES_NOBODY = "closed"  # of the list "capacity"
# Fields of a profile that a reader without our extension finds as attributes, and their lists.
_ATTRIBUTES = tuple(
    field for field in FIELDS if field.key not in ("services", "languages", "regions")
)
# R22: what decides whether to ask at all stands before everything else.
_FIRST = ("Police ties", "Who pays", "Must report")

Object = dict[str, object]


def organizations(found: Directory) -> list[Object]:
    """Return every organisation of a checked directory as an organization of HSDS."""
    return [_organization(one, found) for one in found.organisations]


def organization_id(key: bytes) -> UUID:
    """Return the id of an organization from its public key (32 bytes)."""
    return uuid5(NAMESPACE, f"organisation {key.hex()}")


def _organization(one: Organisation, found: Directory) -> Object:
    regions = found.view.policy.regions
    own = organization_id(one.statement.organisation)
    return {
        "id": str(own),
        "name": one.statement.name,
        "description": _description(one.profile, regions),
        "attributes": [
            _attribute(own, "organization", f"Towpath {field.list_name}", str(code), text)
            for field in _ATTRIBUTES
            for code, text in _choices(field.key, one.profile, regions)
        ],
        "services": [_service(own, one, number, regions) for number in one.profile.services],
        EXTENSION: _extension(one, found.view.policy.network_id),
    }


def _extension(one: Organisation, network_id: bytes) -> Object:
    said: Object = {
        "version": VERSION,
        "network": network_id.hex(),
        "organisation": one.statement.organisation.hex(),
        "statement": {
            "serial": one.statement.serial,
            "first": day(one.statement.first),
            "until": day(one.statement.until),
        },
        "profile": hsds_codes.to_json(one.profile),
        "walk_ins": one.weekly_key is not None,
    }
    if one.capacity is not None:
        entry = words.load("capacity").by_id(one.capacity)
        said["capacity"] = entry.code if entry else one.capacity
    return said


def _service(
    organization: UUID, one: Organisation, number: int, regions: Sequence[Region]
) -> Object:
    entry = words.load("needs").by_id(number)
    code, name = (entry.code, entry.text) if entry else (str(number), profile_words.UNKNOWN)
    own = uuid5(organization, f"service {code}")
    walk = crosswalks.open_eligibility()
    terms = [("Towpath needs", code, name)]
    terms += [(walk.name, term.slug, term.name) for term in walk.of(number)]
    languages = [words.load("languages").by_id(spoken) for spoken in one.profile.languages]
    return {
        "id": str(own),
        "organization_id": str(organization),
        "name": name,
        "status": "temporarily closed" if _is_closed(one) else "active",
        "languages": [
            _language(own, entry.code, entry.english) for entry in languages if entry is not None
        ],
        "service_areas": [
            {"id": str(uuid5(own, f"region {code}")), "service_id": str(own), "name": text}
            for code, text in _choices("regions", one.profile, regions)
        ],
        "attributes": [_attribute(own, "service", *term) for term in terms],
    }


def _attribute(link: UUID, entity: str, taxonomy: str, code: str, name: str) -> Object:
    term = uuid5(NAMESPACE, f"term {taxonomy} {code}")
    return {
        "id": str(uuid5(link, f"attribute {taxonomy} {code}")),
        "link_id": str(link),
        "link_entity": entity,
        "taxonomy_term_id": str(term),
        "taxonomy_term": {
            "id": str(term),
            "code": code,
            "name": name,
            "description": name,
            "taxonomy": taxonomy,
            "language": "en",
        },
    }


def _language(service: UUID, code: str, english: str) -> Object:
    # HSDS takes codes of ISO 639: a script is left out, and a code of private use is none.
    main, *more = code.split("-")
    said: Object = {
        "id": str(uuid5(service, f"language {code}")),
        "service_id": str(service),
        "name": english,
    }
    return said if "x" in more else {**said, "code": main}


def _choices(key: str, profile: Profile, regions: Sequence[Region]) -> list[tuple[str | int, str]]:
    """Return code and English text of each choice of a field."""
    field = next(one for one in FIELDS if one.key == key)
    ids = getattr(profile, key)
    codes = [code_of(field, number) for number in ids]
    return list(zip(codes, profile_words.texts_of(field.list_name, ids, regions), strict=True))


def _description(profile: Profile, regions: Sequence[Region]) -> str:
    rows = profile_words.rows(profile, regions)
    ordered = sorted(rows, key=lambda row: row.title not in _FIRST)
    return "\n".join(f"{row.title}: {'; '.join(row.texts)}." for row in ordered)


def _is_closed(one: Organisation) -> bool:
    closed = words.load("capacity").by_code(_TAKES_NOBODY)
    return closed is not None and one.capacity == closed.id
