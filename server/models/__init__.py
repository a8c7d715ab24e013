"""The tables. Columns, constraints and what each is for; nothing that reads or writes.

`docs/data-map.md` says of every column what it is and when it ends; a test compares the two.
"""

from __future__ import annotations

from server.models.base import metadata
from server.models.organisations import (
    admin_counter,
    invite,
    member,
    organisation,
    store,
    token_batch,
    weekly_key,
)
from server.models.publicity import checkpoint, log_entry, suspension
from server.models.requests import box, box_slot, code_record, drop_position, envelope, spent_token
from server.models.vetting import admin_key, application, vetting_entry

__all__ = [
    "admin_counter",
    "admin_key",
    "application",
    "box",
    "box_slot",
    "checkpoint",
    "code_record",
    "drop_position",
    "envelope",
    "invite",
    "log_entry",
    "member",
    "metadata",
    "organisation",
    "spent_token",
    "store",
    "suspension",
    "token_batch",
    "vetting_entry",
    "weekly_key",
]
