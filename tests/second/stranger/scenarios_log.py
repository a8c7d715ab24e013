"""The operations of docs/spec/vectors on the log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.second.stranger import log, policy, sealing, statements
from tests.second.stranger.basics import need

Inputs = Mapping[str, Any]


def _extend(i: Inputs) -> dict[str, Any]:
    return log.extend(i["edge"], i["entries"])


def _consistency(i: Inputs) -> dict[str, Any]:
    log.check_consistency(i["first"], i["first_root"], i["size"], i["root"], i["hashes"])
    return {}


def _entry(i: Inputs) -> dict[str, Any]:
    label, parts = log.read_entry(i["entry"])
    again = log.write_entry(label, parts) if parts else i["entry"]
    return {"label": label, **parts, "again": again}


def _path(i: Inputs) -> dict[str, Any]:
    rows, number, width = log.read_path(i["path"])
    there = log.is_there(rows, number, width, i["size"])
    return {"rows": rows, "number": number, "width": width, "there": there}


def _bundle(i: Inputs) -> dict[str, Any]:
    values = log.read_bundle(i["bundle"], i["width"])
    need(log.write_bundle(values) == i["bundle"])
    return {"values": values}


def _suspended(i: Inputs) -> dict[str, Any]:
    under = policy.read_policy(i["policy"].decode())
    named = statements.Checkpoint(0, b"", 1, b"", sealing.sha256(i["suspensions"]), None)
    listed = statements.check_suspensions(i["suspensions"], named, under.network_id)
    found = log.add_suspended(listed, i["suspended"], under)
    return {"ended": [[key, serial] for key, serial in sorted(found.items())]}


OPERATIONS: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    "add_suspended": _suspended,
    "check_consistency": _consistency,
    "extend_edge": _extend,
    "read_bundle": _bundle,
    "read_log_entry": _entry,
    "tile_path": _path,
}
