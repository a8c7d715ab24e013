"""A box with its keys, and answers in its slots, right and wrong."""

from __future__ import annotations

from crypto.client import aead
from crypto.client.answers import Answer
from crypto.client.box import open_answer, open_delivered, seal_answer, seal_delivered, sign
from crypto.encoding import frame, u16
from crypto.errors import Refused
from crypto.kdf import hkdf
from crypto.public import note_signing
from tests.crypto.streams import Stream, refusal_of

STREAM = Stream("boxes")
NETWORK, BOX_ID, BOX_KEY = STREAM(32), STREAM(16), STREAM(32)
HOLDER_KEY, PUBLIC_KEY = STREAM(32), STREAM(1216)
SEED, OTHER_SEED = STREAM(32), STREAM(32)
ORGANISATION, OTHER = note_signing.public_of(SEED), note_signing.public_of(OTHER_SEED)
PLACE = {"network_id": NETWORK, "box_id": BOX_ID}
DELIVERED = Answer(
    state=1, epoch=20_780, last_epoch=20_794, organisation=ORGANISATION, name="Haven",
    public_key=PUBLIC_KEY,
)  # fmt: skip
ANSWER = Answer(state=3, epoch=20_781, text="Tuesday at ten,\nside door", last_epoch=20_794)


def signed(answer: Answer = ANSWER, slot: int = 5, seed: bytes = SEED) -> Answer:
    """The answer, signed by the organisation or by whoever has the seed."""
    return sign(answer, slot=slot, organisation_seed=seed, **PLACE)


def sealed(answer: Answer = ANSWER, slot: int = 5, seed: bytes = SEED) -> bytes:
    """An answer in its slot."""
    signer = {"organisation_seed": seed}
    return seal_answer(answer, box_key=BOX_KEY, slot=slot, random=STREAM, **signer, **PLACE)


def opened(sealed: bytes, slot: int = 5, **other: bytes) -> Answer:
    """What the holder reads; `other` is what she gives otherwise."""
    place = {**PLACE, "box_key": BOX_KEY, "organisation": ORGANISATION} | other
    return open_answer(sealed, slot=slot, **place)


def sealed_delivered(answer: Answer = DELIVERED, key: bytes = HOLDER_KEY) -> bytes:
    """Slot 0."""
    return seal_delivered(answer, holder_key=key, random=STREAM, **PLACE)


def opened_delivered(sealed: bytes, **other: bytes) -> Answer:
    """What the holder reads in slot 0."""
    return open_delivered(sealed, **({**PLACE, "holder_key": HOLDER_KEY} | other))


def refused_as(sealed: bytes, slot: int = 5, **other: bytes) -> type[Refused] | None:
    """The category of the refusal, if a slot is refused."""
    return refusal_of(lambda: opened(sealed, slot, **other))


def sealed_plaintext(plaintext: bytes) -> bytes:
    """A plaintext in slot 5, as whoever has the box key can put it there."""
    key = hkdf(BOX_KEY, info=frame("towpath/v1/slot-key", u16(5)), length=32)
    aad = frame("towpath/v1/slot", NETWORK, BOX_ID, u16(5))
    return bytes(24) + aead.seal(key, nonce=bytes(24), aad=aad, plaintext=plaintext)
