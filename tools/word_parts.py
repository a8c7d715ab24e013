"""Which texts and lists travel together: each page has its own, and what it loads later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# The codes of the languages, as a list beside their names.
CODES: Final = "language_codes"


@dataclass(frozen=True)
class Part:
    """What one file holds: texts whose keys begin so, but for `never`; lists by name."""

    texts: tuple[str, ...]
    lists: tuple[str, ...]
    never: tuple[str, ...] = ()
    begins: bool = True

    def holds(self, key: str) -> bool:
        """Say whether a text stands here."""
        return key.startswith(self.texts) and not key.startswith(self.never)


# What hardly anybody ever sees: that the server shows another network than there is.
_OF_A_NETWORK: Final = tuple(
    f"trouble.{kind}"
    for kind in ("old_rules", "old_log", "two_logs", "other_list", "few_witnesses", "not_witnessed")
)
_LATER: Final = (
    *_OF_A_NETWORK,
    "shared.too_long", "ask.carry.", "ask.list.", "ask.more.", "ask.word.",
    "ask.topic.languages.hint", "ask.topic.exactly",
    *(f"ask.topic.{name}" for name in
      ("region", "soon", "people", "who", "children", "hours", "never", "wishes", "safe_word",
       "peer", "text")),
    *(f"trouble.{kind}" for kind in ("changed", "closed", "date", "newer", "not_yet")),
)  # fmt: skip
# What the page for answers shows of the page for asking.
_ASKED: Final = (
    "ask.topic.", "ask.safe.", "ask.contact.", "ask.choose", "ask.word.", "ask.sending.",
    "ask.failed.", "ask.unknown.", "ask.check.", "ask.no.", "ask.done.kept",
    "ask.code.corrected", "ask.code.exit", "ask.code.hint",
)  # fmt: skip
# What the page for applying shows of the page for admins.
_VETTED: Final = (
    "vetting.criterion.",
    "vetting.evidence.",
    "vetting.answer.",
    "vetting.profile.not_said",
    "vetting.trouble.",
    "vetting.item.unanswered",
)
# By what an organisation is described.
_LISTED: Final = (
    "needs",
    "languages",
    "regions",
    "kind",
    "accepts",
    "police_tie",
    "funding",
    "reporting",
    "privilege",
    "housing",
    "pledge",
    CODES,
)
PARTS: Final = {
    "ask": Part(
        texts=("shared.", "trouble.", "ask."),
        never=_LATER,
        lists=(
            "needs", "languages", "regions", "channel", "consent", "eyes", "kind", "accepts",
            "police_tie", "funding", "reporting", "privilege", "housing", "pledge",
        ),
    ),
    "rest": Part(
        texts=_LATER,
        lists=("soon", "who", "children", "hours", "never", "peer", "wish", "capacity", CODES),
        begins=False,
    ),
    "answers": Part(
        texts=("shared.", "trouble.", "answers.", *_ASKED),
        never=_OF_A_NETWORK,
        lists=("needs", "soon", "channel", "hours", "never", "consent", "state"),
    ),
    "inbox": Part(
        texts=("shared.", "trouble.", "inbox.", "ask.topic."),
        lists=(
            "needs", "languages", "regions", "soon", "who", "children", "channel", "hours", "never",
            "peer", "wish", "consent", "eyes", "state", "capacity", "role", CODES,
        ),
    ),
    "sheet": Part(texts=("sheet.",), lists=()),
    "apply": Part(
        texts=(
            "shared.", "trouble.", "apply.", "ask.reader.", "inbox.invited.passphrase",
            "inbox.invited.again", "inbox.invited.short", "inbox.invited.differ",
            "inbox.invited.make", "inbox.opening.key", *_VETTED,
        ),
        lists=_LISTED,
    ),
    "vetting": Part(texts=("shared.", "trouble.", "vetting.", "ask.reader."), lists=_LISTED),
}  # fmt: skip
# What a page loads, in the order in which its keys are numbered.
PAGES: Final = {
    "ask": ("ask", "rest"),
    "answers": ("answers",),
    "inbox": ("inbox", "sheet"),
    "apply": ("apply",),
    "vetting": ("vetting",),
}
# Keys that stay as they are: pages for organisations and admins are not loaded over a slow line.
NAMED: Final = ("inbox.", "sheet.", "apply.", "vetting.")
