"""Referrals, follow-ups, answers and profiles (envelope.md, 4; box.md, 2; record.md, 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.second.stranger.basics import (
    TOO_LONG,
    UNSUPPORTED,
    VERSION,
    K,
    Reader,
    need,
    pad,
    u8,
    u16,
)
from tests.second.stranger.fields import (
    Rule,
    Values,
    need_ascending,
    read_run,
    read_values,
    write_run,
    write_values,
)
from tests.second.stranger.notes import display_name

_CONSENT_MISSING = "ConsentMissing"
_BODY = K.MESSAGE_BYTES - K.MESSAGE_HEADER_BYTES
_NOT_IN_FOLLOW_UP = ("languages", "eyes", "box")
_IN_REFERRAL = ("consent", "needs", "languages", "channels", "eyes")

MESSAGE = (
    Rule(K.FIELD_CONSENT, "consent", "id", 0),  # 0 is ConsentMissing, not Malformed
    Rule(K.FIELD_NEEDS, "needs", "ids", 1, K.NEEDS),
    Rule(K.FIELD_LANGUAGES, "languages", "ids", 1, K.LANGUAGES),
    Rule(K.FIELD_REGION, "region", "id"),
    Rule(K.FIELD_PEOPLE, "people", "u8", 1, K.PEOPLE),
    Rule(K.FIELD_WHO, "who", "ids", 1, K.WHO),
    Rule(K.FIELD_CHILDREN, "children", "ids", 1, K.CHILDREN),
    Rule(K.FIELD_SOON, "soon", "id"),
    Rule(K.FIELD_CHANNELS, "channels", "ids", 1, K.CHANNELS),
    Rule(K.FIELD_HOURS, "hours", "ids", 1, K.HOURS),
    Rule(K.FIELD_NEVER, "never", "ids", 1, K.NEVER),
    Rule(K.FIELD_CONTACT, "contact", "text", 1, K.CONTACT_BYTES),
    Rule(K.FIELD_SAFE_WORD, "safe_word", "text", 1, K.SAFE_WORD_BYTES),
    Rule(K.FIELD_PEER, "peer", "id"),
    Rule(K.FIELD_WISHES, "wishes", "ids", 1, K.WISHES),
    Rule(K.FIELD_EYES, "eyes", "id"),
    Rule(K.FIELD_BOX, "box", "bytes", K.BOX_FIELD_BYTES, K.BOX_FIELD_BYTES),
    Rule(K.FIELD_TEXT, "text", "text", 1, K.TEXT_BYTES),
)

ANSWER = (
    Rule(K.ANSWER_STATE, "state", "id"),
    Rule(K.ANSWER_EPOCH, "epoch", "u32"),
    Rule(K.ANSWER_TEXT, "text", "text", 1, K.TEXT_BYTES),
    Rule(K.ANSWER_TRY_ANOTHER, "try_another", "keys", 1, K.TRY_ANOTHER),
    Rule(K.ANSWER_LAST_EPOCH, "last_epoch", "u32"),
    Rule(K.ANSWER_ORGANISATION, "organisation", "bytes", 32, 32),
    Rule(K.ANSWER_NAME, "name", "text", 1, K.ORGANISATION_NAME_BYTES),
    Rule(K.ANSWER_PUBLIC_KEY, "public_key", "bytes", 1216, 1216),
    Rule(K.ANSWER_SIGNATURE, "signature", "bytes", 64, 64),
)

PROFILE = (
    Rule(K.PROFILE_KIND, "kind", "ids", 1, 1),
    Rule(K.PROFILE_SERVICES, "services", "ids", 1, 20),
    Rule(K.PROFILE_LANGUAGES, "languages", "ids", 1, 12),
    Rule(K.PROFILE_ACCEPTS, "accepts", "ids", 1, 12),
    Rule(K.PROFILE_POLICE_TIES, "police_ties", "ids", 1, 12),
    Rule(K.PROFILE_FUNDING, "funding", "ids", 1, 12),
    Rule(K.PROFILE_REPORTING, "reporting", "ids", 1, 8),
    Rule(K.PROFILE_PRIVILEGE, "privilege", "ids", 1, 6),
    Rule(K.PROFILE_HOUSING, "housing", "ids", 1, 12),
    Rule(K.PROFILE_REGIONS, "regions", "ids", 1, 8),
    Rule(K.PROFILE_PLEDGE, "pledge", "ids", 1, 1),
)
_IN_PROFILE = ("kind", "services", "police_ties", "funding", "reporting")
_ONLY_IN_SLOT_0 = ("organisation", "name", "public_key")


def read_body(body: bytes, kind: int) -> Values:
    """The body of a referral (1) or follow-up (2)."""
    run = read_run(body)
    need_ascending(run)
    values = read_values(run, MESSAGE)
    _check_message(values, kind)
    return values


def read_message(message: bytes, kind: int) -> Values:
    """The 4,096 bytes of a message of that kind."""
    need(len(message) == K.MESSAGE_BYTES)
    reader = Reader(message)
    need(reader.take(1) == VERSION, UNSUPPORTED)
    need(reader.number(1) == kind)
    body = reader.prefixed(_BODY)
    reader.end_in_zeros()
    return read_body(body, kind)


def write_message(values: Mapping[str, Any], kind: int) -> bytes:
    """The 4,096 bytes; ConsentMissing without a yes."""
    need(values.get("consent") in (K.CONSENT_PERSON, K.CONSENT_SELF), _CONSENT_MISSING)
    need(kind in (K.KIND_REFERRAL, K.KIND_FOLLOW_UP))
    body = write_run(write_values(values, MESSAGE))
    _check_message(values, kind)
    return pad(VERSION + u8(kind) + u16(len(body)) + body, K.MESSAGE_BYTES)


def _check_message(values: Mapping[str, Any], kind: int) -> None:
    need(values.get("consent") in (K.CONSENT_PERSON, K.CONSENT_SELF), _CONSENT_MISSING)
    if kind == K.KIND_FOLLOW_UP:
        need(not any(name in values for name in _NOT_IN_FOLLOW_UP) and len(values) > 1)
        return
    need(all(name in values for name in _IN_REFERRAL))
    need(("box" in values) == (values["eyes"] != K.EYES_NOBODY))


def read_answer(answer: bytes, slot: int) -> Values:
    """The 4,056 bytes of an answer in that slot."""
    need(len(answer) == K.SLOT_BYTES - K.SLOT_OVERHEAD_BYTES)
    reader = Reader(answer)
    need(reader.take(1) == VERSION, UNSUPPORTED)
    run = read_run(reader.prefixed(0xFFFF))
    reader.end_in_zeros()
    need_ascending(run)
    values = read_values(run, ANSWER)
    _check_answer(values, slot)
    return values


def write_answer(values: Mapping[str, Any], slot: int) -> bytes:
    """The 4,056 bytes of an answer for that slot."""
    body = write_run(write_values(values, ANSWER))
    _check_answer(values, slot)
    return pad(VERSION + u16(len(body)) + body, K.SLOT_BYTES - K.SLOT_OVERHEAD_BYTES)


def unsigned_answer(values: Mapping[str, Any]) -> bytes:
    """The body of an answer without its signature, which is made over the hash of it."""
    rest = {name: value for name, value in values.items() if name != "signature"}
    return write_run(write_values(rest, ANSWER))


def _check_answer(values: Mapping[str, Any], slot: int) -> None:
    need("state" in values and "epoch" in values)
    if slot == 0:
        need(all(name in values for name in ("last_epoch", *_ONLY_IN_SLOT_0)))
        need(values["state"] == K.STATE_DELIVERED)
        need("text" not in values and "signature" not in values)
        display_name(values["name"], K.ORGANISATION_NAME_BYTES)
    else:
        need(values["state"] != K.STATE_DELIVERED and "signature" in values)
        need(not any(name in values for name in _ONLY_IN_SLOT_0))


def read_profile(profile: bytes) -> Values:
    """An organisation's coded choices."""
    need(len(profile) <= K.PROFILE_BYTES)
    run = read_run(profile)
    need_ascending(run)
    values = read_values(run, PROFILE)
    need(all(name in values for name in _IN_PROFILE))
    return values


def write_profile(values: Mapping[str, Any]) -> bytes:
    """The bytes whose hash a statement carries."""
    profile = write_run(write_values(values, PROFILE))
    need(len(profile) <= K.PROFILE_BYTES, TOO_LONG)
    read_profile(profile)
    return profile
