"""What everybody may see and what stays: the log, its checkpoints, the suspension list."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, Table

from server.models.base import big, key, last_epoch, metadata

# In the order of log.md 1; stays. `note` is a whole note where there is one, else the entry's text;
# `proof` a weekly key as its organisation signed it. No leaf stands twice, and no period has two
# issuing keys.
log_entry = Table(
    "log_entry",
    metadata,
    big("id", primary_key=True, autoincrement=False),
    # 1 policy, 2 statement, 3 profile, 4 weekly key, 5 issuing key
    Column("kind", Integer, nullable=False),
    Column("note", LargeBinary, nullable=False),
    key("leaf", nullable=False, unique=True),
    Column("proof", LargeBinary, nullable=True),
    Column("period", Integer, nullable=True, unique=True),
    CheckConstraint("kind in (1, 2, 3, 4, 5)", name="kind"),
    CheckConstraint("(kind = 4) = (proof is not null)", name="proof"),
    CheckConstraint("(kind = 5) = (period is not null)", name="period"),
    comment="the log; public",
)

# One row: what GET /v1/network shows, and what waits for witnesses.
checkpoint = Table(
    "checkpoint",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("note", LargeBinary, nullable=True),
    Column("suspensions", LargeBinary, nullable=True),
    Column("pending", LargeBinary, nullable=True),
    Column("pending_suspensions", LargeBinary, nullable=True),
    CheckConstraint("id = 1", name="one_row"),
    CheckConstraint("(note is null) = (suspensions is null)", name="published"),
    CheckConstraint("(pending is null) = (pending_suspensions is null)", name="pending"),
    CheckConstraint("note is not null or pending is not null", name="signed"),
    comment="the published and the pending checkpoint, and the lists they name; public",
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
