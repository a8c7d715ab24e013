"""Makes docs/screens: `./dev screenshots [--only LANGUAGE] [--png FOLDER] [--paper | --work]`.

It founds a network in a temporary folder, walks through every screen of the pages in Chromium, in
three languages, and lays what it saw out on contact sheets: one for each language, width and
scheme. A sheet is itself a page that Chromium photographs, so no library for pictures is needed.
The dashed line on a screen of a phone is where a small one ends (320 x 568). With --paper only the
sheets of codes are made as they are printed: cards beside strips, one picture of each script; with
--work only the pages of organisations and admins, light and wide, in English and Arabic.

Codes, receipts and days are other ones each time, so the files are too. docs/screens/README.md,
which says what a frightened person would stumble over, is written by hand.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, FloatRect, Page, sync_playwright

from tests.acceptance import command, deployment
from tests.acceptance.browser import chromium, sheets, vetting, vetting_screens
from tests.acceptance.browser.every_screen import Tour, prepare
from tests.acceptance.browser.phone import phone_of
from tests.acceptance.browser.working import laptop_of
from tests.acceptance.deployment import ADMINS, Baked
from tools.contact_sheets import (
    GAP,
    OUT,
    README_QUALITY,
    ROOT,
    SMALL_HEIGHT,
    WIDTHS,
    Shot,
    data,
    keep,
    sheet,
    telling,
    write,
)

LANGUAGES = ("en", "ko", "ar")
AT_WORK = ("en", "ar")
SCHEMES = ("light", "dark")

_LONGEST = 1900  # what is longer than this is cut
# Sheets of codes are shown in each of these, a little smaller than on paper.
_PRINTED = ("en", "ar", "th", "hi", "zh-Hans", "ko", "ru")
_PAPER_SCALE = 0.85
# What stands in the README: the name of the file, language, scheme and screen.
_TELLING = (
    ("readme-needs.webp", "ko", "light", "ask needs"),
    ("readme-reader.webp", "en", "light", "ask reader"),
    ("readme-receipt.webp", "ar", "dark", "ask receipt"),
)


def main() -> None:
    """Make the sheets and the README's three pictures."""
    parser = argparse.ArgumentParser(prog="./dev screenshots", description="Make docs/screens.")
    parser.add_argument("--only", choices=LANGUAGES, help="one language only")
    parser.add_argument("--png", type=Path, help="each screen as a file of its own here, too")
    parser.add_argument("--paper", action="store_true", help="the sheets of codes only")
    parser.add_argument("--work", action="store_true", help="organisations' and admins' pages only")
    asked = parser.parse_args()
    OUT.mkdir(exist_ok=True)
    if asked.paper:
        with _chromium() as browser:
            _papers(browser)
        return
    if asked.work:
        _at_work(AT_WORK, asked.png)
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
                keep(shots, asked.png / language)
        _papers(browser)
    _at_work(AT_WORK, asked.png)
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


def _at_work(languages: Sequence[str], png: Path | None) -> None:
    """Walk through applying and deciding in each language, on wide screens."""
    with tempfile.TemporaryDirectory() as folder, _chromium() as browser:
        (Path(folder) / "baked").mkdir()
        baked = deployment.found(Path(folder) / "baked")
        for language in languages:
            shots = _walk_at_work(browser, baked, Path(folder) / language, language)
            sheet(browser, shots, WIDTHS[1], OUT / f"work-{language}.webp")
            if png:
                keep(shots, png / f"work-{language}")


def _walk_at_work(browser: Browser, baked: Baked, folder: Path, language: str) -> list[Shot]:
    at = deployment.copy_of(baked, folder)
    shots: list[Shot] = []
    try:
        at.start(later=True)
        for path in ("/apply", "/vetting"):
            with laptop_of(browser, at) as laptop:
                vetting.opens(laptop, path, language)
                key = vetting.admin_key(at, ADMINS[0])
                applying = vetting_screens.applying(laptop, folder)
                screens = applying if path == "/apply" else vetting_screens.deciding(laptop, key)
                laptop.page.set_viewport_size({"width": WIDTHS[1], "height": 720})
                for screen in screens:
                    print(f"{language}: {screen}")
                    png = _photograph(laptop.page, screen, language)
                    shots.append(Shot(screen, WIDTHS[1], SCHEMES[0], png))
    finally:
        at.close()
    return shots


def _looks(page: Page, screen: str, language: str) -> Iterator[Shot]:
    for width in WIDTHS:
        page.set_viewport_size(
            {"width": width, "height": SMALL_HEIGHT if width == WIDTHS[0] else 720}
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
        height = max(height, SMALL_HEIGHT)
    width = page.viewport_size["width"] if page.viewport_size else 0
    clip = FloatRect(x=0, y=top, width=width, height=height)
    return page.screenshot(full_page=True, clip=clip, animations="disabled")


def _lay_out(browser: Browser, shots: list[Shot], language: str) -> None:
    for width in WIDTHS:
        for scheme in SCHEMES:
            chosen = [one for one in shots if (one.width, one.scheme) == (width, scheme)]
            name = f"{language}-{width}-{scheme}.webp"
            sheet(browser, chosen, width, OUT / name)
            print(f"{name}: {(OUT / name).stat().st_size // 1000} kB")
    for name, of, scheme, screen in _TELLING:
        chosen = [one for one in shots if (one.screen, one.scheme) == (screen, scheme)]
        if of == language:
            telling(browser, next(one for one in chosen if one.width == WIDTHS[0]), OUT / name)


def _papers(browser: Browser) -> None:
    """Write a page of cards and one of strips for each script, as Chromium prints them on A4."""
    width, height = (round(mm / 25.4 * 96) for mm in sheets.SIZES_MM["a4"])
    for language in _PRINTED:
        with sheets.printer(browser, scale=2) as printer:
            printer.page.set_viewport_size({"width": width, "height": height})
            shown = ""
            for form in sheets.FORMS:
                printer.lay(form, "a4", language, count=sheets.ON_A_PAGE[form])
                seen = data(printer.page.screenshot())
                shown += f'<img src="{seen}" width="{width * _PAPER_SCALE:.0f}" alt="">'
        across = round(2 * width * _PAPER_SCALE + 3 * GAP)
        page = browser.new_page(viewport={"width": across, "height": 800})
        style = f"body{{margin:{GAP}px;display:flex;gap:{GAP}px;background:#8a8f94}}"
        page.set_content(f"<!doctype html><style>{style}</style>{shown}")
        down = round(height * _PAPER_SCALE + 2 * GAP)
        write(page, across, down, README_QUALITY, OUT / f"paper-{language}.webp")
        page.close()


if __name__ == "__main__":
    main()
