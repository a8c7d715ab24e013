"""Rows sealed under the wrap key of their last epoch, and found by an HMAC under the same key.

When the key of an epoch is destroyed, every row that ended with it is neither found nor opened,
whatever copies of the database there are (P7).

Source: docs/spec/rows.md.
"""

from __future__ import annotations

from crypto.encoding import Random
from crypto.errors import CannotOpen
from crypto.public import wrapping
from server.keyring import WRAP, Keyring

_ID_BITS = 63


class Wraps:
    """The wrap keys that are alive on a day."""

    def __init__(self, keyring: Keyring, today: int, random: Random) -> None:
        self.today = today
        self.random = random
        self._keyring = keyring
        # A service looks for one id several times; each value is worked out once a request.
        self._looked: dict[tuple[int, str, bytes], bytes] = {}
        keyring.forget_before(WRAP, today)

    def find(self, table: str, id_: bytes) -> list[bytes]:
        """Return the look-up values (32 bytes each) that a live row of this id can have."""
        live = (number for number in self._keyring.numbers(WRAP) if number >= self.today)
        keys = ((number, self._keyring.get(WRAP, number)) for number in live)
        return [self._lookup(number, key, table, id_) for number, key in keys if key is not None]

    def lookup(self, table: str, id_: bytes, last_epoch: int) -> bytes:
        """Return the look-up value (32 bytes) of a row that ends with `last_epoch`."""
        return self._lookup(last_epoch, self._key(last_epoch), table, id_)

    def seal(self, table: str, lookup: bytes, last_epoch: int, content: bytes) -> bytes:
        """Seal a row's content for as long as `last_epoch` lasts."""
        key = self._key(last_epoch)
        return wrapping.wrap(key, table, lookup, content, random=self.random)

    def open(self, table: str, lookup: bytes, last_epoch: int, sealed: bytes) -> bytes | None:
        """Open a row's content; None where its key is gone or is not the one it was sealed with."""
        key = self._keyring.get(WRAP, last_epoch) if last_epoch >= self.today else None
        if key is None:
            return None
        try:
            return wrapping.unwrap(key, table, lookup, sealed)
        except CannotOpen:
            return None

    def new_id(self) -> int:
        """Draw a row's number, so that numbers say nothing about the order of arrival."""
        return int.from_bytes(self.random(8), "big") >> (64 - _ID_BITS)

    def _lookup(self, number: int, key: bytes, table: str, id_: bytes) -> bytes:
        place = (number, table, id_)
        if place not in self._looked:
            self._looked[place] = wrapping.lookup(key, table, id_)
        return self._looked[place]

    def _key(self, last_epoch: int) -> bytes:
        return self._keyring.make(WRAP, last_epoch, self.random)
