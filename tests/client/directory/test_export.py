"""What is exported is HSDS as published, and holds all of a profile, byte for byte."""

from __future__ import annotations

import copy
import json
import uuid
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import words
from client.errors import BadInput
from client.flows import hsds_codes, hsds_export, hsds_import, hsds_schema, profile_file
from client.flows.hsds_import import Taken
from client.flows.profile_file import FIELDS
from crypto.errors import TooLong
from crypto.public import profile as profiles
from crypto.public.profile import Profile
from tests.client.directory.scenes import (
    REGIONS,
    TIED,
    checked,
    data,
    exported,
    filled_in,
    offered,
    organisation,
    row,
)
from tests.crypto.test_profiles import PROFILES
from words import crosswalks


def _profile_of(file: str) -> bytes:
    return profile_file.parse(filled_in(file), REGIONS).profile


def _chosen(field: profile_file.Field) -> st.SearchStrategy[tuple[int, ...]]:
    ids = offered(field.list_name) + ([1000, 1001] if field.key == "regions" else [])
    least = 1 if field.needed else 0
    return st.lists(
        st.sampled_from(ids), min_size=least, max_size=min(field.most, len(ids)), unique=True
    ).map(tuple)


OFFERED = st.builds(Profile, **{field.key: _chosen(field) for field in FIELDS})
NAMES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, categories=("L", "N", "P", "S")),
    min_size=1, max_size=20,
)  # fmt: skip


def test_R22_what_is_exported_is_valid_hsds_as_published() -> None:
    """Each organization and each of its services, of a directory that came over HTTP."""
    made = exported(*checked().organisations, organisation("Ties", TIED))
    assert [one["name"] for one in made] == ["Harbour House", "Open Door", "Ties"]
    for one in made:
        assert hsds_schema.published_fault(one) is None
        assert hsds_schema.fault(one) is None
        assert one["services"]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("id",), "not an id"),
        (("id",), 3),
        (("name",), None),
        (("name",), ["Open Door"]),
        (("description",), {}),
        (("services",), {}),
        (("services", 0, "id"), "x"),
        (("services", 0, "status"), "open"),
        (("services", 0, "languages"), "es"),
        (("services", 0, "languages", 0, "id"), "es"),
        (("services", 0, "attributes", 0, "taxonomy_term", "id"), "term"),
        (("services", 0, "email"), "nobody at nowhere"),
        (("attributes", 0, "link_id"), 7),
        (("website"), "not an address"),
    ],
)
def test_T60_the_published_schemas_are_those_that_refuse(where: Any, value: object) -> None:
    """A value of another type, form or list in a row that was whole is found, and where."""
    made = row()
    at: Any = made
    *path, last = (where,) if isinstance(where, str) else where
    for step in path:
        at = at[step]
    at[last] = value
    assert hsds_schema.published_fault(made) is not None


@pytest.mark.parametrize("lost", ["id", "name", "description"])
def test_T60_a_row_without_what_hsds_needs_is_refused(lost: str) -> None:
    """And the reason names the field."""
    made = row()
    del made[lost]
    assert hsds_schema.published_fault(made) == f"the row lacks {lost}"


@given(OFFERED, NAMES)
@settings(max_examples=150, deadline=None)
def test_R22_export_and_import_give_the_same_profile(profile: Profile, name: str) -> None:
    """Any profile that can be applied for comes back, through the file, byte for byte."""
    try:
        encoded = profiles.encode(profile)
        profile_file.described(profile_file.spelled(name), profile)
    except (TooLong, BadInput):
        assume(False)
    (taken,) = hsds_import.outcomes(data(*exported(organisation(name, profile))))
    assert isinstance(taken, Taken)
    assert _profile_of(taken.file) == encoded
    assert taken.name == profile_file.spelled(name)


@given(PROFILES)
@settings(max_examples=150, deadline=None)
def test_R22_what_this_version_does_not_know_comes_back_too(profile: Profile) -> None:
    """Choices without a code and unknown fields stand in our extension as they are."""
    said = json.loads(json.dumps(hsds_codes.to_json(profile)))
    assert hsds_schema.fault({**row(), "towpath": {**row()["towpath"], "profile": said}}) is None
    assert profiles.encode(hsds_codes.from_json(said)) == profiles.encode(profile)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "violence_shelter"},
        {"kind": ["no_such_kind"]},
        {"kind": [True]},
        {"kind": [None]},
        {"regions": ["region-999999"]},
        {"services": ["region-1000"]},
        {"surprise": ["x"]},
        {"unknown": ["00"]},
    ],
)
def test_T60_an_object_that_is_no_profile_is_refused(said: dict[str, object]) -> None:
    """Another type, a code of no list, a field that no profile has."""
    whole = hsds_codes.to_json(TIED)
    with pytest.raises(ValueError, match=r"."):
        hsds_codes.from_json({**whole, **said})


def test_R23_T61_no_place_stands_in_what_is_exported() -> None:
    """No address, location or telephone at any depth, of a shelter as of any other."""
    text = json.dumps(exported(organisation("Shelter", TIED)))
    for word in ("address", "location", "phone", "latitude", "postal", "email", "contact"):
        assert f'"{word}' not in text
        assert f'"{word}s"' not in text


def test_R22_who_reads_hsds_alone_reads_ties_money_and_duties_first() -> None:
    """The description begins with them, and each stands as an attribute too."""
    made = row()
    first = [line.split(":")[0] for line in made["description"].splitlines()[:3]]
    assert first == ["Police ties", "Who pays", "Must report"]
    codes = {one["taxonomy_term"]["code"] for one in made["attributes"]}
    for field, list_name in (("police_ties", "police_tie"), ("funding", "funding")):
        for number in getattr(TIED, field):
            entry = words.load(list_name).by_id(number)
            assert entry is not None
            assert entry.code in codes
            assert entry.text in made["description"]


def test_ids_are_of_keys_and_codes_alone() -> None:
    """The same directory gives the same ids; another key gives others; none stands twice."""
    one, same, other = row(), row(), row("Harbour House")
    assert one == same
    assert one["id"] != other["id"]
    assert uuid.UUID(one["id"]).version == 5
    assert uuid.uuid5(uuid.NAMESPACE_URL, "https://towpath.invalid/hsds/") == hsds_export.NAMESPACE
    services = [service["id"] for service in one["services"]]
    links = [link["id"] for service in one["services"] for link in service["attributes"]]
    assert len(set(services + links)) == len(services + links)


def test_needs_are_said_in_terms_of_open_eligibility_too() -> None:
    """A need has the terms of its row, and one without any has those of the need it narrows."""
    services = {one["name"]: one for one in row()["services"]}
    slugs = {
        name: [
            link["taxonomy_term"]["code"]
            for link in one["attributes"]
            if link["taxonomy_term"]["taxonomy"] == "Open Eligibility"
        ]
        for name, one in services.items()
    }
    walk = crosswalks.open_eligibility()
    assert slugs["A safe place now"] == list(walk.needs["sleep_tonight"])
    assert slugs["Free to come and go"] == slugs["A place to live for longer"]
    assert all(slugs.values())


def test_who_takes_nobody_now_is_temporarily_closed() -> None:
    """By the capacity that it says; a code of a newer client stands as its number."""
    closed = words.load("capacity").by_code("closed")
    assert closed is not None
    shut, full, new = exported(
        organisation("Shut", TIED, capacity=closed.id),
        organisation("Full", TIED, capacity=2),
        organisation("New", TIED, capacity=999),
    )
    assert {one["status"] for one in shut["services"]} == {"temporarily closed"}
    assert {one["status"] for one in full["services"]} == {"active"}
    assert [one["towpath"]["capacity"] for one in (shut, full, new)] == ["closed", "few", 999]


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("version",), 2),
        (("network",), "ab"),
        (("organisation",), "A" * 64),
        (("walk_ins",), "yes"),
        (("statement", "serial"), -1),
        (("statement", "first"), "yesterday"),
        (("statement", "until"), "day 99999999999"),
        (("capacity",), ""),
        (("capacity",), 0),
        (("profile", "kind"), []),
        (("profile", "kind"), ["workers", "community"]),
        (("profile", "police_ties"), []),
        (("profile", "funding"), ["none", "none"]),
        (("profile", "services"), list(range(1, 22))),
        (("profile", "languages"), ["<b>"]),
        (("profile", "regions"), [65_536]),
        (("profile", "unknown"), {"256": "00"}),
        (("profile", "unknown"), {"99": "0"}),
        (("profile", "address"), "12 Main Street"),
        (("street",), "12 Main Street"),
    ],
)
def test_T60_an_extension_that_is_not_ours_is_refused(where: tuple[str, ...], value: Any) -> None:
    """Each field has its form, and there is no room for a free text or an address."""
    made = copy.deepcopy(row())
    at = made["towpath"]
    for step in where[:-1]:
        at = at[step]
    at[where[-1]] = value
    assert hsds_schema.fault(made) is not None


def test_the_schema_of_the_extension_has_the_limits_of_a_profile() -> None:
    """As many choices of each field as a profile holds, and the fields that must be there."""
    file = hsds_schema.OWN / "hsds_extension.schema.json"
    profile = json.loads(file.read_text())["properties"]["profile"]
    for field in FIELDS:
        assert profile["properties"][field.key]["maxItems"] == field.most
    assert profile["required"] == [field.key for field in FIELDS if field.needed]
