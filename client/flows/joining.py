"""The newcomer's side of an invitation: reading it, making her keys, answering, the first store.

Her secrets never leave her device but in the key file, under her passphrase.

Source: docs/spec/invite.md; docs/spec/http.md, 4 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client.api import Api
from client.api_signed import SignedApi
from client.errors import BadInput, CodeRefused, FirstDo, NotVetted, from_refusal
from client.flows.desk import unreadable_store
from client.flows.inviting import NOT_THERE
from client.flows.signed_calls import AskedCounter, told_plainly
from crypto.client import invite as invites
from crypto.client.invite import InviteKeys, Offer, Reply
from crypto.client.member_file import MemberSecret, new_member, seal_member_file
from crypto.client.store import Store, open_store
from crypto.encoding import Random
from crypto.errors import Refused


@dataclass(frozen=True, slots=True)
class Opened:
    """An invitation as it was opened, and the offer (1,536 bytes) as it lies at the server."""

    offer: Offer
    keys: InviteKeys = field(repr=False)
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Joining:
    """A newcomer's keys: the key file (201 bytes), the reply as it is sent, again the same.

    `number` is what both compare by voice.
    """

    number: str
    key_file: bytes = field(repr=False)
    reply: bytes = field(repr=False)


def open_invitation(api: Api, code: bytes, network_id: bytes) -> Opened:
    """Open an invitation by its code (10 bytes) in a network (id of 32 bytes).

    Raises CodeRefused where there is none, NotReadable for one that does not open, Unreachable and
    ServerProblem.
    """
    keys = invites.invite_keys(code, network_id)
    sealed = api.open_invite(keys.locator)
    if sealed is None:
        raise CodeRefused(*NOT_THERE)
    try:
        return Opened(invites.open_offer(keys, sealed, network_id), keys, sealed)
    except Refused as refused:
        raise from_refusal(refused) from None


def make(opened: Opened, passphrase: str, random: Random) -> Joining:
    """Draw the newcomer's keys and seal them under her passphrase; nothing is sent yet."""
    offer = opened.offer
    secret = new_member(
        network_id=offer.network_id, organisation_key=offer.organisation_key, random=random
    )
    said = Reply.of(secret)
    try:
        key_file = seal_member_file(secret, passphrase, random=random)
    except Refused:
        raise BadInput("This passphrase can't be used.", "Take four words or more.") from None
    reply = invites.seal_reply(
        opened.keys, said, offer=opened.sealed, network_id=offer.network_id, random=random
    )
    number = invites.check_number(
        said,
        offer=opened.sealed,
        network_id=offer.network_id,
        organisation_key=offer.organisation_key,
    )
    return Joining(number, key_file, reply)


def send(api: Api, opened: Opened, joining: Joining) -> None:
    """Send the newcomer's public keys to whoever invited her; the same again is safe.

    Raises CodeRefused where somebody else has answered or it has ended, Unreachable, ServerProblem.
    """
    keys = opened.keys
    became = api.accept_invite(keys.locator, keys.write_key, joining.reply)
    if became == "taken":
        raise CodeRefused(
            "Somebody else has answered this invitation.",
            "Tell whoever invited you, in person or by telephone: nobody must be added by it.",
        )
    if became != "stored":
        raise CodeRefused(*NOT_THERE)


def first_store(api: Api, member: MemberSecret) -> Store:
    """Return the organisation's store as it lies on the server, for a device that has none.

    Raises FirstDo where the member is not known yet or there is no store, NotReadable for one that
    does not open, Unreachable and ServerProblem.
    """
    signed = SignedApi(api, member.ed25519_seed, member.network_id, AskedCounter())
    try:
        with told_plainly():
            sealed = signed.store()
    except NotVetted:
        raise FirstDo(
            "The server does not know this member.",
            "Whoever invited you has to confirm the number and sync; then do this again. If you"
            " were a member before, you were removed, or your organisation is not listed now.",
        ) from None
    if not sealed:
        raise FirstDo(
            "The server has no store of your organisation yet.",
            "Whoever founded it runs `towpath provider sync`; then do this again.",
        )
    try:
        return open_store(sealed, member, 0)
    except Refused as refused:
        raise unreadable_store(refused) from None
