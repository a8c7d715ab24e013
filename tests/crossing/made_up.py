"""Random content for both sides: mostly good, sometimes breaking a rule."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Sequence
from typing import Any, TypeVar

from crypto import constants as c

Said = dict[str, Any]
_One = TypeVar("_One")
_LISTS = {
    "needs": c.NEEDS,
    "languages": c.LANGUAGES,
    "who": c.WHO,
    "children": c.CHILDREN,
    "channels": c.CHANNELS,
    "hours": c.HOURS,
    "never": c.NEVER,
    "wishes": c.WISHES,
}
_IDS = ("region", "soon", "peer")
_TEXTS = {"contact": c.CONTACT_BYTES, "safe_word": c.SAFE_WORD_BYTES, "text": c.TEXT_BYTES}
_BOX = {"box_id": 16, "box_key": 32, "write_key": 32, "tag_key": 32}


class Draw:
    """A source of content that is the same at each run."""

    def __init__(self, seed: object) -> None:
        self._seed = seed
        self._calls = 0

    def bytes_of(self, size: int) -> bytes:
        """The next bytes."""
        self._calls += 1
        return hashlib.shake_256(f"crossing {self._seed} {self._calls}".encode()).digest(size)

    def below(self, limit: int) -> int:
        """The next number from 0 up to, not including, a limit below 2⁶⁴."""
        return int.from_bytes(self.bytes_of(12)) % limit

    def between(self, least: int, most: int) -> int:
        """The next number from the least to the most."""
        return least + self.below(most - least + 1)

    def choice(self, values: Sequence[_One]) -> _One:
        """One of some values."""
        return values[self.below(len(values))]

    def distinct(self, least: int, most: int, count: int) -> list[int]:
        """So many different numbers from the least to the most."""
        numbers: dict[int, None] = {}
        while len(numbers) < count:
            numbers[self.between(least, most)] = None
        return list(numbers)

    def seldom(self) -> bool:
        """Once in twenty times."""
        return self.below(20) == 0

    def half(self) -> bool:
        """Every other time."""
        return self.below(2) == 0

    def character(self) -> str:
        """A character that this Python's Unicode knows; half of them are of few blocks."""
        while True:
            few = self.choice((0x7F, 0x24F, 0x5FF, 0x30FF, 0xFFFF))
            one = chr(self.below(few if self.half() else 0x110000))
            if unicodedata.category(one) not in ("Cn", "Cs", "Co"):
                return one

    def text(self, at_most: int) -> str:
        """A text that may be a little too long, and may have what is refused in it."""
        size = self.below(at_most + 2 if self.seldom() else max(1, at_most // 4))
        characters = "".join(self.character() for _ in range(size))
        if self.seldom():
            return characters + self.choice("\n\r\0\x7f\x85\u2028\ufeff")
        return "".join(one for one in characters if one >= " " and not "\x7f" <= one <= "\x9f")

    def ids(self, at_most: int) -> list[int]:
        """A list of ids; seldom with one too many, 0, one twice or one that does not fit."""
        ids = self.distinct(1, 0xFFFF, self.between(1, at_most))
        if self.seldom():
            ids.append(self.choice((0, ids[0], 0x10000, 7)))
        return ids

    def unknown(self) -> list[list[Any]]:
        """Fields of a newer client, seldom with a number that is taken."""
        numbers = self.distinct(30, 255, self.below(3))
        if self.seldom():
            numbers.append(self.choice((1, 256, *numbers[:1])))
        return [[number, self.bytes_of(self.below(40))] for number in numbers]

    def key_parts(self, sizes: dict[str, int]) -> dict[str, bytes]:
        """Keys by name; seldom one byte short."""
        parts = {name: self.bytes_of(size) for name, size in sizes.items()}
        if self.seldom():
            name = self.choice(list(parts))
            parts[name] = parts[name][1:]
        return parts

    def message(self) -> Said:
        """What a referral or follow-up says."""
        kind = self.choice((c.KIND_REFERRAL, c.KIND_REFERRAL, c.KIND_FOLLOW_UP))
        said: Said = {"kind": kind, "consent": self.choice((1, 2))}
        needed = {"needs", "languages", "channels"} if kind == c.KIND_REFERRAL else {"needs"}
        barred = {"languages"} if kind == c.KIND_FOLLOW_UP else set()
        for name, at_most in _LISTS.items():
            if name in needed or (self.half() and name not in barred):
                said[name] = self.ids(at_most)
        said |= {name: self.between(1, 0xFFFF) for name in _IDS if self.half()}
        if self.half():
            said["people"] = self.between(1, c.PEOPLE + 5)
        for name, at_most in _TEXTS.items():
            if self.half() and (text := self.text(at_most)):
                said[name] = text
        if kind == c.KIND_REFERRAL:
            said["eyes"] = self.between(1, 3)
            if said["eyes"] != c.EYES_NOBODY:
                said["box"] = self.key_parts(_BOX)
        if unknown := self.unknown():
            said["unknown"] = unknown
        if self.seldom():
            said[self.choice(list(said))] = said["kind"]
        return {name: value for name, value in said.items() if _fits(name, value)}

    def answer(self, slot: int) -> Said:
        """What an answer in a slot says, without its signature."""
        delivered = slot == 0
        said: Said = {
            "state": 1 if delivered else self.between(2, 6),
            "epoch": self.below(2**32),
        }
        if delivered:
            said["last_epoch"] = self.below(2**32)
            said |= self.key_parts({"organisation": 32, "public_key": 1216})
            said["name"] = self.text(c.ORGANISATION_NAME_BYTES) or "House"
        elif self.half() and (text := self.text(c.TEXT_BYTES)):
            said["text"] = text
        if not delivered and self.half():
            said["try_another"] = [self.bytes_of(32) for _ in range(self.between(1, 5))]
        if unknown := self.unknown():
            said["unknown"] = unknown
        if self.seldom():
            said["state"] = self.choice((0, 1, 2, 0x10000))
        return said

    def changed(self, value: bytes) -> bytes:
        """Bytes with one bit turned, some cut away or some added."""
        at = self.below(len(value)) if value else 0
        match self.below(4) if value else 3:
            case 0 | 1:
                turned = value[at] ^ 1 << self.below(8)
                return value[:at] + bytes((turned,)) + value[at + 1 :]
            case 2:
                return value[: -self.between(1, min(40, len(value)))]
        return value + self.bytes_of(self.between(1, 40))


def _fits(name: str, value: Any) -> bool:
    """Leave out what is of no type of its field: no caller of either side can say that."""
    if name in _LISTS or name == "unknown":
        return isinstance(value, list)
    if name in _TEXTS:
        return isinstance(value, str)
    return name != "box" or isinstance(value, dict)
