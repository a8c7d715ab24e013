"""What somebody finds who looks at a log that is not as it must be, in plain words.

Source: docs/spec/log.md, 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """What is wrong; the value is its name for machines and for reports."""

    ROLLED_BACK = "rolled back"
    SPLIT = "split"
    REWRITTEN = "rewritten"
    FORGED = "forged"
    SHORTENED = "shortened"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and a sentence that says what was seen.

    `entry` is the number of the entry that shows it, from 0, where it is one.
    """

    kind: Kind
    sentence: str
    entry: int | None = None

    @property
    def means(self) -> str:
        """What it can mean for people who rely on this network."""
        return _MEANS[self.kind]


class Found(Exception):
    """Something is wrong; caught where one look at a log begins."""

    def __init__(self, kind: Kind, sentence: str, entry: int | None = None) -> None:
        super().__init__(sentence)
        self.finding = Finding(kind, sentence, entry)


NEXT = (
    "Do not delete or repair anything here, and do not tell the server what was found."
    " Tell the admins of the network today, by telephone or in person and not through this server,"
    " and tell the other witnesses and the organisations that you know there."
)
"""What to do next, and whom to tell; the same for everything that is wrong."""

_BACKUP = " A server that was brought back from an old backup looks like that, too: ask."

_MEANS = {
    Kind.ROLLED_BACK: (
        "Something that was public before is not shown any more: a suspension, perhaps, or that"
        " an organisation was listed." + _BACKUP
    ),
    Kind.SPLIT: (
        "Not everybody is shown the same log. Somebody may be shown an organisation that nobody"
        " else sees, or be kept from seeing that one is suspended." + _BACKUP
    ),
    Kind.REWRITTEN: (
        "What was said in public can't be changed later, and here it was: somebody may want to"
        " hide which organisations were listed, or that one was suspended." + _BACKUP
    ),
    Kind.FORGED: (
        "Somebody has put into the log what the network's admins did not sign. Until it is known"
        " who did that, nobody should rely on what this server says of any organisation."
    ),
    Kind.SHORTENED: (
        "An organisation was suspended or changed, and people who ask for help would not be told:"
        " its old listing would still look right to them."
    ),
}
