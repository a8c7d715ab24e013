"""Sheets on paper: all is on its card, in every language, and the square leads to the address.

What a found card tells (R6): a code, a day and an address, and nothing of what they are for.
"""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from client import sheet
from client.sheet import Card, Layout
from tests.acceptance.browser import hostile, sheets
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.sheets import ADDRESS, FORMS, ONION, PAPERS, Form, Paper, Printer
from tests.acceptance.browser.test_axe import violations
from tests.acceptance.browser.working import key_file, moves_stock
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from words import catalogues, load

pytestmark = pytest.mark.needs("chromium", "node")

DOTS_PER_MM = 96 / 25.4
SQUARE_LEAST_MM = {"cards": 18.0, "strips": 10.0}
"""Its dark part, without the white around it."""
MAKING_MOST_S = 30.0
"""Far above what is asked (5 s), as other things run beside this."""
LONG_NAME = "W" * 64
"""The longest name that a batch can have."""

# Whatever is drawn outside of its card or page, over something else, or on two lines.
_FAULTS = """({ least }) => {
  const found = [];
  const within = (a, b) => a.left >= b.left - 0.5 && a.right <= b.right + 0.5
    && a.top >= b.top - 0.5 && a.bottom <= b.bottom + 0.5;
  const apart = (a, b) => a.right <= b.left + 0.6 || b.right <= a.left + 0.6
    || a.bottom <= b.top + 0.6 || b.bottom <= a.top + 0.6;
  const text = (one) => { const r = document.createRange(); r.selectNodeContents(one); return r; };
  // Where a text has both directions, a line is several boxes beside each other.
  const across = (rects, turned) => {
    const middles = [...rects].map((r) => turned ? r.left + r.right : r.top + r.bottom);
    middles.sort((a, b) => a - b);
    return middles.filter((one, at) => !at || one - middles[at - 1] > 8).length;
  };
  for (const page of document.querySelectorAll('.page:not(.cover)')) {
    const paper = page.getBoundingClientRect();
    for (const card of page.querySelectorAll('.card')) {
      const name = card.querySelector('.symbols').textContent;
      const edge = card.getBoundingClientRect();
      if (!within(edge, paper)) found.push(`${name}: a card beyond its page`);
      const square = card.querySelector('.square').getBoundingClientRect();
      if (square.width < least || square.height < least) found.push(`${name}: a small square`);
      const boxes = [['square', square]];
      for (const span of card.querySelectorAll('span')) {
        const range = text(span);
        const lines = across(range.getClientRects(), page.matches('.strips'));
        const most = page.matches('.cards') && span.className === 'address' ? 2 : 1;
        if (lines > most) found.push(`${name}: ${span.className} in ${lines} lines`);
        boxes.push([span.className, range.getBoundingClientRect()]);
      }
      for (const [what, box] of boxes) {
        if (!box.width || !box.height) found.push(`${name}: no ${what}`);
        if (!within(box, edge)) found.push(`${name}: ${what} beyond the card`);
      }
      boxes.forEach(([one, a], at) => boxes.slice(at + 1).forEach(([other, b]) => {
        if (!apart(a, b)) found.push(`${name}: ${one} over ${other}`);
      }));
    }
  }
  return found;
}"""
_DECODED = """async (picture) => {
  const file = await (await fetch(`data:image/png;base64,${picture}`)).blob();
  const image = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(image.width, image.height);
  const brush = canvas.getContext('2d');
  brush.drawImage(image, 0, 0);
  return decode(brush.getImageData(0, 0, image.width, image.height));
}"""

_COVER = """() => {
  const cover = document.querySelector('.cover');
  return { text: cover.textContent, fits: cover.scrollWidth <= cover.clientWidth + 1,
    elements: cover.querySelectorAll('*').length,
    elsewhere: document.querySelector('.page.cards').textContent.includes(cover.textContent) };
}"""


@pytest.fixture
def printer(chromium: Browser) -> Iterator[Printer]:
    """A page that lays sheets out."""
    with sheets.printer(chromium) as made:
        yield made


def paper_seen(page: Page, paper: Paper) -> None:
    """Make the window as wide as a paper, rounded down."""
    width, height = sheets.SIZES_MM[paper]
    page.set_viewport_size({"width": int(width * DOTS_PER_MM), "height": int(height * DOTS_PER_MM)})


def faults(page: Page, form: Form) -> list[str]:
    """Return what is wrong with the cards that are shown."""
    found: Any = page.evaluate(_FAULTS, {"least": SQUARE_LEAST_MM[form] * DOTS_PER_MM})
    assert isinstance(found, list)
    return [str(one) for one in found]


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """Return the size of each page of a PDF, in mm."""
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(float(width) / 72 * 25.4, float(height) / 72 * 25.4) for width, height in boxes]


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("form", FORMS)
def test_nothing_is_cut_off_or_covered_in_any_language(
    printer: Printer, form: Form, paper: Paper
) -> None:
    """Sixteen languages and none, a short address and one of Tor; codes on one line."""
    paper_seen(printer.page, paper)
    found = []
    for language in (None, *sheets.languages()):
        for address in (ADDRESS, ONION):
            printer.lay(form, paper, language, count=13, address=address)
            found += [f"{language}, {address[:12]}: {one}" for one in faults(printer.page, form)]
    assert found == []
    assert len(sheets.languages()) == 16


def test_what_does_not_fit_is_noticed(printer: Printer) -> None:
    """Letters twice as large are found to be beyond their card."""
    printer.lay("cards", "a4", "en")
    assert faults(printer.page, "cards") == []
    printer.page.add_style_tag(content=".symbols { font-size: 24pt !important }")
    assert any("symbols" in one for one in faults(printer.page, "cards"))


@pytest.mark.parametrize(
    ("form", "paper", "language"),
    [
        ("cards", "a4", "th"),
        ("cards", "letter", None),
        ("strips", "a4", "ar"),
        ("strips", "letter", "hi"),
    ],
)
def test_five_hundred_codes_are_so_many_pages_in_so_many_seconds(
    printer: Printer, tmp_path: Path, capsys: pytest.CaptureFixture[str], form: Form, paper: Paper,
    language: str | None,
) -> None:  # fmt: skip
    """A cover, then ten cards or twelve strips to a page, on the paper that was chosen."""
    sheets.codes(500)
    begun = time.monotonic()
    printer.lay(form, paper, language, count=500, cover="Tuesday")
    pdf = printer.pdf(tmp_path / "made.pdf")
    took = time.monotonic() - begun
    with capsys.disabled():
        print(f"\n500 {form} on {paper}, {language}: {took:.1f} s")
    expected = 1 + -(-500 // sheets.ON_A_PAGE[form])
    sizes = pages_of(pdf)
    assert len(sizes) == expected
    for size in sizes:
        assert size == pytest.approx(sheets.SIZES_MM[paper], abs=0.5)
    assert took < MAKING_MOST_S


@pytest.mark.parametrize("language", [None, *sheets.languages()])
def test_words_run_in_their_direction_and_codes_in_theirs(
    printer: Printer, language: str | None
) -> None:
    """Arabic begins on the right, with its first card there; a code is never turned around."""
    rtl = language == "ar"
    printer.lay("cards", "a4", language)
    found = printer.page.evaluate(
        """() => {
          const [one, two] = [...document.querySelectorAll('.card')].map((card) => ({
            at: card.getBoundingClientRect().left,
            square: card.querySelector('.square').getBoundingClientRect().left,
            code: card.querySelector('.symbols').getBoundingClientRect().left,
          }));
          const dirs = [...document.querySelectorAll('.symbols, .figures, .address')].map(
            (one) => getComputedStyle(one).direction);
          return { first: one.at > two.at, square: one.square < one.code, dirs: [...new Set(dirs)],
            dir: document.querySelector('.sheet').dir,
            lang: document.querySelector('.sheet').lang };
        }"""
    )
    assert found == {
        "first": rtl,
        "square": rtl,
        "dirs": ["ltr"],
        "dir": "rtl" if rtl else "ltr",
        "lang": language or "und",
    }


@pytest.mark.parametrize("address", [ADDRESS, ONION])
@pytest.mark.parametrize(("form", "paper"), [("cards", "letter"), ("strips", "a4")])
def test_R6_T55_a_phone_reads_the_bare_address_off_the_square(
    chromium: Browser, form: Form, paper: Paper, address: str
) -> None:
    """From what is seen, not from what was meant; first card and last, and no code."""
    with sheets.printer(chromium, scale=3) as printer:
        paper_seen(printer.page, paper)
        printer.lay(form, paper, "en", count=15, address=address)
        squares = printer.page.locator(".card .square").all()
        read = []
        for one in (squares[0], squares[-1]):
            picture = base64.b64encode(one.screenshot()).decode()
            read.append(printer.page.evaluate(_DECODED, picture))
    assert read == [address, address]


@pytest.mark.parametrize("language", [None, "en", "ar"])
def test_R6_T55_a_card_has_its_code_its_day_the_address_and_four_words(
    printer: Printer, language: str | None
) -> None:
    """Nothing else is on it, not even for a machine: no name, no link, no title, no sign."""
    printer.lay("cards", "a4", language, count=1)
    shown = printer.page.locator(".card").inner_text()
    (card,) = sheets.codes(1)
    rest = shown.replace(ADDRESS, "").replace(card["symbols"], "").replace(card["digits"], "")
    if language is None:
        assert rest.split() == ["→", "2026-11-22"]
    else:
        texts = sheets.words_file(language)["texts"]
        for key in ("sheet.open", "sheet.type", "sheet.digits"):
            rest = rest.replace(texts[key], "", 1)
        before, after = texts["sheet.until"].split("{date}")
        assert re.fullmatch(rf"{before}.*2026.*{after}", rest.strip()), rest
    markup = printer.page.locator(".sheet").inner_html()
    assert not re.search(
        r"<(a|img|script|link|title|iframe|form)\b|url\(|src=|https?:(?!//notes)", markup
    )
    assert set(re.findall(r'href="([^"]*)"', markup)) == {"#sheet-square"}


def test_a_batchs_name_on_the_cover_is_a_text_and_stays_there(printer: Printer) -> None:
    """Markup is shown as markup, nothing turns, and none is wider than the cover or on a card."""
    paper_seen(printer.page, "letter")
    for name in (LONG_NAME, *hostile.texts(200)):
        printer.lay("cards", "letter", "en", count=1, cover=name)
        assert printer.page.evaluate(_COVER) == {
            "text": hostile.shown(name), "fits": True, "elements": 2, "elsewhere": False,
        }  # fmt: skip
    assert printer.page.evaluate(f"() => globalThis.{hostile.MARK}") is None


def test_without_a_cover_there_is_none(printer: Printer, tmp_path: Path) -> None:
    """Ten codes are one page."""
    printer.lay("cards", "a4", "en", count=10)
    assert len(pages_of(printer.pdf(tmp_path / "made.pdf"))) == 1


def test_R6_R16_T55_codes_are_taken_and_printed_in_the_inbox(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """axe finds nothing; the sheet alone is printed; no code and no name in title or address."""
    shelter = Provider(started, OPEN_DOOR)
    moves_stock(shelter)
    words, name = page_words("en"), "<b>Tuesday</b> \u202eyad"
    desk = laptops(started).opens("/inbox").choose_language("en").unlocks(key_file(shelter))
    desk.says("inbox.list.codes")
    desk.waits_for("codes")
    assert violations(desk.page) == []
    desk.types("inbox.codes.batch", name)
    arabic = load("languages").by_code("ar")
    assert arabic is not None
    for choice in (words["inbox.codes.layout.strips"], "Letter", arabic.text):
        desk.tap(desk.page.get_by_role("radio", name=choice, exact=True))
    desk.tap(desk.page.get_by_role("button", name=words["inbox.codes.cover"], exact=True))
    desk.says("inbox.codes.make")
    desk.waits_for("codes taken")
    assert violations(desk.page) == []
    (code,) = desk.page.locator("ul.codes li > p:first-child").all_inner_texts()
    assert desk.page.locator(".sheet").is_hidden()
    desk.page.emulate_media(media="print")
    assert set(desk.page.evaluate("document.body.innerText").split()) >= {code, "<b>Tuesday</b>"}
    assert words["inbox.codes.shown"] not in desk.page.evaluate("document.body.innerText")
    assert desk.page.locator(".sheet").get_attribute("dir") == "rtl"
    pdf = desk.page.pdf(path=tmp_path / "made.pdf", prefer_css_page_size=True)
    assert [round(width) for width, _ in pages_of(pdf)] == [216, 216]
    for outside in (desk.page.title(), desk.page.url):
        assert code not in outside
        assert "Tuesday" not in outside


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("form", FORMS)
def test_the_page_of_the_command_line_is_laid_out_as_well(
    chromium: Browser, tmp_path: Path, form: Form, paper: Paper
) -> None:
    """What it writes in every language fits its cards, reads the same and prints as many pages."""
    made = [Card(one["symbols"], one["digits"], "2026-11-22") for one in sheets.codes(26)]
    page = chromium.new_page()
    paper_seen(page, paper)
    found = []
    for language in (None, *catalogues.codes()):
        words = catalogues.open_(language) if language else None
        layout = Layout(form, paper, words, "Tuesday")
        page.set_content(sheet.page(made, ONION, layout))
        found += [f"{language}: {one}" for one in faults(page, form)]
    assert found == []
    pdf = page.pdf(path=tmp_path / "made.pdf", prefer_css_page_size=True)
    page.close()
    assert len(pages_of(pdf)) == 4
    assert pages_of(pdf)[0] == pytest.approx(sheets.SIZES_MM[paper], abs=0.5)
