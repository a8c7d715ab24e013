"""What a code and a receipt give: locator, keys, ids. Secrets only; the texts are in code_text.

Source: docs/spec/codes.md, sections 1, 5 and 6.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from crypto.constants import (
    BOX_ID_BYTES,
    CODE_BYTES,
    CODE_DAYS,
    KEY_BYTES,
    LABEL_BOX_ID,
    LABEL_BOX_KEY,
    LABEL_BOX_WRITE_KEY,
    LABEL_CODE,
    LABEL_CODE_WRITE_KEY,
    LABEL_HOLDER_KEY,
    LABEL_LOCATOR,
    LABEL_PSK,
    LABEL_RECEIPT,
    LABEL_RECORD_COMMITMENT,
    LABEL_RECORD_KEY,
    LABEL_TAG_KEY,
    LOCATOR_BYTES,
    NETWORK_ID_BYTES,
    PBKDF2_ROUNDS,
    RECORD_COMMITMENT_BYTES,
    TYPING_INVISIBLE,
    TYPING_WHITE_SPACE,
    WORD_BYTES,
)
from crypto.encoding import Random, frame, lp, monday, ranges
from crypto.errors import Malformed, TooLong
from crypto.fields import from_text
from crypto.kdf import hkdf, pbkdf2

# White space is listed, not left to the language: Python and JavaScript disagree about it.
_WHITE_SPACE = re.compile("[" + "".join(map(chr, ranges(TYPING_WHITE_SPACE))) + "]+")
_INVISIBLE = re.compile("[" + "".join(map(chr, ranges(TYPING_INVISIBLE))) + "]")
_WORD_CHARACTERS = 1000
# Where a sigma is final is a question on which Unicode versions disagree.
_FINAL_SIGMA, _SIGMA = "\u03c2", "\u03c3"


@dataclass(frozen=True, slots=True)
class CodeKeys:
    """What one code gives; everything but the locator is secret from the server."""

    locator: bytes
    record_key: bytes = field(repr=False)
    record_commitment: bytes = field(repr=False)
    psk: bytes = field(repr=False)
    write_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReceiptKeys:
    """What one receipt, with her word or without, gives."""

    box_id: bytes
    holder_key: bytes = field(repr=False)
    box_key: bytes = field(repr=False)
    write_key: bytes = field(repr=False)
    tag_key: bytes = field(repr=False)


def new_secret(random: Random) -> bytes:
    """Draw the 10 bytes of a code or receipt."""
    return random(CODE_BYTES)


def last_epoch(today: int) -> int:
    """Return the last epoch of a code published today: its week's Monday and eight weeks.

    Source: docs/spec/codes.md, section 8.
    """
    return monday(today) + CODE_DAYS


def code_keys(code: bytes, network_id: bytes) -> CodeKeys:
    """Derive what a code (10 bytes) gives in a network (id of 32 bytes).

    Takes 600,000 rounds on purpose. Raises Malformed for other lengths.
    Source: docs/spec/codes.md, section 5.
    """
    _check_sizes(code, network_id)
    master = pbkdf2(code, frame(LABEL_CODE, network_id), PBKDF2_ROUNDS)
    return CodeKeys(
        locator=_derive(master, LABEL_LOCATOR, LOCATOR_BYTES),
        record_key=_derive(master, LABEL_RECORD_KEY, KEY_BYTES),
        record_commitment=_derive(master, LABEL_RECORD_COMMITMENT, RECORD_COMMITMENT_BYTES),
        psk=_derive(master, LABEL_PSK, KEY_BYTES),
        write_key=_derive(master, LABEL_CODE_WRITE_KEY, KEY_BYTES),
    )


def receipt_keys(receipt: bytes, word: str, network_id: bytes) -> ReceiptKeys:
    """Derive what a receipt (10 bytes) and her word ("" for none) give in a network.

    Raises Malformed for other lengths and control characters in the word, TooLong for a word of
    more than 64 bytes. Source: docs/spec/codes.md, section 6.
    """
    _check_sizes(receipt, network_id)
    password = lp(receipt) + lp(normal_word(word).encode("utf-8"))
    master = pbkdf2(password, frame(LABEL_RECEIPT, network_id), PBKDF2_ROUNDS)
    return ReceiptKeys(
        box_id=_derive(master, LABEL_BOX_ID, BOX_ID_BYTES),
        holder_key=_derive(master, LABEL_HOLDER_KEY, KEY_BYTES),
        box_key=_derive(master, LABEL_BOX_KEY, KEY_BYTES),
        write_key=_derive(master, LABEL_BOX_WRITE_KEY, KEY_BYTES),
        tag_key=_derive(master, LABEL_TAG_KEY, KEY_BYTES),
    )


def normal_word(word: str) -> str:
    """Bring a word of her own to the one form that is derived from; "" stays "".

    The same word typed on another keyboard, in capitals or with spaces around it gives the same
    keys. Raises Malformed for control characters and for spaces alone, TooLong beyond 64 bytes.
    """
    if len(word) > _WORD_CHARACTERS:
        raise TooLong
    seen = unicodedata.normalize("NFKC", _INVISIBLE.sub("", word))
    lowered = unicodedata.normalize("NFKC", seen.lower().replace(_FINAL_SIGMA, _SIGMA))
    plain = _WHITE_SPACE.sub(" ", lowered).strip(" ")
    return from_text(plain, WORD_BYTES).decode("utf-8") if word else ""


def _derive(master: bytes, label: str, size: int) -> bytes:
    return hkdf(master, info=frame(label), length=size)


def _check_sizes(secret: bytes, network_id: bytes) -> None:
    if len(secret) != CODE_BYTES or len(network_id) != NETWORK_ID_BYTES:
        raise Malformed
