"""The crosswalk to Open Eligibility: every need has its entry, and no term is made up."""

from __future__ import annotations

import re
import tomllib

import pytest

from words import HOME, BadWords, crosswalks, load

FILE = HOME / "crosswalks" / "open_eligibility.toml"
TEXT = FILE.read_text(encoding="utf-8")


def test_R18_every_need_has_an_entry_and_nothing_else_does() -> None:
    """Sub-choices too, in the order of needs.toml; an empty list says that no term fits."""
    written = [one["need"] for one in tomllib.loads(TEXT)["needs"]]
    assert written == [entry.code for entry in load("needs")]


def test_every_term_that_is_named_is_in_the_list_of_terms() -> None:
    """With the slug of the source, which has its ancestors in it, and the name it has there."""
    walk = crosswalks.open_eligibility()
    named = {slug for slugs in walk.needs.values() for slug in slugs}
    assert named == walk.terms.keys()
    for slug, term in walk.terms.items():
        assert re.fullmatch(r"human_services(:[a-z0-9_]+)+", slug)
        plain = re.sub(r"[^a-z0-9]+", "_", term.name.lower()).strip("_")
        assert slug.rsplit(":", 1)[1] == plain


def test_the_source_and_its_licence_are_named() -> None:
    """The terms are others' work, under a licence that asks for its name and for the same terms."""
    source = tomllib.loads(TEXT)["source"]
    assert source["licence"] == "CC-BY-SA-3.0"
    assert re.fullmatch(r"[0-9a-f]{40}", source["commit"])
    assert "https://creativecommons.org/licenses/by-sa/3.0/" in TEXT


def test_a_need_without_a_term_has_those_of_the_need_that_it_narrows() -> None:
    """And a number that no version knows has none."""
    walk = crosswalks.open_eligibility()
    bail = load("needs").by_code("criminal_bail")
    home = load("needs").by_code("go_home")
    assert bail is not None
    assert home is not None
    assert [term.name for term in walk.of(bail.id)] == ["Representation"]
    assert walk.of(home.id) == ()
    assert walk.of(65_535) == ()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('need = "go_home"', 'need = "come_home"', "without entry, or no need"),
        ('need = "go_home"', 'need = "money"', "stands twice"),
        ('"human_services:food", "human_services:goods"', '"human_services:food"', "unused"),
        ('terms = ["human_services:care:physical_safety"]', 'terms = ["x"]', "not in the list"),
        ('slug = "human_services:food"', 'slug = "human_services:goods"', "stands twice"),
        ('name = "Food"\n', "", "lacks 'name'"),
        ("[source]", "[sauce]", "lacks 'source'"),
        ("[source]", "[source", "open_eligibility"),
    ],
)
def test_a_broken_crosswalk_is_refused(old: str, new: str, why: str) -> None:
    """With what is wrong in it."""
    assert old in TEXT
    with pytest.raises(BadWords, match=why):
        crosswalks.parse("open_eligibility.toml", TEXT.replace(old, new))
