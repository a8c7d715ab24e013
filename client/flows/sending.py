"""Answers on their way: kept as sealed before they are sent, and sent again byte for byte.

The first write of a slot wins. So the same bytes under the same number never make two answers.
Where something else lies in the slot, another member was quicker: nothing is sent in its place
unless that is asked for, and whoever wrote is told.

Source: docs/spec/box.md, 1 and 2; docs/spec/http.md, 4.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from client.api import Api
from client.flows import kept
from client.flows.desk import Desk
from crypto import constants as c
from crypto.client import answers, box, message
from crypto.client.answers import Answer
from crypto.client.case import Case
from crypto.client.message import BoxKeys
from crypto.client.settings import answer_of
from crypto.client.store import Store
from crypto.encoding import Random, Reader, u8

Outcome = Literal["sent", "taken", "ended", "full"]
"""It lies in the box; something else lies in its slot; the box was withdrawn or has ended; all its
slots are used."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An answer as it was sealed for a slot: 4,096 bytes, and the body that a case keeps."""

    slot: int
    sealed: bytes = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def answer(self) -> Answer:
        """What it says."""
        return answers.decode_body(self.body, self.slot)


def outgoing(store: Store, case_id: bytes) -> Outgoing | None:
    """Return what is on its way for a case (id of 16 bytes), or None."""
    value = kept.get(store, answer_of(case_id))
    if value is None:
        return None
    reader = Reader(value)
    return Outgoing(reader.u8(), reader.take(c.SLOT_BYTES), reader.take(reader.left))


def with_outgoing(store: Store, case_id: bytes, answer: Answer, slot: int, random: Random) -> Store:
    """Return a store in which an answer is sealed for a slot (1 to 31) and waits to be sent.

    Raises Malformed or TooLong for an answer that can't be sent.
    """
    keys = box_of(store, case_id)
    if keys is None or slot >= c.SLOTS:
        return kept.drop(store, answer_of(case_id))
    place = {"network_id": store.network_id, "box_id": keys.box_id, "slot": slot}
    plain = replace(answer, signature=b"")
    signed = box.sign(plain, organisation_seed=store.organisation_seed, **place)  # type: ignore[arg-type]
    sealed = box.seal_answer(
        plain,
        network_id=store.network_id,
        box_id=keys.box_id,
        box_key=keys.box_key,
        slot=slot,
        organisation_seed=store.organisation_seed,
        random=random,
    )
    value = u8(slot) + sealed + answers.encode_body(signed, slot)
    return kept.put(store, answer_of(case_id), value)


def box_of(store: Store, case_id: bytes) -> BoxKeys | None:
    """Return the keys of a case's box, or None where no answer is wanted."""
    case = Case.decode(store.entries[c.ENTRY_CASE, case_id])
    return message.decode_body(c.KIND_REFERRAL, case.message).box


def next_slot(case: Case) -> int:
    """Return the number of the slot after the last that this store knows to be used."""
    return max((slot for slot, _ in case.answers), default=answers.DELIVERED_SLOT) + 1


def closed(store: Store, case_id: bytes, today: int) -> Store:
    """Return a store in which this case is closed, its one-time seed erased, nothing on its way.

    Source: docs/spec/store.md, 5.
    """
    value = store.entries.get((c.ENTRY_CASE, case_id))
    if value is None:
        return store
    case = replace(
        Case.decode(value),
        state=c.STATE_CLOSED,
        last_epoch=today + c.CASE_DAYS_AFTER_CLOSING,
    )
    store = kept.drop(store, answer_of(case_id)).erase_seed(case_id)
    return store.with_entry(c.ENTRY_CASE, case_id, case.encode())


@dataclass(frozen=True, slots=True)
class Unsent:
    """An answer that found its slot taken, and whose it was: the case's id (16 bytes)."""

    case_id: bytes
    answer: Answer = field(repr=False)


def send(desk: Desk, api: Api, case_id: bytes, *, today: int, beside: bool = False) -> Outcome:
    """Send what is on its way for a case, and write down what became of it.

    An answer that says "closed" closes the case once it is sent; `today` is an epoch. With `beside`
    it goes into the next slot where another member took this one. Raises Unreachable or
    ServerProblem: it then waits, and goes out with the next try.
    """
    while True:
        store = desk.read()
        waiting = outgoing(store, case_id)
        keys = box_of(store, case_id)
        if waiting is None or keys is None:
            return "full"
        became = api.answer(keys.box_id, keys.write_key, waiting.slot, waiting.sealed)
        if became == "stored":
            desk.edit(lambda store, it=waiting: _sent(store, case_id, it, today))  # type: ignore[misc]
            return "sent"
        if became == "refused" or not beside:
            desk.edit(lambda store: kept.drop(store, answer_of(case_id)))
            return "ended" if became == "refused" else "taken"
        desk.edit(lambda store, it=waiting: _moved_on(store, case_id, it, desk.random))  # type: ignore[misc]


def send_waiting(desk: Desk, api: Api, *, today: int) -> tuple[int, tuple[Unsent, ...]]:
    """Send every answer that could not be sent before.

    Returns how many were, and those whose slot somebody else took meanwhile, so that nothing that
    was written gets lost.
    """
    sent, taken = 0, []
    for case_id, _ in desk.read().of_kind(c.ENTRY_CASE):
        waiting = outgoing(desk.read(), case_id)
        if waiting is None:
            continue
        became = send(desk, api, case_id, today=today)
        sent += became == "sent"
        if became == "taken":
            taken.append(Unsent(case_id, waiting.answer))
    return sent, tuple(taken)


def _sent(store: Store, case_id: bytes, it: Outgoing, today: int) -> Store:
    store = kept.drop(store, answer_of(case_id))
    value = store.entries.get((c.ENTRY_CASE, case_id))
    if value is None:
        return store
    case = Case.decode(value)
    if it.slot in dict(case.answers):
        return store
    said = tuple(sorted((*case.answers, (it.slot, it.body))))
    # "Read" takes nothing back from a case that was answered.
    state = it.answer.state
    stays = case.state == c.STATE_CLOSED or (state == _READ and case.state > _READ)
    case = replace(case, answers=said, state=case.state if stays else state)
    store = store.with_entry(c.ENTRY_CASE, case_id, case.encode())
    return closed(store, case_id, today) if state == c.STATE_CLOSED else store


def _moved_on(store: Store, case_id: bytes, it: Outgoing, random: Random) -> Store:
    """Seal the same answer for the next slot, since something else lies in this one."""
    return with_outgoing(store, case_id, it.answer, it.slot + 1, random)


_READ = 2  # of the list "state"
