"""Walk-ins: sealing without a code, to an organisation's weekly key.

Source: docs/spec/walk-in.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from crypto.client import hpke
from crypto.client.envelope import Context, open_
from crypto.constants import KEY_BYTES, KIND_WALK_IN, LABEL_WALK_IN_KEY
from crypto.encoding import frame
from crypto.errors import CannotOpen
from crypto.kdf import hkdf
from crypto.public.keys import weekly_key_id


@lru_cache(maxsize=16)  # a provider tries two keys on every envelope of the drop
def context(network_id: bytes, public_key: bytes) -> Context:
    """Return the context of a walk-in to a weekly public key (1,216 bytes).

    Its inner key comes from the public key: it keeps the one shape and protects nothing.
    """
    inner_key = hkdf(public_key, info=frame(LABEL_WALK_IN_KEY, network_id), length=KEY_BYTES)
    return Context(network_id, KIND_WALK_IN, weekly_key_id(public_key), inner_key)


def open_with_any(
    envelope: bytes, keys: Iterable[hpke.PrivateKey], network_id: bytes
) -> tuple[hpke.PrivateKey, bytes]:
    """Try the live weekly keys on an envelope; return the key that opens it and the message.

    Raises CannotOpen when none does, which for an envelope of another provider is the rule;
    Malformed or Unsupported as `envelope.open_`.
    """
    for key in keys:
        try:
            return key, open_(envelope, key, context(network_id, key.public))
        except CannotOpen:
            continue
    raise CannotOpen
