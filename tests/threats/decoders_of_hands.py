"""What people carry or type from paper, each with a good sample: invites, sheets, saved texts."""

from __future__ import annotations

from functools import partial

from crypto import constants as c
from crypto.client import carried, code_text, invite, recovery
from crypto.client.invite import Offer, Reply
from crypto.client.member_file import new_member
from crypto.public import armour
from tests.crypto.store_samples import draws
from tests.threats.decoders_of_devices import Target, of_text

_NETWORK, _ORGANISATION = bytes(range(32)), bytes(range(2, 34))
_WHAT = "CARRIED"


def _saved() -> carried.Carried:
    one = carried.Organisation(
        statement=b"a statement",
        profile=b"a profile",
        index=0,
        hashes=(bytes(c.HASH_BYTES),),
        capacity=0,
        weekly_keys=(bytes(c.WEEKLY_KEY_BYTES),),
    )
    return carried.Carried(
        network_id=_NETWORK,
        work_bits=8,
        policies=(b"a policy",),
        checkpoint=b"a checkpoint",
        suspensions=b"a list",
        organisations=(one,),
        record=None,
    )


def brought() -> dict[str, list[Target]]:
    """Offers and replies of invites, the secret on a recovery sheet, texts between marks."""
    keys = invite.invite_keys(b"ten bytes!", _NETWORK)
    said = Offer(
        network_id=_NETWORK, organisation_key=_ORGANISATION, role=1, organisation="Abri", name="Bo"
    )
    secret = new_member(network_id=_NETWORK, organisation_key=_ORGANISATION, random=draws(5))
    offer = invite.seal_offer(keys, said, random=draws(5))
    place = {"offer": offer, "network_id": _NETWORK}
    reply = invite.seal_reply(keys, Reply.of(secret), **place, random=draws(6))
    form, text = carried.encode(_saved()), carried.write(_saved())
    sheet = recovery.symbols(recovery.new_secret(draws(7)))
    between = partial(armour.read, _WHAT, at_most=len(text))
    return {
        "client.carried.decode": [(carried.decode, form)],
        "client.carried.read": [(of_text(carried.read), text.encode())],
        "client.code_text.plain": [(of_text(code_text.plain), b"o0-Il 1")],
        "client.invite.open_offer": [(lambda b: invite.open_offer(keys, b, _NETWORK), offer)],
        "client.invite.open_reply": [(lambda b: invite.open_reply(keys, b, **place), reply)],
        "client.recovery.read": [(of_text(recovery.read), sheet.encode())],
        "public.armour.read": [(of_text(lambda said: between(text=said)), text.encode())],
    }
