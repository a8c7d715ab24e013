"""Stores: what an organisation's members share, one row each, changed by compare and swap.

The bytes are sealed to the members before they come here; a server learns their size, and when
they were written.

Source: docs/spec/http.md, 7; docs/spec/rows.md, 3.
"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection

from crypto.constants import HASH_BYTES, STORE_DAYS
from server.models import store as table
from server.services import rows
from server.services.refusals import Refusal
from server.wraps import Wraps

NOTHING = bytes(HASH_BYTES)


def read(connection: Connection, organisation: bytes, *, wraps: Wraps) -> bytes:
    """Return the sealed store of the organisation with this key (32 bytes); b"" where none lies.

    Source: docs/spec/http.md, 7
    """
    found = rows.find(connection, wraps, table, organisation)
    return b"" if found is None else found.content


def write(
    connection: Connection, organisation: bytes, *, wraps: Wraps, replaces: bytes, sealed: bytes
) -> Refusal | None:
    """Put a sealed store where one with the hash `replaces` (32 bytes; zeros: none) lies.

    It ends 60 days from today. STALE where something else lies there; what lies there already is
    written anew whatever it replaces, so that a lost answer can be asked for again. The caller
    holds the organisation's row, so that its writers follow one another.
    Source: docs/spec/http.md, 7
    """
    last_epoch = wraps.today + STORE_DAYS
    found = rows.find(connection, wraps, table, organisation, lock=True)
    lies = NOTHING if found is None else hashlib.sha256(found.content).digest()
    if lies not in (replaces, hashlib.sha256(sealed).digest()):
        return Refusal.STALE
    if found is None:
        rows.store(connection, wraps, table, organisation, last_epoch, sealed)
        return None
    lookup = wraps.lookup(table.name, organisation, last_epoch)
    rows.change(connection, wraps, table, found.number, lookup, last_epoch, sealed)
    return None
