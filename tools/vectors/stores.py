"""A sealed store and its parts, from which right and wrong ones are made (store.md, 2 and 3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tools.vectors import wire
from tools.vectors.derivations import code_keys
from tools.vectors.member_files import SECRET
from tools.vectors.people import (
    CODE,
    LAST_EPOCH,
    NETWORK_ID,
    ORGANISATION,
    ORGANISATION_SEED,
    WEEKLY_SEED,
)
from tools.vectors.scenario import stream
from tools.vectors.store_entries import (
    CASE,
    ERASED,
    FULL_CASE,
    MEMBER,
    NEWER,
    SEED,
    SETTING,
    WEEKLY,
    case,
    member,
    seed,
    weekly,
)
from tools.vectors.wire import u8, u32, u64

SIZE = 256 * 1024
_SLOTS = 16
SLOT_BYTES = 1168
_BODY_START = 1 + _SLOTS * SLOT_BYTES + 24
_STORE_KEY = wire.draw("store key", 32)
_NONCE = wire.draw("store nonce", 24)
_ESEED = wire.draw("store eseed", 64)

Entry = tuple[int, bytes, bytes]

LOCATOR = code_keys(CODE, NETWORK_ID)["locator"]
_WEEKLY_ID = wire.sha256(wire.xwing_public(WEEKLY_SEED))[:16]
HER = (MEMBER, SECRET["member_id"], member())
ALL: list[Entry] = [
    HER,
    (SEED, LOCATOR, seed(3)),
    (WEEKLY, _WEEKLY_ID, weekly()),
    (CASE, LOCATOR, case(FULL_CASE)),
    (ERASED, bytes(16), u32(LAST_EPOCH + 60)),
    (SETTING, wire.sha256(b"language")[:16], b"en"),
    (NEWER, bytes(16), b"newer"),
]


@dataclass(frozen=True)
class Store:
    """The parts of a sealed store, of which `replace` makes wrong ones."""

    entries: Sequence[Entry] = (HER,)
    generation: int = 5
    network_id: bytes = NETWORK_ID
    organisation_seed: bytes = ORGANISATION_SEED
    organisation_key: bytes = ORGANISATION
    aad_network_id: bytes = NETWORK_ID
    slot_network_id: bytes = NETWORK_ID
    member_seed: bytes = SECRET["xwing_seed"]
    place: int = 0
    version: int = 1
    count: int | None = None
    length: int | None = None
    tail: bytes = b""
    size: int = SIZE

    @cached_property
    def content(self) -> bytes:
        """store.md, 3."""
        count = len(self.entries) if self.count is None else self.count
        head = u8(self.version) + u64(self.generation) + self.network_id + self.organisation_seed
        return (
            head
            + u32(count)
            + b"".join(
                u8(kind) + entry_id + u32(len(value)) + value
                for kind, entry_id, value in self.entries
            )
        )

    @cached_property
    def slot(self) -> bytes:
        """The one member's slot."""
        context = (wire.SUITE, self.slot_network_id, self.organisation_key)
        info = wire.frame("store-slot", *context)
        return wire.seal_hpke(wire.xwing_public(self.member_seed), _ESEED, info, _STORE_KEY)

    def slots(self) -> list[Any]:
        """Sixteen slots, one of them hers, as a scenario gives them."""
        others = [stream(f"unused slot {n}", SLOT_BYTES) for n in range(_SLOTS - 1)]
        return [*others[: self.place], self.slot, *others[self.place :]]

    def sealed(self) -> bytes:
        """store.md, 2."""
        others = [wire.draw(f"unused slot {n}", SLOT_BYTES) for n in range(_SLOTS - 1)]
        slots = b"".join([*others[: self.place], self.slot, *others[self.place :]])
        length = len(self.content) if self.length is None else self.length
        room = self.size - _BODY_START - 16 - len(self.tail)
        plain = wire.pad(u32(length) + self.content, room) + self.tail
        body = wire.seal_aead(_STORE_KEY, _NONCE, self.aad(slots), plain)
        return wire.SUITE + slots + _NONCE + body

    def aad(self, slots: bytes) -> bytes:
        """What the body is bound to."""
        context = (wire.SUITE, self.aad_network_id, self.organisation_key)
        return wire.frame("store", *context, wire.sha256(slots))

    def recipe(self, change: dict[str, Any] | None = None, changed: bytes = b"") -> dict[str, Any]:
        """How a scenario gives a store of 256 KiB in a few lines (vectors.md)."""
        sealed = self.sealed()
        slots = sealed[1 : _BODY_START - 24]
        made: dict[str, Any] = {
            "suite": wire.SUITE,
            "slots": self.slots(),
            "nonce": _NONCE,
            "store_key": _STORE_KEY,
            "aad": self.aad(slots),
            "length": len(self.content) if self.length is None else self.length,
            "content": self.content,
            "tail": self.tail,
            "size": self.size,
        }
        if change is not None:
            made["change"] = change
        return {**made, "sha256": wire.sha256(changed or sealed)}

    def said(self) -> dict[str, Any]:
        """What comes out."""
        return {
            "generation": self.generation,
            "organisation_seed": self.organisation_seed,
            "entries": [list(entry) for entry in self.entries],
        }


GOOD = Store()
