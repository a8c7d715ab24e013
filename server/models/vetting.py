"""Applications, what admins write to one another about them, and to which keys they are sealed."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Integer, LargeBinary, Table

from server.models.base import key, last_epoch, look_up, metadata, row_number, sealed

admin_key = Table(
    "admin_key",
    metadata,
    key("key", primary_key=True),
    Column("signed_key", LargeBinary, nullable=False),
    last_epoch(),
    comment="the admins' reading keys; public",
    sqlite_with_rowid=False,
)

# looked up by the application's id; sealed: id 16, H(write key) 32, whether there is a reply u8,
# reply 2,048, and the application as its organisation sealed it. `entries` says how many there are.
application = Table(
    "application",
    metadata,
    row_number(),
    look_up(),
    last_epoch(),
    sealed(),
    Column("entries", Integer, nullable=False),
    CheckConstraint("entries >= 0", name="entries"),
    comment="open applications, sealed to the admins",
)

# looked up by the application's id and the entry's number; sealed: the entry, 2,560.
vetting_entry = Table(
    "vetting_entry",
    metadata,
    row_number(),
    look_up(),
    last_epoch(),
    sealed(),
    comment="what admins write to one another about an application",
)
