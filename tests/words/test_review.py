"""Reading a language on paper, and what comes back from it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tools import review, word_files, word_marks
from tools.generate_words import catalogues
from tools.word_files import HOME

GOOD = catalogues()[0]
PO = """# Head.
msgid ""
msgstr ""
"Language: es\\n"

#, unreviewed
msgid "a.b"
msgstr "uno"

#. What for.
#, unreviewed, max-length:9
msgid "a.c"
msgstr "dos"

msgid "a.d"
msgstr "tres"
"""


@pytest.mark.parametrize("code", [code for code in GOOD if code != "en"])
def test_R16_the_page_has_every_text_with_its_english(code: str) -> None:
    """Each once, in its own direction, those that can hurt somebody first."""
    made = review.page(code, GOOD[code], GOOD["en"], review.purposes())
    places = [made.index(f"<code>{key}</code>") for key in GOOD[code]]
    assert len(set(places)) == len(places) == made.count("<code>")
    safety, rest = made.split("<h2>Everything else.</h2>")
    for key in GOOD[code]:
        assert f"<code>{key}</code>" in (safety if word_marks.why(key) else rest)
    assert made.count('dir="rtl"') == (len(places) if code == "ar" else 0)


def test_R16_what_a_text_is_for_stands_beside_it() -> None:
    """As the English catalogue says it."""
    told = review.purposes()
    assert "paper" in told["ask.code.title"].lower() or told["ask.code.title"]
    assert sum(bool(said) for said in told.values()) > 100


def test_R16_a_text_that_was_read_loses_its_flag_and_nothing_else() -> None:
    """Other flags and all other lines stay as they are; putting it back gives the file again."""
    made = review.flagged(PO, ["a.b", "a.c", "a.d"], unread=False)
    assert made == PO.replace("#, unreviewed\n", "").replace("unreviewed, ", "")
    assert review.flagged(made, ["a.b", "a.c"], unread=True) == PO
    assert review.flagged(PO, [], unread=False) == PO


def test_R16_marking_holds_for_the_english_of_today(tmp_path: Path) -> None:
    """A text that was outdated is read, and so made from what English says now."""
    for code in ("en", "es"):
        shutil.copytree(HOME / code, tmp_path / code)
    lock = word_marks.read_lock("es", tmp_path)
    lock["shared.leave"] = ("000000000000", lock["shared.leave"][1])
    (tmp_path / "es" / word_marks.LOCK).write_text(word_marks.written(lock), encoding="utf-8")
    assert catalogues(tmp_path)[0]["es"]["shared.leave"].unreviewed
    review.mark("es", ["shared.leave"], unread=False, home=tmp_path)
    assert not catalogues(tmp_path)[0]["es"]["shared.leave"].unreviewed
    review.mark("es", ["shared.leave"], unread=True, home=tmp_path)
    assert word_files.read("es", tmp_path)["shared.leave"].unreviewed


def test_a_key_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """And nothing is marked."""
    assert review.main(["es", "--read", "shared.leave", "no.such"]) == 1
    assert "no.such" in capsys.readouterr().err
    assert GOOD["es"]["shared.leave"].unreviewed == catalogues()[0]["es"]["shared.leave"].unreviewed


def test_keys_are_named_by_their_beginning_or_by_a_file(tmp_path: Path) -> None:
    """One in each line, as a list comes back from paper."""
    (tmp_path / "back").write_text("a.b\na.c\n", encoding="utf-8")
    known = ["a.b", "a.c", "a.d", "b.a"]
    assert review.chosen([f"@{tmp_path / 'back'}"], known) == (["a.b", "a.c"], [])
    assert review.chosen(["a.*", "x"], known) == (["a.b", "a.c", "a.d"], ["x"])
