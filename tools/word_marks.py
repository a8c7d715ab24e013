"""Which texts nobody has read since they were made: flags, changed English, and what weighs most.

`words/catalogues/<language>/english.lock` has a line for each text: its key, a hash of the English
that it was made from, and a hash of itself. A translation that changed was made from the English of
today; one that stayed while its English changed is outdated, and counts as unreviewed until
somebody changes it, or says that it still holds (`./dev review LANGUAGE --read KEY`).
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Final

from tools.word_files import HOME, ROOT, BadCatalogue, Text

LOCK: Final = "english.lock"
SAFETY: Final = ROOT / "words" / "safety.toml"
# Pages of people who come to work with them, and can ask in another language: they hide none.
AT_WORK: Final = ("apply", "inbox", "vetting")
_HEAD = "# Made by ./dev build: key, hash of the English it was made from, hash of the text.\n"

Texts = Mapping[str, Text]
# Key -> (hash of its English, hash of itself).
Lock = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Safety:
    """Keys, with `*` for any end, of texts that can hurt somebody; and how."""

    keys: tuple[str, ...]
    reason: str


def read_lock(code: str, home: Path = HOME) -> Lock:
    """Return what the translations of a language were made from; {} where nothing says so.

    Raises BadCatalogue for a line that has no form of one.
    """
    path = home / code / LOCK
    if not path.is_file():
        return {}
    found: Lock = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        match line.split(" "):
            case [key, english, own] if key not in found:
                found[key] = (english, own)
            case _:
                raise BadCatalogue(f"{code}/{LOCK}: {line!r} has no form of a line")
    return found


def lock_of(texts: Texts, english: Texts, before: Lock) -> Lock:
    """Return the lock of texts as they are now: what stayed keeps the English it was made from."""
    now: Lock = {}
    for key, text in texts.items():
        own = _hash(text)
        made_from, was = before.get(key, ("", ""))
        now[key] = (made_from if was == own else _hash(english[key]), own)
    return now


def outdated(english: Texts, lock: Lock) -> list[str]:
    """Return the keys whose English is another than the one that the text was made from."""
    return [key for key, (made_from, _) in lock.items() if made_from != _hash(english[key])]


def marked(texts: Texts, english: Texts, lock: Lock) -> dict[str, Text]:
    """Return the texts, those that are outdated with the flag."""
    old = set(outdated(english, lock))
    return {k: replace(text, unreviewed=True) if k in old else text for k, text in texts.items()}


def written(lock: Lock) -> str:
    """Return the text of a lock's file, in the order of the keys."""
    return _HEAD + "".join(f"{key} {' '.join(lock[key])}\n" for key in sorted(lock))


@cache
def safety(path: Path = SAFETY) -> tuple[Safety, ...]:
    """Return the texts that weigh most, in the order in which they are to be read."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(Safety(tuple(one["keys"]), one["reason"]) for one in told["safety"])


def why(key: str) -> Safety | None:
    """Return what a mistake in this text does, or None for one that hurts nobody."""
    found = (one for one in safety() if any(fnmatchcase(key, form) for form in one.keys))
    return next(found, None)


def unread_safety(texts: Iterable[Text]) -> list[str]:
    """Return the keys of safety texts that a person or a peer sees and that nobody has read."""
    hers = (text for text in texts if text.domain not in AT_WORK)
    return [text.key for text in hers if text.unreviewed and why(text.key)]


def _hash(text: Text) -> str:
    return hashlib.sha256("\0".join(text.forms).encode()).hexdigest()[:12]
