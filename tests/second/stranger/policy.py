"""The policy and its chain (docs/spec/statements.md, section 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.second.stranger import sealing
from tests.second.stranger.basics import (
    BAD_SIGNATURE,
    WRONG_NETWORK,
    K,
    decimal,
    need,
)
from tests.second.stranger.notes import (
    COSIGNATURE,
    ED25519,
    Key,
    Lines,
    Note,
    Signed,
    check_lines,
    display_name,
    key_name,
    key_of,
    read_note,
)

_TOO_FEW = "TooFewSignatures"


@dataclass(frozen=True)
class Policy:
    """Who may sign what."""

    network_id: bytes
    version: int
    threshold: int
    witness_threshold: int
    until: int
    log: Key
    admins: tuple[Key, ...]
    witnesses: tuple[Key, ...]
    former_admins: tuple[Key, ...]
    former_witnesses: tuple[Key, ...]
    regions: tuple[tuple[int, str], ...]
    text_hash: bytes


def read_policy(text: str) -> Policy:
    """The text's own rules; nothing is verified."""
    lines = Lines(text)
    need(lines.whole() == K.LABEL_POLICY)
    network = lines.value("network")
    version, threshold = lines.number("version"), lines.number("threshold")
    witness_threshold, until = lines.number("witnesses"), lines.number("until")
    policy = Policy(
        _network_id(network, version, text),
        version,
        threshold,
        witness_threshold,
        until,
        _key(lines.value("log"), ED25519, K.LOG_NAME_BYTES),
        _keys(lines, "admin", ED25519, K.ADMIN_NAME_BYTES),
        _keys(lines, "witness", COSIGNATURE, K.WITNESS_NAME_BYTES),
        _keys(lines, "former-admin", ED25519, K.ADMIN_NAME_BYTES),
        _keys(lines, "former-witness", COSIGNATURE, K.WITNESS_NAME_BYTES),
        tuple(_region(value) for value in lines.run("region")),
        sealing.sha256(text.encode()),
    )
    lines.end()
    _check(policy)
    return policy


def _network_id(network: str, version: int, text: str) -> bytes:
    need(version >= 1 and (network == "new") == (version == 1))
    if network == "new":
        return sealing.labelled_hash(K.LABEL_NETWORK, text.encode())
    return key_of(network)


def _key(value: str, alg: int, most: int) -> Key:
    name, space, key = value.partition(" ")
    need(bool(space))
    return Key(key_name(name, most), key_of(key), alg)


def _keys(lines: Lines, keyword: str, alg: int, most: int) -> tuple[Key, ...]:
    keys = tuple(_key(value, alg, most) for value in lines.run(keyword))
    names = [key.name for key in keys]
    need(names == sorted(set(names)))
    return keys


def _region(value: str) -> tuple[int, str]:
    number, space, name = value.partition(" ")
    need(bool(space) and 1000 <= decimal(number) <= 0xFFFF)
    return int(number), display_name(name, K.REGION_NAME_BYTES)


def _check(policy: Policy) -> None:
    need(K.ADMINS_LEAST <= len(policy.admins) <= K.ADMINS_MOST)
    need(len(policy.witnesses) <= K.WITNESSES_MOST)
    need(len(policy.former_admins) <= K.FORMER_MOST)
    need(len(policy.former_witnesses) <= K.FORMER_MOST)
    need(K.THRESHOLD_LEAST <= policy.threshold <= min(K.THRESHOLD_MOST, len(policy.admins)))
    need(policy.witness_threshold <= min(K.WITNESS_THRESHOLD_MOST, len(policy.witnesses)))
    keys = (policy.log, *policy.admins, *policy.witnesses)
    keys += (*policy.former_admins, *policy.former_witnesses)
    need(len({key.name for key in keys}) == len({key.public_key for key in keys}) == len(keys))
    numbers = [number for number, _ in policy.regions]
    need(len(numbers) <= K.REGIONS_MOST and numbers == sorted(set(numbers)))


def current(signed: Sequence[Signed], keys: Sequence[Key]) -> set[Key]:
    """Which of these keys signed."""
    return {line.key for line in signed} & set(keys)


def accept_first(note: bytes, network_id: bytes) -> Policy:
    """The first policy, for the network id that codes are derived with."""
    read = read_note(note)
    policy = read_policy(read.text)
    need(policy.version == 1)
    need(policy.network_id == network_id, WRONG_NETWORK)
    signed = check_lines(read, policy.admins + policy.former_admins)
    need(len(current(signed, policy.admins)) >= policy.threshold, _TOO_FEW)
    return policy


def accept_next(note: bytes, old: Policy) -> Policy:
    """The version after an accepted one."""
    read = read_note(note)
    policy = read_policy(read.text)
    need(policy.network_id == old.network_id, WRONG_NETWORK)
    need(policy.version > old.version, "Rollback")
    need(policy.version == old.version + 1)
    keys = old.admins + old.former_admins + policy.admins + policy.former_admins
    signed = check_lines(read, keys)
    for each in (old, policy):
        need(len(current(signed, each.admins)) >= each.threshold, _TOO_FEW)
    return policy


def accept_chain(notes: Sequence[bytes], network_id: bytes, seen: int, today: int) -> Policy:
    """The last policy of a chain from version 1; seen is the highest version seen before."""
    need(bool(notes))
    policy = accept_first(notes[0], network_id)
    for note in notes[1:]:
        policy = accept_next(note, policy)
    need(policy.version >= seen, "Rollback")
    need(today <= policy.until, "Expired")
    return policy


def by_admins(note: Note, policy: Policy) -> int:
    """How many current admins signed; every line is by an admin, or BadSignature."""
    signed = check_lines(note, policy.admins + policy.former_admins)
    return len(current(signed, policy.admins))


def witness_times(note: Note, policy: Policy) -> list[int]:
    """The current witnesses' times, newest first; the log signed too, or BadSignature."""
    keys = (policy.log, *policy.witnesses, *policy.former_witnesses)
    signed = check_lines(note, keys)
    need(any(line.key == policy.log for line in signed), BAD_SIGNATURE)
    times = [line.time for line in signed if line.key in policy.witnesses]
    return sorted(times, reverse=True)
