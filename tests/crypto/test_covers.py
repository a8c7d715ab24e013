"""What a server shows where nothing is, and what it keeps in place of keys."""

from __future__ import annotations

import hashlib

import pytest

from client import ambient
from crypto.client import box, envelope, hpke
from crypto.client.answers import Answer
from crypto.encoding import frame, u16
from crypto.errors import CannotOpen, Malformed
from crypto.public import cover
from crypto.public.keys import key_hash, proves, weekly_key_id
from crypto.public.note_signing import public_of
from tests.crypto.streams import Stream, flipped, looks_even, refusal_of

STREAM = Stream("covers")
NETWORK, BOX_ID, KEY, FILLER_KEY = STREAM(32), STREAM(16), STREAM(32), STREAM(32)
SEED = STREAM(32)


def test_P3_R39_T20_T34_slots_and_covers_cannot_be_told_apart_by_their_bytes() -> None:
    """Both are 4,096 bytes in which all values stand equally often, from the first byte on."""
    place = {"network_id": NETWORK, "box_id": BOX_ID, "box_key": KEY}
    read = Answer(state=2, epoch=7)
    place |= {"organisation_seed": SEED}
    slots = [box.seal_answer(read, slot=5, random=ambient.random, **place) for _ in range(200)]
    covers = [cover.slot(FILLER_KEY, bytes([n]) * 16, 5) for n in range(200)]
    for made in (slots, covers):
        assert {len(one) for one in made} == {4096}
        assert looks_even(b"".join(made))
        assert len({one[0] for one in made}) > 100


def test_P4_T20_a_cover_stays_and_differs_for_each_place() -> None:
    """One key, box and slot always give the same cover, and any other another."""
    first = cover.slot(FILLER_KEY, BOX_ID, 5)
    framed = frame("towpath/v1/slot-filler", FILLER_KEY, BOX_ID, u16(5))
    assert first == cover.slot(FILLER_KEY, BOX_ID, 5) == hashlib.shake_256(framed).digest(4096)
    made = {cover.slot(FILLER_KEY, BOX_ID, slot)[:16] for slot in range(32)}
    made |= {cover.slot(FILLER_KEY, flipped(BOX_ID, at), 5)[:16] for at in range(16)}
    made |= {cover.slot(flipped(FILLER_KEY, at), BOX_ID, 5)[:16] for at in range(32)}
    assert len(made) == 32 + 16 + 32


def test_P4_T20_to_whoever_lacks_the_receipt_nothing_tells_them_apart() -> None:
    """A cover and another's slot are refused in the same category."""
    place = {"network_id": NETWORK, "box_id": BOX_ID, "box_key": KEY}
    others = place | {"box_key": bytes(32), "organisation_seed": SEED}
    theirs = box.seal_answer(Answer(state=2, epoch=7), slot=5, random=STREAM, **others)
    for shown in (theirs, cover.slot(FILLER_KEY, BOX_ID, 5)):
        with pytest.raises(CannotOpen):
            box.open_answer(shown, slot=5, organisation=public_of(SEED), **place)


@pytest.mark.parametrize(
    ("key", "box_id", "slot"),
    [(31, 16, 0), (33, 16, 0), (32, 15, 0), (32, 17, 0), (0, 0, 0), (32, 16, 32), (32, 16, -1)],
)
def test_covers_of_no_place_are_refused(key: int, box_id: int, slot: int) -> None:
    """A filler key or box id of another length, or a slot that is none, is Malformed."""
    with pytest.raises(Malformed):
        cover.slot(bytes(key), bytes(box_id), slot)


def test_P3_P8_filler_is_an_envelope_for_nobody() -> None:
    """Filler has an envelope's length, suite byte and X25519 top bit, and opens for nobody."""
    context, private = envelope.for_code(NETWORK, BOX_ID, KEY), hpke.PrivateKey(SEED)
    sealed = [envelope.seal(bytes(4096), private.public, context, random=STREAM) for _ in range(64)]
    fillers = [cover.envelope(ambient.random) for _ in range(64)]
    for made in (sealed, fillers):
        assert {(len(one), one[0], one[1120] >> 7) for one in made} == {(5273, 1, 0)}
        assert len({one[1120] for one in made}) > 32
    refused = {refusal_of(lambda: envelope.open_(one, private, context)) for one in fillers}  # noqa: B023
    assert refused == {CannotOpen}


def test_P1_P12_a_server_keeps_a_hash_that_is_not_the_key() -> None:
    """The hash is that of the specification, and one key's proof is no other key's."""
    label = b"towpath/v1/key-hash"
    framed = len(label).to_bytes(2, "big") + label + b"\x00\x20" + KEY
    assert key_hash(KEY) == hashlib.sha256(framed).digest()
    assert proves(KEY, key_hash(KEY))
    for other in (flipped(KEY, 0), flipped(KEY, 31, 0x80), key_hash(KEY), bytes(32)):
        assert not proves(other, key_hash(KEY))
    for kept in (b"", key_hash(KEY)[:31], key_hash(KEY) + b"\0", flipped(key_hash(KEY), 31)):
        assert not proves(KEY, kept)


@pytest.mark.parametrize("size", [0, 16, 31, 33, 64])
def test_keys_of_another_length_prove_nothing(size: int) -> None:
    """A key of another length is Malformed, before anything is compared."""
    with pytest.raises(Malformed):
        key_hash(bytes(size))
    with pytest.raises(Malformed):
        proves(bytes(size), bytes(32))


@pytest.mark.parametrize("size", [0, 32, 1215, 1217])
def test_weekly_keys_of_another_length_have_no_id(size: int) -> None:
    """An id is made from 1,216 bytes only, and is the start of their SHA-256."""
    assert weekly_key_id(bytes(1216)) == hashlib.sha256(bytes(1216)).digest()[:16]
    with pytest.raises(Malformed):
        weekly_key_id(bytes(size))
