"""The referral and the follow-up: her yes, one size, one form, and what newer clients add."""

from __future__ import annotations

import re
from dataclasses import fields as attributes
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import words
from crypto import constants as c
from crypto import fields
from crypto.client.message import (
    BoxKeys,
    Message,
    decode,
    decode_body,
    encode,
    encode_body,
    room_for_text,
)
from crypto.encoding import lp, u8, u16
from crypto.errors import ConsentMissing, Malformed, TooLong
from tests.crypto.streams import Stream, refusal_of

STREAM = Stream("messages")
BOX = BoxKeys(STREAM(16), STREAM(32), STREAM(32), STREAM(32))
LEAST = Message(consent=1, needs=(1,), languages=(1,), channels=(1,), eyes=2, box=BOX)
ADDED = Message(kind=2, consent=1, text="later")
FULL = replace(
    LEAST,
    needs=tuple(range(1, 33)), languages=tuple(range(1, 9)), region=1, people=99,
    who=tuple(range(1, 17)), children=tuple(range(1, 17)), soon=1, channels=tuple(range(1, 9)),
    hours=tuple(range(1, 17)), never=tuple(range(1, 17)), contact="é" * 80, safe_word="a" * 64,
    peer=1, wishes=tuple(range(1, 25)), text="t" * 3000,
)  # fmt: skip


def _read(encoded: bytes) -> Message:
    """Decode a message as an envelope of its own kind would ask for."""
    return decode(encoded, encoded[1] if len(encoded) > 1 else 1)


def ids(most: int, least: int = 0) -> st.SearchStrategy[tuple[int, ...]]:
    """Lists of ids, those that no list knows among them."""
    known = st.integers(1, 30) | st.integers(1, 65_535)
    return st.lists(known, min_size=least, max_size=most, unique=True).map(tuple)


def written(most: int) -> st.SearchStrategy[str]:
    """Texts of any script with line feeds, of at most so many bytes."""
    letters = st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n")
    return st.text(letters, max_size=most // 4)


UNKNOWN = st.dictionaries(st.integers(19, 255), st.binary(max_size=100), max_size=3).map(
    lambda run: tuple(sorted(run.items()))
)
SHARED = {
    "consent": st.sampled_from([1, 2]),
    "region": st.integers(0, 65_535),
    "people": st.integers(0, 99),
    "who": ids(16),
    "children": ids(16),
    "soon": st.integers(0, 65_535),
    "hours": ids(16),
    "never": ids(16),
    "contact": written(160),
    "safe_word": written(64),
    "peer": st.integers(0, 65_535),
    "wishes": ids(24),
    "text": written(3000),
    "unknown": UNKNOWN,
}
BOXES = st.binary(min_size=112, max_size=112).map(BoxKeys.decode)
REFERRALS = st.builds(
    Message, needs=ids(32, 1), languages=ids(8, 1), channels=ids(8, 1), **SHARED
).flatmap(
    lambda m: (
        st.just(replace(m, eyes=3))
        | st.builds(replace, st.just(m), eyes=st.sampled_from([1, 2, 4, 65_535]), box=BOXES)
    )
)
FOLLOW_UPS = st.builds(
    Message, kind=st.just(2), needs=ids(32), channels=ids(8, 1), **SHARED
)  # fmt: skip


@given(REFERRALS | FOLLOW_UPS)
def test_R39_T34_every_message_comes_back_and_has_one_size(message: Message) -> None:
    """Whatever she says, the message is read back whole and is 4,096 bytes long."""
    encoded = encode(message)
    assert len(encoded) == 4096
    assert _read(encoded) == decode(encoded, message.kind) == message
    assert decode_body(message.kind, encode_body(message)) == message


@pytest.mark.parametrize("message", [LEAST, ADDED, FULL, replace(FULL, text="")])
def test_R39_T34_the_least_and_the_most_have_one_size(message: Message) -> None:
    """One need and everything at its maximum make messages of the same length."""
    assert len(encode(message)) == c.MESSAGE_BYTES
    assert _read(encode(message)) == message


def test_R8_the_fields_at_their_maxima_fit() -> None:
    """All fields at their maxima take 3,677 bytes; 419 are left for those of later versions."""
    assert c.MESSAGE_HEADER_BYTES + len(encode_body(FULL)) == 3677 == 4096 - 419
    assert encode(replace(FULL, unknown=((19, bytes(416)),)))
    with pytest.raises(TooLong):
        encode(replace(FULL, unknown=((19, bytes(417)),)))


@given(st.dictionaries(st.integers(19, 255), st.binary(max_size=60), min_size=1, max_size=6))
def test_R17_fields_of_a_newer_client_survive(run: dict[int, bytes]) -> None:
    """Fields that this version does not know come back byte for byte, in either kind."""
    for message in (LEAST, ADDED):
        body = encode_body(message) + fields.encode(run)
        kept = decode_body(message.kind, body)
        assert dict(kept.unknown) == run
        assert encode_body(kept) == body


def test_R17_choices_of_a_newer_client_survive() -> None:
    """Ids that no list of ours has come back as they are, in every field that holds ids."""
    new = (65_535, 40_000, 39_999)
    message = replace(
        LEAST, needs=new, languages=new, region=65_535, who=new, children=new, soon=65_535,
        channels=new, hours=new, never=new, peer=65_535, wishes=new, eyes=65_535,
    )  # fmt: skip
    assert _read(encode(message)) == message


def test_R18_all_needs_can_be_said_at_once_and_each_alone() -> None:
    """Every need of the list, alone or with all others, travels as its number."""
    numbers = tuple(need.id for need in words.load("needs").offered())
    assert len(numbers) == 20
    for needs in (numbers, *((one,) for one in numbers)):
        assert _read(encode(replace(LEAST, needs=needs))).needs == needs


def test_R15_coming_back_needs_no_contact() -> None:
    """A way, hours, nevers and a safe word travel; with "I will come back" no contact is asked."""
    message = replace(LEAST, channels=(1,), hours=(4,), never=(3, 5), safe_word="平安")
    assert message.contact == ""
    assert _read(encode(message)) == message


@pytest.mark.parametrize("people", [1, 2, 99])
def test_R27_people_and_children_are_numbers(people: int) -> None:
    """A headcount of 1 to 99 and choices about children travel without any name."""
    message = replace(LEAST, people=people, children=(1, 2, 6))
    assert _read(encode(message)) == message


DENIED = {
    "name", "names", "surname", "birth", "birthday", "born", "age", "dob", "status", "visa", "race",
    "ethnic", "ethnicity", "nationality", "gender", "sex", "employer", "boss", "trafficker",
    "owner", "controller", "passport", "address", "phone", "email", "id",
}  # fmt: skip


def test_R1_no_field_asks_who_she_is() -> None:
    """No attribute and no field number is for a name, birth date, status, origin or employer."""
    names = [attribute.name for attribute in attributes(Message)]
    names += [name.removeprefix("FIELD_") for name in vars(c) if name.startswith("FIELD_")]
    asked = {word for name in names for word in re.split("_", name.lower())}
    assert not asked & DENIED
    assert {"needs", "children", "contact"} <= asked


CONSENTS = sorted({*range(0, 65_536, 13), *range(260), 511, 512, 513, 65_535} - {1, 2})


def _with_consent(message: Message, consent: bytes | None) -> bytes:
    run = fields.decode(encode_body(message))
    del run[c.FIELD_CONSENT]
    run |= {} if consent is None else {c.FIELD_CONSENT: consent}
    return (u8(1) + u8(message.kind) + lp(fields.encode(run))).ljust(4096, b"\0")


@pytest.mark.parametrize("message", [LEAST, ADDED, FULL], ids=["referral", "follow-up", "full"])
def test_P8_R12_T23_without_her_yes_nothing_is_made(message: Message) -> None:
    """No value but the two that say yes lets a message be encoded; the default does not."""
    assert Message().consent == 0
    for consent in (*CONSENTS, -1, 65_536):
        with pytest.raises(ConsentMissing):
            encode(replace(message, consent=consent))


@pytest.mark.parametrize("message", [LEAST, ADDED], ids=["referral", "follow-up"])
def test_P8_R12_T23_without_her_yes_nothing_is_read(message: Message) -> None:
    """A message without consent, or with another value, is refused by the reader too."""
    assert _read(_with_consent(message, u16(2))).consent == 2
    for consent in (None, *map(u16, CONSENTS)):
        with pytest.raises(ConsentMissing):
            _read(_with_consent(message, consent))


@given(REFERRALS | FOLLOW_UPS)
def test_P8_R12_T23_consent_is_asked_before_anything_else(message: Message) -> None:
    """Whatever else a message says, without her yes it is ConsentMissing."""
    assert refusal_of(lambda: encode(replace(message, consent=0))) is ConsentMissing


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"needs": tuple(range(1, 34))}, TooLong),
        ({"languages": tuple(range(1, 10))}, TooLong),
        ({"wishes": tuple(range(1, 26))}, TooLong),
        ({"contact": "é" * 81}, TooLong),
        ({"safe_word": "a" * 65}, TooLong),
        ({"text": "a" * 3001}, TooLong),
        ({"text": "語" * 1001}, TooLong),
        ({"unknown": ((19, bytes(4000)),)}, TooLong),
        ({"unknown": ((19, bytes(65_535)),)}, TooLong),
        ({"unknown": ((19, bytes(65_536)),)}, TooLong),
        ({"unknown": ((1, u16(1)),)}, Malformed),
        ({"unknown": ((18, b"text"),)}, Malformed),
        ({"unknown": ((19, b""), (19, b"")),}, Malformed),
        ({"unknown": ((256, b""),)}, Malformed),
        ({"unknown": ((-1, b""),)}, Malformed),
        ({"people": 100}, Malformed),
        ({"people": -1}, Malformed),
        ({"region": 65_536}, Malformed),
        ({"soon": -1}, Malformed),
        ({"needs": (0,)}, Malformed),
        ({"needs": (5, 5)}, Malformed),
        ({"text": "a\x00"}, Malformed),
        ({"text": "a\ud800"}, Malformed),
        ({"contact": "a\tb"}, Malformed),
        ({"kind": 0}, Malformed),
        ({"kind": 3}, Malformed),
        ({"box": replace(BOX, box_key=bytes(31))}, Malformed),
        ({"box": replace(BOX, box_id=bytes(32), tag_key=bytes(16))}, Malformed),
    ],
)  # fmt: skip
def test_what_breaks_a_rule_is_not_made(
    change: dict[str, object], refusal: type[Exception]
) -> None:
    """Beyond a limit is TooLong; any other value outside its rule is Malformed."""
    with pytest.raises(refusal):
        encode(replace(LEAST, **change))  # type: ignore[arg-type]


def test_she_is_told_how_much_room_is_left() -> None:
    """The room for a text is counted in bytes, and below zero says by how much it is too long."""
    assert room_for_text("") == 3000
    assert room_for_text("語" * 1000) == 0
    assert room_for_text("a" * 3001) == -1
    assert room_for_text("\ud800") == 2997
