"""Boxes: answers that only the receipt opens, in slots that look like what stands for nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import fields
from crypto.client import aead
from crypto.client.answers import Answer, decode_body, encode_body
from crypto.client.box import seal_answer, seal_delivered
from crypto.encoding import frame, lp, u8, u16, u32
from crypto.errors import CannotOpen, Malformed, Refused, TooLong, Unsupported
from crypto.kdf import hkdf
from crypto.public import note_signing
from tests.crypto.boxes import (
    ANSWER,
    BOX_ID,
    BOX_KEY,
    DELIVERED,
    HOLDER_KEY,
    NETWORK,
    ORGANISATION,
    PLACE,
    PUBLIC_KEY,
    SEED,
    STREAM,
    opened,
    opened_delivered,
    refused_as,
    sealed,
    sealed_delivered,
    sealed_plaintext,
    signed,
)
from tests.crypto.streams import (
    flipped,
    places,
    refusal_of,
    resized_and_swapped,
)

KEYS = st.binary(min_size=32, max_size=32)
TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.just("\n"), max_size=24
)
UNKNOWN = st.dictionaries(st.integers(10, 255), st.binary(max_size=90), max_size=3).map(
    lambda run: tuple(sorted(run.items()))
)
ANSWERS = st.builds(
    Answer, state=st.integers(2, 65_535), epoch=st.integers(0, 2**32 - 1), text=TEXTS,
    try_another=st.lists(KEYS, max_size=4, unique=True).map(tuple), unknown=UNKNOWN,
    last_epoch=st.none() | st.integers(0, 2**32 - 1),
)  # fmt: skip


@given(ANSWERS, st.integers(1, 31))
def test_R39_T34_every_answer_comes_back_and_has_one_size(answer: Answer, slot: int) -> None:
    """Whatever is answered, the slot has 4,096 bytes and gives back the answer."""
    made = sealed(answer, slot)
    assert len(made) == 4096
    assert opened(made, slot) == signed(answer, slot)
    assert replace(opened(made, slot), signature=b"") == answer
    assert decode_body(encode_body(signed(answer, slot), slot), slot) == signed(answer, slot)


def test_R13_R24_delivered_opens_in_slot_zero() -> None:
    """What the sender stored beside the envelope tells the holder that it was delivered."""
    assert opened_delivered(sealed_delivered()) == DELIVERED
    assert len(sealed_delivered()) == 4096
    assert decode_body(encode_body(DELIVERED, 0), 0) == DELIVERED


@pytest.mark.parametrize("state", [2, 3, 4, 5, 6, 65_535])
def test_R14_every_state_travels_inside(state: int) -> None:
    """Read, answered, cannot help, try another, closed and states to come are sealed alike."""
    answer = Answer(state=state, epoch=1, try_another=(ORGANISATION,) if state == 5 else ())
    assert opened(sealed(answer)) == signed(answer)


def test_a_slot_is_sealed_as_the_specification_says() -> None:
    """Key, nonce, additional data and plaintext are those of box.md, sections 1 and 2."""
    made = sealed(Answer(state=2, epoch=7))
    key = hkdf(BOX_KEY, info=frame("towpath/v1/slot-key", u16(5)), length=32)
    aad = frame("towpath/v1/slot", NETWORK, BOX_ID, u16(5))
    plain = aead.open_(key, nonce=made[:24], aad=aad, ciphertext=made[24:])
    body = bytes.fromhex("01 0002 0002 02 0004 00000007")
    hashed = hashlib.sha256(body).digest()
    signed = frame("towpath/v1/answer", b"\1", NETWORK, BOX_ID, u16(5), hashed)
    body += b"\x09\0\x40" + note_signing.sign(SEED, signed)
    assert plain == (b"\1" + lp(body)).ljust(4056, b"\0")


@pytest.mark.parametrize("bits", [0x01, 0x80])
def test_P1_T17_every_turned_bit_of_a_slot_is_refused(bits: int) -> None:
    """A flip anywhere, nonce and tag included, is CannotOpen; over 800 places."""
    made = sealed()
    for at in places([24, 4080], 4096, 5):
        assert refused_as(flipped(made, at, bits)) is CannotOpen, at


def test_R39_T17_cut_longer_and_swapped_slots_are_refused() -> None:
    """Another length is Malformed, two neighbours swapped CannotOpen."""
    for what, changed in resized_and_swapped(sealed(), places([24, 4080], 4096, 199)):
        assert refused_as(changed) is (CannotOpen if len(changed) == 4096 else Malformed), what


@pytest.mark.parametrize(
    "other",
    [{"network_id": bytes(32)}, {"box_id": bytes(16)}, {"box_key": bytes(32)},
     {"network_id": flipped(NETWORK, 0)}, {"box_id": flipped(BOX_ID, 15)},
     {"box_key": flipped(BOX_KEY, 31, 0x80)}],
)  # fmt: skip
def test_P4_P8_T3_T17_without_the_receipt_a_slot_cannot_be_opened(other: dict[str, bytes]) -> None:
    """Another network, box or key, as a wrong receipt or word gives them, is CannotOpen."""
    assert refused_as(sealed(), 5, **other) is CannotOpen


def test_P2_T17_a_slot_opens_under_its_own_number_only() -> None:
    """A slot that a server shows in place of another is CannotOpen."""
    made = sealed()
    assert {refused_as(made, slot) for slot in range(1, 32) if slot != 5} == {CannotOpen}


@pytest.mark.parametrize("slot", [-1, 0, 32, 256, 65_536, 10**30])
def test_an_answer_has_no_other_slot_than_1_to_31(slot: int) -> None:
    """There is no such slot for an answer: to sign, to seal or to open."""
    assert refusal_of(partial(sealed, ANSWER, slot)) is Malformed
    assert refused_as(sealed(), slot) is Malformed


@pytest.mark.parametrize(
    "other", [{"network_id": bytes(31)}, {"box_id": bytes(17)}, {"box_key": bytes(31)}]
)
def test_parts_of_another_length_are_refused(other: dict[str, bytes]) -> None:
    """A network id, box id or box key of another length is Malformed, sealing and opening."""
    assert refused_as(sealed(), 5, **other) is Malformed
    place = {**PLACE, "box_key": BOX_KEY} | other
    with pytest.raises(Malformed):
        seal_answer(ANSWER, slot=5, random=STREAM, organisation_seed=SEED, **place)
    delivered = {"holder_key" if name == "box_key" else name: v for name, v in other.items()}
    assert refusal_of(lambda: opened_delivered(sealed_delivered(), **delivered)) is Malformed
    place = {**PLACE, "holder_key": HOLDER_KEY} | delivered
    with pytest.raises(Malformed):
        seal_delivered(DELIVERED, random=STREAM, **place)


@pytest.mark.parametrize(
    ("change", "slot"),
    [
        ({"state": 2}, 0),
        ({"last_epoch": None}, 0),
        ({"organisation": b""}, 0),
        ({"name": ""}, 0),
        ({"public_key": b""}, 0),
        ({"text": "a"}, 0),
        ({}, 1),
        ({"state": 2}, 31),
        ({"state": 0}, 0),
    ],
)
def test_P8_delivered_stands_whole_in_slot_zero_and_nowhere_else(
    change: dict[str, object], slot: int
) -> None:
    """Slot 0 has all that "delivered" says and no text; no other slot says it or has the key."""
    signature = b"" if slot == 0 else bytes(64)
    wrong = replace(DELIVERED, signature=signature, **change)  # type: ignore[arg-type]
    assert refusal_of(lambda: encode_body(wrong, slot)) is Malformed
    run = fields.decode(encode_body(DELIVERED, 0))
    numbers = {"last_epoch": 5, "organisation": 6, "name": 7, "public_key": 8}
    run = {n: v for n, v in run.items() if n not in {numbers.get(name) for name in change}}
    run |= {1: u16(wrong.state)} | ({3: b"a"} if wrong.text else {})
    run |= {9: signature} if slot else {}
    assert refusal_of(lambda: decode_body(fields.encode(run), slot)) is Malformed


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"state": 0}, Malformed),
        ({"state": 65_536}, Malformed),
        ({"epoch": -1}, Malformed),
        ({"epoch": 2**32}, Malformed),
        ({"last_epoch": 2**32}, Malformed),
        ({"text": "a" * 3001}, TooLong),
        ({"text": "\x07"}, Malformed),
        ({"name": "Haven"}, Malformed),
        ({"organisation": ORGANISATION}, Malformed),
        ({"public_key": PUBLIC_KEY}, Malformed),
        ({"try_another": (ORGANISATION, ORGANISATION)}, Malformed),
        ({"try_another": (bytes(31), bytes(33))}, Malformed),
        ({"try_another": tuple(bytes([n]) * 32 for n in range(5))}, TooLong),
        ({"unknown": ((3, b"x"),)}, Malformed),
        ({"unknown": ((10, b""), (10, b""))}, Malformed),
        ({"unknown": ((10, bytes(4056)),)}, TooLong),
        ({"unknown": ((10, bytes(65_535)),)}, TooLong),
    ],
)
def test_answers_outside_their_rule_are_not_made(
    change: dict[str, object], refusal: type[Refused]
) -> None:
    """Beyond a limit is TooLong; any other value outside its rule is Malformed."""
    with pytest.raises(refusal):
        sealed(replace(ANSWER, **change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [{1: None}, {2: None}, {1: b""}, {1: b"\0\0"}, {1: b"\1"}, {1: b"\0\2\0\3"}, {1: b"\0\1"},
     {2: b"\0\0\1"}, {9: None}, {9: b""}, {9: bytes(63)},
     {9: bytes(65)}, {3: b""}, {3: b"a" * 3001}, {3: b"\0"}, {3: b"\xff"}, {4: b""}, {4: bytes(31)},
     {4: bytes(64)}, {4: b"".join(bytes([n]) * 32 for n in range(5))}, {5: b"\0"}, {6: b""},
     {6: ORGANISATION}, {7: b""}, {7: b"Haven"}, {8: b""}, {8: PUBLIC_KEY}],
)  # fmt: skip
def test_answers_outside_their_rule_are_not_read(change: dict[int, bytes | None]) -> None:
    """Each field of an answer that is missing, empty, cut, repeated or too long is Malformed."""
    run: dict[int, bytes | None] = {1: u16(2), 2: u32(7), 9: bytes(64), **change}
    body = fields.encode({n: value for n, value in run.items() if value is not None})
    made = sealed_plaintext((u8(1) + lp(body)).ljust(4056, b"\0"))
    assert refused_as(made) is Malformed


def test_another_version_or_padding_is_refused() -> None:
    """Another version byte is Unsupported, and one byte of padding that is not zero Malformed."""
    plain = (u8(1) + lp(encode_body(signed(), 5))).ljust(4056, b"\0")
    assert opened(sealed_plaintext(plain)) == signed()
    assert refused_as(sealed_plaintext(b"\2" + plain[1:])) is Unsupported
    assert refused_as(sealed_plaintext(flipped(plain, 4055))) is Malformed
    assert refused_as(sealed_plaintext(u8(1) + u16(4054) + plain[3:])) is Malformed


RUNS = st.dictionaries(st.integers(1, 12), st.binary(max_size=5) | KEYS, max_size=5)


@given(RUNS, st.integers(0, 31))
def test_whatever_answer_is_read_has_one_form(run: dict[int, bytes], slot: int) -> None:
    """An answer's bytes that are read are those that writing it gives; others are Malformed."""
    body = fields.encode({1: u16(1 if slot == 0 else 2), 2: u32(9), 9: bytes(64)} | run)
    refusal = refusal_of(lambda: decode_body(body, slot))
    assert refusal in (None, Malformed)
    assert refusal or encode_body(decode_body(body, slot), slot) == body
