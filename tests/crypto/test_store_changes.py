"""The store over time: members, erased seeds, expiry; and what it never shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from statistics import mean

import pytest

from crypto import constants as c
from crypto.client.member_file import new_member
from crypto.client.store import Store, open_store, seal_store
from crypto.client.store_entries import Erased
from crypto.errors import (
    CannotOpen,
    Malformed,
    TooLong,
)
from tests.crypto import store_samples as samples

ANNA = samples.member("Anna")
BINTA = samples.member("Binta")
STRANGER = samples.member("a stranger")
FULL = samples.full(ANNA, BINTA)
SEALED = seal_store(FULL, random=samples.draws("sealed"))
MEMBER, SEED, CASE = samples.member_entry(ANNA), samples.seed_entry(), samples.case()
ID = bytes(16)


# --- Who comes and goes ----------------------------------------------------------------------


def test_P11_R31_T42_a_former_member_opens_nothing_written_after_she_left() -> None:
    """Her key opens what was sealed while she was one, and no later writing."""
    assert open_store(SEALED, BINTA, 0) == FULL
    store = FULL.remove_member(BINTA.member_id, 20_000)
    for generation in range(1, 4):
        store = replace(store, generation=generation)
        sealed = seal_store(store, random=samples.draws(("later", generation)))
        assert samples.refusal(sealed, BINTA) is CannotOpen
        assert open_store(sealed, ANNA, generation) == store


def test_R31_a_new_member_opens_what_was_there_before_her() -> None:
    """Cases outlive who took them: whoever joins reads all of them."""
    sealed = seal_store(samples.with_member(FULL, STRANGER), random=samples.draws(5))
    assert open_store(sealed, STRANGER, 0).entries.items() >= FULL.entries.items()


def test_a_store_keeps_at_least_one_member() -> None:
    """The last member cannot be removed, by any of the ways."""
    store = samples.founded(ANNA)
    with pytest.raises(Malformed):
        store.remove_member(ANNA.member_id, 20_000)
    with pytest.raises(Malformed):
        replace(store, entries={})
    assert store.remove_member(BINTA.member_id, 20_000) == store


def test_a_17th_member_is_refused() -> None:
    """There is no slot for her."""
    store = samples.founded(*(samples.member(str(number)) for number in range(16)))
    with pytest.raises(TooLong):
        samples.with_member(store, ANNA)


def heavy_values(slot: bytes) -> int:
    """Count the coefficients that an ML-KEM ciphertext has more often than random bytes.

    Its first 960 bytes are 768 numbers from 0 to 3,328, each rounded to one of 1,024: 257 of those
    stand for four numbers, the others for three.
    """
    stands_for = [0] * 1024
    for number in range(3329):
        stands_for[(number * 2048 + 3329) // 6658 % 1024] += 1
    bits = int.from_bytes(slot[:960], "little")
    return sum(stands_for[bits >> (10 * place) & 1023] == 4 for place in range(768))


def test_members_cannot_be_counted_from_outside() -> None:
    """A slot that is not used looks like one that is: in its numbers, and in its X25519 share."""
    sealed = seal_store(samples.founded(ANNA), random=samples.draws(6))
    slots = samples.slots_of(sealed)
    # 237 are expected of a ciphertext and 193 of random bytes; the mean of 15 strays by 3.
    assert mean(map(heavy_values, slots[1:])) == pytest.approx(237, abs=20)
    assert all(slot[1119] < 0x80 for slot in slots)


# --- Later theft -----------------------------------------------------------------------------


def test_P11_T37_each_writing_has_a_store_key_of_its_own() -> None:
    """The key of one writing opens no other, not even of the same store."""
    random = samples.draws("one source")
    first, second = seal_store(FULL, random=random), seal_store(FULL, random=random)
    first_key, second_key = (samples.store_key_of(one, ANNA) for one in (first, second))
    assert samples.plaintext_of(first, first_key) == samples.plaintext_of(second, second_key)
    assert first_key != second_key
    with pytest.raises(CannotOpen):
        samples.plaintext_of(second, first_key)


def test_P11_T37_an_erased_seed_is_nowhere_in_what_is_written_next() -> None:
    """After erasing, neither seed nor code nor psk stand in the plaintext, and no old key helps."""
    before = samples.plaintext_of(SEALED, samples.store_key_of(SEALED, ANNA))
    gone = (samples.SEED_SEED, samples.PSK, b"ten bytes!")
    assert all(secret in before for secret in gone)
    sealed = seal_store(FULL.erase_seed(samples.LOCATOR), random=samples.draws(7))
    after = samples.plaintext_of(sealed, samples.store_key_of(sealed, ANNA))
    assert not any(secret in after for secret in gone)
    with pytest.raises(CannotOpen):
        samples.plaintext_of(sealed, samples.store_key_of(SEALED, ANNA))


def test_erasing_leaves_a_note_and_is_safe_to_repeat() -> None:
    """The note is kept 60 days after the code's last epoch; erasing again changes nothing."""
    erased = FULL.erase_seed(samples.LOCATOR)
    note = Erased.decode(erased.entries[c.ENTRY_ERASED, samples.LOCATOR])
    assert note.forget_after == samples.TODAY + 60
    assert (c.ENTRY_SEED, samples.LOCATOR) not in erased.entries
    assert erased.erase_seed(samples.LOCATOR) == erased
    assert FULL.erase_seed(ID) == FULL


def test_P11_T37_an_erased_seed_does_not_come_back() -> None:
    """Adding the seed from an old copy is refused while the note stands."""
    with pytest.raises(Malformed):
        FULL.erase_seed(samples.LOCATOR).with_entry(
            c.ENTRY_SEED, samples.LOCATOR, samples.seed_entry().encode()
        )


# --- Time ------------------------------------------------------------------------------------

TIMED: dict[str, tuple[int, bytes, int]] = {
    "seed": (c.ENTRY_SEED, samples.seed_entry(1000).encode(), 1060),
    "weekly key": (c.ENTRY_WEEKLY, samples.weekly_entry(1000).encode(), 1007),
    "erased": (c.ENTRY_ERASED, Erased(forget_after=1000).encode(), 1000),
    "closed case": (
        c.ENTRY_CASE,
        replace(samples.case(), state=c.STATE_CLOSED, last_epoch=1000).encode(),
        1000,
    ),
}


@pytest.mark.parametrize(("kind", "value", "last_day"), TIMED.values(), ids=TIMED)
@pytest.mark.parametrize("days", [-1, 0, 1])
def test_P7_P11_T37_what_expires_is_gone_the_day_after_its_last(
    kind: int, value: bytes, last_day: int, days: int
) -> None:
    """An entry lives through its last day and not into the next."""
    store = FULL.with_entry(kind, ID, value)
    assert ((kind, ID) in store.expire(last_day + days).entries) == (days < 1)


def test_expiring_leaves_no_note_and_everything_else() -> None:
    """A seed that expires goes for good; members, open cases, settings, unknown kinds stay."""
    expired = FULL.expire(10**6)
    assert {kind for kind, _ in expired.entries} == {1, 4, 6, 99}
    assert expired.expire(10**6) == expired
    assert FULL.expire(samples.TODAY) == FULL


# --- Entries ---------------------------------------------------------------------------------


def test_unknown_kinds_survive_every_change() -> None:
    """What a newer client wrote is there, byte for byte, after an older one changed the store."""
    store = open_store(SEALED, ANNA, 0)
    changed = samples.with_member(store.expire(10**6).erase_seed(ID), STRANGER)
    opened = open_store(seal_store(changed, random=samples.draws(8)), STRANGER, 0)
    assert opened.entries[99, b"from the future."] == b"kept as it is"


def test_a_store_never_changes() -> None:
    """Changing a copy, or what it was made from, does not change a store."""
    entries = dict(FULL.entries)
    store = replace(FULL, entries=entries)
    entries.clear()
    store.erase_seed(samples.LOCATOR)
    assert store == FULL
    with pytest.raises(TypeError):
        store.entries[99, ID] = b""  # type: ignore[index]


@pytest.mark.parametrize(
    ("kind", "entry_id", "value"),
    [
        (c.ENTRY_SETTING, b"15 bytes of id.", b""),
        (c.ENTRY_SETTING, b"17 bytes of an id", b""),
        (256, ID, b""),
        (-1, ID, b""),
        (c.ENTRY_SEED, ID, b""),
        (c.ENTRY_CASE, ID, b"\x01"),
    ],
)
def test_an_entry_that_breaks_its_rules_is_not_taken(
    kind: int, entry_id: bytes, value: bytes
) -> None:
    """What could not be read again is refused when it is added, and when it is sealed."""
    with pytest.raises(Malformed):
        FULL.with_entry(kind, entry_id, value)
    smuggled = replace(FULL, entries={**FULL.entries, (kind, entry_id): value})
    with pytest.raises(Malformed):
        seal_store(smuggled, random=samples.draws(9))


@pytest.mark.parametrize(
    "change",
    [
        lambda: replace(FULL, network_id=bytes(31)),
        lambda: replace(FULL, organisation_seed=bytes(33)),
        lambda: replace(FULL, generation=-1),
        lambda: replace(FULL, generation=2**64),
    ],
)
def test_a_store_with_parts_of_another_size_is_refused(change: Callable[[], Store]) -> None:
    """Such a store cannot be made, so it is never written."""
    with pytest.raises(Malformed):
        change()


# --- Nothing said ----------------------------------------------------------------------------


def test_T2_no_secret_shows_in_any_repr() -> None:
    """Seeds, keys, codes, names, notes and entries stay out of logs and tracebacks."""
    secret = new_member(
        network_id=samples.NETWORK_ID,
        organisation_key=samples.ORGANISATION_KEY,
        random=samples.draws("shown"),
    )
    things = (FULL, secret, MEMBER, SEED, CASE, samples.weekly_entry())
    shown = " ".join(text for one in things for text in (repr(one), str(one), f"{one}"))
    hidden = (
        samples.ORGANISATION_SEED,
        samples.SEED_SEED,
        samples.PSK,
        samples.LOCATOR,
        SEED.code,
        SEED.write_key,
        samples.weekly_entry().xwing_seed,
        secret.xwing_seed,
        secret.ed25519_seed,
        CASE.message,
        b"A. Member",
        b"She is safe",
        b"we answered",
    )
    for one in hidden:
        assert repr(one)[2:-1] not in shown
        assert one.hex() not in shown
