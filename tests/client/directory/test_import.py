"""Directories of others: every refused row has its line and a reason, and nothing is guessed."""

from __future__ import annotations

import json
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

import words
from client.errors import BadInput
from client.flows import hsds_import, hsds_rows, profile_file
from client.flows.hsds_import import Asking, Joined, Outcome, Refused, Taken
from client.flows.hsds_schema import EXTENSION
from crypto.constants import VETTING_BLOCKING
from crypto.public import profile as profiles
from tests.client.directory.scenes import (
    REGIONS,
    TIED,
    data,
    exported,
    filled_in,
    organisation,
    plain_row,
    row,
)
from words import Choices, vetting

EXAMPLES = Path(__file__).resolve().parents[3] / "third_party" / "hsds" / "examples"

_KEYS = st.sampled_from(
    ("id", "name", "description", "services", "status", "organization", "organization_id", "phones",
     "locations", "attributes", "towpath", "profile", "version", "kind", "x")
)  # fmt: skip
SECONDS_MOST = 60.0
"""Far above what it takes (3 s), as other things run beside this."""
MEMORY_MOST = 64 << 20
"""Beside the file itself."""


def outcomes(given: bytes) -> list[Outcome]:
    """What becomes of each row."""
    return list(hsds_import.outcomes(given))


def reason(given: object) -> str:
    """Why a row is refused that stands in a list by itself, in line 2."""
    (outcome,) = outcomes(data(given))
    assert isinstance(outcome, Refused), outcome
    assert outcome.line == 2
    return outcome.reason


def in_file(row_text: bytes) -> str:
    """Why a row that is written so is refused, while the good rows around it are taken."""
    before, after = (json.dumps(row(name)).encode() for name in ("Before", "After"))
    first, middle, last = outcomes(b"[" + before + b",\n" + row_text + b"\n,\n" + after + b"]")
    assert isinstance(first, Taken)
    assert isinstance(last, Taken)
    assert isinstance(middle, Refused), middle
    assert (first.line, middle.line) == (1, 2)
    return middle.reason


def plain_bytes() -> bytes:
    """A row of another directory as it stands in a file."""
    return json.dumps(plain_row()).encode()


def test_R22_a_whole_row_becomes_a_file_to_apply_with() -> None:
    """Its name and profile, and nothing of its keys or days."""
    (taken,) = outcomes(data(row("Ties & Co")))
    assert isinstance(taken, Taken)
    said = profile_file.parse(filled_in(taken.file), REGIONS)
    assert said.name == "Ties & Co"
    assert said.profile == profiles.encode(TIED)
    assert row("Ties & Co")["towpath"]["organisation"] not in taken.file


def test_R22_T60_what_only_the_organisation_can_say_is_asked() -> None:
    """Without our extension five fields are missing; the file can't be handed in as it is."""
    (asking,) = outcomes(data(plain_row()))
    assert isinstance(asking, Asking)
    assert asking.missing == ("kind", "services", "police_ties", "funding", "reporting")
    assert 'languages = ["es"]' in asking.file
    for file in (asking.file, filled_in(asking.file)):
        with pytest.raises(BadInput, match="Something in this profile is missing"):
            profile_file.parse(file)


def test_R21_a_whole_profile_waits_for_contact_and_each_answer_that_is_needed() -> None:
    """Nobody else can say them; each is asked, and each alone is refused while empty."""
    (taken,) = outcomes(data(row()))
    assert isinstance(taken, Taken)
    for one in vetting.load().criteria:
        assert f"# {one.question}" in taken.file
    filled = filled_in(taken.file)
    with pytest.raises(BadInput, match="contact is missing"):
        profile_file.parse(filled.replace('contact = "ring 555 0100"', 'contact = ""'), REGIONS)
    for number in VETTING_BLOCKING:
        asked = f"[V{number}]\nanswer = "
        with pytest.raises(BadInput, match=f"no answer to V{number}"):
            profile_file.parse(filled.replace(f'{asked}"yes"', f'{asked}""'), REGIONS)


def test_R22_what_others_write_about_police_is_not_taken_for_an_answer() -> None:
    """A description and a funding table say something; no tie, term or duty is read from them."""
    given = plain_row() | {
        "description": "No ties to police. Police ties: none. Funding: none. Reporting: nothing.",
        "funding": [{"id": plain_row()["id"], "source": "none"}],
    }
    (asking,) = outcomes(data(given))
    assert isinstance(asking, Asking)
    assert 'kind = ""' in asking.file
    assert "police_ties = []" in asking.file
    assert "funding = []" in asking.file


def test_services_of_one_organization_are_joined() -> None:
    """A list of services names each organization again and again; each is asked once."""
    one = plain_row()
    services = [
        {**one["services"][0], "id": f"00000000-0000-4000-9000-{n:012d}", "organization": one}
        for n in range(3)
    ]
    for service in services:
        service["organization"] = {k: v for k, v in one.items() if k != "services"}
    assert [type(found) for found in outcomes(data(*services))] == [Asking, Joined, Joined]
    assert outcomes(data(*services))[2] == Joined(4, 2)


def test_a_page_of_hsdss_interface_and_a_row_by_itself_are_read() -> None:
    """The rows under `contents` with their lines, or the one that the file is."""
    page = b'{"total_items": 2,\n"contents": [\n' + b",\n".join(
        json.dumps(row(name)).encode() for name in ("A", "B")
    )
    assert [(found.line, type(found)) for found in outcomes(page + b'],\n"empty": false}')] == [
        (3, Taken),
        (4, Taken),
    ]
    assert [type(found) for found in outcomes(b"\n" + json.dumps(row()).encode())] == [Taken]


def test_500_organisations_are_read_in_seconds_and_each_bad_row_has_its_line() -> None:
    """400 whole, 50 to ask, 50 refused for five reasons; little memory beside the file."""
    whole = exported(*(organisation(f"Organisation {n}", TIED) for n in range(400)))
    asked = [plain_row(f"Other {n}", n) for n in range(50)]
    bad: list[Any] = []
    for n in range(10):
        one = plain_row(f"Bad {n}", 1_000 + n)
        bad += [
            one | {"id": "7"},
            one | {"name": f"Bad\u202e {n}"},
            one | {"locations": [{"id": one["id"], "location_type": "physical"}]},
            one | {"services": [{"id": one["id"]}]},
            [],
        ]
    rows = [*whole, *asked, *bad]
    given = data(*rows)
    tracemalloc.start()
    started = time.monotonic()
    found = outcomes(given)
    took, (_, most) = time.monotonic() - started, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert [one.line for one in found] == list(range(2, 502))
    assert [type(one) for one in found] == [Taken] * 400 + [Asking] * 50 + [Refused] * 50
    assert len({one.reason for one in found if isinstance(one, Refused)}) == 5
    assert took < SECONDS_MOST
    assert most < MEMORY_MOST


@pytest.mark.parametrize("name", ["organization_full", "service_full"])
def test_R23_T61_the_published_examples_are_refused_for_their_address(name: str) -> None:
    """They are valid HSDS and give a street: where people stay is not taken over."""
    (refused,) = outcomes((EXAMPLES / f"{name}.json").read_bytes())
    assert isinstance(refused, Refused)
    assert "where somebody can be found" in refused.reason


_VIRTUAL = {"id": plain_row()["id"], "location_type": "virtual"}
PLACES: list[dict[str, Any]] = [
    {"locations": [{**_VIRTUAL, "location_type": "physical"}]},
    {"locations": [{**_VIRTUAL, "location_type": "postal"}]},
    {"locations": [{**_VIRTUAL, "addresses": [{"city": "Here"}]}]},
    {"locations": [{**_VIRTUAL, "latitude": 1.5}]},
    {"locations": [{**_VIRTUAL, "longitude": 1.5}]},
    {"locations": [{**_VIRTUAL, "external_identifier": "10092008082"}]},
    {"address": "12 Main Street"},
    {"physical_addresses": [{"address_1": "12 Main Street"}]},
    {"postal_addresses": ["12 Main Street"]},
    {"ours": {"deeper": [{"address_1": "12 Main Street"}]}},
    {"ours": [[[{"postal_code": "12345"}]]]},
]


@pytest.mark.parametrize("place", PLACES)
def test_R23_T61_a_row_that_says_where_people_are_is_refused(place: dict[str, Any]) -> None:
    """At any depth, in HSDS's own fields and in what others add; also beside our extension."""
    for given in (plain_row() | place, row() | place):
        assert "where somebody can be found" in reason(given)


def test_R23_T61_a_place_of_a_service_is_refused() -> None:
    """Through the table that links services with locations."""
    given = plain_row()
    given["services"][0]["service_at_locations"] = [
        {"id": given["id"], "location": {"id": given["id"], "location_type": "physical"}}
    ]
    assert "services[0].service_at_locations[0].location.location_type" in reason(given)


def test_R23_T61_a_shelters_telephone_is_refused_and_another_is_left_out() -> None:
    """A shelter is known by its profile or by a term of its services."""
    phone = {"phones": [{"id": plain_row()["id"], "number": "555 0100"}]}
    assert "telephone" in reason(row() | phone)
    stay = plain_row() | phone
    stay["services"][0]["attributes"] = [
        {
            "id": stay["id"],
            "taxonomy_term": {"id": stay["id"], "name": "Emergency Shelter", "description": ""},
        }
    ]
    assert "telephone" in reason(stay)
    (asking,) = outcomes(data(plain_row() | phone | {"locations": [_VIRTUAL]}))
    assert isinstance(asking, Asking)
    assert "555" not in asking.file


@pytest.mark.parametrize(
    "term",
    [
        "Emergency Shelter", "Temporary Shelter", "Safe Housing", "Short-Term Housing",
        "Residential Housing", "Long-Term Housing", "sleep_tonight", "housing",
    ],
)  # fmt: skip
def test_R23_T61_a_service_by_which_people_stay_is_known_by_each_of_its_terms(term: str) -> None:
    """By the name of the other taxonomy, or by the code of ours."""
    given = plain_row() | {"phones": [{"id": plain_row()["id"], "number": "555 0100"}]}
    said = {"id": given["id"], "name": term, "code": term, "description": ""}
    given["services"][0]["attributes"] = [{"id": given["id"], "taxonomy_term": said}]
    assert "telephone" in reason(given)


@pytest.mark.parametrize("kind", ["violence_shelter", "open_shelter", "longer_housing"])
def test_R23_T61_an_organisation_where_people_stay_is_known_by_its_kind(kind: str) -> None:
    """By the code that its profile has, which is one of our list."""
    assert words.load("kind").by_code(kind) is not None
    given = row() | {"phones": [{"id": plain_row()["id"], "number": "555 0100"}]}
    given[EXTENSION]["profile"] |= {"kind": [kind], "services": ["interpreter"]}
    given["services"] = []
    assert "telephone" in reason(given)


def test_T60_a_choice_that_is_no_longer_offered_is_not_written_to_a_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As a file with it could not be handed in."""
    real = words.load
    ended = Choices("funding", tuple(replace(one, retired=True) for one in real("funding")))
    monkeypatch.setattr(words, "load", lambda name: ended if name == "funding" else real(name))
    assert "no longer offered" in reason(row())


@pytest.mark.parametrize(
    "name",
    [
        "", " ", "...", "x" * 97, "Open\u202eDoor", "\u2066Open Door", "Open\u200bDoor",
        "Open\u200eDoor", "Open\x00Door", "Open\nDoor", "Open\rDoor", "Open\x1b[2JDoor",
        "\ufeffOpen Door", "Open\u00adDoor", "Open\u2028Door", "Open Door\U000e0041", "\u3164",
    ],
)  # fmt: skip
def test_T60_a_name_that_plays_tricks_is_refused(name: str) -> None:
    """What turns text round, can't be seen, breaks lines or is too long."""
    for given in (plain_row() | {"name": name}, row() | {"name": name}):
        assert "its name can't stand in a listing" in reason(given)


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>", '"] kind = "x', "=HYPERLINK(1)", "'; DROP TABLE", "{{7*7}}",
        'a " b \\ c', "مأوى", "आश्रय", "Cafe\u0301",
    ],
)  # fmt: skip
def test_T60_markup_quotes_and_formulas_in_a_name_are_text(name: str) -> None:
    """They stand in the file as they were written, and no field comes of them."""
    (found,) = outcomes(data(row() | {"name": name}))
    assert isinstance(found, Taken)
    said = profile_file.parse(filled_in(found.file), REGIONS)
    assert said.name == profile_file.spelled(name)
    assert said.profile == profiles.encode(TIED)


@pytest.mark.parametrize(
    "key", ["description", "alternate_name", "legal_status", "tax_id", "surprise"]
)
def test_T60_hostile_text_elsewhere_goes_nowhere(key: str) -> None:
    """Markup, bidi and formulas in fields that are not taken over reach no file and no report."""
    text = "<img src=x onerror=alert(1)>\u202e\x1b[31m=1+1\n"
    for given in (plain_row() | {key: text}, row() | {key: text}):
        (found,) = outcomes(data(given))
        assert isinstance(found, Taken | Asking)
        assert "onerror" not in found.file + repr(found)


def test_T60_a_field_of_ten_megabytes_costs_its_row_alone() -> None:
    """As a value, as a key, in escapes, in our extension: refused, and the next row is taken."""
    ten = b"x" * (10 << 20)
    for text in (
        b'{"id":"' + ten + b'"}',
        b'{"' + ten + b'":1}',
        b'{"id":"' + b"\\\\" * (5 << 20) + b'"}',
        b'{"towpath":{"profile":{"kind":["' + ten + b'"]}}}',
        b" " * (1 << 20) + b'{"id":' + b"9" * (2 << 20) + b"}",
    ):
        assert in_file(text) == "it is longer than 1 MiB"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"id":"a","id":"b"}', "stands twice"),
        (b'{"a":{"b":1,"b":2}}', "stands twice"),
        (b'{"a":NaN}', "a number that is none"),
        (b'{"a":-Infinity}', "a number that is none"),
        (b'{"a":1e999}', "number that is too long"),
        (b'{"a":1234567890123456789}', "number that is too long"),
        (b'{"a":0.' + b"1" * 90 + b"}", "number that is too long"),
        (b'{"a":"\xff"}', "not text in UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "not text in UTF-8"),
        (b'{"a":"\\ud800"}', "half a character"),
        (b'{"\\udc00":1}', "half a character"),
        (b'{"a":"' + b"x" * 20_001 + b'"}', "20,000 characters"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "deeper than 24"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "deeper than 24"),
        (b"[]", "not an object"),
        (b"null", "not an object"),
        (b"7", "not an object"),
        (b'"text"', "not an object"),
        (b"{'id':1}", "not JSON"),
        (b'{"a":"\t"}', "not JSON"),
        (b'{"a":01}', "not JSON"),
        (b'{"a":1,}', "not JSON"),
        (b'{"a" 1}', "not JSON"),
        (b'// a remark\n{"a":1}', "not JSON"),
        (b"{}", "lacks id"),
    ],
)  # fmt: skip
def test_T60_a_row_that_is_not_as_json_should_be_costs_no_other(text: bytes, why: str) -> None:
    """Broken, doubled, too deep, too long, no number, no UTF-8."""
    assert why in in_file(text)


def test_T60_a_hole_in_the_list_is_a_row_that_is_refused() -> None:
    """Two commas with nothing between them, and one before the end."""
    whole = json.dumps(row()).encode()
    found = outcomes(b"[\n" + whole + b",\n,\n" + plain_bytes() + b",\n]")
    assert [type(one) for one in found] == [Taken, Refused, Asking, Refused]
    assert [one.line for one in found] == [2, 3, 4, 5]


def test_T60_the_line_of_a_fault_inside_a_row_is_said_too() -> None:
    """A row of several lines: where it begins, and where it breaks."""
    assert "(line 4: " in in_file(b'{"a": 1,\n"b": 2,\n"c": }')


@pytest.mark.parametrize(
    "given",
    [
        b"", b"  \n", b"[", b"[{}", b'["', b'[{"a":"]', b"[}", b"[{}}", b"[]]", b"[] []",
        b"null", b"7", b'"list"', b"\xff\xfe[\x00]\x00", b"\xfe\xff\x00[\x00]", b"<html></html>",
        b"id,name\n1,x\n", b'{"contents":[', b'{"contents":[}', b'{"contents":[]', b'{"a":1',
        b'{"contents":[],"contents":[]}', b'{"contents":[],"a":NaN}', b'{"contents":[]}}',
        b'{"contents":[],"a":"' + b"x" * (1 << 17) + b'"}',
        b"[" + b"{}," * 10_001 + b"{}]",
        b"[" + b"," * 20_000 + b"]",
    ],
)  # fmt: skip
def test_T60_a_file_that_is_none_is_refused_whole(given: bytes) -> None:
    """Nothing of it is taken: too many rows, never closed, something after it, another format."""
    with pytest.raises(BadInput):
        outcomes(given)


def test_T60_a_file_beyond_the_limits_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """More than 64 MiB, and more brackets than any directory has, in the line it is read to."""
    with pytest.raises(BadInput, match="64 MiB"):
        outcomes(b" " * (hsds_rows.FILE_MOST + 1))
    monkeypatch.setattr(hsds_rows, "TOKENS_MOST", 1_000)
    with pytest.raises(BadInput, match=r"brackets.*line 2"):
        outcomes(b"[\n" + b"[" * 2_000)


def test_T60_a_mark_of_utf8_before_the_list_is_no_harm() -> None:
    """Some programs write one; lines are counted as without it."""
    (taken,) = outcomes(b"\xef\xbb\xbf" + data(row()))
    assert isinstance(taken, Taken)
    assert taken.line == 2


WHOLE = data(row(), plain_row())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_KEYS, inner, max_size=4),
    max_leaves=12,
)


@for_all(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.binary(max_size=6)), max_size=4),
    st.integers(0, len(WHOLE)),
)
@settings(max_examples=150, deadline=None)
def test_T60_whatever_is_changed_a_file_is_refused_or_read(
    changes: list[tuple[int, bytes]], end: int
) -> None:
    """Bytes put in anywhere, and a file cut short: rows with lines, or one refusal of it all."""
    changed = WHOLE
    for place, put in changes:
        changed = changed[:place] + put + changed[place + len(put) :]
    for given in (changed, changed[:end]):
        try:
            found = outcomes(given)
        except BadInput:
            continue
        assert all(1 <= one.line <= given.count(b"\n") + 1 for one in found)


@for_all(st.lists(JSON, max_size=4), st.dictionaries(_KEYS, JSON, max_size=4))
@settings(max_examples=200, deadline=None)
def test_T60_whatever_stands_in_a_row_it_is_refused_or_read(
    rows: list[object], fields: dict[str, object]
) -> None:
    """Any JSON as a row, and any value in any field of a good one."""
    for given in (*rows, plain_row() | fields, row() | {"towpath": fields}):
        (found,) = outcomes(data(given))
        assert isinstance(found, Refused | Asking | Taken)
        assert not isinstance(found, Taken)


def test_T60_an_organisation_that_comes_twice_is_refused_the_second_time() -> None:
    """In a list of organizations, written in capitals too, and once as a service."""
    one = plain_row()
    for other in (one, one | {"id": one["id"].upper()}, row()):
        first = row() if other == row() else one
        _, refused = outcomes(data(first, other))
        assert refused == Refused(3, "the organisation of line 2 has the same id")
    service = {**one["services"][0], "organization": plain_row()}
    _, refused = outcomes(data(one, service))
    assert isinstance(refused, Refused)


def test_T60_an_id_that_is_not_of_the_key_is_refused() -> None:
    """So nobody's row takes the place of another organisation's by its id."""
    assert "not the one of the key" in reason(row() | {"id": plain_row()["id"]})
    given = row()
    given["towpath"]["organisation"] = "0" * 64
    assert "not the one of the key" in reason(given)


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("police_ties", ["no_such_tie"]),
        ("funding", [9_999]),
        ("services", ["housing", "Housing"]),
        ("regions", ["region-1"]),
        ("languages", ["xx"]),
        ("unknown", {"99": "00"}),
    ],
)
def test_T60_a_profile_that_cannot_be_handed_in_is_refused(field: str, codes: object) -> None:
    """A code of no list, a choice without a code, a field that this version does not know."""
    given = row()
    given["towpath"]["profile"][field] = codes
    assert "profile can't be" in reason(given)


@pytest.mark.parametrize("organization", [None, 7, [], "x"])
def test_T60_a_service_without_its_organization_is_refused(organization: object) -> None:
    """Its id alone says nothing of who it is."""
    service = plain_row()["services"][0] | {"organization_id": plain_row()["id"]}
    if organization is not None:
        service["organization"] = organization
    assert reason(service) == "it is a service without its organization"
