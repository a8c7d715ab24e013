"""The product's own layer over the libraries: sizes, classes of refusal, and hidden seeds."""

from __future__ import annotations

import pytest

from crypto.client import aead, hpke
from crypto.constants import AEAD_TAG_BYTES, HPKE_ENC_BYTES, XWING_PUBLIC_KEY_BYTES
from crypto.errors import CannotOpen, Malformed, Refused
from crypto.kdf import hkdf
from tests.reference import x25519

_SEED = bytes(range(32))
_INFO = b"info"
_OVERHEAD = HPKE_ENC_BYTES + AEAD_TAG_BYTES
_P = 2**255 - 19
_ORDER_EIGHT = (
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723060781553021112529911719440698176882885853963445705823,
)
_U_OF_SMALL_ORDER = (0, 1, *_ORDER_EIGHT, _P - 1, _P, _P + 1)


def _refusal(sealed: bytes, *, seed: bytes = _SEED, info: bytes = _INFO) -> type[Refused]:
    with pytest.raises(Refused) as caught:
        hpke.open_(seed, info=info, sealed=sealed)
    assert caught.value.__cause__ is None
    return caught.type


def test_sizes_are_those_of_the_specification() -> None:
    """A public key has its size and sealing adds exactly encapsulation and tag."""
    public = hpke.public_key(_SEED)
    assert len(public) == XWING_PUBLIC_KEY_BYTES
    for size in (0, 1, 4136):
        sealed = hpke.seal(public, info=_INFO, plaintext=bytes(size))
        assert len(sealed) == size + _OVERHEAD
        assert hpke.open_(_SEED, info=_INFO, sealed=sealed) == bytes(size)


def test_two_seals_differ() -> None:
    """Sealing the same thing twice shares no part of any length that could be looked up."""
    public = hpke.public_key(_SEED)
    one, two = (hpke.seal(public, info=_INFO, plaintext=bytes(64)) for _ in range(2))
    blocks = [{s[i : i + 16] for i in range(0, len(s), 16)} for s in (one, two)]
    assert not blocks[0] & blocks[1]


def test_loaded_keys_do_what_bytes_do() -> None:
    """Handles seal and open like the bytes they were loaded from, again and again."""
    public, private = hpke.load_public(hpke.public_key(_SEED)), hpke.load_private(_SEED)
    assert private.public == public.encoded == hpke.public_key(_SEED)
    for plaintext in (b"first", b"second"):
        sealed = hpke.seal(public, info=_INFO, plaintext=plaintext)
        assert hpke.open_(private, info=_INFO, sealed=sealed) == plaintext


def test_every_region_of_a_sealed_message_is_authenticated() -> None:
    """A flip in the ML-KEM part, the X25519 part, the body or the tag is CannotOpen."""
    sealed = hpke.seal(hpke.public_key(_SEED), info=_INFO, plaintext=bytes(64))
    for at in (0, 1087, 1088, 1119, 1120, 1183, 1184, 1199):
        flipped = bytearray(sealed)
        flipped[at] ^= 1
        assert _refusal(bytes(flipped)) is CannotOpen, at
    low_order = sealed[: HPKE_ENC_BYTES - 32] + bytes(32) + sealed[HPKE_ENC_BYTES:]
    assert _refusal(low_order) is CannotOpen


def test_wrong_key_info_or_length_is_refused_in_its_class() -> None:
    """Another seed, another info, a cut or appended byte: CannotOpen; too short: Malformed."""
    sealed = hpke.seal(hpke.public_key(_SEED), info=_INFO, plaintext=bytes(64))
    assert _refusal(sealed, seed=bytes(32)) is CannotOpen
    assert _refusal(sealed, info=b"") is CannotOpen
    assert _refusal(sealed[:-1]) is CannotOpen
    assert _refusal(sealed + b"\x00") is CannotOpen
    assert _refusal(sealed[: _OVERHEAD - 1]) is Malformed
    assert _refusal(sealed, seed=bytes(31)) is Malformed


@pytest.mark.parametrize("u", _U_OF_SMALL_ORDER)
@pytest.mark.parametrize("high_bit", [0, 2**255])
def test_public_keys_of_small_order_are_malformed(u: int, high_bit: int) -> None:
    """An X25519 part whose shared secret is all zeros is refused when the key is read."""
    part = (u | high_bit).to_bytes(32, "little")
    assert x25519.x25519(_SEED, part) == bytes(32)
    with pytest.raises(Malformed):
        hpke.load_public(hpke.public_key(_SEED)[:-32] + part)


def test_other_invalid_public_keys_are_malformed() -> None:
    """A wrong length, and an ML-KEM coefficient that is not below 3,329, are Malformed."""
    public = hpke.public_key(_SEED)
    coefficient = (3329).to_bytes(2, "little")
    not_reduced = coefficient[:1] + bytes([public[1] & 0xF0 | coefficient[1]]) + public[2:]
    for encoded in (b"", public[:-1], public + b"\x00", not_reduced):
        with pytest.raises(Malformed):
            hpke.seal(encoded, info=_INFO, plaintext=b"")
    largest = b"\x00" + bytes([public[1] & 0xF0 | 0x0D]) + public[2:]
    assert hpke.load_public(largest).encoded == largest


def test_T2_private_keys_do_not_print_their_seed() -> None:
    """Neither the seed nor the expanded key stands in a handle's repr."""
    shown = repr(hpke.load_private(_SEED)) + str(hpke.load_private(_SEED))
    assert _SEED.hex() not in shown
    assert repr(_SEED) not in shown
    assert shown == "PrivateKey(hidden)" * 2


@pytest.mark.parametrize(("key", "nonce"), [(31, 24), (33, 24), (32, 12), (32, 25)])
def test_aead_refuses_wrong_sizes(key: int, nonce: int) -> None:
    """A key or nonce of another size is Malformed in both directions."""
    with pytest.raises(Malformed):
        aead.seal(bytes(key), nonce=bytes(nonce), aad=b"", plaintext=b"")
    with pytest.raises(Malformed):
        aead.open_(bytes(key), nonce=bytes(nonce), aad=b"", ciphertext=bytes(16))


def test_aead_refuses_changes_in_its_class() -> None:
    """Another aad, nonce, key, flipped or cut byte is CannotOpen; less than a tag is Malformed."""
    key, nonce, aad = bytes(32), bytes(24), b"aad"
    sealed = aead.seal(key, nonce=nonce, aad=aad, plaintext=b"text")
    flipped = bytes([sealed[0] ^ 1]) + sealed[1:]
    other = b"\x01" + bytes(31)
    with pytest.raises(CannotOpen):
        aead.open_(key, nonce=nonce, aad=b"", ciphertext=sealed)
    with pytest.raises(CannotOpen):
        aead.open_(key, nonce=other[:24], aad=aad, ciphertext=sealed)
    with pytest.raises(CannotOpen):
        aead.open_(other, nonce=nonce, aad=aad, ciphertext=sealed)
    for changed in (flipped, sealed[:-1], sealed + b"\x00"):
        with pytest.raises(CannotOpen):
            aead.open_(key, nonce=nonce, aad=aad, ciphertext=changed)
    with pytest.raises(Malformed):
        aead.open_(key, nonce=nonce, aad=aad, ciphertext=sealed[:15])


@pytest.mark.parametrize("length", [0, -1, 8161])
def test_hkdf_refuses_impossible_lengths(length: int) -> None:
    """No bytes, fewer, and more than 255 blocks are programming errors."""
    with pytest.raises(ValueError, match="8160"):
        hkdf(b"ikm", info=b"", length=length)
