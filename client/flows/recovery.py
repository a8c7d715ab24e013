"""The recovery sheet: a member on paper, for when nobody's passphrase opens a key file any more.

Whoever has the paper becomes a member with keys of their own; the member on the paper leaves then,
and another sheet is made.

Source: docs/spec/store.md, 10.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from client.api import Api
from client.api_signed import SignedApi, store_hash
from client.errors import BadInput, FirstDo, NotReadable, Trouble
from client.flows import choosing, kept, members
from client.flows.desk import Desk, unreadable_store
from client.flows.signed_calls import AskedCounter, told_plainly
from crypto import constants as c
from crypto.client import recovery as paper
from crypto.client.member_file import MemberSecret, new_member, seal_member_file
from crypto.client.store import Store, open_store, seal_store
from crypto.encoding import Random
from crypto.errors import CannotOpen, CodeMistyped, Refused

_LEAD, _RECOVERY = "lead", "recovery"
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Recovered:
    """A new member, the key file (201 bytes), and the store, in which the sheet has left."""

    member: MemberSecret = field(repr=False)
    key_file: bytes = field(repr=False)
    store: Store = field(repr=False)


def make(desk: Desk, *, today: int) -> str:
    """Make a sheet and return what is printed on it; an older one opens nothing from now on.

    Raises FirstDo where there is no room for another member.
    """
    secret = paper.new_secret(desk.random)
    made = paper.member_of(
        secret, network_id=desk.network_id, organisation_key=desk.organisation_key
    )
    entry = members.entry_of(made, role=_RECOVERY, name=_RECOVERY, today=today)

    def change(store: Store) -> Store:
        for one in members.listed(store):
            if one.entry.role == entry.role:
                store = store.remove_member(one.member_id, today)
        members.check_room(store, entry.name)
        return store.with_entry(c.ENTRY_MEMBER, made.member_id, entry.encode())

    desk.edit(change)
    return paper.symbols(secret)


def read(typed: str) -> bytes:
    """Return the secret (17 bytes) of a sheet as somebody typed it; raises BadInput."""
    try:
        return paper.read(typed)
    except CodeMistyped:
        raise BadInput(
            "This is not what a recovery sheet says.",
            "It has six groups of five signs. Look at them again, sign by sign.",
        ) from None


def recover(
    api: Api,
    secret: bytes,
    *,
    network_id: bytes,
    name: str,
    passphrase: str,
    today: int,
    random: Random,
) -> Recovered:
    """Open the store with a sheet's secret (17 bytes), and make its holder a lead of this name.

    `network_id` has 32 bytes. The sheet opens nothing from the new member's first sync on; stopped
    before that, it opens still. Raises NotVetted or NotReadable where it opens nothing, FirstDo
    without a store, BadInput for a name or passphrase that can't be, Unreachable and ServerProblem.
    """
    found = choosing.fetch(api, device_day=today, network_id=network_id)
    keys = [one.statement.organisation for one in found.organisations]
    sheets = [paper.member_of(secret, network_id=network_id, organisation_key=one) for one in keys]
    if not sheets:
        raise FirstDo("No organisation is listed on this server now.")
    first = sheets[0]
    # The keys that sign do not depend on the organisation, which the server finds by them.
    signed = SignedApi(api, first.ed25519_seed, network_id, AskedCounter())
    for _ in range(_TRIES):
        with told_plainly():
            sealed = signed.store()
        if not sealed:
            raise FirstDo("The server has no store of your organisation.")
        sheet, store = _opened(sealed, sheets)
        made = new_member(
            network_id=network_id, organisation_key=sheet.organisation_key, random=random
        )
        members.check_room(store, name)
        entry = members.entry_of(made, role=_LEAD, name=name, today=today)
        key_file = _key_file(made, passphrase, random)
        after = store.with_entry(c.ENTRY_MEMBER, made.member_id, entry.encode())
        after = kept.with_written(after, sheet.member_id, today)
        after = replace(after, generation=store.generation + 1)
        size = found.view.document.store_bytes
        with told_plainly():
            signed.put_members(kept.member_keys(after))
            was_put = signed.put_store(
                seal_store(after, random=random, size=size), replaces=store_hash(sealed)
            )
        if was_put:
            return Recovered(made, key_file, after.remove_member(sheet.member_id, today))
    raise Trouble("Others wrote the organisation's store each time.", "Try again.")


def _opened(sealed: bytes, sheets: list[MemberSecret]) -> tuple[MemberSecret, Store]:
    """Open a store with the sheet as of one organisation: with any other it does not open."""
    for sheet in sheets:
        try:
            return sheet, open_store(sealed, sheet, 0)
        except CannotOpen:
            continue
        except Refused as refused:
            raise unreadable_store(refused) from None
    raise NotReadable(
        "This sheet opens nothing here.", "Most likely a newer sheet was made after it."
    )


def _key_file(made: MemberSecret, passphrase: str, random: Random) -> bytes:
    try:
        return seal_member_file(made, passphrase, random=random)
    except Refused:
        raise BadInput("This passphrase can't be used.", "Take four words or more.") from None
