"""Keys that an organisation signs: the weekly key for walk-ins, the one-time key of a code.

Source: docs/spec/walk-in.md, 1; docs/spec/record.md, 1
"""

from __future__ import annotations

from dataclasses import dataclass

from crypto.constants import (
    ED25519_PUBLIC_KEY_BYTES,
    ED25519_SIGNATURE_BYTES,
    LABEL_ONE_TIME_KEY,
    LABEL_WEEKLY_KEY,
    SUITE,
    WEEKLY_KEY_BYTES,
    WEEKLY_KEY_DAYS,
    XWING_PUBLIC_KEY_BYTES,
)
from crypto.encoding import Reader, frame, monday, u8, u32
from crypto.errors import BadSignature, Expired, Malformed, NotYetValid, Unsupported
from crypto.public import ed25519, sealing
from crypto.public.statements import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyKey:
    """The X-Wing public key (1,216 bytes) of an organisation for the epochs `first` to `last`."""

    organisation: bytes
    first: int
    last: int
    public_key: bytes
    signature: bytes

    def __bytes__(self) -> bytes:
        """Write this as 1,321 bytes."""
        days = u32(self.first) + u32(self.last)
        return u8(SUITE) + self.organisation + days + self.public_key + self.signature


def is_week(first: int, last: int) -> bool:
    """Say whether these epochs are the first and last day of one week, from Monday on."""
    return first == monday(first) and last == first + WEEKLY_KEY_DAYS - 1


def parse_weekly_key(data: bytes) -> WeeklyKey:
    """Read the parts of a weekly key, of which nothing is checked yet.

    Raises Malformed unless it has 1,321 bytes, Unsupported for another suite.

    Source: docs/spec/walk-in.md, 1
    """
    if len(data) != WEEKLY_KEY_BYTES:
        raise Malformed
    reader = Reader(data)
    if reader.u8() != SUITE:
        raise Unsupported
    return WeeklyKey(
        organisation=reader.take(ED25519_PUBLIC_KEY_BYTES),
        first=reader.u32(),
        last=reader.u32(),
        public_key=reader.take(XWING_PUBLIC_KEY_BYTES),
        signature=reader.take(ED25519_SIGNATURE_BYTES),
    )


def check_weekly_key(data: bytes, statement: Statement, today: int) -> WeeklyKey:
    """Return a weekly key that holds at epoch `today` for the organisation of a checked statement.

    Raises Malformed, Unsupported, BadSignature, NotYetValid or Expired.

    Source: docs/spec/walk-in.md, 1
    """
    key = parse_weekly_key(data)
    if key.organisation != statement.organisation:
        raise BadSignature
    if not is_week(key.first, key.last):
        raise Malformed
    ed25519.verify(key.organisation, weekly_key_message(key, statement.network_id), key.signature)
    sealing.load_public(key.public_key)
    if today < key.first:
        raise NotYetValid
    if today > key.last:
        raise Expired
    return key


def weekly_key_message(key: WeeklyKey, network_id: bytes) -> bytes:
    """Return what an organisation signs to make this key its weekly one.

    Source: docs/spec/walk-in.md, 1
    """
    days = (u32(key.first), u32(key.last))
    return frame(LABEL_WEEKLY_KEY, u8(SUITE), network_id, key.organisation, *days, key.public_key)


def one_time_key_message(
    *, network_id: bytes, locator: bytes, last_epoch: int, public_key: bytes
) -> bytes:
    """Return what an organisation signs to make a key the one behind a code.

    Source: docs/spec/record.md, 1
    """
    epoch = u32(last_epoch)
    return frame(LABEL_ONE_TIME_KEY, u8(SUITE), network_id, locator, epoch, public_key)


def verify_one_time_key(
    signature: bytes,
    organisation: bytes,
    *,
    network_id: bytes,
    locator: bytes,
    last_epoch: int,
    public_key: bytes,
) -> None:
    """Check an organisation's signature (64 bytes) on the one-time key behind a code.

    `organisation` is its public key (32 bytes), `locator` has 16 bytes, `public_key` (X-Wing)
    1,216. Raises BadSignature where it does not hold.

    Source: docs/spec/record.md, 1
    """
    message = one_time_key_message(
        network_id=network_id, locator=locator, last_epoch=last_epoch, public_key=public_key
    )
    ed25519.verify(organisation, message, signature)
