"""Searching everything that a server wrote for what must not be in it.

A canary is a value that was sent and that nothing may keep: words, a code, an address. Each is
looked for in every form in which it could have been written down.
"""

from __future__ import annotations

import re
import struct
from base64 import b64encode, urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

# A form this short comes about by chance; a leak would show several.
_SHORT_BYTES = 6
_BY_CHANCE = 2
_HOUR = 3_600


@dataclass(frozen=True)
class Hit:
    """A canary that was found: of which kind, in which form, in which file."""

    kind: str
    form: str
    file: str


@dataclass(frozen=True)
class Canary:
    """A value that nothing may keep, and what kind of value it is."""

    kind: str
    value: bytes

    def forms(self) -> dict[str, bytes]:
        """Return every form in which it is looked for."""
        found = {**_texts(self.value), **_encodings(self.value)}
        if self.kind == "address":
            packed = ip_address(self.value.decode()).packed
            found |= {"packed": packed, "packed, reversed": packed[::-1]}
        return {name: form for name, form in found.items() if form}


def search(files: Iterable[Path], canaries: Iterable[Canary]) -> list[Hit]:
    """Return every canary that stands in any of the files."""
    needles = [(one.kind, name, form) for one in canaries for name, form in one.forms().items()]
    found: list[Hit] = []
    for file in files:
        data = file.read_bytes()
        hits = [(kind, name, form) for kind, name, form in needles if form in data]
        short = Counter((kind, name) for kind, name, form in hits if len(form) < _SHORT_BYTES)
        found += [
            Hit(kind, name, file.name)
            for kind, name, form in hits
            if len(form) >= _SHORT_BYTES or short[kind, name] > _BY_CHANCE
        ]
    return found


def fine_times(files: Iterable[Path], began: float, ended: float) -> list[str]:
    """Return the forms in which moments of this run stand in the files, more than by chance."""
    found = []
    for file in files:
        data = file.read_bytes()
        for name, count in _moments(data, began, ended):
            if count > _BY_CHANCE:
                found.append(f"{file.name}: {name}, {count} times")
    return found


def _texts(value: bytes) -> dict[str, bytes]:
    try:
        text = value.decode("ascii")
    except UnicodeDecodeError:
        return {"bytes": value, "reversed": value[::-1]}
    return {
        "utf-8": value,
        "lower case": text.lower().encode(),
        "upper case": text.upper().encode(),
        "reversed": value[::-1],
        "utf-16-le": text.encode("utf-16-le"),
        "utf-16-be": text.encode("utf-16-be"),
        "utf-32-le": text.encode("utf-32-le"),
    }


def _encodings(value: bytes) -> dict[str, bytes]:
    found = {"hex": value.hex().encode(), "HEX": value.hex().upper().encode()}
    for shift in range(3):
        # What stands before and after changes the first and last characters.
        for name, encode in (("base64", b64encode), ("base64url", urlsafe_b64encode)):
            whole = encode(bytes(shift) + value + bytes(3))
            first, last = -(-shift * 8 // 6), (shift + len(value)) * 8 // 6
            found[f"{name}+{shift}"] = whole[first:last]
    return found


def _moments(data: bytes, began: float, ended: float) -> Iterator[tuple[str, int]]:
    """Give each form of a moment and how often one of this run stands there."""
    for unit, scale in (("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9)):
        for origin, zero in (("1970", 0), ("2000", 946_684_800)):
            low, high = int((began - 5 - zero) * scale), int((ended + 5 - zero) * scale)
            for width in (4, 6, 8):
                if high < 1 << 8 * width:
                    for order in ("big", "little"):
                        name = f"{unit} since {origin}, {width} bytes, {order}"
                        yield name, _between(data, low, high, width, order == "big")
    for order in (">d", "<d"):
        yield f"float, {order}", _floats(data, order, began, ended)
    yield "decimal", _decimals(data, began, ended)


def _between(data: bytes, low: int, high: int, width: int, big: bool) -> int:
    """Count the whole numbers of so many bytes from `low` to `high`."""
    first = low.to_bytes(width, "big" if big else "little")
    last = high.to_bytes(width, "big" if big else "little")
    if not big:
        first, last = first[::-1], last[::-1]
    same = next((n for n in range(width) if first[n] != last[n]), width)
    if same == 0:
        return 0
    prefix = first[:same] if big else first[:same][::-1]
    return sum(
        1
        for at in _places(data, prefix)
        if _holds(data, at if big else at - (width - same), low, high, width, big)
    )


def _holds(data: bytes, at: int, low: int, high: int, width: int, big: bool) -> bool:
    if at < 0 or at + width > len(data):
        return False
    return low <= int.from_bytes(data[at : at + width], "big" if big else "little") <= high


def _floats(data: bytes, order: str, began: float, ended: float) -> int:
    prefix = struct.pack(">d", began)[:3]
    big = order == ">d"
    starts = (at if big else at - 5 for at in _places(data, prefix if big else prefix[::-1]))
    return sum(
        1
        for at in starts
        if 0 <= at <= len(data) - 8
        and began - _HOUR <= struct.unpack_from(order, data, at)[0] <= ended + _HOUR
    )


def _decimals(data: bytes, began: float, ended: float) -> int:
    found = re.findall(rb"(?=([0-9]{10}))", data)
    return sum(1 for one in found if began - _HOUR <= int(one) <= ended + _HOUR)


def _places(data: bytes, part: bytes) -> Iterator[int]:
    at = data.find(part)
    while at >= 0:
        yield at
        at = data.find(part, at + 1)


def files_below(*folders: Path) -> list[Path]:
    """Return every file below these folders, or the files themselves."""
    found: list[Path] = []
    for folder in folders:
        found += [folder] if folder.is_file() else [p for p in folder.rglob("*") if p.is_file()]
    return sorted(found)


def of_kind(kind: str, values: Iterable[str | bytes]) -> list[Canary]:
    """Return canaries of one kind."""
    encode: Callable[[str | bytes], bytes] = lambda v: v.encode() if isinstance(v, str) else v  # noqa: E731
    return [Canary(kind, encode(value)) for value in values]
