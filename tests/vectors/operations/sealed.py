"""Envelopes, slots and walk-ins."""

from __future__ import annotations

from unittest.mock import patch

from crypto.client import box, envelope, hpke, walk_in
from crypto.client.answers import Answer
from crypto.client.envelope import Context
from crypto.public import cover
from tests.reference import hpke as reference
from tests.vectors.operations.plain import arguments, present
from tests.vectors.values import Drawn, Given, Output, unbytes, unlist


def seal_envelope(given: Given) -> Output:
    """Seal a message, the encapsulation by the reference, which takes its randomness."""
    eseed = unbytes(given["eseed"])

    def seal(key: bytes, *, info: bytes, plaintext: bytes) -> bytes:
        public = hpke.load_public(key).encoded
        return reference.seal(public, eseed=eseed, info=info, plaintext=plaintext)

    message, public_key = unbytes(given["message"]), unbytes(given["public_key"])
    with patch.object(hpke, "seal", seal):
        nonce = Drawn(unbytes(given["nonce"]))
        return {"envelope": envelope.seal(message, public_key, _context(given), random=nonce)}


def open_envelope(given: Given) -> Output:
    """Open an envelope."""
    sealed, seed = unbytes(given["envelope"]), unbytes(given["seed"])
    return {"message": envelope.open_(sealed, seed, _context(given))}


def open_walk_in(given: Given) -> Output:
    """Try the live weekly keys."""
    keys = [hpke.load_private(seed) for seed in unlist(given["seeds"])]
    sealed, network_id = unbytes(given["envelope"]), unbytes(given["network_id"])
    key, message = walk_in.open_with_any(sealed, keys, network_id)
    return {"message": message, "which": keys.index(key)}


def follow_up_context(given: Given) -> Output:
    """Derive tag and key of a follow-up."""
    context = envelope.for_follow_up(bytes(32), unbytes(given["tag_key"]), given["number"])
    return {"tag": context.binding, "key": context.inner_key}


def walk_in_context(given: Given) -> Output:
    """Derive id and key of a walk-in."""
    context = walk_in.context(unbytes(given["network_id"]), unbytes(given["public_key"]))
    return {"id": context.binding, "key": context.inner_key}


def seal_delivered(given: Given) -> Output:
    """Seal what slot 0 says."""
    sealed = box.seal_delivered(
        _answer(given),
        network_id=unbytes(given["network_id"]),
        box_id=unbytes(given["box_id"]),
        holder_key=unbytes(given["holder_key"]),
        random=Drawn(unbytes(given["nonce"])),
    )
    return {"sealed": sealed}


def open_delivered(given: Given) -> Output:
    """Open slot 0."""
    answer = box.open_delivered(
        unbytes(given["sealed"]),
        network_id=unbytes(given["network_id"]),
        box_id=unbytes(given["box_id"]),
        holder_key=unbytes(given["holder_key"]),
    )
    return {"answer": present(answer)}


def seal_slot(given: Given) -> Output:
    """Sign an answer and seal it into a slot."""
    sealed = box.seal_answer(
        _answer(given),
        network_id=unbytes(given["network_id"]),
        box_id=unbytes(given["box_id"]),
        box_key=unbytes(given["box_key"]),
        slot=given["slot"],
        organisation_seed=unbytes(given["organisation_seed"]),
        random=Drawn(unbytes(given["nonce"])),
    )
    return {"sealed": sealed}


def open_slot(given: Given) -> Output:
    """Open a slot and check whose answer it is."""
    answer = box.open_answer(
        unbytes(given["sealed"]),
        network_id=unbytes(given["network_id"]),
        box_id=unbytes(given["box_id"]),
        box_key=unbytes(given["box_key"]),
        slot=given["slot"],
        organisation=unbytes(given["organisation"]),
    )
    return {"answer": present(answer)}


def cover_slot(given: Given) -> Output:
    """Make the cover of an empty slot."""
    filler_key, box_id = unbytes(given["filler_key"]), unbytes(given["box_id"])
    return {"cover": cover.slot(filler_key, box_id, given["slot"])}


def _answer(given: Given) -> Answer:
    said = dict(given["answer"])
    if "try_another" in said:
        said["try_another"] = unlist(said["try_another"])
    names = ("organisation", "public_key", "signature")
    said |= {name: unbytes(said[name]) for name in names if name in said}
    return Answer(**arguments(said))


def _context(given: Given) -> Context:
    parts = (unbytes(given[name]) for name in ("network_id", "binding", "inner_key"))
    network_id, binding, inner_key = parts
    return Context(network_id, given["kind"], binding, inner_key)
