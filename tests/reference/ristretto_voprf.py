"""VOPRF mode of RFC 9497 for ristretto255-SHA512; every random scalar is an argument.

Elements are bytes on the outside, scalars are integers. Not constant-time: an oracle for tests.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from tests.reference import ristretto
from tests.reference.ristretto import GENERATOR, ORDER, Point

SEED_BYTES = 32
SCALAR_BYTES = 32
PROOF_BYTES = 64
_CONTEXT = b"OPRFV1-\x01-ristretto255-SHA512"
_SHA512_BLOCK_BYTES = 128
_SHA512_BYTES = 64


class VerifyError(Exception):
    """A proof does not hold."""


class DeserializeError(Exception):
    """Bytes are not an element or scalar."""


@dataclass(frozen=True)
class Evaluation:
    """What a server answers to a batch of blinded elements: the elements and one proof, c ‖ s."""

    elements: tuple[bytes, ...]
    proof: bytes


def derive_key_pair(seed: bytes, info: bytes) -> tuple[int, bytes]:
    """Secret scalar and public key; section 3.2.1."""
    derive_input = seed + len(info).to_bytes(2, "big") + info
    for counter in range(256):
        dst = b"DeriveKeyPair" + _CONTEXT
        secret = _hash_to_scalar(derive_input + bytes([counter]), dst)
        if secret:
            return secret, public_key(secret)
    raise ValueError("no key from this seed")


def public_key(secret: int) -> bytes:
    """The public key of a secret scalar."""
    return ristretto.encode(secret * GENERATOR)


def blind(message: bytes, scalar: int) -> bytes:
    """The blinded element of an input."""
    element = _hash_to_group(message)
    if ristretto.same(element, ristretto.IDENTITY_ELEMENT):
        raise ValueError("the input gives the identity")
    return ristretto.encode(scalar * element)


def blind_evaluate(secret: int, blinded: Sequence[bytes], proof_random: int) -> Evaluation:
    """Multiply by the key and prove it for the whole batch."""
    inputs = [deserialize_element(b) for b in blinded]
    outputs = [secret * element for element in inputs]
    public = secret * GENERATOR
    composite = _composites(public, inputs, outputs)[0]
    evaluated = secret * composite
    t2, t3 = proof_random * GENERATOR, proof_random * composite
    c = _challenge(public, composite, evaluated, t2, t3)
    s = (proof_random - c * secret) % ORDER
    proof = serialize_scalar(c) + serialize_scalar(s)
    return Evaluation(tuple(map(ristretto.encode, outputs)), proof)


def finalize(
    messages: Sequence[bytes],
    blinds: Sequence[int],
    evaluation: Evaluation,
    blinded: Sequence[bytes],
    public: bytes,
) -> tuple[bytes, ...]:
    """Check the proof and unblind; raises VerifyError."""
    inputs = [deserialize_element(b) for b in blinded]
    outputs = [deserialize_element(e) for e in evaluation.elements]
    if not verify_proof(deserialize_element(public), inputs, outputs, evaluation.proof):
        raise VerifyError
    return tuple(
        _output(message, pow(scalar, -1, ORDER) * element)
        for message, scalar, element in zip(messages, blinds, outputs, strict=True)
    )


def evaluate(secret: int, message: bytes) -> bytes:
    """The output for an input, by the holder of the key."""
    return _output(message, secret * _hash_to_group(message))


def verify_proof(
    public: Point, inputs: Sequence[Point], outputs: Sequence[Point], proof: bytes
) -> bool:
    """Whether one key relates all pairs; section 2.2.2."""
    c = deserialize_scalar(proof[:SCALAR_BYTES])
    s = deserialize_scalar(proof[SCALAR_BYTES:])
    m, z = _composites(public, inputs, outputs)
    t2 = s * GENERATOR + c * public
    t3 = s * m + c * z
    return _challenge(public, m, z, t2, t3) == c


def deserialize_element(encoded: bytes) -> Point:
    """An element other than the identity."""
    point = ristretto.decode(encoded)
    if point is None or encoded == bytes(ristretto.ELEMENT_BYTES):
        raise DeserializeError
    return point


def serialize_scalar(scalar: int) -> bytes:
    """Little-endian, 32 bytes."""
    return scalar.to_bytes(SCALAR_BYTES, "little")


def deserialize_scalar(encoded: bytes) -> int:
    """A scalar below the group's order."""
    scalar = int.from_bytes(encoded, "little")
    if len(encoded) != SCALAR_BYTES or scalar >= ORDER:
        raise DeserializeError
    return scalar


def _output(message: bytes, unblinded: Point) -> bytes:
    hash_input = _lp(message) + _lp(ristretto.encode(unblinded)) + b"Finalize"
    return hashlib.sha512(hash_input).digest()


def _composites(
    public: Point, inputs: Sequence[Point], outputs: Sequence[Point]
) -> tuple[Point, Point]:
    """ComputeComposites of section 2.2.1."""
    seed_transcript = _lp(ristretto.encode(public)) + _lp(b"Seed-" + _CONTEXT)
    seed = hashlib.sha512(seed_transcript).digest()
    m = z = ristretto.IDENTITY_ELEMENT
    for i, (c, d) in enumerate(zip(inputs, outputs, strict=True)):
        transcript = _lp(seed) + i.to_bytes(2, "big")
        transcript += _lp(ristretto.encode(c)) + _lp(ristretto.encode(d)) + b"Composite"
        weight = _hash_to_scalar(transcript, b"HashToScalar-" + _CONTEXT)
        m, z = weight * c + m, weight * d + z
    return m, z


def _challenge(public: Point, m: Point, z: Point, t2: Point, t3: Point) -> int:
    transcript = b"".join(_lp(ristretto.encode(p)) for p in (public, m, z, t2, t3))
    return _hash_to_scalar(transcript + b"Challenge", b"HashToScalar-" + _CONTEXT)


def _hash_to_group(message: bytes) -> Point:
    uniform = _expand_message_xmd(message, b"HashToGroup-" + _CONTEXT, ristretto.UNIFORM_BYTES)
    return ristretto.from_uniform(uniform)


def _hash_to_scalar(message: bytes, dst: bytes) -> int:
    return int.from_bytes(_expand_message_xmd(message, dst, 64), "little") % ORDER


def _expand_message_xmd(message: bytes, dst: bytes, length: int) -> bytes:
    """RFC 9380, section 5.3.1, with SHA-512."""
    dst_prime = dst + bytes([len(dst)])
    b0_input = bytes(_SHA512_BLOCK_BYTES) + message + length.to_bytes(2, "big") + b"\x00"
    b0 = hashlib.sha512(b0_input + dst_prime).digest()
    block, out = bytes(_SHA512_BYTES), b""
    for i in range(1, -(-length // _SHA512_BYTES) + 1):
        mixed = bytes(x ^ y for x, y in zip(b0, block, strict=True))
        block = hashlib.sha512(mixed + bytes([i]) + dst_prime).digest()
        out += block
    return out[:length]


def _lp(value: bytes) -> bytes:
    return len(value).to_bytes(2, "big") + value
