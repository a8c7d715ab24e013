"""Reads words/catalogues/<language>/<domain>.po by Babel, and refuses what it cannot be sure of."""

from __future__ import annotations

import gettext
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import PoFileError, read_po

from words import Choice

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / "words" / "catalogues"
CLIENT: Final = ("shared", "ask", "answers", "inbox", "sheet", "apply", "vetting")
# Where a language has no such file, its page shows English texts, and lists in the language.
MAY_BE_ENGLISH: Final = frozenset({"inbox"})
DOMAINS: Final = (*CLIENT, "plain", "choices")
# In the order in which gettext numbers them.
CATEGORIES: Final = ("zero", "one", "two", "few", "many", "other")
# No page counts further; the Spanish "un millón de" is one form more, for nobody.
COUNTED = 1000
_LINE = re.compile(r'(#.*)?|((msgid|msgid_plural|msgstr(\[\d\])?) )?"([^"\\]|\\.)*"')
_LIMIT = re.compile(r"max-length:([0-9]+)")


class BadCatalogue(ValueError):
    """A catalogue cannot be read; the message names the file and why."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text: several forms where it has a plural, else exactly one."""

    key: str
    domain: str
    forms: tuple[str, ...]
    plural: bool = False
    unreviewed: bool = False
    fuzzy: bool = False
    most: int | None = None


def languages(home: Path = HOME) -> tuple[str, ...]:
    """Return the codes of the languages that have a folder, sorted."""
    return tuple(sorted(path.name for path in home.iterdir() if path.is_dir()))


def choice_key(name: str, entry: Choice) -> str:
    """Return the key of a choice in choices.po; that of its hint ends in .hint besides."""
    return f"{name}.{entry.code.replace('-', '_')}"


@cache
def plural_categories(code: str) -> tuple[str, ...]:
    """Return the plural categories (CLDR) of a language that a count below COUNTED can have."""
    used = set(_counted(code))
    return tuple(category for category in CATEGORIES if category in used)


@cache
def _counted(code: str) -> tuple[str, ...]:
    """Return the category of each count below COUNTED."""
    rule = Locale.parse(code, sep="-").plural_form
    return tuple(rule(count) for count in range(COUNTED))


def read(code: str, home: Path = HOME) -> dict[str, Text]:
    """Return the texts of one language by key, in the order of domains and files.

    A domain without a file is left out. Raises BadCatalogue for a file that is none, for one of
    another language or other plural forms, and for a key that stands twice.
    """
    found: dict[str, Text] = {}
    for domain in DOMAINS:
        path = home / code / f"{domain}.po"
        if not path.is_file():
            continue
        for text in _texts(path, code, domain):
            if text.key in found:
                raise BadCatalogue(f"{code}/{domain}.po: {text.key} stands twice")
            found[text.key] = text
    return found


def with_english(code: str, texts: dict[str, Text], english: dict[str, Text]) -> dict[str, Text]:
    """Return texts with the English of whole domains that a language may lack, in its own forms."""
    missing = MAY_BE_ENGLISH - {text.domain for text in texts.values()}
    lent = {
        text.key: replace(text, forms=_forms_as(code, text.forms)) if text.plural else text
        for text in english.values()
        if text.domain in missing
    }
    return texts | lent


def _forms_as(code: str, forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the two English forms in the order of another language's categories."""
    one, other = forms
    return tuple(one if name == "one" else other for name in plural_categories(code))


def _texts(path: Path, code: str, domain: str) -> list[Text]:
    where = f"{code}/{path.name}"
    _check_lines(where, path.read_text(encoding="utf-8"))
    try:
        with path.open("rb") as file:
            catalog = read_po(file, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        raise BadCatalogue(f"{where}: {error}") from None
    _check_head(where, catalog, code)
    if catalog.obsolete:
        raise BadCatalogue(f"{where}: has lines that begin with #~")
    return [_text(message, domain) for message in catalog if message.id]


def _check_lines(where: str, source: str) -> None:
    """Refuse what Babel takes without a word: lines of no form, the last of two with one key."""
    for number, line in enumerate(source.splitlines(), 1):
        if not _LINE.fullmatch(line):
            raise BadCatalogue(f"{where}: line {number} has no form of a line")
    keys = re.findall(r'^msgid "(.+)"$', source, re.MULTILINE)
    for key in keys:
        if keys.count(key) > 1:
            raise BadCatalogue(f"{where}: {key} stands twice")


def _check_head(where: str, catalog: Catalog, code: str) -> None:
    head = dict(catalog.mime_headers)
    # Babel writes zh_Hans where the file says zh-Hans.
    if head.get("Language", "").replace("_", "-") != code:
        raise BadCatalogue(f"{where}: its head does not say Language: {code}")
    rule = re.fullmatch(r"nplurals=(\d); plural=(.+?);?", head.get("Plural-Forms", ""))
    categories = plural_categories(code)
    if rule is None or int(rule[1]) != len(categories):
        raise BadCatalogue(f"{where}: its head does not give {len(categories)} plural forms")
    form = gettext.c2py(rule[2])
    for count, category in enumerate(_counted(code)):
        if form(count) != categories.index(category):
            raise BadCatalogue(f"{where}: its head gives {count} another plural form than the CLDR")


def _text(message: Message, domain: str) -> Text:
    plural = isinstance(message.id, (list, tuple))
    forms = message.string if isinstance(message.string, (list, tuple)) else [message.string or ""]
    limits = [limit[1] for flag in message.flags if (limit := _LIMIT.fullmatch(flag))]
    return Text(
        key=message.id[0] if plural else str(message.id),
        domain=domain,
        forms=tuple(forms),
        plural=plural,
        unreviewed="unreviewed" in message.flags,
        fuzzy=message.fuzzy,
        most=int(limits[0]) if limits else None,
    )
