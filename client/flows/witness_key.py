"""A witness's key file: under a passphrase as an admin's is, or bare, for runs without anybody.

A bare key signs for whoever reads it. What can be done with it is to cosign a log that is not
whole: one of the witnesses that a network needs then says nothing.

Source: docs/spec/statements.md, 4 and 10; docs/spec/log.md, 5.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from client.errors import FirstDo, NotReadable
from client.flows import admin_keys, note_files
from crypto import constants as c
from crypto.encoding import Random, b64, unb64
from crypto.errors import Malformed, Refused
from crypto.public.note_signing import Signer
from crypto.public.notes import Key, is_key_name

_BARE = "towpath witness key, without a passphrase"
_BARE_MOST = 256


def create(path: Path, name: str, phrase: str | None, *, random: Random) -> Key:
    """Make a witness's key in a new file, bare where `phrase` is None; return its public half.

    Raises BadInput for a name that no policy takes and an empty passphrase, and as
    `note_files.write_new`.
    """
    signer = admin_keys.new_signer(name, random=random)
    if phrase is None:
        data = f"{_BARE}\n{signer.name}\n{b64(signer.seed)}\n".encode()
    else:
        data = admin_keys.sealed(signer, phrase, random=random)
    note_files.write_new(path, data)
    return signer.witness_key


def is_bare(path: Path) -> bool:
    """Say whether a key file opens without a passphrase."""
    return note_files.read(path, _BARE_MOST).startswith(_BARE.encode())


def load(path: Path, phrase: str) -> Signer:
    """Open a witness's key file; raises NotReadable for another file and a wrong passphrase.

    Raises FirstDo for a bare key that others on this machine may read.
    """
    if not is_bare(path):
        return admin_keys.load(path, phrase)
    if stat.S_IMODE(os.stat(path).st_mode) & 0o077:
        raise FirstDo(
            "Others on this machine may read the witness's key.",
            f"Say: chmod 600 {path}. If somebody may have read it, make a new key.",
        )
    try:
        _, name, seed, end = note_files.read(path, _BARE_MOST).decode().split("\n")
        signer = Signer(name, unb64(seed))
        if end or not is_key_name(name) or len(signer.seed) != c.ED25519_SEED_BYTES:
            raise Malformed
    except (ValueError, Refused):
        raise NotReadable("This is not a witness's key file.") from None
    return signer
