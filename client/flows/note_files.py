"""Files that admins pass on by hand: drafts, notes, key files; each written whole or not at all.

Nothing in them is secret but a key file, which its passphrase seals; all are for their owner alone.
"""

from __future__ import annotations

import os
from pathlib import Path

from client.errors import BadInput, NotReadable, Trouble
from crypto.constants import NOTE_BYTES
from crypto.encoding import text
from crypto.errors import Malformed
from crypto.public import notes


def read(path: Path, at_most: int = NOTE_BYTES) -> bytes:
    """Return what stands in a file of at most `at_most` bytes; raises Trouble in plain words."""
    try:
        with path.open("rb") as file:
            found = file.read(at_most + 1)
    except OSError as trouble:
        raise Trouble(f"{path} can't be read: {trouble.strerror}.") from None
    if len(found) > at_most:
        raise NotReadable(f"{path} is too long to be what is asked for.")
    return found


def write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there yet, to the disk; raises Trouble, also where there is one."""
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise BadInput(f"{path} is there already.", "Name another file.") from None
    except OSError as trouble:
        raise Trouble(f"{path} can't be written: {trouble.strerror}.") from None
    try:
        _fill(file, data)
    except OSError as trouble:
        path.unlink(missing_ok=True)
        raise Trouble(f"{path} can't be written: {trouble.strerror}.") from None


def write_over(path: Path, data: bytes) -> None:
    """Put `data` in the place of what the file said; a stop leaves the one or the other."""
    beside = path.with_name(f".{path.name}.writing")
    beside.unlink(missing_ok=True)
    write_new(beside, data)
    try:
        beside.replace(path)
    except OSError as trouble:
        beside.unlink(missing_ok=True)
        raise Trouble(f"{path} can't be written: {trouble.strerror}.") from None


def split(data: bytes) -> tuple[str, bytes | None]:
    """Return the text of a draft or note, and the note if it has signatures.

    Raises NotReadable for anything that is neither.
    """
    try:
        read_text = text(data)
        if "\n\n" not in read_text:
            return read_text, None
        return notes.parse(data).text, data
    except Malformed:
        raise NotReadable("This file is neither a draft nor a signed note of Towpath.") from None


def _fill(file: int, data: bytes) -> None:
    with os.fdopen(file, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
