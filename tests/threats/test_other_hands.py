"""What opens nothing: other providers' keys, former members' copies, erased seeds, admins' keys."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict, replace
from typing import Any

import pytest

from client import ambient
from crypto import constants as c
from crypto.client import box, envelope, hpke, record, walk_in
from crypto.client.member_file import MemberSecret, open_member_file, seal_member_file
from crypto.client.store import Store, open_store, seal_store
from crypto.client.store_entries import SeedEntry, WeeklyEntry
from crypto.encoding import frame
from crypto.errors import CannotOpen, Refused
from tests.crypto.networks import make_network, seed_of
from tests.crypto.streams import refusal_of
from tests.threats import scene
from tests.threats.scene import Provider, Sent, opens, provider, send, windows

ONE, TWO = provider("one"), provider("two")


@pytest.fixture(scope="module")
def sent() -> Sent:
    """A referral to the first provider, with a follow-up."""
    return send(ONE, ambient.random)


@pytest.fixture(scope="module")
def walked(sent: Sent) -> bytes:
    """A walk-in to the first provider."""
    return scene.walked_in(ONE, sent.encoded, ambient.random)


def seeds_of(one: Provider) -> list[bytes]:
    """Every 32-byte secret that a provider has: of codes, weeks, members and itself."""
    of_members = [seed for who in one.members for seed in (who.xwing_seed, who.ed25519_seed)]
    of_code = [value for value in asdict(one.keys).values() if len(value) == 32]
    return [
        one.one_time_seed,
        *one.weekly_seeds,
        one.network.organisation_seed,
        *of_members,
        *of_code,
    ]


def contexts_of(one: Provider, sent: Sent) -> Iterator[envelope.Context]:
    """Everything that a provider could take an envelope for: what it has, and what it sees.

    The locator of another's envelope stands in the drop; the code's psk does not, and is given
    away here all the same, so that only the outer layer holds.
    """
    yield one.context
    yield envelope.for_code(one.network.network_id, sent.to.keys.locator, one.keys.psk)
    yield sent.to.context
    yield sent.follow_up_context
    for seed in one.weekly_seeds:
        yield walk_in.context(one.network.network_id, hpke.public_key(seed))
    public = hpke.public_key(sent.to.weekly_seeds[0])
    yield walk_in.context(one.network.network_id, public)


def test_P1_P3_T39_an_envelope_opens_with_no_key_of_another_provider(
    sent: Sent, walked: bytes
) -> None:
    """Referral, follow-up and walk-in: none of another's seeds opens one, in any place."""
    for sealed in (sent.referral, sent.follow_up, walked):
        for seed in seeds_of(TWO):
            for context in contexts_of(TWO, sent):
                with pytest.raises(CannotOpen):
                    envelope.open_(sealed, seed, context)


def test_T39_the_right_provider_opens_all_three(sent: Sent, walked: bytes) -> None:
    """The same search with the keys of whom they are for opens each of them, once."""
    opened = [
        sum(
            opens(lambda: envelope.open_(sealed, seed, context))  # noqa: B023
            for seed in seeds_of(ONE)
            for context in contexts_of(ONE, sent)
        )
        for sealed in (sent.referral, sent.follow_up, walked)
    ]
    assert all(opened)


def test_P1_P3_T39_an_organisations_own_keys_of_another_code_or_week_open_nothing(
    sent: Sent, walked: bytes
) -> None:
    """Each code and week has a seed of its own: the others of the same provider are CannotOpen."""
    for seed in (*ONE.weekly_seeds, ONE.network.organisation_seed, seed_of("another code's")):
        with pytest.raises(CannotOpen):
            envelope.open_(sent.referral, seed, ONE.context)
    public = hpke.public_key(ONE.weekly_seeds[0])
    context = walk_in.context(ONE.network.network_id, public)
    for seed in (ONE.one_time_seed, ONE.weekly_seeds[1], ONE.network.organisation_seed):
        with pytest.raises(CannotOpen):
            envelope.open_(walked, seed, context)


# --- Who was a member ------------------------------------------------------------------------


def _later(store: Store) -> tuple[Store, bytes, bytes]:
    """The store after a member left: a new code and a new weekly key, and both their seeds."""
    code_seed, week_seed = ambient.random(32), ambient.random(32)
    _, value = next(store.of_kind(c.ENTRY_SEED))
    entry = replace(SeedEntry.decode(value), xwing_seed=code_seed)
    key_id = hashlib.sha256(hpke.public_key(week_seed)).digest()[:16]
    made = (
        replace(store, generation=store.generation + 1)
        .with_entry(c.ENTRY_SEED, b"a later locator.", entry.encode())
        .with_entry(
            c.ENTRY_WEEKLY, key_id, WeeklyEntry(first=4, last=10, xwing_seed=week_seed).encode()
        )
    )
    return made, code_seed, week_seed


def test_P1_P11_T42_a_former_members_key_file_opens_no_later_store(sent: Sent) -> None:
    """Her file and passphrase open the last store she was in, and none written after it."""
    anna, binta = ONE.members
    hers = open_member_file(seal_member_file(binta, "a phrase", random=ambient.random), "a phrase")
    store = ONE.store()
    assert open_store(seal_store(store, random=ambient.random), hers, 0) == store
    store = store.remove_member(binta.member_id, 20_000)
    for _ in range(3):
        store, _, _ = _later(store)
        sealed = seal_store(store, random=ambient.random)
        assert open_store(sealed, anna, 0) == store
        with pytest.raises(CannotOpen):
            open_store(sealed, hers, 0)


def test_P1_P11_T42_what_is_sealed_to_later_keys_stays_closed_to_a_former_member(
    sent: Sent,
) -> None:
    """All 32 bytes of the last store she could open are tried: none opens what came after."""
    _, binta = ONE.members
    before = ONE.store()
    _, code_seed, week_seed = _later(before.remove_member(binta.member_id, 20_000))
    context = envelope.for_code(ONE.network.network_id, b"a later locator.", ONE.keys.psk)
    for seed in (code_seed, week_seed):
        sealed = envelope.seal(sent.encoded, hpke.public_key(seed), context, random=ambient.random)
        assert opens(lambda: envelope.open_(sealed, seed, context))  # noqa: B023
        for value in (*secrets_in(before), binta.xwing_seed, binta.ed25519_seed):
            assert not opens(lambda: envelope.open_(sealed, value, context))  # noqa: B023


# --- Later theft -----------------------------------------------------------------------------


def secrets_in(store: Store) -> list[bytes]:
    """Every stretch of 32 bytes in the entries of a store but public keys, and its own seed."""
    values = [value for (kind, _), value in store.entries.items() if kind != c.ENTRY_MEMBER]
    return [store.organisation_seed, *(part for value in values for part in windows(value, 32))]


def test_P7_P11_T37_after_the_seed_was_erased_nothing_in_the_store_opens_the_envelope(
    sent: Sent,
) -> None:
    """With every member's key the store opens, and of all that is in it nothing opens the case."""
    before, after = ONE.store(), ONE.store().erase_seed(ONE.keys.locator)
    assert ONE.one_time_seed in secrets_in(before)
    sealed = seal_store(after, random=ambient.random)
    for member in ONE.members:
        stolen = open_store(sealed, member, 0)
        tried = [*secrets_in(stolen), member.xwing_seed, member.ed25519_seed]
        tried.append(_key_of_the_store(sealed, member))
        for value in tried:
            assert not opens(lambda: envelope.open_(sent.referral, value, ONE.context))  # noqa: B023


def test_P7_P11_T37_no_seed_outlives_its_day(sent: Sent) -> None:
    """On its last day a seed opens what was sealed to it; the day after, the store has none."""
    store, last = ONE.store(), ONE.case.contents.last_epoch + c.SEED_DAYS_AFTER_CODE
    assert ONE.one_time_seed in secrets_in(store.expire(last))
    gone = store.expire(last + 1)
    assert not list(gone.of_kind(c.ENTRY_SEED))
    for value in secrets_in(gone):
        assert not opens(lambda: envelope.open_(sent.referral, value, ONE.context))  # noqa: B023


def _key_of_the_store(sealed: bytes, member: MemberSecret) -> bytes:
    info = frame(c.LABEL_STORE_SLOT, b"\1", member.network_id, member.organisation_key)
    for at in range(1, 1 + 16 * c.STORE_SLOT_BYTES, c.STORE_SLOT_BYTES):
        try:
            slot = sealed[at : at + c.STORE_SLOT_BYTES]
            return hpke.open_(member.xwing_seed, info=info, sealed=slot)
        except Refused:
            continue
    raise AssertionError("no slot is hers")


# --- Who vets --------------------------------------------------------------------------------


def test_P1_P3_T46_no_key_of_an_admin_witness_or_log_opens_anything(sent: Sent) -> None:
    """All signing keys of a network together open no record, envelope, answer or store."""
    network = make_network()
    people = (*network.admins, *network.witnesses, network.log)
    store = seal_store(ONE.store(), random=ambient.random)
    place: dict[str, Any] = {"network_id": network.network_id, "box_id": sent.receipt.box_id}
    named: dict[str, Any] = {"slot": 1, "organisation": sent.to.network.organisation}
    for one in people:
        as_member = replace(ONE.members[0], xwing_seed=one.seed, ed25519_seed=one.seed)
        as_code = replace(ONE.keys, record_key=one.seed)
        refusals = [
            refusal_of(lambda: envelope.open_(sent.referral, one.seed, ONE.context)),  # noqa: B023
            refusal_of(lambda: record.open_(ONE.case.sealed, as_code, network.network_id)),  # noqa: B023
            refusal_of(lambda: box.open_delivered(sent.slot_0, holder_key=one.seed, **place)),  # noqa: B023
            refusal_of(lambda: box.open_answer(sent.slot_1, box_key=one.seed, **named, **place)),  # noqa: B023
            refusal_of(lambda: open_store(store, as_member, 0)),  # noqa: B023
        ]
        assert set(refusals) == {CannotOpen}
