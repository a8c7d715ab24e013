"""Stores to test with, and a second hand that seals what the product would refuse to."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from crypto import constants as c
from crypto.client import aead, hpke
from crypto.client.member_file import MemberSecret, new_member
from crypto.client.store import Store, open_store
from crypto.client.store_entries import Case, MemberEntry, SeedEntry, WeeklyEntry
from crypto.encoding import Random, frame, u32
from crypto.errors import Refused
from crypto.public.note_signing import public_of

NETWORK_ID = bytes(range(32))
ORGANISATION_SEED = bytes(range(100, 132))
ORGANISATION_KEY = public_of(ORGANISATION_SEED)
LOCATOR = b"a locator of 16b"
PSK = b"only code holders have this psk."
SEED_SEED = b"this seed opens one referral, ok"
TODAY = 20_000
SLOT = 1168
NONCE_AT = 1 + 16 * SLOT
BODY_AT = NONCE_AT + 24


def draws(seed: object) -> Random:
    """Return a source that gives the same bytes every time for the same seed."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed} {count}".encode()).digest(size)

    return draw


def member(name: str) -> MemberSecret:
    """Return the member of this name; the same one each time."""
    return new_member(
        network_id=NETWORK_ID, organisation_key=ORGANISATION_KEY, random=draws(f"member {name}")
    )


def member_entry(secret: MemberSecret, name: str = "A. Member") -> MemberEntry:
    """Return what the store says of a member."""
    return MemberEntry(
        role=1,
        xwing_public_key=secret.xwing_public_key,
        ed25519_public_key=secret.ed25519_public_key,
        since=TODAY,
        name=name,
    )


def with_member(store: Store, secret: MemberSecret) -> Store:
    """Return the store with one more member."""
    return store.with_entry(c.ENTRY_MEMBER, secret.member_id, member_entry(secret).encode())


def founded(*members: MemberSecret, generation: int = 0) -> Store:
    """Return a store with these members and nothing else."""
    entries = {(c.ENTRY_MEMBER, one.member_id): member_entry(one).encode() for one in members}
    return Store(
        network_id=NETWORK_ID,
        organisation_seed=ORGANISATION_SEED,
        generation=generation,
        entries=entries,
    )


def seed_entry(last_epoch: int = TODAY) -> SeedEntry:
    """Return a code with its seed."""
    return SeedEntry(
        state=c.SEED_PUBLISHED,
        batch=b"a batch.",
        last_epoch=last_epoch,
        code=b"ten bytes!",
        psk=PSK,
        write_key=b"whoever has this may write once.",
        xwing_seed=SEED_SEED,
    )


def weekly_entry(last: int = TODAY) -> WeeklyEntry:
    """Return a weekly key."""
    return WeeklyEntry(first=last - 6, last=last, xwing_seed=bytes(range(50, 82)))


def case() -> Case:
    """Return a case with every field, one of them a newer client's."""
    return Case(
        arrived=TODAY,
        state=2,
        message=b"the referral's body",
        last_epoch=TODAY + 60,
        follow_ups=((1, b"she added"), (7, b"she added again")),
        answers=((1, b"we answered"), (31, b"we answered again")),
        taken_by=b"a member's id 16",
        note="Called back.\nShe is safe.",
        unknown=((9, b"from a newer client"), (200, b"")),
    )


def full(*members: MemberSecret) -> Store:
    """Return a store with an entry of every known kind and one of an unknown kind."""
    return (
        founded(*members)
        .with_entry(c.ENTRY_SEED, LOCATOR, seed_entry().encode())
        .with_entry(c.ENTRY_WEEKLY, b"weekly key's id.", weekly_entry().encode())
        .with_entry(c.ENTRY_CASE, b"another locator.", case().encode())
        .with_entry(c.ENTRY_SETTING, b"a setting's id 1", b"anything")
        .with_entry(99, b"from the future.", b"kept as it is")
    )


def with_filler(store: Store, size: int) -> Store:
    """Return the store with one more setting, whose value has `size` bytes."""
    return store.with_entry(c.ENTRY_SETTING, b"filler filler 16", bytes(size))


def frames(network_id: bytes, organisation_key: bytes, slots: bytes) -> tuple[bytes, bytes]:
    """Return `info` of the slots and `aad` of the body, written out from the specification."""
    context = (b"\x01", network_id, organisation_key)
    info = frame("towpath/v1/store-slot", *context)
    return info, frame("towpath/v1/store", *context, hashlib.sha256(slots).digest())


def seal_by_hand(
    plaintext: bytes,
    members: Sequence[MemberSecret],
    *,
    network_id: bytes = NETWORK_ID,
    organisation_key: bytes = ORGANISATION_KEY,
) -> bytes:
    """Seal any plaintext for any members, as somebody does who knows only public keys."""
    store_key = b"a store key of somebody's making"
    info, _ = frames(network_id, organisation_key, b"")
    sealed = [hpke.seal(one.xwing_public_key, info=info, plaintext=store_key) for one in members]
    slots = b"".join(sealed).ljust(16 * SLOT, b"\x05")
    _, aad = frames(network_id, organisation_key, slots)
    body = aead.seal(store_key, nonce=bytes(24), aad=aad, plaintext=plaintext)
    return b"\x01" + slots + bytes(24) + body


def in_smallest_step(content: bytes) -> bytes:
    """Return content with its length and zeros, for a store of 256 KiB."""
    return (u32(len(content)) + content).ljust(262_144 - BODY_AT - 16, b"\x00")


def store_key_of(sealed: bytes, secret: MemberSecret) -> bytes:
    """Return the key that one of the slots holds for a member."""
    info, _ = frames(NETWORK_ID, ORGANISATION_KEY, b"")
    for at in range(1, NONCE_AT, SLOT):
        try:
            return hpke.open_(secret.xwing_seed, info=info, sealed=sealed[at : at + SLOT])
        except Exception:  # noqa: S112  (no matter why; the next slot may be hers)
            continue
    raise AssertionError("no slot is hers")


def plaintext_of(sealed: bytes, store_key: bytes) -> bytes:
    """Open the body with a store key; CannotOpen when it is another store's."""
    _, aad = frames(NETWORK_ID, ORGANISATION_KEY, sealed[1:NONCE_AT])
    nonce, body = sealed[NONCE_AT:BODY_AT], sealed[BODY_AT:]
    return aead.open_(store_key, nonce=nonce, aad=aad, ciphertext=body)


def slots_of(sealed: bytes) -> list[bytes]:
    """Return the 16 slots of a sealed store."""
    return [sealed[at : at + SLOT] for at in range(1, NONCE_AT, SLOT)]


def refusal(sealed: bytes, secret: MemberSecret, at_least: int = 0) -> type[Refused]:
    """Return how opening is refused, and see that nothing is said beyond that."""
    caught: Refused | None = None
    try:
        open_store(sealed, secret, at_least)
    except Refused as error:
        caught = error
    assert caught is not None, "it opens"
    assert str(caught) == type(caught).__doc__
    assert caught.__cause__ is None
    return type(caught)
