"""Two values of one setting made one, where both sides changed it.

Each raises Malformed for a value that is not as the specification says.

Source: docs/spec/store.md, section 8.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

from crypto import constants as c
from crypto.client import open_pages, settings, stock
from crypto.client.open_pages import OpenPages
from crypto.client.settings import setting_id
from crypto.client.stock import Stock
from crypto.encoding import Reader, u8, u32
from crypto.errors import Malformed
from crypto.public import edge

Union = Callable[[bytes | None, bytes, bytes, int], bytes | None]
"""Makes one of mine and theirs, given base, as of a day."""

_One = TypeVar("_One")


def later_week(_base: bytes | None, mine: bytes, theirs: bytes, _today: int) -> bytes:
    """Return the drop key of the later week."""
    for value in (mine, theirs):
        if len(value) != c.EPOCH_BYTES + c.DROP_KEY_BYTES:
            raise Malformed
    return mine if mine[: c.EPOCH_BYTES] > theirs[: c.EPOCH_BYTES] else theirs


def unreadable(_base: bytes | None, mine: bytes, theirs: bytes, today: int) -> bytes:
    """Return the tags of both, each with the earlier day."""
    days: dict[bytes, int] = {}
    for value in (mine, theirs):
        for tag, day in _pairs(value, c.BINDING_BYTES, Reader.u32):
            days[tag] = min(day, days.get(tag, day))
    kept = sorted((day, tag) for tag, day in days.items() if day + c.UNREADABLE_DAYS >= today)
    return b"".join(tag + u32(day) for day, tag in kept[-c.UNREADABLE_MOST :])


def devices(_base: bytes | None, mine: bytes, theirs: bytes, _today: int) -> bytes:
    """Return the devices of both."""
    return b"".join(sorted({*numbers_of(mine), *numbers_of(theirs)}))


def weeks(_base: bytes | None, mine: bytes, theirs: bytes, _today: int) -> bytes:
    """Return what is known of weekly keys: own, where either says so."""
    own: dict[bytes, int] = {}
    for value in (mine, theirs):
        for week, said in _pairs(value, c.EPOCH_BYTES, Reader.u8):
            own[week] = max(said, own.get(week, said))
    return b"".join(week + u8(own[week]) for week in sorted(own)[-c.WEEKS_KNOWN_MOST :])


def stocks(base: bytes | None, mine: bytes, theirs: bytes, _today: int) -> bytes:
    """Return one stock of two. Source: docs/spec/store.md, 9.7."""
    before = Stock() if base is None else Stock.decode(base)
    return stock.merged(before, Stock.decode(mine), Stock.decode(theirs)).encode()


def pages(base: bytes | None, mine: bytes, theirs: bytes, _today: int) -> bytes:
    """Return the pages that are open as both know."""
    before = OpenPages() if base is None else OpenPages.decode(base)
    ours, others = OpenPages.decode(mine), OpenPages.decode(theirs)
    return open_pages.merged(before, ours, others).encode()


def neither(_base: bytes | None, _mine: bytes, _theirs: bytes, _today: int) -> None:
    """Let neither stand."""


def written(_base: bytes | None, _mine: bytes, theirs: bytes, _today: int) -> bytes:
    """Return who wrote theirs: whoever merges writes this anew, so nothing is overruled."""
    return theirs


def longer_log(_base: bytes | None, mine: bytes, theirs: bytes, _today: int) -> bytes:
    """Return the edge of the log with more entries, in one number of them theirs."""
    return mine if edge.decode(mine).size > edge.decode(theirs).size else theirs


NAMED: Mapping[bytes, Union] = {
    setting_id(settings.DROP_KEY): later_week,
    setting_id(settings.UNREADABLE): unreadable,
    setting_id(settings.DEVICES): devices,
    setting_id(settings.MEMBERS): neither,
    setting_id(settings.WRITTEN): written,
    setting_id(settings.LOG): longer_log,
}
"""By the id of the setting, for those whose name is always the same."""


def numbers_of(value: bytes | None) -> list[bytes]:
    """Return the numbers in a list of devices."""
    return [number for number, _ in _pairs(value or b"", c.DEVICE_BYTES, lambda _: None)]


def waiting_only(value: bytes, is_made: Callable[[bytes], bool]) -> bytes:
    """Return a stock without the codes that wait in vain."""
    there = Stock.decode(value)
    left = there.only(is_made)
    return value if left == there else left.encode()


def outgoing(value: bytes) -> tuple[int, bytes]:
    """Return slot and body of an answer that waits to be sent."""
    reader = Reader(value)
    slot = reader.u8()
    reader.take(c.SLOT_BYTES)
    return slot, reader.take(reader.left)


def cursor(value: bytes | None) -> bytes | None:
    """Return a cursor, or None for what is none; they compare as their numbers."""
    return value if value is not None and len(value) == c.CURSOR_BYTES else None


def _pairs(value: bytes, size: int, read: Callable[[Reader], _One]) -> Iterator[tuple[bytes, _One]]:
    reader = Reader(value)
    while reader.left:
        yield reader.take(size), read(reader)
