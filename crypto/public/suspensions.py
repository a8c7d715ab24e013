"""The suspension list: one file, the same for everybody, its hash in the checkpoint.

Source: docs/spec/statements.md, 8
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from crypto.constants import LABEL_SUSPENSIONS, SUSPENSIONS_MOST
from crypto.encoding import b64, text
from crypto.errors import BadSignature, Malformed, Suspended, WrongNetwork
from crypto.public import lines
from crypto.public.checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class Suspensions:
    """The public keys (32 bytes, ascending) of a network's suspended organisations."""

    network_id: bytes
    organisations: tuple[bytes, ...] = ()


def parse(data: bytes) -> Suspensions:
    """Read a suspension list; raises Malformed for anything that is not one.

    Source: docs/spec/statements.md, 8
    """
    reader = lines.Lines(text(data))
    reader.label(LABEL_SUSPENSIONS)
    network_id = reader.hash("network")
    values = reader.values("organisation", SUSPENSIONS_MOST)
    reader.end()
    organisations = tuple(map(lines.hash_of, values))
    if not lines.is_ascending(organisations):
        raise Malformed
    return Suspensions(network_id, organisations)


def format_list(suspensions: Suspensions) -> bytes:
    """Write a suspension list.

    Raises TooLong for more than 1,024 organisations, Malformed where `parse` would refuse the
    list.
    """
    lines.check_room([(len(suspensions.organisations), SUSPENSIONS_MOST)])
    listed = "".join(f"organisation {b64(key)}\n" for key in suspensions.organisations)
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


def check_not_suspended(suspensions: Suspensions, organisation: bytes) -> None:
    """Raise Suspended where the organisation with this public key (32 bytes) is on the list."""
    if organisation in suspensions.organisations:
        raise Suspended
