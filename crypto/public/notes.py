"""Signed notes (C2SP signed-note and tlog-cosignature), read more strictly than C2SP asks.

Every line must be by a key that the caller names and must hold, so that nothing in a note can be
changed, dropped or added without being noticed.

Source: docs/spec/statements.md, 1
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from crypto.constants import (
    ED25519_SIGNATURE_BYTES,
    NOTE_ALG_COSIGNATURE,
    NOTE_ALG_ED25519,
    NOTE_BYTES,
    NOTE_KEY_ID_BYTES,
    NOTE_SIGNATURES,
    U64_BYTES,
)
from crypto.encoding import b64, text, u8, unb64, utf8
from crypto.errors import BadSignature, Malformed, TooLong
from crypto.fields import CONTROL
from crypto.public import ed25519

_COSIGNATURE_BYTES = U64_BYTES + ED25519_SIGNATURE_BYTES
_TIME_LIMIT = 1 << 63  # tlog-cosignature: a time is at most 2^63 - 1
_KEY_NAME = re.compile(r"[a-z0-9./-]+")
_LINE = re.compile(r"— ([a-z0-9./-]+) ([A-Za-z0-9+/=]+)")


@dataclass(frozen=True, slots=True)
class Key:
    """A named public key (Ed25519, 32 bytes) in one role: `alg` says what its signatures are of."""

    name: str
    public_key: bytes
    alg: int = NOTE_ALG_ED25519

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that stand for this key in a signature line."""
        named = self.name.encode() + b"\n" + u8(self.alg) + self.public_key
        return hashlib.sha256(named).digest()[:NOTE_KEY_ID_BYTES]


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One line below a text, not yet verified; `signature` has 64 bytes, or 72 with its time."""

    name: str
    key_id: bytes
    signature: bytes

    def __str__(self) -> str:
        return f"— {self.name} {b64(self.key_id + self.signature)}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text, each of its lines ended by a line feed, and its signature lines, not yet verified."""

    text: str
    lines: tuple[SignatureLine, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A signature that holds: by which key, and for a cosignature when, in POSIX seconds."""

    key: Key
    time: int | None = None


def is_key_name(value: str) -> bool:
    """Say whether this has the form of a key's name: 1 or more of `a-z 0-9 . - /`."""
    return _KEY_NAME.fullmatch(value) is not None


def parse(data: bytes, at_most: int = NOTE_BYTES) -> Note:
    """Read a note of at most `at_most` bytes; its signatures are not verified.

    Raises Malformed for anything that is not a note.

    Source: docs/spec/statements.md, 1
    """
    if len(data) > at_most:
        raise Malformed
    body, _, signatures = text(data).rpartition("\n\n")
    _check_text(body + "\n")
    *lines, after = signatures.split("\n")
    if after:
        raise Malformed
    note = Note(body + "\n", tuple(map(parse_line, lines)))
    _check_lines(note.lines)
    return note


def parse_line(line: str) -> SignatureLine:
    """Read one signature line, without its line feed; raises Malformed for anything else.

    Source: docs/spec/statements.md, 1
    """
    match = _LINE.fullmatch(line)
    if match is None:
        raise Malformed
    blob = unb64(match[2])
    signature = blob[NOTE_KEY_ID_BYTES:]
    if len(signature) not in (ED25519_SIGNATURE_BYTES, _COSIGNATURE_BYTES):
        raise Malformed
    return SignatureLine(match[1], blob[:NOTE_KEY_ID_BYTES], signature)


def time_of(line: SignatureLine) -> int | None:
    """Return when a cosignature says it was made, in POSIX seconds; None for another signature."""
    if len(line.signature) != _COSIGNATURE_BYTES:
        return None
    return int.from_bytes(line.signature[:U64_BYTES], "big")


def format_note(body: str, lines: Sequence[SignatureLine], at_most: int = NOTE_BYTES) -> bytes:
    """Write a text and its signature lines as a note of at most `at_most` bytes.

    Raises Malformed where `parse` would refuse the note, TooLong for more than 64 lines or
    `at_most` bytes.
    """
    data = utf8(f"{body}\n{''.join(map(str, lines))}")
    if len(lines) > NOTE_SIGNATURES or len(data) > at_most:
        raise TooLong
    if parse(data) != Note(body, tuple(lines)):
        raise Malformed
    return data


def add_lines(data: bytes, lines: Sequence[SignatureLine], at_most: int = NOTE_BYTES) -> bytes:
    """Put further signature lines below those of a note.

    Raises Malformed where one of them stands there already, TooLong as `format_note` does.
    """
    note = parse(data, at_most)
    return format_note(note.text, (*note.lines, *lines), at_most)


def verify(note: Note, keys: Iterable[Key]) -> tuple[Signature, ...]:
    """Verify every line of a note and say by which of `keys` it is.

    Raises BadSignature where a line is by none of them or does not hold.

    Source: docs/spec/statements.md, 1
    """
    known: dict[tuple[str, bytes], list[Key]] = {}
    for key in dict.fromkeys(keys):
        known.setdefault((key.name, key.key_id), []).append(key)
    return tuple(
        _verify_line(note.text, line, known.get((line.name, line.key_id), ()))
        for line in note.lines
    )


def count(signatures: Iterable[Signature], among: Iterable[Key]) -> int:
    """Count the distinct keys of `among` that signed."""
    return len({signature.key for signature in signatures}.intersection(among))


def cosigned_message(body: str, time: int) -> bytes:
    """Return what a witness signs: the text under a header with the time in POSIX seconds.

    Source: docs/spec/statements.md, 1
    """
    return f"cosignature/v1\ntime {time}\n{body}".encode()


def _check_text(body: str) -> None:
    if CONTROL.search(body) or body.startswith("\n") or "\n\n" in body:
        raise Malformed


def _check_lines(lines: Sequence[SignatureLine]) -> None:
    signers = {(line.name, line.key_id) for line in lines}
    if not 0 < len(lines) <= NOTE_SIGNATURES or len(signers) != len(lines):
        raise Malformed


def _verify_line(body: str, line: SignatureLine, candidates: Iterable[Key]) -> Signature:
    # Key ids are short, so two keys of one name may share one (an old and a new policy together).
    for key in candidates:
        try:
            return _verify_by(body, line.signature, key)
        except BadSignature:
            continue
    raise BadSignature


def _verify_by(body: str, signature: bytes, key: Key) -> Signature:
    if key.alg != NOTE_ALG_COSIGNATURE:
        ed25519.verify(key.public_key, body.encode(), signature)
        return Signature(key)
    time = int.from_bytes(signature[:U64_BYTES], "big")
    if time >= _TIME_LIMIT:
        raise BadSignature
    ed25519.verify(key.public_key, cosigned_message(body, time), signature[U64_BYTES:])
    return Signature(key, time)
