"""The record behind a code, and every check a sender makes (docs/spec/record.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.second.stranger import sealing, statements
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    CANNOT_OPEN,
    SUITE,
    TOO_LONG,
    UNSUPPORTED,
    VERSION,
    K,
    Reader,
    frame,
    lp,
    need,
    pad,
    u8,
    u32,
    u64,
)
from tests.second.stranger.keys import CodeKeys
from tests.second.stranger.messages import read_profile
from tests.second.stranger.policy import Policy

_PLAINTEXT = K.RECORD_BYTES - K.RECORD_OVERHEAD_BYTES
_NONCE_AT = 1 + K.RECORD_COMMITMENT_BYTES
_SEALED_AT = _NONCE_AT + K.XCHACHA_NONCE_BYTES


@dataclass(frozen=True)
class Record:
    """The parts of the plaintext."""

    last_epoch: int
    public_key: bytes
    signature: bytes
    profile: bytes
    statement: bytes
    index: int
    proof: tuple[bytes, ...]
    checkpoint: bytes


def _aad(keys: CodeKeys, network_id: bytes) -> bytes:
    parts = (SUITE, network_id, keys.locator, keys.record_commitment)
    return frame(K.LABEL_RECORD, *parts)


def _signed(keys: CodeKeys, network_id: bytes, last_epoch: int, public_key: bytes) -> bytes:
    parts = (SUITE, network_id, keys.locator, u32(last_epoch), public_key)
    return frame(K.LABEL_ONE_TIME_KEY, *parts)


def make_record(
    keys: CodeKeys,
    network_id: bytes,
    organisation_seed: bytes,
    one_time_seed: bytes,
    last_epoch: int,
    profile: bytes,
    statement: bytes,
    index: int,
    proof: Sequence[bytes],
    checkpoint: bytes,
    nonce: bytes,
) -> bytes:
    """A record signed by the organisation and sealed under the code."""
    public_key = sealing.xwing_public_key(one_time_seed)
    signed = _signed(keys, network_id, last_epoch, public_key)
    signature = sealing.sign(organisation_seed, signed)
    parts = (profile, statement, index, tuple(proof), checkpoint)
    made = Record(last_epoch, public_key, signature, *parts)
    return seal_plaintext(keys, network_id, write_record(made), nonce)


def write_record(made: Record) -> bytes:
    """The 4,023 bytes of the plaintext."""
    need(len(made.profile) <= K.PROFILE_BYTES, TOO_LONG)
    need(len(made.statement) <= K.STATEMENT_BYTES, TOO_LONG)
    need(len(made.checkpoint) <= K.CHECKPOINT_BYTES, TOO_LONG)
    need(len(made.proof) <= K.PROOF_HASHES, TOO_LONG)
    need(all(len(part) == K.HASH_BYTES for part in made.proof))
    need(len(made.public_key) == K.XWING_PUBLIC_KEY_BYTES)
    need(len(made.signature) == K.ED25519_SIGNATURE_BYTES)
    head = VERSION + u32(made.last_epoch) + made.public_key + made.signature
    proof = u64(made.index) + u8(len(made.proof)) + b"".join(made.proof)
    whole = head + lp(made.profile) + lp(made.statement) + proof + lp(made.checkpoint)
    return pad(whole, _PLAINTEXT)


def seal_plaintext(keys: CodeKeys, network_id: bytes, plaintext: bytes, nonce: bytes) -> bytes:
    """Any 4,023 bytes, sealed as a record."""
    sealed = sealing.aead_seal(keys.record_key, nonce, _aad(keys, network_id), plaintext)
    return SUITE + keys.record_commitment + nonce + sealed


def open_plaintext(record: bytes, keys: CodeKeys, network_id: bytes) -> bytes:
    """Steps 1 to 4 of opening."""
    need(len(record) == K.RECORD_BYTES)
    need(record[:1] == SUITE, UNSUPPORTED)
    need(record[1:_NONCE_AT] == keys.record_commitment, CANNOT_OPEN)
    nonce, sealed = record[_NONCE_AT:_SEALED_AT], record[_SEALED_AT:]
    return sealing.aead_open(keys.record_key, nonce, _aad(keys, network_id), sealed)


def open_record(record: bytes, keys: CodeKeys, network_id: bytes) -> Record:
    """Steps 1 to 5 of opening; nothing is checked."""
    reader = Reader(open_plaintext(record, keys, network_id))
    need(reader.take(1) == VERSION, UNSUPPORTED)
    found = Record(
        reader.number(4),
        reader.take(K.XWING_PUBLIC_KEY_BYTES),
        reader.take(K.ED25519_SIGNATURE_BYTES),
        reader.prefixed(K.PROFILE_BYTES),
        reader.prefixed(K.STATEMENT_BYTES),
        reader.number(8),
        _proof(reader),
        reader.prefixed(K.CHECKPOINT_BYTES),
    )
    reader.end_in_zeros()
    return found


def _proof(reader: Reader) -> tuple[bytes, ...]:
    count = reader.number(1)
    need(count <= K.PROOF_HASHES)
    return tuple(reader.take(K.HASH_BYTES) for _ in range(count))


def check_record(
    record: Record,
    keys: CodeKeys,
    policy: Policy,
    newest: bytes,
    suspensions: bytes,
    today: int,
) -> statements.Statement:
    """Steps 6 to 13; what is left is the statement of who will read the referral."""
    need((record.last_epoch + 3) % 7 == 0)
    need(record.last_epoch >= today, "Expired")
    statement = statements.check_statement(record.statement, policy, today)
    need(statement.kind == statements.VETTED, "Suspended")
    need(sealing.sha256(record.profile) == statement.profile, BAD_SIGNATURE)
    read_profile(record.profile)
    logged = statements.check_checkpoint(record.checkpoint, policy)
    leaf = statements.leaf_hash(statement.text.encode())
    statements.check_inclusion(leaf, record.index, logged.size, record.proof, logged.root)
    _check_still_holds(newest, suspensions, policy, statement, today)
    _check_one_time_key(record, keys, policy.network_id, statement.organisation)
    return statement


def _check_one_time_key(
    record: Record, keys: CodeKeys, network_id: bytes, organisation: bytes
) -> None:
    signed = _signed(keys, network_id, record.last_epoch, record.public_key)
    sealing.verify(organisation, signed, record.signature)
    sealing.check_xwing_public_key(record.public_key)


def _check_still_holds(
    newest: bytes,
    suspensions: bytes,
    policy: Policy,
    statement: statements.Statement,
    today: int,
) -> None:
    checkpoint = statements.check_newest(newest, policy)
    need(today <= policy.until, "Expired")
    statements.need_fresh(checkpoint, today)
    listed = statements.check_suspensions(suspensions, checkpoint, policy.network_id)
    need(
        statement.serial >= listed.get(statement.organisation[: K.SUSPENSION_KEY_BYTES], 0),
        "Suspended",
    )
