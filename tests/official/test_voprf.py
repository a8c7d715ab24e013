"""RFC 9497 VOPRF with ristretto255-SHA512: the reference, and the package `voprf` beside it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from voprf.ristretto import (
    BlindedInput,
    Client,
    Evaluator,
    PublicKey,
    VerifiableBatchOutput,
    VerifiableOutput,
)

from tests.official.vectors import Count, committed, unhex
from tests.reference import ristretto_voprf as reference
from tests.reference.ristretto import ORDER

_PROOF_BYTES = 64
_ELEMENT_BYTES = 32


@pytest.fixture(scope="module")
def vectors() -> dict[str, Any]:
    """Appendix A.1.2: a key and three vectors, the last a batch of two."""
    document: dict[str, Any] = committed("rfc9497_ristretto255_voprf.json")
    return document


def _many(vector: dict[str, str], name: str) -> list[bytes]:
    return [unhex(part) for part in vector[name].split(",")]


def _scalar(encoded: bytes) -> int:
    return reference.deserialize_scalar(encoded)


def _made_up_scalar(label: bytes) -> int:
    return int.from_bytes(hashlib.sha512(label).digest(), "little") % ORDER


def test_reference_runs_the_rfcs_vectors(vectors: dict[str, Any], count_official: Count) -> None:
    """Key, blinded and evaluated elements, proof and output come out byte for byte."""
    secret, public = reference.derive_key_pair(unhex(vectors["Seed"]), unhex(vectors["KeyInfo"]))
    assert reference.serialize_scalar(secret) == unhex(vectors["skSm"])
    assert public == unhex(vectors["pkSm"])
    for vector in vectors["vectors"]:
        inputs, blinds = _many(vector, "Input"), [_scalar(b) for b in _many(vector, "Blind")]
        blinded = [reference.blind(i, b) for i, b in zip(inputs, blinds, strict=True)]
        assert blinded == _many(vector, "BlindedElement")
        proof_random = _scalar(unhex(vector["ProofRandomScalar"]))
        evaluation = reference.blind_evaluate(secret, blinded, proof_random)
        assert list(evaluation.elements) == _many(vector, "EvaluationElement")
        assert evaluation.proof == unhex(vector["Proof"])
        outputs = reference.finalize(inputs, blinds, evaluation, blinded, public)
        assert list(outputs) == _many(vector, "Output")
        assert [reference.evaluate(secret, i) for i in inputs] == _many(vector, "Output")
    count_official("VOPRF ristretto255: RFC 9497 A.1.2 (reference)", len(vectors["vectors"]))


def test_T53_package_derives_and_evaluates_as_the_rfc(
    vectors: dict[str, Any], count_official: Count
) -> None:
    """The package's server has the RFC's key, elements and outputs, and its proofs hold."""
    server = Evaluator.from_seed(unhex(vectors["Seed"]), unhex(vectors["KeyInfo"]))
    public = unhex(vectors["pkSm"])
    assert server.public_key.serialize() == public
    for vector in vectors["vectors"]:
        blinded = _many(vector, "BlindedElement")
        answer = _package_answer(server, blinded)
        assert list(answer.elements) == _many(vector, "EvaluationElement")
        inputs, blinds = _many(vector, "Input"), [_scalar(b) for b in _many(vector, "Blind")]
        outputs = reference.finalize(inputs, blinds, answer, blinded, public)
        assert list(outputs) == _many(vector, "Output")
        assert [server.evaluate_known_input(i) for i in inputs] == _many(vector, "Output")
    count_official("VOPRF ristretto255: RFC 9497 A.1.2 (package voprf)", len(vectors["vectors"]))


def test_T53_package_client_finalizes_the_references_answer(vectors: dict[str, Any]) -> None:
    """The package's client accepts the reference server's proofs, single and batched."""
    secret, public = _scalar(unhex(vectors["skSm"])), PublicKey.deserialize(unhex(vectors["pkSm"]))
    inputs = [b"one input", b"another"]
    clients, blinded = zip(*(Client.blind(i) for i in inputs), strict=True)
    elements = [b.serialize() for b in blinded]
    answer = reference.blind_evaluate(secret, elements, _made_up_scalar(b"proof 1"))
    batch = VerifiableBatchOutput.deserialize(answer.proof + b"".join(answer.elements))
    expected = [reference.evaluate(secret, i) for i in inputs]
    assert Client.finalize_batch(clients, batch, public) == expected
    single = reference.blind_evaluate(secret, elements[:1], _made_up_scalar(b"proof 2"))
    output = VerifiableOutput.deserialize(single.proof + single.elements[0])
    assert clients[0].finalize(output, public) == expected[0]


def test_both_clients_refuse_another_servers_answer(vectors: dict[str, Any]) -> None:
    """An answer by another key, with a proof that is right for that key, is refused."""
    other, public = _made_up_scalar(b"another server"), unhex(vectors["pkSm"])
    client, blinded = Client.blind(b"input")
    answer = reference.blind_evaluate(other, [blinded.serialize()], _made_up_scalar(b"proof"))
    output = VerifiableOutput.deserialize(answer.proof + answer.elements[0])
    with pytest.raises(ValueError, match="proof"):
        client.finalize(output, PublicKey.deserialize(public))
    scalar = _made_up_scalar(b"blind")
    element = reference.blind(b"input", scalar)
    answer = reference.blind_evaluate(other, [element], _made_up_scalar(b"proof"))
    with pytest.raises(reference.VerifyError):
        reference.finalize([b"input"], [scalar], answer, [element], public)


@pytest.mark.parametrize(
    "encoded",
    [
        bytes(32),
        b"\x01" + bytes(31),
        b"\xff" * 32,
        bytes(31),
        bytes.fromhex("ed" + "ff" * 30 + "7f"),
        bytes.fromhex("ec" + "ff" * 30 + "7f"),
    ],
    ids=["identity", "negative", "not reduced", "short", "the prime", "y is zero"],
)
def test_both_refuse_what_is_not_an_element(encoded: bytes) -> None:
    """The identity and every non-canonical encoding are refused by reference and package alike."""
    with pytest.raises(reference.DeserializeError):
        reference.deserialize_element(encoded)
    with pytest.raises(ValueError, match="element"):
        BlindedInput.deserialize(encoded)


def _package_answer(server: Evaluator, blinded: list[bytes]) -> reference.Evaluation:
    """The package writes the proof before the elements."""
    inputs = [BlindedInput.deserialize(b) for b in blinded]
    if len(inputs) == 1:
        answer = server.evaluate(inputs[0]).serialize()
    else:
        answer = server.evaluate_batch(inputs).serialize()
    proof, elements = answer[:_PROOF_BYTES], answer[_PROOF_BYTES:]
    starts = range(0, len(elements), _ELEMENT_BYTES)
    return reference.Evaluation(tuple(elements[i : i + _ELEMENT_BYTES] for i in starts), proof)
