"""HPKE with DHKEM(X25519) in Base mode: the vectors of RFC 9180."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tests.official.vectors import Count, packaged, unhex
from tests.reference import hpke as reference

Vector = dict[str, Any]

_KDFS = {1: KDF.HKDF_SHA256, 3: KDF.HKDF_SHA512}
_AEADS = {1: AEAD.AES_128_GCM, 2: AEAD.AES_256_GCM, 3: AEAD.CHACHA20_POLY1305}


@pytest.fixture(scope="module")
def vectors() -> list[Vector]:
    """All Base mode entries of DHKEM(X25519, HKDF-SHA256)."""
    entries = json.loads(packaged("HPKE/test-vectors.json"))
    return [e for e in entries if e["kem_id"] == reference.DHKEM_X25519 and e["mode"] == 0]


def _context(vector: Vector) -> reference.Context:
    suite = reference.Suite(vector["kem_id"], vector["kdf_id"], vector["aead_id"])
    secret = unhex(vector["shared_secret"])
    return reference.key_schedule(suite, secret, unhex(vector["info"]))


def test_reference_encapsulates_as_the_rfc(vectors: list[Vector], count_official: Count) -> None:
    """Given the RFC's ephemeral key the reference makes its encapsulation and shared secret."""
    for vector in vectors:
        enc, secret = reference.encapsulate(
            reference.DHKEM_X25519, unhex(vector["pkRm"]), unhex(vector["skEm"])
        )
        assert enc == unhex(vector["enc"])
        assert secret == unhex(vector["shared_secret"])
        again = reference.decapsulate(reference.DHKEM_X25519, unhex(vector["skRm"]), enc)
        assert again == secret
    count_official("HPKE RFC 9180 X25519 Base: encapsulations (reference)", len(vectors))


def test_reference_seals_and_exports_as_the_rfc(
    vectors: list[Vector], count_official: Count
) -> None:
    """Key schedules, messages and exports come out byte for byte for every KDF and AEAD."""
    messages = exports = 0
    for vector in vectors:
        context = _context(vector)
        assert context.key == unhex(vector["key"])
        assert context.base_nonce == unhex(vector["base_nonce"])
        assert context.exporter_secret == unhex(vector["exporter_secret"])
        for number, message in enumerate(vector["encryptions"]):
            aad = unhex(message["aad"])
            sealed = context.seal(unhex(message["pt"]), aad=aad, sequence=number)
            assert sealed == unhex(message["ct"])
        for export in vector["exports"]:
            value = context.export(unhex(export["exporter_context"]), export["L"])
            assert value == unhex(export["exported_value"])
        messages += len(vector["encryptions"])
        exports += len(vector["exports"])
    count_official("HPKE RFC 9180 X25519 Base: messages (reference)", messages)
    count_official("HPKE RFC 9180 X25519 Base: exports (reference)", exports)


def test_T53_library_opens_the_rfcs_first_messages(
    vectors: list[Vector], count_official: Count
) -> None:
    """The product's library opens the first message of every entry that has messages."""
    opened = 0
    for vector in vectors:
        if vector["aead_id"] == reference.EXPORT_ONLY:
            continue
        message = vector["encryptions"][0]
        suite = Suite(KEM.X25519, _KDFS[vector["kdf_id"]], _AEADS[vector["aead_id"]])
        key = X25519PrivateKey.from_private_bytes(unhex(vector["skRm"]))
        sealed = unhex(vector["enc"]) + unhex(message["ct"])
        info, aad = unhex(vector["info"]), unhex(message["aad"])
        plaintext = openssl.hpke._decrypt_with_aad(suite, sealed, key, info, aad)
        assert plaintext == unhex(message["pt"])
        opened += 1
    count_official("HPKE RFC 9180 X25519 Base: first messages (pyca)", opened)
