"""What an applicant is told, and the cover of nothing (docs/spec/vetting.md, 5)."""

from __future__ import annotations

from typing import Any

from tests.second.stranger import applying, sealing
from tests.second.stranger.basics import UNSUPPORTED, VERSION, K, Reader, frame, lp, need, pad, u8

_REPLIES = (K.REPLY_DECLINED, K.REPLY_QUESTION, K.REPLY_LISTED)


def seal_reply(
    reply_key: bytes, application_id: bytes, network_id: bytes, kind: int, text: str, nonce: bytes
) -> bytes:
    """What an applicant is told."""
    need(len(reply_key) == 32 and kind in _REPLIES)
    said = VERSION + u8(kind) + lp(applying.to_text(text, 0, K.VETTING_REPLY_TEXT_BYTES))
    aad = applying.place(K.LABEL_APPLICATION_ANSWER, network_id, application_id)
    plaintext = pad(said, K.VETTING_REPLY_PLAINTEXT_BYTES)
    return nonce + sealing.aead_seal(reply_key, nonce, aad, plaintext)


def open_reply(
    reply: bytes, reply_key: bytes, application_id: bytes, network_id: bytes
) -> dict[str, Any]:
    """What admins told; CannotOpen for the cover too."""
    need(len(reply) == K.VETTING_REPLY_BYTES and len(reply_key) == 32)
    aad = applying.place(K.LABEL_APPLICATION_ANSWER, network_id, application_id)
    plaintext = sealing.aead_open(reply_key, reply[:24], aad, reply[24:])
    need(plaintext[:1] == VERSION, UNSUPPORTED)
    reader = Reader(plaintext[1:])
    kind = reader.number(1)
    text = applying.from_text(reader.prefixed(0xFFFF), 0, K.VETTING_REPLY_TEXT_BYTES)
    reader.end_in_zeros()
    need(kind in _REPLIES)
    return {"kind": kind, "text": text}


def cover(filler_key: bytes, application_id: bytes) -> bytes:
    """What the server gives where there is no reply."""
    need(len(filler_key) == 32 and len(application_id) == K.APPLICATION_ID_BYTES)
    framed = frame(K.LABEL_APPLICATION_COVER, filler_key, application_id)
    return sealing.shake256(framed, K.VETTING_REPLY_BYTES)
