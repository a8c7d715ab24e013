"""Armour: bytes as text that is carried through hands and machines without a network.

Source: docs/spec/http.md, 5; docs/spec/carried.md, 2
"""

from __future__ import annotations

import hashlib
import re

from crypto import constants as c
from crypto.encoding import b64, ranges, unb64
from crypto.errors import Malformed

_WHITE = "".join(map(chr, ranges(c.TYPING_WHITE_SPACE)))
_QUOTES = re.compile(f"(?:^|[\n\r])[{re.escape(_WHITE)}>]+")
_SPACES = str.maketrans(dict.fromkeys(_WHITE))


def write(what: str, form: bytes) -> str:
    """Write bytes as lines of ASCII between two marks that say `what` it is, in capitals.

    Source: docs/spec/http.md, 5
    """
    text = b64(form + _check_of(form))
    step = c.ARMOUR_LINE_CHARACTERS
    lines = (text[at : at + step] for at in range(0, len(text), step))
    return "\n".join((_mark("BEGIN", what), *lines, _mark("END", what), ""))


def read(what: str, text: str, at_most: int) -> bytes:
    """Read the bytes of a text of `at_most` characters that has them in it once.

    Forgives white space, `>` at the start of lines, and text before and after. Raises Malformed
    for anything else. Source: docs/spec/http.md, 5
    """
    if len(text) > at_most:
        raise Malformed
    data = unb64(_between(what, _QUOTES.sub("", text).translate(_SPACES)))
    form, check = data[: -c.ARMOUR_CHECK_BYTES], data[-c.ARMOUR_CHECK_BYTES :]
    if check != _check_of(form):  # guards against slips, not against people
        raise Malformed
    return form


def _between(what: str, bare: str) -> str:
    begin, last = (_mark(word, what).replace(" ", "") for word in ("BEGIN", "END"))
    if bare.count(begin) != 1 or bare.count(last) != 1:
        raise Malformed
    inside, end, _ = bare.partition(begin)[2].partition(last)
    if not end:
        raise Malformed
    return inside


def _mark(word: str, what: str) -> str:
    return f"-----{word} TOWPATH {what}-----"


def _check_of(form: bytes) -> bytes:
    return hashlib.sha256(form).digest()[: c.ARMOUR_CHECK_BYTES]
