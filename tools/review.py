"""Helps somebody who speaks a language to read its texts on paper: `./dev review LANGUAGE`.

    ./dev review LANGUAGE [--out FILE]   one page to print: English and translation side by side,
                                         texts in which a mistake can hurt somebody first
    ./dev review LANGUAGE --read KEY ... these were read, and are right: takes their flag away. A
                                         key may end in *; @FILE has one in each line
    ./dev review LANGUAGE --unread KEY ...   puts the flag back

What somebody corrects on paper is written into the .po first, then marked as read. Afterwards
`./dev build`, and look at the page itself. words/catalogues/REVIEW.md says how to review.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from fnmatch import fnmatchcase
from html import escape
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from tools import generate_words, word_files, word_marks
from tools.word_files import HOME, Text
from words import load

_FLAG: Final = "unreviewed"
_BLOCK = re.compile(r"\n\n+")
_KEY = re.compile(r'^msgid "(.+)"$', re.MULTILINE)
_STYLE: Final = """
@page { size: A4 landscape; margin: 12mm }
body { font: 10pt/1.4 system-ui, "Noto Sans", sans-serif; margin: 1rem }
table { border-collapse: collapse; inline-size: 100%; table-layout: fixed }
td, th { border: 1px solid #888; padding: 2mm; vertical-align: top; text-align: start;
  overflow-wrap: anywhere }
th { background: #eee }
thead { display: table-header-group }
tr { break-inside: avoid }
h2 { break-after: avoid; font-size: 12pt }
code { font-size: 8pt }
small { color: #333 }
td.own { font-size: 12pt; line-height: 1.7 }
col.key { inline-size: 22% } col.mark { inline-size: 22% }
"""
_HOW: Final = """<p>Read each translation beside the English. Ask: would I say this aloud to a
stranger in trouble? Does it promise the same, and no more? Tick it when it is right; else write
what it should say in the last column. Names in braces, such as {name}, stay as they are. Nothing
here is secret.</p>
"""


def purposes(home: Path = HOME) -> dict[str, str]:
    """Return what each text of the pages is for, as English says it, by key."""
    found: dict[str, str] = {}
    for path in sorted((home / "en").glob("*.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                key = message.id if isinstance(message.id, str) else message.id[0]
                found[key] = " ".join(message.auto_comments)
    return found


def page(
    code: str, texts: Mapping[str, Text], english: Mapping[str, Text], told: Mapping[str, str]
) -> str:
    """Return the page to print: safety texts first, by what a mistake does, then the rest.

    told: what each text is for, by key.
    """
    language = load("languages").by_code(code)
    name, direction = (language.english, language.direction) if language else (code, "ltr")
    parts = [
        (one.reason, [k for k in texts if word_marks.why(k) == one]) for one in word_marks.safety()
    ]
    rest = [key for key in texts if word_marks.why(key) is None]
    unread = sum(text.unreviewed for text in texts.values())
    heads = "".join(f"<th>{head}" for head in ("Text", "English", name, "Right, or what instead"))
    sections = [
        f"<h2>{escape(title)}</h2>\n<table><colgroup><col class=key><col><col><col class=mark>"
        f"</colgroup><thead><tr>{heads}</thead>\n"
        + "".join(
            _row(texts[key], english[key], told.get(key, ""), code, direction) for key in keys
        )
        + "</table>\n"
        for title, keys in [*parts, ("Everything else.", rest)]
        if keys
    ]
    return (
        f'<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>{escape(name)}</title>\n'
        f"<style>{_STYLE}</style>\n<h1>{escape(name)}: {len(texts)} texts, {unread} unread</h1>\n"
        f"{_HOW}{''.join(sections)}"
    )


def _row(text: Text, english: Text, purpose: str, code: str, direction: str) -> str:
    own = "<hr>".join(map(escape, text.forms))
    state = "<small>not read yet</small>" if text.unreviewed else "<small>was read</small>"
    return (
        f"<tr><td><code>{text.key}</code><br>{escape(purpose)}<br>{state}"
        f"<td>{'<hr>'.join(map(escape, english.forms))}"
        f'<td class=own lang="{code}" dir="{direction}">{own}<td>☐\n'
    )


def chosen(keys: Iterable[str], known: Collection[str]) -> tuple[list[str], list[str]]:
    """Return the known keys that are meant, and the words that mean none.

    keys: a key, the beginning of some and *, or @ and a file with one of these in each line.
    """
    words: list[str] = []
    for word in keys:
        lines = Path(word[1:]).read_text(encoding="utf-8").split() if word[0] == "@" else [word]
        words += lines
    meant = [key for key in known if any(fnmatchcase(key, word) for word in words)]
    return meant, [word for word in words if not any(fnmatchcase(key, word) for key in known)]


def flagged(source: str, keys: Collection[str], *, unread: bool) -> str:
    """Return the text of a .po file with the flag of these keys put there, or taken away."""
    return "\n\n".join(
        _flagged(block, unread=unread) if (key := _KEY.search(block)) and key[1] in keys else block
        for block in _BLOCK.split(source)
    )


def _flagged(block: str, *, unread: bool) -> str:
    flags = [
        flag.strip() for flag in ",".join(re.findall(r"^#,(.*)$", block, re.MULTILINE)).split(",")
    ]
    kept = [flag for flag in flags if flag and flag != _FLAG]
    line = f"#, {', '.join([_FLAG, *kept] if unread else kept)}\n" if unread or kept else ""
    bare = re.sub(r"^#,.*\n", "", block, flags=re.MULTILINE)
    return re.sub(r"^msgid ", f"{line}msgid ", bare, count=1, flags=re.MULTILINE)


def mark(code: str, keys: Collection[str], *, unread: bool, home: Path = HOME) -> None:
    """Put the flag on these texts of a language, or take it away: they hold for today's English."""
    for path in sorted((home / code).glob("*.po")):
        source = path.read_text(encoding="utf-8")
        path.write_text(flagged(source, keys, unread=unread), encoding="utf-8")
    if not unread:
        lock = word_marks.read_lock(code, home)
        left = {key: hashes for key, hashes in lock.items() if key not in keys}
        (home / code / word_marks.LOCK).write_text(word_marks.written(left), encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the page, or mark texts; 1 for a language or key that is not there."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("language", choices=[c for c in word_files.languages() if c != "en"])
    parser.add_argument("--out", type=Path, help="where to write the page (review-LANGUAGE.html)")
    parser.add_argument("--read", nargs="+", metavar="KEY", default=[])
    parser.add_argument("--unread", nargs="+", metavar="KEY", default=[])
    given = parser.parse_args(arguments)
    code = given.language
    good, wrong = generate_words.catalogues()
    if code not in good:
        sys.stderr.write("".join(f"{fault}\n" for fault in wrong))
        return 1
    texts = good[code]
    for words, unread in ((given.read, False), (given.unread, True)):
        keys, unknown = chosen(words, texts)
        if unknown:
            sys.stderr.write(f"There is no text {', '.join(unknown)}.\n")
            return 1
        if keys:
            mark(code, keys, unread=unread)
            sys.stdout.write(f"{len(keys)} texts marked as {'un' if unread else ''}read.\n")
    if given.read or given.unread:
        sys.stdout.write("Now: ./dev build\n")
        return 0
    out = given.out or Path(f"review-{code}.html")
    out.write_text(page(code, texts, good["en"], purposes()), encoding="utf-8")
    sys.stdout.write(f"{out}: open it in a browser and print it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
