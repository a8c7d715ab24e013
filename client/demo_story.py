"""What is said in the demo: the coworker's request and the provider's answer."""

from __future__ import annotations

from collections.abc import Iterable

import words
from client.flows.profile_words import UNKNOWN
from crypto.client.message import Message

ANSWER = "오늘 밤 잘 곳이 있습니다. 당신이 정합니다."
SENTENCE = "There is a place to sleep tonight. You decide."


def referral() -> Message:
    """Return the request of somebody with fifteen minutes, with her yes."""
    return Message(
        consent=_id("consent", "yes"),
        needs=tuple(_id("needs", code) for code in ("sleep_tonight", "documents", "money")),
        languages=(_id("languages", "ko"),),
        region=_id("regions", "northeast"),
        soon=_id("soon", "minutes"),
        channels=(_id("channel", "come_back"),),
        peer=_id("peer", "coworker"),
        eyes=_id("eyes", "receipt"),
    )


def text_of(name: str, ids: Iterable[int]) -> str:
    """Return choices of a list in words."""
    found = [words.load(name).by_id(number) for number in ids]
    return "; ".join(entry.text if entry else UNKNOWN for entry in found)


def _id(name: str, code: str) -> int:
    entry = words.load(name).by_code(code)
    if entry is None:
        raise KeyError(code)
    return entry.id
