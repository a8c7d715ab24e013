"""The store that an organisation's members share.

Revision: 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make its table."""
    op.create_table(
        "store",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_store")),
        sa.UniqueConstraint("lookup", name=op.f("uq_store_lookup")),
        comment="what members share, sealed to them",
    )
    op.create_index(op.f("ix_store_last_epoch"), "store", ["last_epoch"], unique=False)


def downgrade() -> None:
    """Drop it."""
    op.drop_index(op.f("ix_store_last_epoch"), table_name="store")
    op.drop_table("store")
