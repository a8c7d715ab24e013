"""The end of rows and keys, by the day alone.

Destroying a key is what ends a row, wherever copies of it lie (P7); deleting frees the room. So the
keys go first: whatever becomes of the deleting, nothing of yesterday opens any more.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Table, delete, select, tuple_

from crypto.public import tokens
from server.keyring import DROP, TOKEN, WRAP, Keyring
from server.models import metadata

# A drop key is the week's from its Monday on, and is taken until the next Monday's end.
_DROP_KEY_DAYS = 7

_LAST_DAYS: dict[str, Callable[[int], int]] = {
    WRAP: lambda epoch: epoch,
    DROP: lambda monday: monday + _DROP_KEY_DAYS,
    TOKEN: tokens.last_epoch_of,
}


def last_day_of(kind: str, number: int) -> int | None:
    """Return the last day (epoch) of a key of the keyring; None for one that stays."""
    last = _LAST_DAYS.get(kind)
    return None if last is None else last(number)


def destroy_keys(keyring: Keyring, today: int) -> int:
    """Destroy every key whose last day is over, and return how many; raises KeyringBroken."""
    ended = [
        (kind, number)
        for kind, last in _LAST_DAYS.items()
        for number in keyring.numbers(kind)
        if last(number) < today
    ]
    for kind, number in ended:
        keyring.destroy(kind, number)
    # What another process destroyed is forgotten here.
    keyring.forget_before(WRAP, today)
    keyring.forget_before(DROP, today - _DROP_KEY_DAYS)
    return len(ended)


def ending_tables() -> list[Table]:
    """Return the tables whose rows end: those that have a last epoch."""
    return [table for table in metadata.sorted_tables if "last_epoch" in table.columns]


def delete_rows(connection: Connection, table: Table, today: int, at_most: int) -> int:
    """Delete up to `at_most` rows of a table whose last epoch is over, and return how many."""
    ended = select(*table.primary_key).where(table.c.last_epoch < today).limit(at_most)
    keys = list(table.primary_key)
    these = tuple_(*keys).in_(ended) if len(keys) > 1 else keys[0].in_(ended)
    return connection.execute(delete(table).where(these)).rowcount
