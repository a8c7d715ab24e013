"""A made-up log, written entry by entry as a server would, or as no server may.

    log = Written(make_network(today=...))
    log.vet("Shelter"); log.suspend("Shelter")
    log.checkpoint(); log.list()

What a test wants wrong it changes in `entries`, `proofs` or `ended`, or says as an argument.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from typing import Any

from client.flows.audit import Shown
from crypto import constants as c
from crypto.client import signing
from crypto.encoding import monday, utf8
from crypto.public import checkpoint as checkpoints
from crypto.public import log, log_entries, notes, policy_chain, sealing, suspensions
from crypto.public import policy as policies
from crypto.public.log_entries import ProfileEntry, TokenKeyEntry, WeeklyKeyEntry
from crypto.public.note_signing import public_of, signature_line
from crypto.public.statements import Kind
from crypto.public.suspensions import Ended, Suspensions
from crypto.public.tokens import period_of
from tests.crypto.networks import Network, seed_of


@dataclass
class Written:
    """The log of one network; `serials` are the last ones, by the organisations' names."""

    network: Network
    entries: list[bytes] = field(default_factory=list)
    proofs: list[bytes] = field(default_factory=list)
    ended: dict[bytes, int] = field(default_factory=dict)
    serials: dict[str, int] = field(default_factory=dict)
    profiles: set[tuple[str, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        if not self.entries:
            self.note(self.network.policy_note)

    def copy(self) -> Written:
        """Another log that has been the same so far."""
        return copy.deepcopy(self)

    def add(self, entry: bytes, proof: bytes = b"") -> None:
        """Put an entry at the end."""
        self.entries.append(entry)
        self.proofs.append(proof)

    def note(self, note: bytes) -> None:
        """Put a signed note at the end."""
        self.add(utf8(notes.parse(note).text), note)

    def follow_policy(self, **changes: Any) -> None:
        """Let the next policy take effect."""
        made = self.network.next_policy(**changes)
        self.network = replace(
            self.network,
            policy=policy_chain.accept_next(self.network.policy, made),
            policy_note=made,
        )
        self.note(made)

    def vet(self, name: str, profile: bytes | None = None, **changes: Any) -> None:
        """List an organisation, or renew it; with another profile the earlier listing ends."""
        said = self.network.profile if profile is None else profile
        serial = changes.pop("serial", self.serials.get(name, 0) + 1)
        if (name, said) not in self.profiles:
            self.profiles.add((name, said))
            if any(other == name for other, what in self.profiles if what != said):
                self.ended[self.key(name)] = serial
            self.add(
                log_entries.format_entry(
                    ProfileEntry(
                        network_id=self.network.network_id,
                        organisation=self.key(name),
                        profile=said,
                    )
                )
            )
        self.serials[name] = serial
        self.note(
            self.network.statement(self.seed(name), said, serial=serial, name=name, **changes)
        )

    def suspend(self, name: str, *, listed: bool = True, **changes: Any) -> None:
        """Let one admin suspend an organisation; `listed` False leaves the list as it was."""
        serial = self.serials[name] = self.serials[name] + 1
        self.note(
            self.network.statement(
                self.seed(name),
                serial=serial,
                name=name,
                kind=Kind.SUSPENDED,
                signed_by=self.network.admins[:1],
                **changes,
            )
        )
        if listed:
            self.ended[self.key(name)] = serial + 1

    def weekly_key(self, name: str, day: int | None = None, seed: bytes | None = None) -> bytes:
        """Log an organisation's weekly key of a day, and return it as it is signed."""
        made = bytes(
            signing.sign_weekly_key(
                seed or self.seed(name),
                network_id=self.network.network_id,
                first=(first := monday(self.network.today if day is None else day)),
                public_key=sealing.public_key(seed_of(f"weekly key of {name}")),
            )
        )
        said = WeeklyKeyEntry(
            network_id=self.network.network_id,
            organisation=self.key(name),
            first=first,
            key=log_entries.hash_of_weekly_key(made),
        )
        self.add(log_entries.format_entry(said), made)
        return made

    def token_key(self, day: int, key: bytes = bytes(32)) -> None:
        """Log the key that issues tokens in the period of a day."""
        said = TokenKeyEntry(network_id=self.network.network_id, period=period_of(day), key=key)
        self.add(log_entries.format_entry(said))

    def list(self) -> bytes:
        """The suspension list."""
        serials = sorted(self.ended.items())
        ended = tuple(Ended(suspensions.start_of(key), serial) for key, serial in serials)
        return suspensions.format_list(Suspensions(self.network.network_id, ended))

    def checkpoint(self, **changes: Any) -> bytes:
        """What the log signs of itself as it is now, without any witness."""
        policy = self.network.policy
        said = checkpoints.Checkpoint(
            log_name=policy.log.name,
            size=len(self.entries),
            root=log.root_of([log.leaf_hash(entry) for entry in self.entries]),
            policy_version=policy.version,
            policy_hash=policies.text_hash(policy),
            suspensions=suspensions.hash_of(self.list()),
        )
        text = checkpoints.format_text(replace(said, **changes))
        line = signature_line(text, self.network.log)
        return notes.format_note(text, [line], c.CHECKPOINT_BYTES)

    def shown(self, first: int = 0, **changes: Any) -> Shown:
        """What this log shows to whoever has `first` entries of it."""
        made = Shown(
            checkpoint=self.checkpoint(),
            suspensions=self.list(),
            entries=tuple(self.entries[first:]),
            proofs=tuple(self.proofs[first:]),
        )
        return replace(made, **changes)

    @staticmethod
    def seed(name: str) -> bytes:
        """An organisation's seed, always the same for the same name."""
        return seed_of(f"organisation {name}")

    def key(self, name: str) -> bytes:
        """An organisation's public key."""
        return public_of(self.seed(name))


def usual(network: Network) -> Written:
    """A log as networks have it: two organisations, keys, a renewal, one suspended and back."""
    made = Written(network)
    made.token_key(network.today)
    made.vet("Shelter")
    made.weekly_key("Shelter")
    made.vet("Harbour")
    made.suspend("Harbour")
    made.vet("Shelter")
    made.vet("Harbour", serial=made.serials["Harbour"] + 1)
    return made
