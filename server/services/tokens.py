"""Drawing tokens: an organisation's blinded batch of the week, evaluated, and the drop key.

Source: docs/spec/http.md, 7; docs/spec/tokens.md, 4.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from sqlalchemy import Connection, insert, select

from crypto.constants import BATCHES_A_WEEK, TOKEN_ELEMENT_BYTES
from crypto.encoding import Random, monday
from crypto.errors import Refused
from server import issuing
from server.keyring import DROP, Keyring
from server.models import token_batch
from server.services.refusals import Refusal

_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Proof and evaluated elements (0 bytes where none were asked for), and the week's drop key."""

    period: int
    evaluated: bytes
    drop_key: bytes = field(repr=False)
    drop_week: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the server issues with; `tokens_a_week` is the network's number, 1 to 256."""

    keyring: Keyring
    random: Random
    network_id: bytes
    tokens_a_week: int
    today: int


def draw(
    connection: Connection, organisation: bytes, *, week: int, blinded: bytes, terms: Terms
) -> Drawn | Refusal:
    """Evaluate an organisation's batch for the week that begins on the Monday `week`.

    The same batch again is evaluated again. MALFORMED for another week, another number of
    elements or what is no element, DRAWN for a fourth batch. Source: docs/spec/http.md, 7
    """
    if week != monday(terms.today):
        return Refusal.MALFORMED
    if len(blinded) not in (0, terms.tokens_a_week * TOKEN_ELEMENT_BYTES):
        return Refusal.MALFORMED
    accepted = issuing.issuers(terms.keyring, terms.network_id, terms.today, terms.random)
    period, issuer = accepted[0]
    try:
        evaluated = issuer.issue(blinded) if blinded else b""
    except Refused:
        return Refusal.MALFORMED
    if blinded and not _count(connection, organisation, week, blinded):
        return Refusal.DRAWN
    return Drawn(
        period=period,
        evaluated=evaluated,
        drop_key=terms.keyring.make(DROP, week, terms.random),
        drop_week=week,
    )


def _count(connection: Connection, organisation: bytes, week: int, blinded: bytes) -> bool:
    """Count a batch once; say whether it is one of the week's first three.

    The organisation's row is locked by its signed call, so that two can't count at once.
    """
    mine = (token_batch.c.organisation == organisation, token_batch.c.week == week)
    drawn = set(connection.execute(select(token_batch.c.batch_hash).where(*mine)).scalars())
    batch = hashlib.sha256(blinded).digest()
    if batch in drawn:
        return True
    if len(drawn) >= BATCHES_A_WEEK:
        return False
    values = {"week": week, "batch_hash": batch, "last_epoch": week + _DAYS - 1}
    connection.execute(insert(token_batch).values(organisation=organisation, **values))
    return True
