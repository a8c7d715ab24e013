"""The store on the server: fetching it, merging it with what was done here, and writing it back.

Beside the store lies its base: the sealed bytes that lay on the server when this device last read
or wrote there. The store is written before its base, so that what stands in the base stood in the
store too, in a generation not above the store's; a stop in between only merges the same once more.

Source: docs/spec/store.md, 5, 6 and 9; docs/spec/http.md, 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from client import store_file
from client.api_signed import SignedApi, store_hash
from client.errors import NotReadable, Trouble
from client.flows import cancelling, kept, note_files
from client.flows.desk import Desk, unreadable_store
from client.flows.signed_calls import told_plainly
from client.store_file import Held
from crypto import constants as c
from crypto.client.merge import Overruled, merge
from crypto.client.store import Store, open_store, seal_store
from crypto.errors import CannotOpen, Malformed, Refused, Rollback, TooLong, Unsupported

__all__ = ["Overruled", "fetch", "save"]

_TRIES = 5


def fetch(desk: Desk, signed: SignedApi, *, today: int) -> tuple[Overruled, ...]:
    """Merge what others wrote since into the store, and return what of one's own does not stand.

    Nothing happens where the server has no store yet. Raises NotVetted for a member whose signature
    is not taken, NotReadable for a store that does not open, is older than the last one or is none,
    Unreachable, ServerProblem, and Trouble where the disk refuses; then nothing is changed.
    """
    with _lying(desk) as lying:
        return _fetch(desk, signed, lying, today)


def save(desk: Desk, signed: SignedApi, size: int, *, today: int) -> tuple[Overruled, ...]:
    """Write the store to the server, merged with what others wrote meanwhile.

    `size` is that of all stores of the network, in bytes. Returns what was overruled. Raises as
    `fetch`, and Trouble where it does not fit or somebody else was quicker five times.
    """
    overruled: tuple[Overruled, ...] = ()
    with _lying(desk) as lying:
        for _ in range(_TRIES):
            sealed = _sealed(desk, size, today)
            note_files.write_over(desk.home.sent, store_hash(sealed))
            with told_plainly():
                was_put = signed.put_store(sealed, replaces=store_hash(_read(lying)))
            if was_put:
                lying.replace(sealed)
                return overruled
            overruled += _fetch(desk, signed, lying, today)
    raise Trouble(
        "Others wrote the organisation's store each time.",
        "What was done here is on this device; the next sync tries again.",
    )


@contextmanager
def _lying(desk: Desk) -> Iterator[Held]:
    """Hold the base, so that of two programs of this folder one syncs at a time."""
    try:
        with store_file.held(desk.home.base) as lying:
            yield lying
    except OSError as trouble:
        raise unreadable_store(trouble) from None


def _fetch(desk: Desk, signed: SignedApi, lying: Held, today: int) -> tuple[Overruled, ...]:
    with told_plainly():
        sealed = signed.store()
    before = _read(lying)
    if not sealed:
        # None yet, or its time is over there: what is here takes its place.
        lying.remove()
        return ()
    base = _base(desk, before)
    # Whoever writes takes the next generation: another store of the same one never took the place
    # of the base, and what it lacks was removed by nobody.
    lowest = base.generation + (sealed != before) if base else 0
    theirs = _theirs(desk, sealed, lowest)
    if store_hash(sealed) == _sent(desk):
        base = theirs  # the answer to this got lost: all of it stands in the store here
    overruled: tuple[Overruled, ...] = ()

    def change(mine: Store) -> Store:
        nonlocal overruled
        # A store that was brought back from before its base never had what stands there.
        is_older = base is not None and mine.generation < base.generation
        merged = merge(None if is_older else base, mine, theirs, today=today)
        overruled = merged.overruled
        return merged.store

    desk.edit(change)
    cancelling.for_leavers(desk, theirs, today=today)
    lying.replace(sealed)
    return overruled


def _sealed(desk: Desk, size: int, today: int) -> bytes:
    """Seal the store as it stands here, one generation on, with who writes it and when."""
    store = desk.edit(lambda store: kept.with_written(store, desk.member.member_id, today))
    try:
        return seal_store(store, random=desk.random, size=size)
    except TooLong:
        raise Trouble(
            "The store does not fit into the size that all stores of this network have.",
            "Close cases that are done; whoever runs the server can choose a larger size for all.",
        ) from None


def _read(lying: Held) -> bytes:
    """Return the sealed base; b"" where there is none, or a file that is no store."""
    try:
        return lying.read()
    except Malformed:
        return b""


def _base(desk: Desk, sealed: bytes) -> Store | None:
    """Open the base; None where there is none: merging then loses nothing, and forgets less."""
    try:
        return open_store(sealed, desk.member, 0) if sealed else None
    except Refused:
        return None


def _theirs(desk: Desk, sealed: bytes, at_least_generation: int) -> Store:
    try:
        return open_store(sealed, desk.member, at_least_generation)
    except CannotOpen:
        raise NotReadable(
            "The organisation's store on the server does not open with this member's keys.",
            "Most likely another member removed this one: ask. What was here before is still here.",
        ) from None
    except Rollback:
        raise NotReadable(
            "The server gave an older store than this device has seen there.",
            "Nothing was changed here. Tell the network's admins: a server must not go back.",
        ) from None
    except Unsupported:
        raise NotReadable(
            "A newer version of Towpath wrote the organisation's store.", "Update, then try again."
        ) from None
    except Refused as refused:
        raise NotReadable(
            "What the server gave is not a store of this organisation.", str(refused)
        ) from None


def _sent(desk: Desk) -> bytes:
    if not desk.home.sent.exists():
        return b""
    return note_files.read(desk.home.sent, c.HASH_BYTES)
