"""The network as this client sees it today: the server's document, with every signature checked.

Nothing is asked of the server's word: the policy is accepted from version 1 by the network's id,
which is in every code's derivation; the newest checkpoint must name that policy; the suspension
list must be the one that the checkpoint names. What was seen of the network before binds: an older
policy or log, or another log of the same size, is refused.

Source: docs/spec/statements.md, 4, 7 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client.api import Api
from client.api_types import NetworkDocument
from client.build import BUILD_EPOCH
from client.errors import NotVetted
from client.network_words import Step, trouble_of
from crypto import errors
from crypto.client.record_check import Network
from crypto.public import checkpoint, policy_chain, seen, suspensions
from crypto.public.policy import Policy
from crypto.public.seen import NOTHING_SEEN, Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What holds today: the policy, what records are checked against, and what to say of it.

    `today` is the sender's epoch; `witnessed` is False where nobody outside watches the log, and
    `may_be_withheld` is True where the person must be told that the device's date is wrong or the
    suspension list is kept back. `checkpoint_day` is the newest checkpoint's epoch, None where no
    witness says one; `seen` is what to remember.
    """

    document: NetworkDocument = field(repr=False)
    policy: Policy = field(repr=False)
    network: Network = field(repr=False)
    today: int
    witnessed: bool
    may_be_withheld: bool
    checkpoint_day: int | None
    seen: Seen


def fetch(api: Api, *, device_day: int, network_id: bytes | None) -> View:
    """Fetch the network document and check it, also against what `api` remembers of this network.

    `device_day` is the device's own epoch; `network_id` (32 bytes) is the one that this client
    knows, or None to take the server's, which only a code proves then. Raises NotVetted,
    NotReadable, Unreachable, ServerProblem, and Trouble where what was seen can't be kept.
    Source: docs/spec/statements.md, 4, 7 and 8.
    """
    document = api.network()
    before = api.memory.recall(document.network_id)
    view = view_of(document, device_day=device_day, network_id=network_id, before=before)
    api.memory.keep(document.network_id, view.seen)
    return view


def view_of(
    document: NetworkDocument,
    *,
    device_day: int,
    network_id: bytes | None = None,
    before: Seen = NOTHING_SEEN,
    build_epoch: int = BUILD_EPOCH,
) -> View:
    """Check a network document, as `fetch`; `before` is what was seen of the network before."""
    if network_id is not None and document.network_id != network_id:
        raise NotVetted(
            "This server is of another network than the one that was asked for.",
            "Check the server's address and the network's id. Do not send anything.",
        )
    steps = _Steps()
    try:
        return _checked(document, device_day, before, build_epoch, steps)
    except errors.Refused as refused:
        raise trouble_of(refused, steps.now) from None


@dataclass(slots=True)
class _Steps:
    """Which step is being checked, so that a refusal can be told in words of its own."""

    now: Step = Step.RULES


def _checked(
    document: NetworkDocument, device_day: int, before: Seen, build_epoch: int, steps: _Steps
) -> View:
    policy = policy_chain.accept_chain(
        document.policies, document.network_id, build_epoch, before.version
    )
    steps.now = Step.LOG
    newest = checkpoint.check_newest(document.checkpoint, policy)
    steps.now = Step.SEEN
    seen.check(newest.checkpoint, before)
    after = seen.after(newest, before)
    steps.now = Step.DAY
    today = max(checkpoint.today_for_sender(newest.day, build_epoch, device_day), after.day)
    policy_chain.check_current(policy, today)
    checkpoint.check_fresh(newest.day, today)
    steps.now = Step.LIST
    suspensions.check(document.suspensions, newest.checkpoint, policy.network_id)
    network = Network(
        policy=policy,
        newest=document.checkpoint,
        suspensions=document.suspensions,
        suspended=document.suspended,
        today=today,
    )
    return View(
        document=document,
        policy=policy,
        network=network,
        today=today,
        witnessed=newest.day is not None,
        may_be_withheld=checkpoint.may_be_withheld(newest.day, device_day),
        checkpoint_day=newest.day,
        seen=after,
    )
