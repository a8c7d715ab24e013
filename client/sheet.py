"""A page to print and cut: codes and nothing that says what they are for.

Each card has the code in both forms, its last day, and the server's bare address. No name, no sign,
no word: a card that is found must look like nothing and prove nothing. The square holds only the
address, the same for everybody, and never a code.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno


@dataclass(frozen=True, slots=True)
class Card:
    """What is printed for one code: its two forms, and the last day (2026-11-22)."""

    symbols: str
    digits: str
    last_day: str


# No margin on the page itself: there browsers print title, address and date of their own.
_STYLE = """
@page { margin: 0 }
* { box-sizing: border-box }
body { margin: 0; padding: 12mm; font: 11pt/1.5 monospace; color: #000; background: #fff }
main { display: grid; grid-template-columns: 1fr 1fr }
section { border: 1px dashed #999; margin: -1px 0 0 -1px; padding: 6mm; break-inside: avoid;
  display: grid; grid-template-columns: 1fr auto; gap: 0 4mm; align-items: center }
p { margin: 0; overflow-wrap: anywhere }
.c { font-size: 12pt; font-weight: bold }
svg { width: 22mm; height: 22mm; grid-column: 2; grid-row: 1 / span 4 }
"""


def page(cards: Sequence[Card], server: str | None) -> str:
    """Return an HTML page with cut lines; `server` is a bare address, or None to leave it out."""
    shown = bare(server) if server else None
    square = _square(shown) if shown else ""
    sections = "\n".join(_section(card, shown, square) for card in cards)
    return (
        '<!doctype html>\n<html lang="und">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<title>&#183;</title>\n'
        f"<style>{_STYLE}</style>\n<main>\n{sections}\n</main>\n</html>\n"
    )


def bare(server: str) -> str:
    """Return scheme and host of an address, and nothing after them."""
    parts = urlsplit(server)
    return f"{parts.scheme}://{parts.netloc}/"


def _section(card: Card, address: str | None, square: str) -> str:
    lines = [
        f'<p class="c">{html.escape(card.symbols)}</p>',
        f"<p>{html.escape(card.digits)}</p>",
        f"<p>&#8594; {html.escape(card.last_day)}</p>",
    ]
    if address:
        lines.append(f"<p>{html.escape(address)}</p>")
    return "<section>\n" + "\n".join([*lines, square]).rstrip() + "\n</section>"


def _square(address: str) -> str:
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_inline(border=2, omitsize=True, svgclass=None, lineclass=None))
