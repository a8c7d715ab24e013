"""The operations of docs/spec/vectors on applying and vetting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.second.stranger import applying, notation, replies, vetting
from tests.second.stranger.policy import read_policy

Inputs = Mapping[str, Any]


def _named(i: Inputs) -> dict[str, Any]:
    """The inputs under the names that they have here."""
    found = dict(i)
    if "id" in found:
        found["application_id"] = found.pop("id")
    if "policy" in found:
        found["under"] = read_policy(found.pop("policy").decode())
    return found


def _open_application(i: Inputs) -> dict[str, Any]:
    sealed = notation.application(dict(i))
    return applying.open_application(sealed, i["id"], i["network_id"], i["reading_seed"])


OPERATIONS: dict[str, Callable[[Inputs], dict[str, Any]]] = {
    "application_keys": lambda i: applying.application_keys(**i),
    "check_admin_key": lambda i: applying.check_admin_key(**_named(i)),
    "cover_application": lambda i: {"cover": replies.cover(**_named(i))},
    "hand_on_application": lambda i: {"entry": vetting.hand_on(**_named(i))},
    "make_admin_key": lambda i: applying.make_admin_key(**i),
    "open_application": _open_application,
    "open_application_reply": lambda i: replies.open_reply(**_named(i)),
    "open_handed_on": lambda i: vetting.open_handed_on(**_named(i)),
    "open_vetting_entry": lambda i: vetting.open_entry(**_named(i)),
    "seal_application": lambda i: {"application": applying.seal_application(**_named(i))},
    "seal_application_reply": lambda i: {"reply": replies.seal_reply(**_named(i))},
    "seal_vetting_entry": lambda i: {"entry": vetting.seal_entry(**_named(i))},
    "vetting_missing": lambda i: vetting.missing(**_named(i)),
}
