"""The store: who opens it, its sizes, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crypto import constants as c
from crypto.client.member_file import MemberSecret
from crypto.client.store import open_store, seal_store
from crypto.errors import (
    CannotOpen,
    Malformed,
    Refused,
    Rollback,
    TooLong,
    Unsupported,
)
from tests.crypto import store_samples as samples

ANNA = samples.member("Anna")
BINTA = samples.member("Binta")
STRANGER = samples.member("a stranger")
FULL = samples.full(ANNA, BINTA)
SEALED = seal_store(FULL, random=samples.draws("sealed"))
STEPS = (2**18, 2**20, 2**22, 2**24, 2**26)
NEXT_STEPS = (*STEPS[1:], None)
SLOT, NONCE_AT, BODY_AT = samples.SLOT, samples.NONCE_AT, samples.BODY_AT


def refusal(sealed: bytes, secret: MemberSecret = ANNA, at_least: int = 0) -> type[Refused]:
    """Return how opening is refused to Anna, if nobody else is named."""
    return samples.refusal(sealed, secret, at_least)


def flipped(sealed: bytes, at: int) -> bytes:
    """Return the bytes with one bit changed."""
    return sealed[:at] + bytes([sealed[at] ^ 0x10]) + sealed[at + 1 :]


def swapped(sealed: bytes, first: int, second: int) -> bytes:
    """Return a sealed store with two of its slots exchanged."""
    slots = samples.slots_of(sealed)
    slots[first], slots[second] = slots[second], slots[first]
    return sealed[:1] + b"".join(slots) + sealed[NONCE_AT:]


def test_every_member_opens_all_of_it() -> None:
    """What was sealed is what each member reads, unknown kinds and empty settings included."""
    for secret in (ANNA, BINTA):
        opened = open_store(SEALED, secret, 0)
        assert opened == FULL
        assert samples.LOCATOR in dict(opened.of_kind(c.ENTRY_SEED))


def test_sixteen_members_open_one_store() -> None:
    """There is a slot for each of sixteen."""
    members = [samples.member(str(number)) for number in range(16)]
    sealed = seal_store(samples.founded(*members), random=samples.draws(16))
    assert {open_store(sealed, one, 0).generation for one in members} == {0}


@pytest.mark.parametrize(("step", "following"), list(zip(STEPS, NEXT_STEPS, strict=True)))
def test_T34_the_size_is_the_smallest_of_five_steps(step: int, following: int | None) -> None:
    """A store that just fits has the step's size, and one byte more makes it the next step's."""
    store = samples.with_filler(samples.founded(ANNA), 0)
    entry = 1 + 16 + 4
    member = entry + len(samples.member_entry(ANNA).encode())
    room = step - BODY_AT - 16 - 4 - (1 + 8 + 32 + 32 + 4) - member - entry
    assert len(seal_store(samples.with_filler(store, room), random=samples.draws(1))) == step
    too_much = samples.with_filler(store, room + 1)
    if following is None:
        with pytest.raises(TooLong):
            seal_store(too_much, random=samples.draws(1))
    else:
        assert len(seal_store(too_much, random=samples.draws(1))) == following


@given(
    st.lists(st.tuples(st.sampled_from((6, *range(8, 256))), st.binary(max_size=2000)), max_size=20)
)
def test_T34_the_size_says_nothing_of_changes_within_a_step(
    values: list[tuple[int, bytes]],
) -> None:
    """Whatever is added below the step's end, the sealed store is as long as an empty one."""
    store = samples.founded(ANNA)
    for number, (kind, value) in enumerate(values):
        store = store.with_entry(kind, number.to_bytes(16, "big"), value)
    sealed = seal_store(store, random=samples.draws(2))
    assert len(sealed) == STEPS[0]
    assert open_store(sealed, ANNA, 0) == store


@pytest.mark.parametrize("slot", range(16))
def test_T22_a_changed_slot_is_refused_whosever_it_is(slot: int) -> None:
    """Nobody changes a slot unseen: not one's own, another member's, or one that is not used."""
    at = 1 + slot * SLOT
    for place in (at, at + 1119, at + SLOT - 1):
        assert refusal(flipped(SEALED, place)) is CannotOpen


@pytest.mark.parametrize(
    "at",
    [NONCE_AT, BODY_AT - 1, BODY_AT, BODY_AT + 5, BODY_AT + 3000, 200_000, -17, -16, -1],
)
def test_T22_a_changed_nonce_or_body_is_refused(at: int) -> None:
    """No byte of the nonce, the entries, the padding or the tag can be changed unseen."""
    assert refusal(flipped(SEALED, at % len(SEALED))) is CannotOpen


@pytest.mark.parametrize("suite", [0, 2, 0x11, 255])
def test_another_suite_is_refused(suite: int) -> None:
    """There is no negotiation: another first byte is another version's store."""
    assert refusal(bytes([suite]) + SEALED[1:]) is Unsupported


@pytest.mark.parametrize(
    "sealed",
    [b"", SEALED[:1], SEALED[:NONCE_AT], SEALED[:-1], SEALED + b"\x00", SEALED + SEALED],
    ids=["nothing", "a byte", "slots", "cut", "appended", "twice"],
)
def test_another_length_is_refused(sealed: bytes) -> None:
    """Only the five sizes are looked at."""
    assert refusal(sealed) is Malformed


def test_another_of_the_five_lengths_is_refused() -> None:
    """Bytes cut away or appended up to another step do not open."""
    large = seal_store(samples.with_filler(FULL, 300_000), random=samples.draws(3))
    assert len(large) == STEPS[1]
    assert refusal(large[: STEPS[0]]) is CannotOpen
    assert refusal(SEALED.ljust(STEPS[1], b"\x00")) is CannotOpen


def test_T22_swapped_slots_are_refused() -> None:
    """The order of the slots is authenticated too."""
    assert refusal(swapped(SEALED, 0, 1)) is CannotOpen
    assert refusal(swapped(SEALED, 14, 15)) is CannotOpen


def test_T22_parts_of_two_writings_do_not_mix() -> None:
    """Slots and body belong to one writing, though both are genuine."""
    other = seal_store(FULL, random=samples.draws("other"))
    assert refusal(SEALED[:NONCE_AT] + other[NONCE_AT:]) is CannotOpen
    assert refusal(SEALED[: 1 + 15 * SLOT] + other[1 + 15 * SLOT :]) is CannotOpen


def test_T36_who_is_not_a_member_opens_nothing() -> None:
    """Being known to the organisation is not enough: a slot is needed."""
    assert refusal(SEALED, STRANGER) is CannotOpen


@pytest.mark.parametrize("part", ["network_id", "organisation_key"])
def test_T22_a_member_of_another_network_or_organisation_opens_nothing(part: str) -> None:
    """The same person's keys do not open one organisation's store in another's name."""
    elsewhere = {"network_id": bytes(32), "organisation_key": bytes(32)}[part]
    secret = (
        replace(ANNA, network_id=elsewhere)
        if part == "network_id"
        else replace(ANNA, organisation_key=elsewhere)
    )
    assert refusal(SEALED, secret) is CannotOpen


@pytest.mark.parametrize(("seen", "is_older"), [(0, False), (7, False), (8, True), (2**64, True)])
def test_T22_a_store_older_than_one_seen_is_refused(seen: int, is_older: bool) -> None:
    """The generation seen last is accepted again, one below it never."""
    sealed = seal_store(samples.founded(ANNA, generation=7), random=samples.draws(4))
    if is_older:
        assert refusal(sealed, at_least=seen) is Rollback
    else:
        assert open_store(sealed, ANNA, seen).generation == 7
