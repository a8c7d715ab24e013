"""Inviting a member (docs/spec/invite.md), and the recovery sheet (store.md, 10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.second.stranger import codes
from tests.second.stranger.basics import (
    TOO_LONG,
    UNSUPPORTED,
    VERSION,
    WRONG_NETWORK,
    K,
    frame,
    from_utf8,
    has_category,
    lp,
    need,
    pad,
    to_utf8,
    u16,
)
from tests.second.stranger.sealing import (
    aead_open,
    aead_seal,
    check_xwing_public_key,
    kdf,
    sha256,
    shake256,
    stretch,
)

Inputs = Mapping[str, Any]
_ROOM = 1_496
_HERS = (("member_id", 16), ("xwing_public_key", 1_216), ("ed25519_public_key", 32))


def _keys(i: Inputs) -> dict[str, Any]:
    need(len(i["code"]) == 10 and len(i["network_id"]) == 32)
    master = stretch(i["code"], frame("towpath/v1/invite", i["network_id"]), 600_000)
    return {
        "locator": kdf(master, "towpath/v1/invite-locator", 16),
        "offer_key": kdf(master, "towpath/v1/invite-offer-key", 32),
        "reply_key": kdf(master, "towpath/v1/invite-reply-key", 32),
        "write_key": kdf(master, "towpath/v1/invite-write-key", 32),
    }


def _offer_aad(i: Inputs) -> bytes:
    need(len(i["network_id"]) == 32)
    return frame("towpath/v1/invite-offer", i["network_id"], i["locator"])


def _reply_aad(i: Inputs) -> bytes:
    need(len(i["network_id"]) == 32 and len(i["offer"]) == K.INVITE_BYTES)
    return frame("towpath/v1/invite-reply", i["network_id"], i["locator"], sha256(i["offer"]))


def _line(text: str, longest: int) -> bytes:
    value = to_utf8(text)
    need(len(value) <= longest, TOO_LONG)
    _plain(text)
    return value


def _plain(text: str) -> str:
    need(bool(text) and not any(has_category(x, "Cc") and x != "\n" for x in text))
    return text


def _seal(key: bytes, nonce: bytes, aad: bytes, rest: bytes) -> bytes:
    return nonce + aead_seal(key, nonce, aad, pad(VERSION + rest, _ROOM))


def _open(key: bytes, aad: bytes, sealed: bytes) -> bytes:
    need(len(sealed) == K.INVITE_BYTES)
    plain = aead_open(key, sealed[:24], aad, sealed[24:])
    need(plain[:1] == VERSION, UNSUPPORTED)
    return plain[1:]


def _seal_offer(i: Inputs) -> dict[str, Any]:
    need(i["role"] > 0 and len(i["organisation_key"]) == 32)
    rest = i["network_id"] + i["organisation_key"] + u16(i["role"])
    rest += lp(_line(i["words"], 96)) + lp(_line(i["name"], 64))
    return {"offer": _seal(i["offer_key"], i["nonce"], _offer_aad(i), rest)}


def _open_offer(i: Inputs) -> dict[str, Any]:
    plain = _open(i["offer_key"], _offer_aad(i), i["offer"])
    role, at = int.from_bytes(plain[64:66], "big"), 66
    texts = []
    for longest in (96, 64):
        size = int.from_bytes(plain[at : at + 2], "big")
        need(0 < size <= longest)
        texts.append(_plain(from_utf8(plain[at + 2 : at + 2 + size])))
        at += 2 + size
    need(role != 0 and not any(plain[at:]))
    need(plain[:32] == i["network_id"], WRONG_NETWORK)
    said = {"role": role, "words": texts[0], "name": texts[1]}
    return {"organisation_key": plain[32:64], **said}


def _hers(i: Inputs) -> bytes:
    need(all(len(i[name]) == size for name, size in _HERS))
    check_xwing_public_key(i["xwing_public_key"])
    return b"".join(i[name] for name, _ in _HERS)


def _seal_reply(i: Inputs) -> dict[str, Any]:
    return {"reply": _seal(i["reply_key"], i["nonce"], _reply_aad(i), _hers(i))}


def _open_reply(i: Inputs) -> dict[str, Any]:
    plain, found = _open(i["reply_key"], _reply_aad(i), i["reply"]), {}
    for name, size in _HERS:
        found[name], plain = plain[:size], plain[size:]
    need(not any(plain))
    _hers(found)
    return found


def _check(i: Inputs) -> dict[str, Any]:
    need(len(i["organisation_key"]) == 32 and len(i["offer"]) == K.INVITE_BYTES)
    place = (i["network_id"], i["organisation_key"], sha256(i["offer"]))
    salt = frame("towpath/v1/invite-check", *place)
    value = int.from_bytes(stretch(_hers(i), salt, 600_000)[:8], "big")
    digits = str(value % 1_000_000_000_000).zfill(12)
    return {"check": f"{digits[:3]} {digits[3:6]} {digits[6:9]} {digits[9:]}"}


def _cover(i: Inputs) -> dict[str, Any]:
    need(len(i["filler_key"]) == 32 and len(i["locator"]) == 16)
    framed = frame("towpath/v1/invite-cover", i["filler_key"], i["locator"])
    return {"cover": shake256(framed, K.INVITE_BYTES)}


def _recovery_keys(i: Inputs) -> dict[str, Any]:
    codes.write_sheet(i["secret"])
    need(len(i["network_id"]) == 32)
    return {
        "member_id": kdf(i["secret"], "towpath/v1/recovery-id", 16, i["network_id"]),
        "xwing_seed": kdf(i["secret"], "towpath/v1/recovery-xwing", 32, i["network_id"]),
        "ed25519_seed": kdf(i["secret"], "towpath/v1/recovery-signing", 32, i["network_id"]),
    }


OPERATIONS: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    "cover_invite": _cover,
    "invite_check": _check,
    "invite_keys": _keys,
    "open_offer": _open_offer,
    "open_reply": _open_reply,
    "read_recovery": lambda i: {"secret": codes.read_sheet(i["text"])},
    "recovery_keys": _recovery_keys,
    "seal_offer": _seal_offer,
    "seal_reply": _seal_reply,
    "write_recovery": lambda i: {"symbols": codes.write_sheet(i["secret"])},
}
