"""Signing a policy: what is checked first, the signature, and who still has to sign.

Source: docs/spec/statements.md, 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from client.errors import NotReadable, NotVetted
from client.flows import note_files
from crypto.errors import Refused
from crypto.public import note_signing, notes, policy_chain
from crypto.public import policy as policies
from crypto.public.note_signing import Signer
from crypto.public.notes import Key
from crypto.public.policy import Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A policy that is not in force yet: its text, what it says, and its note once one signed."""

    text: str
    policy: Policy
    note: bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who signed a draft, and how many more admins must: of the last policy, and of this one."""

    signed: tuple[Key, ...]
    of_the_last: int
    of_this: int

    @property
    def whole(self) -> bool:
        """Say whether the policy can be loaded."""
        return self.of_the_last == self.of_this == 0


def accept(chain: Sequence[bytes]) -> Policy:
    """Accept policies passed by hand, from version 1 on, and return the last.

    It is taken at its word which network this is: the caller shows the id. Raises NotVetted.
    """
    try:
        first = policies.parse(notes.parse(chain[0]).text)
        policy = policy_chain.accept_first(chain[0], first.network_id)
        for note in chain[1:]:
            policy = policy_chain.accept_next(policy, note)
    except Refused as refused:
        raise NotVetted(f"These files are no chain of policies. {refused}") from None
    return policy


def read(data: bytes) -> Draft:
    """Read a draft or a note of a policy; raises NotReadable for anything else."""
    text, note = note_files.split(data)
    try:
        return Draft(text=text, policy=policies.parse(text), note=note)
    except Refused:
        raise NotReadable("This file does not hold a policy, or one that breaks a rule.") from None


def check(draft: Draft, last: Policy | None, today: int) -> None:
    """Check that a draft may follow `last` (None: that it may be the first) on this day.

    Raises NotVetted for another network, a version that is not the next, a last day that has
    passed, and an admin who would vanish instead of being retired.
    """
    _check_version(draft.policy, last)
    if today > draft.policy.until:
        raise NotVetted("The last day of this policy has passed: draft another.")
    if last is not None:
        for admin in last.all_admins:
            if admin not in draft.policy.all_admins:
                raise NotVetted(
                    f"{admin.name} would be neither admin nor former admin:"
                    " who leaves is retired, or what that admin signed breaks."
                )


def standing(draft: Draft, last: Policy | None) -> Standing:
    """Say who signed a draft that may follow `last`, and how many more must.

    Raises NotVetted where a signature does not hold, or is by nobody of either policy.
    """
    signed: tuple[Key, ...] = ()
    if draft.note is not None:
        known = [key for policy in _both(draft, last) for key in policy.all_admins]
        try:
            found = notes.verify(notes.parse(draft.note), known)
        except Refused:
            raise NotVetted("A signature in this file does not hold, or is a stranger's.") from None
        signed = tuple(dict.fromkeys(signature.key for signature in found))
    return Standing(
        signed=signed,
        of_the_last=0 if last is None else _missing(signed, last),
        of_this=_missing(signed, draft.policy),
    )


def sign(draft: Draft, last: Policy | None, signer: Signer, today: int) -> Draft:
    """Return the draft with this admin's signature; unchanged where it is there already.

    Raises NotVetted as `check` and `standing` do, and for a signer who is no admin of either
    policy or was retired.
    """
    check(draft, last, today)
    if signer.key in standing(draft, last).signed:
        return draft
    if not any(signer.key in policy.admins for policy in _both(draft, last)):
        raise NotVetted(_why_not(draft, last, signer))
    if draft.note is None:
        note = note_signing.sign_note(draft.text, signer)
    else:
        note = note_signing.add_signature(draft.note, signer)
    return Draft(text=draft.text, policy=draft.policy, note=note)


def _both(draft: Draft, last: Policy | None) -> tuple[Policy, ...]:
    return (draft.policy,) if last is None else (last, draft.policy)


def _missing(signed: Sequence[Key], policy: Policy) -> int:
    return max(0, policy.threshold - len(set(signed).intersection(policy.admins)))


def _check_version(policy: Policy, last: Policy | None) -> None:
    if last is None:
        if policy.version != policies.FIRST_VERSION:
            raise NotVetted(
                f"This is version {policy.version}: the ones before it are needed to check it."
            )
        return
    expected = last.version + 1
    if policy.version < expected:
        raise NotVetted(f"Version {last.version} is in force; this is only {policy.version}.")
    if policy.network_id != last.network_id:
        raise NotVetted("This policy belongs to another network.")
    if policy.version > expected:
        raise NotVetted(f"This is version {policy.version}, and version {expected} is missing.")


def _why_not(draft: Draft, last: Policy | None, signer: Signer) -> str:
    everybody = [key for policy in _both(draft, last) for key in policy.all_admins]
    if signer.key in everybody:
        return f"{signer.name} was retired: that signature no longer counts."
    if signer.name in [key.name for key in everybody]:
        return f"This policy names another key for {signer.name} than yours."
    return f"Neither this policy nor the one before it names {signer.name} as an admin."
