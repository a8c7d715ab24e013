"""Records for tests: the behind-a-code bytes of a made-up network, each part an argument."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from crypto.client import codes, hpke, record, signing
from crypto.client.record_check import Network as Seen
from crypto.client.record_check import Recipient, check
from crypto.public import log
from tests.crypto.networks import Network, entry_of, make_network, seed_of

CODE = bytes(range(1, 11))
LAST_EPOCH_DAYS = 56


def stream(name: str) -> Callable[[int], bytes]:
    """A source of "randomness" that gives the same bytes at each run."""
    count = 0

    def take(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{name} {count}".encode()).digest(size)

    return take


@cache
def keys_of(code: bytes, network_id: bytes) -> codes.CodeKeys:
    """What a code gives; kept, because deriving is slow on purpose."""
    return codes.code_keys(code, network_id)


@dataclass(frozen=True)
class Case:
    """One record of one network, and what a sender sees of that network."""

    network: Network
    keys: codes.CodeKeys
    contents: record.Contents
    seen: Seen

    @property
    def sealed(self) -> bytes:
        """The 4,096 bytes that a server would hold."""
        return record.seal(
            self.contents, self.keys, self.network.network_id, random=stream("record")
        )

    def checked(self) -> Recipient:
        """Open and check the whole way, as a sender does."""
        opened = record.open_(self.sealed, self.keys, self.network.network_id)
        return check(opened, self.keys.locator, self.seen)

    def with_contents(self, **changes: Any) -> Case:
        """The same with other parts in the record."""
        return replace(self, contents=replace(self.contents, **changes))

    def with_seen(self, **changes: Any) -> Case:
        """The same, seen otherwise by the sender."""
        return replace(self, seen=replace(self.seen, **changes))

    def signed_by(self, seed: bytes, **changes: Any) -> Case:
        """The same with its one-time key signed anew by an organisation's seed."""
        contents = replace(self.contents, **changes)
        signature = signing.sign_one_time_key(
            seed,
            network_id=self.network.network_id,
            locator=self.keys.locator,
            last_epoch=contents.last_epoch,
            public_key=contents.public_key,
        )
        return replace(self, contents=replace(contents, signature=signature))


def make(network: Network | None = None, statement: bytes | None = None) -> Case:
    """A record that holds; of the given statement where there is one."""
    net = network or make_network()
    note = statement or net.statement()
    entries = [b"first\n", entry_of(note), b"third\n"]
    checkpoint = net.checkpoint(entries)
    leaves = [log.leaf_hash(entry) for entry in entries]
    contents = record.Contents(
        last_epoch=net.today + LAST_EPOCH_DAYS,
        public_key=one_time_key(),
        signature=bytes(64),
        profile=net.profile,
        statement=note,
        inclusion=log.inclusion_proof(leaves, 1),
        checkpoint=checkpoint,
    )
    seen = Seen(
        policy=net.policy,
        newest=net.checkpoint(entries),
        suspensions=net.suspensions(),
        today=net.today,
    )
    case = Case(net, keys_of(CODE, net.network_id), contents, seen)
    return case.signed_by(net.organisation_seed)


@cache
def one_time_key() -> bytes:
    """The public half of a one-time key."""
    return hpke.public_key(seed_of("one-time key"))
