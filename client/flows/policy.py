"""The policy as admins make it: the first, and the next with what changes in it.

What a policy may say is crypto.public.policy's to know; here its refusals get words. What it says
stands in `policy_words` as sentences.

Source: docs/spec/statements.md, 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from client.errors import BadInput
from crypto.constants import (
    ADMINS_LEAST,
    ADMINS_MOST,
    NOTE_ALG_COSIGNATURE,
    THRESHOLD_LEAST,
    THRESHOLD_MOST,
    WITNESS_THRESHOLD_MOST,
    WITNESSES_MOST,
)
from crypto.errors import Refused
from crypto.public import policy as policies
from crypto.public.notes import Key
from crypto.public.policy import Policy, Region


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What the next policy does differently; None and empty leave a thing as it is.

    `retire` and `retire_witnesses` are names, `witnesses_threshold` is how many witnesses must have
    seen the log, `until` is an epoch.
    """

    add: tuple[Key, ...] = ()
    retire: tuple[str, ...] = ()
    threshold: int | None = None
    add_witnesses: tuple[Key, ...] = ()
    retire_witnesses: tuple[str, ...] = ()
    witnesses_threshold: int | None = None
    log: Key | None = None
    until: int | None = None


def first(
    *,
    admins: Iterable[Key],
    log: Key,
    threshold: int,
    until: int,
    witnesses: Iterable[Key] = (),
    witnesses_threshold: int = 0,
    regions: Iterable[Region] = (),
) -> str:
    """Return the text of version 1, of these admins, this log and `until` (an epoch), unsigned.

    Raises BadInput for what docs/spec/statements.md, 4 does not allow.
    """
    return _text(
        Policy(
            version=policies.FIRST_VERSION,
            threshold=threshold,
            witnesses_threshold=witnesses_threshold,
            until=until,
            log=log,
            admins=_ascending(admins),
            witnesses=_ascending(map(_as_witness, witnesses)),
            regions=tuple(sorted(regions, key=lambda region: region.number)),
        )
    )


def following(current: Policy, change: Change) -> str:
    """Return the text of the version after `current` with this change in it, unsigned.

    Who is retired becomes a former admin or witness. Raises BadInput where nothing changes, for a
    name that nobody has, a retired key, and what docs/spec/statements.md, 4 does not allow.
    """
    if change == Change():
        raise BadInput("Nothing would change: say what the next policy does differently.")
    added = tuple(map(_as_witness, change.add_witnesses))
    _check_retired("admin", current.admins, current.former_admins, change.retire)
    _check_retired("witness", current.witnesses, current.former_witnesses, change.retire_witnesses)
    for key in (*change.add, *added, *((change.log,) if change.log else ())):
        _check_added(current, key)
    admins, gone = _without(current.admins, change.retire)
    witnesses, unseeing = _without(current.witnesses, change.retire_witnesses)
    return _text(
        replace(
            current,
            version=current.version + 1,
            threshold=_or(change.threshold, current.threshold),
            witnesses_threshold=_or(change.witnesses_threshold, current.witnesses_threshold),
            until=_or(change.until, current.until),
            log=change.log or current.log,
            admins=_ascending((*admins, *change.add)),
            witnesses=_ascending((*witnesses, *added)),
            former_admins=_ascending((*current.former_admins, *gone)),
            former_witnesses=_ascending((*current.former_witnesses, *unseeing)),
        )
    )


def _or(changed: int | None, stands: int) -> int:
    return stands if changed is None else changed


def _as_witness(key: Key) -> Key:
    """Return a key that was read from a line as one that cosigns (statements.md, 1)."""
    return replace(key, alg=NOTE_ALG_COSIGNATURE)


def _without(keys: tuple[Key, ...], names: tuple[str, ...]) -> tuple[list[Key], list[Key]]:
    """Return who stays and who leaves."""
    stay = [key for key in keys if key.name not in names]
    return stay, [key for key in keys if key.name in names]


def _ascending(keys: Iterable[Key]) -> tuple[Key, ...]:
    return tuple(sorted(keys, key=lambda key: key.name))


def _check_retired(
    role: str, current: tuple[Key, ...], former: tuple[Key, ...], names: tuple[str, ...]
) -> None:
    known = [key.name for key in current]
    for name in names:
        if name in [key.name for key in former]:
            raise BadInput(f"{name} is retired already.")
        if name not in known:
            raise BadInput(f"There is no {role} {name!r}; there are {', '.join(known) or 'none'}.")


def _check_added(current: Policy, added: Key) -> None:
    if any(added.public_key == key.public_key for key in _former(current)):
        raise BadInput(f"{added.name} was retired: make a new key, under a new name.")
    # A name stays whose key it was, so that no line is ever read as another's.
    others = [*current.all_admins, *current.all_witnesses, current.log]
    for other in others:
        if added.name == other.name or added.public_key == other.public_key:
            raise BadInput(
                f"The name or the key of {added.name} stands in the policy already,"
                f" as {other.name}: a new key takes a new name."
            )


def _former(current: Policy) -> tuple[Key, ...]:
    return (*current.former_admins, *current.former_witnesses)


def _text(policy: Policy) -> str:
    """Write a policy; what people get wrong has a sentence of its own, before `crypto` refuses."""
    count, k = len(policy.admins), policy.threshold
    if not ADMINS_LEAST <= count <= ADMINS_MOST:
        raise BadInput(f"A network has {ADMINS_LEAST} to {ADMINS_MOST} admins; here are {count}.")
    if not THRESHOLD_LEAST <= k <= THRESHOLD_MOST:
        raise BadInput(f"{THRESHOLD_LEAST} or {THRESHOLD_MOST} admins must sign, not {k}.")
    if k > count:
        raise BadInput(f"{k} admins can't sign where there are {count}.")
    _check_witnesses(policy)
    everyone = [policy.log, *policy.all_admins, *policy.all_witnesses]
    for values in ({key.name for key in everyone}, {key.public_key for key in everyone}):
        if len(values) != len(everyone):
            raise BadInput("A name or a key stands twice: everybody has a name and a key alone.")
    try:
        return policies.format_text(policy)
    except Refused as refused:
        raise BadInput(f"This can't be a policy. {refused}") from None


def _check_witnesses(policy: Policy) -> None:
    count, w = len(policy.witnesses), policy.witnesses_threshold
    if count > WITNESSES_MOST:
        raise BadInput(f"A network has at most {WITNESSES_MOST} witnesses; here are {count}.")
    if not 0 <= w <= WITNESS_THRESHOLD_MOST:
        raise BadInput(f"0 to {WITNESS_THRESHOLD_MOST} witnesses must have seen the log, not {w}.")
    if w > count:
        raise BadInput(f"{w} witnesses can't have seen it where there are {count}.")
