"""A language whose safety texts nobody has read is shown only where the operator says so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from server import assets, pages
from server.doctor import Machine, examine
from server.settings import FILE_NAME, BadSettings, Settings, from_table
from tests.server.edge import make_app
from words import catalogues

TRANSLATED = catalogues.codes()[1:]
PATHS = ("/", "/answers", "/about", "/plain")


@pytest.fixture(autouse=True)
def unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the catalogues say by now: all but English and Korean have a text nobody read."""
    real = catalogues.open_

    def opened(code: str) -> catalogues.Catalogue:
        keys = () if code in ("en", "ko") else ("consent.yes",)
        return replace(real(code), unread_safety=keys)

    monkeypatch.setattr(catalogues, "open_", opened)


def _shown(app_folder: Path, path: str, *accepted: str) -> set[str]:
    reader = make_app(app_folder, unreviewed_languages=accepted).test_client()
    text = reader.get(path).get_data(as_text=True)
    return {
        code for code in catalogues.codes() if f'lang="{code}" dir=' in text.partition("<main")[2]
    }


@pytest.mark.parametrize("path", PATHS)
def test_R16_a_language_with_unread_safety_texts_is_not_shown(tmp_path: Path, path: str) -> None:
    """English is never left out, nor is a language that somebody has read."""
    assert _shown(tmp_path, path) == {"en", "ko"}


@pytest.mark.parametrize("path", PATHS)
def test_R16_a_language_that_the_operator_names_is_shown(tmp_path: Path, path: str) -> None:
    """It and no other."""
    assert _shown(tmp_path, path, "es") == {"en", "ko", "es"}


def test_R16_the_way_out_names_only_what_is_shown(tmp_path: Path) -> None:
    """Nothing of the page is in a language that it does not offer."""
    text = make_app(tmp_path, unreviewed_languages=()).test_client().get("/").get_data(as_text=True)
    assert catalogues.open_("es").text("shared.leave") not in text
    assert catalogues.open_("ko").text("shared.leave") in text


def test_T24_with_every_language_the_pages_are_as_they_were_built(tmp_path: Path) -> None:
    """Byte for byte."""
    reader = make_app(tmp_path, unreviewed_languages=TRANSLATED).test_client()
    for path, name in (("/", "ask.html"), ("/answers", "answers.html"), ("/about", "about.html")):
        assert reader.get(path).data == (Path(assets.STATIC) / name).read_bytes()


@pytest.mark.parametrize("said", [["en"], ["xx"], ["es", "xx"], ["ES"], "es", [1], [""]])
def test_a_language_that_is_none_refuses_to_start(tmp_path: Path, said: object) -> None:
    """And says which setting it is."""
    with pytest.raises(BadSettings, match="unreviewed_languages"):
        from_table(
            {"database": "sqlite:///x", "keyring": "keys", "unreviewed_languages": said}, tmp_path
        )


def test_the_doctor_says_which_languages_are_not_shown_and_which_are_all_the_same(
    tmp_path: Path,
) -> None:
    """Each is named once, with what to do."""
    settings = Settings(
        database="postgresql+psycopg://x", keyring=tmp_path / "keys", unreviewed_languages=("es",)
    )
    settings.keyring.mkdir()
    (tmp_path / FILE_NAME).touch()
    said = [one.what for one in examine(settings, tmp_path, Machine())]
    assert sum("shown in es though" in one for one in said) == 1
    for code in TRANSLATED:
        assert any(f"not shown in {code}:" in one for one in said) == (code not in ("es", "ko"))


def test_R16_what_is_hidden_is_told_to_whoever_starts_it(tmp_path: Path) -> None:
    """By the same rule by which it is left out."""
    settings = Settings(database="sqlite:///x", keyring=tmp_path)
    assert {one.code for one in pages.hidden(settings)} == set(TRANSLATED) - {"ko"}
