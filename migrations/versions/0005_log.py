"""The log's further kinds of entries, and checkpoints that wait for witnesses.

Going back, what waits becomes what is shown, since there was nothing else; the entries of the new
kinds can't stay, so a log that has any is one that nobody can go on from.

Revision: 0005
"""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_ENTRY = sa.table(
    "log_entry",
    sa.column("id", _BIG),
    sa.column("kind", sa.Integer()),
    sa.column("note", sa.LargeBinary()),
    sa.column("leaf", sa.LargeBinary()),
)
_BEFORE = "the newest checkpoint and the list it names; public"
_AFTER = "the published and the pending checkpoint, and the lists they name; public"


def upgrade() -> None:
    """Hash what is in the log, and make room for what waits."""
    with op.batch_alter_table("log_entry") as table:
        table.drop_constraint(op.f("ck_log_entry_kind"), type_="check")
        table.add_column(sa.Column("leaf", sa.LargeBinary(length=32), nullable=True))
        table.add_column(sa.Column("proof", sa.LargeBinary(), nullable=True))
        table.add_column(sa.Column("period", sa.Integer(), nullable=True))
    _hash_entries()
    with op.batch_alter_table("log_entry") as table:
        table.alter_column("leaf", existing_type=sa.LargeBinary(length=32), nullable=False)
        table.create_unique_constraint(op.f("uq_log_entry_leaf"), ["leaf"])
        table.create_unique_constraint(op.f("uq_log_entry_period"), ["period"])
        table.create_check_constraint(op.f("ck_log_entry_kind"), "kind in (1, 2, 3, 4, 5)")
        table.create_check_constraint(
            op.f("ck_log_entry_proof"), "(kind = 4) = (proof is not null)"
        )
        table.create_check_constraint(
            op.f("ck_log_entry_period"), "(kind = 5) = (period is not null)"
        )
    with op.batch_alter_table("checkpoint", table_kwargs={"comment": _AFTER}) as table:
        for name in ("note", "suspensions"):
            table.alter_column(name, existing_type=sa.LargeBinary(), nullable=True)
        for name in ("pending", "pending_suspensions"):
            table.add_column(sa.Column(name, sa.LargeBinary(), nullable=True))
        for name, condition in _CONDITIONS.items():
            table.create_check_constraint(op.f(f"ck_checkpoint_{name}"), condition)
    _comment(_AFTER)


def downgrade() -> None:
    """Show what waits, and drop what the version before does not know."""
    op.execute(
        "update checkpoint set note = pending, suspensions = pending_suspensions"
        " where pending is not null"
    )
    with op.batch_alter_table("checkpoint", table_kwargs={"comment": _BEFORE}) as table:
        for name in _CONDITIONS:
            table.drop_constraint(op.f(f"ck_checkpoint_{name}"), type_="check")
        for name in ("pending", "pending_suspensions"):
            table.drop_column(name)
        for name in ("note", "suspensions"):
            table.alter_column(name, existing_type=sa.LargeBinary(), nullable=False)
    _comment(_BEFORE)
    op.execute("delete from log_entry where kind > 2")
    with op.batch_alter_table("log_entry") as table:
        for name in ("kind", "proof", "period"):
            table.drop_constraint(op.f(f"ck_log_entry_{name}"), type_="check")
        for name in ("leaf", "period"):
            table.drop_constraint(op.f(f"uq_log_entry_{name}"), type_="unique")
        for name in ("leaf", "proof", "period"):
            table.drop_column(name)
        table.create_check_constraint(op.f("ck_log_entry_kind"), "kind in (1, 2)")


_CONDITIONS = {
    "published": "(note is null) = (suspensions is null)",
    "pending": "(pending is null) = (pending_suspensions is null)",
    "signed": "note is not null or pending is not null",
}


def _hash_entries() -> None:
    """Give each note that is there the hash of its leaf (statements.md, 6)."""
    connection = op.get_bind()
    for number, note in connection.execute(sa.select(_ENTRY.c.id, _ENTRY.c.note)).all():
        text = bytes(note).rpartition(b"\n\n")[0] + b"\n"
        leaf = hashlib.sha256(b"\x00" + text).digest()
        connection.execute(sa.update(_ENTRY).where(_ENTRY.c.id == number).values(leaf=leaf))


def _comment(words: str) -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.create_table_comment("checkpoint", words)
