"""Applying to be vetted: keys and a store on this device first, then one signed application.

What was sent is kept in the store, so that doing it again sends the same.

Source: docs/spec/http.md, 8; docs/spec/store.md, 1 to 3.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from client import home as homes
from client.api import Api
from client.errors import BadInput, FirstDo
from client.flows import kept, members
from client.flows.desk import Desk
from client.flows.profile_file import Described
from client.home import Home
from crypto import constants as c
from crypto.client import settings
from crypto.client.member_file import new_member, seal_member_file
from crypto.client.store import Store, seal_store
from crypto.encoding import Random
from crypto.errors import Refused
from crypto.public import applications
from crypto.public.applications import Application
from crypto.public.note_signing import public_of

SERVER = settings.SERVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Founding:
    """What a new organisation begins with: server, network (32 bytes), its first member."""

    server: str
    network_id: bytes
    member_name: str
    phrase: str = field(repr=False)


def found(
    folder: Path, founding: Founding, described: Described, *, today: int, random: Random
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
    application = _make(store, member.ed25519_public_key, described, today)
    store = kept.put(store, kept.APPLICATION, application)
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


def renew(desk: Desk, described: Described, *, today: int) -> None:
    """Make a new application of the same organisation, and keep it in place of the last."""
    application = _make(desk.read(), desk.member.ed25519_public_key, described, today)
    desk.edit(lambda store: kept.put(store, kept.APPLICATION, application))


def last(desk: Desk) -> Application:
    """Return the application that the store keeps; raises FirstDo where it has none."""
    return applications.parse_and_check(_kept(desk), desk.network_id)


def post(desk: Desk, api: Api) -> None:
    """Hand in the application that the store keeps, the same bytes each time."""
    api.apply(_kept(desk))


def _kept(desk: Desk) -> bytes:
    application = kept.get(desk.read(), kept.APPLICATION)
    if application is None:
        raise FirstDo(
            "There is no application in the store.", "Make one: `towpath provider apply --renew`."
        )
    return application


def _make(store: Store, member_key: bytes, described: Described, today: int) -> bytes:
    return applications.make(
        store.organisation_seed,
        network_id=store.network_id,
        member_key=member_key,
        epoch=today,
        name=described.name,
        profile=described.profile,
    )
