"""Ed25519 as `crypto.public.ed25519` verifies it: what libsodium must not let through."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from itertools import product

import pytest

from crypto.errors import BadSignature
from crypto.public import ed25519
from crypto.public.note_signing import public_of, sign
from tests.reference import ed25519_strict as strict
from tests.reference import edwards
from tests.reference.ed25519_strict import Verdict

SEED = bytes(range(32))
KEY = strict.public_key(SEED)
MESSAGE = b"a message"
SIGNATURE = strict.sign(SEED, MESSAGE)
SECRET = strict._expand(SEED)[0]


def _torsion() -> tuple[edwards.Point, ...]:
    """The eight points of small order, as multiples of one of order eight."""
    for y in range(2, 100):
        point = edwards.decode(y.to_bytes(32, "little"))
        if point is not None and 4 * (edwards.ORDER * point) != edwards.IDENTITY:
            return tuple(times * (edwards.ORDER * point) for times in range(8))
    raise AssertionError("no point of order eight found")


TORSION = _torsion()
SMALL = tuple(point.encode() for point in TORSION)


def _not_canonical() -> tuple[bytes, ...]:
    """Every encoding that some decoders read as a point though `encode` never gives it."""
    candidates = [*range(edwards.P, 2**255), 1, edwards.P - 1]
    encodings = [(y | sign << 255).to_bytes(32, "little") for y in candidates for sign in (0, 1)]
    points = [one for one in encodings if edwards.decode(one) is not None]
    return tuple(one for one in points if not edwards.is_canonical(one))


NOT_CANONICAL = _not_canonical()


def _accepts(key: bytes, message: bytes, signature: bytes) -> bool:
    try:
        ed25519.verify(key, message, signature)
    except BadSignature:
        return False
    return True


def _hash(r: bytes, key: bytes, message: bytes) -> int:
    digest = hashlib.sha512(r + key + message).digest()
    return int.from_bytes(digest, "little") % edwards.ORDER


def _refused(cases: Iterable[tuple[bytes, bytes, bytes]]) -> list[Verdict]:
    """Assert that every case is refused; return why the reference refuses it."""
    verdicts = []
    for key, message, signature in cases:
        verdicts.append(strict.verify(key, message, signature))
        assert not _accepts(key, message, signature)
    return verdicts


def test_a_signature_of_the_reference_holds_and_ours_is_the_same() -> None:
    """Signing and verifying agree with RFC 8032 in plain integers."""
    ed25519.verify(KEY, MESSAGE, SIGNATURE)
    assert public_of(SEED) == KEY
    assert sign(SEED, MESSAGE) == SIGNATURE


def test_any_changed_bit_is_refused() -> None:
    """No bit of key, message or signature can be changed."""
    whole = KEY + SIGNATURE + MESSAGE
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        key, signature, message = changed[:32], changed[32:96], changed[96:]
        assert not _accepts(bytes(key), bytes(message), bytes(signature))


@pytest.mark.parametrize("size", [0, 1, 31, 33, 63, 65, 128])
def test_other_lengths_are_refused(size: int) -> None:
    """A key or signature of another length does not hold, and raises nothing else."""
    assert not _accepts(KEY, MESSAGE, (SIGNATURE * 2)[:size])
    assert not _accepts((KEY * 4)[:size], MESSAGE, SIGNATURE)


@pytest.mark.parametrize("multiple", [1, 2, 8, 15])
def test_s_of_the_order_or_more_is_refused(multiple: int) -> None:
    """A second signature can't be made of a first by adding L to S."""
    s = int.from_bytes(SIGNATURE[32:], "little") + multiple * edwards.ORDER
    changed = SIGNATURE[:32] + s.to_bytes(32, "little")
    assert _refused([(KEY, MESSAGE, changed)]) == [Verdict.S_RANGE]


@pytest.mark.parametrize("r", SMALL, ids=bytes.hex)
def test_an_r_of_small_order_is_refused(r: bytes) -> None:
    """Refused for some messages although the equation holds."""
    messages = [b"%d" % number for number in range(24)]
    cases = [(KEY, m, r + _scalar(_hash(r, KEY, m) * SECRET)) for m in messages]
    assert set(_refused(cases)) == {Verdict.R_ORDER}


@pytest.mark.parametrize("r", NOT_CANONICAL, ids=bytes.hex)
def test_an_r_of_two_encodings_is_refused(r: bytes) -> None:
    """Only one encoding of R is taken."""
    messages = [b"%d" % number for number in range(24)]
    cases = [(KEY, m, r + _scalar(_hash(r, KEY, m) * SECRET)) for m in messages]
    assert set(_refused(cases)) == {Verdict.R_ENCODING}


@pytest.mark.parametrize("key", SMALL + NOT_CANONICAL, ids=bytes.hex)
def test_a_key_of_small_order_or_two_encodings_is_refused(key: bytes) -> None:
    """Under such a key one signature would hold for many messages: S = r, R = r·B + any torsion."""
    signatures = [(5 * edwards.BASE + point).encode() + _scalar(5) for point in TORSION]
    cases = [(key, b"%d" % number, signature) for number in range(8) for signature in signatures]
    assert set(_refused(cases)) <= {Verdict.KEY_ORDER, Verdict.KEY_ENCODING}


def test_the_equation_is_the_one_without_cofactor() -> None:
    """Keys and Rs with a part of small order are taken exactly where the reference takes them."""
    verdicts, message = set(), MESSAGE
    for key_part, r_part in product(TORSION, TORSION):
        key = (SECRET * edwards.BASE + key_part).encode()
        r = (77 * edwards.BASE + r_part).encode()
        signature = r + _scalar(77 + _hash(r, key, message) * SECRET)
        verdict = strict.verify(key, message, signature)
        assert _accepts(key, message, signature) is (verdict is Verdict.GOOD)
        verdicts.add(verdict)
    assert verdicts == {Verdict.GOOD, Verdict.COFACTOR}


def _scalar(value: int) -> bytes:
    return (value % edwards.ORDER).to_bytes(32, "little")
