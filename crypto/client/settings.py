"""The names of what a store keeps beside codes and cases (kind 6).

Source: docs/spec/store.md, section 8.
"""

from __future__ import annotations

import hashlib

from crypto import constants as c

APPLICATION, SERVER, REGIONS, WALK_INS = "application", "server", "regions", "walk-ins"
CURSOR, DROP_KEY, UNREADABLE = "cursor", "drop key", "unreadable"
MEMBERS, DEVICES = "members", "devices"
WRITTEN, LOG, LISTED = "written", "log", "listed"


def setting_id(name: str) -> bytes:
    """Return the 16-byte id of a setting. Source: docs/spec/store.md, section 3."""
    return hashlib.sha256(name.encode()).digest()[: c.ENTRY_ID_BYTES]


def stock_of(device: bytes) -> str:
    """Return the name of a device's stock (number of 4 bytes)."""
    return f"stock {device.hex()}"


def weekly_of(device: bytes) -> str:
    """Return the name of what a device (number of 4 bytes) knows of weekly keys."""
    return f"weekly key {device.hex()}"


def pages_of(device: bytes) -> str:
    """Return the name of what says which pages of a device (number of 4 bytes) are open."""
    return f"pages {device.hex()}"


def answer_of(case_id: bytes) -> str:
    """Return the name of what waits to be sent for a case (id of 16 bytes)."""
    return f"answer {case_id.hex()}"
