"""Length-prefixed binary, base64, UTF-8 and runs of numbered fields: one form, all else refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from crypto import fields
from crypto.encoding import Reader, b64, frame, lp, pad, ranges, text, u8, u16, u32, u64, unb64
from crypto.errors import CATEGORIES, Malformed, Refused, TooLong
from tests.crypto.streams import refusal_of

NUMBERS = [(u8, 1), (u16, 2), (u32, 4), (u64, 8)]
PARTS = st.lists(st.binary(max_size=40), max_size=6)
RUNS = st.dictionaries(st.integers(0, 255), st.binary(max_size=60), max_size=8)


@pytest.mark.parametrize(("encode", "size"), NUMBERS)
def test_numbers_are_big_endian_of_one_size(encode: Callable[[int], bytes], size: int) -> None:
    """The least, the most and one in between stand as the specification writes them."""
    assert encode(0) == bytes(size)
    assert encode(1) == bytes(size - 1) + b"\x01"
    assert encode(256**size - 1) == b"\xff" * size


@pytest.mark.parametrize(("encode", "size"), NUMBERS)
@pytest.mark.parametrize("beyond", [-1, 0, 1, 10**400])
def test_numbers_that_do_not_fit_are_refused(
    encode: Callable[[int], bytes], size: int, beyond: int
) -> None:
    """A number below 0 or above its size is Malformed, and no error of another kind."""
    with pytest.raises(Malformed):
        encode(-1 if beyond < 0 else 256**size + beyond)


@given(st.text(st.characters(max_codepoint=127), max_size=20), PARTS)
def test_a_frame_can_be_taken_apart(label: str, parts: list[bytes]) -> None:
    """Label and parts come back from a frame, so no two lists of parts give the same one."""
    reader = Reader(frame(label, *parts))
    assert reader.lp() == label.encode()
    assert [reader.lp() for _ in parts] == parts
    reader.end()


@given(PARTS, PARTS)
def test_different_parts_give_different_frames(one: list[bytes], other: list[bytes]) -> None:
    """Moving a byte from one part to the next is another frame."""
    assume(one != other)
    assert frame("l", *one) != frame("l", *other)


def test_values_beyond_65535_bytes_are_refused() -> None:
    """What a length of two bytes cannot say is TooLong, in a part, a frame and a field."""
    assert len(lp(bytes(65_535))) == 65_537
    for make in (lp, lambda value: frame("l", value), lambda value: fields.encode({1: value})):
        with pytest.raises(TooLong):
            make(bytes(65_536))


@pytest.mark.parametrize("size", [0, 1, 5])
def test_padding_fills_and_never_cuts(size: int) -> None:
    """Padding gives the size asked for, and refuses what is longer."""
    assert pad(b"\x01" * size, 5) == b"\x01" * size + bytes(5 - size)
    with pytest.raises(TooLong):
        pad(bytes(6), 5)


@pytest.mark.parametrize(
    "read",
    [lambda r: r.take(4), lambda r: r.u32(), lambda r: r.u64(), lambda r: r.lp(), Reader.end,
     lambda r: r.zeros_to_end(), lambda r: (r.u16(), r.u16()), lambda r: (r.lp(at_most=0))],
)  # fmt: skip
def test_a_reader_never_reads_past_the_end_nor_leaves_anything(
    read: Callable[[Reader], object],
) -> None:
    """Three bytes give no four, no value of 256 bytes, no end and no zeros: Malformed."""
    with pytest.raises(Malformed):
        read(Reader(b"\x01\x00\x02"))


def test_T13_a_value_longer_than_allowed_is_refused_before_it_is_read() -> None:
    """A prefixed length above the limit is Malformed although the bytes are there."""
    assert Reader(lp(b"abc")).lp(at_most=3) == b"abc"
    with pytest.raises(Malformed):
        Reader(lp(b"abc")).lp(at_most=2)


@given(st.binary(max_size=30))
def test_padding_that_is_not_zero_is_refused(left: bytes) -> None:
    """Only zero bytes, or none, may be left."""
    refusal = refusal_of(Reader(left).zeros_to_end)
    assert refusal is (Malformed if any(left) else None)


@pytest.mark.parametrize(
    "ill_formed",
    [b"\xff", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"a\xcc", b"\xe2\x82", b"\x80"],
)
def test_ill_formed_utf8_is_refused(ill_formed: bytes) -> None:
    """Overlong forms, surrogates, cut characters and points beyond the last are Malformed."""
    with pytest.raises(Malformed):
        text(ill_formed)


def test_a_byte_order_mark_is_kept() -> None:
    """U+FEFF at the start is a character like others, as bytes must come back the same."""
    assert text(b"\xef\xbb\xbfa").encode() == b"\xef\xbb\xbfa"


@given(st.binary(max_size=50))
def test_base64_comes_back(value: bytes) -> None:
    """What is encoded is decoded."""
    assert unb64(b64(value)) == value


@pytest.mark.parametrize(
    "written",
    ["A", "AA", "AA=", "AAA", "AB==", "AAB=", "AA==A", "AA==AAAA", "AAAA====", "====", "A A=",
     "AA==\n", " AA==", "_-==", "AAA\u0391", "ＡA==", "A===", "AA==\x00", "=AAA", "\ud800"],
)  # fmt: skip
def test_base64_in_any_other_form_is_refused(written: str) -> None:
    """Missing padding, spare bits, white space and other alphabets are Malformed."""
    with pytest.raises(Malformed):
        unb64(written)


@given(st.text("ABab01+/=_- ", max_size=12))
def test_base64_has_one_form(written: str) -> None:
    """Whatever is read at all is written the same again."""
    assert refusal_of(lambda: unb64(written)) or b64(unb64(written)) == written


def test_ranges_hold_both_ends() -> None:
    """Pairs of first and last give every number between, both included."""
    assert list(ranges([1, 3, 7, 7])) == [1, 2, 3, 7]
    with pytest.raises(ValueError, match="shorter"):
        list(ranges([1, 3, 7]))


@given(RUNS)
def test_R17_runs_of_fields_come_back(run: dict[int, bytes]) -> None:
    """Fields of any number and length come back, ascending."""
    decoded = fields.decode(fields.encode(run))
    assert decoded == run
    assert list(decoded) == sorted(run)


@given(st.binary(max_size=40))
def test_a_run_of_fields_has_one_form(body: bytes) -> None:
    """Bytes that are read as fields at all are the bytes that writing them gives."""
    refusal = refusal_of(lambda: fields.decode(body))
    assert refusal in (None, Malformed)
    assert refusal or fields.encode(fields.decode(body)) == body


@pytest.mark.parametrize(
    "body",
    ["02 0000 01 0000", "01 0000 01 0000", "01", "01 00", "01 0001", "01 0002 aa", "01 ffff"],
)
def test_fields_out_of_order_repeated_or_cut_are_refused(body: str) -> None:
    """Ids ascend strictly, and every field is whole."""
    with pytest.raises(Malformed):
        fields.decode(bytes.fromhex(body))


@pytest.mark.parametrize("number", [-1, 256, 10**30])
def test_field_numbers_beyond_a_byte_are_refused(number: int) -> None:
    """A field number that has no byte is Malformed, and no error of another kind."""
    with pytest.raises(Malformed):
        fields.encode({number: b""})


@pytest.mark.parametrize(
    ("call", "refusal"),
    [
        (lambda: fields.from_ids([1, 2, 3], 2), TooLong),
        (lambda: fields.from_ids([], 2), Malformed),
        (lambda: fields.from_ids([1, 1], 2), Malformed),
        (lambda: fields.from_ids([0], 2), Malformed),
        (lambda: fields.from_ids([-1], 2), Malformed),
        (lambda: fields.from_ids([65_536], 2), Malformed),
        (lambda: fields.to_ids(b"", 2), Malformed),
        (lambda: fields.to_ids(b"\0", 2), Malformed),
        (lambda: fields.to_ids(b"\0\1\0", 2), Malformed),
        (lambda: fields.to_ids(b"\0\1\0\1", 2), Malformed),
        (lambda: fields.to_ids(b"\0\1\0\0", 2), Malformed),
        (lambda: fields.to_ids(b"\0\1\0\2\0\3", 2), Malformed),
        (lambda: fields.to_id(b"\0\1\0\2"), Malformed),
        (lambda: fields.to_number(b"\0", 2), Malformed),
        (lambda: fields.fixed(b"\0", 2), Malformed),
        (lambda: fields.from_text("é", 1), TooLong),
        (lambda: fields.from_text("", 9), Malformed),
        (lambda: fields.from_text("\ud83d", 9), Malformed),
        (lambda: fields.to_text(b"", 9), Malformed),
        (lambda: fields.to_text(b"abc", 2), Malformed),
    ],
)
def test_values_outside_their_rule_are_refused(
    call: Callable[[], object], refusal: type[Refused]
) -> None:
    """Making what is too long is TooLong; everything else that breaks a rule is Malformed."""
    with pytest.raises(refusal):
        call()


@pytest.mark.parametrize("point", [*range(10), *range(11, 32), *range(127, 160)])
def test_control_characters_are_refused_in_texts(point: int) -> None:
    """No control character but line feed stands in a text, in either direction."""
    assert fields.to_text(fields.from_text("a\nb", 9), 9) == "a\nb"
    with pytest.raises(Malformed):
        fields.from_text(f"a{chr(point)}b", 9)
    with pytest.raises(Malformed):
        fields.to_text(f"a{chr(point)}b".encode(), 9)


def test_categories_are_the_refusals_and_nothing_else() -> None:
    """Every class of refusal is a category of the vectors, under one name, without arguments."""
    assert set(Refused.__subclasses__()) == set(CATEGORIES)
    assert len({category.__name__ for category in CATEGORIES}) == len(CATEGORIES) == 18
    for category in CATEGORIES:
        assert category().args == (category.__doc__,)
        with pytest.raises(TypeError):
            category("detail")  # type: ignore[call-arg]
