"""A server that carries a founded network: three admins of whom any two sign, organisations listed.

    made = founding.found(core)                 # the policy is loaded
    shelter = made.organisation("Shelter")      # listed, with one member
    made.post(made.statement(shelter, serial=2, kind=Kind.SUSPENDED, signed_by=made.admins[:1]))

Everything goes through the services, as the operator and the admins would do it; the keys are those
of `tests.crypto.networks`, always the same. Signed calls over HTTP are in `calling`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest

from crypto.client import record_check, signing
from crypto.encoding import monday
from crypto.public import applications as application_forms
from crypto.public import notes, policy_chain, sealing
from crypto.public.note_signing import Signer, cosign, public_of
from crypto.public.statements import Kind
from server.core import Core
from server.keyring import LOG
from server.services import checkpoints, cosignatures, members, network, statements
from server.services.cosignatures import Cosigned
from server.services.listing import Listed
from server.services.network import Document, Loaded, PolicyRefusal
from server.services.refusals import Refusal
from server.services.statements import Posted
from tests.crypto.networks import PROFILE, Network, make_network, seed_of

# For tests with many cases, of which the database is not the point.
ON_SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


@dataclass(frozen=True, kw_only=True)
class Organisation:
    """An organisation with the seeds of its own key and of its first member."""

    name: str
    seed: bytes
    member_seed: bytes
    profile: bytes = PROFILE

    @property
    def key(self) -> bytes:
        """Its public key."""
        return public_of(self.seed)

    @property
    def member_key(self) -> bytes:
        """Its first member's public key."""
        return public_of(self.member_seed)


@dataclass(frozen=True)
class Founded:
    """A server's core, and everybody who signs in its network."""

    core: Core
    network: Network

    @property
    def network_id(self) -> bytes:
        """The 32 bytes that name the network."""
        return self.network.network_id

    @property
    def admins(self) -> tuple[Signer, ...]:
        """The admins, of whom any two sign."""
        return self.network.admins

    def organisation(self, name: str, *, profile: bytes = PROFILE) -> Organisation:
        """An organisation that is listed from today for 90 days."""
        made = named(name, profile=profile)
        posted = self.vet(made)
        assert posted == Posted(listed=True), posted
        return made

    def request(self, of: Organisation, **changes: Any) -> bytes:
        """What an organisation signs today when it asks to be listed."""
        said: dict[str, Any] = {
            "network_id": self.network_id,
            "member_key": of.member_key,
            "epoch": self.core.today,
            "name": of.name,
            "profile": of.profile,
        }
        return application_forms.make(of.seed, **{**said, **changes})

    def statement(
        self,
        of: Organisation,
        *,
        kind: Kind = Kind.VETTED,
        signed_by: Sequence[Signer] | None = None,
        **changes: Any,
    ) -> bytes:
        """A statement's note: serial 1, from today for 90 days, signed by the first two admins."""
        days = {"first": self.core.today, "until": self.core.today + 90}
        return self.network.statement(
            of.seed,
            changes.pop("profile", of.profile),
            kind=kind,
            signed_by=signed_by,
            **{"name": of.name, **days, **changes},
        )

    def vet(
        self, of: Organisation, request: bytes | None = None, **changes: Any
    ) -> Posted | Refusal:
        """Post a statement of an organisation, with its request of today or another."""
        return self.post(self.statement(of, **changes), request or self.request(of))

    def post(self, note: bytes, request: bytes | None = None) -> Posted | Refusal:
        """Post a statement, with a listing request or without one."""
        core = self.core
        given: dict[str, Any] = {"keyring": core.keyring, "today": core.today}
        return core.database.write(partial(statements.post, note=note, request=request, **given))

    def load(self, note: bytes) -> Loaded | PolicyRefusal:
        """Load a policy, as the operator does."""
        return load(self.core, note)

    def pending(self) -> bytes:
        """The newest checkpoint that the log has signed (a note)."""
        found = self.core.database.read(checkpoints.newest)
        assert found is not None
        return found.note

    def line(self, by: Signer, *, note: bytes | None = None, time: int | None = None) -> str:
        """A witness's line over a checkpoint's note, by default the pending one, of now."""
        text = notes.parse(self.pending() if note is None else note).text
        when = int(self.core.clock.now()) if time is None else time
        return str(cosign(text, by.name, by.seed, when)).rstrip("\n")

    def cosign(self, line: str) -> Cosigned | Refusal:
        """Hand in a witness's line."""
        read = cosignatures.read(line, self.core.today)
        if isinstance(read, Refusal):
            return read
        return self.core.database.write(partial(cosignatures.take, line=read))

    def witness(self, count: int | None = None) -> Cosigned:
        """Let witnesses, by default as many as it takes, cosign what waits, one after the other."""
        needed = self.network.policy.witnesses_threshold if count is None else count
        outcome: Cosigned | Refusal = Refusal.NO_NETWORK
        note = self.pending()
        for one in self.network.witnesses[:needed]:
            outcome = self.cosign(self.line(one, note=note))
            assert isinstance(outcome, Cosigned), outcome
        assert isinstance(outcome, Cosigned), outcome
        return outcome

    def put_weekly_key(
        self, of: Organisation, signed_key: bytes, replaces: bytes | None = None
    ) -> Refusal | None:
        """Put an organisation's weekly key."""
        work = partial(
            members.put_weekly_key,
            mine=of.key,
            signed_key=signed_key,
            replaces=replaces,
            today=self.core.today,
            keyring=self.core.keyring,
        )
        return self.core.database.write(work)

    def refresh(self) -> bool:
        """Do what the sweeper does with the log once a day."""
        core = self.core
        work = partial(network.refresh, keyring=core.keyring, today=core.today, random=core.random)
        return core.database.write(work)

    def document(self) -> Document:
        """What GET /v1/network shows."""
        core = self.core
        found = core.database.read(
            partial(network.document, keyring=core.keyring, today=core.today, random=core.random)
        )
        assert found is not None
        return found

    def directory(self) -> list[Listed]:
        """What GET /v1/directory shows."""
        found = self.core.database.read(partial(network.directory, today=self.core.today))
        assert found is not None
        return found

    def seen(self, day: int | None = None) -> list[record_check.Listed]:
        """The directory as a client checks it, with everything that a sender checks."""
        today = self.core.today if day is None else day
        return seen(self.document(), self.directory(), today, self.network_id)

    def weekly_key(self, of: Organisation, first: int | None = None, name: str = "week") -> bytes:
        """An organisation's weekly key, of this week unless `first` says otherwise."""
        made = signing.sign_weekly_key(
            of.seed,
            network_id=self.network_id,
            first=monday(self.core.today) if first is None else first,
            public_key=sealing.public_key(seed_of(name)),
        )
        return bytes(made)


def found(core: Core, *, witnesses: int = 0, needed: int = 0) -> Founded:
    """Found the made-up network on a server, whose log key is the server's.

    It has no witnesses unless asked for; then nothing is published yet (`Founded.witness`).
    """
    made = make_network(witnesses=witnesses, witness_threshold=needed, today=core.today)
    core.keyring.make(LOG, 0, lambda _size: made.log.seed)
    loaded = load(core, made.policy_note)
    assert loaded == Loaded(made.network_id, 1, founded=True, waits_for=needed), loaded
    return Founded(core, made)


def load(core: Core, note: bytes) -> Loaded | PolicyRefusal:
    """Load a policy on a server."""
    work = partial(
        network.load_policy,
        note=note,
        keyring=core.keyring,
        today=core.today,
        random=core.random,
    )
    return core.database.write(work)


def named(name: str, *, profile: bytes = PROFILE) -> Organisation:
    """An organisation that nobody has vetted, always the same for the same name."""
    return Organisation(
        name=name,
        seed=seed_of(f"organisation {name}"),
        member_seed=seed_of(f"member of {name}"),
        profile=profile,
    )


def seen(
    document: Document, directory: Iterable[Listed], today: int, network_id: bytes
) -> list[record_check.Listed]:
    """Check a network document and a directory from nothing, as a sender's client does."""
    policy = policy_chain.accept_chain(document.policies, network_id, today)
    shown = record_check.Network(
        policy=policy,
        newest=document.checkpoint,
        suspensions=document.suspensions,
        suspended=document.suspended,
        today=today,
    )
    return [
        record_check.check_listing(
            record_check.Listing(
                profile=one.profile,
                statement=one.statement,
                inclusion=one.inclusion,
                checkpoint=document.checkpoint,
            ),
            shown,
        )
        for one in directory
    ]
