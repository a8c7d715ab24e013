"""The operations of docs/spec/vectors on what admins, logs and organisations sign."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from tests.second.stranger import envelopes, keys, policy, record, statements
from tests.second.stranger.basics import need

Inputs = Mapping[str, Any]


def _check_statement(i: Inputs) -> dict[str, Any]:
    under = policy.read_policy(i["policy"].decode())
    found = asdict(statements.check_statement(i["statement"], under, i["today"]))
    return {n: found[n] for n in ("kind", "serial", "organisation", "profile", "until", "name")}


def _check_checkpoint(i: Inputs) -> dict[str, Any]:
    under = policy.read_policy(i["policy"].decode())
    if "today" not in i:
        return asdict(statements.check_checkpoint(i["checkpoint"], under))
    found = statements.check_newest(i["checkpoint"], under)
    statements.need_fresh(found, i["today"])
    return asdict(found)


def _check_suspensions(i: Inputs) -> dict[str, Any]:
    checkpoint = statements.Checkpoint(0, b"", 1, b"", i["hash"], None)
    found = statements.check_suspensions(i["suspensions"], checkpoint, i["network_id"])
    return {"ended": [[key, serial] for key, serial in found.items()]}


def _accept_chain(i: Inputs) -> dict[str, Any]:
    chain = (i["policies"], i["network_id"], i["seen_version"], i["today"])
    found = policy.accept_chain(*chain)
    return {"version": found.version, "network_id": found.network_id}


def _check_inclusion(i: Inputs) -> dict[str, Any]:
    leaf = statements.leaf_hash(i["entry"])
    statements.check_inclusion(leaf, i["index"], i["size"], i["hashes"], i["root"])
    return {}


def _held(i: Inputs) -> keys.CodeKeys:
    return keys.CodeKeys(i["locator"], i["record_key"], i["record_commitment"], b"", b"")


def _open_record(i: Inputs) -> dict[str, Any]:
    under = policy.read_policy(i["policy"].decode())
    found = record.open_record(i["record"], _held(i), i["network_id"])
    seen = (i["newest_checkpoint"], i["suspensions"], i["today"])
    statement = record.check_record(found, _held(i), under, *seen)
    return {
        "organisation": statement.organisation,
        "name": statement.name,
        "profile": found.profile,
        "public_key": found.public_key,
        "last_epoch": found.last_epoch,
        "witnessed": under.witness_threshold > 0,
    }


def _seal_record(i: Inputs) -> dict[str, Any]:
    names = ("last_epoch", "public_key", "signature", "profile", "statement", "index")
    parts = {name: i[name] for name in (*names, "checkpoint")}
    made = record.Record(proof=tuple(i["hashes"]), **parts)
    plaintext = record.write_record(made)
    used = {name: 2 + len(i[name]) for name in ("profile", "statement", "checkpoint")}
    used |= {"head": 1 + 4 + 1216 + 64, "proof": 8 + 1 + 32 * len(i["hashes"])}
    sealed = record.seal_plaintext(_held(i), i["network_id"], plaintext, i["nonce"])
    return {"record": sealed, "used": used, "room": len(plaintext) - sum(used.values())}


def _check_weekly_key(i: Inputs) -> dict[str, Any]:
    signed = (i["weekly_key"], i["organisation"], i["network_id"], i["today"])
    found = envelopes.check_weekly_key(*signed)
    return {"public_key": found.public_key, "first": found.first, "last": found.last}


def _make_weekly_key(i: Inputs) -> dict[str, Any]:
    need((i["first"] + 3) % 7 == 0)
    return {"weekly_key": envelopes.sign_weekly_key(**i)}


def _check_seen(i: Inputs) -> dict[str, Any]:
    statements.check_seen(**i)
    return {}


def _sender_today(i: Inputs) -> dict[str, Any]:
    return {"today": statements.sender_today(i["day"], i["build"], i["device"])}


def _may_be_withheld(i: Inputs) -> dict[str, Any]:
    return {"withheld": statements.may_be_withheld(i["day"], i["device"])}


OPERATIONS: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    "accept_policy_chain": _accept_chain,
    "check_checkpoint": _check_checkpoint,
    "check_inclusion": _check_inclusion,
    "check_newest_checkpoint": _check_checkpoint,
    "check_seen": _check_seen,
    "check_statement": _check_statement,
    "check_suspensions": _check_suspensions,
    "check_weekly_key": _check_weekly_key,
    "make_weekly_key": _make_weekly_key,
    "may_be_withheld": _may_be_withheld,
    "open_record": _open_record,
    "seal_record": _seal_record,
    "sender_today": _sender_today,
}
