"""What an admin's device asks a server, and what it makes of the answers.

Source: docs/spec/http.md, 2 and 7; docs/spec/vetting.md, 5.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from client import network_view
from client.api import Api
from client.api_signed import SignedApi
from client.api_types import Listed
from client.errors import NotVetted, ServerProblem
from client.flows import review, vetting
from client.flows.review import Broken, Opened
from client.flows.scene import Scene, look
from client.flows.signed_calls import AskedCounter
from client.flows.vetting import Signed
from client.network_view import View
from client.network_words import Step, trouble_of
from crypto.client.hpke import PrivateKey
from crypto.client.record_check import Listing
from crypto.errors import Refused
from crypto.public import admin_keys, checkpoint, policy_chain, sealing, seen
from crypto.public.log import Inclusion
from crypto.public.note_signing import Signer
from crypto.public.notes import Key
from crypto.public.policy import Policy
from crypto.public.statements import Kind


@dataclass(frozen=True, slots=True)
class Seen:
    """The network, checked, and what holds of its directory."""

    view: View
    scene: Scene


def current_policy(api: Api, network_id: bytes | None) -> Policy:
    """Return the network's last policy, also one whose last day has passed.

    `network_id` has 32 bytes; without it the server's is taken. What was seen before binds, as in
    `network_view.fetch`. Raises NotVetted or NotReadable.
    """
    document = api.network()
    before = api.memory.recall(document.network_id)
    step = Step.RULES
    try:
        policy = policy_chain.accept_chain(
            document.policies, network_id or document.network_id, 0, before.version
        )
        step = Step.LOG
        newest = checkpoint.check_newest(document.checkpoint, policy)
        step = Step.SEEN
        seen.check(newest.checkpoint, before)
    except Refused as refused:
        raise trouble_of(refused, step) from None
    api.memory.keep(document.network_id, seen.after(newest, before))
    return policy


def see(api: Api, *, device_day: int, network_id: bytes | None) -> Seen:
    """Fetch network and directory and check both. Raises as `network_view.fetch`."""
    for last_try in (False, True):
        view = network_view.fetch(api, device_day=device_day, network_id=network_id)
        directory = api.directory()
        scene = look(view.network, [_listing(one, view) for one in directory])
        # Between the two calls the log may have grown; once more sees both alike.
        if last_try or not scene.broken:
            break
    return Seen(view, scene)


def signed_calls(api: Api, signer: Signer, policy: Policy) -> SignedApi:
    """Return the calls that this admin signs; raises NotVetted for who is none now."""
    vetting.require_admin(signer, policy)
    return SignedApi(api, signer.seed, policy.network_id, AskedCounter())


def publish_key(api: Api, signer: Signer, policy: Policy) -> None:
    """Publish the key to which applications are sealed for this admin; raises NotVetted."""
    calls = signed_calls(api, signer, policy)
    with told_plainly():
        calls.put_admin_key(admin_keys.make(signer.seed, policy.network_id))


def posted_by(api: Api, signer: Signer, policy: Policy) -> tuple[Key, ...]:
    """Return the admins who signed this admin's reading key as their own, herself among them.

    Who is among them and is another can't read with it.
    """
    held = admin_keys.holding(api.admin_keys(), policy)
    own = sealing.public_key(admin_keys.reading_seed(signer.seed, policy.network_id))
    by = {one.admin for one in held if one.public_key == own}
    return tuple(key for key in policy.admins if key.public_key in by)


def applications(api: Api, signer: Signer, scene: Scene) -> list[Opened | Broken]:
    """Fetch the open applications and open them as this admin; raises NotVetted for no admin."""
    calls = signed_calls(api, signer, scene.policy)
    key = PrivateKey(admin_keys.reading_seed(signer.seed, scene.policy.network_id))
    found: list[Opened | Broken] = []
    with told_plainly():
        for waiting in calls.applications():
            shown = calls.open_application(waiting.application_id)
            if shown is not None:  # withdrawn since
                found.append(review.read(waiting, shown, key, scene))
    return found


def post(api: Api, signed: Signed, listing: bytes | None) -> bool:
    """Hand in a statement that enough admins have signed, and say whether it is listed now.

    `listing` is what the organisation signed of it, None for a suspension.
    """
    try:
        return api.post_statement(signed.note, listing)
    except ServerProblem as problem:
        if problem.kind == "malformed":
            raise NotVetted(
                "The server does not take this statement.",
                "Another statement may have come first: look again with `towpath admin review`;"
                " `towpath admin approve --new` starts one with the next number.",
            ) from None
        raise


@contextmanager
def told_plainly() -> Iterator[None]:
    """Turn what the server says to an admin's call into what to do about it."""
    try:
        yield
    except ServerProblem as problem:
        if problem.kind == "unsigned":
            raise NotVetted(
                "The server does not take this admin's signature.",
                "It may not have loaded the policy that names you.",
            ) from None
        raise


def stands(signed: Signed, scene: Scene) -> bool:
    """Say whether what was signed shows in what holds now: listed, or its listing ended."""
    said = signed.statement
    listed = scene.of(said.organisation)
    if said.kind is Kind.SUSPENDED:
        return listed is None and scene.ended.below(said.organisation) > said.serial
    return listed is not None and listed.statement == said


def _listing(one: Listed, view: View) -> Listing:
    return Listing(
        profile=one.profile,
        statement=one.statement,
        inclusion=Inclusion(one.index, one.hashes),
        checkpoint=view.network.newest,
    )
