"""The number of an organisation's last statement in the public log, also where nothing shows it.

A listing that a new policy has ended stands in no directory and on no list, and its number was used
all the same; one that waits for witnesses is not shown yet. A statement goes above both.

Source: docs/spec/statements.md, 5; docs/spec/log.md, 1 and 3.
"""

from __future__ import annotations

from client.api_log import LogApi
from client.errors import NotVetted
from client.flows import log_fetch
from crypto.encoding import text
from crypto.errors import Refused
from crypto.public import log_entries, notes, tiles
from crypto.public.policy import Policy
from crypto.public.statements import Statement


def last(api: LogApi, organisation: bytes, policy: Policy) -> int:
    """Return the serial of the last statement of the organisation with this key; 0 for none.

    `organisation` has 32 bytes. The log is read from its newest entry on, the pending ones first.
    Its word is not enough: a number that no admin of the policy, current or former, has signed
    could use up all that there are. Raises NotVetted then, Unreachable and ServerProblem.
    """
    size = log_fetch.pending_size(api)
    for number, entry in log_fetch.newest_first(api, tiles.ENTRIES, size):
        said = _statement(entry)
        if said is not None and said.organisation == organisation:
            _require_signed(log_fetch.row(api, tiles.PROOFS, number, size), entry, policy)
            return said.serial
    return 0


def _statement(entry: bytes) -> Statement | None:
    try:
        found = log_entries.parse(entry)
    except Refused:
        return None  # what no log may have is a witness's to tell
    return found if isinstance(found, Statement) else None


def _require_signed(note: bytes, entry: bytes, policy: Policy) -> None:
    try:
        read = notes.parse(note)
        notes.verify(read, policy.all_admins)
        holds = read.text == text(entry)
    except Refused:
        holds = False
    if not holds:
        raise NotVetted(
            "The network's log has a statement of this organisation that no admin has signed.",
            "Look with `towpath verify-log`, and tell the other admins, not through this server.",
        )
