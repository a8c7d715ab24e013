"""`towpath admin languages`: an admin sees which languages wait for people to read them."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from client.cli.admin import admin
from words import catalogues
from words.catalogues import Catalogue


def _said(*words: str) -> str:
    done = CliRunner().invoke(admin, ["languages", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_R16_every_language_is_named_with_what_nobody_has_read() -> None:
    """English is read; the numbers are those by which a server shows a language or not."""
    said = json.loads(_said("--json"))["unread_safety_texts"]
    assert said == {code: len(catalogues.open_(code).unread_safety) for code in catalogues.codes()}
    assert said["en"] == 0
    assert len(said) == 16
    assert "Spanish: " in _said()


def test_R16_a_language_that_was_read_is_said_to_be(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is counted for it any more."""
    read = Catalogue(
        code="es", direction="ltr", unreviewed=False, unread_safety=(), texts={}, choices={}
    )
    given = catalogues.open_
    monkeypatch.setattr(catalogues, "open_", lambda code: read if code == "es" else given(code))
    assert "Spanish: read" in _said()
