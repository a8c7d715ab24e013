"""The record: what a sender needs to seal to one provider, encrypted under the code.

`seal` and `open_` are the encrypted layer; `crypto.client.record_check` holds what a sender must
check before she is shown who will read her request.

Source: docs/spec/record.md, sections 1 to 3.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from crypto import constants as c
from crypto.client import aead
from crypto.client.codes import CodeKeys
from crypto.encoding import Random, Reader, frame, lp, pad, u8, u32, u64
from crypto.errors import CannotOpen, Malformed, TooLong, Unsupported
from crypto.public.log import Inclusion

_PLAINTEXT_BYTES = c.RECORD_BYTES - c.RECORD_OVERHEAD_BYTES
_COMMITMENT_END = c.SUITE_BYTES + c.RECORD_COMMITMENT_BYTES
_NONCE_END = _COMMITMENT_END + c.XCHACHA_NONCE_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The parts of a record in their order; all of them are public to whoever has the code."""

    last_epoch: int
    public_key: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    profile: bytes = field(repr=False)
    statement: bytes = field(repr=False)
    inclusion: Inclusion = field(repr=False)
    checkpoint: bytes = field(repr=False)


def seal(contents: Contents, keys: CodeKeys, network_id: bytes, *, random: Random) -> bytes:
    """Seal the parts under a code's record key: 4,096 bytes.

    Raises TooLong when they do not fit, Malformed for parts of another length.
    Source: docs/spec/record.md, section 2.
    """
    plaintext = pad(encode(contents), _PLAINTEXT_BYTES)
    aad = _aad(keys, network_id)
    head = u8(c.SUITE) + keys.record_commitment
    nonce = random(c.XCHACHA_NONCE_BYTES)
    return head + nonce + aead.seal(keys.record_key, nonce=nonce, aad=aad, plaintext=plaintext)


def open_(record: bytes, keys: CodeKeys, network_id: bytes) -> Contents:
    """Open a record (4,096 bytes) with what its code gives; nothing in it is checked yet.

    Raises Malformed, Unsupported or CannotOpen. Source: docs/spec/record.md, section 3, 1 to 5.
    """
    if len(record) != c.RECORD_BYTES:
        raise Malformed
    if record[0] != c.SUITE:
        raise Unsupported
    if not hmac.compare_digest(record[c.SUITE_BYTES : _COMMITMENT_END], keys.record_commitment):
        raise CannotOpen
    plaintext = aead.open_(
        keys.record_key,
        nonce=record[_COMMITMENT_END:_NONCE_END],
        aad=_aad(keys, network_id),
        ciphertext=record[_NONCE_END:],
    )
    return decode(plaintext)


def encode(contents: Contents) -> bytes:
    """Encode the parts, without padding; raises TooLong or Malformed for parts out of bounds."""
    _check_sizes(contents)
    return b"".join(
        (
            u8(c.FORMAT_VERSION),
            u32(contents.last_epoch),
            contents.public_key,
            contents.signature,
            lp(contents.profile),
            lp(contents.statement),
            u64(contents.inclusion.index),
            u8(len(contents.inclusion.hashes)),
            *contents.inclusion.hashes,
            lp(contents.checkpoint),
        )
    )


def decode(plaintext: bytes) -> Contents:
    """Decode the padded parts; raises Unsupported or Malformed."""
    reader = Reader(plaintext)
    if reader.u8() != c.FORMAT_VERSION:
        raise Unsupported
    contents = Contents(
        last_epoch=reader.u32(),
        public_key=reader.take(c.XWING_PUBLIC_KEY_BYTES),
        signature=reader.take(c.ED25519_SIGNATURE_BYTES),
        profile=reader.lp(c.PROFILE_BYTES),
        statement=reader.lp(c.STATEMENT_BYTES),
        inclusion=Inclusion(index=reader.u64(), hashes=_hashes(reader)),
        checkpoint=reader.lp(c.CHECKPOINT_BYTES),
    )
    reader.zeros_to_end()
    return contents


def _hashes(reader: Reader) -> tuple[bytes, ...]:
    count = reader.u8()
    if count > c.PROOF_HASHES:
        raise Malformed
    return tuple(reader.take(c.HASH_BYTES) for _ in range(count))


def _check_sizes(contents: Contents) -> None:
    if len(contents.public_key) != c.XWING_PUBLIC_KEY_BYTES:
        raise Malformed
    if len(contents.signature) != c.ED25519_SIGNATURE_BYTES:
        raise Malformed
    if any(len(one) != c.HASH_BYTES for one in contents.inclusion.hashes):
        raise Malformed
    bounds = (
        (contents.profile, c.PROFILE_BYTES),
        (contents.statement, c.STATEMENT_BYTES),
        (contents.checkpoint, c.CHECKPOINT_BYTES),
        (contents.inclusion.hashes, c.PROOF_HASHES),
    )
    if any(len(part) > at_most for part, at_most in bounds):
        raise TooLong


def _aad(keys: CodeKeys, network_id: bytes) -> bytes:
    sizes = (len(network_id), len(keys.locator), len(keys.record_commitment))
    if sizes != (c.NETWORK_ID_BYTES, c.LOCATOR_BYTES, c.RECORD_COMMITMENT_BYTES):
        raise Malformed
    return frame(c.LABEL_RECORD, u8(c.SUITE), network_id, keys.locator, keys.record_commitment)
