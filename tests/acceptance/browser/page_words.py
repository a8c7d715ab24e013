"""What a page says in one language, by key, from the catalogues that its words are made of."""

from __future__ import annotations

import re
from functools import cache

from tools import word_files
from tools.word_checks import english_choices
from tools.word_files import Text, choice_key
from words import Choice, Language, banned, load

_PLACE = re.compile(r"\{\w+\}")


class PageWords:
    """The texts and choices of one language."""

    def __init__(self, code: str) -> None:
        self.code = code
        english = english_choices() | word_files.read("en")
        self._texts: dict[str, Text] = english
        if code != "en":
            self._texts = word_files.with_english(code, word_files.read(code), english)

    def __getitem__(self, key: str) -> str:
        """Return the text of a key; one that counts gives its last form. KeyError for no key."""
        return self._texts[key].forms[-1]

    def said(self, key: str, **values: str) -> str:
        """Return the text of a key with what stands in its places."""
        return self[key].format(**values)

    def around(self, key: str) -> list[str]:
        """Return what stands between the places of a text, without what is empty."""
        return [part for part in _PLACE.split(self[key]) if part.strip()]

    def choice(self, name: str, code: str) -> str:
        """Return the text of a choice by its code, as in words/*.toml."""
        found = load(name).by_code(code)
        assert found is not None, (name, code)
        return self._of(name, found)[0]

    def banned(self, shown: str) -> list[str]:
        """Return the lines of a screen that use a banned word which no allowance excuses (R19)."""
        excused: set[str] = set()
        for one in banned.allowances():
            found = load(one.list).by_code(one.code)
            assert found is not None, one
            excused.update(self._of(one.list, found))
        lines = {line.strip() for line in shown.splitlines()} - excused
        return sorted(line for line in lines if banned.find(line, self.code))

    def _of(self, name: str, choice: Choice) -> tuple[str, str]:
        """Return text and hint of a choice; a language stands there by its own name."""
        key = choice_key(name, choice)
        text = self._texts.get(key)
        hint = self._texts.get(f"{key}.hint")
        if text is None:
            assert isinstance(choice, Language), key
        return text.forms[0] if text else choice.text, hint.forms[0] if hint else ""


@cache
def page_words(code: str) -> PageWords:
    """Return the words of a language, by its tag."""
    return PageWords(code)
