"""Envelopes: both layers needed, every byte authenticated, one size, bound to one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from client import ambient
from crypto.client import aead, hpke
from crypto.client.envelope import Context, for_code, for_follow_up, open_, seal
from crypto.client.message import BoxKeys, Message, decode, encode
from crypto.encoding import frame, u8
from crypto.errors import CannotOpen, Malformed, Refused, Unsupported
from crypto.public import cover
from tests.crypto.streams import Stream, flipped, places, resized_and_swapped

STREAM = Stream("envelopes")
NETWORK, LOCATOR, PSK, TAG_KEY = STREAM(32), STREAM(16), STREAM(32), STREAM(32)
KEY, OTHER_KEY = hpke.PrivateKey(STREAM(32)), hpke.PrivateKey(STREAM(32))
CONTEXT = for_code(NETWORK, LOCATOR, PSK)
MESSAGE = encode(
    Message(
        consent=1, needs=(1,), languages=(1,), channels=(1,), eyes=2, text="out by Thursday",
        box=BoxKeys.decode(STREAM(112)),
    )
)  # fmt: skip
# First byte after each part: suite, ML-KEM, X25519, nonce, inner ciphertext, both tags.
EDGES = [1, 1 + 1088, 1 + 1120, 1121 + 24, 1121 + 24 + 4096, 5257, 5273]


@pytest.fixture(scope="module")
def sealed() -> bytes:
    """One envelope."""
    return seal(MESSAGE, KEY.public, CONTEXT, random=ambient.random)


def _refused_as(envelope: bytes, context: Context = CONTEXT) -> type[Refused]:
    with pytest.raises(Refused) as caught:
        open_(envelope, KEY, context)
    return caught.type


def test_P1_the_provider_reads_what_was_sealed(sealed: bytes) -> None:
    """With the one-time seed and the code's psk, the message comes back whole."""
    seed = STREAM(32)
    other = seal(MESSAGE, hpke.PublicKey(hpke.public_key(seed)), CONTEXT, random=ambient.random)
    assert open_(sealed, KEY, CONTEXT) == open_(other, seed, CONTEXT) == MESSAGE
    assert decode(open_(sealed, KEY, CONTEXT), CONTEXT.message_kind).text == "out by Thursday"


def test_P1_R2_the_envelope_holds_no_plaintext(sealed: bytes) -> None:
    """No stretch of eight bytes of the message, psk, locator or network stands in it."""
    for part in (MESSAGE[:500], PSK, LOCATOR, NETWORK, KEY.public):
        assert not any(part[at : at + 8] in sealed for at in range(len(part) - 7))


def test_P1_P11_T51_the_seed_alone_opens_nothing(sealed: bytes) -> None:
    """Whoever steals the one-time seed but not the code gets past one layer and no further."""
    assert _refused_as(sealed, replace(CONTEXT, inner_key=bytes(32))) is CannotOpen
    inner = KEY.open(info=CONTEXT.info, sealed=sealed[1:])
    assert len(inner) == 4136
    assert MESSAGE[:64] not in inner


def test_P1_P11_T4_the_code_alone_opens_nothing(sealed: bytes) -> None:
    """Whoever has the code but not the seed opens nothing, the psk being for the inner layer."""
    with pytest.raises(CannotOpen):
        open_(sealed, OTHER_KEY, CONTEXT)
    for start in range(1121, 1200):
        with pytest.raises(CannotOpen):
            aead.open_(
                PSK,
                nonce=sealed[start : start + 24],
                aad=CONTEXT.aad,
                ciphertext=sealed[start + 24 :],
            )


def _other_contexts() -> Iterator[tuple[str, Context]]:
    yield "network", for_code(flipped(NETWORK, 31), LOCATOR, PSK)
    yield "binding", for_code(NETWORK, flipped(LOCATOR, 15), PSK)
    yield "inner key", for_code(NETWORK, LOCATOR, flipped(PSK, 0))
    yield "follow-up kind", Context(NETWORK, 2, LOCATOR, PSK)
    yield "walk-in kind", Context(NETWORK, 3, LOCATOR, PSK)
    yield "follow-up", for_follow_up(NETWORK, TAG_KEY, 1)


@pytest.mark.parametrize("context", [c for _, c in _other_contexts()], ids=dict(_other_contexts()))
def test_P2_T16_an_envelope_opens_in_its_own_place_only(sealed: bytes, context: Context) -> None:
    """Another network, locator, psk or kind is CannotOpen."""
    assert _refused_as(sealed, context) is CannotOpen


def test_T16_each_layer_is_bound_by_itself() -> None:
    """An inner layer of another network or kind is refused though the outer layer opens."""
    for other in (Context(NETWORK, 2, LOCATOR, PSK), for_code(bytes(32), LOCATOR, PSK)):
        nonce = STREAM(24)
        inner = nonce + aead.seal(PSK, nonce=nonce, aad=other.aad, plaintext=MESSAGE)
        mixed = u8(1) + hpke.seal(KEY.public, info=CONTEXT.info, plaintext=inner)
        assert _refused_as(mixed) is CannotOpen


def test_both_layers_are_framed_as_the_specification_says() -> None:
    """`info` and `aad` are the frames of envelope.md, section 1."""
    bound = (b"\x01", NETWORK, b"\x01", LOCATOR)
    assert CONTEXT.info == frame("towpath/v1/envelope", *bound)
    assert CONTEXT.aad == frame("towpath/v1/inner", *bound)


@pytest.mark.parametrize("bits", [0x01, 0x80, 0xFF])
def test_P1_T16_every_turned_bit_is_refused(sealed: bytes, bits: int) -> None:
    """A flip in any part is CannotOpen, and of the suite byte Unsupported; in over 1,000 places."""
    for at in places(EDGES, len(sealed), 5 if bits == 1 else 97):
        expected = CannotOpen if at else Unsupported
        assert _refused_as(flipped(sealed, at, bits)) is expected, at


def test_P1_T16_every_byte_of_the_short_parts_is_authenticated(sealed: bytes) -> None:
    """All bytes of the X25519 share, the nonce and the last 48 bytes, one by one, are refused."""
    for at in (*range(1089, 1145), *range(5273 - 48, 5273)):
        assert _refused_as(flipped(sealed, at, 0x40)) is CannotOpen, at


def test_R39_T16_cut_longer_and_swapped_forms_are_refused(sealed: bytes) -> None:
    """Other lengths are Malformed, two neighbours swapped CannotOpen (or no suite of ours)."""
    for what, changed in resized_and_swapped(sealed, places(EDGES, len(sealed), 499)):
        swapped = CannotOpen if changed.startswith(b"\x01") else Unsupported
        expected = swapped if len(changed) == 5273 else Malformed
        assert _refused_as(changed) is expected, what


def test_R39_T34_every_envelope_has_one_size() -> None:
    """Referral, follow-up and walk-in, the least and the most, and filler are 5,273 bytes."""
    contexts = [CONTEXT, for_follow_up(NETWORK, TAG_KEY, 7), Context(NETWORK, 3, LOCATOR, PSK)]
    follow_up = encode(Message(kind=2, consent=2, text="x" * 3000))
    made = [seal(m, KEY.public, c, random=STREAM) for c in contexts for m in (MESSAGE, follow_up)]
    assert {len(envelope) for envelope in (*made, cover.envelope(STREAM))} == {5273}


def test_P3_T41_two_seals_of_one_message_share_nothing(sealed: bytes) -> None:
    """No eight bytes stand in both, so that nothing shows that they are for one provider."""
    other = seal(MESSAGE, KEY.public, CONTEXT, random=ambient.random)
    windows = {sealed[at : at + 8] for at in range(len(sealed) - 7)}
    assert not any(other[at : at + 8] in windows for at in range(len(other) - 7))


def test_the_inner_nonce_is_what_random_gives() -> None:
    """24 bytes of the randomness passed in, drawn once for each envelope, are the nonce."""
    stream = Stream("nonce")
    sealed = [seal(MESSAGE, KEY.public, CONTEXT, random=stream) for _ in range(2)]
    again = Stream("nonce")
    opened = [KEY.open(info=CONTEXT.info, sealed=envelope[1:]) for envelope in sealed]
    assert [inner[:24] for inner in opened] == [again(24), again(24)]
    assert stream.calls == 2


@pytest.mark.parametrize("size", [0, 4095, 4097])
def test_R39_T34_messages_of_another_size_are_not_sealed(size: int) -> None:
    """What is not 4,096 bytes is refused, so that no envelope can be of another size."""
    with pytest.raises(Malformed):
        seal(bytes(size), KEY.public, CONTEXT, random=STREAM)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_seeds_of_another_size_are_refused(sealed: bytes, size: int) -> None:
    """A private key is a seed of 32 bytes and nothing else."""
    with pytest.raises(Malformed):
        open_(sealed, bytes(size), CONTEXT)


@pytest.mark.parametrize("key", [b"", bytes(1215), bytes(1217), b"\xff" * 1216, bytes(1216)])
def test_P2_bad_public_keys_are_refused(key: bytes) -> None:
    """Other lengths, coefficients out of range and a share of small order are Malformed."""
    with pytest.raises(Malformed):
        seal(MESSAGE, key, CONTEXT, random=STREAM)


@pytest.mark.parametrize(
    "change",
    [{"network_id": bytes(31)}, {"network_id": b""}, {"binding": bytes(15)}, {"kind": 0},
     {"binding": bytes(32)}, {"inner_key": bytes(16)}, {"kind": 4}, {"kind": 256}, {"kind": -1}],
)  # fmt: skip
def test_contexts_outside_their_rule_are_refused(change: dict[str, bytes | int]) -> None:
    """Another length or a kind that is none is Malformed before anything is sealed."""
    with pytest.raises(Malformed):
        replace(CONTEXT, **change)  # type: ignore[arg-type]


def test_P3_P8_follow_ups_have_tags_and_keys_of_their_own() -> None:
    """Seven tags and seven keys all differ, from each other's parts and those of another box."""
    made = [for_follow_up(NETWORK, key, n) for key in (TAG_KEY, STREAM(32)) for n in range(1, 8)]
    parts = [part[:16] for context in made for part in (context.binding, context.inner_key)]
    assert len(set(parts)) == len(parts) == 28
    assert {context.message_kind for context in made} == {2}
    assert for_follow_up(NETWORK, TAG_KEY, 3) == made[2]


def test_P8_R13_T16_a_follow_up_opens_under_its_own_number_only() -> None:
    """Follow-up 2 is opened as 2; as another number, or as the referral, it is CannotOpen."""
    second = for_follow_up(NETWORK, TAG_KEY, 2)
    sealed = seal(MESSAGE, KEY.public, second, random=STREAM)
    assert open_(sealed, KEY, second) == MESSAGE
    for context in (CONTEXT, *(for_follow_up(NETWORK, TAG_KEY, n) for n in (1, 3, 4, 5, 6, 7))):
        assert _refused_as(sealed, context) is CannotOpen


@pytest.mark.parametrize("number", [-1, 0, 8, 255, 256, 10**30])
def test_follow_ups_beyond_seven_are_refused(number: int) -> None:
    """There is no follow-up 0, 8 or further."""
    with pytest.raises(Malformed):
        for_follow_up(NETWORK, TAG_KEY, number)
    with pytest.raises(Malformed):
        for_follow_up(NETWORK, TAG_KEY[:31], 1)
