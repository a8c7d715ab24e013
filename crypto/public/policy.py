"""The policy: who vets, who witnesses, and how many it takes.

Source: docs/spec/statements.md, 4
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from crypto.constants import (
    ADMIN_NAME_BYTES,
    ADMINS_LEAST,
    ADMINS_MOST,
    FORMER_MOST,
    LABEL_NETWORK,
    LABEL_POLICY,
    LOG_NAME_BYTES,
    NOTE_ALG_COSIGNATURE,
    NOTE_ALG_ED25519,
    REGION_NAME_BYTES,
    REGIONS_MOST,
    THRESHOLD_LEAST,
    THRESHOLD_MOST,
    WITNESS_NAME_BYTES,
    WITNESS_THRESHOLD_MOST,
    WITNESSES_MOST,
)
from crypto.encoding import b64, frame, utf8
from crypto.errors import Malformed
from crypto.public import lines, notes
from crypto.public.notes import Key

FIRST_VERSION = 1
REGION_LEAST = 1000
_REGION_LIMIT = 1 << 16  # a region is named by 2 bytes in a message
_NEW = "new"


@dataclass(frozen=True, slots=True)
class Region:
    """A region of this network: its id (1000 to 65,535) and its name (1 to 64 bytes)."""

    number: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the admins of a network agreed on; all lists ascend by name or number.

    `threshold` is k, `witnesses_threshold` is w, `until` is the last epoch. `network_id` follows
    from the text in version 1 and may be left out when that is written.
    """

    network_id: bytes = b""
    version: int
    threshold: int
    witnesses_threshold: int
    until: int
    log: Key
    admins: tuple[Key, ...]
    witnesses: tuple[Key, ...] = ()
    former_admins: tuple[Key, ...] = ()
    former_witnesses: tuple[Key, ...] = ()
    regions: tuple[Region, ...] = ()

    @property
    def all_admins(self) -> tuple[Key, ...]:
        """Admins, current and former: those who may have a line under a statement."""
        return self.admins + self.former_admins

    @property
    def all_witnesses(self) -> tuple[Key, ...]:
        """Witnesses, current and former: those who may have a line under a checkpoint."""
        return self.witnesses + self.former_witnesses


def network_id_of(text: str) -> bytes:
    """Return the 32 bytes that name the network whose first policy has this text."""
    return hashlib.sha256(frame(LABEL_NETWORK, utf8(text))).digest()


def text_hash(policy: Policy) -> bytes:
    """Return the SHA-256 of the text of a policy that was read: so a checkpoint names it."""
    return hashlib.sha256(utf8(_text(policy))).digest()


def parse(text: str) -> Policy:
    """Read the text of a policy; raises Malformed for anything that is not one.

    Source: docs/spec/statements.md, 4
    """
    reader = lines.Lines(text)
    reader.label(LABEL_POLICY)
    network = reader.value("network")
    version = reader.number("version")
    policy = Policy(  # read in the order in which the lines stand
        network_id=_network_id(network, version, text),
        version=version,
        threshold=reader.number("threshold"),
        witnesses_threshold=reader.number("witnesses"),
        until=reader.number("until"),
        log=_key(reader.value("log"), LOG_NAME_BYTES),
        admins=_admins(reader, "admin", ADMINS_MOST),
        witnesses=_witnesses(reader, "witness", WITNESSES_MOST),
        former_admins=_admins(reader, "former-admin", FORMER_MOST),
        former_witnesses=_witnesses(reader, "former-witness", FORMER_MOST),
        regions=tuple(map(_region, reader.values("region", REGIONS_MOST))),
    )
    reader.end()
    _check(policy)
    return policy


def format_text(policy: Policy) -> str:
    """Write the text of a policy.

    Raises TooLong for a list, name or text beyond its maximum, Malformed where `parse` would
    refuse the text.
    """
    _check_room(policy)
    for region in policy.regions:
        lines.check_spelling(region.name)
    text = _text(policy)
    read = parse(text)
    if replace(policy, network_id=read.network_id) != read:
        raise Malformed
    return text


def _network_id(value: str, version: int, text: str) -> bytes:
    if version != FIRST_VERSION:
        return lines.hash_of(value)
    if value != _NEW:
        raise Malformed
    return network_id_of(text)


def _key(value: str, name_bytes: int, alg: int = NOTE_ALG_ED25519) -> Key:
    name, _, key = value.partition(" ")
    if not notes.is_key_name(name) or len(name) > name_bytes:
        raise Malformed
    return Key(name, lines.hash_of(key), alg)


def _admins(reader: lines.Lines, keyword: str, at_most: int) -> tuple[Key, ...]:
    return tuple(_key(value, ADMIN_NAME_BYTES) for value in reader.values(keyword, at_most))


def _witnesses(reader: lines.Lines, keyword: str, at_most: int) -> tuple[Key, ...]:
    values = reader.values(keyword, at_most)
    return tuple(_key(value, WITNESS_NAME_BYTES, NOTE_ALG_COSIGNATURE) for value in values)


def _region(value: str) -> Region:
    number, _, name = value.partition(" ")
    region = Region(lines.number(number, _REGION_LIMIT), name)
    lines.check_name(name, REGION_NAME_BYTES)
    if region.number < REGION_LEAST:
        raise Malformed
    return region


def _check(policy: Policy) -> None:
    if policy.version < FIRST_VERSION or len(policy.admins) < ADMINS_LEAST:
        raise Malformed
    # A record has room for so many signatures and no more (record.md, section 1).
    if not THRESHOLD_LEAST <= policy.threshold <= min(THRESHOLD_MOST, len(policy.admins)):
        raise Malformed
    if policy.witnesses_threshold > min(WITNESS_THRESHOLD_MOST, len(policy.witnesses)):
        raise Malformed
    if not lines.is_ascending([region.number for region in policy.regions]):
        raise Malformed
    _check_keys(policy)


def _check_keys(policy: Policy) -> None:
    """Refuse lists out of order, and a name or key that stands twice anywhere."""
    lists = _key_lists(policy)
    if not all(lines.is_ascending([key.name for key in keys]) for keys in lists):
        raise Malformed
    everyone = [policy.log, *(key for keys in lists for key in keys)]
    for values in ({key.name for key in everyone}, {key.public_key for key in everyone}):
        if len(values) != len(everyone):
            raise Malformed


def _key_lists(policy: Policy) -> tuple[tuple[Key, ...], ...]:
    former = (policy.former_admins, policy.former_witnesses)
    return (policy.admins, policy.witnesses, *former)


def _check_room(policy: Policy) -> None:
    most = (ADMINS_MOST, WITNESSES_MOST, FORMER_MOST, FORMER_MOST)
    pairs = [(len(keys), room) for keys, room in zip(_key_lists(policy), most, strict=True)]
    pairs += [(len(key.name), ADMIN_NAME_BYTES) for key in policy.all_admins]
    pairs += [(len(key.name), WITNESS_NAME_BYTES) for key in policy.all_witnesses]
    pairs += [(len(utf8(region.name)), REGION_NAME_BYTES) for region in policy.regions]
    lines.check_room([*pairs, (len(policy.log.name), LOG_NAME_BYTES)])
    lines.check_room([(len(policy.regions), REGIONS_MOST)])


def _text(policy: Policy) -> str:
    network = _NEW if policy.version == FIRST_VERSION else b64(policy.network_id)
    return "\n".join(
        [
            LABEL_POLICY,
            f"network {network}",
            f"version {policy.version}",
            f"threshold {policy.threshold}",
            f"witnesses {policy.witnesses_threshold}",
            f"until {policy.until}",
            *_key_lines("log", (policy.log,)),
            *_key_lines("admin", policy.admins),
            *_key_lines("witness", policy.witnesses),
            *_key_lines("former-admin", policy.former_admins),
            *_key_lines("former-witness", policy.former_witnesses),
            *(f"region {region.number} {region.name}" for region in policy.regions),
            "",
        ]
    )


def _key_lines(keyword: str, keys: Iterable[Key]) -> list[str]:
    return [f"{keyword} {key.name} {b64(key.public_key)}" for key in keys]
