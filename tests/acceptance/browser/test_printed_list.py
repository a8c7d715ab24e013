"""The list of organisations on paper: whole in every language, and nothing is fetched or run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from client import directory_page
from crypto.public.profile import Profile
from tests.acceptance.browser import hostile
from tests.acceptance.browser.test_axe import violations
from tests.acceptance.browser.test_sheets import pages_of
from tests.client.directory.scenes import TIED, directory, offered, organisation
from words import catalogues

pytestmark = pytest.mark.needs("chromium", "node")

LANGUAGES = catalogues.codes()
PAPERS = {"A4": (210.0, 297.0), "Letter": (215.9, 279.4)}
FULL = Profile(
    kind=(11,), services=tuple(offered("needs")[:20]), police_ties=tuple(offered("police_tie")),
    funding=tuple(offered("funding")), reporting=tuple(offered("reporting")),
    languages=tuple(offered("languages")[:12]), accepts=tuple(offered("accepts")),
    regions=tuple(offered("regions")[:7]),
)  # fmt: skip
"""All that can be said at once."""

# What is wider than the paper, and rows whose heading is beside another row's text.
_FAULTS = """() => {
  const paper = document.documentElement.clientWidth;
  return [...document.querySelectorAll('h1, h2, p, dt, dd, bdi')]
    .filter((one) => {
      const box = one.getBoundingClientRect();
      return box.left < -0.5 || box.right > paper + 0.5 || !box.width || !box.height;
    })
    .map((one) => one.textContent);
}"""


class Parts(HTMLParser):
    """Names of elements and attributes, and what addresses stand in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}


@pytest.fixture
def paper(chromium: Browser) -> Iterator[Page]:
    """A page as wide as A4 between its margins, without a network."""
    context = chromium.new_context(
        viewport={"width": 688, "height": 1000}, offline=True, java_script_enabled=True
    )
    try:
        yield context.new_page()
    finally:
        context.close()


def made(code: str, *names: str) -> str:
    """The page in a language, with organisations of these names that say all they can."""
    shown = [organisation(name, FULL, capacity=3) for name in names or ("Open Door",)]
    return directory_page.page(
        directory(*shown, organisation("Ties", TIED)), catalogues.open_(code)
    )


def faults(page: Page) -> list[str]:
    """What is cut off or has no size."""
    found: Any = page.evaluate(_FAULTS)
    return [str(one) for one in found]


@pytest.mark.parametrize("code", LANGUAGES)
def test_R22_ties_and_money_stand_first_in_every_language(paper: Page, code: str) -> None:
    """Then what must be reported, then the rest; all choices in the language; nothing cut off."""
    texts = catalogues.open_(code)
    paper.set_content(made(code))
    first = paper.locator("article").first
    headings = first.locator("dt").all_inner_texts()
    keys = ("police", "funding", "reporting", "services", "accepts", "languages", "regions")
    assert headings == [texts.text(f"plain.listed.{key}") for key in keys]
    ties = first.locator("dd").first.inner_text()
    for number in FULL.police_ties:
        assert (texts.choice("police_tie", number) or "?") in ties
    assert paper.locator("html").get_attribute("dir") == texts.direction
    assert faults(paper) == []


def test_what_is_cut_off_is_noticed(paper: Page) -> None:
    """A text that may not wrap is found to be wider than the paper."""
    paper.set_content(made("th").replace("overflow-wrap: anywhere", "white-space: nowrap"))
    assert faults(paper) == []  # the style that was changed is not the one that the page allows
    paper.goto("about:blank")  # else the policy of the page before would hold
    paper.set_content(
        re.sub(r"<meta http-equiv[^>]*>", "", made("th")).replace(
            "overflow-wrap: anywhere", "white-space: nowrap"
        )
    )
    assert faults(paper) != []


@pytest.mark.parametrize("size", PAPERS)
@pytest.mark.parametrize("code", ["ar", "hi", "th", "en"])
def test_it_is_printed_on_either_paper(paper: Page, tmp_path: Path, code: str, size: str) -> None:
    """Sixty organisations on so many pages, each as large as the paper."""
    paper.set_content(made(code, *(f"Organisation {n}" for n in range(60))))
    pages = pages_of(paper.pdf(path=tmp_path / "made.pdf", format=size))
    assert 20 <= len(pages) <= 80
    for page in pages:
        assert page == pytest.approx(PAPERS[size], abs=0.5)


@pytest.mark.parametrize("code", LANGUAGES)
def test_T61_the_page_asks_for_nothing_and_runs_nothing(paper: Page, code: str) -> None:
    """No script, no address to fetch, a policy that forbids both; and a title that says nothing."""
    text = made(code)
    parts = Parts(text)
    assert not parts.tags & {"script", "link", "img", "a", "form", "iframe", "svg", "object"}
    assert not parts.names & {"src", "href", "style", "action", "onload", "srcset"}
    assert "http:" not in text
    assert "https:" not in text
    asked: list[str] = []
    paper.on("request", lambda request: asked.append(request.url))
    paper.set_content(text)
    assert asked == []
    assert paper.title() == "·"
    assert "default-src 'none'" in text
    # The style that is allowed by its hash is the one that is there.
    assert paper.evaluate("getComputedStyle(document.querySelector('dl')).display") == "grid"


@pytest.mark.parametrize("code", ["en", "ar"])
def test_T60_what_an_organisation_is_called_is_text(paper: Page, code: str) -> None:
    """Hundreds of names with markup, addresses and formulas stand there and do nothing."""
    names = [name for name in hostile.texts(300) if name.strip()]
    paper.set_content(made(code, *names))
    shown = paper.locator("h2 bdi").all_text_contents()
    assert shown[: len(names)] == [name.replace("\r\n", "\n").replace("\r", "\n") for name in names]
    assert paper.evaluate(f"globalThis.{hostile.MARK}") is None
    assert paper.locator("script, img, iframe, form, svg, base, link").count() == 0


def test_R23_T61_no_place_and_no_key_stands_on_the_paper() -> None:
    """Names, choices and days; not a key, an id or an address."""
    one = organisation("Open Door", FULL)
    text = directory_page.page(directory(one), catalogues.open_("en"))
    assert one.statement.organisation.hex() not in text
    assert "@" not in re.sub(r"@page", "", text)
    assert re.findall(r"\d{4}-\d{2}-\d{2}", text)


def test_days_and_what_nobody_has_read_are_said() -> None:
    """When it was made, until when each listing holds, and that a machine wrote the language."""
    for code in LANGUAGES:
        texts = catalogues.open_(code)
        text = made(code)
        assert (texts.text("shared.unreviewed") in text) == texts.unreviewed
        assert len(re.findall(r"\u2068\d{4}-\d{2}-\d{2}\u2069", text)) == 3


@pytest.mark.parametrize("code", ["en", "ar"])
def test_R16_a_screen_reader_finds_its_way(paper: Page, code: str) -> None:
    """Axe finds nothing, in both directions."""
    paper.set_content(re.sub(r"<meta http-equiv[^>]*>", "", made(code)))
    assert violations(paper) == []
