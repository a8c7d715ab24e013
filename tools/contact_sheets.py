"""Lays screens out as pictures: contact sheets, one screen for the README, a file for each.

A sheet is itself a page that Chromium photographs as WebP, so no library for pictures is needed.
The dashed line on a screen of a phone is where a small one ends (320 x 568).
"""

from __future__ import annotations

import base64
import html
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "docs" / "screens"
WIDTHS = (320, 1024)
SMALL_HEIGHT = 568  # CSS pixels, of a small phone
GAP = 12
README_QUALITY = 72
# How large a screen stands on its sheet, and how many stand beside each other, by width.
_SCALE = {320: 0.62, 1024: 0.3}
_COLUMNS = {320: 10, 1024: 8}
# Where a small phone ends, as a line on each screen.
_EDGE = "div::after{{content:'';position:absolute;inset:{at} 0 auto;border-top:1px dashed red}}"
_QUALITY = 40


@dataclass(frozen=True)
class Shot:
    """One screen as it was photographed."""

    screen: str
    width: int
    scheme: str
    png: bytes


def sheet(browser: Browser, shots: list[Shot], width: int, file: Path) -> None:
    """Write one contact sheet: the screens in their order, in columns of like height."""
    scale, columns = _SCALE[width], _COLUMNS[width]
    figures = "".join(
        f"<figure><figcaption>{html.escape(one.screen)}</figcaption>"
        f'<div><img src="{data(one.png)}" width="{width * scale:.0f}" alt=""></div></figure>'
        for one in shots
    )
    style = (
        "body{margin:12px;background:#8a8f94;font:600 13px sans-serif;color:#000}"
        f"main{{columns:{columns};column-gap:{GAP}px}}"
        f"figure{{margin:0 0 {GAP}px;break-inside:avoid;display:grid;gap:2px}}"
        "div{position:relative;display:grid}"
        + (_EDGE.format(at=f"{SMALL_HEIGHT * scale:.0f}px") if width == WIDTHS[0] else "")
    )
    across = round(columns * width * scale + (columns - 1) * GAP + 24)
    page = browser.new_page(viewport={"width": across, "height": 800})
    page.set_content(f"<!doctype html><style>{style}</style><main>{figures}</main>")
    height = int(page.evaluate("document.documentElement.scrollHeight"))
    write(page, across, height, _QUALITY, file)
    page.close()


def telling(browser: Browser, shot: Shot, file: Path) -> None:
    """Write one screen as a small phone shows it, for the README."""
    page = browser.new_page(viewport={"width": shot.width, "height": SMALL_HEIGHT})
    page.set_content(
        "<!doctype html><style>body{margin:0;overflow:hidden}</style>"
        f'<img src="{data(shot.png)}" width="{shot.width}" alt="">'
    )
    write(page, shot.width, SMALL_HEIGHT, README_QUALITY, file)
    page.close()


def write(page: Page, width: int, height: int, quality: int, file: Path) -> None:
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


def data(png: bytes) -> str:
    """Return a picture as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def keep(shots: list[Shot], folder: Path) -> None:
    """Write each screen as a file of its own, in their order."""
    folder.mkdir(parents=True, exist_ok=True)
    for at, one in enumerate(shots):
        name = f"{at // 4:02} {one.screen} {one.width} {one.scheme}.png".replace(" ", "-")
        (folder / name).write_bytes(one.png)
