"""Files that are served as they were built, from memory, packed as a browser can unpack them.

They lie in `static/`, made by web/build.js, with `.br` and `.gz` copies beside them: pages, and
what they load. Each is read once; none is looked up by what somebody asks for.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flask import Response, request

STATIC: Final = Path(__file__).parent / "static"
SUMS: Final = "SHA256SUMS"

_MEDIA: Final = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    "": "text/plain; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
_PACKED: Final = (("br", ".br"), ("gzip", ".gz"))
_CODING = re.compile(r"\s*([a-z*]+)\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asset:
    """The bytes of a file, plain and by the codings (RFC 9110, 8.4.1) that there are of it."""

    media: str
    plain: bytes
    packed: dict[str, bytes]


def from_text(media: str, text: str) -> Asset:
    """Return what was made here as an asset; the same text gives the same bytes."""
    plain = text.encode()
    return Asset(media, plain, {"gzip": gzip.compress(plain, mtime=0)})


@cache
def load(folder: Path = STATIC) -> dict[str, Asset]:
    """Return the files of a folder by name, packed copies with what they are of.

    There are none where nothing was built. Raises KeyError for a kind of file that is not known.
    """
    if not folder.is_dir():
        return {}
    there = sorted(file for file in folder.iterdir() if file.is_file())
    return {
        file.name: Asset(
            _MEDIA[file.suffix],
            file.read_bytes(),
            {
                coding: packed.read_bytes()
                for coding, end in _PACKED
                if (packed := file.with_name(file.name + end)).is_file()
            },
        )
        for file in there
        if file.suffix not in {end for _, end in _PACKED}
    }


def faults() -> list[str]:
    """Return the names of built files that are missing or are others than SHA256SUMS says."""
    try:
        lines = (STATIC / SUMS).read_text(encoding="ascii").splitlines()
    except OSError:
        return [SUMS]
    said = [line.partition("  ") for line in lines]
    return [name for digest, _, name in said if _digest(STATIC / name) != digest]


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else ""


def answer(asset: Asset, status: int = 200) -> Response:
    """Return an asset in the best coding that the present request takes."""
    coding = choose(request.headers.get("Accept-Encoding", ""), asset)
    told = Response(asset.packed.get(coding, asset.plain), status=status, content_type=asset.media)
    if asset.packed:
        told.headers["Vary"] = "Accept-Encoding"
    if coding:
        told.headers["Content-Encoding"] = coding
    return told


def choose(accepted: str, asset: Asset) -> str:
    """Return the coding for a value of Accept-Encoding; "" for none.

    What cannot be read is passed over: the plain bytes are right for everybody.
    Source: RFC 9110, 12.5.3
    """
    said = {}
    for one in accepted.split(","):
        if match := _CODING.fullmatch(one):
            said[match[1].lower()] = float(match[2] or 1)
    for coding, _ in _PACKED:
        if coding in asset.packed and said.get(coding, 0) > 0:
            return coding
    return ""
