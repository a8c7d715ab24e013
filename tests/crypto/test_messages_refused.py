"""Bytes that are no message: every rule of envelope.md, section 4, and bytes made to confuse."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import constants as c
from crypto import fields
from crypto.client.message import BoxKeys, Message, decode, encode, encode_body
from crypto.encoding import lp, u8, u16
from crypto.errors import CATEGORIES, ConsentMissing, Malformed, Unsupported
from tests.crypto.streams import Stream, flipped, refusal_of

STREAM = Stream("refused messages")
LEAST = Message(
    consent=1, needs=(1,), languages=(1,), channels=(1,), eyes=2, box=BoxKeys.decode(STREAM(112))
)
ADDED = Message(kind=2, consent=1, text="later")
LISTS = {2: 32, 3: 8, 6: 16, 7: 16, 9: 8, 10: 16, 11: 16, 15: 24}
SINGLES = [4, 8, 14, 16]
TEXTS = {12: 160, 13: 64, 18: 3000}


def _read(encoded: bytes) -> Message:
    """Decode a message as an envelope of its own kind would ask for."""
    return decode(encoded, encoded[1] if len(encoded) > 1 else 1)


def _run(message: Message = LEAST) -> dict[int, bytes]:
    return fields.decode(encode_body(message))


def _message(body: bytes, kind: int = 1, version: int = 1) -> bytes:
    return (u8(version) + u8(kind) + lp(body)).ljust(4096, b"\0")


def _changed(number: int, value: bytes | None, message: Message = LEAST) -> bytes:
    run = _run(message) | {number: value or b""}
    if value is None:
        del run[number]
    return _message(fields.encode(run), message.kind)


def _ids(*numbers: int) -> bytes:
    return b"".join(map(u16, numbers))


def _bad_lists() -> list[tuple[int, bytes]]:
    return [
        (number, value)
        for number, most in LISTS.items()
        for value in (b"", b"\1", b"\0\1\0", _ids(0), _ids(1, 0), _ids(7, 7), _ids(1, 2, 1),
                      _ids(*range(1, most + 2)), b"\0\1" * 60)
    ]  # fmt: skip


def _bad_texts() -> list[tuple[int, bytes]]:
    return [
        (number, value)
        for number, most in TEXTS.items()
        for value in (b"", b"a" * (most + 1), b"\0", b"a\r\n", b"a\tb", b"\x1b[2J", b"\x7f",
                      "\x85".encode(), b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"a\xe2\x82")
    ]  # fmt: skip


def _bad_rest() -> list[tuple[int, bytes]]:
    singles = [(n, v) for n in SINGLES for v in (b"", b"\1", b"\0\0", b"\0\0\1", b"\0\1\0\2")]
    people = [(5, value) for value in (b"", b"\0", b"\x64", b"\xff", b"\0\1")]
    boxes = [(17, bytes(size)) for size in (0, 16, 111, 113, 224)]
    consents = [(1, value) for value in (b"", b"\1", b"\0\0\1", b"\0\1\0\1")]
    return singles + people + boxes + consents


@pytest.mark.parametrize(("number", "value"), _bad_lists() + _bad_texts() + _bad_rest())
def test_a_known_field_outside_its_rule_is_refused(number: int, value: bytes) -> None:
    """Empty, cut, too long, repeated, zero, ill-formed: Malformed in every field."""
    with pytest.raises(Malformed):
        _read(_changed(number, value))


@pytest.mark.parametrize("number", [2, 3, 9, 16, 17])
def test_R8_a_referral_without_what_it_needs_is_refused(number: int) -> None:
    """Needs, languages, channels, eyes and the box that eyes ask for must be there."""
    with pytest.raises(Malformed):
        _read(_changed(number, None))


@pytest.mark.parametrize(
    "missing", [{"needs": ()}, {"languages": ()}, {"channels": ()}, {"eyes": 0}, {"box": None}]
)
def test_R8_a_referral_without_what_it_needs_is_not_made(missing: dict[str, object]) -> None:
    """What the reader would refuse is not encoded either."""
    with pytest.raises(Malformed):
        encode(replace(LEAST, **missing))  # type: ignore[arg-type]


def test_P8_nobodys_eyes_and_a_box_exclude_each_other() -> None:
    """Who wants no answer gives no box, and a box without "nobody" is a must: both ways."""
    assert encode(replace(LEAST, eyes=3, box=None))
    with pytest.raises(Malformed):
        encode(replace(LEAST, eyes=3))
    with pytest.raises(Malformed):
        _read(_changed(16, u16(3)))


@pytest.mark.parametrize(("number", "value"), [(3, u16(1)), (16, u16(2)), (17, bytes(112))])
def test_a_follow_up_cannot_change_language_eyes_or_box(number: int, value: bytes) -> None:
    """A follow-up that brings what only a referral says is refused."""
    assert _read(_changed(2, u16(1), ADDED)).needs == (1,)
    with pytest.raises(Malformed):
        _read(_changed(number, value, ADDED))


def test_a_follow_up_that_says_nothing_is_refused() -> None:
    """Consent alone is no follow-up, in either direction."""
    with pytest.raises(Malformed):
        encode(replace(ADDED, text=""))
    with pytest.raises(Malformed):
        _read(_changed(18, None, ADDED))


@pytest.mark.parametrize("kind", [0, 2, 3, 255])
def test_a_message_of_another_kind_is_refused(kind: int) -> None:
    """Neither an unknown kind nor a referral called a follow-up is read."""
    with pytest.raises(Malformed):
        _read(_message(encode_body(LEAST), kind))


@pytest.mark.parametrize(("message", "expected"), [(LEAST, 2), (ADDED, 1), (LEAST, 3), (ADDED, 0)])
def test_a_kind_that_the_envelope_did_not_ask_for_is_refused(
    message: Message, expected: int
) -> None:
    """A referral in a follow-up's envelope, which could bring another box, is not read."""
    assert decode(encode(message), message.kind) == message
    with pytest.raises(Malformed):
        decode(encode(message), expected)


@pytest.mark.parametrize("version", [0, 2, 255])
def test_another_version_is_unsupported(version: int) -> None:
    """Another version byte is Unsupported, whatever follows it."""
    with pytest.raises(Unsupported):
        _read(_message(encode_body(LEAST), version=version))
    with pytest.raises(Unsupported):
        _read(bytes([version]) + STREAM(4095))


@pytest.mark.parametrize("size", [0, 1, 4095, 4097, 8192])
def test_R39_T34_a_message_of_another_size_is_refused(size: int) -> None:
    """Only 4,096 bytes are a message."""
    with pytest.raises(Malformed):
        _read(encode(LEAST).ljust(size, b"\0")[:size])


def test_fields_out_of_order_repeated_or_cut_are_refused() -> None:
    """A body has its fields once each, ascending and whole."""
    field = {n: u8(n) + lp(value) for n, value in _run().items()}
    body = b"".join(field.values())
    backwards = b"".join(reversed(field.values()))
    for wrong in (
        backwards,
        body + field[17],
        field[1] + body,
        body[:-1],
        body + b"\x13",
        body[1:],
    ):
        with pytest.raises(Malformed):
            _read(_message(wrong))


def test_R39_padding_that_is_not_zero_is_refused() -> None:
    """Every single byte of the padding must be zero, so that nothing can hide there."""
    encoded = encode(LEAST)
    end = len(encode_body(LEAST)) + c.MESSAGE_HEADER_BYTES
    for at in (*range(end, 4096, 61), end, 4095):
        assert refusal_of(partial(_read, flipped(encoded, at))) is Malformed


def test_a_length_beyond_the_message_is_refused() -> None:
    """A body said to be longer than what is there is Malformed."""
    body = encode_body(LEAST)
    for size in (len(body) + 1, 4093, 65_535):
        with pytest.raises(Malformed):
            _read((u8(1) + u8(1) + u16(size) + body).ljust(4096, b"\0"))


def _reads_as_one_form(encoded: bytes) -> bool:
    """Say whether these bytes are read; they must be the one form of what they say, or refused."""
    refusal = refusal_of(lambda: _read(encoded))
    assert refusal in (None, Malformed, Unsupported, ConsentMissing)
    if refusal is None:
        assert encode(_read(encoded)) == encoded
    return refusal is None


RUNS = st.dictionaries(
    st.integers(1, 20),
    st.binary(max_size=6) | st.integers(1, 3).map(u16) | st.just(bytes(112)) | st.just(b"ab"),
    max_size=8,
)


@given(RUNS, st.sampled_from([1, 2]))
def test_whatever_is_read_has_one_form(run: dict[int, bytes], kind: int) -> None:
    """No two byte strings are the same message: what decodes is what encoding gives."""
    for given_run in (run, _run(LEAST if kind == 1 else ADDED) | run):
        _reads_as_one_form(_message(fields.encode(given_run), kind))


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(1, 255)), min_size=1, max_size=3))
def test_T13_changed_messages_are_refused_or_have_one_form(changes: list[tuple[int, int]]) -> None:
    """Any bytes changed anywhere give another message in its one form, or a refusal."""
    for encoded in (encode(LEAST), encode(ADDED), encode(replace(LEAST, text="a b\nc", people=2))):
        for at, bits in changes:
            encoded = flipped(encoded, at, bits)
        _reads_as_one_form(encoded)


@given(st.binary(max_size=64))
def test_T13_bytes_at_random_are_refused_in_a_category(start: bytes) -> None:
    """Random bytes raise a category of the specification and nothing else."""
    for encoded in (start, start.ljust(4096, b"\0"), b"\1\1" + start + STREAM(4094 - len(start))):
        refusal = refusal_of(partial(_read, encoded))
        assert refusal is not None
        assert refusal in CATEGORIES


def test_the_tests_above_also_read_something() -> None:
    """The check of one form sees messages that are read, not refusals only."""
    assert _reads_as_one_form(encode(LEAST))
    assert not _reads_as_one_form(_changed(2, b""))
