"""Which terms of other taxonomies fit a need, from the files in crosswalks/.

Source: docs/spec/exchange.md, 4.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from words import HOME, BadWords, load

__all__ = ["Crosswalk", "Term", "open_eligibility", "parse"]

_FOLDER = HOME / "crosswalks"


@dataclass(frozen=True, kw_only=True)
class Term:
    """A term of a taxonomy: what stands for it there, and its name."""

    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Crosswalk:
    """A taxonomy, its terms by slug, and for each code of a need the slugs that fit it."""

    name: str
    licence: str
    terms: Mapping[str, Term]
    needs: Mapping[str, tuple[str, ...]]

    def of(self, number: int) -> tuple[Term, ...]:
        """Return the terms of a need by its id: its own, else those of the need that it narrows."""
        entry = load("needs").by_id(number)
        if entry is None:
            return ()
        slugs = self.needs[entry.code] or (self.needs[entry.parent] if entry.parent else ())
        return tuple(self.terms[slug] for slug in slugs)


@cache
def open_eligibility() -> Crosswalk:
    """Return the crosswalk to Open Eligibility; raises BadWords where its file breaks a rule."""
    file = "open_eligibility.toml"
    return parse(file, (_FOLDER / file).read_text(encoding="utf-8"))


def parse(file: str, text: str) -> Crosswalk:
    """Read the text of one crosswalk; `file` is its name, for messages. Raises BadWords."""
    try:
        data = tomllib.loads(text)
        terms = [Term(slug=one["slug"], name=one["name"]) for one in data["terms"]]
        needs = [(str(one["need"]), tuple(one["terms"])) for one in data["needs"]]
        name, licence = data["source"]["name"], data["source"]["licence"]
    except tomllib.TOMLDecodeError as error:
        raise BadWords(f"{file}: {error}") from None
    except (KeyError, TypeError) as error:
        raise BadWords(f"{file}: an entry lacks {error}") from None
    found = Crosswalk(
        name=name, licence=licence, terms={one.slug: one for one in terms}, needs=dict(needs)
    )
    _check(file, found, len(terms), len(needs))
    return found


def _check(file: str, found: Crosswalk, terms: int, needs: int) -> None:
    if len(found.terms) != terms or len(found.needs) != needs:
        raise BadWords(f"{file}: a term or need stands twice")
    known = {entry.code for entry in load("needs")}
    if known != found.needs.keys():
        raise BadWords(f"{file}: without entry, or no need: {sorted(known ^ found.needs.keys())}")
    used = {slug for slugs in found.needs.values() for slug in slugs}
    if used != found.terms.keys():
        raise BadWords(f"{file}: not in the list, or unused: {sorted(used ^ found.terms.keys())}")
