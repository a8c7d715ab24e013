"""Random copies of one store, as two clients come to have them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from crypto import constants as c
from crypto.client import settings
from crypto.client.case import Case
from crypto.client.settings import setting_id
from crypto.client.stock import Stock, Token, Waiting
from crypto.client.store import Key, Store
from crypto.client.store_entries import Erased, WeeklyEntry
from crypto.encoding import u8, u16, u32, u64
from tests.crossing.made_up import Draw
from tests.crypto import store_samples as samples

TODAY = samples.TODAY
DEVICE = b"dev."
IDS = [bytes((number,)) * 16 for number in range(1, 7)]
HER = samples.member("Anna")
OTHERS = [samples.member(f"other {number}") for number in range(3)]
BATCHES = (DEVICE + b"week", b"a batch.", b"another.")
BODIES = (b"one", b"two", b"three")
MARKS = ("a", "\U0001f33b", "\n")


def founded() -> Store:
    """A store with one member, who stays."""
    return samples.founded(HER, generation=3)


def changed(store: Store, draw: Draw, times: int) -> Store:
    """A store after some things that members do, or would not do, in any order."""
    for _ in range(times):
        store = draw.choice((_member, _seed, _erase, _week, _case, _case, _setting, _drop))(
            store, draw
        )
    return replace(store, generation=store.generation + draw.below(4))


def random_merges(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """What goes into so many merges, as a scenario gives it; every fourth has no base."""
    draw = Draw(seed)
    for number in range(count):
        base = changed(founded(), draw, 25)
        mine, theirs = changed(base, draw, 12), changed(base, draw, 12)
        if number % 30 == 0:
            for more in range(10):
                mine = samples.with_member(mine, samples.member(f"mine {more}"))
                theirs = samples.with_member(theirs, samples.member(f"theirs {more}"))
        before = None if draw.below(4) == 0 else as_given(base)
        sides = {"mine": as_given(mine), "theirs": as_given(theirs)}
        yield {"base": before, **sides, "today": TODAY}


def as_given(store: Store) -> dict[str, Any]:
    """A store, as a scenario gives it."""
    return {
        "network_id": store.network_id,
        "organisation_seed": store.organisation_seed,
        "generation": store.generation,
        "entries": [[*key, value] for key, value in store.entries.items()],
    }


def _member(store: Store, draw: Draw) -> Store:
    one = draw.choice(OTHERS)
    if draw.half():
        return store.remove_member(one.member_id, TODAY - draw.below(3))
    if (c.ENTRY_LEFT, one.member_id) in store.entries:
        return store
    entry = samples.member_entry(one, draw.choice(("Binta", "Carla")))
    return store.with_entry(c.ENTRY_MEMBER, one.member_id, entry.encode())


def _seed(store: Store, draw: Draw) -> Store:
    at = draw.choice(IDS)
    if (c.ENTRY_ERASED, at) in store.entries:
        return store
    entry = replace(
        samples.seed_entry(TODAY + draw.choice((-61, 0, 7))),
        state=draw.below(6),
        batch=draw.choice(BATCHES),
        psk=draw.choice((samples.PSK, bytes(32))) if draw.seldom() else samples.PSK,
    )
    return store.with_entry(c.ENTRY_SEED, at, entry.encode())


def _erase(store: Store, draw: Draw) -> Store:
    at = draw.choice(IDS)
    if draw.seldom():
        gone = Erased(forget_after=TODAY + draw.choice((-1, 0, 60)))
        store = store.without_entry(c.ENTRY_SEED, at)
        return store.with_entry(c.ENTRY_ERASED, at, gone.encode())
    return store.erase_seed(at)


def _week(store: Store, draw: Draw) -> Store:
    at, last = draw.choice(IDS), TODAY + draw.choice((-8, 0, 6))
    entry = WeeklyEntry(first=last - 6, last=last, xwing_seed=bytes(32))
    return store.with_entry(c.ENTRY_WEEKLY, at, entry.encode())


def _case(store: Store, draw: Draw) -> Store:
    at = draw.choice(IDS)
    value = store.entries.get((c.ENTRY_CASE, at))
    if value is None:
        case = Case(arrived=TODAY - draw.below(3), state=1, message=b"asked", last_epoch=TODAY)
    else:
        case = Case.decode(value)
    said = {draw.between(1, 3): draw.choice(BODIES)}
    match draw.below(8):
        case 0:
            case = replace(case, follow_ups=_with(case.follow_ups, said))
        case 1:
            case = replace(case, answers=_with(case.answers, said))
        case 2:
            case = replace(case, note=case.note + draw.choice(MARKS))
        case 3:
            case = replace(case, note=draw.choice(("", "anew", "long" * 2500)))
        case 4:
            case = replace(case, taken_by=draw.choice((b"", *IDS)))
        case 5:
            case = replace(case, state=draw.between(1, 6), last_epoch=TODAY + draw.below(40))
        case 6:
            case = replace(case, unknown=((draw.between(200, 202), draw.choice(BODIES)),))
        case _:
            return store.without_entry(c.ENTRY_CASE, at)
    return store.with_entry(c.ENTRY_CASE, at, case.encode())


def _with(
    there: tuple[tuple[int, bytes], ...], said: dict[int, bytes]
) -> tuple[tuple[int, bytes], ...]:
    return tuple(sorted((dict(there) | said).items()))


def _setting(store: Store, draw: Draw) -> Store:
    values = {
        settings.CURSOR: u64(draw.below(2**40)),
        settings.DROP_KEY: u32(TODAY + draw.below(3)) + draw.bytes_of(32),
        settings.UNREADABLE: b"".join(
            one + u32(TODAY - draw.below(95)) for one in IDS if draw.half()
        ),
        settings.MEMBERS: draw.bytes_of(32),
        settings.DEVICES: draw.choice((DEVICE, b"aaaa" + DEVICE)),
        settings.WALK_INS: draw.bytes_of(3),
        settings.weekly_of(DEVICE): b"".join(
            u32(7 * week) + u8(draw.below(2)) for week in range(5) if draw.half()
        ),
        settings.answer_of(draw.choice(IDS)): u8(draw.between(1, 3))
        + bytes(c.SLOT_BYTES)
        + draw.choice(BODIES),
        settings.stock_of(DEVICE): _stock(draw).encode(),
        settings.WRITTEN: draw.choice(IDS) + u32(TODAY),
        settings.pages_of(DEVICE): u16(draw.below(4))
        + b"".join(one[:8] + u16(draw.below(4)) for one in sorted(IDS) if draw.half()),
    }
    name = draw.choice(list(values))
    value = draw.bytes_of(draw.below(9)) if draw.seldom() else values[name]
    return store.with_entry(c.ENTRY_SETTING, setting_id(name), value)


def _stock(draw: Draw) -> Stock:
    tokens = [Token(TODAY, bytes((number,)) * c.TOKEN_BYTES) for number in range(4)]
    return Stock(
        week=TODAY + draw.below(3),
        tokens=tuple(one for one in tokens * (1 + draw.seldom()) if draw.half()),
        waiting=tuple(
            Waiting(at, draw.below(2**40), draw.choice(tokens), draw.choice((b"", b"record")))
            for at in IDS * (1 + draw.seldom())
            if draw.half()
        ),
    )


def _drop(store: Store, draw: Draw) -> Store:
    there: list[Key] = [
        key for key in sorted(store.entries) if key[0] in (c.ENTRY_SETTING, c.ENTRY_WEEKLY)
    ]
    return store.without_entry(*draw.choice(there)) if there else store
