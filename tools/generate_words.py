"""Makes what pages and the server read from words/catalogues; --check names what is stale.

A fault in a catalogue is printed, its language is left as it was, and the exit code is 1.

server/static/words.<part>.<language>.json, one line, for web/pages/words.js. A part is a page, or
what a page loads later; tools/word_parts.py says what stands in
each, and the first has no more than the short way needs:

    code        the language, BCP 47
    dir         "ltr" or "rtl"
    language    its number in the list of languages
    unreviewed  whether a machine drafted any text of any page and nobody has read it since
    forms       the plural categories (CLDR) in the order of every list of forms
    keys        of which build the keys are: a page refuses words of another one
    texts       key -> text, or the list of its plural forms. In the files a key is its number in
                words/built/keys.json; a page's first file is a list that begins with number 0
    lists       name -> rows in the order in which they are offered: [id, text, hint,
                rows that narrow it, 1 where it is no longer offered]. Languages stand there by
                their own names, and in language_codes by their codes. As this file weighs on
                everybody's phone: an id is left out that is one more than the one before it
                (first 1; in rows that narrow the id n, n * 100 + 1), what is empty is left out
                at the end, and a row of nothing but its text is that text

words/built/keys.json: page -> `stamp` (a hash of its keys), `keys` in their order, and how
many of them stand in its `first` file, for web/build/keys.js, which puts numbers in their place
in the bundles too.

words/catalogues/<language>/english.lock, which says what each text was made from
(tools/word_marks.py). A text whose English changed since is named, counts as unreviewed, and fails
nothing.

words/built/plain.<language>.json, indented, for words/catalogues.py, which the server asks, and
client/sheet.py for what stands on printed cards:

    code, dir, unreviewed  as above
    unread_safety          keys of texts that can hurt somebody (words/safety.toml) and that nobody
                           has read, of the pages that a person or a peer sees
    texts                  key -> text; domains shared, plain and sheet, without plural forms
    choices                name -> code -> [text, hint]; "" for no hint
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from tools import word_files, word_marks
from tools.word_checks import english_choices, faults
from tools.word_files import CLIENT, HOME, ROOT, BadCatalogue, Text, choice_key, plural_categories
from tools.word_parts import CODES, NAMED, PAGES, PARTS
from words import Choice, Choices, Language, load

STATIC = ROOT / "server" / "static"
BUILT = ROOT / "words" / "built"
# The lists that the pages for asking and for answers show.
LISTS: Final = (
    "needs", "languages", "regions", "soon", "who", "children", "channel", "hours", "never",
    "peer", "wish", "consent", "eyes", "state", "kind", "accepts", "police_tie", "funding",
    "reporting", "privilege", "housing", "pledge", "capacity",
)  # fmt: skip

Texts = Mapping[str, Text]


def catalogues(home: Path = HOME) -> tuple[dict[str, dict[str, Text]], list[str]]:
    """Return the texts of every language without a fault, by its code, and all faults.

    The texts of English include the choices, from words/*.toml.
    """
    english, found = _english(home)
    good = {} if found else {"en": english}
    for code in word_files.languages(home):
        if code == "en":
            continue
        try:
            texts = word_files.with_english(code, word_files.read(code, home), english)
        except BadCatalogue as error:
            found.append(str(error))
            continue
        if wrong := faults(code, texts, english):
            found += wrong
        else:
            lock = word_marks.lock_of(texts, english, word_marks.read_lock(code, home))
            good[code] = word_marks.marked(texts, english, lock)
    return good, found


def _english(home: Path) -> tuple[dict[str, Text], list[str]]:
    choices = english_choices()
    try:
        written = word_files.read("en", home)
    except BadCatalogue as error:
        return choices, [str(error)]
    english = choices | written
    wrong = [f"en: {key} is the English of a choice" for key in choices.keys() & written.keys()]
    return english, wrong + faults("en", english, english)


def for_pages(part: str, code: str, texts: Texts) -> str:
    """Return words.<part>.<language>.json, a line; the shape stands at the top of this file."""
    what = PARTS[part]
    shown = [text for text in texts.values() if text.domain in (*CLIENT, "choices")]
    begin = {
        "code": code,
        "dir": _language(code).direction,
        "language": _language(code).id,
        "unreviewed": any(text.unreviewed for text in shown),
        "forms": plural_categories(code),
    }
    told = {
        **(begin if what.begins else {}),
        "texts": {
            text.key: text.forms if text.plural else text.forms[0]
            for text in shown
            if text.domain in CLIENT and what.holds(text.key)
        },
        "lists": {
            name: _codes() if name == CODES else _rows(load(name), None, texts)
            for name in what.lists
        },
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n"


def for_server(code: str, texts: Texts) -> str:
    """Return plain.<language>.json; the shape stands at the top of this file."""
    once = [text for text in texts.values() if not text.plural]
    plain = [text for text in once if text.domain in ("shared", "plain")]
    cards = [text for text in once if text.domain == "sheet"]
    told = {
        "code": code,
        "dir": _language(code).direction,
        "unreviewed": any(text.unreviewed for text in plain),
        "unread_safety": word_marks.unread_safety(texts.values()),
        "texts": {text.key: text.forms[0] for text in [*plain, *cards]},
        "choices": {
            name: {entry.code: _words(name, entry, texts) for entry in load(name)} for name in LISTS
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=1) + "\n"


def _rows(choices: Choices[Any], parent: Choice | None, texts: Texts) -> list[Any]:
    rows = []
    before = parent.id * 100 if parent else 0
    for entry in choices:
        if entry.parent != (parent and parent.code):
            continue
        row: list[Any] = [entry.id] if entry.id != before + 1 else []
        row += _words(choices.name, entry, texts)
        row += [[] if parent else _rows(choices, entry, texts), int(entry.retired)]
        rows.append(_short(row))
        before = entry.id
    return rows


def _codes() -> list[Any]:
    """Return the languages as rows with their codes for texts."""
    rows = []
    before = 0
    for entry in load("languages"):
        rows.append(entry.code if entry.id == before + 1 else [entry.id, entry.code])
        before = entry.id
    return rows


def _short(row: list[Any]) -> Any:
    """Leave out what a row has nothing of, from its end, and the list around a single text."""
    while not row[-1]:
        row = row[:-1]
    return row if len(row) > 1 else row[0]


def _words(name: str, entry: Choice, texts: Texts) -> tuple[str, str]:
    key = choice_key(name, entry)
    hint = texts.get(f"{key}.hint")
    # Languages have no key but where they have no name of their own ("another language").
    text = entry.text if isinstance(entry, Language) and key not in texts else texts[key].forms[0]
    return text, hint.forms[0] if hint else ""


def keys_of(texts: Texts) -> dict[str, dict[str, Any]]:
    """Return for each page the keys of English in the order of their numbers, and their stamp."""
    made = {}
    for page, parts in PAGES.items():
        keys = [
            text.key
            for part in parts
            for text in texts.values()
            if text.domain in CLIENT and PARTS[part].holds(text.key)
            if not text.key.startswith(NAMED)
        ]
        digest = hashlib.sha256("\n".join(keys).encode()).digest()
        first = sum(PARTS[parts[0]].holds(key) for key in keys)
        stamp = base64.b64encode(digest[:6]).decode()
        made[page] = {"stamp": stamp, "first": first, "keys": keys}
    return made


def numbered(part: str, line: str, keys: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what `for_pages` made with numbers for keys."""
    told = json.loads(line)
    page = next(page for page, parts in PAGES.items() if part in parts)
    numbers = {key: number for number, key in enumerate(keys[page]["keys"])}
    texts = {numbers.get(key, key): text for key, text in told["texts"].items()}
    begins = texts.keys() == set(range(len(texts)))
    told["texts"] = [texts[number] for number in range(len(texts))] if begins else texts
    stamped = {"keys": keys[page]["stamp"], **told}
    return json.dumps(stamped, ensure_ascii=False, separators=(",", ":")) + "\n"


def _language(code: str) -> Language:
    language = load("languages").by_code(code)
    if language is None:
        raise BadCatalogue(f"{code}: words/languages.toml has no such language")
    return language


def render(good: Mapping[str, Texts]) -> dict[Path, str]:
    """Return path -> text of every file that is made from these catalogues."""
    keys = keys_of(good.get("en", {}))
    made = {
        STATIC / f"words.{part}.{code}.json": numbered(part, for_pages(part, code, texts), keys)
        for part in PARTS
        for code, texts in good.items()
    }
    written = json.dumps(keys, indent=1) + "\n"
    return (
        made
        | {BUILT / "keys.json": written}
        | {BUILT / f"plain.{code}.json": for_server(code, texts) for code, texts in good.items()}
    )


def locks(good: Mapping[str, Texts], home: Path = HOME) -> dict[Path, str]:
    """Return path -> text of what says which English each translation was made from."""
    return {
        home / code / word_marks.LOCK: word_marks.written(
            word_marks.lock_of(texts, good["en"], word_marks.read_lock(code, home))
        )
        for code, texts in good.items()
        if code != "en"
    }


def outdated(good: Mapping[str, Texts], home: Path = HOME) -> list[str]:
    """Return a sentence for each language with texts whose English changed since they were made."""
    found = []
    for code, texts in good.items():
        lock = word_marks.lock_of(texts, good["en"], word_marks.read_lock(code, home))
        if code != "en" and (keys := word_marks.outdated(good["en"], lock)):
            found.append(f"outdated, as unreviewed: {code}: {', '.join(keys)}")
    return found


def stale(made: Mapping[Path, str]) -> list[Path]:
    """Return what is not there, differs, or belongs to no language any more."""
    there = {*STATIC.glob("words.*.json"), *BUILT.glob("*.json")}
    differs = [
        path
        for path, text in made.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    return sorted([*differs, *(there - made.keys())])


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files, or with --check compare; 1 for a fault or for something stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare only")
    check = parser.parse_args(arguments).check
    good, wrong = catalogues()
    made = render(good) | locks(good)
    sys.stdout.write("".join(f"{line}\n" for line in outdated(good)))
    sys.stdout.write("".join(f"{fault}\n" for fault in wrong))
    if check:
        names = [path.relative_to(ROOT) for path in stale(made)]
        sys.stdout.write("".join(f"stale: {n} (run tools.generate_words)\n" for n in names))
        return 1 if wrong or names else 0
    for path in stale(made):
        path.unlink(missing_ok=True)
    for path, text in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
