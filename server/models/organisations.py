"""Organisations that are listed, who may sign for them, and what they share."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Integer,
    LargeBinary,
    Table,
)

from server.models.base import big, key, last_epoch, look_up, metadata, row_number, sealed

organisation = Table(
    "organisation",
    metadata,
    key("key", primary_key=True),
    Column("statement", LargeBinary, nullable=False),
    Column("profile", LargeBinary, nullable=False),
    big("serial", nullable=False),
    big("log_index", nullable=False),
    Column("walk_ins", Boolean, nullable=False),
    Column("capacity", Integer, nullable=True),
    last_epoch(),
    comment="listed organisations; public",
    sqlite_with_rowid=False,
)

member = Table(
    "member",
    metadata,
    key("key", primary_key=True),
    key("organisation", nullable=False),
    big("counter", nullable=False),
    last_epoch(),
    CheckConstraint("counter >= 0", name="counter"),
    comment="who signs for an organisation; the counter refuses a repeated signature",
    sqlite_with_rowid=False,
)

admin_counter = Table(
    "admin_counter",
    metadata,
    key("key", primary_key=True),
    big("counter", nullable=False),
    last_epoch(),
    comment="the admins' counters",
    sqlite_with_rowid=False,
)

weekly_key = Table(
    "weekly_key",
    metadata,
    key("organisation", primary_key=True),
    Column("first", Integer, primary_key=True, autoincrement=False),
    Column("signed_key", LargeBinary, nullable=False),
    last_epoch(),
    comment="keys for walk-ins; public",
    sqlite_with_rowid=False,
)

token_batch = Table(
    "token_batch",
    metadata,
    key("organisation", primary_key=True),
    Column("week", Integer, primary_key=True, autoincrement=False),
    key("batch_hash", primary_key=True),
    last_epoch(),
    comment="which organisation drew its tokens in which week",
    sqlite_with_rowid=False,
)

# sealed: H(write key) 32, whether there is a reply u8, offer 1,536, reply 1,536.
invite = Table(
    "invite",
    metadata,
    row_number(),
    look_up(),
    last_epoch(),
    sealed(),
    comment="offers to new members, and their replies",
)

# looked up by the organisation's key; sealed: the store as its members sealed it.
store = Table(
    "store",
    metadata,
    row_number(),
    look_up(),
    last_epoch(),
    sealed(),
    comment="what members share, sealed to them",
)
