"""Signing notes: what admins do to policies and statements, logs to checkpoints, and witnesses.

It stands with what a server may do because a server keeps the log and signs its checkpoints.

Source: docs/spec/statements.md, 1
"""

from __future__ import annotations

from dataclasses import dataclass, field

from nacl.bindings import crypto_sign, crypto_sign_seed_keypair

from crypto.constants import (
    ED25519_SEED_BYTES,
    ED25519_SIGNATURE_BYTES,
    NOTE_ALG_COSIGNATURE,
    NOTE_ALG_ED25519,
    NOTE_BYTES,
)
from crypto.encoding import u64, utf8
from crypto.errors import Malformed
from crypto.public import notes
from crypto.public.notes import Key, SignatureLine


@dataclass(frozen=True, slots=True)
class Signer:
    """A name and the 32-byte Ed25519 seed that signs under it."""

    name: str
    seed: bytes = field(repr=False)

    @property
    def key(self) -> Key:
        """The public half, as admin or log."""
        return Key(self.name, public_of(self.seed), NOTE_ALG_ED25519)

    @property
    def witness_key(self) -> Key:
        """The public half, as witness."""
        return Key(self.name, public_of(self.seed), NOTE_ALG_COSIGNATURE)


def public_of(seed: bytes) -> bytes:
    """Return the 32-byte public key of a 32-byte Ed25519 seed; raises Malformed for another."""
    return _keypair(seed)[0]


def sign(seed: bytes, message: bytes) -> bytes:
    """Sign a message with a 32-byte Ed25519 seed; returns 64 bytes.

    Raises Malformed for a seed of another length.
    """
    return crypto_sign(message, _keypair(seed)[1])[:ED25519_SIGNATURE_BYTES]


def signature_line(text: str, signer: Signer) -> SignatureLine:
    """Sign a text as admin or log.

    Source: docs/spec/statements.md, 1
    """
    return SignatureLine(signer.name, signer.key.key_id, sign(signer.seed, utf8(text)))


def cosign(text: str, name: str, seed: bytes, time: int) -> SignatureLine:
    """Sign a checkpoint's text as the witness `name`, at `time` in POSIX seconds.

    Source: docs/spec/statements.md, 1
    """
    signature = sign(seed, notes.cosigned_message(text, time))
    return SignatureLine(name, Signer(name, seed).witness_key.key_id, u64(time) + signature)


def sign_note(text: str, *signers: Signer, at_most: int = NOTE_BYTES) -> bytes:
    """Make a note of a text, signed by admins or by the log, of at most `at_most` bytes.

    Raises Malformed for a text that no note can have, the same signer twice, or no signer;
    TooLong where there is no room.
    """
    return notes.format_note(text, [signature_line(text, one) for one in signers], at_most)


def add_signature(note: bytes, signer: Signer, at_most: int = NOTE_BYTES) -> bytes:
    """Put a further signature, by an admin or the log, below a note.

    Raises Malformed for what is no note, or where this signer's line stands there already;
    TooLong where there is no room.
    """
    text = notes.parse(note).text
    return notes.add_lines(note, [signature_line(text, signer)], at_most)


def _keypair(seed: bytes) -> tuple[bytes, bytes]:
    if len(seed) != ED25519_SEED_BYTES:
        raise Malformed
    public_key, secret_key = crypto_sign_seed_keypair(seed)
    return public_key, secret_key
