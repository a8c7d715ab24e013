"""Sheets as the page for members prints them, in a bare page: no server, no organisation, no keys.

The module and the styles are those that are built into the page. Codes are made up, and as long as
real ones.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.constants import CODE_BYTES
from tests.server.serving import ROOT
from tests.web.browser import NODE
from tools import word_files
from tools.generate_words import for_pages

Form = Literal["cards", "strips"]
Paper = Literal["a4", "letter"]
FORMS: tuple[Form, ...] = ("cards", "strips")
PAPERS: tuple[Paper, ...] = ("a4", "letter")
ON_A_PAGE = {"cards": 10, "strips": 12}
SIZES_MM = {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
ADDRESS = "https://notes.example.org/"
ONION = f"http://{'pg6mmjiyjmcrsslvykfwnntlaru7p5svn6y2ymmju6nubxndf4pscryd'}.onion/"
"""As long as an address of Tor is."""
LAST_DAY = 20_779
"""22 November 2026."""

_ESBUILD = ROOT / "web" / "node_modules" / "esbuild" / "bin" / "esbuild"
_PAGES = ROOT / "web" / "pages"
_PAGE = (
    '<!doctype html><html lang="en" dir="ltr"><meta charset="utf-8"><title>Notes</title>'
    '<body><main id="main"><div class="screen"></div></main></html>'
)
_GIVEN = f"""
import decode from 'qr/decode.js';
import {{ sheet }} from {json.dumps(str(_PAGES / "sheet.js"))};
import {{ Words }} from {json.dumps(str(_PAGES / "words.js"))};
globalThis.decode = decode;
globalThis.lay = ({{ cards, address, form, paper, file, cover }}) => {{
  const words = file ? new Words(file) : undefined;
  document.querySelector('.screen').replaceChildren(
    sheet(cards, address, {{ form, paper, words, cover }}));
}};
"""


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have words for sheets."""
    return word_files.languages()


@cache
def codes(count: int) -> list[dict[str, Any]]:
    """Return so many cards."""
    secrets = [hashlib.sha256(b"%d" % number).digest()[:CODE_BYTES] for number in range(count)]
    return [
        {
            "symbols": code_text.symbols(secret, Kind.CODE),
            "digits": code_text.digits(secret, Kind.CODE),
            "last_day": LAST_DAY,
        }
        for secret in secrets
    ]


@cache
def words_file(language: str) -> dict[str, Any]:
    """Return what the page for members loads for cards in a language."""
    made: dict[str, Any] = json.loads(for_pages("sheet", language, word_files.read(language)))
    return made


@cache
def built() -> tuple[str, str]:
    """Return the module and the styles, bundled as those of the page are."""
    run: list[str | Path] = [NODE, _ESBUILD, "--bundle", "--log-level=error"]
    made = subprocess.run(
        [*run, "--format=iife", "--target=es2022"],
        input=_GIVEN, cwd=ROOT / "web", capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    styles = [
        subprocess.run(
            [*run, _PAGES / name], capture_output=True, text=True, check=True, timeout=60
        ).stdout
        for name in ("page.css", "inbox.css")
    ]
    return made.stdout, "\n".join(styles)


@dataclass(frozen=True)
class Printer:
    """A page that lays sheets out, shown as it is printed."""

    page: Page

    def lay(
        self,
        form: Form,
        paper: Paper,
        language: str | None,
        *,
        count: int = 20,
        address: str = ADDRESS,
        cover: str | None = None,
    ) -> None:
        """Lay out a sheet in place of the one before."""
        given = {
            "cards": codes(count), "address": address, "form": form, "paper": paper,
            "file": words_file(language) if language else None, "cover": cover,
        }  # fmt: skip
        self.page.evaluate("(given) => lay(given)", given)

    def pdf(self, file: Path) -> bytes:
        """Print to a file, on the paper that the sheet asks for."""
        return self.page.pdf(path=file, prefer_css_page_size=True)


@contextmanager
def printer(browser: Browser, scale: int = 1) -> Iterator[Printer]:
    """Give a page for sheets, and close it at the end of the block; `scale`: dots for a px."""
    script, styles = built()
    context = browser.new_context(
        viewport={"width": 816, "height": 1120}, device_scale_factor=scale
    )
    try:
        page = context.new_page()
        page.set_content(_PAGE)
        page.add_style_tag(content=styles)
        page.add_script_tag(content=script)
        page.emulate_media(media="print")
        yield Printer(page)
    finally:
        context.close()
