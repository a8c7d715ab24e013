"""What codes and receipts give (docs/spec/codes.md, 5, 6 and 8; envelope.md, 6; walk-in.md, 2)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tests.second.stranger.basics import (
    TOO_LONG,
    K,
    frame,
    has_category,
    lp,
    need,
    to_utf8,
    u8,
    u16,
)
from tests.second.stranger.sealing import kdf, labelled_hash, sha256, stretch

_WORD_CHARACTERS = 1000


@dataclass(frozen=True)
class CodeKeys:
    """codes.md, section 5."""

    locator: bytes
    record_key: bytes
    record_commitment: bytes
    psk: bytes
    write_key: bytes


@dataclass(frozen=True)
class ReceiptKeys:
    """codes.md, section 6."""

    box_id: bytes
    holder_key: bytes
    box_key: bytes
    write_key: bytes
    tag_key: bytes


def code_master(code: bytes, network_id: bytes, rounds: int) -> bytes:
    """The slow step of a code."""
    need(len(code) == K.CODE_BYTES and len(network_id) == K.NETWORK_ID_BYTES)
    return stretch(code, frame(K.LABEL_CODE, network_id), rounds)


def code_keys(master: bytes) -> CodeKeys:
    """Everything a code gives."""
    return CodeKeys(
        kdf(master, K.LABEL_LOCATOR, 16),
        kdf(master, K.LABEL_RECORD_KEY, 32),
        kdf(master, K.LABEL_RECORD_COMMITMENT, 32),
        kdf(master, K.LABEL_PSK, 32),
        kdf(master, K.LABEL_CODE_WRITE_KEY, 32),
    )


def normal_word(word: str) -> str:
    """Her own word as it goes into the derivation."""
    need(len(word) <= _WORD_CHARACTERS, TOO_LONG)
    seen = "".join(one for one in word if not is_in(one, K.TYPING_INVISIBLE))
    small = unicodedata.normalize("NFKC", seen).lower().replace("\u03c2", "\u03c3")
    lower = unicodedata.normalize("NFKC", small)
    runs = "".join(
        " " if is_in(character, K.TYPING_WHITE_SPACE) else character for character in lower
    ).split(" ")
    normal = " ".join(run for run in runs if run)
    need(len(to_utf8(normal)) <= K.WORD_BYTES, TOO_LONG)
    need(not has_category(normal, "Cc") and (normal != "" or word == ""))
    return normal


def receipt_master(receipt: bytes, word: str, network_id: bytes, rounds: int) -> bytes:
    """The slow step of a receipt."""
    need(len(receipt) == K.CODE_BYTES and len(network_id) == K.NETWORK_ID_BYTES)
    password = lp(receipt) + lp(to_utf8(normal_word(word)))
    return stretch(password, frame(K.LABEL_RECEIPT, network_id), rounds)


def receipt_keys(master: bytes) -> ReceiptKeys:
    """Everything a receipt gives."""
    return ReceiptKeys(
        kdf(master, K.LABEL_BOX_ID, 16),
        kdf(master, K.LABEL_HOLDER_KEY, 32),
        kdf(master, K.LABEL_BOX_KEY, 32),
        kdf(master, K.LABEL_BOX_WRITE_KEY, 32),
        kdf(master, K.LABEL_TAG_KEY, 32),
    )


def key_hash(key: bytes) -> bytes:
    """What the server keeps of a key that proves something."""
    need(len(key) == K.KEY_BYTES)
    return labelled_hash(K.LABEL_KEY_HASH, key)


def follow_up(tag_key: bytes, number: int) -> tuple[bytes, bytes]:
    """Tag and key of follow-up n."""
    need(1 <= number <= K.FOLLOW_UPS)
    tag = kdf(tag_key, K.LABEL_FOLLOW_UP_TAG, 16, u8(number))
    return tag, kdf(tag_key, K.LABEL_FOLLOW_UP_KEY, 32, u8(number))


def slot_key(key: bytes, number: int) -> bytes:
    """The key of one slot, from the holder key for slot 0 and the box key for the others."""
    need(0 <= number < K.SLOTS)
    need(len(key) == K.KEY_BYTES)
    return kdf(key, K.LABEL_SLOT_KEY, 32, u16(number))


def walk_in(public_key: bytes, network_id: bytes) -> tuple[bytes, bytes]:
    """Id and walk-in key of a weekly key."""
    need(len(public_key) == K.XWING_PUBLIC_KEY_BYTES)
    return sha256(public_key)[:16], kdf(public_key, K.LABEL_WALK_IN_KEY, 32, network_id)


def code_last_epoch(published: int) -> int:
    """The last epoch that all codes of the week share."""
    return published - (published + 3) % 7 + int(K.CODE_DAYS)


def token_period(epoch: int) -> int:
    """The first day of the issuing period of a day (tokens.md, section 1)."""
    first = 4
    while first + 28 <= epoch:
        first += 28
    return first


def nullifier(network_id: bytes, period: bytes, token_input: bytes) -> bytes:
    """What the server keeps of a spent token (tokens.md, section 5)."""
    return labelled_hash(K.LABEL_NULLIFIER, network_id, period, token_input)


def is_in(character: str, pairs: Sequence[int]) -> bool:
    """Whether a character lies in one of these pairs of first and last code point."""
    spans = zip(pairs[::2], pairs[1::2], strict=True)
    return any(first <= ord(character) <= last for first, last in spans)
