"""Which keys the pages use: every text in quotes that has the form of a key of ours."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from tools.word_files import ROOT

# A key may have a part that is worked out: `trouble.${kind}`, f"plain.kept.{what}".
_PART = r"(?:[a-z0-9_]+|\$?\{[^{}]+\})"
_QUOTED_KEY = re.compile(rf"([\"'`])([a-z][a-z0-9_]*(?:\.{_PART})+)\1")
_HOLE = re.compile(r"(?:\\\$)?\\\{.+?\\\}")
_COMMENT = re.compile(r"^\s*(?://|/?\*).*$", re.MULTILINE)
_FILES = (".css", ".html", ".js", ".json", ".po", ".txt")


def sources(root: Path = ROOT) -> list[Path]:
    """Return the files that may use a key: pages, templates, what fills them, what is printed."""
    patterns = ("web/pages/*.js", "server/templates/*.html", "server/pages*.py")
    besides = ("server/services/page*.py", "client/sheet.py", "client/directory_page.py")
    return sorted(path for pattern in (*patterns, *besides) for path in root.glob(pattern))


def uses(source: str, families: Collection[str]) -> set[str]:
    """Return what one source uses, keys and keys with holes.

    source: JavaScript, Jinja or Python. families: the first parts that keys have; a quoted text
    with another first part, or one that names a file, is no key.
    """
    quoted = (text for _, text in _QUOTED_KEY.findall(_COMMENT.sub("", source)))
    return {t for t in quoted if t.partition(".")[0] in families and not t.endswith(_FILES)}


def unknown(used: Iterable[str], known: Collection[str]) -> list[str]:
    """Return what is used and matches no key."""
    return sorted(use for use in used if not any(pattern(use).fullmatch(key) for key in known))


def unused(used: Iterable[str], known: Iterable[str]) -> list[str]:
    """Return the keys that nothing uses."""
    patterns = [pattern(use) for use in used]
    return sorted(key for key in known if not any(one.fullmatch(key) for one in patterns))


def pattern(use: str) -> re.Pattern[str]:
    """Return what a use matches: itself, with one part of a key in each hole."""
    return re.compile(_HOLE.sub("[a-z0-9_]+", re.escape(use)))
