"""What all tables share: the metadata, and the few kinds of column there are.

No column holds a time finer than a day, and none has a default that the database fills in.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)

# SQLite's own row number is INTEGER only; it is drawn at random, so that it says nothing.
_BIG = BigInteger().with_variant(Integer, "sqlite")


def row_number() -> Column[int]:
    """A number drawn at random for each row: the order of rows says nothing of their arrival."""
    return Column("id", _BIG, primary_key=True, autoincrement=False)


def look_up() -> Column[bytes]:
    """HMAC of an id under the wrap key of the row's last epoch: 32 bytes."""
    return Column("lookup", LargeBinary(32), nullable=False, unique=True)


def sealed() -> Column[bytes]:
    """The row's content, sealed under the wrap key of its last epoch."""
    return Column("sealed", LargeBinary, nullable=False)


def last_epoch(*, index: bool = True) -> Column[int]:
    """The last UTC day of the row: days since 1970-01-01."""
    return Column("last_epoch", Integer, nullable=False, index=index)


def big(name: str, **options: Any) -> Column[int]:
    """A whole number of up to 63 bits."""
    return Column(name, _BIG, **options)


def key(name: str, **options: Any) -> Column[bytes]:
    """A public key or hash of 32 bytes."""
    return Column(name, LargeBinary(32), **options)
