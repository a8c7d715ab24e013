"""A made-up network as an admin's device sees it: listings that hold, applications, drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from client.api_types import Applied
from client.flows import review
from client.flows.review import Opened, Scene
from crypto.client import record_check
from crypto.client.record_check import Listing
from crypto.public import applications, log, profile
from crypto.public.note_signing import public_of
from tests.crypto.networks import TODAY, Network, entry_of, make_network, seed_of

NAME = "Night Lamp"
APPLICANT = seed_of("applicant")
PROFILE = profile.encode(
    profile.Profile(kind=(1,), services=(1, 9), police_ties=(3,), funding=(2,), reporting=(2,))
)


def network() -> Network:
    """Three admins of whom any two sign, and no witness, as servers take it."""
    return make_network(witnesses=0, witness_threshold=0)


def application(net: Network, **changes: Any) -> bytes:
    """What an organisation hands in, by default today."""
    said: dict[str, Any] = {
        "network_id": net.network_id,
        "member_key": public_of(seed_of("member")),
        "epoch": net.today,
        "name": NAME,
        "profile": PROFILE,
    }
    seed = changes.pop("seed", APPLICANT)
    return applications.make(seed, **{**said, **changes})


def draft(net: Network, **changes: Any) -> bytes:
    """A statement that says what `application` says, by default signed by the first admin."""
    said: dict[str, Any] = {
        "serial": TODAY,
        "until": TODAY + 30,
        "name": NAME,
        "signed_by": net.admins[:1],
    }
    seed, encoded = changes.pop("seed", APPLICANT), changes.pop("profile_bytes", PROFILE)
    return net.statement(seed, encoded, **{**said, **changes})


def scene(
    net: Network,
    listed: Sequence[tuple[bytes, bytes]] = (),
    ended: Iterable[bytes] = (),
    ended_below: int = 2,
    today: int = TODAY,
) -> Scene:
    """What holds where the server lists these (statement, profile) and ends these keys."""
    entries = [entry_of(note) for note, _ in listed]
    leaves = [log.leaf_hash(entry) for entry in entries]
    suspended = net.suspensions(ended, ended_below)
    newest = net.checkpoint(entries, suspensions=suspended)
    seen = record_check.Network(
        policy=net.policy, newest=newest, suspensions=suspended, today=today
    )
    listings = [
        Listing(
            profile=encoded,
            statement=note,
            inclusion=log.inclusion_proof(leaves, place),
            checkpoint=newest,
        )
        for place, (note, encoded) in enumerate(listed)
    ]
    return review.look(seen, listings)


def opened(in_scene: Scene, handed_in: bytes, drafts: Sequence[bytes] = ()) -> Opened:
    """Read one application that holds."""
    (found,) = review.read([Applied(handed_in, tuple(drafts))], in_scene)
    assert isinstance(found, Opened)
    return found


def at(in_scene: Scene, today: int) -> Scene:
    """The same on another day."""
    return replace(in_scene, today=today)
