"""What a person is shown: who will read it, what to know about the days, the receipt, answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from client.cli import peer_code, peer_words
from client.cli.common import network_id_text, note, tell
from client.flows.answers import Box
from client.flows.days import day
from client.network_view import View
from crypto import constants as c
from crypto.client.answers import Answer
from crypto.client.code_text import Kind
from crypto.public.profile import Profile
from crypto.public.statements import Statement

NOT_WITNESSED = (
    "Nobody outside this server watches its public list of changes. Who is listed is signed by the"
    " admins; but a listing that was ended a moment ago could be kept back from you."
)
MAY_BE_WITHHELD = (
    "Either the date of this device is wrong, or the newest list of ended listings is being kept"
    " back. If the date is right, consider not sending."
)
_WIDTH = 26


def who_reads(statement: Statement, profile: Profile, view: View) -> None:
    """Show who will read a request: what they do, whom they answer to, what they must report."""
    note("")
    note("Who will read this")
    for label, value in described(statement, profile, view).items():
        if value:
            note(f"  {label:<{_WIDTH}}{value}")
    note("  Only they can open it. You decide; you can stop at any time.")


def described(statement: Statement, profile: Profile, view: View) -> dict[str, str]:
    """Return what is shown of an organisation, by label; an empty value is not shown."""
    texts = peer_words.texts_of
    return {
        "Name": statement.name,
        "What they are": texts("kind", profile.kind),
        "What they offer": texts("needs", profile.services),
        "Ties to the police": texts("police_tie", profile.police_ties),
        "Who pays them": texts("funding", profile.funding),
        "What they must report": texts("reporting", profile.reporting),
        "What stays between you": texts("privilege", profile.privilege),
        "Languages": peer_words.languages_of(profile.languages),
        "Where": peer_words.regions_of(profile.regions, view.policy.regions),
        "Who is welcome": texts("accepts", profile.accepts),
        "Rules where people stay": texts("housing", profile.housing),
        "When they answer": texts("pledge", profile.pledge),
        "More": peer_words.UNKNOWN if profile.unknown else "",
        "Listed until": day(statement.until),
        "Signed by": f"at least {view.policy.threshold} of {len(view.policy.admins)} admins",
    }


def warnings(view: View) -> list[str]:
    """Return what must be said before anything is sent: of the log and of the days."""
    found = []
    if not view.witnessed:
        found.append(NOT_WITNESSED)
    if view.may_be_withheld:
        found.append(MAY_BE_WITHHELD)
    return found


def receipt(secret: bytes, *, with_word: bool) -> None:
    """Show a new receipt (10 bytes) in both forms, before anything is sent."""
    symbols, digits = peer_code.both_forms(Kind.RECEIPT, secret)
    note("")
    note("The receipt. With it answers are read, more is added, or everything is withdrawn.")
    note("It cannot be shown again. Write it down, either way, for the person to keep:")
    note(f"  {symbols}")
    note(f"  {digits}")
    if with_word:
        note("The word that was chosen is needed too. It stands nowhere.")
    else:
        note("Whoever has it can do all of this.")


def answers(box: Box, names: Mapping[bytes, str]) -> None:
    """Print an opened box: when it was delivered, every answer in order, what can be done."""
    tell(f"Delivered to {box.delivered.name} on {day(box.delivered.epoch)}.")
    if box.delivered.last_epoch is not None:
        last = peer_words.last_day(box.delivered.last_epoch)
        tell(f"It is kept until {last} at least, unless it is renewed or withdrawn.")
    for _, answer in box.answers:
        _answer(answer, names)
    _not_shown(box)
    tell("")
    if not is_answered(box):
        tell("It is not answered yet.")
        tell("You can look again later; add something (`towpath add`); keep it for longer")
        tell("(`towpath renew`); or withdraw it (`towpath withdraw`) and ask somebody else, with")
        tell(
            "another code or without one (`towpath ask --no-code`). Nobody else does this for you."
        )


def is_answered(box: Box) -> bool:
    """Say whether somebody answered: a mark that it was read is no answer (R14)."""
    read = {one.id for one in peer_words.options("state") if one.code in ("delivered", "read")}
    return any(answer.state not in read or answer.text for _, answer in box.answers)


def as_values(box: Box, names: Mapping[bytes, str]) -> dict[str, object]:
    """Return an opened box as plain values, for JSON."""
    return {
        "delivered": {
            "name": box.delivered.name,
            "day": day(box.delivered.epoch),
            "last_day": peer_words.last_day(
                box.delivered.last_epoch or box.delivered.epoch + c.REFERRAL_DAYS
            ),
        },
        "answered": is_answered(box),
        "answers": [
            {
                "slot": slot,
                "day": day(one.epoch),
                "state": peer_words.code_of("state", one.state),
                "text": one.text,
                "try_another": _names(one.try_another, names),
            }
            for slot, one in box.answers
        ],
        "not_shown": {"newer": box.newer, "unsigned": box.unsigned},
    }


def _answer(answer: Answer, names: Mapping[bytes, str]) -> None:
    tell("")
    tell(f"{day(answer.epoch)}  {peer_words.text_of('state', answer.state)}")
    for line in answer.text.split("\n") if answer.text else ():
        tell(f"  {line}")
    for name in _names(answer.try_another, names):
        tell(f"  They name: {name}. You choose; nothing was passed on.")


def _names(keys: Sequence[bytes], names: Mapping[bytes, str]) -> list[str]:
    return [names.get(key, "an organisation that is not listed today") for key in keys]


def _not_shown(box: Box) -> None:
    if box.newer:
        tell("")
        tell("There is more that a newer version wrote: update this client to read it.")
    if box.unsigned:
        tell("")
        tell("Something in the box was not signed by this organisation, and is not shown.")


def network_values(view: View) -> dict[str, object]:
    """Return what is known of a network as plain values, for JSON and for pinning."""
    policy = view.policy
    return {
        "network_id": network_id_text(policy.network_id),
        "version": policy.version,
        "until": day(policy.until),
        "threshold": policy.threshold,
        "admins": [one.name for one in policy.admins],
        "witnesses_needed": policy.witnesses_threshold,
        "witnesses": [one.name for one in policy.witnesses],
        "may_be_withheld": view.may_be_withheld,
    }
