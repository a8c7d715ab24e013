"""The pairs: each of our operations, and the library calls that it can't do without."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)

from bench.timing import Pair
from client import ambient
from crypto import constants as c
from crypto.client import codes, envelope, hpke, message, walk_in
from crypto.errors import CannotOpen

_SHA256 = SHA256()
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def pairs() -> Iterator[Pair]:
    """Give every pair, made fresh."""
    yield from _derivations()
    yield from _envelopes()
    yield from _trial_opens()


def _derivations() -> Iterator[Pair]:
    code, network = ambient.random(c.CODE_BYTES), ambient.random(c.NETWORK_ID_BYTES)

    def pbkdf2() -> bytes:
        return hashlib.pbkdf2_hmac("sha256", code, network, c.PBKDF2_ROUNDS)

    yield Pair("derive: code", lambda: codes.code_keys(code, network), pbkdf2)
    yield Pair("derive: receipt with a word", lambda: _receipt(code, network), pbkdf2)
    yield Pair(
        "derive: follow-up tag",
        lambda: envelope.follow_up_tag(network, 1),
        lambda: _bare_hkdf(network, 16),
    )


def _receipt(receipt: bytes, network: bytes) -> object:
    return codes.receipt_keys(receipt, "her own word", network)


def _bare_hkdf(secret: bytes, size: int) -> bytes:
    return HKDF(_SHA256, size, b"", b"info").derive(secret)


def _envelopes() -> Iterator[Pair]:
    seed, psk = ambient.random(c.XWING_SEED_BYTES), ambient.random(c.KEY_BYTES)
    private = hpke.load_private(seed)
    context = envelope.for_code(
        ambient.random(c.NETWORK_ID_BYTES), ambient.random(c.LOCATOR_BYTES), psk
    )
    referral = _referral()
    encoded = message.encode(referral)
    sealed = envelope.seal(encoded, private.public, context, random=ambient.random)
    info, aad = context.info, context.aad

    def bare_seal() -> bytes:
        nonce = ambient.random(c.XCHACHA_NONCE_BYTES)
        inner = crypto_aead_xchacha20poly1305_ietf_encrypt(encoded, aad, nonce, psk)
        return _SUITE.encrypt(nonce + inner, _bare_public(private.public), info)

    def bare_open(key: MLKEM768X25519PrivateKey) -> bytes:
        inner = _SUITE.decrypt(sealed[1:], key, info)
        return crypto_aead_xchacha20poly1305_ietf_decrypt(inner[24:], aad, inner[:24], psk)

    loaded = _bare_private(seed)
    yield Pair(
        "seal: envelope",
        lambda: envelope.seal(encoded, private.public, context, random=ambient.random),
        bare_seal,
    )
    yield Pair(
        "seal: referral to envelope",
        lambda: envelope.seal(
            message.encode(referral), private.public, context, random=ambient.random
        ),
        bare_seal,
        "with the coding of every field",
    )
    yield Pair(
        "open: envelope, key loaded",
        lambda: envelope.open_(sealed, private, context),
        lambda: bare_open(loaded),
    )
    yield Pair(
        "open: envelope from its seed",
        lambda: envelope.open_(sealed, seed, context),
        lambda: bare_open(_bare_private(seed)),
    )
    yield Pair(
        "open: envelope to referral",
        lambda: message.decode(envelope.open_(sealed, seed, context), c.KIND_REFERRAL),
        lambda: bare_open(_bare_private(seed)),
        "with the decoding of every field",
    )


def _trial_opens() -> Iterator[Pair]:
    network = ambient.random(c.NETWORK_ID_BYTES)
    private = hpke.load_private(ambient.random(c.XWING_SEED_BYTES))
    other = hpke.load_private(ambient.random(c.XWING_SEED_BYTES))
    context = walk_in.context(network, other.public)
    encoded = message.encode(_referral())
    sealed = envelope.seal(encoded, other.public, context, random=ambient.random)
    loaded = _bare_private(ambient.random(c.XWING_SEED_BYTES))

    def ours() -> None:
        try:
            walk_in.open_with_any(sealed, (private,), network)
        except CannotOpen:
            return

    def bare() -> None:
        try:
            _SUITE.decrypt(sealed[1:], loaded, context.info)
        except InvalidTag:
            return

    yield Pair("trial open: another's walk-in", ours, bare)


def _bare_public(encoded: bytes) -> MLKEM768X25519PublicKey:
    mlkem = MLKEM768PublicKey.from_public_bytes(encoded[:1184])
    return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(encoded[1184:]))


def _bare_private(seed: bytes) -> MLKEM768X25519PrivateKey:
    expanded = hashlib.shake_256(seed).digest(96)
    mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
    return MLKEM768X25519PrivateKey(mlkem, X25519PrivateKey.from_private_bytes(expanded[64:]))


def _referral() -> message.Message:
    return message.Message(
        consent=c.CONSENT_PERSON,
        needs=(1, 7, 12),
        languages=(5, 1),
        region=1,
        people=2,
        channels=(1,),
        hours=(1, 2),
        never=(4,),
        eyes=c.EYES_NOBODY,
        text="Thursday is a good day. " * 20,
    )
