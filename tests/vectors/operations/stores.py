"""Member files, stores and their entries."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import count

from cryptography.exceptions import InvalidTag

from crypto.client import aead, member_file, merge, store, store_entries
from crypto.client.member_file import MemberSecret
from crypto.client.store import Store
from crypto.client.store_entries import (
    Case,
    Entry,
    Erased,
    Left,
    MemberEntry,
    SeedEntry,
    WeeklyEntry,
)
from crypto.constants import LABEL_STORE, LABEL_STORE_SLOT, STORE_SLOT_BYTES, XCHACHA_NONCE_BYTES
from crypto.encoding import Random, frame
from tests.reference import hpke as reference
from tests.vectors.values import Drawn, Given, Output, changed, unbytes, unlist

_KINDS: dict[int, type[Entry]] = {
    one.KIND: one for one in (MemberEntry, SeedEntry, WeeklyEntry, Case, Erased, Left)
}


def seal_member_file(given: Given) -> Output:
    """Seal a member's secret."""
    drawn = Drawn(unbytes(given["salt"]), unbytes(given["nonce"]))
    secret = _secret(given)
    return {"file": member_file.seal_member_file(secret, given["passphrase"], random=drawn)}


def open_member_file(given: Given) -> Output:
    """Open a member's key file."""
    secret = member_file.open_member_file(unbytes(given["file"]), given["passphrase"])
    return {name: getattr(secret, name) for name in MemberSecret.__slots__}


def read_entry(given: Given) -> Output:
    """Read an entry's value and write it again."""
    kind, value = given["kind"], unbytes(given["value"])
    store_entries.check(kind, bytes(16), value)
    return {"again": _KINDS[kind].decode(value).encode() if kind in _KINDS else value}


def open_store(given: Given) -> Output:
    """Make a sealed store as the scenario says, and open it."""
    opened = store.open_store(_made(given["store"]), _secret(given), given["at_least_generation"])
    return {
        "generation": opened.generation,
        "organisation_seed": opened.organisation_seed,
        "entries": [[kind, entry, value] for (kind, entry), value in opened.entries.items()],
    }


def seal_store(given: Given) -> Output:
    """Seal a store, and read what was sealed as each of the members named."""
    shut = _copy(given)
    sealed = store.seal_store(shut, random=_numbered())
    plains = {_plaintext(sealed, seed, shut) for seed in unlist(given["member_seeds"])}
    (plain,) = plains
    length = int.from_bytes(plain[:4], "big")
    assert not any(plain[4 + length :])
    return {"size": len(sealed), "content": plain[4 : 4 + length]}


def merge_stores(given: Given) -> Output:
    """Merge two copies of a store."""
    base = None if given["base"] is None else _copy(given["base"])
    mine, theirs = _copy(given["mine"]), _copy(given["theirs"])
    merged = merge.merge(base, mine, theirs, today=given["today"])
    return {
        "generation": merged.store.generation,
        "entries": [[*key, value] for key, value in sorted(merged.store.entries.items())],
        "overruled": [[one.kind, one.entry_id, one.field, one.lost] for one in merged.overruled],
    }


def _copy(given: Given) -> Store:
    return Store(
        network_id=unbytes(given["network_id"]),
        organisation_seed=unbytes(given["organisation_seed"]),
        generation=given["generation"],
        entries={(kind, unbytes(one)): unbytes(value) for kind, one, value in given["entries"]},
    )


def _secret(given: Given) -> MemberSecret:
    return MemberSecret(**{name: unbytes(value) for name, value in given["secret"].items()})


def _made(recipe: Given) -> bytes:
    """docs/spec/vectors.md, 5."""
    head = unbytes(recipe["suite"]) + b"".join(unlist(recipe["slots"]))
    nonce = unbytes(recipe["nonce"])
    front = recipe["length"].to_bytes(4, "big") + unbytes(recipe["content"])
    tail = unbytes(recipe["tail"])
    room = recipe["size"] - len(head) - len(nonce) - 16 - len(tail)
    plain = front.ljust(room, b"\x00") + tail
    key, aad = unbytes(recipe["store_key"]), unbytes(recipe["aad"])
    sealed = head + nonce + aead.seal(key, nonce=nonce, aad=aad, plaintext=plain)
    if "change" in recipe:
        sealed = changed(sealed, recipe["change"])
    assert hashlib.sha256(sealed).hexdigest() == recipe["sha256"]
    return sealed


def _plaintext(sealed: bytes, seed: bytes, shut: Store) -> bytes:
    """Open a store by the reference and the primitive alone."""
    context = (b"\x01", shut.network_id, shut.organisation_key)
    slots, body = sealed[1 : store.SLOTS_END], sealed[store.SLOTS_END :]
    aad = frame(LABEL_STORE, *context, hashlib.sha256(slots).digest())
    (key,) = _store_keys(slots, seed, frame(LABEL_STORE_SLOT, *context))
    nonce, ciphertext = body[:XCHACHA_NONCE_BYTES], body[XCHACHA_NONCE_BYTES:]
    return aead.open_(key, nonce=nonce, aad=aad, ciphertext=ciphertext)


def _store_keys(slots: bytes, seed: bytes, info: bytes) -> Iterator[bytes]:
    for at in range(0, len(slots), STORE_SLOT_BYTES):
        try:
            yield reference.open_(seed, info=info, sealed=slots[at : at + STORE_SLOT_BYTES])
        except InvalidTag:
            continue


def _numbered() -> Random:
    """Return a source whose values differ at every call."""
    calls = count()
    return lambda size: hashlib.shake_256(str(next(calls)).encode()).digest(size)
