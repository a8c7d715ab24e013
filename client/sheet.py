"""Sheets to print: cards to cut or strips to tear, and nothing that says what they are for.

Each card has the code in both forms, its last day, and the server's bare address; four neutral
words in a language that was chosen, or none. No name, no sign: a card that is found must look like
nothing and prove nothing. The square holds only the address, the same for everybody, and never a
code. The page is the one that web/pages/sheet.js prints, and web/pages/sheet.css is the style of
both.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import segno

from words.catalogues import Catalogue

Form = Literal["cards", "strips"]
Paper = Literal["a4", "letter"]
FORMS: Final[tuple[Form, ...]] = ("cards", "strips")
PAPERS: Final[tuple[Paper, ...]] = ("a4", "letter")
ON_A_PAGE: Final = {"cards": 10, "strips": 12}

_STYLE = Path(__file__).resolve().parent.parent / "web" / "pages" / "sheet.css"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
# Signs that change the order in which a text is shown.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
_ID = "sheet-square"
_QUIET = 4  # modules of white around the square, as the standard asks for


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed for one code: its two forms, and the last day (2026-11-22)."""

    symbols: str
    digits: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Layout:
    """How a sheet is laid out. `words`: of the cards, or None. `cover`: a first page's text."""

    form: Form = "cards"
    paper: Paper = "a4"
    words: Catalogue | None = None
    cover: str | None = None


def page(cards: Sequence[Card], server: str | None, layout: Layout | None = None) -> str:
    """Return an HTML page to print; `server` is an address, or None for neither it nor a square."""
    how = layout or Layout()
    shown = bare(server) if server else None
    made = [_one(card, shown, how.words) for card in cards]
    most = ON_A_PAGE[how.form]
    pages = [
        f'<div class="page {how.form}">\n' + "\n".join(made[start : start + most]) + "\n</div>"
        for start in range(0, len(made), most)
    ]
    cover = [_cover(how.cover)] if how.cover else []
    square = [_square(shown)] if shown else []
    lang, direction = (how.words.code, how.words.direction) if how.words else ("und", "ltr")
    return (
        '<!doctype html>\n<html lang="und">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>&#183;</title>\n'
        f"<style>\nbody {{ margin: 0 }}\n{_style()}</style>\n"
        f'<div class="sheet {how.paper}" lang="{lang}" dir="{direction}" translate="no">\n'
        + "\n".join([*square, *cover, *pages])
        + "\n</div>\n</html>\n"
    )


def bare(server: str) -> str:
    """Return scheme and host of an address, and nothing after them."""
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}/"


def _style() -> str:
    return _COMMENT.sub("", _STYLE.read_text(encoding="utf-8"))


def _cover(text: str) -> str:
    plain = html.escape(_TURNING.sub("", text))
    return f'<div class="page cover"><p><bdi dir="auto">{plain}</bdi></p></div>'


def _one(card: Card, address: str | None, words: Catalogue | None) -> str:
    def line(key: str, text: str, look: str) -> str:
        label = f'<span class="label">{html.escape(words.text(key))}</span>' if words else ""
        return f'<p>{label}<span class="{look}" dir="ltr">{html.escape(text)}</span></p>'

    # Kept apart, so that the day does not turn in a text from right to left.
    day = f"\u2068{card.last_day}\u2069"
    until = words.text("sheet.until", date=day) if words else f"→ {card.last_day}"
    lines = [
        line("sheet.open", address, "address") if address else "",
        line("sheet.type", card.symbols, "symbols"),
        line("sheet.digits", card.digits, "figures"),
        f'<p><span class="until">{html.escape(until)}</span></p>',
    ]
    drawn = f'<svg class="square" aria-hidden="true"><use href="#{_ID}"/></svg>' if address else ""
    return f'<div class="card"><div class="lines">{"".join(lines)}</div>{drawn}</div>'


def _square(address: str) -> str:
    """Return the drawing that every card shows, once."""
    drawn = segno.make(address, error="m", micro=False)
    rows = [list(row) for row in drawn.matrix_iter(border=_QUIET)]
    dark = [f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    size = len(rows)
    return (
        f'<svg class="square-drawing" aria-hidden="true"><symbol id="{_ID}"'
        f' viewBox="0 0 {size} {size}"><path d="{"".join(dark)}" fill="#000"/></symbol></svg>'
    )
