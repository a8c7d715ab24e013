"""A made-up network, the same each time: admins, a log, witnesses, one organisation.

`make_network()` gives the policy and everything that signs, and makes statements, checkpoints,
suspension lists and weekly keys of it. Every value that a test wants wrong is an argument.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from crypto import constants as c
from crypto import fields
from crypto.client import signing
from crypto.public import checkpoint as checkpoints
from crypto.public import log, notes, policy_chain, sealing, statements
from crypto.public import policy as policies
from crypto.public import suspensions as suspension_lists
from crypto.public.note_signing import Signer, cosign, public_of, sign_note, signature_line
from crypto.public.notes import Key
from crypto.public.policy import Policy
from crypto.public.statements import Kind, Statement

TODAY = 20780  # a day of 2026
SECONDS_A_DAY = 86_400
PROFILE = fields.encode(
    {
        c.PROFILE_KIND: fields.from_ids([1], 1),
        c.PROFILE_SERVICES: fields.from_ids([1, 2], 24),
        c.PROFILE_POLICE_TIES: fields.from_ids([1], 8),
        c.PROFILE_FUNDING: fields.from_ids([1], 6),
        c.PROFILE_REPORTING: fields.from_ids([1], 6),
    }
)


def seed_of(what: str) -> bytes:
    """32 bytes, always the same for the same words."""
    return hashlib.sha256(b"made-up seed: " + what.encode()).digest()


def signers(prefix: str, count: int, pad_to: int = 0) -> tuple[Signer, ...]:
    """Signers `prefix`1, `prefix`2, … ascending by name, names filled up with dots to `pad_to`."""
    names = sorted(f"{prefix}{number}".ljust(pad_to, ".") for number in range(1, count + 1))
    return tuple(Signer(name, seed_of(name)) for name in names)


def keys(people: Iterable[Signer]) -> tuple[Key, ...]:
    """The public halves of admins or a log."""
    return tuple(person.key for person in people)


def witness_keys(people: Iterable[Signer]) -> tuple[Key, ...]:
    """The public halves of witnesses."""
    return tuple(person.witness_key for person in people)


def reseal(note: bytes, old: str, new: str, people: Iterable[Signer]) -> bytes:
    """Change the text of a note, and have these people sign what came of it, unseen."""
    text = notes.parse(note).text
    assert old in text
    changed = text.replace(old, new)
    lines = "".join(str(signature_line(changed, person)) for person in people)
    return f"{changed}\n{lines}".encode()


@dataclass(frozen=True)
class Network:
    """One network and everybody's seeds."""

    today: int
    policy: Policy
    policy_note: bytes
    admins: tuple[Signer, ...]
    log: Signer
    witnesses: tuple[Signer, ...]
    organisation_seed: bytes = seed_of("organisation")
    profile: bytes = PROFILE

    @property
    def network_id(self) -> bytes:
        """The 32 bytes that name this network."""
        return self.policy.network_id

    @property
    def organisation(self) -> bytes:
        """The organisation's public key."""
        return public_of(self.organisation_seed)

    def next_policy(self, signed_by: Sequence[Signer] | None = None, **changes: Any) -> bytes:
        """The note of a policy that differs from this one in `changes`, by default one version on.

        Signed by the first k admins unless `signed_by` says otherwise.
        """
        changes.setdefault("version", self.policy.version + 1)
        text = policies.format_text(replace(self.policy, **changes))
        return sign_note(text, *(self._threshold() if signed_by is None else signed_by))

    def at(self, note: bytes) -> Network:
        """This network after the policy of `note`, which must hold."""
        return replace(self, policy=policy_chain.accept_next(self.policy, note), policy_note=note)

    def statement(
        self,
        organisation_seed: bytes | None = None,
        profile: bytes | None = None,
        *,
        kind: Kind = Kind.VETTED,
        signed_by: Sequence[Signer] | None = None,
        **changes: Any,
    ) -> bytes:
        """A statement's note, valid from today for 90 days, signed by the first k admins."""
        said = Statement(
            network_id=self.network_id,
            kind=kind,
            serial=1,
            organisation=public_of(organisation_seed or self.organisation_seed),
            profile=hashlib.sha256(self.profile if profile is None else profile).digest(),
            first=self.today,
            until=self.today + c.VETTED_DAYS,
            name="Example Shelter",
        )
        text = statements.format_text(replace(said, **changes))
        return sign_note(text, *(self._threshold() if signed_by is None else signed_by))

    def suspensions(self, organisations: Iterable[bytes] = (), serial: int = 2) -> bytes:
        """The list that ends these public keys' statements below `serial`, by default the first."""
        starts = sorted(map(suspension_lists.start_of, organisations))
        ended = tuple(suspension_lists.Ended(start, serial) for start in starts)
        return suspension_lists.format_list(suspension_lists.Suspensions(self.network_id, ended))

    def checkpoint(
        self,
        entries: Sequence[bytes] = (),
        *,
        suspensions: bytes | None = None,
        times: Sequence[int] | None = None,
        witnesses: Sequence[Signer] | None = None,
        signed_by: Sequence[Signer] | None = None,
        **changes: Any,
    ) -> bytes:
        """A checkpoint of a log with these entries, of today, cosigned by all witnesses at noon.

        `times` are the witnesses' in their order; `signed_by` replaces the log.
        """
        people = self.witnesses if witnesses is None else witnesses
        listed = self.suspensions() if suspensions is None else suspensions
        said = checkpoints.Checkpoint(
            log_name=self.log.name,
            size=len(entries),
            root=log.root_of([log.leaf_hash(entry) for entry in entries]),
            policy_version=self.policy.version,
            policy_hash=policies.text_hash(self.policy),
            suspensions=suspension_lists.hash_of(listed),
        )
        text = checkpoints.format_text(replace(said, **changes))
        when = [noon(self.today)] * len(people) if times is None else times
        lines = [signature_line(text, one) for one in (signed_by or [self.log])]
        for person, time in zip(people, when, strict=True):
            lines.append(cosign(text, person.name, person.seed, time))
        return notes.format_note(text, lines, c.CHECKPOINT_BYTES)

    def weekly_key(self, first: int | None = None) -> bytes:
        """The organisation's weekly key of the week of `first`, by default of today's."""
        day = self.today if first is None else first
        made = signing.sign_weekly_key(
            self.organisation_seed,
            network_id=self.network_id,
            first=monday_of(day),
            public_key=sealing.public_key(seed_of("weekly key")),
        )
        return bytes(made)

    def _threshold(self) -> tuple[Signer, ...]:
        return self.admins[: self.policy.threshold]


@cache
def make_network(
    admins: int = 3,
    threshold: int = 2,
    witnesses: int = 5,
    witness_threshold: int = 3,
    today: int = TODAY,
    name: str = "",
    longest_names: bool = False,
) -> Network:
    """Make a network; another `name` makes another one, with other keys of everybody."""
    sizes = (c.ADMIN_NAME_BYTES, c.LOG_NAME_BYTES, c.WITNESS_NAME_BYTES)
    admin_pad, log_pad, witness_pad = sizes if longest_names else (0, 0, 0)
    admin_signers = signers(f"{name}a", admins, admin_pad)
    witness_signers = signers(f"{name}w", witnesses, witness_pad)
    log_name = f"{name}log.example".ljust(log_pad, ".")
    log_signer = Signer(log_name, seed_of(log_name))
    text = policies.format_text(
        Policy(
            version=1,
            threshold=threshold,
            witnesses_threshold=witness_threshold,
            until=today + 365,
            log=log_signer.key,
            admins=keys(admin_signers),
            witnesses=witness_keys(witness_signers),
            regions=(policies.Region(1000, "North"), policies.Region(1001, "Süd")),
        )
    )
    note = sign_note(text, *admin_signers[:threshold])
    policy = policy_chain.accept_first(note, policies.network_id_of(text))
    return Network(today, policy, note, admin_signers, log_signer, witness_signers)


def entry_of(note: bytes) -> bytes:
    """What the log holds for a note: its text."""
    return notes.parse(note).text.encode()


def noon(epoch: int) -> int:
    """The middle of a day, in POSIX seconds."""
    return epoch * SECONDS_A_DAY + SECONDS_A_DAY // 2


def monday_of(epoch: int) -> int:
    """The first day of an epoch's week."""
    return epoch - (epoch - 4) % 7


def big_log(entry: bytes, index: int, size: int) -> tuple[log.Inclusion, bytes]:
    """Inclusion and root of `entry` in a log of `size` entries of which all others are alike.

    Quick for any size, since subtrees of equal size without the entry have equal hashes.
    """

    @cache
    def alike(count: int) -> bytes:
        if count == 1:
            return log.leaf_hash(b"another entry")
        left = _left_size(count)
        return log.node_hash(alike(left), alike(count - left))

    def rise(at: int, count: int) -> tuple[bytes, tuple[bytes, ...]]:
        if count == 1:
            return log.leaf_hash(entry), ()
        left = _left_size(count)
        if at < left:
            below, path = rise(at, left)
            beside = alike(count - left)
            return log.node_hash(below, beside), (*path, beside)
        below, path = rise(at - left, count - left)
        return log.node_hash(alike(left), below), (*path, alike(left))

    root, hashes = rise(index, size)
    return log.Inclusion(index, hashes), root


def _left_size(count: int) -> int:
    """The largest power of two below `count` (RFC 9162, 2.1.1)."""
    return 1 << (count - 1).bit_length() - 1


def flips(data: bytes, positions: Iterable[int] | None = None) -> Iterable[tuple[int, bytes]]:
    """Every byte changed in turn, in three ways each: one low bit, one high bit, all bits."""
    for at in range(len(data)) if positions is None else positions:
        for mask in (0x01, 0x20, 0xFF):
            yield at, data[:at] + bytes([data[at] ^ mask]) + data[at + 1 :]


def cuts_and_swaps(data: bytes) -> Iterable[bytes]:
    """Everything cut off at every place, every byte left out, doubled, or swapped with the next."""
    for at in range(len(data)):
        yield data[:at]
        yield data[:at] + data[at + 1 :]
        yield data[: at + 1] + data[at:]
        swapped = data[:at] + data[at : at + 2][::-1] + data[at + 2 :]
        if swapped != data:
            yield swapped
    yield from (data + extra for extra in (b"\x00", b"\n", b" ", b"x", data))
