"""How the scenarios of docs/spec/vectors write their values down."""

from __future__ import annotations

from typing import Any

from tests.second.stranger.basics import u32
from tests.second.stranger.sealing import aead_seal, sha256, shake256

# Strings that are texts wherever they stand; every other string is bytes in hexadecimal.
_TEXTS = {"text", "kind", "word", "name", "contact", "safe_word", "symbols", "digits", "how"}
_TEXTS |= {"method", "path", "query", "content_digest", "signature_input", "signature_header"}
_TEXTS |= {"words", "check", "label", "rows", "answers", "missing"}
_NUMBERS = {"index", "size", "start", "at_least_generation", "generation", "length", "counter"}
_NUMBERS |= {"first", "seen_size"}
_BODY_AT = 18_713


def read(value: Any, key: str = "") -> Any:
    """The value that a part of a scenario stands for."""
    if isinstance(value, list):
        return [read(part, key) for part in value]
    if isinstance(value, dict):
        return _read_object(value)
    if not isinstance(value, str) or key in _TEXTS:
        return value
    return int(value) if key in _NUMBERS else bytes.fromhex(value)


def _read_object(value: dict[str, Any]) -> Any:
    if set(value) == {"utf8"}:
        return value["utf8"].encode("utf-8")
    if set(value) == {"hex", "zeros"}:
        return bytes.fromhex(value["hex"]) + bytes(value["zeros"])
    if set(value) == {"shake256", "bytes"}:
        return shake256(value["shake256"].encode(), value["bytes"])
    if "store_key" in value:
        return _store(value)
    return {name: read(part, name) for name, part in value.items()}


def is_hashed(value: Any) -> bool:
    """Whether only length and hash of an output are given."""
    return isinstance(value, dict) and set(value) == {"bytes", "sha256"}


def agrees(got: Any, expected: Any, key: str = "") -> bool:
    """Whether an output is the one written down."""
    if is_hashed(expected):
        sized = len(got) == expected["bytes"]
        return bool(sized and sha256(got).hex() == expected["sha256"])
    if isinstance(expected, dict) and isinstance(got, dict):
        names = set(got) == set(expected)
        return names and all(agrees(got[name], expected[name], name) for name in expected)
    return bool(got == read(expected, key))


def _store(parts: dict[str, Any]) -> bytes:
    """A store in pieces: its body is sealed here, then a change made to the whole."""
    slots = b"".join(read(slot) for slot in parts["slots"])
    nonce, tail = bytes.fromhex(parts["nonce"]), bytes.fromhex(parts["tail"])
    content = u32(int(parts["length"])) + bytes.fromhex(parts["content"])
    room = int(parts["size"]) - _BODY_AT - 16
    plaintext = content.ljust(room - len(tail), b"\x00") + tail
    key, aad = bytes.fromhex(parts["store_key"]), bytes.fromhex(parts["aad"])
    whole = bytes.fromhex(parts["suite"]) + slots + nonce
    whole += aead_seal(key, nonce, aad, plaintext)
    return _changed_to(bytes.fromhex(parts["sha256"]), whole, read(parts.get("change", {})))


def application(parts: dict[str, Any]) -> bytes:
    """An application in pieces that were read: its body is sealed here, and the whole changed."""
    body = aead_seal(parts["key"], parts["nonce"], parts["aad"], parts["plaintext"])
    whole = parts["head"] + parts["nonce"] + body
    return _changed_to(parts["sha256"], whole, parts.get("change", {}))


def _changed_to(digest: bytes, whole: bytes, change: dict[str, Any]) -> bytes:
    changed = _changed(whole, change)
    if sha256(changed) != digest:
        raise ValueError("not the bytes that are written down")
    return changed


def _changed(whole: bytes, change: dict[str, Any]) -> bytes:
    if "cut" in change:
        return whole[: -change["cut"]]
    if "append" in change:
        return bytes(whole + change["append"])
    changed = bytearray(whole)
    if "flip" in change:
        changed[change["flip"]] ^= 1
    if "zero" in change:
        start, end = change["zero"]
        changed[start:end] = bytes(end - start)
    if "swap" in change:
        first, second, size = change["swap"]
        one, other = whole[first : first + size], whole[second : second + size]
        changed[first : first + size], changed[second : second + size] = other, one
    return bytes(changed)
