"""Inviting a newcomer: the code to say to her, her reply, the number to compare, and her entry.

Nothing of an invitation is kept on this device: whoever made it types the code once more to go on.

Source: docs/spec/invite.md; docs/spec/http.md, 4 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client.api import Api
from client.api_signed import SignedApi
from client.errors import BadInput, CodeRefused, from_refusal
from client.flows import members
from client.flows.desk import Desk
from client.flows.signed_calls import told_plainly
from crypto import constants as c
from crypto.client import codes
from crypto.client import invite as invites
from crypto.client.invite import Offer, Reply
from crypto.client.store import Store
from crypto.client.store_entries import MemberEntry
from crypto.errors import CannotOpen, Refused
from crypto.public.keys import key_hash

NOT_THERE = (
    "There is no such invitation.",
    "Either it was mistyped, or it has ended: it holds on the day it was made and the next. Make a"
    " new one.",
)

_NOT_NEW = (
    "Whoever answered this invitation sent the id or a key of another member.",
    "Nobody is added by it. Ask the newcomer, in person or by telephone, and invite anew.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom to invite: her name, her role (a code of `role`), one's words for the organisation."""

    name: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A newcomer who has answered: the number to compare by voice, and what becomes her entry."""

    offer: Offer
    number: str
    reply: Reply = field(repr=False)


def invite(desk: Desk, signed: SignedApi, invitation: Invitation) -> bytes:
    """Invite a newcomer and return the code (10 bytes) to say to her: for today and tomorrow.

    Raises BadInput for a text or role that can't be, FirstDo where there is no room, NotVetted,
    Unreachable and ServerProblem.
    """
    role = members.role_of(invitation.role)
    members.check_room(desk.read(), invitation.name)
    code = codes.new_secret(desk.random)
    keys = invites.invite_keys(code, desk.network_id)
    said = Offer(
        network_id=desk.network_id,
        organisation_key=desk.organisation_key,
        role=role,
        organisation=invitation.organisation,
        name=invitation.name,
    )
    try:
        offer = invites.seal_offer(keys, said, random=desk.random)
    except Refused:
        raise BadInput(
            "These names can't be sent.",
            f"The organisation's has 1 to {c.INVITE_ORGANISATION_BYTES} bytes, the newcomer's 1 to"
            f" {c.MEMBER_NAME_BYTES}.",
        ) from None
    with told_plainly():
        signed.put_invite(keys.locator, key_hash(keys.write_key), offer)
    return code


def reply(desk: Desk, api: Api, code: bytes) -> Accepted | None:
    """Look for the reply to an invitation by its code (10 bytes); None: there is none yet.

    Raises CodeRefused where there is no such invitation or it is another organisation's,
    Unreachable and ServerProblem.
    """
    keys = invites.invite_keys(code, desk.network_id)
    sealed = api.open_invite(keys.locator)
    if sealed is None:
        raise CodeRefused(*NOT_THERE)
    try:
        offer = invites.open_offer(keys, sealed, desk.network_id)
    except Refused as refused:
        raise from_refusal(refused) from None
    if offer.organisation_key != desk.organisation_key:
        raise CodeRefused("This is another organisation's invitation.", "Nobody is added by it.")
    read = api.read_invite(keys.locator, keys.write_key)
    try:
        found = invites.open_reply(keys, read, offer=sealed, network_id=desk.network_id)
    except CannotOpen:
        return None
    except Refused as refused:
        raise from_refusal(refused) from None
    number = invites.check_number(
        found,
        offer=sealed,
        network_id=desk.network_id,
        organisation_key=desk.organisation_key,
    )
    return Accepted(offer, number, found)


def is_same(number: str, heard: str) -> bool:
    """Say whether the number that was heard is this one; spaces do not matter."""
    return "".join(heard.split()) == "".join(number.split())


def confirm(desk: Desk, accepted: Accepted, *, today: int) -> None:
    """Add the newcomer, once both have the same number: the store is sealed to her from then on.

    Again, it changes nothing. Raises BadInput or FirstDo where there is no room for her, and
    CodeRefused for the id or a key of another member, past or present: nobody takes her place.
    """
    found = accepted.reply
    if _is_there(desk.read(), found):
        return
    entry = MemberEntry(
        role=accepted.offer.role,
        xwing_public_key=found.xwing_public_key,
        ed25519_public_key=found.ed25519_public_key,
        since=today,
        name=accepted.offer.name,
    )
    members.check_room(desk.read(), entry.name)
    try:
        desk.edit(lambda store: store.with_entry(c.ENTRY_MEMBER, found.member_id, entry.encode()))
    except Refused as refused:
        raise from_refusal(refused) from None


def _is_there(store: Store, found: Reply) -> bool:
    keys = {found.xwing_public_key, found.ed25519_public_key}
    for one in members.listed(store):
        hers = {one.entry.xwing_public_key, one.entry.ed25519_public_key}
        if (one.member_id, hers) == (found.member_id, keys):
            return True
        if one.member_id == found.member_id or hers & keys:
            raise CodeRefused(*_NOT_NEW)
    if (c.ENTRY_LEFT, found.member_id) in store.entries:
        raise CodeRefused(*_NOT_NEW)
    return False
