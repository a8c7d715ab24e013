"""The form: what somebody wants to say, asked in the order in which it matters.

First the short way (what would help, language, region, how soon, a safe way to answer); all else
behind one question. No question asks who somebody is or what was done to them (R1, R19).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from client.cli import asking, peer_words
from client.cli.common import note
from crypto import constants as c
from crypto.client.message import Message
from crypto.public.policy import Region

WHERE_TO = {
    "call": "Which number",
    "text_message": "Which number",
    "messaging_app": "Which app, and which name or number there",
    "email": "Which address",
    "meet": "Which place, and when",
    "post": "Which address",
}
ABOUT_TEXT = (
    "In your own words, if you like, in any language. Please write no names and no addresses of"
    " other people. An empty line ends it."
)


def short_way(regions: Sequence[Region] = ()) -> Message:
    """Ask the least: needs, language, region, how soon, and a safe way to answer."""
    needs = _several("What would help? You do not have to say why.", "needs", c.NEEDS, needed=True)
    languages = _several(
        "Which language should the answer be in? The best one first.",
        "languages",
        c.LANGUAGES,
        needed=True,
    )
    region = asking.one("Where is help wanted?", peer_words.region_options(regions), needed=False)
    soon = _one("How soon?", "soon")
    channels = _several(
        "What is a safe way to answer? The safest first.", "channel", c.CHANNELS, needed=True
    )
    return Message(
        needs=needs,
        languages=languages,
        region=region,
        soon=soon,
        channels=channels,
        contact=_contact(channels),
    )


def more(draft: Message) -> Message:
    """Ask everything else; each answer may be left out."""
    note("Enter alone leaves a question out.")
    people = asking.number("How many people is this for", most=c.PEOPLE)
    who = _several("Who is it for?", "who", c.WHO)
    children = _several("Are there children?", "children", c.CHILDREN)
    hours = _several("When is it safe to answer?", "hours", c.HOURS)
    never = _several("What must never be done?", "never", c.NEVER)
    safe_word = asking.line(
        "A word by which they can know who answers (only if you want one)",
        at_most=c.SAFE_WORD_BYTES,
    )
    draft = replace(
        draft,
        needs=_narrowed(draft.needs),
        people=people,
        who=who,
        children=children,
        hours=hours,
        never=never,
        safe_word=safe_word,
        wishes=_several("Wishes?", "wish", c.WISHES),
        peer=_one("Who is writing this?", "peer"),
    )
    note("")
    note(ABOUT_TEXT)
    return replace(draft, text=asking.text(c.TEXT_BYTES))


def changed(said: Message) -> Message:
    """Ask what a follow-up may change: needs, how soon, where and when it is safe to answer."""
    note("Enter alone leaves a question out.")
    channels = _several("Another safe way to answer?", "channel", c.CHANNELS)
    return replace(
        said,
        needs=_several("What would help now?", "needs", c.NEEDS),
        soon=_one("How soon?", "soon"),
        channels=channels,
        contact=_contact(channels),
        hours=_several("When is it safe to answer?", "hours", c.HOURS),
        never=_several("What must never be done?", "never", c.NEVER),
    )


def whose_eyes() -> int:
    """Ask who may read the answers; the id of a choice of `eyes`."""
    return _one("Who may read the answers?", "eyes", needed=True)


def consent(name: str) -> int:
    """Ask for the yes, and return the id of a choice of `consent`, 0 for a no."""
    offered = [*peer_words.options("consent"), asking.Option(0, "no", "No. Do not send it.")]
    return asking.one(f"Is there a yes to sending this, now, to {name}?", offered)


def _contact(channels: tuple[int, ...]) -> str:
    asked: list[str] = []
    for one in peer_words.options("channel"):
        question = WHERE_TO.get(one.code)
        if one.id in channels and question and question not in asked:
            asked.append(question)
    return "\n".join(_contacts(asked))


def _contacts(asked: list[str]) -> list[str]:
    said: list[str] = []
    room = c.CONTACT_BYTES
    for question in asked:
        answer = asking.line(question, at_most=max(room, 0))
        if answer:
            said.append(answer)
            room -= len(answer.encode()) + 1
    return said


def _narrowed(needs: tuple[int, ...]) -> tuple[int, ...]:
    found = list(needs)
    for need in needs:
        entry = peer_words.code_of("needs", need)
        below = peer_words.options("needs", entry)
        if entry and below and len(found) < c.NEEDS:
            title = f"{peer_words.text_of('needs', need)}: what exactly?"
            found += asking.several(title, below, at_most=c.NEEDS - len(found))
    return tuple(found)


def _several(title: str, name: str, at_most: int, *, needed: bool = False) -> tuple[int, ...]:
    return asking.several(title, peer_words.options(name), at_most=at_most, needed=needed)


def _one(title: str, name: str, *, needed: bool = False) -> int:
    return asking.one(title, peer_words.options(name), needed=needed)
