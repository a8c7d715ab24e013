"""The texts that the server writes into pages by itself, and those of printed cards, in every
language that has them.

They are made by tools/generate_words.py from catalogues/<language>/*.po into built/.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from words import HOME, BadWords, load

__all__ = ["Catalogue", "codes", "open_"]

BUILT = HOME / "built"
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """One language. `unreviewed`: a machine drafted a part, and nobody has read it since.

    `unread_safety`: the keys of those among them, of a person's or peer's page, that can hurt.
    """

    code: str
    direction: str
    unreviewed: bool
    unread_safety: tuple[str, ...]
    texts: Mapping[str, str]
    choices: Mapping[str, Mapping[str, tuple[str, str]]]

    def text(self, key: str, **values: str) -> str:
        """Return the text of a key with `values` in its places; KeyError where one is missing."""
        return _PLACEHOLDER.sub(lambda place: values[place[1]], self.texts[key])

    def choice(self, name: str, number: int) -> str | None:
        """Return the text of a choice by list and id, or None for one of a newer client."""
        entry = load(name).by_id(number)
        return None if entry is None else self.choices[name][entry.code][0]

    def choices_of(
        self, name: str, ids: Sequence[int], own_regions: Mapping[int, str] | None = None
    ) -> tuple[str, ...]:
        """Return the texts of several choices of a list; `own_regions` are a network's, by id.

        One of a newer client is `shared.unknown`.
        """
        own = own_regions or {} if name == "regions" else {}
        unknown = self.text("shared.unknown")
        return tuple(self.choice(name, one) or own.get(one, unknown) for one in ids)

    def hint(self, name: str, number: int) -> str:
        """Return the hint of a choice by list and id, or "" where it has none."""
        entry = load(name).by_id(number)
        return "" if entry is None else self.choices[name][entry.code][1]


@cache
def codes() -> tuple[str, ...]:
    """Return the languages that have texts (BCP 47), in the order of languages.toml."""
    return tuple(
        language.code
        for language in load("languages").offered()
        if (BUILT / f"plain.{language.code}.json").is_file()
    )


@cache
def open_(code: str) -> Catalogue:
    """Return the texts of one language; raises KeyError for a code that `codes` does not have."""
    if code not in codes():
        raise KeyError(code)
    told = json.loads((BUILT / f"plain.{code}.json").read_text(encoding="utf-8"))
    if told["code"] != code:
        raise BadWords(f"plain.{code}.json holds the language {told['code']}")
    return Catalogue(
        code=code,
        direction=told["dir"],
        unreviewed=told["unreviewed"],
        unread_safety=tuple(told["unread_safety"]),
        texts=told["texts"],
        choices=told["choices"],
    )
