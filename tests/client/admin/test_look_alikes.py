"""Names that could be taken for another organisation's."""

from __future__ import annotations

import pytest

from client.flows import look_alikes


@pytest.mark.parametrize(
    "name",
    [
        "OPEN DOOR",
        "Open-Door",
        "Ópen Dóor",
        "Ｏｐｅｎ Ｄｏｏｒ",
        "Open Door.",
        "Open  Door",
        "O p e n Door",
    ],
)
def test_P9_R21_a_name_in_other_dress_looks_alike(name: str) -> None:
    """Case, accents, forms of letters, marks and spaces make no other name."""
    assert look_alikes.alike(name, ["Night Lamp", "Open Door"]) == ["Open Door"]


@pytest.mark.parametrize("name", ["Open Doors", "Door Open", "Opening", ""])
def test_other_names_do_not_look_alike(name: str) -> None:
    """What has other letters is another name."""
    assert look_alikes.alike(name, ["Open Door"]) == []


@pytest.mark.parametrize("name", ["Оpen Door", "Open Dοor", "Nіght Lamp"])
def test_P9_R21_a_word_in_two_scripts_is_noticed(name: str) -> None:
    """A Cyrillic or Greek letter among Latin ones is how a name hides behind another's."""
    assert look_alikes.mixes_scripts(name)


@pytest.mark.parametrize(
    "name",
    ["Open Door 24", "Open 門 Door", "夜のランプ", "Ночная лампа", "열린문", "Casa Ñandú", ""],
)
def test_names_as_languages_write_them_are_not_flagged(name: str) -> None:
    """Several scripts in one name, but not in one word, are how bilingual groups write theirs."""
    assert not look_alikes.mixes_scripts(name)
