"""Inviting a member, and the recovery sheet."""

from __future__ import annotations

from dataclasses import asdict

from crypto.client import invite, recovery
from crypto.client.invite import InviteKeys, Offer, Reply
from crypto.public import cover
from tests.vectors.values import Drawn, Given, Output, unbytes

_HERS = ("member_id", "xwing_public_key", "ed25519_public_key")


def invite_keys(given: Given) -> Output:
    """Derive what an invite's code gives."""
    return asdict(invite.invite_keys(unbytes(given["code"]), unbytes(given["network_id"])))


def seal_offer(given: Given) -> Output:
    """Seal an offer."""
    offer = Offer(
        network_id=unbytes(given["network_id"]),
        organisation_key=unbytes(given["organisation_key"]),
        role=given["role"],
        organisation=given["words"],
        name=given["name"],
    )
    random = Drawn(unbytes(given["nonce"]))
    return {"offer": invite.seal_offer(_keys(given), offer, random=random)}


def open_offer(given: Given) -> Output:
    """Open an offer."""
    network_id = unbytes(given["network_id"])
    found = invite.open_offer(_keys(given), unbytes(given["offer"]), network_id)
    said = {"role": found.role, "words": found.organisation, "name": found.name}
    return {"organisation_key": found.organisation_key, **said}


def seal_reply(given: Given) -> Output:
    """Seal a reply."""
    sealed = invite.seal_reply(
        _keys(given),
        _reply(given),
        offer=unbytes(given["offer"]),
        network_id=unbytes(given["network_id"]),
        random=Drawn(unbytes(given["nonce"])),
    )
    return {"reply": sealed}


def open_reply(given: Given) -> Output:
    """Open a reply."""
    place = {name: unbytes(given[name]) for name in ("offer", "network_id")}
    return asdict(invite.open_reply(_keys(given), unbytes(given["reply"]), **place))


def invite_check(given: Given) -> Output:
    """Work out the number to compare."""
    names = ("offer", "network_id", "organisation_key")
    place = {name: unbytes(given[name]) for name in names}
    return {"check": invite.check_number(_reply(given), **place)}


def cover_invite(given: Given) -> Output:
    """Make the cover of a reply's place."""
    return {"cover": cover.invite(unbytes(given["filler_key"]), unbytes(given["locator"]))}


def write_recovery(given: Given) -> Output:
    """Write a sheet's secret."""
    return {"symbols": recovery.symbols(unbytes(given["secret"]))}


def read_recovery(given: Given) -> Output:
    """Read a sheet's secret."""
    return {"secret": recovery.read(given["text"])}


def recovery_keys(given: Given) -> Output:
    """Derive the member of a sheet."""
    secret, network_id = unbytes(given["secret"]), unbytes(given["network_id"])
    found = recovery.member_of(secret, network_id=network_id, organisation_key=bytes(32))
    return {name: getattr(found, name) for name in ("member_id", "xwing_seed", "ed25519_seed")}


def _keys(given: Given) -> InviteKeys:
    names = ("locator", "offer_key", "reply_key")
    held = {name: unbytes(given[name]) if name in given else bytes(32) for name in names}
    return InviteKeys(**held, write_key=bytes(32))


def _reply(given: Given) -> Reply:
    return Reply(**{name: unbytes(given[name]) for name in _HERS})
