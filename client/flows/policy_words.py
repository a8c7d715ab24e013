"""What a policy says, and what one does otherwise than the last: a plain sentence each.

Source: docs/spec/statements.md, 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from client.flows.days import day
from crypto.public.notes import Key
from crypto.public.policy import Policy


def described(policy: Policy) -> list[str]:
    """Return what a policy says, a plain sentence each."""
    k, n = policy.threshold, len(policy.admins)
    return [
        f"{k} of {n} admins must sign to list an organisation; any one can suspend it.",
        *(f"Admin: {admin.name}" for admin in policy.admins),
        *(
            f"Former admin, whose signature no longer counts: {a.name}"
            for a in policy.former_admins
        ),
        f"Log: {policy.log.name}",
        _witnesses(policy),
        *(f"Witness: {witness.name}" for witness in policy.witnesses),
        *(f"Former witness: {witness.name}" for witness in policy.former_witnesses),
        *(f"Region: {region.name} ({region.number})" for region in policy.regions),
        f"It holds until {day(policy.until)}.",
    ]


def changes(old: Policy, new: Policy) -> list[str]:
    """Return what `new` does differently from `old`, a plain sentence each."""
    said = [f"{admin.name} becomes an admin." for admin in _only(new.admins, old.admins)]
    for admin in _only(old.admins, new.admins):
        if admin in new.former_admins:
            said.append(f"{admin.name} is retired: that signature no longer counts.")
        else:
            said.append(f"{admin.name} vanishes: what that admin signed breaks.")
    if new.threshold != old.threshold:
        said.append(
            f"{new.threshold} admins must sign to list an organisation, not {old.threshold}."
        )
    said += _other_changes(old, new)
    if new.until != old.until:
        word = "longer" if new.until > old.until else "shorter"
        said.append(f"It holds {word}: until {day(new.until)}, not {day(old.until)}.")
    return said


def _other_changes(old: Policy, new: Policy) -> list[str]:
    said = []
    if new.log != old.log:
        said.append(
            f"The log's key is another, {new.log.name}: every code that is out stops working."
        )
    said += [f"{one.name} becomes a witness." for one in _only(new.witnesses, old.witnesses)]
    said += [f"{one.name} is no witness any more." for one in _only(old.witnesses, new.witnesses)]
    if new.witnesses_threshold != old.witnesses_threshold:
        said.append(_witnesses(new))
    said += [f"A region is new: {one.name}." for one in new.regions if one not in old.regions]
    said += [f"A region goes: {one.name}." for one in old.regions if one not in new.regions]
    lost = [one.name for one in old.former_admins if one not in new.former_admins]
    return said + [f"{name} is no longer named as a former admin." for name in lost]


def _witnesses(policy: Policy) -> str:
    if policy.witnesses_threshold == 0:
        return "No witness looks at the log: nobody but its own server says that it is whole."
    return (
        f"{policy.witnesses_threshold} of {len(policy.witnesses)} witnesses must have seen the log."
    )


def _only(keys: Iterable[Key], without: Sequence[Key]) -> list[Key]:
    return [key for key in keys if key not in without]
