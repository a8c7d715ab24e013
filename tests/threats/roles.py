"""Everybody who signs calls or could try to, what they have, and a server that has requests."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from crypto.public import requests
from crypto.public.note_signing import public_of
from server.services import drop
from tests.server import founding
from tests.server.scene import b64url, holding
from tests.threats.hers import LIVES_ON, Hers, after, fields_of
from tests.threats.twins import Known, Twins

SIGNED = {
    "admin": {
        "GET /v1/applications",
        "PUT /v1/admins/me/key",
        "POST /v1/applications/open",
        "POST /v1/applications/entries",
        "POST /v1/applications/answer",
    },
    "member": {
        "POST /v1/tokens",
        "PUT /v1/organisations/me/weekly-key",
        "PUT /v1/organisations/me/capacity",
        "PUT /v1/organisations/me/members",
        "POST /v1/invites",
        "GET /v1/store",
        "PUT /v1/store",
    },
    "organisation": set(),
    "applicant": set(),
    "log": set(),
}
"""Who is let in where, of the calls that are signed."""


def seeds_of(role: str, servers: Twins) -> tuple[bytes, ...]:
    """The signing seeds of everybody in a role."""
    applicant, network = founding.named("Applicant"), servers.founded.network
    return {
        "admin": tuple(one.seed for one in network.admins),
        "member": (servers.listed.member_seed,),
        "organisation": (servers.listed.seed,),
        "applicant": (applicant.seed, applicant.member_seed),
        "log": (network.log.seed,),
    }[role]


def of_a_role(role: str, hers: Hers) -> Known:
    """What somebody in a role has: their seeds, and all that is seen of requests from outside."""
    made, applicant = hers.servers.founded, founding.named("Applicant")
    own = public_of(seeds_of(role, hers.servers)[0])
    draft = made.statement(applicant, signed_by=made.admins[:1])
    named = fields_of(hers) | {
        "members": [[b64url(own)]],
        "application": [b64url(hers.servers.applied.sealed)],
        "after": [0, 1],
        "n": [0, 1],
        "listing": [b64url(made.request(applicant)), None],
        "note": [b64url(draft)],
        "armour": [requests.armour(replace(hers.request, envelope=hers.sent.follow_up))],
    }
    seen = (hers.sent.to.keys.locator, hers.box.id, hers.tag)
    return Known(
        network_id=made.network_id,
        values=(*seen, own),
        belonging={"locator": seen[0], "box_id": seen[1]},
        named=named,
        seeds=seeds_of(role, hers.servers),
    )


def many_requests(hers: Hers) -> None:
    """With a code, without one, answered, added to, withdrawn; all of them in the drop."""
    scene = hers.servers.first
    after(hers, LIVES_ON)
    for _ in range(3):
        scene.sent(scene.make.receipt())
        scene.walked_in(gone := scene.make.receipt())
    assert hers.call("/v1/boxes/withdraw", **holding(gone)) == 200
    joined = scene.core.database.write(partial(drop.join, random=scene.core.random))
    assert joined == 2 + 3 + 3
