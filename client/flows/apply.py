"""Applying to be vetted: keys and a store on this device first, then one application, sealed.

It is sealed to the admins whose keys hold, and kept in the store as it was sealed, so that doing
it again sends the same. Its secret lies beside it: who has that reads the reply, and withdraws.

Source: docs/spec/vetting.md, 3 and 5; docs/spec/store.md, 1 to 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from client import home as homes
from client.api import Api
from client.errors import BadInput, FirstDo
from client.flows import answers_file, kept, members
from client.flows.desk import Desk
from client.flows.profile_file import Described
from client.home import Home
from crypto import constants as c
from crypto.client import application, settings, vetting_entries
from crypto.client.application import Opened, ReadingKeys
from crypto.client.member_file import new_member, seal_member_file
from crypto.client.store import Store, seal_store
from crypto.client.vetting_entries import Reply
from crypto.encoding import Random
from crypto.errors import Refused
from crypto.public import admin_keys, applications
from crypto.public.admin_keys import AdminKey
from crypto.public.applications import Application
from crypto.public.keys import key_hash
from crypto.public.note_signing import public_of
from crypto.public.policy import Policy

SERVER = settings.SERVER


@dataclass(frozen=True, slots=True)
class Admins:
    """To whom an application is sealed: keys that hold, none twice, of how many admins, and k."""

    keys: tuple[AdminKey, ...]
    every: int
    threshold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What a new organisation begins with: server, network (32 bytes), its first member."""

    server: str
    network_id: bytes
    member_name: str
    phrase: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Kept:
    """An application as the store keeps it: what it derives from, and its sealed bytes."""

    secret: bytes = field(repr=False)
    sealed: bytes = field(repr=False)
    keys: ReadingKeys

    @property
    def write_key(self) -> bytes:
        """What fetches the reply, and withdraws."""
        return application.write_key(self.secret, self.keys.network_id)


def admins_of(policy: Policy, keys: Iterable[bytes]) -> Admins:
    """Return to whom an application is sealed, of the keys that a server shows.

    Raises FirstDo where fewer than k admins have one that holds and is their own alone.
    """
    held = admin_keys.distinct(admin_keys.holding(keys, policy))
    if len(held) < policy.threshold:
        raise FirstDo(
            f"Only {len(held)} of {len(policy.admins)} admins have published a key to read with;"
            f" {policy.threshold} have to read what you send.",
            "Ask them to run `towpath admin keys publish`, then try again.",
        )
    return Admins(held, len(policy.admins), policy.threshold)


def found(
    folder: Path,
    founding: Founding,
    described: Described,
    admins: Admins,
    *,
    today: int,
    random: Random,
) -> Home:
    """Draw the organisation's and the member's keys and found a folder with an application.

    Nothing is sent. Raises BadInput for a name, passphrase or folder that can't be used.
    """
    homes.check_free(folder)
    seed = random(c.ED25519_SEED_BYTES)
    member = new_member(
        network_id=founding.network_id, organisation_key=public_of(seed), random=random
    )
    entry = members.entry_of(member, role="lead", name=founding.member_name, today=today)
    store = Store(
        network_id=founding.network_id,
        organisation_seed=seed,
        entries={(c.ENTRY_MEMBER, member.member_id): entry.encode()},
    )
    made = _make(store, member.ed25519_public_key, described, admins, today, random)
    store = kept.put(store, kept.APPLICATION, made)
    store = kept.put(store, SERVER, founding.server.encode())
    store = kept.with_members_known(store, kept.member_keys(store))
    try:
        key_file = seal_member_file(member, founding.phrase, random=random)
    except Refused:
        raise BadInput("This passphrase can't be used.", "Take four words or more.") from None
    return homes.found(
        folder,
        server=founding.server,
        member=member,
        key_file=key_file,
        sealed_store=seal_store(store, random=random),
        random=random,
    )


def renew(
    desk: Desk,
    api: Api,
    described: Described,
    admins: Admins,
    *,
    today: int,
    random: Random,
) -> None:
    """Make a new application of the same organisation, in place of the last, which is taken back.

    Nothing new is sent yet: `post` does that.
    """
    made = _make(desk.read(), desk.member.ed25519_public_key, described, admins, today, random)
    before = _kept(desk)
    if before is not None:  # so that the admins do not see two of one organisation
        api.withdraw_application(before.keys.application_id, before.write_key)
    desk.edit(lambda store: kept.put(store, kept.APPLICATION, made))


def last(desk: Desk) -> Application:
    """Return what will be public of the application kept; raises FirstDo where there is none."""
    return said(desk).listing


def said(desk: Desk) -> Opened:
    """Return the application that the store keeps, whole; raises FirstDo where it has none."""
    found = _needed(desk)
    return application.open_(found.sealed, found.keys)


def is_kept(desk: Desk) -> bool:
    """Say whether the store keeps an application."""
    return _kept(desk) is not None


def post(desk: Desk, api: Api) -> None:
    """Hand in the application that the store keeps, the same bytes each time."""
    found = _needed(desk)
    api.apply(found.keys.application_id, key_hash(found.write_key), found.sealed)


def reply(desk: Desk, api: Api) -> Reply | None:
    """Fetch what the admins replied to the application kept; None where nothing has come yet."""
    found = _kept(desk)
    if found is None:
        return None
    came = api.application_reply(found.keys.application_id, found.write_key)
    try:
        return vetting_entries.open_reply(came, found.keys)
    except Refused:
        return None


def withdraw(desk: Desk, api: Api) -> None:
    """Take the application back: the server drops it, and the store its secret."""
    found = _needed(desk)
    api.withdraw_application(found.keys.application_id, found.write_key)
    desk.edit(lambda store: kept.drop(store, kept.APPLICATION))


def _kept(desk: Desk) -> _Kept | None:
    value = kept.get(desk.read(), kept.APPLICATION)
    if value is None or len(value) <= c.APPLICATION_BYTES:  # as it was before it was sealed
        return None
    secret, sealed = value[: c.APPLICATION_SECRET_BYTES], value[c.APPLICATION_SECRET_BYTES :]
    return _Kept(secret, sealed, application.reading_keys(secret, desk.network_id))


def _needed(desk: Desk) -> _Kept:
    found = _kept(desk)
    if found is None:
        raise FirstDo(
            "There is no application in the store.",
            "Make one: `towpath provider apply --renew --from FILE`.",
        )
    return found


def _make(
    store: Store,
    member_key: bytes,
    described: Described,
    admins: Admins,
    today: int,
    random: Random,
) -> bytes:
    listing = applications.make(
        store.organisation_seed,
        network_id=store.network_id,
        member_key=member_key,
        epoch=today,
        name=described.name,
        profile=described.profile,
    )
    secret = random(c.APPLICATION_SECRET_BYTES)
    return secret + application.seal(
        application.reading_keys(secret, store.network_id),
        organisation_seed=store.organisation_seed,
        listing=listing,
        contact=answers_file.checked_contact(described.contact),
        answers=answers_file.checked_answers(described.answers),
        readers=admins.keys,
        threshold=admins.threshold,
        random=random,
    )
