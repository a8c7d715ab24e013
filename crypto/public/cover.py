"""Bytes that stand where nothing is: the cover of an empty slot, the filler of a withdrawn row.

Source: docs/spec/box.md, section 4; docs/spec/envelope.md, section 7.
"""

from __future__ import annotations

import hashlib

from crypto.constants import (
    APPLICATION_ID_BYTES,
    BOX_ID_BYTES,
    INNER_BYTES,
    INVITE_BYTES,
    KEY_BYTES,
    LABEL_APPLICATION_COVER,
    LABEL_INVITE_COVER,
    LABEL_SLOT_FILLER,
    LOCATOR_BYTES,
    SLOT_BYTES,
    SLOTS,
    SUITE,
    VETTING_REPLY_BYTES,
    XWING_SEED_BYTES,
)
from crypto.encoding import Random, frame, u8, u16
from crypto.errors import Malformed
from crypto.public import sealing


def slot(filler_key: bytes, box_id: bytes, number: int) -> bytes:
    """Return the 4,096 bytes that a server shows for an empty slot 0 to 31 of a box.

    Always the same for one filler key (32 bytes), box id (16 bytes) and number, whether or not
    there is such a box. Raises Malformed for other lengths and numbers.
    """
    if len(filler_key) != KEY_BYTES or len(box_id) != BOX_ID_BYTES or not 0 <= number < SLOTS:
        raise Malformed
    framed = frame(LABEL_SLOT_FILLER, filler_key, box_id, u16(number))
    return hashlib.shake_256(framed).digest(SLOT_BYTES)


def invite(filler_key: bytes, locator: bytes) -> bytes:
    """Return the 1,536 bytes that a server shows where an invite has no reply, or is none.

    Always the same for one filler key (32 bytes) and locator (16 bytes). Raises Malformed for other
    lengths. Source: docs/spec/invite.md, 4
    """
    if len(filler_key) != KEY_BYTES or len(locator) != LOCATOR_BYTES:
        raise Malformed
    return hashlib.shake_256(frame(LABEL_INVITE_COVER, filler_key, locator)).digest(INVITE_BYTES)


def application(filler_key: bytes, application_id: bytes) -> bytes:
    """Return the 2,048 bytes that a server shows where an application has no reply, or is none.

    Always the same for one filler key (32 bytes) and id (16 bytes). Raises Malformed for other
    lengths. Source: docs/spec/vetting.md, 5
    """
    if len(filler_key) != KEY_BYTES or len(application_id) != APPLICATION_ID_BYTES:
        raise Malformed
    framed = frame(LABEL_APPLICATION_COVER, filler_key, application_id)
    return hashlib.shake_256(framed).digest(VETTING_REPLY_BYTES)


def envelope(random: Random) -> bytes:
    """Return a filler envelope of 5,273 bytes: something random, sealed to nobody.

    Random bytes alone would not do, since an encapsulation is not evenly distributed.
    """
    nobody = sealing.public_key(random(XWING_SEED_BYTES))
    return u8(SUITE) + sealing.seal(nobody, info=b"", plaintext=random(INNER_BYTES))
