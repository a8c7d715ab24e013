"""What stands in the log beside policies and statements: profiles, weekly keys, issuing keys.

Source: docs/spec/log.md, 1
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from crypto.constants import (
    LABEL_POLICY,
    LABEL_PROFILE,
    LABEL_STATEMENT,
    LABEL_TOKEN_KEY_ENTRY,
    LABEL_WEEKLY_KEY_ENTRY,
    NOTE_BYTES,
    PROFILE_BYTES,
    TOKEN_PERIOD_DAYS,
)
from crypto.encoding import b64, monday, text, unb64, utf8
from crypto.errors import Malformed
from crypto.public import lines, policy, statements
from crypto.public.policy import Policy
from crypto.public.statements import Statement

_FIRST_PERIOD = 4  # tokens.md, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileEntry:
    """The coded profile (1 to 248 bytes) that statements of this organisation name."""

    network_id: bytes
    organisation: bytes
    profile: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyKeyEntry:
    """An organisation's weekly key from epoch `first`, a Monday, by its SHA-256."""

    network_id: bytes
    organisation: bytes
    first: int
    key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKeyEntry:
    """The public key (32 bytes) that issues tokens in the period that begins at this epoch."""

    network_id: bytes
    period: int
    key: bytes


Entry = Policy | Statement | ProfileEntry | WeeklyKeyEntry | TokenKeyEntry
Written = ProfileEntry | WeeklyKeyEntry | TokenKeyEntry


def parse(entry: bytes) -> Entry:
    """Read an entry of the log, of at most 16,384 bytes, by what its first line says it is.

    Raises Malformed for anything else; whether it is signed stands beside the log.

    Source: docs/spec/log.md, 1
    """
    if len(entry) > NOTE_BYTES:
        raise Malformed
    body = text(entry)
    read = _READERS.get(body.partition("\n")[0])
    if read is None:
        raise Malformed
    return read(body)


def format_entry(entry: Written) -> bytes:
    """Write an entry that is no note; raises Malformed where `parse` would refuse it."""
    body = utf8(_written(entry))
    if parse(body) != entry:
        raise Malformed
    return body


def hash_of_weekly_key(signed_key: bytes) -> bytes:
    """Return the 32 bytes by which an entry names a signed weekly key (1,321 bytes)."""
    return hashlib.sha256(signed_key).digest()


def _written(entry: Written) -> str:
    network = f"network {b64(entry.network_id)}\n"
    match entry:
        case ProfileEntry():
            return (
                f"{LABEL_PROFILE}\n{network}"
                f"organisation {b64(entry.organisation)}\n"
                f"profile {b64(entry.profile)}\n"
            )
        case WeeklyKeyEntry():
            return (
                f"{LABEL_WEEKLY_KEY_ENTRY}\n{network}"
                f"organisation {b64(entry.organisation)}\n"
                f"from {entry.first}\n"
                f"key {b64(entry.key)}\n"
            )
        case TokenKeyEntry():
            return (
                f"{LABEL_TOKEN_KEY_ENTRY}\n{network}period {entry.period}\nkey {b64(entry.key)}\n"
            )


def _profile(body: str) -> ProfileEntry:
    reader = lines.Lines(body)
    reader.label(LABEL_PROFILE)
    entry = ProfileEntry(
        network_id=reader.hash("network"),
        organisation=reader.hash("organisation"),
        profile=unb64(reader.value("profile")),
    )
    reader.end()
    if not 0 < len(entry.profile) <= PROFILE_BYTES:
        raise Malformed
    return entry


def _weekly_key(body: str) -> WeeklyKeyEntry:
    reader = lines.Lines(body)
    reader.label(LABEL_WEEKLY_KEY_ENTRY)
    entry = WeeklyKeyEntry(
        network_id=reader.hash("network"),
        organisation=reader.hash("organisation"),
        first=reader.number("from"),
        key=reader.hash("key"),
    )
    reader.end()
    if entry.first != monday(entry.first):
        raise Malformed
    return entry


def _token_key(body: str) -> TokenKeyEntry:
    reader = lines.Lines(body)
    reader.label(LABEL_TOKEN_KEY_ENTRY)
    entry = TokenKeyEntry(
        network_id=reader.hash("network"),
        period=reader.number("period"),
        key=reader.hash("key"),
    )
    reader.end()
    if entry.period < _FIRST_PERIOD or (entry.period - _FIRST_PERIOD) % TOKEN_PERIOD_DAYS:
        raise Malformed
    return entry


_READERS: dict[str, Callable[[str], Entry]] = {
    LABEL_POLICY: policy.parse,
    LABEL_STATEMENT: statements.parse,
    LABEL_PROFILE: _profile,
    LABEL_WEEKLY_KEY_ENTRY: _weekly_key,
    LABEL_TOKEN_KEY_ENTRY: _token_key,
}
