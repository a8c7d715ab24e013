"""Accepting policies, from version 1 on (statements.md, 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from tools.vectors import wire
from tools.vectors.notes import Policy, network_id_of, signed, signer
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    DORA,
    LATER,
    LOG,
    NETWORK_ID,
    OTHER_NETWORK_ID,
    POLICY,
    STRANGER,
    TODAY,
    WITNESSES,
)
from tools.vectors.scenario import Scenarios, maker, utf8

FIRST = signed(POLICY.text, ASHA, BERIT)
SECOND = signed(LATER.text, ASHA, BERIT)
THIRD = replace(LATER, version=3, threshold=3, former_admins=(CARLA,))

_chain = maker("accept_policy_chain", "statements.md 4")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _accepted()
    yield from _first_refused()
    yield from _next_refused()
    yield from _after_the_chain()


def _accepted() -> Scenarios:
    third = signed(THIRD.text, ASHA, BERIT, DORA)
    beside = signed(THIRD.text, ASHA, BERIT, CARLA, DORA)
    rows = {
        "first": ("Version 1, signed by k of its admins.", [FIRST], 1),
        "first_all": (
            "More than k signatures.",
            [signed(POLICY.text, CARLA, BERIT, ASHA)],
            1,
        ),
        "rotation": ("An admin leaves and another comes.", [FIRST, SECOND], 2),
        "rotation_disjoint_signers": (
            "k of the old and k of the new need not be the same people.",
            [FIRST, signed(LATER.text, BERIT, CARLA, DORA)],
            2,
        ),
        "threshold_raised": ("k grows from 2 to 3.", [FIRST, SECOND, third], 3),
        "former_beside_enough": (
            "A former admin's line is checked and counts for nothing.",
            [FIRST, SECOND, beside],
            3,
        ),
        "last_day": (
            "It holds on its last day.",
            [signed_first(replace(POLICY, until=TODAY))],
            1,
        ),
    }
    for name, (comment, chain, version) in rows.items():
        network_id = network_id_of(chain[0].rpartition("\n\n")[0] + "\n")
        inputs = accepting(chain, network_id=network_id)
        output = {"version": version, "network_id": network_id}
        yield _chain(f"policy_{name}", comment, inputs, output=output)


def _first_refused() -> Scenarios:
    forged = FIRST.replace("1000 Harbour", "1000 Harbor")
    rows = {
        "first_one_signature": (
            "TooFewSignatures",
            "One signature of two.",
            [signed(POLICY.text, ASHA)],
        ),
        "first_stranger": (
            "BadSignature",
            "A line by somebody whom it does not name, beside enough others.",
            [signed(POLICY.text, ASHA, BERIT, STRANGER)],
        ),
        "first_by_witness": (
            "BadSignature",
            "A witness's key is no admin's.",
            [signed(POLICY.text, ASHA, BERIT, WITNESSES[0])],
        ),
        "first_by_log": ("BadSignature", "Nor is the log's.", [signed(POLICY.text, ASHA, LOG)]),
        "first_is_second": ("Malformed", "A chain begins with version 1.", [SECOND]),
    }
    for name, (expect, comment, chain) in rows.items():
        yield _chain(f"policy_{name}", comment, accepting(chain), expect)
    yield _chain(
        "policy_first_changed",
        "Another text is another network.",
        accepting([forged]),
        "WrongNetwork",
    )
    yield _chain(
        "policy_first_changed_for_its_network",
        "A changed text under the old signatures, asked for by the id that it gives.",
        accepting([forged], network_id=network_id_of(POLICY.text.replace("Harbour", "Harbor"))),
        "BadSignature",
    )


def _next_refused() -> Scenarios:
    third = signed(THIRD.text, ASHA, BERIT, DORA)
    other = replace(LATER, network_id=OTHER_NETWORK_ID)
    rows = {
        "next_only_old": (
            "TooFewSignatures",
            "k of the old, of whom one alone is among the new.",
            [FIRST, signed(LATER.text, ASHA, CARLA)],
        ),
        "next_only_new": (
            "TooFewSignatures",
            "k of the new, of whom one alone was among the old.",
            [FIRST, signed(LATER.text, ASHA, DORA)],
        ),
        "next_former_counted": (
            "TooFewSignatures",
            "A former admin's line fills no place.",
            [FIRST, SECOND, signed(THIRD.text, ASHA, BERIT, CARLA)],
        ),
        "next_stranger": (
            "BadSignature",
            "A line by somebody whom neither names.",
            [FIRST, signed(LATER.text, ASHA, BERIT, STRANGER)],
        ),
        "next_namesake": (
            "BadSignature",
            "An admin's name with another key.",
            [FIRST, signed(LATER.text, ASHA, BERIT, signer("carla", "namesake"))],
        ),
        "next_changed": (
            "BadSignature",
            "The text was changed.",
            [FIRST, SECOND.replace("until 30000", "until 30001")],
        ),
        "next_other_network": (
            "WrongNetwork",
            "Version 2 of another network.",
            [FIRST, signed(other.text, ASHA, BERIT)],
        ),
        "next_new": (
            "Malformed",
            "Only version 1 says new.",
            [FIRST, signed(LATER.text.replace(wire.b64(NETWORK_ID), "new"), ASHA, BERIT)],
        ),
        "next_gap": ("Malformed", "Version 2 is missing.", [FIRST, third]),
        "next_again": ("Rollback", "Version 2 twice.", [FIRST, SECOND, SECOND]),
        "next_back": ("Rollback", "Back to version 1.", [FIRST, SECOND, FIRST]),
    }
    for name, (expect, comment, chain) in rows.items():
        yield _chain(f"policy_{name}", comment, accepting(chain), expect)


def _after_the_chain() -> Scenarios:
    yield _chain(
        "policy_seen_newer",
        "A client that has seen version 2 is shown version 1 alone.",
        accepting([FIRST], seen_version=2),
        "Rollback",
    )
    yield _chain("policy_empty_chain", "No policy at all.", accepting([]), "Malformed")
    yield _chain(
        "policy_expired",
        "The day after its last.",
        accepting([FIRST], today=POLICY.until + 1),
        "Expired",
    )
    early = replace(POLICY, until=TODAY - 1)
    late = replace(LATER, network_id=network_id_of(early.text))
    yield _chain(
        "policy_expired_earlier_version",
        "Only the last version must not have ended.",
        accepting(
            [signed_first(early), signed(late.text, ASHA, BERIT)],
            network_id=network_id_of(early.text),
        ),
        output={"version": 2, "network_id": network_id_of(early.text)},
    )


def signed_first(policy: Policy) -> str:
    """A policy signed by two."""
    return signed(policy.text, ASHA, BERIT)


def accepting(
    chain: Sequence[str],
    network_id: bytes = NETWORK_ID,
    today: int = TODAY,
    seen_version: int = 0,
) -> dict[str, Any]:
    """The inputs of `accept_policy_chain`."""
    return {
        "policies": [utf8(note) for note in chain],
        "network_id": network_id,
        "seen_version": seen_version,
        "today": today,
    }
