"""Which words a text may not use, and finding them (R19, R20).

For every text that people see: the lists of this room, catalogues, pages, messages.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from words import HOME, BadWords, Choice, check_table, read_tables

FILE = "banned.toml"
# \b would end a word before a vowel sign of Devanagari or Arabic; the danda does end one.
_IN_WORD = r"[\w\u0300-\u036f\u064b-\u065f\u0900-\u0963\u0966-\u097f]"
_EDGES = {
    "word": (f"(?<!{_IN_WORD})", f"(?!{_IN_WORD})"),
    "stem": (f"(?<!{_IN_WORD})", ""),
    "part": ("", ""),
}


@dataclass(frozen=True, kw_only=True)
class Banned:
    """A word that no text uses, how it is looked for, and why."""

    word: str
    match: str
    rule: str
    reason: str
    source: str
    within: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """One banned word that may stand in one entry of one list, with the reason."""

    list: str
    code: str
    word: str
    reason: str


def find(text: str, language: str = "en") -> tuple[Banned, ...]:
    """Return the banned words of `language` (BCP 47) that `text` uses, in the list's order.

    A language without a list gives none: ask `languages_with_a_list()` before trusting that.
    """
    folded = _fold(text)
    if not _any(language).search(folded):
        return ()
    return tuple(banned for banned in _banned().get(language, ()) if _uses(folded, banned))


def find_in_choice(list_name: str, choice: Choice) -> tuple[Banned, ...]:
    """Return the banned words that the English of one entry uses without an allowance."""
    allowed = {a.word for a in allowances() if (a.list, a.code) == (list_name, choice.code)}
    found = [b for text in (choice.text, choice.hint) if text for b in find(text)]
    return tuple(b for b in found if b.word not in allowed)


def languages_with_a_list() -> tuple[str, ...]:
    """Return the codes of the languages that have a list."""
    return tuple(_banned())


@cache
def allowances() -> tuple[Allowance, ...]:
    """Return every allowance; raises BadWords when the file breaks a rule."""
    tables = _tables().get("allow", [])
    for number, table in enumerate(tables, 1):
        check_table(f"{FILE}: allow entry {number}", table, Allowance)
    return tuple(Allowance(**table) for table in tables)  # type: ignore[arg-type]  # checked


def parse_banned(where: str, table: dict[str, object]) -> Banned:
    """Return one entry; raises BadWords with `where` when it breaks a rule."""
    check_table(where, table, Banned)
    if table["match"] not in _EDGES:
        raise BadWords(f"{where}: match is none of {', '.join(_EDGES)}")
    within = table.get("within", ())
    return Banned(**{**table, "within": tuple(within)})  # type: ignore[arg-type]  # checked


@cache
def _banned() -> dict[str, tuple[Banned, ...]]:
    return {
        language: tuple(
            parse_banned(f"{FILE}: {language} entry {number}", table)
            for number, several in enumerate(tables, 1)
            for table in _one_each(several)
        )
        for language, tables in _tables().items()
        if language != "allow"
    }


def _one_each(table: dict[str, object]) -> list[dict[str, object]]:
    """Return a table for each of its `words`, or the table itself where it has none."""
    rest = dict(table)
    words = rest.pop("words", None)
    if not isinstance(words, list) or "word" in rest:
        return [table]
    return [{"word": word, **rest} for word in words]


def _tables() -> dict[str, list[dict[str, object]]]:
    return read_tables(FILE, (HOME / FILE).read_text(encoding="utf-8"))


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).casefold()
    return " ".join(plain.replace("\u2019", "'").replace("\u2011", "-").split())


def _uses(folded: str, banned: Banned) -> bool:
    for wording in _wordings(banned):
        folded = wording.sub(" ", folded)
    return _pattern(banned).search(folded) is not None


@cache
def _pattern(banned: Banned) -> re.Pattern[str]:
    word = re.escape(_fold(banned.word))
    begin, end = _EDGES[banned.match]
    return re.compile(f"{begin}{word}{end}")


@cache
def _any(language: str) -> re.Pattern[str]:
    """Return what matches where any word of the list does: most texts use none."""
    return re.compile(
        "|".join(_pattern(one).pattern for one in _banned().get(language, ())) or "(?!)"
    )


@cache
def _wordings(banned: Banned) -> tuple[re.Pattern[str], ...]:
    # Scripts that are searched anywhere have no edges of words around a wording either.
    begin, end = _EDGES["part" if banned.match == "part" else "word"]
    return tuple(re.compile(f"{begin}{re.escape(_fold(one))}{end}") for one in banned.within)
