"""The criteria of vetting: all sixteen, with those that block, in words that nobody has to fear."""

from __future__ import annotations

import re

import pytest

import words
from crypto import constants as c
from tools import word_files
from tools.word_files import ROOT
from words import banned, vetting


def test_R21_all_sixteen_are_there_and_those_that_block_are_the_protocols() -> None:
    """V1 to V16 in order; the blocking ones are those without which no client signs."""
    criteria = vetting.load().criteria
    assert [one.number for one in criteria] == list(range(1, c.VETTING_CRITERIA + 1))
    assert tuple(one.number for one in criteria if one.blocking) == c.VETTING_BLOCKING
    assert vetting.load().of(7).name == "V7"


def test_R21_each_says_what_shows_it_and_where_it_comes_from() -> None:
    """A question ends as one; evidence and source are never left out; a source names a line."""
    for one in vetting.load().criteria:
        assert one.question.endswith("?")
        assert one.evidence.endswith(".")
        assert "L" in one.source


def test_R19_R20_no_banned_word_and_the_caution_on_working_with_police() -> None:
    """What admins and organisations read uses none; the caution says what is really asked."""
    found = vetting.load()
    texts = [text for one in found.criteria for text in (one.question, one.evidence, one.source)]
    assert [text for text in (*texts, found.caution) if banned.find(text)] == []
    assert "whose decision" in found.caution


@pytest.mark.parametrize(
    "text",
    [
        "",
        "caution = 1",
        'caution = "x"\ncriterion = 1',
        'caution = "x"\nmore = 1\n[[criterion]]\n',
        'caution = "x"\n[[criterion]]\nnumber = 2\nblocking = true\nquestion = "a?"\n'
        'evidence = "b."\nsource = "L1"\n',
        'caution = "x"\n[[criterion]]\nnumber = 1\n',
    ],
)
def test_a_file_that_breaks_a_rule_is_refused(text: str) -> None:
    """No caution, no list, an unknown key, a number out of place, a missing part."""
    with pytest.raises(words.BadWords):
        vetting.parse(text)


def test_R21_the_page_asks_what_the_data_asks_and_names_the_same_sources() -> None:
    """Question and evidence word for word; places in the texts stand beside them, not in them."""
    texts = word_files.read("en")
    found = vetting.load()
    for one in found.criteria:
        assert texts[f"vetting.criterion.{one.number}"].forms == (one.question,)
        assert texts[f"vetting.evidence.{one.number}"].forms == (one.evidence,)
    plain = re.sub(r" ?\([^()]*[LD]\d[^()]*\)", "", found.caution)
    assert texts["vetting.caution"].forms == (plain,)
    script = (ROOT / "web" / "pages" / "vetting_rules.js").read_text(encoding="utf-8")
    listed = script.partition("const SOURCES = [\n")[2].partition("\n];")[0]
    sources = [line.strip()[1:-2].replace("\\'", "'") for line in listed.splitlines()]
    assert sources == [one.source for one in found.criteria]
