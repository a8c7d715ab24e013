"""A checked directory as one page for paper, in one language: no script, nothing is fetched.

What decides whether to ask at all stands first (R22): ties to the police, who pays, what must be
reported. The page says on which day it was made and until when each listing holds; its title says
nothing. No address and no telephone stands in it, since a profile has none.

Source: docs/spec/exchange.md, 6.
"""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Mapping, Sequence
from typing import Final

from client.flows.choosing import Directory, Organisation
from client.flows.days import day
from words.catalogues import Catalogue

_STYLE: Final = """
@page { margin: 14mm }
body { font: 11pt/1.4 system-ui, sans-serif; color: #000; background: #fff; margin: 0 }
main { max-width: 182mm; margin: 0 auto }
h1 { font-size: 16pt; margin: 0 0 2mm }
h2 { font-size: 13pt; margin: 0 0 1mm }
p { margin: 0 0 2mm }
article { break-inside: avoid; border-top: 0.3mm solid #000; padding: 3mm 0 1mm }
dl { margin: 0; display: grid; grid-template-columns: 42mm 1fr; gap: 0.8mm 4mm }
dt { font-weight: bold }
dd { margin: 0; overflow-wrap: anywhere }
.ask { margin-top: 2mm }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; form-action 'none'; base-uri 'none'"
# Key of the heading, list, field of the profile, in the order in which it matters (R22).
_SHOWN: Final = (
    ("plain.listed.police", "police_tie", "police_ties"),
    ("plain.listed.funding", "funding", "funding"),
    ("plain.listed.reporting", "reporting", "reporting"),
    ("plain.listed.services", "needs", "services"),
    ("plain.listed.accepts", "accepts", "accepts"),
    ("plain.listed.languages", "languages", "languages"),
    ("plain.listed.regions", "regions", "regions"),
)


def page(found: Directory, texts: Catalogue) -> str:
    """Return the page of a directory in the language of `texts`, made on the view's day."""
    own_regions = {region.number: region.name for region in found.view.policy.regions}
    shown = [_article(one, own_regions, texts) for one in found.organisations]
    unread = [_line(texts.text("shared.unreviewed"))] if texts.unreviewed else []
    made = _line(texts.text("sheet.made", date=_day(found.view.today)))
    return (
        f'<!doctype html>\n<html lang="{texts.code}" dir="{texts.direction}">\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width">\n'
        '<meta name="referrer" content="no-referrer">\n<title>&#183;</title>\n'
        f"<style>{_STYLE}</style>\n<body>\n<main>\n"
        f"<h1>{html.escape(texts.text('plain.listed'))}</h1>\n"
        + "\n".join([made, *unread, *(shown or [_line(texts.text("plain.listed.none"))])])
        + "\n</main>\n</body>\n</html>\n"
    )


def _article(one: Organisation, own_regions: Mapping[int, str], texts: Catalogue) -> str:
    kinds = texts.choices_of("kind", one.profile.kind)
    rows = [
        f"<dt>{html.escape(texts.text(key))}</dt><dd>{_joined(said)}</dd>"
        for key, name, field in _SHOWN
        if (said := texts.choices_of(name, getattr(one.profile, field), own_regions))
    ]
    how = "plain.listed.open" if one.weekly_key is not None else "plain.listed.code"
    room = texts.choice("capacity", one.capacity) if one.capacity is not None else None
    until = texts.text("sheet.until", date=_day(one.statement.until))
    last = [text for text in (room, texts.text(how), until) if text]
    return (
        f"<article>\n<h2>{_apart(one.statement.name)}</h2>\n<p>{_joined(kinds)}</p>\n<dl>\n"
        + "\n".join(rows)
        + f'\n</dl>\n<p class="ask">{_joined(last)}</p>\n</article>'
    )


def _joined(said: Sequence[str]) -> str:
    return " &#183; ".join(map(_apart, said))


def _apart(text: str) -> str:
    """Write a text so that its direction turns nothing beside it."""
    return f'<bdi dir="auto">{html.escape(text)}</bdi>'


def _line(text: str) -> str:
    return f"<p>{html.escape(text)}</p>"


def _day(epoch: int) -> str:
    # Kept apart, so that the day does not turn in a text from right to left.
    return f"\u2068{day(epoch)}\u2069"
