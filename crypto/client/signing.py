"""What an organisation signs on a provider's device: one-time keys and weekly keys.

Source: docs/spec/record.md, 1; docs/spec/walk-in.md, 1
"""

from __future__ import annotations

from dataclasses import replace

from crypto.constants import WEEKLY_KEY_DAYS, XWING_PUBLIC_KEY_BYTES
from crypto.errors import Malformed
from crypto.public.note_signing import public_of, sign
from crypto.public.organisation_keys import (
    WeeklyKey,
    is_week,
    one_time_key_message,
    weekly_key_message,
)


def sign_one_time_key(
    seed: bytes, *, network_id: bytes, locator: bytes, last_epoch: int, public_key: bytes
) -> bytes:
    """Sign the one-time key (X-Wing, 1,216 bytes) of a code with the organisation's seed.

    `seed` has 32 bytes, `network_id` 32, `locator` 16; `last_epoch` is the code's. Returns 64
    bytes.

    Source: docs/spec/record.md, 1
    """
    message = one_time_key_message(
        network_id=network_id, locator=locator, last_epoch=last_epoch, public_key=public_key
    )
    return sign(seed, message)


def sign_weekly_key(seed: bytes, *, network_id: bytes, first: int, public_key: bytes) -> WeeklyKey:
    """Make a key (X-Wing, 1,216 bytes) the organisation's weekly one from epoch `first` on.

    `seed` is the organisation's, 32 bytes. Raises Malformed where `first` is not a Monday or the
    key has another length.

    Source: docs/spec/walk-in.md, 1
    """
    last = first + WEEKLY_KEY_DAYS - 1
    if not is_week(first, last) or len(public_key) != XWING_PUBLIC_KEY_BYTES:
        raise Malformed
    key = WeeklyKey(
        organisation=public_of(seed),
        first=first,
        last=last,
        public_key=public_key,
        signature=b"",
    )
    return replace(key, signature=sign(seed, weekly_key_message(key, network_id)))
