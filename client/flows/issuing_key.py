"""The key that issues tokens: taken only where everybody sees it, in the log.

A server that issues under another key for one provider could tell that one's tokens from all
others when they are spent.

Source: docs/spec/tokens.md, 1; docs/spec/log.md, 1 and 4.
"""

from __future__ import annotations

from client.api_types import NetworkDocument
from crypto.errors import Refused, TokenRefused
from crypto.public import checkpoint, log, log_entries, notes
from crypto.public.log import Inclusion
from crypto.public.log_entries import TokenKeyEntry


def issuing_key(document: NetworkDocument, period: int) -> bytes:
    """Return the key (32 bytes) of the period that begins at epoch `period`.

    `document` has been checked (`network_view`), so that its checkpoint holds. Raises TokenRefused
    where it shows none, or one that the checkpoint's log does not have.

    Source: docs/spec/tokens.md, 1
    """
    shown = [key for key in document.token_keys if key.period == period]
    if len(shown) != 1:
        raise TokenRefused
    (key,) = shown
    said = checkpoint.parse(notes.parse(document.checkpoint).text)
    entry = TokenKeyEntry(network_id=document.network_id, period=period, key=key.public_key)
    try:
        log.verify_inclusion(
            log.leaf_hash(log_entries.format_entry(entry)),
            Inclusion(key.index, key.hashes),
            size=said.size,
            root=said.root,
        )
    except Refused:
        raise TokenRefused from None
    return key.public_key
