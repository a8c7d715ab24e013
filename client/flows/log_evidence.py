"""Evidence of a log that is not as it must be: one file that anybody can check.

It has the log as it was seen before, entry by entry, what the server showed then, and the day; so
whoever has the network's id comes to the same finding, and needs to believe nobody.

Source: docs/spec/log.md, 5.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from client.errors import NotReadable
from client.flows import audit as auditing
from client.flows import log_known
from client.flows.audit import Shown
from client.flows.log_findings import Finding, Found
from client.flows.log_known import Known
from crypto.encoding import b64, unb64
from crypto.errors import Malformed

_SORT = "towpath log evidence"
_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen before (`checkpoint` is empty where nothing was), and what was shown then.

    `day` is the epoch at which it was shown.
    """

    network_id: bytes
    day: int
    checkpoint: bytes = field(repr=False)
    entries: tuple[bytes, ...] = field(repr=False)
    proofs: tuple[bytes, ...] = field(repr=False)
    shown: Shown = field(repr=False)


def check(evidence: Evidence) -> Finding | None:
    """Look again at what evidence holds; None where nothing in it is wrong.

    Raises NotReadable where what it says was seen before was never signed by the log.
    """
    known = Known(network_id=evidence.network_id)
    if evidence.checkpoint:
        before = Shown(
            checkpoint=evidence.checkpoint,
            suspensions=b"",
            entries=evidence.entries,
            proofs=evidence.proofs,
        )
        try:
            auditing.check_signed(known, before)
            known = log_known.follow(known, evidence.entries, evidence.proofs)
        except Found as found:
            raise NotReadable(
                "This file shows nothing: the log that it begins with does not hold.",
                found.finding.sentence,
            ) from None
    outcome = auditing.audit(known, evidence.shown, evidence.day)
    return outcome if isinstance(outcome, Finding) else None


def encode(evidence: Evidence, finding: Finding) -> bytes:
    """Write evidence as JSON, with what was found in it in plain words."""
    shown = evidence.shown
    said = {
        "what": _SORT,
        "version": _VERSION,
        "found": finding.kind.value,
        "sentence": finding.sentence,
        "network_id": evidence.network_id.hex(),
        "day": evidence.day,
        "before": {
            "checkpoint": b64(evidence.checkpoint),
            "entries": _texts(evidence.entries),
            "proofs": _texts(evidence.proofs),
        },
        "shown": {
            "checkpoint": b64(shown.checkpoint),
            "suspensions": b64(shown.suspensions),
            "entries": _texts(shown.entries),
            "proofs": _texts(shown.proofs),
        },
    }
    return (json.dumps(said, indent=1) + "\n").encode()


def decode(data: bytes) -> Evidence:
    """Read evidence; raises NotReadable for anything else."""
    try:
        said = json.loads(data)
        if (said["what"], said["version"]) != (_SORT, _VERSION):
            raise Malformed
        before, shown = said["before"], said["shown"]
        return Evidence(
            network_id=bytes.fromhex(said["network_id"]),
            day=int(said["day"]),
            checkpoint=unb64(before["checkpoint"]),
            entries=_values(before["entries"]),
            proofs=_values(before["proofs"]),
            shown=Shown(
                checkpoint=unb64(shown["checkpoint"]),
                suspensions=unb64(shown["suspensions"]),
                entries=_values(shown["entries"]),
                proofs=_values(shown["proofs"]),
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, Malformed):
        raise NotReadable("This file is no evidence of a log of Towpath.") from None


def _texts(values: Sequence[bytes]) -> list[str]:
    return [b64(value) for value in values]


def _values(texts: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(unb64(text) for text in texts)
