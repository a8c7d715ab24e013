"""Slot 0 is the holder's alone, and an answer is the organisation's that it names."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from crypto import fields
from crypto.client import aead
from crypto.client.answers import Answer, decode_body, encode_body
from crypto.client.box import sign
from crypto.encoding import frame, lp, u8, u16, u32
from crypto.errors import BadSignature, CannotOpen, Malformed, Refused, TooLong
from crypto.kdf import hkdf
from tests.crypto.boxes import (
    ANSWER,
    BOX_ID,
    BOX_KEY,
    DELIVERED,
    HOLDER_KEY,
    NETWORK,
    OTHER,
    OTHER_SEED,
    PLACE,
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
from tests.crypto.streams import flipped, places, refusal_of

# --- Slot 0 is the holder's alone ------------------------------------------------------------


def test_P2_P8_slot_zero_opens_under_the_holder_key_only() -> None:
    """Who has the box key neither reads slot 0, nor makes one that the holder takes for hers."""
    made = sealed_delivered()
    other = flipped(HOLDER_KEY, 31)
    for key in (BOX_KEY, other, bytes(32)):
        with pytest.raises(CannotOpen):
            opened_delivered(made, holder_key=key)
        with pytest.raises(CannotOpen):
            opened_delivered(sealed_delivered(key=key))


def test_P8_slot_zero_is_sealed_as_the_specification_says() -> None:
    """Its key comes from the holder key, under the label and number of box.md, section 1."""
    made = sealed_delivered()
    key = hkdf(HOLDER_KEY, info=frame("towpath/v1/slot-key", u16(0)), length=32)
    aad = frame("towpath/v1/slot", NETWORK, BOX_ID, u16(0))
    plain = aead.open_(key, nonce=made[:24], aad=aad, ciphertext=made[24:])
    assert plain == (u8(1) + lp(encode_body(DELIVERED, 0))).ljust(4056, b"\0")


@pytest.mark.parametrize("bits", [0x01, 0x80])
def test_P2_T17_every_turned_bit_of_slot_zero_is_refused(bits: int) -> None:
    """A flip anywhere in "delivered", nonce and tag included, is CannotOpen."""
    made = sealed_delivered()
    for at in places([24, 4080], 4096, 41):
        changed = flipped(made, at, bits)
        assert refusal_of(partial(opened_delivered, changed)) is CannotOpen, at


@pytest.mark.parametrize(
    "name",
    ["Haven\u202e", "\u2066Haven", "Haven\u200f", "\ufeffHaven", "Haven\u2028", "Haven\nHouse",
     "Haven ", "\u00a0Haven", "\x07"],
)  # fmt: skip
def test_P9_a_name_that_no_statement_can_have_stands_in_no_slot(name: str) -> None:
    """What turns direction, breaks lines or has a space at its ends is Malformed."""
    assert refusal_of(lambda: encode_body(replace(DELIVERED, name=name), 0)) is Malformed
    run = fields.decode(encode_body(DELIVERED, 0)) | {7: name.encode()}
    assert refusal_of(lambda: decode_body(fields.encode(run), 0)) is Malformed


@pytest.mark.parametrize(
    ("change", "value", "refusal"),
    [("name", "a" * 97, TooLong), ("organisation", bytes(31), Malformed),
     ("public_key", bytes(1215), Malformed), ("signature", bytes(64), Malformed)],
)  # fmt: skip
def test_P8_parts_of_slot_zero_outside_their_rule_are_not_made(
    change: str, value: object, refusal: type[Refused]
) -> None:
    """Its name and keys have their sizes, and it carries no signature."""
    wrong = replace(DELIVERED, **{change: value})  # type: ignore[arg-type]
    assert refusal_of(lambda: sealed_delivered(wrong)) is refusal


# --- Whose answer it is ----------------------------------------------------------------------


def test_P2_who_has_the_box_but_not_the_organisations_seed_forges_no_answer() -> None:
    """Box id and box key alone make no answer: unsigned is Malformed, else BadSignature."""
    run = {1: u16(3), 2: u32(7), 3: b"come to the harbour"}
    unsigned = (u8(1) + lp(fields.encode(run))).ljust(4056, b"\0")
    assert refused_as(sealed_plaintext(unsigned)) is Malformed
    for signature in (bytes(64), STREAM(64), signed().signature):
        plain = u8(1) + lp(fields.encode(run | {9: signature}))
        assert refused_as(sealed_plaintext(plain.ljust(4056, b"\0"))) is BadSignature
    assert refused_as(sealed(seed=OTHER_SEED)) is BadSignature
    assert refused_as(sealed(), organisation=OTHER) is BadSignature
    assert opened(sealed(seed=OTHER_SEED), organisation=OTHER).text == ANSWER.text


@pytest.mark.parametrize(
    "other",
    [{"slot": 6}, {"network_id": bytes(32)}, {"box_id": bytes(16)},
     {"answer": replace(ANSWER, text="Tuesday at nine")}, {"answer": replace(ANSWER, epoch=1)},
     {"answer": replace(ANSWER, state=4)}, {"answer": replace(ANSWER, last_epoch=None)},
     {"answer": replace(ANSWER, unknown=((10, b""),))},
     {"answer": replace(ANSWER, try_another=(OTHER,))}],
)  # fmt: skip
def test_P2_a_signature_holds_for_one_answer_in_one_place(other: dict[str, Any]) -> None:
    """A signature of other words, another slot, box or network is BadSignature."""
    made: dict[str, Any] = {"answer": ANSWER, "slot": 5, **PLACE} | other
    elsewhere = sign(organisation_seed=SEED, **made).signature
    moved = encode_body(replace(ANSWER, signature=elsewhere), 5)
    assert elsewhere != signed().signature
    plain = (u8(1) + lp(moved)).ljust(4056, b"\0")
    assert refused_as(sealed_plaintext(plain)) is BadSignature


def test_P2_an_answer_is_signed_anew_and_always_alike() -> None:
    """A signature that stood there is replaced, and a case keeps the body that was sealed."""
    again = signed(replace(ANSWER, signature=bytes(64)))
    assert again == signed() == opened(sealed(again)) == opened(sealed())


def test_R39_the_fullest_answer_fits() -> None:
    """3,000 bytes of text, four others and a signature leave room for later fields."""
    others = tuple(bytes([n]) * 32 for n in range(4))
    full = Answer(state=5, epoch=7, text="a" * 3000, try_another=others, last_epoch=9)
    assert len(encode_body(signed(full), 5)) == 3220
    assert opened(sealed(full)) == signed(full)
    room = 4053 - 3220 - 3
    assert opened(sealed(replace(full, unknown=((10, bytes(room)),)))).text == full.text
    with pytest.raises(TooLong):
        sealed(replace(full, unknown=((10, bytes(room + 1)),)))


@pytest.mark.parametrize("size", [0, 31, 33])
def test_keys_of_an_organisation_have_32_bytes(size: int) -> None:
    """Another length, sealing or opening, is Malformed."""
    assert refused_as(sealed(), organisation=bytes(size)) is Malformed
    assert refusal_of(lambda: sealed(seed=bytes(size))) is Malformed
