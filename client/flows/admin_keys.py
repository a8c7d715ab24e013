"""An admin's key: made once, kept in a file under a passphrase, and shown to the others as a line.

Source: docs/spec/statements.md, 4 and 9.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from client.errors import BadInput, NotReadable
from client.flows import note_files
from crypto.client.admin_file import new_admin, open_admin_file, seal_admin_file
from crypto.constants import ADMIN_FILE_BYTES, ADMIN_NAME_BYTES
from crypto.encoding import Random, b64
from crypto.errors import CannotOpen, Malformed, Refused
from crypto.public import lines, notes
from crypto.public.note_signing import Signer
from crypto.public.notes import Key


def create(path: Path, name: str, phrase: str, *, random: Random) -> Key:
    """Make an admin's key in a new file under a passphrase and return its public half.

    Raises BadInput for a name that no policy takes and an empty passphrase, and as
    `note_files.write_new`.
    """
    signer = new_signer(name, random=random)
    note_files.write_new(path, sealed(signer, phrase, random=random))
    return signer.key


def new_signer(name: str, *, random: Random) -> Signer:
    """Draw a key under a name; raises BadInput for a name that no policy takes."""
    try:
        return new_admin(name, random=random)
    except Malformed:
        raise BadInput(
            "This name can't stand in a policy.",
            f"Take 1 to {ADMIN_NAME_BYTES} of the letters a to z, digits, dots, dashes, slashes.",
        ) from None


def sealed(signer: Signer, phrase: str, *, random: Random) -> bytes:
    """Seal a key under a passphrase (115 bytes); raises BadInput for an empty one."""
    try:
        return seal_admin_file(signer, phrase, random=random)
    except Malformed:
        raise BadInput("This passphrase can't be used.", "Take four words or more.") from None


def load(path: Path, phrase: str) -> Signer:
    """Open an admin's key file; raises NotReadable for another file and for a wrong passphrase."""
    found = note_files.read(path, ADMIN_FILE_BYTES)
    try:
        return open_admin_file(found, phrase)
    except CannotOpen:
        raise NotReadable(
            "This key file does not open.", "Either the passphrase is another, or the file changed."
        ) from None
    except Refused as refused:
        raise NotReadable("This is not an admin's key file.", str(refused)) from None


def line(key: Key, role: str = "admin") -> str:
    """Return the line that names a key in a policy: role, name, key."""
    return f"{role} {key.name} {b64(key.public_key)}"


def read_line(text: str, role: str = "admin") -> Key:
    """Read what `line` wrote, with or without the role in front; raises BadInput."""
    words = text.split()
    if words[:1] == [role] and len(words) == len(("role", "name", "key")):
        words = words[1:]
    try:
        name, key = words
        if not notes.is_key_name(name):
            raise Malformed
        return Key(name, lines.hash_of(key))
    except (ValueError, Malformed):
        raise BadInput(f"A line looks like: {role} NAME KEY", "This one does not.") from None


def read_lines(texts: Iterable[str], role: str = "admin") -> tuple[Key, ...]:
    """Read several lines; empty ones are left out."""
    return tuple(read_line(text, role) for text in texts if text.strip())
