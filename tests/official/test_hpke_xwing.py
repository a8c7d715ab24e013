"""HPKE with KEM 0x647a: the vectors of draft-ietf-hpke-pq."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.bindings._rust import openssl

from crypto.client import hpke
from crypto.public import sealing
from tests.official.vectors import Count, packaged, unhex
from tests.reference import hpke as reference
from tests.reference import xwing

Vector = dict[str, Any]


@pytest.fixture(scope="module")
def vectors() -> list[Vector]:
    """All Base mode entries with our KEM."""
    entries = json.loads(packaged("HPKE/hpke-pq-test-vectors.json"))
    return [e for e in entries if e["kem_id"] == reference.XWING and e["mode"] == 0]


@pytest.fixture(scope="module")
def suite_1(vectors: list[Vector]) -> Vector:
    """The one entry with our KDF and AEAD too."""
    ids = (reference.HKDF_SHA256, reference.CHACHA20_POLY1305)
    (entry,) = (e for e in vectors if (e["kdf_id"], e["aead_id"]) == ids)
    return entry


def test_T50_T53_seeds_expand_to_the_official_public_keys(
    vectors: list[Vector], count_official: Count
) -> None:
    """A 32-byte seed gives the public key of the vector, in the product and in the reference."""
    for vector in vectors:
        seed, public = unhex(vector["skRm"]), unhex(vector["pkRm"])
        assert hpke.public_key(seed) == public
        assert xwing.public_key(seed) == public
    count_official("HPKE 0x647a: public keys from seeds", len(vectors))


def test_reference_encapsulates_as_the_vectors(
    vectors: list[Vector], count_official: Count
) -> None:
    """Given the vector's randomness the reference makes its encapsulation and shared secret."""
    for vector in vectors:
        enc, secret = xwing.encapsulate(unhex(vector["pkRm"]), unhex(vector["ikmE"]))
        assert enc == unhex(vector["enc"])
        assert secret == unhex(vector["shared_secret"])
        assert xwing.decapsulate(unhex(vector["skRm"]), enc) == secret
    count_official("HPKE 0x647a: encapsulations (reference)", len(vectors))


def test_T53_reference_runs_suite_1_as_the_vector(suite_1: Vector, count_official: Count) -> None:
    """Key schedule, every message and every export of suite 1 come out byte for byte."""
    secret = unhex(suite_1["shared_secret"])
    context = reference.key_schedule(reference.Suite(), secret, unhex(suite_1["info"]))
    assert context.suite.id == unhex(suite_1["suite_id"])
    assert context.key == unhex(suite_1["key"])
    assert context.base_nonce == unhex(suite_1["base_nonce"])
    assert context.exporter_secret == unhex(suite_1["exporter_secret"])
    for number, message in enumerate(suite_1["encryptions"]):
        aad, plaintext = unhex(message["aad"]), unhex(message["pt"])
        assert context.nonce(number) == unhex(message["nonce"])
        sealed = context.seal(plaintext, aad=aad, sequence=number)
        assert sealed == unhex(message["ct"])
        assert context.open(sealed, aad=aad, sequence=number) == plaintext
    for export in suite_1["exports"]:
        value = context.export(unhex(export["exporter_context"]), export["L"])
        assert value == unhex(export["exported_value"])
    count_official("HPKE 0x647a suite 1: messages (reference)", len(suite_1["encryptions"]))
    count_official("HPKE 0x647a suite 1: exports (reference)", len(suite_1["exports"]))


def test_T50_T53_product_opens_the_first_official_message(
    suite_1: Vector, count_official: Count
) -> None:
    """The product's key and suite open the vector's first message, and not with another aad.

    The vectors use an aad; the library behind the product takes one only in a private function.
    """
    message = suite_1["encryptions"][0]
    sealed = unhex(suite_1["enc"]) + unhex(message["ct"])
    key = hpke.load_private(unhex(suite_1["skRm"]))._key
    info, aad = unhex(suite_1["info"]), unhex(message["aad"])
    opened = openssl.hpke._decrypt_with_aad(sealing.SUITE_1, sealed, key, info, aad)
    assert opened == unhex(message["pt"])
    with pytest.raises(InvalidTag):
        openssl.hpke._decrypt_with_aad(sealing.SUITE_1, sealed, key, info, aad + b"x")
    count_official("HPKE 0x647a suite 1: first message (product)", 1)


def test_T50_T53_product_opens_under_the_official_encapsulation(suite_1: Vector) -> None:
    """The product's own call opens a message without aad under the vector's enc, key and info."""
    info, plaintext = unhex(suite_1["info"]), b"no aad, as in suite 1"
    sealed = reference.seal(
        unhex(suite_1["pkRm"]), eseed=unhex(suite_1["ikmE"]), info=info, plaintext=plaintext
    )
    assert sealed.startswith(unhex(suite_1["enc"]))
    assert hpke.open_(unhex(suite_1["skRm"]), info=info, sealed=sealed) == plaintext


def test_T53_reference_opens_what_the_product_seals(suite_1: Vector) -> None:
    """What the product seals to the vector's key opens in the reference, and only with its info."""
    info, plaintext = unhex(suite_1["info"]), b"sealed by the product"
    sealed = hpke.seal(unhex(suite_1["pkRm"]), info=info, plaintext=plaintext)
    assert reference.open_(unhex(suite_1["skRm"]), info=info, sealed=sealed) == plaintext
    with pytest.raises(InvalidTag):
        reference.open_(unhex(suite_1["skRm"]), info=info + b"x", sealed=sealed)
