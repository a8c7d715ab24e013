"""Published vectors of HPKE with KEM 0x647a through the browser's modules."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crypto.client import hpke
from tests.crossing.web import Web
from tests.official.vectors import Count, packaged, unhex
from tests.reference import hpke as reference

Vector = dict[str, Any]
_TAG_BYTES = 16


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


def test_T53_seeds_expand_to_the_official_public_keys(
    web: Web, vectors: list[Vector], count_official: Count
) -> None:
    """A 32-byte seed gives the public key of the vector."""
    for vector in vectors:
        made = web.bytes_of("hpke_public_key", "public_key", seed=unhex(vector["skRm"]))
        assert made == unhex(vector["pkRm"])
    count_official("HPKE 0x647a: public keys from seeds (browser)", len(vectors))


def test_T53_the_first_official_message_is_sealed(
    web: Web, suite_1: Vector, count_official: Count
) -> None:
    """Encapsulation and ciphertext are the vector's, but for the tag.

    The tag covers the vector's aad, which suite 1 has none of; the stream before it does not.
    """
    message = suite_1["encryptions"][0]
    sealed = web.bytes_of(
        "hpke_seal",
        "sealed",
        public_key=unhex(suite_1["pkRm"]),
        eseed=unhex(suite_1["ikmE"]),
        info=unhex(suite_1["info"]),
        plaintext=unhex(message["pt"]),
    )
    assert sealed[:-_TAG_BYTES] == (unhex(suite_1["enc"]) + unhex(message["ct"]))[:-_TAG_BYTES]
    count_official("HPKE 0x647a suite 1: first message (browser)", 1)


def test_T53_both_open_what_the_other_seals_to_the_official_key(web: Web, suite_1: Vector) -> None:
    """To the vector's key and under its info; and neither opens with another info."""
    seed, info, plaintext = unhex(suite_1["skRm"]), unhex(suite_1["info"]), b"suite 1, no aad"
    key = {"public_key": unhex(suite_1["pkRm"]), "eseed": unhex(suite_1["ikmE"])}
    theirs = web.bytes_of("hpke_seal", "sealed", info=info, plaintext=plaintext, **key)
    assert hpke.open_(seed, info=info, sealed=theirs) == plaintext
    ours = hpke.seal(unhex(suite_1["pkRm"]), info=info, plaintext=plaintext)
    assert web.bytes_of("hpke_open", "plaintext", seed=seed, info=info, sealed=ours) == plaintext
    assert web.outcome("hpke_open", seed=seed, info=info + b"x", sealed=ours) == "CannotOpen"
