"""What a sender checks beside the record: newest checkpoint, list, policy (record.md, 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tools.vectors.notes import Policy, suspensions
from tools.vectors.people import (
    ASHA,
    BERIT,
    CARLA,
    LATER,
    LOG,
    NETWORK_ID,
    ORGANISATION,
    OTHER_NETWORK_ID,
    OTHER_ORGANISATION,
    OTHER_ORGANISATION_SEED,
    POLICY,
    TODAY,
)
from tools.vectors.records import (
    EMPTY_LIST,
    GOOD,
    PLACE,
    Record,
    but,
    checking,
    newest,
    stated,
)
from tools.vectors.scenario import Scenarios, maker, utf8

_open = maker("open_record", "record.md 3")


def scenarios() -> Scenarios:
    """All of this area."""
    yield from _newest()
    yield from _lists()
    yield from _later_policy()


def _newest() -> Scenarios:
    one = newest(EMPTY_LIST, TODAY)
    rows = {
        "newest_stale": ("NotWitnessed", "Eight days old.", newest(EMPTY_LIST, *[TODAY - 8] * 2)),
        "newest_one_witness": ("NotWitnessed", "One witness of two.", one),
        "newest_changed": (
            "BadSignature",
            "Its size was changed.",
            newest().replace("2345678", "2345679"),
        ),
        "newest_other_log": (
            "WrongNetwork",
            "Another log's.",
            newest().replace(LOG.name, "other.example"),
        ),
        "newest_malformed": ("Malformed", "No note.", "hello\n"),
    }
    for name, (expect, comment, given) in rows.items():
        inputs = checking(GOOD.seal(), newest_checkpoint=utf8(given))
        yield _open(f"record_{name}", comment, inputs, expect)


def _lists() -> Scenarios:
    listed = suspensions(NETWORK_ID, ORGANISATION)
    own = suspensions(NETWORK_ID, ORGANISATION, serial=7)
    other = suspensions(NETWORK_ID, OTHER_ORGANISATION)
    foreign = suspensions(OTHER_NETWORK_ID)
    twice = suspensions(NETWORK_ID, OTHER_ORGANISATION, OTHER_ORGANISATION)
    rows = {
        "suspended": (
            "Suspended",
            "The list ends the organisation's statements below serial 8: it is suspended, or a "
            "later statement took this one's place.",
            listed,
            listed,
        ),
        "list_earlier_ended": ("ok", "The list ends only its earlier ones.", own, own),
        "list_of_others": ("ok", "Another is on the list.", other, other),
        "list_hidden": (
            "BadSignature",
            "The list without the organisation, where the checkpoint names the one with it.",
            EMPTY_LIST,
            listed,
        ),
        "list_other_network": ("WrongNetwork", "Another network's list.", foreign, foreign),
        "list_malformed": ("Malformed", "A list with one twice.", twice, twice),
    }
    for name, (expect, comment, given, named) in rows.items():
        network: dict[str, Any] = {
            "suspensions": utf8(given),
            "newest_checkpoint": utf8(newest(named)),
        }
        output = GOOD.said() if expect == "ok" else None
        yield _open(f"record_{name}", comment, checking(GOOD.seal(), **network), expect, output)
    yield _open(
        "record_suspended_with_bad_key",
        "The list is looked at before the one-time key's signature.",
        checking(
            but(signer=OTHER_ORGANISATION_SEED).seal(),
            suspensions=utf8(listed),
            newest_checkpoint=utf8(newest(listed)),
        ),
        "Suspended",
    )


def _later_policy() -> Scenarios:
    rows = {
        "admin_retired": (
            "TooFewSignatures",
            "One of the two who signed has left since.",
            stated(ASHA, CARLA),
        ),
        "admin_retired_resigned": (
            "ok",
            "One has left since, and the two who remain have signed.",
            stated(ASHA, BERIT, CARLA),
        ),
    }
    for name, (expect, comment, record) in rows.items():
        output = record.said() if expect == "ok" else None
        yield _open(f"record_{name}", comment, _under(record, LATER, LATER), expect, output)
    ended = replace(LATER, until=TODAY - 1)
    refused = {
        "policy_old": (
            "Rollback",
            "The newest checkpoint names version 2: the client was shown an old policy.",
            checking(GOOD.seal(), newest_checkpoint=utf8(_named(LATER))),
        ),
        "newest_before_policy": (
            "Rollback",
            "The newest checkpoint is older than the policy.",
            _under(GOOD, LATER, POLICY),
        ),
        "policy_other": (
            "BadSignature",
            "The newest checkpoint names another version 2.",
            _under(GOOD, LATER, replace(LATER, until=LATER.until + 1)),
        ),
        "policy_expired": (
            "Expired",
            "The policy's last day was yesterday.",
            _under(GOOD, ended, ended),
        ),
    }
    for name, (expect, comment, inputs) in refused.items():
        yield _open(f"record_{name}", comment, inputs, expect)


def _named(policy: Policy) -> str:
    """The newest checkpoint, which names this policy."""
    return newest(place=replace(PLACE, policy=policy))


def _under(record: Record, policy: Policy, named: Policy) -> dict[str, Any]:
    """The inputs with a policy that the client accepted and another that the log names."""
    shown = utf8(_named(named))
    return checking(record.seal(), policy=utf8(policy.text), newest_checkpoint=shown)
