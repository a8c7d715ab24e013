"""What the server's answers are, once they have their form; nothing in them is believed yet.

Source: docs/spec/http.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TokenKey:
    """An issuing key that is accepted now: the first epoch of its period, and 32 bytes.

    `index` and `hashes` (32 bytes each) say where it stands in the newest checkpoint's tree.
    """

    period: int
    public_key: bytes
    index: int
    hashes: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDocument:
    """What is the same for everybody, as the server says it; `network_view` checks it."""

    network_id: bytes
    policies: tuple[bytes, ...] = field(repr=False)
    checkpoint: bytes = field(repr=False)
    suspensions: bytes = field(repr=False)
    suspended: tuple[bytes, ...] = field(repr=False)
    token_keys: tuple[TokenKey, ...]
    tokens_a_week: int
    work_bits: int
    tick_seconds: int
    store_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One organisation of the directory; `capacity` is an id of that list, or None."""

    statement: bytes = field(repr=False)
    profile: bytes = field(repr=False)
    index: int
    hashes: tuple[bytes, ...] = field(repr=False)
    walk_ins: bool
    capacity: int | None
    weekly_keys: tuple[bytes, ...] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A drawn batch: proof and elements (0 bytes where none were asked), the week's drop key."""

    period: int
    evaluated: bytes = field(repr=False)
    drop_key: bytes = field(repr=False)
    drop_week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An open application as a server sees it: an id (16 bytes), entries, its last day."""

    application_id: bytes
    entries: int
    last_epoch: int


@dataclass(frozen=True, slots=True)
class Applied:
    """A sealed application (b"" where it was not asked for), and entries under it."""

    application: bytes = field(repr=False)
    entries: tuple[bytes, ...] = field(repr=False)
