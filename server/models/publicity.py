"""What everybody may see and what stays: the log, the newest checkpoint, the suspension list."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, Table

from server.models.base import big, key, last_epoch, metadata

# Policies and statements in the order in which they took effect; stays.
log_entry = Table(
    "log_entry",
    metadata,
    big("id", primary_key=True, autoincrement=False),
    Column("kind", Integer, nullable=False),  # 1 policy, 2 statement
    Column("note", LargeBinary, nullable=False),
    CheckConstraint("kind in (1, 2)", name="kind"),
    comment="the log; public",
)

# One row: what GET /v1/network shows.
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=False),
    Column("suspensions", LargeBinary, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    comment="the newest checkpoint and the list it names; public",
)

suspension = Table(
    "suspension",
    metadata,
    key("organisation", primary_key=True),
    big("serial", nullable=False),
    last_epoch(),
    comment="lines of the suspension list; public",
    sqlite_with_rowid=False,
)
