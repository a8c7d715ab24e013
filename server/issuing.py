"""The issuing keys of tokens: which periods are accepted on a day, and with which keys.

Source: docs/spec/tokens.md, 1 and 6.
"""

from __future__ import annotations

from crypto.encoding import Random
from crypto.public.tokens import Issuer, last_epoch_of, period_of
from server.keyring import TOKEN, Keyring


def issuers(
    keyring: Keyring, network_id: bytes, today: int, random: Random
) -> list[tuple[int, Issuer]]:
    """Return the issuing keys that are accepted today, each with its period, newest first.

    The present period's key is made where it is missing; one of the past never is. `network_id`
    has 32 bytes, `today` is an epoch. Source: docs/spec/tokens.md, 6.
    """
    present = period_of(today)
    keyring.make(TOKEN, present, random)
    there = sorted(keyring.numbers(TOKEN), reverse=True)
    accepted = [period for period in there if period <= present and today <= last_epoch_of(period)]
    seeds = ((period, keyring.get(TOKEN, period)) for period in accepted)
    return [(period, Issuer(seed, network_id, period)) for period, seed in seeds if seed]
