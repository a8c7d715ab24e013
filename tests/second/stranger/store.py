"""The provider's sealed store (docs/spec/store.md, sections 2, 3, 4 and 6).

The member's key file is left out: pycryptodome has no Argon2id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.second.stranger import cases, sealing
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    CANNOT_OPEN,
    SUITE,
    TOO_LONG,
    UNSUPPORTED,
    VERSION,
    WRONG_NETWORK,
    K,
    Reader,
    Refused,
    frame,
    need,
    pad,
    u8,
    u32,
    u64,
)

_SLOTS = K.STORE_SLOTS * K.STORE_SLOT_BYTES
_BODY_AT = 1 + _SLOTS + K.XCHACHA_NONCE_BYTES
_OUTSIDE = _BODY_AT + K.AEAD_TAG_BYTES + K.U32_BYTES


@dataclass(frozen=True)
class Store:
    """The plaintext's content: entries are (kind, id, value)."""

    generation: int
    network_id: bytes
    organisation_seed: bytes
    entries: tuple[tuple[int, bytes, bytes], ...]


def read_content(content: bytes) -> Store:
    """The content, by the rules of section 3."""
    reader = Reader(content)
    need(reader.take(1) == VERSION, UNSUPPORTED)
    generation, network_id, seed = reader.number(8), reader.take(32), reader.take(32)
    entries = []
    for _ in range(reader.number(4)):
        kind, entry_id = reader.number(1), reader.take(K.ENTRY_ID_BYTES)
        entries.append((kind, entry_id, reader.prefixed(K.STORE_STEPS[-1], 4)))
    reader.end()
    store = Store(generation, network_id, seed, tuple(entries))
    check_store(store)
    return store


def check_store(store: Store) -> None:
    """The rules of section 3, for reading and before writing."""
    places = [entry[:2] for entry in store.entries]
    need(places == sorted(set(places)))
    by_kind = [{i for kind, i in places if kind == k} for k in range(256)]
    need(1 <= len(by_kind[K.ENTRY_MEMBER]) <= K.STORE_SLOTS)
    need(not by_kind[K.ENTRY_SEED] & by_kind[K.ENTRY_ERASED])
    need(not by_kind[K.ENTRY_MEMBER] & by_kind[K.ENTRY_LEFT])
    for kind, _, value in store.entries:
        cases.check_entry(kind, value)


def write_content(store: Store) -> bytes:
    """The content, checked before it is written."""
    members = [entry for entry in store.entries if entry[0] == K.ENTRY_MEMBER]
    need(len(members) <= K.STORE_SLOTS, TOO_LONG)
    check_store(store)
    entries = b"".join(u8(k) + i + u32(len(value)) + value for k, i, value in store.entries)
    head = VERSION + u64(store.generation) + store.network_id + store.organisation_seed
    return head + u32(len(store.entries)) + entries


def _contexts(network_id: bytes, organisation: bytes, slots: bytes) -> tuple[bytes, bytes]:
    parts = (SUITE, network_id, organisation)
    aad = frame(K.LABEL_STORE, *parts, sealing.sha256(slots))
    return frame(K.LABEL_STORE_SLOT, *parts), aad


def seal_store(store: Store, store_key: bytes, nonce: bytes, unused: Sequence[bytes]) -> bytes:
    """One of the five sizes; unused gives a seed and a content for each slot that is nobody's."""
    content = write_content(store)
    steps = [step for step in K.STORE_STEPS if step >= _OUTSIDE + len(content)]
    need(bool(steps), TOO_LONG)
    organisation = sealing.ed25519_public_key(store.organisation_seed)
    info, _ = _contexts(store.network_id, organisation, b"")
    members = [e[2] for e in store.entries if e[0] == K.ENTRY_MEMBER]
    sealed = [(cases.member_public_key(member), store_key) for member in members]
    sealed += [(sealing.xwing_public_key(seed[:32]), seed[32:]) for seed in unused]
    sealed = sealed[: K.STORE_SLOTS]
    slots = b"".join(sealing.hpke_seal(key, info, content) for key, content in sealed)
    plaintext = pad(u32(len(content)) + content, steps[0] - _OUTSIDE + K.U32_BYTES)
    _, aad = _contexts(store.network_id, organisation, slots)
    return SUITE + slots + nonce + sealing.aead_seal(store_key, nonce, aad, plaintext)


def open_store(
    sealed: bytes, member_seed: bytes, network_id: bytes, organisation: bytes, lowest: int
) -> Store:
    """The store, for a member whose secret names this network and organisation."""
    need(len(sealed) in K.STORE_STEPS)
    need(sealed[:1] == SUITE, UNSUPPORTED)
    slots, nonce = sealed[1 : 1 + _SLOTS], sealed[1 + _SLOTS : _BODY_AT]
    info, aad = _contexts(network_id, organisation, slots)
    store_key = _find_key(slots, member_seed, info)
    reader = Reader(sealing.aead_open(store_key, nonce, aad, sealed[_BODY_AT:]))
    content = reader.prefixed(len(sealed), 4)
    reader.end_in_zeros()
    store = read_content(content)
    need(store.network_id == network_id, WRONG_NETWORK)
    ours = sealing.ed25519_public_key(store.organisation_seed)
    need(ours == organisation, BAD_SIGNATURE)
    need(store.generation >= lowest, "Rollback")
    return store


def _find_key(slots: bytes, member_seed: bytes, info: bytes) -> bytes:
    for start in range(0, _SLOTS, K.STORE_SLOT_BYTES):
        slot = slots[start : start + K.STORE_SLOT_BYTES]
        try:
            return sealing.hpke_open(member_seed, info, slot)
        except Refused:
            continue
    raise Refused(CANNOT_OPEN)
