"""What requests and answers may look like: strict types, and the one way from bytes to them.

A view declares a `Body` and gets one whose every value has the right type, length and alphabet, or
is never called. Bytes travel as base64url without padding, canonical (`Annotated[str, b64url(n)]`);
`raw` and `text` turn them to bytes and back.

Source: docs/spec/http.md, 1.
"""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Annotated, Any, NoReturn, TypeVar
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta

from crypto.constants import (
    ADMIN_KEY_BYTES,
    ADMINS_MOST,
    APPLICATION_BODY_BYTES,
    APPLICATION_BYTES,
    ARMOUR_CHARACTERS,
    COUNTER_MOST,
    ENVELOPE_BYTES,
    INVITE_BYTES,
    NOTE_BYTES,
    PAD_CHARACTERS,
    READER_SEALED_BYTES,
    RECORD_BYTES,
    SLOT_BYTES,
    SUITE_BYTES,
    TOKEN_BATCH_MOST,
    TOKEN_BYTES,
    TOKEN_ELEMENT_BYTES,
    U8_BYTES,
    VETTING_ENTRIES_MOST,
    VETTING_ENTRY_BYTES,
    VETTING_REPLY_BYTES,
    WEEKLY_KEY_BYTES,
)
from server.problems import MALFORMED, Problem

# No request of http.md has more lists and objects than this: itself, and a box or a list in it.
_CONTAINERS = 2
_DIGITS_MOST = 19
_QUERY_CHARACTERS = 64
_EPOCH_MOST = 2**32 - 1
_APPLICATION_FRAME = SUITE_BYTES + U8_BYTES + APPLICATION_BODY_BYTES

# Strings are skipped whole, and never looked at twice however they end.
_CONTAINER = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|([\[{])', re.DOTALL)

_ANY = "[A-Za-z0-9_-]"
# `$` alone also matches before a line feed at the end.
_END = r"$(?!\n)"
# The last character's spare bits are zero: by how many bytes it carries beyond whole threes.
_LAST = {0: "", 1: "[AQgw]", 2: "[AEIMQUYcgkosw048]"}
_ENCODED = {"contentEncoding": "base64url"}


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a call asks for; every key must be there, and no other."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What a call answers."""


class Empty(Answer, frozen=True):
    """Done; there is nothing to say."""


class LastEpoch(Answer, frozen=True, kw_only=True):
    """Stored, until the end of this day."""

    last_epoch: Epoch


def b64url(size: int) -> Meta:
    """Return what msgspec must ask of the base64url of exactly `size` bytes."""
    length = characters(size)
    return Meta(
        pattern=f"^{_ANY}*{_LAST[size % 3]}{_END}",
        min_length=length,
        max_length=length,
        description=f"{size:,} bytes",
        extra_json_schema=_ENCODED,
    )


def b64url_up_to(most: int, *, least: int = 0) -> Meta:
    """Return what msgspec must ask of the base64url of `least` to `most` bytes."""
    return Meta(
        pattern=f"^(?:{_ANY}{{4}})*(?:{_ANY}{_LAST[1]}|{_ANY}{{2}}{_LAST[2]})?{_END}",
        min_length=characters(least),
        max_length=characters(most),
        description=f"{least:,} to {most:,} bytes",
        extra_json_schema=_ENCODED,
    )


def characters(size: int) -> int:
    """Return how many characters `size` bytes take in base64url without padding."""
    return -(-size * 4 // 3)


B8 = Annotated[str, b64url(8)]
B16 = Annotated[str, b64url(16)]
B32 = Annotated[str, b64url(32)]
Record = Annotated[str, b64url(RECORD_BYTES)]
Envelope = Annotated[str, b64url(ENVELOPE_BYTES)]
Slot = Annotated[str, b64url(SLOT_BYTES)]
Invite = Annotated[str, b64url(INVITE_BYTES)]
Token = Annotated[str, b64url(TOKEN_BYTES)]
WeeklyKey = Annotated[str, b64url(WEEKLY_KEY_BYTES)]
Blinded = Annotated[str, b64url_up_to(TOKEN_BATCH_MOST * TOKEN_ELEMENT_BYTES)]
Note = Annotated[str, b64url_up_to(NOTE_BYTES, least=1)]
Listing = Annotated[str, b64url_up_to(APPLICATION_BYTES, least=1)]
AdminKey = Annotated[str, b64url(ADMIN_KEY_BYTES)]
Application = Annotated[
    str,
    b64url_up_to(
        _APPLICATION_FRAME + ADMINS_MOST * READER_SEALED_BYTES,
        least=_APPLICATION_FRAME + READER_SEALED_BYTES,
    ),
]
Entry = Annotated[str, b64url(VETTING_ENTRY_BYTES)]
EntryCount = Annotated[int, Meta(ge=0, le=VETTING_ENTRIES_MOST)]
EntryNumber = Annotated[int, Meta(ge=0, le=VETTING_ENTRIES_MOST - 1)]
Reply = Annotated[str, b64url(VETTING_REPLY_BYTES)]
Pad = Annotated[str, Meta(pattern=f"^A*{_END}", max_length=PAD_CHARACTERS)]
Armour = Annotated[str, Meta(max_length=ARMOUR_CHARACTERS)]
Epoch = Annotated[int, Meta(ge=0, le=_EPOCH_MOST, description="a UTC day since 1970-01-01")]
# In a query: a decimal number without leading zeros; `number` reads it.
Decimal = Annotated[str, Meta(pattern=f"^(?:0|[1-9][0-9]{{0,19}}){_END}", max_length=20)]

B = TypeVar("B", bound=msgspec.Struct)


def raw(value: str) -> bytes:
    """Return the bytes of canonical base64url, as every type above ensures."""
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


def text(value: bytes) -> str:
    """Return bytes as base64url without padding."""
    return urlsafe_b64encode(value).rstrip(b"=").decode("ascii")


def number(value: str) -> int:
    """Return a `Decimal` as a number that fits every database: at most 2⁶³ − 1."""
    return min(int(value), COUNTER_MOST)


def learn(kind: type[msgspec.Struct]) -> None:
    """Let msgspec look through a type before it is asked for, while one thread runs.

    What it finds it keeps half made while it looks; a second thread that reads that then ends the
    process.
    """
    msgspec.json.Decoder(kind)


def parse(kind: type[B], data: bytes) -> B | Problem:
    """Read a JSON object as `kind`, strictly; anything else is MALFORMED (http.md, 1)."""
    try:
        plain = data.decode("utf-8")
        _bound_depth(plain)
        value = json.loads(
            plain,
            object_pairs_hook=_object,
            parse_int=_integer,
            parse_float=_refuse,
            parse_constant=_refuse,
        )
        return msgspec.convert(value, kind, strict=True)
    except (ValueError, msgspec.ValidationError):
        return MALFORMED


def parse_query(kind: type[B], query: bytes) -> B | Problem:
    """Read what follows `?` as `kind`, whose fields are all texts; anything else is MALFORMED."""
    try:
        plain = query.decode("ascii")
        if len(plain) > _QUERY_CHARACTERS or not plain.isprintable():
            return MALFORMED
        pairs = parse_qsl(plain, keep_blank_values=True, strict_parsing=True, errors="strict")
        return msgspec.convert(_object(pairs), kind, strict=True)
    except (ValueError, msgspec.ValidationError):
        return MALFORMED


def _bound_depth(plain: str) -> None:
    """Refuse deep nesting before a parser climbs into it."""
    opened = 0
    for found in _CONTAINER.finditer(plain):
        opened += found[1] is not None
        if opened > _CONTAINERS:
            raise ValueError


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Make an object of its pairs; raises ValueError for a key twice or half a surrogate pair."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    for value in found.values():
        if isinstance(value, str):
            value.encode("utf-8")
    return found


def _integer(digits: str) -> int:
    if len(digits) > _DIGITS_MOST + 1:
        raise ValueError
    return int(digits)


def _refuse(_found: str) -> NoReturn:
    raise ValueError
