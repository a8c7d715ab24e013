"""Signed calls: who signed the present request, and what she may then do in one transaction.

    outcome = signed.as_member(lambda connection, organisation: ...)

The signature is checked before the database is asked to write anything, so that what nobody signed
costs the writer nothing. The counter is stored in the call's transaction, whatever comes of it.

Source: docs/spec/http.md, 7.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from flask import request
from sqlalchemy import Connection

from crypto.errors import BadSignature
from crypto.public import request_signing
from crypto.public.policy import Policy
from crypto.public.request_signing import Claim, Signed
from server.core import current
from server.problems import (
    BUSY,
    COUNTER,
    DRAWN,
    LIMITED,
    MALFORMED,
    REFUSED,
    STALE,
    TAKEN,
    UNSIGNED,
    Problem,
)
from server.services import checkpoints, members, network
from server.services.members import Stale
from server.services.refusals import Refusal

T = TypeVar("T")
_A_DAY = 86_400

_PROBLEMS = {
    Refusal.MALFORMED: MALFORMED,
    Refusal.UNSIGNED: UNSIGNED,
    Refusal.REFUSED: REFUSED,
    Refusal.TAKEN: TAKEN,
    Refusal.STALE: STALE,
    Refusal.DRAWN: DRAWN,
    Refusal.FULL: LIMITED(_A_DAY),
    Refusal.NO_NETWORK: BUSY,
}


def as_member(work: Callable[[Connection, bytes], T], *, logs: bool = False) -> T | Problem:
    """Run `work(connection, organisation)` for a member of one that is vetted today (its key).

    With `logs` it holds the lock of the log, taken before any row of the organisation, as who
    posts statements takes them: two that wait for one another would both be undone.
    UNSIGNED, COUNTER or BUSY where it was not run. Source: docs/spec/http.md, 7
    """

    def admit(connection: Connection, claim: Claim, _policy: Policy, today: int) -> _Admitted:
        return members.admit_member(connection, claim, today)

    return _run(admit, work, logs=logs)


def as_admin(work: Callable[[Connection, bytes], T]) -> T | Problem:
    """Run `work(connection, admin)` for an admin of the policy (her Ed25519 key).

    UNSIGNED, COUNTER or BUSY where it was not run. Source: docs/spec/http.md, 7
    """
    return _run(members.admit_admin, work)


def problem_of(refusal: Refusal) -> Problem:
    """Return what is answered for a service's refusal."""
    return _PROBLEMS[refusal]


_Admitted = bytes | Stale | None
_Admit = Callable[[Connection, Claim, Policy, int], _Admitted]


def _run(
    admit: _Admit, work: Callable[[Connection, bytes], T], *, logs: bool = False
) -> T | Problem:
    core = current()
    policy = core.database.read(network.current_policy)
    if policy is None:
        return BUSY
    claim = _claim(policy.network_id)
    if claim is None:
        return UNSIGNED
    today = core.today

    def call(connection: Connection) -> T | Problem:
        if logs:
            checkpoints.lock(connection)
        admitted = admit(connection, claim, policy, today)
        if admitted is None:
            return UNSIGNED
        if isinstance(admitted, Stale):
            return COUNTER(admitted.counter)
        return work(connection, admitted)

    return core.database.write(call)


def _claim(network_id: bytes) -> Claim | None:
    """Return who signed the present request; None where nobody did."""
    # A header that came twice is joined by a comma, and has no form that is taken.
    digest, given, signature = (request.headers.get(name, "") for name in _HEADERS)
    try:
        return request_signing.verify(
            Signed(digest, given, signature),
            method=request.method,
            # The routes that are signed have one spelling each; PATH_INFO is that.
            path=request.environ["PATH_INFO"],
            query=request.query_string,
            body=request.get_data(),
            network_id=network_id,
        )
    except BadSignature:
        return None


_HEADERS = ("Content-Digest", "Signature-Input", "Signature")
