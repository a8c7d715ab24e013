"""Looking for words in everything that a browser keeps in its profile's folder (P6)."""

from __future__ import annotations

import base64
import gzip
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_GZIP = b"\x1f\x8b\x08"


@dataclass(frozen=True)
class Trace:
    """A word that lies in a file, and how it was written there."""

    word: str
    file: str
    form: str


def traces(folder: Path, words: Iterable[str]) -> list[Trace]:
    """Return where any of these words lies below a folder, in any form that browsers write."""
    patterns = [(word, form, part) for word in words for form, part in forms(word)]
    found = []
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.is_symlink():
            continue
        try:
            data = file.read_bytes()
        except OSError:  # it went away while the browser runs
            continue
        for content in (data, *_unpacked(data)):
            found += [
                Trace(word, str(file.relative_to(folder)), form)
                for word, form, part in patterns
                if part in content
            ]
    return found


def forms(word: str) -> Iterator[tuple[str, bytes]]:
    """Give the bytes by which a word can stand in a file: UTF-8, UTF-16, base64 of both."""
    encoded = {"utf-8": word.encode(), "utf-16": word.encode("utf-16-le")}
    encoded["utf-16, big end first"] = word.encode("utf-16-be")
    for name, plain in encoded.items():
        yield name, plain
        for shift in range(3):
            yield f"base64 of {name}", _base64_within(plain, shift)


def _base64_within(plain: bytes, shift: int) -> bytes:
    """Return what is the same of a word's base64 whatever stands around it, by its place there."""
    whole = base64.b64encode(bytes(shift) + plain)
    # The first and last signs depend on neighbours.
    first = -(-8 * shift // 6) if shift else 0
    last = (8 * (shift + len(plain))) // 6
    return whole[first:last]


def _unpacked(data: bytes) -> Iterator[bytes]:
    """Give what gzip members within a file hold, such as answers in a cache."""
    at = data.find(_GZIP)
    while at >= 0:
        try:
            yield gzip.decompress(data[at:])
        except (OSError, EOFError, zlib.error):
            # The member is cut off, or something else follows it: what can be read is read.
            with suppress(zlib.error):
                yield zlib.decompressobj(wbits=31).decompress(data[at:])
        at = data.find(_GZIP, at + 1)
