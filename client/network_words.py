"""What is said to somebody whose client does not take what a server shows of its network.

Each says what it means and what to do next. Nobody needs to know what a policy or a checkpoint is
to act on it.

Source: docs/spec/statements.md, 4, 7 and 8.
"""

from __future__ import annotations

from enum import Enum

from client.errors import NotVetted, Trouble, from_refusal
from crypto import errors


class Step(Enum):
    """What was being checked when something did not hold."""

    RULES = "the policies, from the first on"
    LOG = "the newest checkpoint, its witnesses, and that it names the last policy"
    SEEN = "that it is no older than what was seen before, and no other"
    DAY = "how old it is"
    LIST = "the suspension list"


OLD_RULES = "This server shows older rules of the network than there are."
OLD_LOG = "This server shows an older public list than it showed this device before."
TWO_LOGS = (
    "This server shows two people different things: its public list is not the one that it showed"
    " this device before."
)
OTHER_LIST = (
    "The list of organisations that were stopped is not the one that belongs to this network: it"
    " was shortened or changed."
)
FEW_WITNESSES = (
    "Too few of the people who watch this network from outside have confirmed its public list."
)
STALE = (
    "Nobody outside has confirmed this network's public list for more than 7 days. An organisation"
    " may have been stopped since, and this server would not show it."
)

_STOP = "Do not send anything for now; ask the people who run the server."
_TELL = (
    "Do not send anything through this server. Tell somebody of the network whom you know by"
    " another way: an admin, a witness, or the organisation itself."
)
_LATER = (
    "Nothing was sent. Try again in an hour, and once more tomorrow. If it stays so, reach the"
    " organisation by another way."
)
_WATCHED = (
    "Nothing was sent. Check the date of this device and update Towpath, then try again tomorrow."
    " If it stays so, reach the organisation by another way."
)

_OF_A_STEP: dict[tuple[Step, type[errors.Refused]], tuple[str, str]] = {
    (Step.RULES, errors.Rollback): (OLD_RULES, _TELL),
    (Step.LOG, errors.Rollback): (OLD_RULES, _TELL),
    (Step.LOG, errors.NotWitnessed): (FEW_WITNESSES, _LATER),
    (Step.SEEN, errors.Rollback): (OLD_LOG, _TELL),
    (Step.SEEN, errors.NotInLog): (TWO_LOGS, _TELL),
    (Step.DAY, errors.NotWitnessed): (STALE, _WATCHED),
    (Step.LIST, errors.BadSignature): (OTHER_LIST, _TELL),
}

_SENTENCES: dict[type[errors.Refused], str] = {
    errors.Expired: "The rules of this network have passed their last day.",
    errors.TooFewSignatures: "Too few admins have signed the rules that this server shows.",
    errors.BadSignature: "What this server says of the network is not signed by its admins.",
    errors.WrongNetwork: "What this server says belongs to another network.",
}


def trouble_of(refused: errors.Refused, step: Step) -> Trouble:
    """Return what a refusal in this step means to somebody who uses a client."""
    sentence, then = _OF_A_STEP.get((step, type(refused)), (_SENTENCES.get(type(refused)), _STOP))
    if sentence is None:
        return from_refusal(refused)
    return NotVetted(sentence, then, type(refused).__name__)
