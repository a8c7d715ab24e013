"""A record and its parts, from which right and wrong ones are made (record.md, 1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tools.vectors import logs, wire
from tools.vectors.derivations import code_keys
from tools.vectors.notes import Policy, Signer, checkpoint, note, signed, suspensions
from tools.vectors.people import (
    ASHA,
    BERIT,
    CODE,
    LAST_EPOCH,
    NETWORK_ID,
    ONE_TIME_SEED,
    ORGANISATION_SEED,
    POLICY,
    PROFILE,
    TODAY,
)
from tools.vectors.scenario import utf8
from tools.vectors.statements import NOTE, text
from tools.vectors.wire import lp, u8, u32, u64

PLAIN_BYTES = 4023
NONCE = wire.draw("record nonce", 24)
EMPTY_LIST = suspensions(NETWORK_ID)
_SIBLINGS = tuple(wire.draw(f"log {n}", 32) for n in range(3))


@dataclass(frozen=True)
class Place:
    """A network, and what one code gives in it."""

    policy: Policy
    network_id: bytes
    code: Mapping[str, bytes]
    listed: str

    def inputs(self) -> dict[str, bytes]:
        """The inputs that name code and network."""
        names = ("locator", "record_key", "record_commitment")
        return {**{name: self.code[name] for name in names}, "network_id": self.network_id}

    def seal(self, plaintext: bytes, **changed: bytes) -> bytes:
        """Seal a plaintext under the code, or with some of its values changed."""
        used = {**self.inputs(), **changed}
        commitment = used["record_commitment"]
        aad = wire.frame("record", wire.SUITE, used["network_id"], used["locator"], commitment)
        sealed = wire.seal_aead(used["record_key"], NONCE, aad, plaintext)
        return wire.SUITE + commitment + NONCE + sealed

    def seen(self, size: int, root: bytes, listed: str, days: Sequence[int]) -> str:
        """A checkpoint, cosigned by the first witnesses on these days."""
        body = checkpoint(self.policy, size, root, listed)
        pairs = zip(self.policy.witnesses, days, strict=False)
        cosigned = (one.cosign(body, day) for one, day in pairs)
        return note(body, self.policy.log.line(body), *cosigned)


PLACE = Place(POLICY, NETWORK_ID, code_keys(CODE, NETWORK_ID), EMPTY_LIST)


@dataclass(frozen=True)
class Record:
    """The parts of a record, of which `but` makes wrong ones; None means: as it must be."""

    place: Place = PLACE
    statement: str = NOTE
    profile: bytes = PROFILE
    last_epoch: int = LAST_EPOCH
    public_key: bytes = wire.xwing_public(ONE_TIME_SEED)
    signer: bytes = ORGANISATION_SEED
    signed_locator: bytes | None = None
    signed_network: bytes | None = None
    signature: bytes | None = None
    index: int = 5
    hashes: tuple[bytes, ...] = _SIBLINGS
    checkpoint: str | None = None
    version: int = 1
    tail: bytes = b""

    @cached_property
    def signed(self) -> bytes:
        """The organisation's signature on the one-time key."""
        locator = self.signed_locator or self.place.code["locator"]
        network_id = self.signed_network or self.place.network_id
        parts = (network_id, locator, u32(self.last_epoch), self.public_key)
        message = wire.frame("one-time-key", wire.SUITE, *parts)
        return self.signature or wire.sign(self.signer, message)

    @cached_property
    def logged(self) -> str:
        """A checkpoint, 40 days old, of a log that has the statement."""
        if self.checkpoint is not None:
            return self.checkpoint
        start = logs.leaf((self.statement.rpartition("\n\n")[0] + "\n").encode())
        root = logs.climb(start, self.index, self.hashes)
        days = [TODAY - 40] * self.place.policy.quorum
        return self.place.seen(1 << len(self.hashes), root, self.place.listed, days)

    def parts(self) -> dict[str, bytes]:
        """The parts in their order."""
        return {
            "head": u8(self.version) + u32(self.last_epoch) + self.public_key + self.signed,
            "profile": lp(self.profile),
            "statement": lp(self.statement.encode()),
            "proof": u64(self.index) + u8(len(self.hashes)) + b"".join(self.hashes),
            "checkpoint": lp(self.logged.encode()),
        }

    def plaintext(self) -> bytes:
        """The padded parts; `tail` stands at their end instead of zeros."""
        body = b"".join(self.parts().values())
        return wire.pad(body, PLAIN_BYTES - len(self.tail)) + self.tail

    def seal(self) -> bytes:
        """The whole record."""
        return self.place.seal(self.plaintext())

    def made(self) -> dict[str, Any]:
        """What comes out of `seal_record`: the record, bytes used by part, bytes left."""
        used = {name: len(part) for name, part in self.parts().items()}
        return {"record": self.seal(), "used": used, "room": PLAIN_BYTES - sum(used.values())}

    def inputs(self) -> dict[str, Any]:
        """The inputs of `seal_record`."""
        return {
            **self.place.inputs(),
            "last_epoch": self.last_epoch,
            "public_key": self.public_key,
            "signature": self.signed,
            "profile": self.profile,
            "statement": utf8(self.statement),
            "index": str(self.index),
            "hashes": list(self.hashes),
            "checkpoint": utf8(self.logged),
            "nonce": NONCE,
        }

    def said(self) -> dict[str, Any]:
        """What comes out of `open_record`."""
        return {
            "organisation": wire.ed25519_public(self.signer),
            "name": self.statement.partition("\nname ")[2].partition("\n")[0],
            "profile": self.profile,
            "public_key": self.public_key,
            "last_epoch": self.last_epoch,
            "witnessed": True,
        }


def newest(listed: str = EMPTY_LIST, *days: int, place: Place = PLACE) -> str:
    """The newest checkpoint, of a log that has grown since."""
    on = days or [TODAY - 1] * place.policy.quorum
    return place.seen(2_345_678, wire.draw("newest root", 32), listed, on)


def checking(record: bytes, place: Place = PLACE, **changed: Any) -> dict[str, Any]:
    """The inputs of `open_record`."""
    return {
        "record": record,
        **place.inputs(),
        "policy": utf8(place.policy.text),
        "newest_checkpoint": utf8(newest(place.listed, place=place)),
        "suspensions": utf8(place.listed),
        "today": TODAY,
        **changed,
    }


def on(today: int) -> dict[str, Any]:
    """The inputs of another day: the day, and a newest checkpoint of it."""
    return {"today": today, "newest_checkpoint": utf8(newest(EMPTY_LIST, today, today))}


def but(**changed: Any) -> Record:
    """The good record with some parts changed."""
    return replace(GOOD, **changed)


def stated(*signers: Signer, profile: bytes = PROFILE, **changed: object) -> Record:
    """A record whose statement says something else or is signed by others."""
    written = text(**{"profile": wire.b64(wire.sha256(profile)), **changed})
    return but(profile=profile, statement=signed(written, *(signers or (ASHA, BERIT))))


GOOD = Record()
