"""Makes docs/screens: `./dev screenshots [--only LANGUAGE] [--png FOLDER] [--paper]`.

It founds a network in a temporary folder, walks through every screen of the pages in Chromium, in
three languages, and lays what it saw out on contact sheets: one for each language, width and
scheme. A sheet is itself a page that Chromium photographs, so no library for pictures is needed.
The dashed line on a screen of a phone is where a small one ends (320 x 568). With --paper only the
sheets of codes are made as they are printed: cards beside strips, one picture of each script.

Codes, receipts and days are other ones each time, so the files are too. docs/screens/README.md,
which says what a frightened person would stumble over, is written by hand.
"""

from __future__ import annotations

import argparse
import base64
import html
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from tests.acceptance import command, deployment
from tests.acceptance.browser import chromium, sheets
from tests.acceptance.browser.every_screen import Tour, prepare
from tests.acceptance.browser.phone import phone_of
from tests.acceptance.deployment import Baked

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "screens"
LANGUAGES = ("en", "ko", "ar")
WIDTHS = (320, 1024)
SCHEMES = ("light", "dark")

_SMALL_HEIGHT = 568  # CSS pixels, of a small phone
_LONGEST = 1900  # what is longer than this is cut
# How large a screen stands on its sheet, and how many stand beside each other, by width.
_SCALE = {320: 0.62, 1024: 0.3}
_COLUMNS = {320: 10, 1024: 8}
_GAP = 12
# Where a small phone ends, as a line on each screen.
_EDGE = "div::after{{content:'';position:absolute;inset:{at} 0 auto;border-top:1px dashed red}}"
# Sheets of codes are shown in each of these, a little smaller than on paper.
_PRINTED = ("en", "ar", "th", "hi", "zh-Hans", "ko", "ru")
_PAPER_SCALE = 0.85
_QUALITY = 40
_README_QUALITY = 72
# What stands in the README: the name of the file, language, scheme and screen.
_TELLING = (
    ("readme-needs.webp", "ko", "light", "ask needs"),
    ("readme-reader.webp", "en", "light", "ask reader"),
    ("readme-receipt.webp", "ar", "dark", "ask receipt"),
)


@dataclass(frozen=True)
class Shot:
    """One screen as it was photographed."""

    screen: str
    width: int
    scheme: str
    png: bytes


def main() -> None:
    """Make the sheets and the README's three pictures."""
    parser = argparse.ArgumentParser(prog="./dev screenshots", description="Make docs/screens.")
    parser.add_argument("--only", choices=LANGUAGES, help="one language only")
    parser.add_argument("--png", type=Path, help="each screen as a file of its own here, too")
    parser.add_argument("--paper", action="store_true", help="the sheets of codes only")
    asked = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    if asked.paper:
        with _chromium() as browser:
            _papers(browser)
        return
    with tempfile.TemporaryDirectory() as folder, _chromium() as browser:
        print("Founding a network ...")
        place = Path(folder)
        (place / "baked").mkdir()
        baked = deployment.found(place / "baked")
        for language in [asked.only] if asked.only else LANGUAGES:
            shots = _walk(browser, baked, place / language, language)
            _lay_out(browser, shots, language)
            if asked.png:
                _keep(shots, asked.png / language)
        _papers(browser)
    size = sum(one.stat().st_size for one in OUT.iterdir())
    print(f"{OUT.relative_to(ROOT)}: {size / 1e6:.1f} MB")


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program(), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def _walk(browser: Browser, baked: Baked, folder: Path, language: str) -> list[Shot]:
    """Walk through everything in one language, and photograph each screen in every look."""
    at = deployment.copy_of(baked, folder)
    shots: list[Shot] = []
    try:
        with command.devices(at.days), phone_of(browser, at, touch=False) as phone:
            prepare(at)
            for screen in Tour(phone, at, language).everything():
                print(f"{language}: {screen}")
                shots += _looks(phone.page, screen, language)
    finally:
        at.close()
    return shots


def _looks(page: Page, screen: str, language: str) -> Iterator[Shot]:
    for width in WIDTHS:
        page.set_viewport_size(
            {"width": width, "height": _SMALL_HEIGHT if width == WIDTHS[0] else 720}
        )
        for scheme in SCHEMES:
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            yield Shot(screen, width, scheme, _photograph(page, screen, language))


def _photograph(page: Page, screen: str, language: str) -> bytes:
    """Photograph a whole screen, from its top; of the server's pages this language's part."""
    section = page.locator(f"section#{language}")
    if screen.startswith("server") and section.count():
        box = section.bounding_box()
        assert box is not None
        top = box["y"] + float(page.evaluate("scrollY"))
        height = min(box["height"], _LONGEST)
    else:
        page.evaluate("scrollTo(0, 0)")
        top, height = 0, min(float(page.evaluate("document.body.scrollHeight")), _LONGEST)
        height = max(height, _SMALL_HEIGHT)
    width = page.viewport_size["width"] if page.viewport_size else 0
    clip = FloatRect(x=0, y=top, width=width, height=height)
    return page.screenshot(full_page=True, clip=clip, animations="disabled")


def _lay_out(browser: Browser, shots: list[Shot], language: str) -> None:
    for width in WIDTHS:
        for scheme in SCHEMES:
            chosen = [one for one in shots if (one.width, one.scheme) == (width, scheme)]
            name = f"{language}-{width}-{scheme}.webp"
            _sheet(browser, chosen, width, OUT / name)
            print(f"{name}: {(OUT / name).stat().st_size // 1000} kB")
    for name, of, scheme, screen in _TELLING:
        chosen = [one for one in shots if (one.screen, one.scheme) == (screen, scheme)]
        if of == language:
            _telling(browser, next(one for one in chosen if one.width == WIDTHS[0]), OUT / name)


def _sheet(browser: Browser, shots: list[Shot], width: int, file: Path) -> None:
    """Write one contact sheet: the screens in their order, in columns of like height."""
    scale, columns = _SCALE[width], _COLUMNS[width]
    figures = "".join(
        f"<figure><figcaption>{html.escape(one.screen)}</figcaption>"
        f'<div><img src="{_data(one.png)}" width="{width * scale:.0f}" alt=""></div></figure>'
        for one in shots
    )
    style = (
        "body{margin:12px;background:#8a8f94;font:600 13px sans-serif;color:#000}"
        f"main{{columns:{columns};column-gap:{_GAP}px}}"
        f"figure{{margin:0 0 {_GAP}px;break-inside:avoid;display:grid;gap:2px}}"
        "div{position:relative;display:grid}"
        + (_EDGE.format(at=f"{_SMALL_HEIGHT * scale:.0f}px") if width == WIDTHS[0] else "")
    )
    across = round(columns * width * scale + (columns - 1) * _GAP + 24)
    page = browser.new_page(viewport={"width": across, "height": 800})
    page.set_content(f"<!doctype html><style>{style}</style><main>{figures}</main>")
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    _write(page, across, height, _QUALITY, file)
    page.close()


def _papers(browser: Browser) -> None:
    """Write a page of cards and one of strips for each script, as Chromium prints them on A4."""
    width, height = (round(mm / 25.4 * 96) for mm in sheets.SIZES_MM["a4"])
    for language in _PRINTED:
        with sheets.printer(browser, scale=2) as printer:
            printer.page.set_viewport_size({"width": width, "height": height})
            shown = ""
            for form in sheets.FORMS:
                printer.lay(form, "a4", language, count=sheets.ON_A_PAGE[form])
                seen = _data(printer.page.screenshot())
                shown += f'<img src="{seen}" width="{width * _PAPER_SCALE:.0f}" alt="">'
        across = round(2 * width * _PAPER_SCALE + 3 * _GAP)
        page = browser.new_page(viewport={"width": across, "height": 800})
        style = f"body{{margin:{_GAP}px;display:flex;gap:{_GAP}px;background:#8a8f94}}"
        page.set_content(f"<!doctype html><style>{style}</style>{shown}")
        down = round(height * _PAPER_SCALE + 2 * _GAP)
        _write(page, across, down, _README_QUALITY, OUT / f"paper-{language}.webp")
        page.close()


def _telling(browser: Browser, shot: Shot, file: Path) -> None:
    """Write one screen as a small phone shows it, for the README."""
    page = browser.new_page(viewport={"width": shot.width, "height": _SMALL_HEIGHT})
    page.set_content(
        "<!doctype html><style>body{margin:0;overflow:hidden}</style>"
        f'<img src="{_data(shot.png)}" width="{shot.width}" alt="">'
    )
    _write(page, shot.width, _SMALL_HEIGHT, _README_QUALITY, file)
    page.close()


def _write(page: Page, width: int, height: int, quality: int, file: Path) -> None:
    """Photograph a page as WebP, which Playwright itself does not write."""
    page.wait_for_function("[...document.images].every((one) => one.complete)")
    session = page.context.new_cdp_session(page)
    made = session.send(
        "Page.captureScreenshot",
        {
            "format": "webp",
            "quality": quality,
            "captureBeyondViewport": True,
            "clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1},
        },
    )
    file.write_bytes(base64.b64decode(made["data"]))


def _data(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _keep(shots: list[Shot], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for at, one in enumerate(shots):
        name = f"{at // 4:02} {one.screen} {one.width} {one.scheme}.png".replace(" ", "-")
        (folder / name).write_bytes(one.png)


if __name__ == "__main__":
    main()
