"""Members of an organisation: making a key file for a new one, removing one, telling the server.

The store is the list that counts: it is sealed to the members that stand in it. The server is told
whose signatures to take; what it could not be told is told at the next sync.

Source: docs/spec/store.md, 1, 5 and 7; docs/spec/http.md, 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import words
from client.api_signed import SignedApi
from client.errors import BadInput, FirstDo
from client.flows import cancelling, kept, schedule, stock_data, walk_in_keys
from client.flows.desk import Desk
from client.flows.signed_calls import told_plainly
from crypto import constants as c
from crypto.client.member_file import MemberSecret, new_member, seal_member_file
from crypto.client.stock import Stock
from crypto.client.store import Store
from crypto.client.store_entries import MemberEntry
from crypto.encoding import Random
from crypto.errors import Refused

ROLES = ("caseworker", "lead")


@dataclass(frozen=True, slots=True)
class Member:
    """A member: id (16 bytes), and what the store says of her."""

    member_id: bytes
    entry: MemberEntry


def listed(store: Store) -> list[Member]:
    """Return the members by name."""
    found = [
        Member(member_id, MemberEntry.decode(value))
        for member_id, value in store.of_kind(c.ENTRY_MEMBER)
    ]
    return sorted(found, key=lambda one: (one.entry.name, one.member_id))


def find(store: Store, typed: str) -> Member:
    """Return the member with this name, or whose id in hex begins so; raises BadInput."""
    matching = [
        one
        for one in listed(store)
        if typed and (one.entry.name == typed or one.member_id.hex().startswith(typed.lower()))
    ]
    if len(matching) != 1:
        raise BadInput(
            "There is no such member." if not matching else "Several members match.",
            "`towpath provider members list` shows names and ids.",
        )
    return matching[0]


def role_of(role: str) -> int:
    """Return the id of a role by its code; raises BadInput."""
    chosen = words.load("role").by_code(role)
    if chosen is None:
        raise BadInput("There is no such role.", f"There are: {', '.join(ROLES)}.")
    return chosen.id


def check_room(store: Store, name: str) -> None:
    """Raise BadInput for a name that a member has already, FirstDo where there is no room."""
    there = listed(store)
    if any(one.entry.name == name for one in there):
        raise BadInput("There is a member of this name already.", "Take another name.")
    if len(there) >= c.STORE_SLOTS:
        raise FirstDo(
            f"There are {c.MEMBERS_MOST} members, and no room for more.", "Remove one first."
        )


def entry_of(secret: MemberSecret, *, role: str, name: str, today: int) -> MemberEntry:
    """Return what the store says of a member; raises BadInput for a role or name that is none."""
    entry = MemberEntry(
        role=role_of(role),
        xwing_public_key=secret.xwing_public_key,
        ed25519_public_key=secret.ed25519_public_key,
        since=today,
        name=name,
    )
    try:
        entry.encode()
    except Refused:
        raise BadInput(
            "This name can't be kept.", f"A name has 1 to {c.MEMBER_NAME_BYTES} bytes."
        ) from None
    return entry


@dataclass(frozen=True, slots=True, repr=False)
class New:
    """A new member: her secret, and the key file (201 bytes) that is handed over."""

    secret: MemberSecret
    key_file: bytes


def make(desk: Desk, phrase: str, random: Random) -> New:
    """Draw a new member's keys and seal them under her passphrase; nothing is written yet."""
    secret = new_member(
        network_id=desk.network_id, organisation_key=desk.organisation_key, random=random
    )
    try:
        return New(secret, seal_member_file(secret, phrase, random=random))
    except Refused:
        raise BadInput("This passphrase can't be used.", "Take four words or more.") from None


def add(desk: Desk, new: New, entry: MemberEntry) -> None:
    """Put a member into the store, which is sealed to her from then on."""
    check_room(desk.read(), entry.name)
    desk.edit(lambda store: store.with_entry(c.ENTRY_MEMBER, new.secret.member_id, entry.encode()))


def remove(desk: Desk, member: Member, *, now: int) -> int:
    """Take a member out of the store, which is not sealed to her from then on.

    Every code that she could open is cancelled, spread over a day from `now` (POSIX seconds); the
    stocks are made anew, and new weekly keys take the place of those that she had. Returns how many
    codes will be cancelled. Raises BadInput for oneself: the folder would not open any more.
    Source: docs/spec/store.md, 7.
    """
    if member.member_id == desk.member.member_id:
        raise BadInput(
            "This is you. Another member has to do this.",
            "With nobody left, nobody could open the store.",
        )
    today = now // schedule.DAY_S

    def change(store: Store) -> Store:
        store = store.remove_member(member.member_id, today)
        for device in kept.devices(store):
            store = stock_data.put(store, device, Stock())
        return walk_in_keys.renewed(store, today, desk.random)

    codes = [locator for locator, _ in stock_data.codes(desk.read())]
    # First, so that a stop in between leaves a member whom the same command removes.
    count = cancelling.over_a_day(desk, codes, now=now)
    desk.edit(change)
    return count


def tell_server(desk: Desk, signed: SignedApi) -> bool:
    """Tell the server who signs for the organisation, where that has changed since.

    Raises NotVetted, ServerProblem and Unreachable: then it is still to be told.
    """
    store = desk.read()
    if kept.members_known(store):
        return False
    keys = kept.member_keys(store)
    with told_plainly():
        signed.put_members(keys)
    desk.edit(lambda store: kept.with_members_known(store, keys))
    return True
