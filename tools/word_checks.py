"""What is wrong with a catalogue: every fault as one sentence that says where and what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from tools.word_files import CLIENT, Text, choice_key, plural_categories
from words import Language, list_names, load
from words.banned import allowances, find, languages_with_a_list

# How much longer than English another language may be, and what a label is.
LONGER = 1.6
LABEL = 40
ABBREVIATIONS = frozenset({"DC", "ID", "PDF", "SMS", "UTC"})
# In languages.toml these stand for many languages, and so have no name of their own (ISO 639).
NAMELESS = frozenset({"mis", "sgn"})
_KEY = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")
_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
# Some scripts need them to join letters or to keep them apart.
_JOINERS = "\u200c\u200d"
_DOMAIN_OF_CHOICES = "choices"


def faults(code: str, texts: Mapping[str, Text], english: Mapping[str, Text]) -> list[str]:
    """Return what is wrong with the texts of one language, by key.

    code: the language. texts: its own, by key. english: English, with the English of the choices
    (`english_choices`).
    """
    found = list(_faults_of_keys(code, texts, english))
    for key, text in texts.items():
        faults_here = [*_faults_of_text(code, text), *_faults_beside(text, english.get(key))]
        found += [f"{code}: {key}: {fault}" for fault in faults_here]
    if code not in languages_with_a_list():
        found.append(f"{code}: words/banned.toml has no list for it")
    return found


def english_choices() -> dict[str, Text]:
    """Return the English of every choice and hint, under the keys of choices.po."""
    found: dict[str, Text] = {}
    for name in list_names():
        for entry in load(name):
            own_name = isinstance(entry, Language) and entry.code not in NAMELESS
            for suffix, text in (("", None if own_name else entry.text), (".hint", entry.hint)):
                if text:
                    key = choice_key(name, entry) + suffix
                    found[key] = Text(key=key, domain=_DOMAIN_OF_CHOICES, forms=(text,))
    return found


def _faults_of_keys(
    code: str, texts: Mapping[str, Text], english: Mapping[str, Text]
) -> Iterator[str]:
    if missing := [key for key in english if key not in texts]:
        yield f"{code}: missing: {', '.join(missing)}"
    for key, text in texts.items():
        if key not in english:
            yield f"{code}: {key} is not in English"
        elif text.domain != english[key].domain:
            yield f"{code}: {key} stands in {text.domain}, in English in {english[key].domain}"


def _faults_of_text(code: str, text: Text) -> Iterator[str]:
    if not _KEY.fullmatch(text.key):
        yield "the key is not well formed"
    if text.fuzzy:
        yield "is marked fuzzy"
    if text.plural and text.domain not in CLIENT:
        yield "has plural forms, which the server does not choose between"
    if text.plural and len(text.forms) != len(plural_categories(code)):
        yield f"has {len(text.forms)} plural forms, not {len(plural_categories(code))}"
    for form in text.forms:
        yield from _faults_of_form(form)
        for hit in find(form, code):
            if text.domain != _DOMAIN_OF_CHOICES or hit.rule not in _allowed(text.key):
                yield f"uses {hit.word!r}: {hit.reason}"


def _faults_of_form(form: str) -> Iterator[str]:
    if not form:
        yield "is empty"
    if form != " ".join(form.split()):
        yield "has spaces or line breaks too many"
    if not unicodedata.is_normalized("NFC", form):
        yield "is not NFC"
    if any(unicodedata.category(c) in ("Cc", "Cf", "Co") and c not in _JOINERS for c in form):
        yield "has a control character"
    if re.search(r"[<>]|&#?\w+;", form):
        yield "has HTML"
    if re.search(r"[{}]", _PLACEHOLDER.sub("", form)):
        yield "has a brace that is no placeholder"
    for word in re.findall(r"[^\W\d_]{2,}", form):
        if word.isupper() and word not in ABBREVIATIONS:
            yield f"has {word} in capitals"


def _faults_beside(text: Text, english: Text | None) -> Iterator[str]:
    if english is None:
        return
    if text.plural != english.plural:
        yield "has plural forms in one of this language and English only"
        return
    wanted = _placeholders(english.forms)
    for form in text.forms:
        given = _placeholders([form])
        # One, two or none may be said in words instead of a number.
        if (given != wanted and not text.plural) or given | {"n"} != wanted | {"n"}:
            yield f"has the placeholders {sorted(given)}, English has {sorted(wanted)}"
    most = _most(text, english)
    if most is not None and any(_length(form) > most for form in text.forms):
        yield f"is longer than {most} characters"


def _length(form: str) -> int:
    """Return how many characters stand beside each other: vowel signs stand on others."""
    return sum(not unicodedata.category(c).startswith("M") for c in form)


def _most(text: Text, english: Text) -> int | None:
    if text is english:
        return text.most
    if english.most is not None:
        return int(english.most * LONGER)
    longest = max(english.forms, key=len)
    is_label = len(longest) <= LABEL and not longest.endswith((".", ":", "?", "!"))
    return int(LABEL * LONGER) if is_label else None


def _placeholders(forms: Iterable[str]) -> set[str]:
    return {name for form in forms for name in _PLACEHOLDER.findall(form)}


def _allowed(key: str) -> set[str]:
    """Return the rules that the English of this choice may break, and so its translations."""
    list_name, _, code = key.removesuffix(".hint").partition(".")
    words = {a.word for a in allowances() if (a.list, a.code) == (list_name, code)}
    return {hit.rule for word in words for hit in find(word)}
