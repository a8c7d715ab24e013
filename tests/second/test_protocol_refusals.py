"""Altered bytes are refused by the product and by the stranger in the same category."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import pytest

from crypto.client import aead, box, code_text, envelope, hpke, message, record
from crypto.client.record_check import check
from crypto.client.store import open_store, seal_store
from crypto.encoding import frame
from crypto.public import checkpoint, organisation_keys, policy, policy_chain, statements
from crypto.public.note_signing import public_of, signature_line
from tests.crypto import networks, records
from tests.crypto import store_samples as stores
from tests.second import both
from tests.second.asking import Stranger
from tests.second.both import made_up

NETWORK_ID = made_up("network", 32)
SEED = made_up("recipient", 32)
LEAST = 60
Call = Callable[[], object]


@dataclass(frozen=True)
class Altered:
    """One alteration, and how either side reads what came of it."""

    name: str
    ours: Call
    op: str
    asked: dict[str, Any]


def _flip(value: bytes, at: int, bits: int = 1) -> bytes:
    changed = bytearray(value)
    changed[at] ^= bits
    return bytes(changed)


def _forms(value: bytes, places: list[int]) -> Iterator[tuple[str, bytes]]:
    for at in places:
        yield f"flipped at {at}", _flip(value, at)
    yield "cut", value[:-1]
    yield "longer", value + b"\x00"
    yield "nothing", b""


def _envelopes() -> Iterator[Altered]:
    context = envelope.for_code(NETWORK_ID, made_up("locator", 16), made_up("psk", 32))
    public = hpke.public_key(SEED)
    said = message.encode(both.referral("altered"))
    sealed = envelope.seal(said, public, context, random=both.draws("e"))
    names = ("network_id", "kind", "binding", "inner_key")
    bound = {name: getattr(context, name) for name in names}
    for name, form in _forms(sealed, [0, 1, 1088, 1089, 1120, 1121, 1145, 5256, 5272]):
        ours = partial(envelope.open_, form, SEED, context)
        yield Altered(name, ours, "open_envelope", {"envelope": form, "seed": SEED, **bound})
    for other in ("network_id", "binding", "inner_key"):
        changed = bound | {other: _flip(bound[other], 0)}
        ours = partial(envelope.open_, sealed, SEED, envelope.Context(**changed))
        asked = {"envelope": sealed, "seed": SEED, **changed}
        yield Altered(f"another {other}", ours, "open_envelope", asked)


def _messages() -> Iterator[Altered]:
    written = message.encode(both.referral("altered"))
    for at in (0, 1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 4095):
        form = _flip(written, at, 0x40)
        ours = partial(message.decode, form, 1)
        yield Altered(f"at {at}", ours, "read_message", {"message": form, "kind": 1})


def _slots() -> Iterator[Altered]:
    place: dict[str, Any] = {"network_id": NETWORK_ID, "box_id": made_up("id", 16)}
    place["box_key"] = made_up("key", 32)
    seed, holder_key = made_up("organisation seed", 32), made_up("holder key", 32)
    said, draw = both.answer("altered"), both.draws("s")
    sealed = box.seal_answer(said, slot=3, organisation_seed=seed, random=draw, **place)
    at_holders = {name: place[name] for name in ("network_id", "box_id")}
    at_holders["holder_key"] = holder_key
    first = box.seal_delivered(both.delivered(hpke.public_key(SEED)), random=draw, **at_holders)
    for name, form in _forms(first, [0, 23, 24, 2000, 4079, 4095]):
        ours = partial(box.open_delivered, form, **at_holders)
        yield Altered(f"slot 0 {name}", ours, "open_delivered", {"slot": form, **at_holders})
    other = place | {"organisation": public_of(made_up("another organisation", 32))}
    asked = {"slot": sealed, "number": 3, **other}
    yield Altered(
        "another's", partial(box.open_answer, sealed, slot=3, **other), "open_slot", asked
    )
    place["organisation"] = public_of(seed)
    for name, form in _forms(sealed, [0, 23, 24, 2000, 4079, 4095]):
        ours = partial(box.open_answer, form, slot=3, **place)
        yield Altered(name, ours, "open_slot", {"slot": form, "number": 3, **place})
    for number in (0, 2, 4, 32):
        ours = partial(box.open_answer, sealed, slot=number, **place)
        asked = {"slot": sealed, "number": number, **place}
        yield Altered(f"as slot {number}", ours, "open_slot", asked)


def _stores() -> Iterator[Altered]:
    member = stores.member("a member")
    sealed = seal_store(stores.full(member), random=both.draws("store"))
    asked: dict[str, Any] = {"organisation": member.organisation_key}
    asked["network_id"] = member.network_id
    asked |= {"member_seed": member.xwing_seed, "lowest": 0}
    for name, form in _forms(sealed, [0, 18_000, 18_689, 18_713, 100_000, 262_143]):
        ours = partial(open_store, form, member, 0)
        yield Altered(name, ours, "open_store", {"sealed": form, **asked})
    ours = partial(open_store, sealed, member, 1)
    yield Altered("older", ours, "open_store", {"sealed": sealed, **asked, "lowest": 1})


def _records() -> Iterator[Altered]:
    case = records.make()
    seen = both.seen_by_a_sender(case)
    ours: Call
    for name, form in _forms(case.sealed, [0, 1, 32, 33, 57, 4000, 4095]):
        ours = partial(record.open_, form, case.keys, case.network.network_id)
        yield Altered(name, ours, "open_and_check", {"sealed": form, **seen})
    written = record.encode(case.contents).ljust(4023, b"\x00")
    lengths = [0, 4, 5, 1221, 1286, 1287, 1300, len(record.encode(case.contents)), 4022]
    for at in [*lengths, *(both.below(f"place {n}", 2700) for n in range(40))]:
        form = _sealed_as_record(_flip(written, at), case)
        ours = partial(_open_and_check, form, case)
        yield Altered(f"inside at {at}", ours, "open_and_check", {"sealed": form, **seen})


def _sealed_as_record(plaintext: bytes, case: records.Case) -> bytes:
    bound = (case.network.network_id, case.keys.locator, case.keys.record_commitment)
    aad = frame("towpath/v1/record", b"\x01", *bound)
    sealed = aead.seal(case.keys.record_key, nonce=bytes(24), aad=aad, plaintext=plaintext)
    return b"\x01" + case.keys.record_commitment + bytes(24) + sealed


def _open_and_check(sealed: bytes, case: records.Case) -> None:
    opened = record.open_(sealed, case.keys, case.network.network_id)
    check(opened, case.keys.locator, case.seen)


def _weekly_keys() -> Iterator[Altered]:
    net = networks.make_network()
    statement = statements.check(net.statement(), net.policy, net.today)
    weekly, asked = net.weekly_key(), {"network_id": net.network_id, "today": net.today}
    asked["organisation"] = net.organisation
    for name, form in _forms(weekly, [0, 1, 33, 36, 37, 40, 41, 1256, 1257, 1320]):
        ours = partial(organisation_keys.check_weekly_key, form, statement, net.today)
        yield Altered(name, ours, "check_weekly_key", {"weekly": form, **asked})
    for days in (-7, 7):
        today = net.today + days
        ours = partial(organisation_keys.check_weekly_key, weekly, statement, today)
        shown = {"weekly": weekly, **asked, "today": today}
        yield Altered(f"{days} days on", ours, "check_weekly_key", shown)


def _notes() -> Iterator[Altered]:
    net = networks.make_network()
    under = {"chain": [net.policy_note], "network_id": net.network_id, "today": net.today}
    for kind, note, ours in (
        ("statement", net.statement(), lambda n: statements.check(n, net.policy, net.today)),
        ("checkpoint", net.checkpoint([b"x\n"]), lambda n: checkpoint.check_newest(n, net.policy)),
    ):
        for name, form in _forms(note, [both.below(f"{kind} {n}", len(note)) for n in range(40)]):
            asked = {"content": form, **under}
            yield Altered(f"{kind} {name}", partial(ours, form), f"{kind}_under", asked)
        first = note[: note.index(b"\n\n") + 2] + note[note.index(b"\n\n") + 2 :].split(b"\n")[0]
        asked = {"content": first + b"\n", **under}
        yield Altered(f"{kind} of one", partial(ours, first + b"\n"), f"{kind}_under", asked)


def _policies() -> Iterator[Altered]:
    net = networks.make_network()
    text = policy.format_text(net.policy)
    for number, line in enumerate(text.splitlines()[1:]):
        keyword, value = line.split(" ", 1)
        for other in (f"{keyword} 0", f"{keyword}  {value}", f"{line}\n{line}", f"{line}\t", ""):
            form = text.replace(line, other, 1)
            signed = "".join(str(signature_line(form, one)) for one in net.admins[:2])
            note, network_id = f"{form}\n{signed}".encode(), policy.network_id_of(form)
            ours = partial(policy_chain.accept_chain, [note], network_id, net.today)
            asked = {"notes": [note], "network_id": network_id, "seen": 0, "today": net.today}
            yield Altered(f"line {number}: {other!r}", ours, "accept_chain", asked)


def _typed() -> Iterator[Altered]:
    kinds = (code_text.Kind.CODE, code_text.Kind.RECEIPT)
    for number in range(20):
        secret, kind = made_up(f"typed {number}", 10), kinds[number % 2]
        for text in (code_text.symbols(secret, kind), code_text.digits(secret, kind)):
            for form in (text[:-1], text[:5] + "U" + text[6:], text[5:] + text[:5], text[:3] * 9):
                for asked in kinds:
                    ours = partial(code_text.read, form, asked)
                    read = {"text": form, "kind": asked.name.lower()}
                    yield Altered(repr(form), ours, "read_typed", read)


ALTERATIONS = {
    "envelopes": _envelopes,
    "messages": _messages,
    "slots": _slots,
    "stores": _stores,
    "records": _records,
    "weekly keys": _weekly_keys,
    "notes": _notes,
    "policies": _policies,
    "typed": _typed,
}


@cache
def _made(what: str) -> tuple[Altered, ...]:
    return tuple(ALTERATIONS[what]())


@pytest.mark.parametrize("what", ALTERATIONS)
def test_T53_both_refuse_alike(stranger: Stranger, what: str) -> None:
    """Every alteration ends the same way on both sides, and nearly all in a refusal."""
    outcomes = []
    for one in _made(what):
        ours = both.outcome(one.ours)
        assert both.outcome(partial(stranger, one.op, **one.asked)) == ours, one.name
        outcomes.append(ours)
    assert outcomes.count(both.OPENED) <= len(outcomes) // 4


def test_the_sample_is_large_and_varied(stranger: Stranger) -> None:
    """At least 60 alterations are refused, and more than half of all categories occur."""
    found = [both.outcome(one.ours) for what in ALTERATIONS for one in _made(what)]
    refused = [outcome for outcome in found if outcome != both.OPENED]
    assert len(refused) >= LEAST
    assert len(set(refused)) >= 10
