"""A made-up network as an admin's device sees it: listings that hold, applications, drafts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from client.api_types import Applied, Waiting
from client.flows import review
from client.flows.review import Broken, Opened
from client.flows.scene import Scene, look
from crypto.client import application as applied
from crypto.client import record_check
from crypto.client.record_check import Listing
from crypto.client.vetting_entries import Entry
from crypto.constants import VETTING_BLOCKING
from crypto.public import admin_keys, applications, log, notes, profile
from crypto.public.admin_keys import AdminKey
from crypto.public.note_signing import Signer, public_of
from tests.crypto import vettings
from tests.crypto.networks import TODAY, Network, entry_of, make_network, seed_of
from tests.crypto.streams import Stream

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
    return look(seen, listings)


def sealed(net: Network, handed_in: bytes, seed: bytes = APPLICANT, **changes: Any) -> bytes:
    """An application with this listing, sealed to all admins."""
    said: dict[str, Any] = {
        "organisation_seed": seed,
        "listing": handed_in,
        "contact": vettings.CONTACT,
        "answers": vettings.answers(),
        "readers": readers(net),
        "threshold": net.policy.threshold,
        "random": Stream("application"),
    }
    return applied.seal(vettings.keys_of(net), **{**said, **changes})


def readers(net: Network) -> tuple[AdminKey, ...]:
    """The admins' keys."""
    made = [admin_keys.make(one.seed, net.network_id) for one in net.admins]
    return admin_keys.holding(made, net.policy)


def signatures(net: Network, drafts: Iterable[bytes]) -> list[Entry]:
    """An entry for each admin's line under these statements."""
    return [
        vettings.signature(net, signer, note)
        for note in drafts
        for line in notes.parse(note).lines
        for signer in net.admins
        if signer.name == line.name
    ]


def shown(
    net: Network, handed_in: bytes, entries: Sequence[Entry] = (), seed: bytes = APPLICANT
) -> Applied:
    """What a server shows of an application with these entries."""
    by = {signer.key.public_key: signer for signer in net.admins}
    written = [
        vettings.written(net, by[entry.author], entry, number, Stream("entry"))
        for number, entry in enumerate(entries)
    ]
    return Applied(sealed(net, handed_in, seed), tuple(written))


def read(net: Network, in_scene: Scene, applied_: Applied, days: int = 90) -> Opened | Broken:
    """Read what a server shows, as the first admin."""
    waiting = Waiting(
        application_id=vettings.keys_of(net).application_id,
        entries=len(applied_.entries),
        last_epoch=TODAY + days,
    )
    return review.read(waiting, applied_, vettings.reading_key(net, net.admins[0]), in_scene)


def opened(
    in_scene: Scene,
    handed_in: bytes,
    drafts: Sequence[bytes] = (),
    *,
    net: Network | None = None,
    entries: Sequence[Entry] = (),
    seed: bytes = APPLICANT,
) -> Opened:
    """Read one application that holds, with drafts as admins signed them and other entries."""
    of = net or network()
    every = [*entries, *signatures(of, drafts)]
    found = read(of, in_scene, shown(of, handed_in, every, seed))
    assert isinstance(found, Opened)
    return found


def all_met(net: Network, *signers: Signer) -> list[Entry]:
    """All that blocks, marked as met by these admins, or by all."""
    return [
        vettings.mark(net, one, criterion)
        for one in signers or net.admins
        for criterion in VETTING_BLOCKING
    ]


def at(in_scene: Scene, today: int) -> Scene:
    """The same on another day."""
    return replace(in_scene, today=today)
