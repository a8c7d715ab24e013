"""The store: a provider's keys and cases, sealed to each of its members.

A `Store` never changes: its methods return another. Every sealing draws a fresh store key.

Source: docs/spec/store.md.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from crypto import constants as c
from crypto.client import aead, hpke
from crypto.client.member_file import MemberSecret
from crypto.client.store_entries import Erased, Left, MemberEntry, SeedEntry, check, is_over
from crypto.encoding import Random, Reader, frame, pad, u8, u32, u64
from crypto.errors import (
    BadSignature,
    CannotOpen,
    Malformed,
    Rollback,
    TooLong,
    Unsupported,
    WrongNetwork,
)
from crypto.fields import fixed
from crypto.public.note_signing import public_of

Key = tuple[int, bytes]
"""Kind and id (16 bytes) of an entry."""

SLOTS_START = c.SUITE_BYTES
SLOTS_END = SLOTS_START + c.STORE_SLOTS * c.STORE_SLOT_BYTES

_SUITE = u8(c.SUITE)
_VERSION = u8(c.FORMAT_VERSION)
_BODY_START = SLOTS_END + c.XCHACHA_NONCE_BYTES
_OVERHEAD_BYTES = _BODY_START + c.AEAD_TAG_BYTES
_U64_MOST = 2**64 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """What all members of an organisation share: network id and organisation seed, 32 bytes each.

    `entries` maps kind and id to a value. Raises Malformed for a part of another size, without a
    member, for a seed that is there and erased at once, and for a member who is there and left;
    TooLong for more than 16 members.
    """

    network_id: bytes
    organisation_seed: bytes = field(repr=False)
    generation: int = 0
    entries: Mapping[Key, bytes] = field(repr=False)

    def __post_init__(self) -> None:
        fixed(self.network_id, c.NETWORK_ID_BYTES)
        fixed(self.organisation_seed, c.ED25519_SEED_BYTES)
        if not 0 <= self.generation <= _U64_MOST:
            raise Malformed
        object.__setattr__(self, "entries", MappingProxyType(dict(self.entries)))
        members = self._ids(c.ENTRY_MEMBER)
        if not members or members & self._ids(c.ENTRY_LEFT):
            raise Malformed
        if self._ids(c.ENTRY_SEED) & self._ids(c.ENTRY_ERASED):
            raise Malformed
        if len(members) > c.STORE_SLOTS:
            raise TooLong

    def _ids(self, kind: int) -> set[bytes]:
        return {entry_id for one, entry_id in self.entries if one == kind}

    @property
    def organisation_key(self) -> bytes:
        """The organisation's Ed25519 public key: 32 bytes."""
        return public_of(self.organisation_seed)

    def of_kind(self, kind: int) -> Iterator[tuple[bytes, bytes]]:
        """Give id and value of each entry of a kind."""
        return ((key[1], value) for key, value in self.entries.items() if key[0] == kind)

    def with_entry(self, kind: int, entry_id: bytes, value: bytes) -> Store:
        """Return a store with this entry, in place of the one of the same kind and id.

        Raises Malformed for a value that breaks its kind's rules, a seed that was erased or a
        member who left, TooLong for a 17th member. Source: docs/spec/store.md, sections 3 and 5.
        """
        check(kind, entry_id, value)
        return replace(self, entries={**self.entries, (kind, entry_id): value})

    def without_entry(self, kind: int, entry_id: bytes) -> Store:
        """Return a store without this entry, also where there was none.

        Raises Malformed for the last member. Source: docs/spec/store.md, section 5.
        """
        gone = (kind, entry_id)
        return replace(self, entries={k: v for k, v in self.entries.items() if k != gone})

    def remove_member(self, member_id: bytes, today: int) -> Store:
        """Return a store with the note that she left in place of this member, if she is one.

        It will not be sealed to her. Raises Malformed for the last member. Source:
        docs/spec/store.md, section 5.
        """
        entries = dict(self.entries)
        if entries.pop((c.ENTRY_MEMBER, member_id), None) is not None:
            entries[(c.ENTRY_LEFT, member_id)] = Left(since=today).encode()
        return replace(self, entries=entries)

    def erase_seed(self, locator: bytes) -> Store:
        """Return a store with the note that this seed was erased in place of the seed, if any.

        Source: docs/spec/store.md, section 5.
        """
        entries = dict(self.entries)
        value = entries.pop((c.ENTRY_SEED, locator), None)
        if value is not None:
            note = Erased(forget_after=SeedEntry.decode(value).forget_after)
            entries[(c.ENTRY_ERASED, locator)] = note.encode()
        return replace(self, entries=entries)

    def expire(self, today: int) -> Store:
        """Return a store without the seeds, weekly keys and notes whose time is over.

        Raises nothing for a store that was opened. Source: docs/spec/store.md, section 5.
        """
        kept = {k: v for k, v in self.entries.items() if not is_over(k[0], v, today)}
        return replace(self, entries=kept)


def seal_store(store: Store, *, random: Random, size: int = 0) -> bytes:
    """Seal a store to its members, in the smallest of five sizes that fits, or in the one given.

    Raises TooLong when the entries do not fit into 64 MiB, or into `size`, Malformed for an entry
    that breaks its kind's rules. Source: docs/spec/store.md, sections 2 and 3.
    """
    content = _encode(store)
    needed = _OVERHEAD_BYTES + c.U32_BYTES + len(content)
    fitting = [step for step in c.STORE_STEPS if step >= needed and size in (0, step)]
    if not fitting:
        raise TooLong
    store_key = random(c.KEY_BYTES)
    slots = _seal_slots(store, store_key, random)
    nonce = random(c.XCHACHA_NONCE_BYTES)
    aad = _aad(store.network_id, store.organisation_key, slots)
    plaintext = pad(u32(len(content)) + content, fitting[0] - _OVERHEAD_BYTES)
    body = aead.seal(store_key, nonce=nonce, aad=aad, plaintext=plaintext)
    return _SUITE + slots + nonce + body


def open_store(sealed: bytes, secret: MemberSecret, at_least_generation: int) -> Store:
    """Open a sealed store as one of its members.

    Raises Malformed, Unsupported, CannotOpen (also for a former member), WrongNetwork,
    BadSignature for a store that nobody with the organisation's seed made, or Rollback below
    `at_least_generation`. Source: docs/spec/store.md, section 6.
    """
    if len(sealed) not in c.STORE_STEPS:
        raise Malformed
    if sealed[:SLOTS_START] != _SUITE:
        raise Unsupported
    slots = sealed[SLOTS_START:SLOTS_END]
    store = _decode(
        aead.open_(
            _open_slots(slots, secret),
            nonce=sealed[SLOTS_END:_BODY_START],
            aad=_aad(secret.network_id, secret.organisation_key, slots),
            ciphertext=sealed[_BODY_START:],
        )
    )
    _check_origin(store, secret, at_least_generation)
    return store


def _check_origin(store: Store, secret: MemberSecret, at_least_generation: int) -> None:
    if store.network_id != secret.network_id:
        raise WrongNetwork
    if store.organisation_key != secret.organisation_key:
        raise BadSignature
    if store.generation < at_least_generation:
        raise Rollback


def _aad(network_id: bytes, organisation_key: bytes, slots: bytes) -> bytes:
    hashed = hashlib.sha256(slots).digest()
    return frame(c.LABEL_STORE, _SUITE, network_id, organisation_key, hashed)


def _slot_info(network_id: bytes, organisation_key: bytes) -> bytes:
    return frame(c.LABEL_STORE_SLOT, _SUITE, network_id, organisation_key)


def _seal_slots(store: Store, store_key: bytes, random: Random) -> bytes:
    """Seal the store key to each member, and something random to nobody in the other slots.

    Random bytes would not do for those: an X-Wing ciphertext is not evenly distributed, so that
    they could be told apart and the members counted.
    """
    info = _slot_info(store.network_id, store.organisation_key)
    keys = [
        MemberEntry.decode(value).xwing_public_key for _, value in store.of_kind(c.ENTRY_MEMBER)
    ]
    slots = [hpke.seal(key, info=info, plaintext=store_key) for key in keys]
    nobody = hpke.load_public(hpke.public_key(random(c.XWING_SEED_BYTES)))
    while len(slots) < c.STORE_SLOTS:
        slots.append(nobody.seal(info=info, plaintext=random(c.KEY_BYTES)))
    return b"".join(slots)


def _open_slots(slots: bytes, secret: MemberSecret) -> bytes:
    key = hpke.load_private(secret.xwing_seed)
    info = _slot_info(secret.network_id, secret.organisation_key)
    for at in range(0, len(slots), c.STORE_SLOT_BYTES):
        try:
            return key.open(info=info, sealed=slots[at : at + c.STORE_SLOT_BYTES])
        except CannotOpen:
            continue
    raise CannotOpen


def _encode(store: Store) -> bytes:
    parts = [_VERSION, u64(store.generation), store.network_id, store.organisation_seed]
    parts.append(u32(len(store.entries)))
    for (kind, entry_id), value in sorted(store.entries.items()):
        check(kind, entry_id, value)
        parts += (u8(kind), entry_id, u32(len(value)), value)
    return b"".join(parts)


def _decode(plaintext: bytes) -> Store:
    outer = Reader(plaintext)
    reader = Reader(outer.take(outer.u32()))
    if reader.take(c.VERSION_BYTES) != _VERSION:
        raise Unsupported
    outer.zeros_to_end()
    generation = reader.u64()
    network_id = reader.take(c.NETWORK_ID_BYTES)
    seed = reader.take(c.ED25519_SEED_BYTES)
    entries = dict(_read_entries(reader))
    try:
        return Store(
            network_id=network_id, organisation_seed=seed, generation=generation, entries=entries
        )
    except TooLong:
        raise Malformed from None


def _read_entries(reader: Reader) -> Iterator[tuple[Key, bytes]]:
    last: Key = (-1, b"")
    for _ in range(reader.u32()):
        key = (reader.u8(), reader.take(c.ENTRY_ID_BYTES))
        if key <= last:
            raise Malformed
        last = key
        value = reader.take(reader.u32())
        check(*key, value)
        yield key, value
    reader.end()
