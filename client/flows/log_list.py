"""What the suspension list must say, as the log's entries ask for it, and what it may say.

Source: docs/spec/log.md, 5, step 5; docs/spec/statements.md, 8.
"""

from __future__ import annotations

from collections.abc import Sequence

from client.flows.log_findings import Found, Kind
from client.flows.log_known import Known, quoted
from crypto.errors import Refused
from crypto.public import suspensions as lists
from crypto.public.checkpoint import Checkpoint
from crypto.public.statements import Kind as Said
from crypto.public.statements import Statement
from crypto.public.suspensions import Suspensions


def check_list(known: Known, data: bytes, said: Checkpoint, day: int) -> Suspensions:
    """Return the list that a checkpoint names, if it says what it must at an epoch; raises Found.

    Source: docs/spec/log.md, 5, step 5
    """
    try:
        listed = lists.check(data, said, known.network_id)
    except Refused as refused:
        raise Found(
            Kind.SHORTENED,
            "The list of suspended organisations that the server shows is not the one that its log"
            f" has signed. {refused}",
        ) from None
    numbers = {one.start: one.serial for one in listed.ended}
    for organisation, statements in known.statements.items():
        _check_line(statements, numbers.pop(lists.start_of(organisation), 0), day)
    if numbers:
        raise Found(
            Kind.FORGED,
            "The list of suspended organisations names one that was never in the log.",
        )
    return listed


def is_suspended(statements: Sequence[Statement]) -> bool:
    """Say whether the last that was said of an organisation is that it is suspended."""
    return statements[-1].kind is Said.SUSPENDED


def must_be_ended(statements: Sequence[Statement], day: int) -> Statement | None:
    """Return the last statement that could still be shown at an epoch and must not be believed."""
    ended = [
        one
        for at, one in enumerate(statements)
        if one.kind is Said.VETTED
        and one.until >= day
        and any(_ends(later, one) for later in statements[at + 1 :])
    ]
    return ended[-1] if ended else None


def may_stand(statements: Sequence[Statement]) -> set[int]:
    """Return the numbers that an organisation's line may have; no line is 0."""
    numbers = {0}
    for at, one in enumerate(statements):
        if one.kind is Said.SUSPENDED:
            numbers.add(one.serial + 1)
        elif any(_ends(one, earlier) for earlier in statements[:at]):
            numbers.add(one.serial)
    return numbers


def _check_line(statements: Sequence[Statement], number: int, day: int) -> None:
    must = must_be_ended(statements, day)
    if must is not None and number <= must.serial:
        what = "suspended" if _was_suspended(statements, must) else "listed anew otherwise"
        raise Found(
            Kind.SHORTENED,
            f"The list of suspended organisations leaves out {quoted(must)}, which was {what}:"
            " its earlier listing would still look right.",
        )
    if number not in may_stand(statements):
        raise Found(
            Kind.FORGED,
            f"The list of suspended organisations ends listings of {quoted(statements[-1])}"
            " that nobody has ended.",
        )


def _was_suspended(statements: Sequence[Statement], must: Statement) -> bool:
    return any(one.kind is Said.SUSPENDED and one.serial > must.serial for one in statements)


def _ends(later: Statement, earlier: Statement) -> bool:
    """Say whether a statement ends an earlier one before its last day (statements.md, 8)."""
    if earlier.kind is not Said.VETTED:
        return False
    if later.kind is Said.SUSPENDED:
        return True
    return (later.profile, later.name) != (earlier.profile, earlier.name)
