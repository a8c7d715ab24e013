"""Which words a text may not use, and finding them (R19, R20).

For every text that people see: the lists of this room, catalogues, pages, messages.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from words import HOME, BadWords, Choice, check_table, read_tables

FILE = "banned.toml"
_MATCHES = ("word", "stem", "part")


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
    if table["match"] not in _MATCHES:
        raise BadWords(f"{where}: match is none of {', '.join(_MATCHES)}")
    within = table.get("within", ())
    return Banned(**{**table, "within": tuple(within)})  # type: ignore[arg-type]  # checked


@cache
def _banned() -> dict[str, tuple[Banned, ...]]:
    return {
        language: tuple(
            parse_banned(f"{FILE}: {language} entry {number}", table)
            for number, table in enumerate(tables, 1)
        )
        for language, tables in _tables().items()
        if language != "allow"
    }


def _tables() -> dict[str, list[dict[str, object]]]:
    return read_tables(FILE, (HOME / FILE).read_text(encoding="utf-8"))


def _fold(text: str) -> str:
    plain = unicodedata.normalize("NFC", text).casefold()
    return " ".join(plain.replace("\u2019", "'").replace("\u2011", "-").split())


def _uses(folded: str, banned: Banned) -> bool:
    for wording in banned.within:
        folded = re.sub(rf"\b{re.escape(_fold(wording))}\b", " ", folded)
    word = re.escape(_fold(banned.word))
    pattern = {"word": rf"\b{word}\b", "stem": rf"\b{word}", "part": word}[banned.match]
    return re.search(pattern, folded) is not None
