"""Opening and sealing stores (store.md, 3 and 6)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.vectors import wire
from tools.vectors.member_files import SECRET
from tools.vectors.people import (
    LAST_EPOCH,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    OTHER_ORGANISATION_SEED,
    OTHER_SEED,
    TODAY,
)
from tools.vectors.scenario import Scenarios, maker
from tools.vectors.store_entries import ERASED, LEFT, MEMBER, SEED, SETTING, member, seed
from tools.vectors.stores import ALL, GOOD, HER, LOCATOR, SIZE, SLOT_BYTES, Store
from tools.vectors.wire import u8, u32

_open = maker("open_store", "store.md 6")
_seal = maker("seal_store", "store.md 3")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _opened()
    yield from _not_hers()
    yield from _changed()
    yield from _contents()
    yield from _sealed()


def _opened() -> Scenarios:
    rows = {
        "everything": ("Every kind of entry; a newer one is kept.", Store(ALL), 0),
        "last_slot": ("Her slot may be any.", Store(place=15), 0),
        "same_generation": ("As old as the oldest accepted.", GOOD, 5),
        "larger": ("In a size larger than needed.", Store(size=1024 * 1024), 0),
    }
    for name, (comment, store, least) in rows.items():
        yield _open(
            f"store_open_{name}",
            comment,
            _opening(store.recipe(), least=least),
            output=store.said(),
        )


def _not_hers() -> Scenarios:
    other = {**SECRET, "network_id": OTHER_NETWORK_ID}
    member_there = {**SECRET, "organisation_key": OTHER_ORGANISATION}
    stranger = {**SECRET, "xwing_seed": OTHER_SEED}
    foreign = Store(network_id=OTHER_NETWORK_ID)
    forged = Store(organisation_seed=OTHER_ORGANISATION_SEED)
    bound = Store(aad_network_id=OTHER_NETWORK_ID)
    rows: dict[str, tuple[str, str, Store, dict[str, Any], int]] = {
        "stranger": ("CannotOpen", "No slot is hers, or no longer.", GOOD, stranger, 0),
        "other_network_member": ("CannotOpen", "A member elsewhere.", GOOD, other, 0),
        "other_organisation_member": ("CannotOpen", "Of another.", GOOD, member_there, 0),
        "slot_of_other_network": (
            "CannotOpen",
            "A slot that was sealed to her for another network.",
            Store(slot_network_id=OTHER_NETWORK_ID),
            SECRET,
            0,
        ),
        "body_of_other_network": ("CannotOpen", "A body bound to another.", bound, SECRET, 0),
        "network_inside": ("WrongNetwork", "Another network's id inside.", foreign, SECRET, 0),
        "forged": (
            "BadSignature",
            "Made by somebody who has members' public keys and not the organisation's seed.",
            forged,
            SECRET,
            0,
        ),
        "rollback": ("Rollback", "An older store than was seen.", GOOD, SECRET, 6),
        "forged_and_old": ("BadSignature", "The first failure is reported.", forged, SECRET, 6),
    }
    for name, (expect, comment, store, secret, least) in rows.items():
        inputs = _opening(store.recipe(), secret, least)
        yield _open(f"store_{name}", comment, inputs, expect)


def _changed() -> Scenarios:
    good = GOOD.sealed()
    last_slot = 1 + 15 * SLOT_BYTES + 7
    rows: dict[str, tuple[str, str, dict[str, Any]]] = {
        "flipped_her_slot": ("CannotOpen", "A bit of her slot.", {"flip": 9}),
        "flipped_unused_slot": (
            "CannotOpen",
            "A bit of a slot that nobody uses: the body is bound to all.",
            {"flip": last_slot},
        ),
        "flipped_nonce": ("CannotOpen", "A bit of the nonce.", {"flip": 18_689}),
        "flipped_body": ("CannotOpen", "A bit of the body.", {"flip": 100_000}),
        "flipped_tag": ("CannotOpen", "The last bit.", {"flip": SIZE - 1}),
        "slots_swapped": (
            "CannotOpen",
            "Two slots in each other's place.",
            {"swap": [1, 1 + SLOT_BYTES, SLOT_BYTES]},
        ),
        "slots_erased": (
            "CannotOpen",
            "What is left of an old file: its slots are zeros.",
            {"zero": [1, 18_689]},
        ),
        "cut": ("Malformed", "A byte is missing.", {"cut": 1}),
        "cut_to_header": ("Malformed", "Only the slots are left.", {"cut": SIZE - 18_713}),
        "appended": ("Malformed", "A byte too many.", {"append": "00"}),
        "suite": ("Unsupported", "Suite 0.", {"flip": 0}),
    }
    for name, (expect, comment, change) in rows.items():
        recipe = GOOD.recipe(change, wire.change(good, change))
        yield _open(f"store_{name}", comment, _opening(recipe), expect)


def _contents() -> Scenarios:
    first, second = (SETTING, bytes(16), b"a"), (SETTING, bytes(15) + b"\x01", b"b")
    many = [(MEMBER, u8(n) * 16, member()) for n in range(17)]
    rows = {
        "version_2": ("Unsupported", "Another version byte inside.", Store(version=2)),
        "tail": ("Malformed", "The last byte is not zero.", Store(tail=b"\x01")),
        "length_beyond_end": ("Malformed", "A length beyond the end.", Store(length=SIZE)),
        "length_too_short": (
            "Malformed",
            "Content behind its length.",
            Store(length=len(GOOD.content) - 1),
        ),
        "entry_missing": ("Malformed", "One entry fewer than counted.", Store(count=2)),
        "entry_more": ("Malformed", "One more than counted.", Store([HER, first], count=1)),
        "entries_unordered": ("Malformed", "By kind and id.", Store([HER, second, first])),
        "kinds_unordered": ("Malformed", "By kind first.", Store([first, HER])),
        "entry_twice": ("Malformed", "One entry twice.", Store([HER, first, first])),
        "entry_malformed": (
            "Malformed",
            "A value that breaks its kind's rule.",
            Store([HER, (SEED, LOCATOR, seed()[:-1])]),
        ),
        "no_member": ("Malformed", "A store without members.", Store([first])),
        "seed_and_erased": (
            "Malformed",
            "A seed that is there and erased at once.",
            Store([HER, (SEED, LOCATOR, seed()), (ERASED, LOCATOR, u32(LAST_EPOCH + 60))]),
        ),
        "member_and_left": (
            "Malformed",
            "A member who is there and left at once.",
            Store([HER, (LEFT, HER[1], u32(TODAY))]),
        ),
        "17_members": ("Malformed", "More members than slots.", Store(many)),
    }
    for name, (expect, comment, store) in rows.items():
        inputs = _opening(store.recipe())
        yield _open(f"store_content_{name}", comment, inputs, expect, at="store.md 3")


def _sealed() -> Scenarios:
    everything = Store(ALL)
    yield _seal(
        "store_seal",
        "Entries in any order are written in theirs, in the smallest size that fits.",
        _sealing(replace(everything, entries=ALL[::-1])),
        output={"size": SIZE, "content": everything.content},
    )
    bad = Store([HER, (SEED, LOCATOR, seed(6))])
    yield _seal("store_seal_bad_entry", "A value that is none.", _sealing(bad), "Malformed")
    short = Store([HER, (SETTING, bytes(15), b"")])
    yield _seal("store_seal_short_id", "An id has 16 bytes.", _sealing(short), "Malformed")
    many = Store([(MEMBER, u8(n) * 16, member()) for n in range(17)])
    yield _seal(
        "store_seal_17_members",
        "More members than slots.",
        _sealing(many),
        "TooLong",
    )


def _sealing(store: Store) -> dict[str, Any]:
    return {
        "network_id": store.network_id,
        "organisation_seed": store.organisation_seed,
        "generation": store.generation,
        "entries": [list(entry) for entry in store.entries],
        "member_seeds": [SECRET["xwing_seed"]],
    }


def _opening(
    recipe: dict[str, Any], secret: dict[str, Any] = SECRET, least: int = 0
) -> dict[str, Any]:
    return {"store": recipe, "secret": secret, "at_least_generation": least}
