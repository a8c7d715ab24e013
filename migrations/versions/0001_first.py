"""The first schema: codes, envelopes, boxes, tokens, organisations, log.

Revision: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make every table."""
    op.create_table(
        "admin_counter",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("counter", _BIG, nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_admin_counter")),
        comment="the admins' counters",
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_admin_counter_last_epoch"), "admin_counter", ["last_epoch"], unique=False
    )
    op.create_table(
        "application",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("lookup", name=op.f("uq_application_lookup")),
        comment="open applications",
    )
    op.create_index(op.f("ix_application_last_epoch"), "application", ["last_epoch"], unique=False)
    op.create_table(
        "box",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box")),
        sa.UniqueConstraint("lookup", name=op.f("uq_box_lookup")),
        comment="boxes",
    )
    op.create_index(op.f("ix_box_last_epoch"), "box", ["last_epoch"], unique=False)
    op.create_table(
        "box_slot",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_box_slot")),
        sa.UniqueConstraint("lookup", name=op.f("uq_box_slot_lookup")),
        comment="filled slots",
    )
    op.create_index(op.f("ix_box_slot_last_epoch"), "box_slot", ["last_epoch"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.Column("suspensions", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_checkpoint_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkpoint")),
        comment="the newest checkpoint and the list it names; public",
    )
    op.create_table(
        "code_record",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_record")),
        sa.UniqueConstraint("lookup", name=op.f("uq_code_record_lookup")),
        comment="codes",
    )
    op.create_index(op.f("ix_code_record_last_epoch"), "code_record", ["last_epoch"], unique=False)
    op.create_table(
        "drop_position",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_cursor", _BIG, nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_drop_position_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drop_position")),
        comment="the last cursor given",
    )
    op.create_table(
        "envelope",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("cursor", _BIG, nullable=True),
        sa.Column("arrived", sa.Integer(), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("arrived <= last_epoch", name=op.f("ck_envelope_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_envelope")),
        sa.UniqueConstraint("cursor", name=op.f("uq_envelope_cursor")),
        sa.UniqueConstraint("lookup", name=op.f("uq_envelope_lookup")),
        comment="referrals, follow-ups, walk-ins and filler",
    )
    op.create_index(op.f("ix_envelope_last_epoch"), "envelope", ["last_epoch"], unique=False)
    op.create_table(
        "log_entry",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Integer(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("kind in (1, 2)", name=op.f("ck_log_entry_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_log_entry")),
        comment="the log; public",
    )
    op.create_table(
        "member",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("organisation", sa.LargeBinary(length=32), nullable=False),
        sa.Column("counter", _BIG, nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.CheckConstraint("counter >= 0", name=op.f("ck_member_counter")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_member")),
        comment="who signs for an organisation; the counter refuses a repeated signature",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_member_last_epoch"), "member", ["last_epoch"], unique=False)
    op.create_table(
        "organisation",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("statement", sa.LargeBinary(), nullable=False),
        sa.Column("profile", sa.LargeBinary(), nullable=False),
        sa.Column("serial", _BIG, nullable=False),
        sa.Column("log_index", _BIG, nullable=False),
        sa.Column("walk_ins", sa.Boolean(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_organisation")),
        comment="listed organisations; public",
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_organisation_last_epoch"), "organisation", ["last_epoch"], unique=False
    )
    op.create_table(
        "spent_token",
        sa.Column("nullifier", sa.LargeBinary(length=32), nullable=False),
        sa.Column("period", sa.Integer(), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("nullifier", name=op.f("pk_spent_token")),
        comment="tokens that paid for a code",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_spent_token_last_epoch"), "spent_token", ["last_epoch"], unique=False)
    op.create_table(
        "suspension",
        sa.Column("organisation", sa.LargeBinary(length=32), nullable=False),
        sa.Column("serial", _BIG, nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", name=op.f("pk_suspension")),
        comment="lines of the suspension list; public",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_suspension_last_epoch"), "suspension", ["last_epoch"], unique=False)
    op.create_table(
        "token_batch",
        sa.Column("organisation", sa.LargeBinary(length=32), nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("batch_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "week", "batch_hash", name=op.f("pk_token_batch")),
        comment="which organisation drew its tokens in which week",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_token_batch_last_epoch"), "token_batch", ["last_epoch"], unique=False)
    op.create_table(
        "weekly_key",
        sa.Column("organisation", sa.LargeBinary(length=32), nullable=False),
        sa.Column("first", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signed_key", sa.LargeBinary(), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("organisation", "first", name=op.f("pk_weekly_key")),
        comment="keys for walk-ins; public",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_weekly_key_last_epoch"), "weekly_key", ["last_epoch"], unique=False)


def downgrade() -> None:
    """Drop every table."""
    op.drop_index(op.f("ix_weekly_key_last_epoch"), table_name="weekly_key")
    op.drop_table("weekly_key")
    op.drop_index(op.f("ix_token_batch_last_epoch"), table_name="token_batch")
    op.drop_table("token_batch")
    op.drop_index(op.f("ix_suspension_last_epoch"), table_name="suspension")
    op.drop_table("suspension")
    op.drop_index(op.f("ix_spent_token_last_epoch"), table_name="spent_token")
    op.drop_table("spent_token")
    op.drop_index(op.f("ix_organisation_last_epoch"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_index(op.f("ix_member_last_epoch"), table_name="member")
    op.drop_table("member")
    op.drop_table("log_entry")
    op.drop_index(op.f("ix_envelope_last_epoch"), table_name="envelope")
    op.drop_table("envelope")
    op.drop_table("drop_position")
    op.drop_index(op.f("ix_code_record_last_epoch"), table_name="code_record")
    op.drop_table("code_record")
    op.drop_table("checkpoint")
    op.drop_index(op.f("ix_box_slot_last_epoch"), table_name="box_slot")
    op.drop_table("box_slot")
    op.drop_index(op.f("ix_box_last_epoch"), table_name="box")
    op.drop_table("box")
    op.drop_index(op.f("ix_application_last_epoch"), table_name="application")
    op.drop_table("application")
    op.drop_index(op.f("ix_admin_counter_last_epoch"), table_name="admin_counter")
    op.drop_table("admin_counter")
