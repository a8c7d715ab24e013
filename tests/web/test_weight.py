"""What a phone has to load before somebody can ask, as it travels."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from server import assets
from words import catalogues

FIRST = ("ask.html", "page.css", "start.js")
FIRST_MOST = 15 * 1024  # bytes, gzip: what stands on the screen before a language is chosen
SHORT_MOST = 40 * 1024  # bytes, brotli: all that is loaded between a code and "sent"
REQUESTS_MOST = 5


def size(name: str, coding: str) -> int:
    """Return how many bytes of a file travel."""
    return len(assets.load()[name].packed[coding])


def of_short_way(code: str) -> list[str]:
    """Return the files of the short way in a language."""
    return [*FIRST, "ask.js", f"words.ask.{code}.json"]


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_the_first_screen_is_small(coding: str) -> None:
    """Page, style sheet and what begins: at most 15 KB."""
    assert sum(size(name, coding) for name in FIRST) <= FIRST_MOST


@pytest.mark.parametrize("code", catalogues.codes())
def test_the_short_way_is_small(code: str) -> None:
    """With everything, sealing included: at most 40 KB and 5 requests, in every language."""
    found = [size(name, "br") for name in of_short_way(code)]
    assert len(found) <= REQUESTS_MOST
    assert sum(found) <= SHORT_MOST


def test_sha_512_comes_from_the_browser() -> None:
    """Its table of constants is in none of the scripts: only Ed25519 needs it, to verify."""
    for name in ("ask.js", "rest.js", "answers.js"):
        script = (Path(assets.STATIC) / name).read_text(encoding="utf-8")
        assert "SHA-512" in script or name == "rest.js"
        assert not re.search("428a2f98d728ae22|4794697086780616226", script, re.IGNORECASE), name


def test_what_is_needed_at_once_is_compiled_while_it_arrives() -> None:
    """V8 reads the hint where it stands first; what another visit needs only in part has none."""
    hinted = [one for one in Path(assets.STATIC).glob("*.js") if one.read_text().startswith("//#")]
    assert [one.name for one in hinted] == ["ask.js"]
    assert hinted[0].read_text().startswith("//# allFunctionsCalledOnLoad\n")


def test_the_page_loads_these_files_and_no_other() -> None:
    """What is counted above is what the page, the beginning and the short way name."""
    static = Path(assets.STATIC)
    page = (static.parent / "templates" / "base.html").read_text(encoding="utf-8")
    assert re.findall(r'(?:src|href)="(/static/[^"]+)"', page) == [
        "/static/page.css", "/static/start.js",
    ]  # fmt: skip
    for name, loads in (("start.js", 1), ("ask.js", 1), ("rest.js", 1), ("answers.js", 0)):
        script = (static / name).read_text(encoding="utf-8")
        assert len(re.findall(r"\bimport\(", script)) == loads, name
        assert not re.search(r"(?:^|;)import\b(?!\()", script), name
