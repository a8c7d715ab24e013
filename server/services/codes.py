"""Codes: published for a token, opened, cancelled; used in referrals.py.

Source: docs/spec/http.md, 3 and 4; docs/spec/tokens.md, 5.
"""

from __future__ import annotations

import enum
import hmac
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import Connection

from crypto.constants import CODE_DAYS, HASH_BYTES
from crypto.encoding import monday
from crypto.errors import TokenRefused
from crypto.public.keys import proves
from crypto.public.tokens import Issuer, last_epoch_of
from server.models import code_record, spent_token
from server.services import rows
from server.services.rows import Found
from server.wraps import Wraps

NOBODYS_HASH = bytes(HASH_BYTES)  # compared with where there is no row: no key has it


class Published(enum.Enum):
    """What came of publishing."""

    DONE = enum.auto()
    TAKEN = enum.auto()
    NO_TOKEN = enum.auto()
    OTHER_WEEK = enum.auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A code's row: locator (16 bytes), H(write key) (32), record (4,096), last epoch."""

    locator: bytes = field(repr=False)
    write_key_hash: bytes = field(repr=False)
    record: bytes = field(repr=False)
    last_epoch: int


@dataclass(frozen=True, slots=True)
class Spending:
    """A token that holds: the period that issued it, and the nullifier (32 bytes) it leaves."""

    period: int
    nullifier: bytes = field(repr=False)


def redeem(issuers: Iterable[tuple[int, Issuer]], token: bytes) -> Spending | None:
    """Check a token (96 bytes) against the issuing keys accepted today; None where none holds.

    Source: docs/spec/tokens.md, 5.
    """
    spending = None
    for period, issuer in issuers:
        try:
            spending = Spending(period, issuer.redeem(token))
        except TokenRefused:
            continue
    return spending


def publish(
    connection: Connection, *, wraps: Wraps, code: Code, spending: Spending | None
) -> Published:
    """Store a code's row and spend its token, both or neither; the same row again takes none.

    Source: docs/spec/http.md, 4.
    """
    standing = _standing(connection, wraps, code)
    if standing is not None:
        return standing
    if code.last_epoch != monday(wraps.today) + CODE_DAYS:
        return Published.OTHER_WEEK
    if spending is None:
        return Published.NO_TOKEN
    attempt = connection.begin_nested()
    if _spend(connection, spending) and _store(connection, wraps, code):
        attempt.commit()
        return Published.DONE
    attempt.rollback()
    # Somebody was quicker; perhaps this very request, sent twice.
    return _standing(connection, wraps, code) or Published.NO_TOKEN


def open_(connection: Connection, *, wraps: Wraps, locator: bytes) -> bytes | None:
    """Return the record (4,096 bytes) of a live code; None for every other locator (16 bytes).

    Source: docs/spec/http.md, 3.
    """
    found = rows.find(connection, wraps, code_record, locator)
    return None if found is None else found.content[HASH_BYTES:]


def proven(connection: Connection, wraps: Wraps, locator: bytes, write_key: bytes) -> Found | None:
    """Return the live row of a code whose write key (32 bytes) this is, or None."""
    found = rows.find(connection, wraps, code_record, locator)
    kept = NOBODYS_HASH if found is None else found.content[:HASH_BYTES]
    return found if proves(write_key, kept) else None


def cancel(connection: Connection, *, wraps: Wraps, locator: bytes, write_key: bytes) -> None:
    """Remove a code's row where the write key (32 bytes) is its own; says nothing either way.

    Source: docs/spec/http.md, 4.
    """
    found = proven(connection, wraps, locator, write_key)
    if found is not None:
        rows.remove(connection, code_record, found.number)


def _standing(connection: Connection, wraps: Wraps, code: Code) -> Published | None:
    found = rows.find(connection, wraps, code_record, code.locator)
    if found is None:
        return None
    same = hmac.compare_digest(found.content, code.write_key_hash + code.record)
    return Published.DONE if same and found.last_epoch == code.last_epoch else Published.TAKEN


def _spend(connection: Connection, spending: Spending) -> bool:
    values = {
        "nullifier": spending.nullifier,
        "period": spending.period,
        "last_epoch": last_epoch_of(spending.period),
    }
    return rows.insert_new(connection, spent_token, values)


def _store(connection: Connection, wraps: Wraps, code: Code) -> bool:
    content = code.write_key_hash + code.record
    return rows.store(connection, wraps, code_record, code.locator, code.last_epoch, content)
