"""Invites of new members.

Revision: 0003
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "invite",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invite")),
        sa.UniqueConstraint("lookup", name=op.f("uq_invite_lookup")),
        comment="offers to new members, and their replies",
    )
    op.create_index(op.f("ix_invite_last_epoch"), "invite", ["last_epoch"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_invite_last_epoch"), table_name="invite")
    op.drop_table("invite")
