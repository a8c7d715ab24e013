"""What nobody has read since it was made: flags, changed English, and what weighs most."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

from tools import generate_words
from tools.word_files import BadCatalogue, Text
from tools.word_marks import (
    LOCK,
    lock_of,
    marked,
    outdated,
    read_lock,
    safety,
    unread_safety,
    why,
    written,
)


def _text(key: str, *forms: str, unreviewed: bool = False) -> Text:
    return Text(key=key, domain="ask", forms=forms, unreviewed=unreviewed)


ENGLISH = {"a.b": _text("a.b", "Send it"), "a.c": _text("a.c", "Do not send it")}
SPANISH = {"a.b": _text("a.b", "Enviar"), "a.c": _text("a.c", "No enviar")}
CHANGED = ENGLISH | {"a.c": _text("a.c", "Send it later")}


def test_R16_a_translation_is_made_from_the_english_that_it_began_with() -> None:
    """Nothing is outdated at first, and making the lock again changes nothing."""
    lock = lock_of(SPANISH, ENGLISH, {})
    assert outdated(ENGLISH, lock) == []
    assert lock_of(SPANISH, ENGLISH, lock) == lock


def test_R16_changed_english_makes_its_translation_count_as_unreviewed() -> None:
    """It stays outdated however often the lock is made again, and only it does."""
    lock = lock_of(SPANISH, CHANGED, lock_of(SPANISH, ENGLISH, {}))
    assert outdated(CHANGED, lock) == ["a.c"]
    found = marked(SPANISH, CHANGED, lock)
    assert [key for key, text in found.items() if text.unreviewed] == ["a.c"]
    assert lock_of(found, CHANGED, lock) == lock


def test_R16_a_translation_that_follows_is_of_today_again() -> None:
    """Whoever changes it has seen the English of today."""
    before = lock_of(SPANISH, ENGLISH, {})
    followed = SPANISH | {"a.c": _text("a.c", "Enviar luego")}
    assert outdated(CHANGED, lock_of(followed, CHANGED, before)) == []
    back = lock_of(SPANISH, ENGLISH, lock_of(SPANISH, CHANGED, before))
    assert outdated(ENGLISH, back) == []


def test_R16_a_lock_is_read_as_it_was_written(tmp_path: Path) -> None:
    """And one whose lines have another form is refused."""
    (tmp_path / "es").mkdir()
    assert read_lock("es", tmp_path) == {}
    lock = lock_of(SPANISH, ENGLISH, {})
    (tmp_path / "es" / LOCK).write_text(written(lock), encoding="utf-8")
    assert read_lock("es", tmp_path) == lock
    for wrong in ("a.b 1", "a.b 1 2 3", "a.b 1 2\na.b 1 2", ""):
        (tmp_path / "es" / LOCK).write_text(wrong + "\n", encoding="utf-8")
        with pytest.raises(BadCatalogue, match=r"es/english\.lock"):
            read_lock("es", tmp_path)


def test_R16_the_committed_locks_are_those_of_the_catalogues() -> None:
    """No text is there without the English that it was made from."""
    good, _ = generate_words.catalogues()
    for path, text in generate_words.locks(good).items():
        assert path.read_text(encoding="utf-8") == text


def test_R16_every_safety_text_is_there() -> None:
    """No line of words/safety.toml names a key that no catalogue has."""
    keys = generate_words.catalogues()[0]["en"].keys()
    for one in safety():
        assert one.reason.endswith(".")
        for form in one.keys:
            assert any(fnmatchcase(key, form) for key in keys), form


@pytest.mark.parametrize(
    "key",
    ["consent.yes", "police_tie.none", "never.police", "ask.done.title", "answers.withdraw.yes"],
)
def test_R12_what_can_hurt_somebody_is_a_safety_text(key: str) -> None:
    """Her yes, police ties, what must never be done, sent or not, taking back."""
    assert why(key) is not None


def test_R16_only_unread_safety_texts_are_told() -> None:
    """A button that says "Back" hurts nobody, and a text that was read is none of them."""
    texts = [
        _text("consent.yes", "x", unreviewed=True),
        _text("consent.own", "x"),
        _text("shared.back", "x", unreviewed=True),
    ]
    assert unread_safety(texts) == ["consent.yes"]
    assert unread_safety(replace(text, unreviewed=False) for text in texts) == []


@pytest.mark.parametrize("domain", ["apply", "inbox", "vetting"])
def test_R16_what_people_at_work_see_hides_no_language_from_her(domain: str) -> None:
    """The same text counts where she sees it, and not on a page of organisations and admins."""
    text = _text("consent.yes", "x", unreviewed=True)
    assert unread_safety([replace(text, domain="ask")]) == ["consent.yes"]
    assert unread_safety([replace(text, domain=domain)]) == []
