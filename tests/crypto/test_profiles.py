"""Coded profiles: what must be said before she chooses, in one form, at most 248 bytes."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields as attributes
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import words
from crypto import constants as c
from crypto import fields
from crypto.encoding import u16
from crypto.errors import Malformed, Refused, TooLong
from crypto.public.profile import Profile, decode, encode, profile_hash
from tests.crypto.streams import refusal_of

LEAST = Profile(kind=(1,), services=(1,), police_ties=(1,), funding=(1,), reporting=(1,))
# Field number and most ids, as record.md, section 4 has them.
MOST = {1: 1, 2: 20, 3: 12, 4: 12, 5: 12, 6: 12, 7: 8, 8: 6, 9: 12, 10: 8, 11: 1}
REQUIRED = [1, 2, 5, 6, 7]
NAMES = dict(enumerate(
    ("kind", "services", "languages", "accepts", "police_ties", "funding", "reporting",
     "privilege", "housing", "regions", "pledge"), 1,
))  # fmt: skip


def _ids(number: int) -> st.SearchStrategy[tuple[int, ...]]:
    least = 1 if number in REQUIRED else 0
    some = st.integers(1, 40) | st.integers(1, 65_535)
    return st.lists(some, min_size=least, max_size=min(6, MOST[number]), unique=True).map(tuple)


PROFILES = st.builds(
    Profile,
    **{name: _ids(number) for number, name in NAMES.items()},
    unknown=st.dictionaries(st.integers(12, 255), st.binary(max_size=9), max_size=2).map(
        lambda run: tuple(sorted(run.items()))
    ),
)


def _with(name: str, value: object) -> Profile:
    change: dict[str, Any] = {name: value}
    return replace(LEAST, **change)


def _run() -> dict[int, bytes]:
    return fields.decode(encode(LEAST))


@given(PROFILES)
def test_R22_every_profile_comes_back(profile: Profile) -> None:
    """What an organisation says of itself is read back, unknown fields and choices included."""
    encoded = encode(profile)
    assert len(encoded) <= 248
    assert decode(encoded) == profile
    assert profile_hash(encoded) == hashlib.sha256(encoded).digest()


def test_R22_the_page_and_the_reader_have_the_same_limits() -> None:
    """Each list takes as many ids as the specification says, and not one more."""
    for number, name in NAMES.items():
        full = tuple(range(1, MOST[number] + 1))
        assert getattr(decode(encode(_with(name, full))), name) == full
        with pytest.raises(TooLong):
            encode(_with(name, (*full, 99)))
        over = _run() | {number: b"".join(map(u16, (*full, 99)))}
        assert refusal_of(lambda over=over: decode(fields.encode(over))) is Malformed  # type: ignore[misc]


def test_R22_every_tie_and_funding_term_fits() -> None:
    """An organisation can name all ties, terms and duties that the lists have, at once."""
    for name, attribute in (
        ("police_tie", "police_ties"), ("funding", "funding"), ("reporting", "reporting"),
    ):  # fmt: skip
        numbers = tuple(entry.id for entry in words.load(name).offered())
        assert getattr(decode(encode(_with(attribute, numbers))), attribute) == numbers


@pytest.mark.parametrize("number", REQUIRED)
def test_R22_T31_what_must_be_shown_cannot_be_left_out(number: int) -> None:
    """Kind, services, police ties, funding terms and duties must stand there: Malformed."""
    run = _run()
    del run[number]
    with pytest.raises(Malformed):
        decode(fields.encode(run))
    with pytest.raises(Malformed):
        encode(_with(NAMES[number], ()))


@pytest.mark.parametrize("number", NAMES)
@pytest.mark.parametrize("value", [b"", b"\1", b"\0\0", b"\0\1\0", b"\0\1\0\1"])
def test_values_outside_their_rule_are_refused(number: int, value: bytes) -> None:
    """Empty, cut, zero and repeated ids are Malformed in every field."""
    with pytest.raises(Malformed):
        decode(fields.encode(_run() | {number: value}))


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"kind": (0,)}, Malformed),
        ({"services": (2, 2)}, Malformed),
        ({"regions": (65_536,)}, Malformed),
        ({"unknown": ((2, b"\0\1"),)}, Malformed),
        ({"unknown": ((12, b""), (12, b""))}, Malformed),
        ({"unknown": ((256, b""),)}, Malformed),
        ({"unknown": ((12, bytes(230)),)}, TooLong),
        ({"unknown": ((12, bytes(65_536)),)}, TooLong),
    ],
)
def test_profiles_outside_their_rule_are_not_made(
    change: dict[str, object], refusal: type[Refused]
) -> None:
    """What the reader would refuse is not written."""
    with pytest.raises(refusal):
        encode(replace(LEAST, **change))  # type: ignore[arg-type]


def test_profiles_beyond_248_bytes_are_refused() -> None:
    """248 bytes are read, 249 are not, whatever stands in them."""
    room = 248 - len(encode(LEAST)) - 3
    assert len(encode(replace(LEAST, unknown=((12, bytes(room)),)))) == 248
    with pytest.raises(TooLong):
        encode(replace(LEAST, unknown=((12, bytes(room + 1)),)))
    with pytest.raises(Malformed):
        decode(encode(LEAST) + fields.encode({12: bytes(room + 1)}))


@given(
    st.dictionaries(st.integers(1, 13), st.integers(1, 4).map(u16) | st.binary(max_size=4)),
    st.booleans(),
)
def test_whatever_is_read_has_one_form(run: dict[int, bytes], whole: bool) -> None:
    """Bytes that are read as a profile are what writing it gives, so its hash names one thing."""
    encoded = fields.encode(_run() | run if whole else run)
    refusal = refusal_of(lambda: decode(encoded))
    assert refusal in (None, Malformed)
    assert refusal or encode(decode(encoded)) == encoded


@given(st.binary(max_size=260))
def test_T13_bytes_at_random_are_no_profile(encoded: bytes) -> None:
    """Random bytes are Malformed and raise nothing else."""
    assert refusal_of(lambda: decode(encoded)) is Malformed


@pytest.mark.parametrize("value", [b"Haven", b"12 Rose Street", "1\nstreet".encode("utf-16")])
def test_R23_no_known_field_takes_a_text(value: bytes) -> None:
    """A profile has no place for an address: no attribute is a text, and no limit fits a line."""
    kinds = {attribute.type for attribute in attributes(Profile) if attribute.name != "unknown"}
    assert kinds == {"Ids"}
    names = {w for attribute in attributes(Profile) for w in re.split("_", attribute.name)}
    assert not names & {"name", "address", "street", "city", "phone", "email", "text", "note"}
    for number in (1, 11):
        assert refusal_of(lambda n=number: decode(fields.encode(_run() | {n: value}))) is Malformed  # type: ignore[misc]


def test_the_numbers_are_those_of_the_constants() -> None:
    """Field numbers of the specification are the generated ones."""
    for number, name in NAMES.items():
        assert getattr(c, f"PROFILE_{name.upper()}") == number
        assert getattr(c, f"PROFILE_{name.upper()}_MOST", 1) == MOST[number]
    assert c.PROFILE_BYTES == 248
