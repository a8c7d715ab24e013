"""Strict Ed25519 (statements.md, 2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tests.reference import edwards
from tools.vectors import wire
from tools.vectors.scenario import Scenarios, maker

_SEED = wire.draw("signing seed", 32)
_MESSAGE = b"towpath vector"
_IDENTITY = (1).to_bytes(32, "little")

_verify = maker("verify_signature", "statements.md 2")


def scenarios() -> Scenarios:
    """All of this area."""
    key, good = wire.ed25519_public(_SEED), wire.sign(_SEED, _MESSAGE)
    scalar = int.from_bytes(good[32:], "little")
    order = edwards.ORDER
    yield _verify(
        "signature_good",
        "A signature that holds.",
        {"public_key": key, "message": _MESSAGE, "signature": good},
        output={},
    )
    empty = {"public_key": key, "message": b"", "signature": wire.sign(_SEED, b"")}
    yield _verify("signature_empty_message", "Of nothing.", empty, output={})
    rows = {
        "s_plus_l": ("S + L: the same equation, another encoding.", key, _with_s(scalar + order)),
        "s_is_l": ("S = L.", key, _with_s(order)),
        "other_message": ("Of another message.", key, wire.sign(_SEED, b"other")),
        "other_key": ("Under another key.", wire.ed25519_public(bytes(32)), good),
        "r_flipped": ("A bit of R.", key, wire.flip(good, 0)),
        "s_flipped": ("A bit of S.", key, wire.flip(good, 32)),
        "short": ("63 bytes.", key, good[:-1]),
        "long": ("65 bytes.", key, good + b"\x00"),
        "key_short": ("A key of 31 bytes.", key[:-1], good),
        "zeros": ("Zeros.", key, bytes(64)),
        "key_not_on_curve": ("A key that is no point.", (2).to_bytes(32, "little"), good),
        "key_not_canonical": (
            "A key whose y is not reduced.",
            (edwards.P + 3).to_bytes(32, "little"),
            good,
        ),
        **dict(_small_order()),
        "cofactor": _only_with_cofactor(),
    }
    for name, (comment, public, signature) in rows.items():
        inputs = {"public_key": public, "message": _MESSAGE, "signature": signature}
        yield _verify(f"signature_strict_{name}", comment, inputs, "BadSignature")


def _with_s(scalar: int) -> bytes:
    return wire.sign(_SEED, _MESSAGE)[:32] + scalar.to_bytes(32, "little")


def _small_order() -> Iterator[tuple[str, tuple[str, bytes, bytes]]]:
    """Signatures that hold for the plain equation and for any message, or under a good key."""
    zero = bytes(32)
    yield (
        "small_order_key",
        (
            "The identity as key: R is the identity and S is 0.",
            _IDENTITY,
            _IDENTITY + zero,
        ),
    )
    yield (
        "small_order_key_good_r",
        (
            "The identity as key, and an R of large order.",
            _IDENTITY,
            edwards.BASE.encode() + (1).to_bytes(32, "little"),
        ),
    )
    minus_one = (edwards.P - 1).to_bytes(32, "little")
    yield "order_two_key", ("A key of order two.", minus_one, _IDENTITY + zero)
    # R is the identity, so S = k·a; the equation holds.
    secret = _secret()
    challenge = _challenge(_IDENTITY, wire.ed25519_public(_SEED))
    scalar = challenge * secret % edwards.ORDER
    yield (
        "small_order_r",
        (
            "An R of small order, made by the holder of the key.",
            wire.ed25519_public(_SEED),
            _IDENTITY + scalar.to_bytes(32, "little"),
        ),
    )
    yield (
        "r_not_canonical",
        (
            "The identity as R, its y not reduced.",
            wire.ed25519_public(_SEED),
            (edwards.P + 1).to_bytes(32, "little") + scalar.to_bytes(32, "little"),
        ),
    )


def _only_with_cofactor() -> tuple[str, bytes, bytes]:
    """A key with a part of order eight: the equation holds only times eight."""
    torsion = edwards.decode(bytes.fromhex(_ORDER_EIGHT))
    assert torsion is not None
    assert torsion.small_order
    secret = _secret()
    public = (secret * edwards.BASE + torsion).encode()
    for nonce in range(1, 100):
        encoded = (nonce * edwards.BASE).encode()
        challenge = _challenge(encoded, public)
        if challenge % 8:
            scalar = (nonce + challenge * secret) % edwards.ORDER
            signature = encoded + scalar.to_bytes(32, "little")
            return "It holds only when multiplied by eight.", public, signature
    raise AssertionError


_ORDER_EIGHT = "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"


def _secret() -> int:
    digest = hashlib.sha512(_SEED).digest()
    return int.from_bytes(digest[:32], "little") & ~7 & (2**255 - 1) | 2**254


def _challenge(encoded_r: bytes, public: bytes) -> int:
    digest = hashlib.sha512(encoded_r + public + _MESSAGE).digest()
    return int.from_bytes(digest, "little") % edwards.ORDER
