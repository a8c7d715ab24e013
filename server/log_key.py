"""The log's signing keys: the one that the policy names, and the next where that one was lost.

They lie in the keyring, numbered from 0 as they were made. More than one is there only between
`towpath server log-key` and the policy that names the new one.

Source: docs/spec/statements.md, 7; docs/runbook/admins.md.
"""

from __future__ import annotations

from crypto.encoding import Random
from crypto.public.note_signing import public_of
from crypto.public.notes import Key
from server.keyring import LOG, Keyring


def seed_of(keyring: Keyring, log: Key) -> bytes | None:
    """Return the seed (32 bytes) of the log that a policy names; None where no key here is its."""
    for number in reversed(keyring.numbers(LOG)):
        seed = keyring.get(LOG, number)
        if seed is not None and public_of(seed) == log.public_key:
            return seed
    return None


def newest(keyring: Keyring) -> bytes | None:
    """Return the seed that was made last; None where there is none."""
    numbers = keyring.numbers(LOG)
    return keyring.get(LOG, numbers[-1]) if numbers else None


def make_next(keyring: Keyring, random: Random) -> bytes:
    """Make one more key and return its seed; raises KeyringBroken."""
    numbers = keyring.numbers(LOG)
    return keyring.make(LOG, numbers[-1] + 1 if numbers else 0, random)


def end_others(keyring: Keyring, log: Key) -> None:
    """Destroy every key but the one that a policy names; raises KeyringBroken."""
    for number in keyring.numbers(LOG):
        seed = keyring.get(LOG, number)
        if seed is not None and public_of(seed) != log.public_key:
            keyring.destroy(LOG, number)
