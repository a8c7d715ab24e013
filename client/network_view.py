"""The network as this client sees it today: the server's document, with every signature checked.

Nothing is asked of the server's word: the policy is accepted from version 1 by the network's id,
which is in every code's derivation; the newest checkpoint must name that policy; the suspension
list must be the one that the checkpoint names.

Source: docs/spec/statements.md, 4, 7 and 8.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from client.api import Api
from client.api_types import NetworkDocument
from client.build import BUILD_EPOCH
from client.errors import NotVetted, Trouble, from_refusal
from crypto import errors
from crypto.client.record_check import Network
from crypto.public import checkpoint, policy_chain, suspensions
from crypto.public.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What holds today: the policy, what records are checked against, and what to say of it.

    `today` is the sender's epoch; `witnessed` is False where nobody outside watches the log, and
    `may_be_withheld` is True where the person must be told that the device's date is wrong or the
    suspension list is kept back. `checkpoint_day` is the newest checkpoint's epoch, None where no
    witness says one.
    """

    document: NetworkDocument = field(repr=False)
    policy: Policy = field(repr=False)
    network: Network = field(repr=False)
    today: int
    witnessed: bool
    may_be_withheld: bool
    checkpoint_day: int | None


def fetch(api: Api, *, device_day: int, network_id: bytes | None, seen_version: int = 0) -> View:
    """Fetch the network document and check it.

    `device_day` is the device's own epoch; `network_id` (32 bytes) is the one that this client
    knows, or None to take the server's, which only a code proves then; `seen_version` is the
    highest policy version seen before. Raises NotVetted, NotReadable, Unreachable, ServerProblem.
    Source: docs/spec/statements.md, 4, 7 and 8.
    """
    return view_of(
        api.network(), device_day=device_day, network_id=network_id, seen_version=seen_version
    )


def view_of(
    document: NetworkDocument,
    *,
    device_day: int,
    network_id: bytes | None = None,
    seen_version: int = 0,
    build_epoch: int = BUILD_EPOCH,
) -> View:
    """Check a network document, as `fetch`."""
    if network_id is not None and document.network_id != network_id:
        raise NotVetted(
            "This server is of another network than the one that was asked for.",
            "Check the server's address and the network's id. Do not send anything.",
        )
    try:
        return _checked(document, device_day, seen_version, build_epoch)
    except errors.Refused as refused:
        raise _trouble(refused) from None


def _checked(
    document: NetworkDocument, device_day: int, seen_version: int, build_epoch: int
) -> View:
    policy = policy_chain.accept_chain(
        document.policies, document.network_id, build_epoch, seen_version
    )
    newest = checkpoint.check_newest(document.checkpoint, policy)
    today = checkpoint.today_for_sender(newest.day, build_epoch, device_day)
    policy_chain.check_current(policy, today)
    checkpoint.check_fresh(newest.day, today)
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
    )


_SENTENCES: dict[type[errors.Refused], str] = {
    errors.Expired: "The rules of this network have passed their last day.",
    errors.NotWitnessed: "Nobody outside has confirmed this network's public log of late.",
    errors.Rollback: "This server shows older rules of the network than there are.",
    errors.TooFewSignatures: "Too few admins have signed the rules that this server shows.",
    errors.BadSignature: "What this server says of the network is not signed by its admins.",
    errors.WrongNetwork: "What this server says belongs to another network.",
}


def _trouble(refused: errors.Refused) -> Trouble:
    sentence = _SENTENCES.get(type(refused))
    if sentence is None:
        return from_refusal(refused)
    return NotVetted(sentence, "Do not send anything for now; ask the people who run the server.")
