"""Cosignatures: witnesses say that they have seen a checkpoint; at w it is published.

Source: docs/spec/log.md, 4.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from crypto.constants import CHECKPOINT_BYTES, WITNESS_THRESHOLD_MOST
from crypto.errors import BadSignature, Refused
from crypto.public import notes
from crypto.public.notes import Note, Signature, SignatureLine
from crypto.public.policy import Policy
from server.services import checkpoints
from server.services.checkpoints import Newest, Signed
from server.services.refusals import Refusal

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Cosigned:
    """How many current witnesses have cosigned, how many it takes, and whether it is published.

    `is_new` is False where the line, or a later one of that witness, lay there already.
    """

    cosignatures: int
    needed: int
    published: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class _Seen:
    """Which checkpoint a line is of, under which policy, and the signature that holds over it."""

    found: Newest
    policy: Policy
    is_pending: bool
    signature: Signature


def read(cosignature: str, today: int) -> SignatureLine | Refusal:
    """Read a witness's signature line, without its line feed; MALFORMED for another form or day.

    Source: docs/spec/log.md, 4
    """
    try:
        line = notes.parse_line(cosignature)
    except Refused:
        return Refusal.MALFORMED
    time = notes.time_of(line)
    if time is None or time // _SECONDS_A_DAY not in (today - 1, today):
        return Refusal.MALFORMED
    return line


def look(connection: Connection, *, line: SignatureLine) -> Refusal | None:
    """Say why a line is refused: NO_NETWORK, UNSIGNED by a current witness, or STALE."""
    found = checkpoints.signed(connection)
    seen = Refusal.NO_NETWORK if found is None else _seen(connection, found, line)
    return seen if isinstance(seen, Refusal) else None


def take(connection: Connection, *, line: SignatureLine) -> Cosigned | Refusal:
    """Put a witness's line to the checkpoint that it is over, and publish that one at enough.

    Of each witness the line with the latest time stays; of more than five witnesses, the five
    latest. UNSIGNED for one that is no current witness's, STALE for one over another text.

    Source: docs/spec/log.md, 4
    """
    found = checkpoints.signed(connection, lock=True)
    if found is None:
        return Refusal.NO_NETWORK
    seen = _seen(connection, found, line)
    if isinstance(seen, Refusal):
        return seen
    before = notes.parse(seen.found.note)
    lines = _with(before, line, seen.policy)
    published = not seen.is_pending
    if lines != before.lines:
        note = notes.format_note(before.text, lines, CHECKPOINT_BYTES)
        newer = Newest(note, seen.found.suspensions)
        if published:
            checkpoints.put_published(connection, newer)
        else:
            published = checkpoints.put_pending(connection, newer, seen.policy)
    return Cosigned(
        cosignatures=len(lines) - 1,
        needed=seen.policy.witnesses_threshold,
        published=published,
        is_new=lines != before.lines,
    )


def _seen(connection: Connection, found: Signed, line: SignatureLine) -> _Seen | Refusal:
    """Find which of the two checkpoints a line is over, the pending one first."""
    outcome: Refusal = Refusal.UNSIGNED
    for one, is_pending in ((found.pending, True), (found.published, False)):
        if one is None:
            continue
        policy = checkpoints.policy_of(connection, one)
        if not _is_by(line, policy):
            continue
        outcome = Refusal.STALE
        try:
            (signature,) = notes.verify(_only(one, line), policy.witnesses)
        except BadSignature:
            continue
        return _Seen(one, policy, is_pending, signature)
    return outcome


def _only(one: Newest, line: SignatureLine) -> Note:
    return Note(notes.parse(one.note).text, (line,))


def _is_by(line: SignatureLine, policy: Policy) -> bool:
    named = (line.name, line.key_id)
    return named in {(key.name, key.key_id) for key in policy.witnesses}


def _with(before: Note, line: SignatureLine, policy: Policy) -> tuple[SignatureLine, ...]:
    """Return the log's line and the witnesses', with a further one where it is the later.

    The latest come first, so that a record, which has room for five, has the newest.
    """
    of_log = (policy.log.name, policy.log.key_id)
    latest: dict[tuple[str, bytes], SignatureLine] = {}
    mine = []
    for one in (*before.lines, line):
        signer = (one.name, one.key_id)
        if signer == of_log:
            mine.append(one)
        elif signer not in latest or _time(one) > _time(latest[signer]):
            latest[signer] = one
    newest = sorted(latest.values(), key=lambda one: (-_time(one), one.name, one.key_id))
    return (*mine, *newest[:WITNESS_THRESHOLD_MOST])


def _time(line: SignatureLine) -> int:
    return notes.time_of(line) or 0
