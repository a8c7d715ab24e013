"""Signatures that lenient verifiers take: the browser's modules refuse what the reference does."""

from __future__ import annotations

import hashlib
from itertools import product

from tests.crossing.web import Web
from tests.official.vectors import unhex, wycheproof
from tests.reference import ed25519_strict as strict
from tests.reference import edwards
from tests.reference.ed25519_strict import Verdict

SEED = bytes(range(32))
KEY, SECRET = strict.public_key(SEED), strict._expand(SEED)[0]
NONCE = int.from_bytes(hashlib.sha512(b"a made-up nonce").digest()) % edwards.ORDER


def _torsion() -> tuple[edwards.Point, ...]:
    """The eight points of small order, as multiples of one of order eight."""
    for y in range(2, 100):
        point = edwards.decode(y.to_bytes(32, "little"))
        if point is not None and 4 * (edwards.ORDER * point) != edwards.IDENTITY:
            return tuple(times * (edwards.ORDER * point) for times in range(8))
    raise AssertionError("no point of order eight found")


TORSION = _torsion()
SMALL = [point.encode() for point in TORSION]
SECOND_NAMES = [
    encoded
    for y, sign in product([*range(edwards.P, 2**255), 1, edwards.P - 1], (0, 1))
    if edwards.decode(encoded := (y | sign << 255).to_bytes(32, "little")) is not None
    and not edwards.is_canonical(encoded)
]


def _scalar(value: int) -> bytes:
    return (value % edwards.ORDER).to_bytes(32, "little")


def _refused(web: Web, key: bytes, message: bytes, signature: bytes) -> Verdict:
    """Assert that both sides refuse; return why the reference does."""
    given = {"public_key": key, "message": message, "signature": signature}
    assert web.agreed("verify_signature", **given) == "BadSignature"
    return strict.verify(key, message, signature)


def test_a_signature_of_the_reference_holds(web: Web) -> None:
    """An honest signature verifies, also with the message empty."""
    for message in (b"", b"m"):
        signature = strict.sign(SEED, message)
        given = {"public_key": KEY, "message": message, "signature": signature}
        assert web.agreed("verify_signature", **given) == {}


def test_s_of_the_order_or_more_is_refused(web: Web) -> None:
    """Adding L to S makes no second signature."""
    signature = strict.sign(SEED, b"m")
    s = int.from_bytes(signature[32:], "little")
    for multiple in (1, 2, 15):
        other = signature[:32] + (s + multiple * edwards.ORDER).to_bytes(32, "little")
        assert _refused(web, KEY, b"m", other) is Verdict.S_RANGE


def test_rs_of_small_order_or_of_two_encodings_are_refused(web: Web) -> None:
    """Also where the equation holds."""
    for r, number in product((*SMALL, *SECOND_NAMES), range(8)):
        message = b"%d" % number
        s = strict._hash(r, KEY, message) * SECRET
        verdict = _refused(web, KEY, message, r + _scalar(s))
        assert verdict in (Verdict.R_ORDER, Verdict.R_ENCODING)


def test_keys_of_small_order_or_of_two_encodings_are_refused(web: Web) -> None:
    """Also where one signature would hold for every message."""
    r = (NONCE * edwards.BASE).encode()
    for key, number in product((*SMALL, *SECOND_NAMES), range(8)):
        verdict = _refused(web, key, b"%d" % number, r + _scalar(NONCE))
        assert verdict in (Verdict.KEY_ORDER, Verdict.KEY_ENCODING)


def test_only_the_equation_without_cofactor_counts(web: Web) -> None:
    """A point of small order in R or in the key holds only after multiplying by eight."""
    for torsion in TORSION[1:]:
        r = (NONCE * edwards.BASE + torsion).encode()
        s = NONCE + strict._hash(r, KEY, b"m") * SECRET
        assert _refused(web, KEY, b"m", r + _scalar(s)) is Verdict.COFACTOR
        key = (SECRET * edwards.BASE + torsion).encode()
        plain = (NONCE * edwards.BASE).encode()
        message = next(m for m in map(b"%d".__mod__, range(99)) if _matters(plain, key, m, torsion))
        s = NONCE + strict._hash(plain, key, message) * SECRET
        assert _refused(web, key, message, plain + _scalar(s)) is Verdict.COFACTOR


def _matters(r: bytes, key: bytes, message: bytes, torsion: edwards.Point) -> bool:
    """Say whether the key's part of small order is left in the equation for this message."""
    return strict._hash(r, key, message) * torsion != edwards.IDENTITY


def test_every_case_of_wycheproof_has_one_outcome(web: Web) -> None:
    """Also those that it leaves to the verifier."""
    for group, one in wycheproof("wycheproof_ed25519.json"):
        given = {"message": unhex(one["msg"]), "signature": unhex(one["sig"])}
        web.agreed("verify_signature", public_key=unhex(group["publicKey"]["pk"]), **given)
