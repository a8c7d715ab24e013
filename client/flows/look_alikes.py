"""Names of organisations that could be taken for another's, or that mix scripts.

A first look and no more: that two names look alike to people, a program can only guess.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import fields

from crypto.public.profile import Profile

# Scripts that one word may hold together.
_TOGETHER = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK"}


def key_of(name: str) -> str:
    """Return what is left of a name without case, forms of letters, accents, marks and spaces."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    plain = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in plain if unicodedata.category(sign)[0] in "LN")


def alike(name: str, others: Iterable[str]) -> list[str]:
    """Return those of `others` that `name` could be taken for."""
    wanted = key_of(name)
    return [other for other in others if key_of(other) == wanted]


def mixes_scripts(name: str) -> bool:
    """Say whether one word of a name holds letters of several scripts, as no language writes."""
    return any(len(_scripts(word)) > 1 for word in name.split())


def how_alike(profile: Profile, other: Profile) -> str:
    """Say how alike two profiles are: "the same as", "nearly the same as", or "" for not.

    Nearly: of all that either says, at least four of five are said by both.
    """
    one, two = _said(profile), _said(other)
    if one == two:
        return "the same as"
    return "nearly the same as" if 5 * len(one & two) >= 4 * len(one | two) else ""


def _said(profile: Profile) -> set[tuple[str, object]]:
    return {(field.name, one) for field in fields(profile) for one in getattr(profile, field.name)}


def _scripts(word: str) -> set[str]:
    letters = (sign for sign in word if unicodedata.category(sign)[0] == "L")
    first = (unicodedata.name(letter, "UNKNOWN").split()[0] for letter in letters)
    return {_TOGETHER.get(script, script) for script in first}
