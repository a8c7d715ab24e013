"""An opened home: one member, and the store as it stands on the disk each time it is asked for."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

from client import store_file
from client.errors import NotReadable, Trouble
from client.flows import note_files
from client.home import Home
from client.store_file import StoreNotSettled, StoreNotWritten
from crypto.client.member_file import MemberSecret, open_member_file
from crypto.client.store import Store
from crypto.constants import MEMBER_FILE_BYTES
from crypto.encoding import Random
from crypto.errors import BadSignature, CannotOpen, Refused, Rollback, TooLong, WrongNetwork


class Desk:
    """A member at work: every change goes to the disk before anything else happens."""

    def __init__(self, home: Home, member: MemberSecret, random: Random) -> None:
        self.home = home
        self.member = member
        self.random = random
        self._seen = 0

    def __repr__(self) -> str:
        return "Desk(hidden)"

    @property
    def network_id(self) -> bytes:
        """The network's id: 32 bytes."""
        return self.member.network_id

    @property
    def organisation_key(self) -> bytes:
        """The organisation's public key: 32 bytes."""
        return self.member.organisation_key

    def read(self) -> Store:
        """Return the store as it stands; raises NotReadable."""
        try:
            store = store_file.read(self.home.store, self.member, at_least_generation=self._seen)
        except (Refused, OSError) as trouble:
            raise unreadable_store(trouble) from None
        self._seen = store.generation
        return store

    def edit(self, change: Callable[[Store], Store]) -> Store:
        """Change the store and return it as written; raises Trouble, and what `change` raises.

        Other programs wait while `change` runs: it gets what they wrote before.
        """

        def told(store: Store) -> Store:
            # What `change` raises is its own matter, and not the file's.
            try:
                return change(store)
            except (Refused, OSError) as trouble:
                raise _Raised(trouble) from None

        try:
            store = store_file.edit(
                self.home.store,
                self.member,
                told,
                at_least_generation=self._seen,
                random=self.random,
            )
        except _Raised as raised:
            raise raised.trouble from None
        except (Refused, OSError) as trouble:
            raise unreadable_store(trouble) from None
        self._seen = store.generation
        return store


class _Raised(Exception):
    def __init__(self, trouble: Exception) -> None:
        super().__init__()
        self.trouble = trouble


def open_desk(home: Home, phrase: str, random: Random) -> Desk:
    """Open the member's key file of a home with a passphrase, and see that the store opens."""
    member = open_key_file(home.key_file, phrase)
    desk = Desk(home, member, random)
    desk.read()
    return desk


def open_key_file(path: Path, phrase: str) -> MemberSecret:
    """Open a member's key file (201 bytes); raises NotReadable, also for a wrong passphrase."""
    if not phrase:
        raise NotReadable("The key file opens with its passphrase only.", "None was given.")
    try:
        return open_member_file(note_files.read(path, MEMBER_FILE_BYTES), phrase)
    except CannotOpen:
        raise NotReadable(
            "The key file does not open with this passphrase.", "Try the passphrase again."
        ) from None
    except Refused as refused:
        raise NotReadable("This is not a member's key file.", str(refused)) from None


_COPY = "A copy of the store founds the folder anew: `towpath provider import`."


def unreadable_store(trouble: Exception) -> Trouble:
    """Return in plain words why a store was not read or written."""
    match trouble:
        case StoreNotSettled():
            return Trouble(
                f"The store was written, but the disk did not confirm it: {_why(trouble)}.",
                "Mend the disk, then do this again.",
            )
        case StoreNotWritten():
            return Trouble(
                f"The store was not written and is as it was: {_why(trouble)}.",
                "Make room or mend the disk, then do this again.",
            )
        case FileNotFoundError():
            return NotReadable("The store is not there.", _COPY)
        case OSError():
            return Trouble(f"The store can't be read: {trouble.strerror}.")
        case CannotOpen():
            return NotReadable(
                "The store does not open with this member's key.",
                f"Either this member was removed, or the file is damaged. {_COPY}",
            )
        case WrongNetwork() | BadSignature():
            return NotReadable("This store belongs to another network or organisation.")
        case Rollback():
            return NotReadable("The store is older than it was a moment ago.", _COPY)
        case TooLong():
            return Trouble("The store is full.", "Close cases that are done.")
    return NotReadable("The store is damaged.", _COPY)


def _why(trouble: OSError) -> str:
    return os.strerror(trouble.errno or errno.EIO)
