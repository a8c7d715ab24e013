"""The policy as admins make it: the first, the next, what changes in it, and one more signature.

What a policy may say is crypto.public.policy's to know; here its refusals get words.

Source: docs/spec/statements.md, 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from client.errors import BadInput
from client.flows.days import day
from crypto.constants import ADMINS_LEAST, ADMINS_MOST, THRESHOLD_LEAST, THRESHOLD_MOST
from crypto.errors import Refused
from crypto.public import policy as policies
from crypto.public.notes import Key
from crypto.public.policy import Policy, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the next policy does differently; None and empty leave a thing as it is.

    `retire` are names of admins, `until` is an epoch.
    """

    add: tuple[Key, ...] = ()
    retire: tuple[str, ...] = ()
    threshold: int | None = None
    until: int | None = None


def first(
    *, admins: Iterable[Key], log: Key, threshold: int, until: int, regions: Iterable[Region] = ()
) -> str:
    """Return the text of version 1, of these admins, this log and `until` (an epoch), unsigned.

    It asks for no witness: servers of this version take no other policy. Raises BadInput for what
    docs/spec/statements.md, 4 does not allow.
    """
    return _text(
        Policy(
            version=policies.FIRST_VERSION,
            threshold=threshold,
            witnesses_threshold=0,
            until=until,
            log=log,
            admins=_ascending(admins),
            regions=tuple(sorted(regions, key=lambda region: region.number)),
        )
    )


def following(current: Policy, change: Change) -> str:
    """Return the text of the version after `current` with this change in it, unsigned.

    Who is retired becomes a former admin. Raises BadInput where nothing changes, for a name that
    is no admin's, a key that was retired, and what docs/spec/statements.md, 4 does not allow.
    """
    if change == Change():
        raise BadInput("Nothing would change: say what the next policy does differently.")
    _check_retired(current, change.retire)
    _check_added(current, change.add)
    leaving = {admin for admin in current.admins if admin.name in change.retire}
    return _text(
        replace(
            current,
            version=current.version + 1,
            threshold=current.threshold if change.threshold is None else change.threshold,
            until=current.until if change.until is None else change.until,
            admins=_ascending((*(set(current.admins) - leaving), *change.add)),
            former_admins=_ascending((*current.former_admins, *leaving)),
        )
    )


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
        said.append(f"The log is another: {new.log.name}, with another key than before or name.")
    if _witnessing(new) != _witnessing(old):
        said.append(f"Who witnesses the log changes. {_witnesses(new)}")
    said += [f"A region is new: {one.name}." for one in new.regions if one not in old.regions]
    said += [f"A region goes: {one.name}." for one in old.regions if one not in new.regions]
    lost = [one.name for one in old.former_admins if one not in new.former_admins]
    return said + [f"{name} is no longer named as a former admin." for name in lost]


def _witnessing(policy: Policy) -> tuple[object, ...]:
    return policy.witnesses_threshold, policy.witnesses, policy.former_witnesses


def _witnesses(policy: Policy) -> str:
    if policy.witnesses_threshold == 0:
        return "No witness looks at the log: nobody but its own server says that it is whole."
    return (
        f"{policy.witnesses_threshold} of {len(policy.witnesses)} witnesses must have seen the log."
    )


def _only(keys: Iterable[Key], without: Sequence[Key]) -> list[Key]:
    return [key for key in keys if key not in without]


def _ascending(keys: Iterable[Key]) -> tuple[Key, ...]:
    return tuple(sorted(keys, key=lambda key: key.name))


def _check_retired(current: Policy, names: tuple[str, ...]) -> None:
    admins, former = ({a.name for a in some} for some in (current.admins, current.former_admins))
    for name in names:
        if name in former:
            raise BadInput(f"{name} is retired already.")
        if name not in admins:
            raise BadInput(f"There is no admin {name!r}; there are {', '.join(sorted(admins))}.")


def _check_added(current: Policy, added: tuple[Key, ...]) -> None:
    for key in added:
        if key in current.former_admins:
            raise BadInput(f"{key.name} was retired: make a new key, under a new name.")
        for other in current.all_admins:
            if key.name == other.name or key.public_key == other.public_key:
                raise BadInput(
                    f"The name or the key of {key.name} stands in the policy already,"
                    f" as {other.name}: a new key takes a new name."
                )


def _text(policy: Policy) -> str:
    """Write a policy; what people get wrong has a sentence of its own, before `crypto` refuses."""
    count, k = len(policy.admins), policy.threshold
    if not ADMINS_LEAST <= count <= ADMINS_MOST:
        raise BadInput(f"A network has {ADMINS_LEAST} to {ADMINS_MOST} admins; here are {count}.")
    if not THRESHOLD_LEAST <= k <= THRESHOLD_MOST:
        raise BadInput(f"{THRESHOLD_LEAST} or {THRESHOLD_MOST} admins must sign, not {k}.")
    if k > count:
        raise BadInput(f"{k} admins can't sign where there are {count}.")
    everyone = [policy.log, *policy.all_admins]
    for values in ({key.name for key in everyone}, {key.public_key for key in everyone}):
        if len(values) != len(everyone):
            raise BadInput("A name or a key stands twice: everybody has a name and a key alone.")
    try:
        return policies.format_text(policy)
    except Refused as refused:
        raise BadInput(f"This can't be a policy. {refused}") from None
