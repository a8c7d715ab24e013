"""A network made up for the demo: three admins of whom any two sign, a log, witnesses, a provider.

Everything is drawn afresh at every run and lives in memory only.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import words
from crypto.client import codes, hpke, record, signing
from crypto.encoding import Random
from crypto.public import checkpoint, log, note_signing, policy_chain, statements, suspensions
from crypto.public import policy as policies
from crypto.public import profile as profiles
from crypto.public.note_signing import Signer
from crypto.public.policy import Policy

_THRESHOLD = 2
_WITNESS_THRESHOLD = 3
_POLICY_DAYS = 365
_SECONDS_A_DAY = 86_400
PROVIDER_NAME = "Open Door Legal and Social Services"


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoNetwork:
    """The network as everybody sees it, and the seed of its one provider."""

    policy: Policy
    newest: bytes
    suspensions: bytes
    statement: bytes
    profile: bytes
    inclusion: log.Inclusion
    organisation_seed: bytes = field(repr=False)


def make(today: int, random: Random) -> DemoNetwork:
    """Found a network today: policy, one vetted provider, a log that witnesses have seen."""
    admins, witnesses = _signers("admin", 3, random), _signers("witness", 5, random)
    log_signer = Signer("log.example", random(32))
    policy = _policy(admins, witnesses, log_signer, today)
    organisation_seed, profile = random(32), profiles.encode(_profile())
    statement = _statement(policy, admins, organisation_seed, profile, today)
    listed = suspensions.format_list(suspensions.Suspensions(policy.network_id, ()))
    leaves = [log.leaf_hash(random(64)) for _ in range(6)]
    leaves.append(log.leaf_hash(statement.split(b"\n\n")[0] + b"\n"))
    return DemoNetwork(
        policy=policy,
        newest=_checkpoint(leaves, policy, listed, log_signer, witnesses, today),
        suspensions=listed,
        statement=statement,
        profile=profile,
        inclusion=log.inclusion_proof(leaves, len(leaves) - 1),
        organisation_seed=organisation_seed,
    )


def make_record(
    network: DemoNetwork, keys: codes.CodeKeys, seed: bytes, today: int, random: Random
) -> bytes:
    """Make the record behind a code whose one-time key has this seed (32 bytes)."""
    public_key, last_epoch = hpke.public_key(seed), codes.last_epoch(today)
    contents = record.Contents(
        last_epoch=last_epoch,
        public_key=public_key,
        signature=signing.sign_one_time_key(
            network.organisation_seed,
            network_id=network.policy.network_id,
            locator=keys.locator,
            last_epoch=last_epoch,
            public_key=public_key,
        ),
        profile=network.profile,
        statement=network.statement,
        inclusion=network.inclusion,
        checkpoint=network.newest,
    )
    return record.seal(contents, keys, network.policy.network_id, random=random)


def choice(name: str, code: str) -> int:
    """Return the id of a choice, by its list and code."""
    entry = words.load(name).by_code(code)
    if entry is None:
        raise KeyError(code)
    return entry.id


def _signers(kind: str, count: int, random: Random) -> tuple[Signer, ...]:
    return tuple(Signer(f"{kind}-{number}.example", random(32)) for number in range(1, count + 1))


def _policy(
    admins: tuple[Signer, ...], witnesses: tuple[Signer, ...], log_signer: Signer, today: int
) -> Policy:
    text = policies.format_text(
        Policy(
            version=policies.FIRST_VERSION,
            threshold=_THRESHOLD,
            witnesses_threshold=_WITNESS_THRESHOLD,
            until=today + _POLICY_DAYS,
            log=log_signer.key,
            admins=tuple(one.key for one in admins),
            witnesses=tuple(one.witness_key for one in witnesses),
        )
    )
    note = note_signing.sign_note(text, *admins[:_THRESHOLD])
    return policy_chain.accept_first(note, policies.network_id_of(text))


def _profile() -> profiles.Profile:
    return profiles.Profile(
        kind=(choice("kind", "sex_worker_services"),),
        services=tuple(choice("needs", code) for code in ("sleep_tonight", "documents", "money")),
        police_ties=(choice("police_tie", "none"),),
        funding=(choice("funding", "none"),),
        reporting=(choice("reporting", "minors"),),
    )


def _statement(
    policy: Policy,
    admins: tuple[Signer, ...],
    organisation_seed: bytes,
    profile: bytes,
    today: int,
) -> bytes:
    said = statements.Statement(
        network_id=policy.network_id,
        kind=statements.Kind.VETTED,
        serial=1,
        organisation=note_signing.public_of(organisation_seed),
        profile=profiles.profile_hash(profile),
        first=today,
        until=today + 90,
        name=PROVIDER_NAME,
    )
    return note_signing.sign_note(statements.format_text(said), *admins[:_THRESHOLD])


def _checkpoint(
    leaves: list[bytes],
    policy: Policy,
    listed: bytes,
    log_signer: Signer,
    witnesses: tuple[Signer, ...],
    today: int,
) -> bytes:
    text = checkpoint.format_text(
        checkpoint.Checkpoint(
            log_name=log_signer.name,
            size=len(leaves),
            root=log.root_of(leaves),
            policy_version=policy.version,
            policy_hash=policies.text_hash(policy),
            suspensions=suspensions.hash_of(listed),
        )
    )
    note = note_signing.sign_note(text, log_signer)
    time = today * _SECONDS_A_DAY
    lines = [note_signing.cosign(text, one.name, one.seed, time) for one in witnesses]
    return note + "".join(str(line) for line in lines).encode()
