"""What every part of a merge needs: the three stores, and who decides (store.md, 9.1)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.second.stranger.basics import K, Reader
from tests.second.stranger.sealing import sha256

Key = tuple[int, bytes]
Entries = Mapping[Key, bytes]
Told = tuple[int, bytes, int, bytes]
REMOVED = b""


@dataclass
class Merge:
    """The three sides after expiry, and what comes of them."""

    base: Entries | None
    mine: Entries
    theirs: Entries
    today: int
    outcome: dict[Key, bytes] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)

    def had(self, key: Key) -> bytes | None:
        """The base's value."""
        return None if self.base is None else self.base.get(key)

    def ids(self, kind: int) -> list[bytes]:
        """The ids of a kind on either side."""
        places = {*self.mine, *self.theirs}
        return sorted(entry_id for one, entry_id in places if one == kind)

    def settle(
        self,
        had: bytes | None,
        mine: bytes | None,
        theirs: bytes | None,
        rule: Callable[[bytes, bytes], bytes | None] | None = None,
    ) -> tuple[bytes | None, bytes | None]:
        """What stands by 9.1, and what it overrules; the rule gets mine and theirs."""
        if mine == theirs:
            return mine, None
        if self.base is not None and had == theirs:
            return mine, None
        if self.base is not None and had == mine:
            return theirs, None
        if mine is None or theirs is None:
            stands = theirs if mine is None else mine
            return stands, None if had is None else REMOVED
        return (theirs, mine) if rule is None else (rule(mine, theirs), None)

    def tell(self, key: Key, lost: bytes | None, field_id: int = 0) -> None:
        """Put something on the list of what was overruled."""
        if lost is not None:
            self.told.append((*key, field_id, lost))


def expired(entries: Entries, today: int) -> dict[Key, bytes]:
    """The entries without those whose time is over (section 5)."""
    return {key: value for key, value in entries.items() if not _is_over(key[0], value, today)}


def _is_over(kind: int, value: bytes, today: int) -> bool:
    if kind == K.ENTRY_SEED:
        return bool(seed_last_epoch(value) + K.SEED_DAYS_AFTER_CODE < today)
    if kind == K.ENTRY_WEEKLY:
        return bool(int.from_bytes(value[4:8], "big") + K.WEEKLY_KEY_GRACE_DAYS < today)
    if kind == K.ENTRY_ERASED:
        return int.from_bytes(value, "big") < today
    if kind == K.ENTRY_CASE:
        once = fields_once(value)
        state, last = (int.from_bytes(once[n], "big") for n in (K.CASE_STATE, K.CASE_LAST_EPOCH))
        return bool(state == K.STATE_CLOSED and last < today)
    return False


def seed_last_epoch(value: bytes) -> int:
    """The last epoch that a seed's entry names."""
    return int.from_bytes(value[9:13], "big")


def fields_once(value: bytes) -> dict[int, bytes]:
    """A case's fields by id, without follow-ups and answers."""
    reader, found = Reader(value), {}
    while reader.more():
        number = reader.number(1)
        content = reader.prefixed(len(value), 4)
        if number not in (K.CASE_FOLLOW_UP, K.CASE_ANSWER):
            found[number] = content
    return found


def setting(name: str) -> Key:
    """Where the setting of that name stands."""
    return (K.ENTRY_SETTING, sha256(name.encode())[: K.ENTRY_ID_BYTES])
