"""The record."""

from __future__ import annotations

from crypto.client import record, record_check
from crypto.client.codes import CodeKeys
from crypto.client.record import Contents
from crypto.constants import RECORD_BYTES, RECORD_OVERHEAD_BYTES
from crypto.encoding import lp
from crypto.public import profile
from crypto.public.log import Inclusion
from tests.vectors.operations.signed import accepted
from tests.vectors.values import Drawn, Given, Output, unbytes, unlist


def seal_record(given: Given) -> Output:
    """Seal a record, and count what its parts take."""
    contents = Contents(
        last_epoch=given["last_epoch"],
        public_key=unbytes(given["public_key"]),
        signature=unbytes(given["signature"]),
        profile=unbytes(given["profile"]),
        statement=unbytes(given["statement"]),
        inclusion=Inclusion(int(given["index"]), unlist(given["hashes"])),
        checkpoint=unbytes(given["checkpoint"]),
    )
    nonce = Drawn(unbytes(given["nonce"]))
    sealed = record.seal(contents, _keys(given), unbytes(given["network_id"]), random=nonce)
    used = _used(contents)
    return {"record": sealed, "used": used, "room": _room(contents)}


def open_record(given: Given) -> Output:
    """Open a record and check everything in it."""
    keys = _keys(given)
    contents = record.open_(unbytes(given["record"]), keys, unbytes(given["network_id"]))
    network = record_check.Network(
        policy=accepted(given),
        newest=unbytes(given["newest_checkpoint"]),
        suspensions=unbytes(given["suspensions"]),
        today=given["today"],
    )
    recipient = record_check.check(contents, keys.locator, network)
    return {
        "organisation": recipient.statement.organisation,
        "name": recipient.statement.name,
        "profile": profile.encode(recipient.profile),
        "public_key": recipient.public_key,
        "last_epoch": recipient.last_epoch,
        "witnessed": recipient.witnessed,
    }


def _keys(given: Given) -> CodeKeys:
    names = ("locator", "record_key", "record_commitment")
    return CodeKeys(**{name: unbytes(given[name]) for name in names}, psk=b"", write_key=b"")


def _used(contents: Contents) -> dict[str, int]:
    """Measure each part of what `record.encode` writes, by taking the parts away."""
    whole = record.encode(contents)
    variable = {
        "profile": lp(contents.profile),
        "statement": lp(contents.statement),
        "checkpoint": lp(contents.checkpoint),
    }
    assert all(part in whole for part in variable.values())
    used = {name: len(part) for name, part in variable.items()}
    head = whole.index(variable["profile"])
    start = whole.index(variable["statement"]) + used["statement"]
    return {"head": head, **used, "proof": len(whole) - start - used["checkpoint"]}


def _room(contents: Contents) -> int:
    return RECORD_BYTES - RECORD_OVERHEAD_BYTES - len(record.encode(contents))
