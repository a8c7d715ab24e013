"""Policies as an admin reads them: what one says or changes, and who still has to sign."""

from __future__ import annotations

from collections.abc import Iterable

from client.cli.common import network_id_text, note, tell, tell_json
from client.flows import policy_words
from client.flows.policy_signing import Draft, Standing
from crypto.public.notes import Key
from crypto.public.policy import Policy


def tell_policy(found: Policy, as_json: bool) -> None:
    """Print what a policy says."""
    if as_json:
        tell_json(_as_json(found))
        return
    tell(f"Policy, version {found.version}")
    tell(f"  Network: {network_id_text(found.network_id)}")
    for sentence in policy_words.described(found):
        tell(f"  {sentence}")


def note_draft(draft: Draft, last: Policy | None) -> None:
    """Print what a draft changes against the last policy, to the error output."""
    found = draft.policy
    if last is None:
        note("The first policy of a new network:")
        sentences = policy_words.described(found)
        sentences.append(f"The network's id will be {network_id_text(found.network_id)}.")
    else:
        note(f"Version {found.version}, after version {last.version}, of the network")
        note(f"{network_id_text(found.network_id)}:")
        sentences = policy_words.changes(last, found) or ["Nothing changes."]
    for sentence in sentences:
        note(f"  {sentence}")


def tell_standing(draft: Draft, stands: Standing, as_json: bool) -> None:
    """Print who signed a draft, and how many more must."""
    if as_json:
        tell_json(
            {
                **_as_json(draft.policy),
                "signed": _names(stands.signed),
                "missing_of_the_last": stands.of_the_last,
                "missing_of_this": stands.of_this,
                "whole": stands.whole,
            }
        )
        return
    tell(f"Signed by: {', '.join(_names(stands.signed))}.")
    if stands.of_the_last:
        tell(f"{_more(stands.of_the_last)} of the last policy must sign.")
    if stands.of_this:
        tell(f"{_more(stands.of_this)} of this policy must sign.")
    if stands.whole:
        tell("It is whole. Who runs the server loads it: towpath server policy --dir DIR FILE")


def _more(count: int) -> str:
    return "1 more admin" if count == 1 else f"{count} more admins"


def _names(keys: Iterable[Key]) -> list[str]:
    return [key.name for key in keys]


def _as_json(found: Policy) -> dict[str, object]:
    return {
        "network_id": network_id_text(found.network_id),
        "version": found.version,
        "threshold": found.threshold,
        "witnesses": found.witnesses_threshold,
        "until": found.until,
        "log": found.log.name,
        "admins": _names(found.admins),
        "former_admins": _names(found.former_admins),
        "named_witnesses": _names(found.witnesses),
        "former_witnesses": _names(found.former_witnesses),
    }
