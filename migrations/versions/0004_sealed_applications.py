"""Applications that are sealed to the admins, with entries and the admins' keys.

Applications of before stand open to the operator and can't be sealed by a server: they end here,
with what admins had begun to sign, and who applied applies again. Going back ends them as well.

Revision: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_OPEN, _SEALED = "open applications", "open applications, sealed to the admins"


def upgrade() -> None:
    """End the applications of before, and make the tables of the new ones."""
    _end_applications()
    _make_applications(
        _SEALED,
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.CheckConstraint("entries >= 0", name=op.f("ck_application_entries")),
    )
    op.create_table(
        "vetting_entry",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vetting_entry")),
        sa.UniqueConstraint("lookup", name=op.f("uq_vetting_entry_lookup")),
        comment="what admins write to one another about an application",
    )
    op.create_index(
        op.f("ix_vetting_entry_last_epoch"), "vetting_entry", ["last_epoch"], unique=False
    )
    op.create_table(
        "admin_key",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("signed_key", sa.LargeBinary(), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_admin_key")),
        comment="the admins' reading keys; public",
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_admin_key_last_epoch"), "admin_key", ["last_epoch"], unique=False)


def downgrade() -> None:
    """End the sealed applications, and make the table of before, empty."""
    for table in ("admin_key", "vetting_entry"):
        op.drop_index(op.f(f"ix_{table}_last_epoch"), table_name=table)
        op.drop_table(table)
    _end_applications()
    _make_applications(_OPEN)


def _end_applications() -> None:
    op.drop_index(op.f("ix_application_last_epoch"), table_name="application")
    op.drop_table("application")


def _make_applications(comment: str, *more: sa.Column[int] | sa.CheckConstraint) -> None:
    op.create_table(
        "application",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("lookup", sa.LargeBinary(length=32), nullable=False),
        sa.Column("last_epoch", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *more,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
        sa.UniqueConstraint("lookup", name=op.f("uq_application_lookup")),
        comment=comment,
    )
    op.create_index(op.f("ix_application_last_epoch"), "application", ["last_epoch"], unique=False)
