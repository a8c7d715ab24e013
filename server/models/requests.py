"""Codes, envelopes, boxes, and the tokens that were spent."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, Table

from server.models.base import big, key, last_epoch, look_up, metadata, row_number, sealed

# sealed: H(write key) 32, record 4,096.
code_record = Table(
    "code_record", metadata, row_number(), look_up(), last_epoch(), sealed(), comment="codes"
)

# sealed: H(request) 32, tag 16, envelope 5,273; filler has the same form. A withdrawn row keeps
# number, cursor and days; its look-up value is drawn anew, or stays where it is a walk-in.
envelope = Table(
    "envelope",
    metadata,
    row_number(),
    look_up(),
    big("cursor", nullable=True, unique=True),  # none until the next tick
    Column("arrived", Integer, nullable=False),
    last_epoch(),
    sealed(),
    CheckConstraint("arrived <= last_epoch", name="days"),
    comment="referrals, follow-ups, walk-ins and filler",
)

# sealed: H(holder key) 32, H(write key) 32, arrived u32, latest end u32, number of envelopes u8,
# and their tags, 8 times 16 with zeros after the last.
box = Table("box", metadata, row_number(), look_up(), last_epoch(), sealed(), comment="boxes")

# looked up by box id and slot number; sealed: the slot, 4,096.
box_slot = Table(
    "box_slot", metadata, row_number(), look_up(), last_epoch(), sealed(), comment="filled slots"
)

spent_token = Table(
    "spent_token",
    metadata,
    key("nullifier", primary_key=True),
    Column("period", Integer, nullable=False),
    last_epoch(),
    comment="tokens that paid for a code",
    sqlite_with_rowid=False,
)

# One row, so that no cursor is ever given twice.
drop_position = Table(
    "drop_position",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    big("last_cursor", nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    comment="the last cursor given",
)
