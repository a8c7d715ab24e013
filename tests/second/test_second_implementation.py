"""Two implementations that share no code agree byte for byte: ours, and pycryptodome's."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pytest
from nacl.signing import SigningKey, VerifyKey

from crypto.client import aead, hpke
from crypto.constants import PBKDF2_ROUNDS
from crypto.errors import CannotOpen, Malformed
from crypto.kdf import hkdf, pbkdf2
from tests.second.driver import Second, SecondError, SecondRefused
from tests.second.process import INTERPRETER, MISSING

pytestmark = pytest.mark.skipif(not INTERPRETER.exists(), reason=MISSING)

_SIZES = (0, 1, 32, 4096, 4136)
_FLIPS = (0, 1087, 1088, 1119, 1120, -17, -16, -1)
_INFO = b"towpath second implementation"


def _bytes(label: str, size: int) -> bytes:
    return hashlib.shake_256(label.encode()).digest(size)


def _flip(value: bytes, at: int) -> bytes:
    flipped = bytearray(value)
    flipped[at] ^= 1
    return bytes(flipped)


@pytest.fixture(scope="module")
def second() -> Iterator[Second]:
    """One worker for the whole file."""
    with Second() as worker:
        yield worker


@pytest.mark.parametrize("number", range(8))
def test_seeds_have_one_public_key(second: Second, number: int) -> None:
    """Both expand a seed to the same X-Wing and Ed25519 public keys."""
    seed = _bytes(f"seed {number}", 32)
    assert second.hpke_public_key(seed) == hpke.public_key(seed)
    assert second.ed25519_public_key(seed) == bytes(SigningKey(seed).verify_key)


@pytest.mark.parametrize("size", _SIZES)
def test_T53_it_opens_what_we_seal(second: Second, size: int) -> None:
    """A message that we seal, of any size, opens there."""
    seed, plaintext = _bytes("reader", 32), _bytes("message", size)
    sealed = hpke.seal(hpke.public_key(seed), info=_INFO, plaintext=plaintext)
    assert second.hpke_open(seed, info=_INFO, sealed=sealed) == plaintext


@pytest.mark.parametrize("size", _SIZES)
def test_T53_we_open_what_it_seals(second: Second, size: int) -> None:
    """A message that it seals, of any size, opens here."""
    seed, plaintext = _bytes("reader", 32), _bytes("message", size)
    public = second.hpke_public_key(seed)
    sealed = second.hpke_seal(public, info=_INFO, plaintext=plaintext)
    assert hpke.open_(seed, info=_INFO, sealed=sealed) == plaintext


@pytest.mark.parametrize("ours", [True, False], ids=["sealed here", "sealed there"])
def test_both_refuse_another_info_key_or_byte(second: Second, ours: bool) -> None:
    """Whoever sealed it, both refuse another info, another seed and every kind of flip."""
    seed, plaintext = _bytes("reader", 32), _bytes("message", 64)
    public = hpke.public_key(seed)
    seal = hpke.seal if ours else second.hpke_seal
    sealed = seal(public, info=_INFO, plaintext=plaintext)
    changed = [_flip(sealed, at) for at in _FLIPS] + [sealed[:-1], sealed + b"\x00"]
    cases = [(seed, _INFO, c) for c in changed]
    cases += [(seed, _INFO + b"x", sealed), (_bytes("another", 32), _INFO, sealed)]
    for key, info, case in cases:
        with pytest.raises(CannotOpen):
            hpke.open_(key, info=info, sealed=case)
        with pytest.raises(SecondRefused):
            second.hpke_open(key, info=info, sealed=case)


def test_both_refuse_public_keys_that_are_none(second: Second) -> None:
    """Both refuse to seal to a cut key, an unreduced ML-KEM part and an X25519 part of zeros."""
    public = hpke.public_key(_bytes("reader", 32))
    for encoded in (public[:-1], b"\xff" * 3 + public[3:], public[:-32] + bytes(32)):
        with pytest.raises(Malformed):
            hpke.seal(encoded, info=_INFO, plaintext=b"")
        with pytest.raises(SecondRefused):
            second.hpke_seal(encoded, info=_INFO, plaintext=b"")


@pytest.mark.parametrize("size", _SIZES)
def test_xchacha_is_the_same_both_ways(second: Second, size: int) -> None:
    """Both make the same ciphertext, open the other's, and refuse another aad or a flip."""
    key, nonce, aad, text = (_bytes(n, s) for n, s in (("k", 32), ("n", 24), ("a", 9), ("t", size)))
    sealed = aead.seal(key, nonce=nonce, aad=aad, plaintext=text)
    assert second.xchacha_seal(key, nonce=nonce, aad=aad, plaintext=text) == sealed
    assert second.xchacha_open(key, nonce=nonce, aad=aad, ciphertext=sealed) == text
    for other_aad, ciphertext in ((b"", sealed), (aad, _flip(sealed, 0)), (aad, sealed + b"\0")):
        with pytest.raises(CannotOpen):
            aead.open_(key, nonce=nonce, aad=other_aad, ciphertext=ciphertext)
        with pytest.raises(SecondRefused):
            second.xchacha_open(key, nonce=nonce, aad=other_aad, ciphertext=ciphertext)


@pytest.mark.parametrize("length", [1, 16, 32, 33, 96, 4096])
def test_hkdf_is_the_same(second: Second, length: int) -> None:
    """Both derive the same bytes, with and without a salt."""
    ikm, info = _bytes("ikm", 32), b"towpath/v1/label"
    for salt in (b"", b"salt"):
        ours = hkdf(ikm, info=info, length=length, salt=salt)
        assert second.hkdf(ikm, info=info, length=length, salt=salt) == ours


@pytest.mark.parametrize("rounds", [1, 2, PBKDF2_ROUNDS])
def test_pbkdf2_is_the_same(second: Second, rounds: int) -> None:
    """Both stretch ten bytes alike, at the protocol's number of rounds too."""
    code, salt = _bytes("code", 10), _bytes("salt", 60)
    assert second.pbkdf2(code, salt, rounds) == pbkdf2(code, salt, rounds)


def test_ed25519_is_the_same(second: Second) -> None:
    """Both sign alike, verify the other's signature and refuse a flipped one."""
    seed, message = _bytes("signer", 32), _bytes("statement", 300)
    signing = SigningKey(seed)
    signature, public = signing.sign(message).signature, bytes(signing.verify_key)
    assert second.ed25519_sign(seed, message) == signature
    VerifyKey(public).verify(message, signature)
    second.ed25519_verify(public, message, signature)
    for at in (0, 32, 63):
        with pytest.raises(SecondRefused):
            second.ed25519_verify(public, message, _flip(signature, at))


def test_a_senseless_question_is_an_error_not_a_refusal(second: Second) -> None:
    """A mistake in a test cannot pass for a refusal."""
    with pytest.raises(SecondError, match="no such operation"):
        second.ask("hpke_seel")
    with pytest.raises(SecondError):
        second.ask("hpke_seal", public_key=b"")
    with pytest.raises(SecondError, match="24 bytes"):
        second.xchacha_seal(bytes(32), nonce=bytes(12), aad=b"", plaintext=b"")
