"""Ed25519 through PyNaCl, which the product uses, beside the strict reference."""

from __future__ import annotations

import hashlib

import pytest
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from tests.official.vectors import Count, packaged, unhex, wycheproof
from tests.reference import ed25519_strict as strict
from tests.reference import edwards
from tests.reference.ed25519_strict import Verdict

_REFERENCE_CASES = 32  # plain integers are slow; PyNaCl runs all of the cases

# Every encoding of the eight points of small order, canonical or not (RFC 8032, section 5.1).
_SMALL_ORDER = tuple(
    unhex(text)
    for text in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "0000000000000000000000000000000000000000000000000000000000000080",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000080",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    )
)
_TORSION = edwards.decode(_SMALL_ORDER[8])  # of order eight
_SECRET = int.from_bytes(hashlib.sha512(b"a made-up secret scalar").digest()) % edwards.ORDER
_NONCE = int.from_bytes(hashlib.sha512(b"a made-up nonce").digest()) % edwards.ORDER


def _verifies(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        VerifyKey(key).verify(message, signature)
    except (BadSignatureError, ValueError):
        return False
    return True


def test_T53_rfc8032_sign_input(count_official: Count) -> None:
    """The 1024 cases of sign.input: keys, signatures, verification, and a changed byte refused."""
    lines = packaged("asymmetric/Ed25519/sign.input").splitlines()
    for number, line in enumerate(lines):
        secret, public, message, signed = map(unhex, line.split(":")[:4])
        signature, key = signed[:64], SigningKey(secret[:32])
        assert bytes(key.verify_key) == public
        assert key.sign(message).signature == signature
        assert _verifies(public, message, signature)
        assert not _verifies(public, message + b"x", signature)
        if number < _REFERENCE_CASES:
            assert strict.public_key(secret[:32]) == public
            assert strict.sign(secret[:32], message) == signature
            assert strict.verify(public, message, signature) is Verdict.GOOD
    count_official("Ed25519: sign.input, of RFC 8032 section 7.1 (PyNaCl)", len(lines))


def test_T53_wycheproof(count_official: Count) -> None:
    """Valid verifies, invalid does not; PyNaCl refuses exactly what the strict reference does."""
    passed = 0
    for group, test in wycheproof("wycheproof_ed25519.json"):
        key = unhex(group["publicKey"]["pk"])
        message, signature = unhex(test["msg"]), unhex(test["sig"])
        verdict = strict.verify(key, message, signature)
        if test["result"] != "acceptable":
            assert (verdict is Verdict.GOOD) is (test["result"] == "valid"), test["tcId"]
        assert _verifies(key, message, signature) is (verdict is Verdict.GOOD), test["tcId"]
        passed += 1
    count_official("Ed25519: Wycheproof (PyNaCl and reference)", passed)


@pytest.mark.parametrize("key", _SMALL_ORDER, ids=bytes.hex)
def test_keys_of_small_order_are_refused(key: bytes) -> None:
    """A signature that holds for every message under a key of small order is refused."""
    point = edwards.decode(key)
    assert point is not None
    assert point.small_order
    signature, message = _forge_for_small_order_key(key, point)
    assert strict.verify(key, message, signature) in (Verdict.KEY_ENCODING, Verdict.KEY_ORDER)
    assert not _verifies(key, message, signature)


@pytest.mark.parametrize("r", _SMALL_ORDER, ids=bytes.hex)
def test_rs_of_small_order_are_refused(r: bytes) -> None:
    """An R of small order is refused although the equation holds, if only times eight."""
    key = (_SECRET * edwards.BASE).encode()
    k = strict._hash(r, key, b"m")
    signature = r + (k * _SECRET % edwards.ORDER).to_bytes(32, "little")
    verdict = strict.verify(key, b"m", signature)
    assert verdict in (Verdict.R_ENCODING, Verdict.R_ORDER)
    assert not _verifies(key, b"m", signature)


@pytest.mark.parametrize("multiple", [1, 2, 15], ids="S+{}L".format)
def test_s_above_the_order_is_refused(multiple: int) -> None:
    """Adding the group's order to S does not make a second signature of one message."""
    seed = bytes(range(32))
    signature, key = strict.sign(seed, b"m"), strict.public_key(seed)
    s = int.from_bytes(signature[32:], "little") + multiple * edwards.ORDER
    changed = signature[:32] + s.to_bytes(32, "little")
    assert strict.verify(key, b"m", signature) is Verdict.GOOD
    assert strict.verify(key, b"m", changed) is Verdict.S_RANGE
    assert _verifies(key, b"m", signature)
    assert not _verifies(key, b"m", changed)


def test_second_encodings_of_points_of_large_order_are_refused() -> None:
    """Adding the prime to a small y gives a point a second name; as key or R it is refused."""
    seed = bytes(range(32))
    key, signature = strict.public_key(seed), strict.sign(seed, b"m")
    second_names = [(edwards.P + y).to_bytes(32, "little") for y in range(2, 19)]
    on_the_curve = [name for name in second_names if edwards.decode(name) is not None]
    assert on_the_curve
    for name in on_the_curve:
        other = name + signature[32:]
        assert strict.verify(name, b"m", signature) is Verdict.KEY_ENCODING
        assert strict.verify(key, b"m", other) is Verdict.R_ENCODING
        assert not _verifies(name, b"m", signature)
        assert not _verifies(key, b"m", other)


def test_only_the_equation_without_cofactor_counts() -> None:
    """A signature whose R carries a torsion point is refused: verifiers must not differ on it."""
    assert _TORSION is not None
    key = (_SECRET * edwards.BASE).encode()
    r = (_NONCE * edwards.BASE + _TORSION).encode()
    s = (_NONCE + strict._hash(r, key, b"m") * _SECRET) % edwards.ORDER
    signature = r + s.to_bytes(32, "little")
    assert strict.verify(key, b"m", signature) is Verdict.COFACTOR
    assert not _verifies(key, b"m", signature)


def _forge_for_small_order_key(key: bytes, point: edwards.Point) -> tuple[bytes, bytes]:
    """A signature and message for which S·B = R + k·A holds, by trying messages."""
    r, s = (_NONCE * edwards.BASE).encode(), _NONCE.to_bytes(32, "little")
    for number in range(256):
        message = bytes([number])
        if strict._hash(r, key, message) * point == edwards.IDENTITY:
            return r + s, message
    raise AssertionError("no message found")
