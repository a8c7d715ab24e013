"""Referrals: stored with their box, for a code that is then gone.

Source: docs/spec/http.md, 3.
"""

from __future__ import annotations

import hmac

from sqlalchemy import Connection

from crypto.constants import REFERRAL_DAYS_MOST
from crypto.public import requests
from server.models import code_record
from server.services import box_rows, codes, envelopes, rows
from server.wraps import Wraps


def store(connection: Connection, *, wraps: Wraps, referral: requests.Referral) -> int | None:
    """Store a referral, its box and slot 0, and remove its code; or leave all as it was.

    Returns the last epoch of the first storing, for the same request again too; None is the
    refusal: no such code, another write key, a request stored already that is another, a box id
    that stands. Source: docs/spec/http.md, 3.
    """
    content = envelopes.Content(requests.hash_of(referral), referral.locator, referral.envelope)
    if envelopes.find(connection, wraps, referral.locator) is None:
        attempt = connection.begin_nested()
        if _take(connection, wraps, referral, content):
            attempt.commit()
            return envelopes.end_of_referral(wraps.today)
        attempt.rollback()
    return _answer_again(connection, wraps, content)


def _take(
    connection: Connection, wraps: Wraps, referral: requests.Referral, content: envelopes.Content
) -> bool:
    """Try all of it; False leaves something undone, and the caller undoes the rest.

    The box comes first: everybody takes locks in the order box, code, envelope, slot.
    """
    code = codes.proven(connection, wraps, referral.locator, referral.write_key)
    last_epoch = envelopes.end_of_referral(wraps.today)
    return (
        code is not None
        and box_rows.begin(
            connection,
            wraps,
            referral.box,
            tag=referral.locator,
            last_epoch=last_epoch,
            latest_end=wraps.today + REFERRAL_DAYS_MOST,
        )
        and rows.remove(connection, code_record, code.number)
        and envelopes.store(connection, wraps, content, last_epoch)
    )


def _answer_again(connection: Connection, wraps: Wraps, content: envelopes.Content) -> int | None:
    """Answer a request whose code is gone: as the first time if it is the one that was stored."""
    found = envelopes.find(connection, wraps, content.tag)
    if found is None:
        return None
    stored = envelopes.decode(found.content)
    if not hmac.compare_digest(stored.request_hash, content.request_hash):
        return None
    return envelopes.end_of_referral(found.arrived)
