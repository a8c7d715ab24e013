"""The suspension list: which statements have ended early; one file, its hash in the checkpoint.

Source: docs/spec/statements.md, 8
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from crypto.constants import LABEL_SUSPENSIONS, SUSPENSION_KEY_BYTES, SUSPENSIONS_MOST
from crypto.encoding import b64, text, unb64
from crypto.errors import BadSignature, Malformed, Refused, Suspended, WrongNetwork
from crypto.public import lines, statements
from crypto.public.checkpoint import Checkpoint
from crypto.public.policy import Policy
from crypto.public.statements import Kind


@dataclass(frozen=True, slots=True)
class Ended:
    """Statements of the organisation whose key begins with `start` below `serial` have ended.

    All of them where the organisation is suspended; the earlier ones where its last statement
    took their place. `start` has 12 bytes.
    """

    start: bytes
    serial: int


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The ended statements of a network, ascending by the starts of the organisations' keys."""

    network_id: bytes
    ended: tuple[Ended, ...] = ()

    def below(self, organisation: bytes) -> int:
        """Return below which serial the statements of this public key (32 bytes) have ended, or 0.

        Source: docs/spec/statements.md, 8
        """
        start = start_of(organisation)
        return next((one.serial for one in self.ended if one.start == start), 0)


def start_of(organisation: bytes) -> bytes:
    """Return the 12 bytes by which the list names an organisation (its public key, 32 bytes)."""
    return organisation[:SUSPENSION_KEY_BYTES]


def parse(data: bytes) -> Suspensions:
    """Read a suspension list; raises Malformed for anything that is not one.

    Source: docs/spec/statements.md, 8
    """
    reader = lines.Lines(text(data))
    reader.label(LABEL_SUSPENSIONS)
    network_id = reader.hash("network")
    values = reader.values("organisation", SUSPENSIONS_MOST)
    reader.end()
    ended = tuple(map(_ended, values))
    if not lines.is_ascending([one.start for one in ended]):
        raise Malformed
    return Suspensions(network_id, ended)


def format_list(suspensions: Suspensions) -> bytes:
    """Write a suspension list.

    Raises TooLong for more than 1,024 organisations, Malformed where `parse` would refuse the
    list.
    """
    lines.check_room([(len(suspensions.ended), SUSPENSIONS_MOST)])
    listed = "".join(f"organisation {b64(one.start)} {one.serial}\n" for one in suspensions.ended)
    data = f"{LABEL_SUSPENSIONS}\nnetwork {b64(suspensions.network_id)}\n{listed}".encode()
    if parse(data) != suspensions:
        raise Malformed
    return data


def hash_of(data: bytes) -> bytes:
    """Return the 32 bytes by which a checkpoint names this file."""
    return hashlib.sha256(data).digest()


def check(data: bytes, checkpoint: Checkpoint, network_id: bytes) -> Suspensions:
    """Return the list that a checked checkpoint of the network with this id (32 bytes) names.

    Raises BadSignature, Malformed or WrongNetwork; the first that applies, in this order.

    Source: docs/spec/statements.md, 8
    """
    if hash_of(data) != checkpoint.suspensions:
        raise BadSignature
    suspensions = parse(data)
    if suspensions.network_id != network_id:
        raise WrongNetwork
    return suspensions


def add_suspended(listed: Suspensions, suspended: Sequence[bytes], policy: Policy) -> Suspensions:
    """Return a checked list with a line for each `suspended` statement of these notes that holds.

    One admin's line is enough and no day is asked; a note that does not hold is left out. So
    nobody who has to be stopped goes on until witnesses have seen the log.

    Source: docs/spec/log.md, 4
    """
    serials = {one.start: one.serial for one in listed.ended}
    for note in suspended:
        try:
            said = statements.check_signed(note, policy)
        except Refused:
            continue
        if said.kind is Kind.SUSPENDED:
            start = start_of(said.organisation)
            serials[start] = max(serials.get(start, 0), said.serial + 1)
    ended = tuple(Ended(*line) for line in sorted(serials.items()))
    return Suspensions(listed.network_id, ended)


def check_not_suspended(suspensions: Suspensions, organisation: bytes, serial: int) -> None:
    """Raise Suspended where the list has ended the statement of this organisation and serial.

    `organisation` is its public key (32 bytes). Source: docs/spec/statements.md, 8
    """
    if serial < suspensions.below(organisation):
        raise Suspended


def _ended(value: str) -> Ended:
    encoded, _, serial = value.partition(" ")
    start = unb64(encoded)
    if len(start) != SUSPENSION_KEY_BYTES:
        raise Malformed
    return Ended(start, lines.number(serial))
