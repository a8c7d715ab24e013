"""Without a pointer, with large letters, on a small phone, and by ear: nobody is kept out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from playwright.sync_api import Locator

from crypto.client.code_text import Kind
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.every_screen import Tour, prepare
from tests.acceptance.browser.phone import Phone
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from tools import generate_words
from tools.word_files import Text
from words import load

pytestmark = pytest.mark.needs("chromium")

ANSWER = "There is a place tonight."
ADDED = "After nine is better."
LANGUAGES = ("en", "es", "ko", "hi", "ar")
LEAST = 44  # CSS pixels, of what is tapped
_TABS = 120

# Tells, each time a screen was drawn, what has the focus then.
_WATCH = """
new MutationObserver((all) => {
  const main = document.getElementById('main');
  if (main && all.some((one) => one.target === main && main.dataset.screen)) {
    globalThis.towpathFocus?.([main.dataset.screen, document.activeElement?.tagName]);
  }
}).observe(document, { subtree: true, childList: true });
"""
# What is wrong with how the focus is shown: nothing of the page has it, no outline, out of sight.
_FOCUS = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return null;
  const { outlineStyle, outlineWidth } = getComputedStyle(at);
  const box = at.getBoundingClientRect();
  const bar = document.querySelector('a.leave').getBoundingClientRect();
  const faults = [];
  if (!at.matches(':focus-visible')) faults.push('not shown');
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) faults.push('no outline');
  if (box.bottom <= 0 || box.top >= innerHeight) faults.push('out of sight');
  if (!at.closest('nav') && box.bottom <= bar.bottom) faults.push('under the bar');
  return faults.map((one) => `${one}: ${at.outerHTML.slice(0, 120)}`);
}"""
_IS_THERE = "(wanted) => document.activeElement === wanted"
_IS_BESIDE = """(wanted) => wanted.getAttribute('role') === 'radio'
  && document.activeElement?.closest('[role=radiogroup]') === wanted.closest('[role=radiogroup]')"""


class Keys(Phone):
    """Somebody who has a keyboard and nothing else: Tab, arrows, Enter, Space, letters."""

    def __init__(self, phone: Phone) -> None:
        super().__init__(phone.page, phone.seen, phone.url, touch=False)
        self.shown_to: list[tuple[str, str]] = []
        self.faults: list[str] = []
        self._presses = 0
        self.page.context.expose_binding("towpathFocus", self._drawn)
        self.page.context.add_init_script(_WATCH)

    def tap(self, what: Locator) -> None:
        """Go there, and press Enter or Space in turn."""
        self._go_to(what)
        self._presses += 1
        is_link = what.evaluate("(one) => one.tagName === 'A'")
        self.page.keyboard.press("Enter" if is_link or self._presses % 2 else "Space")
        self.taps += 1

    def types(self, key: str, text: str) -> None:
        """Go to the field and type."""
        self._go_to(self.page.get_by_label(self.words[key], exact=True))
        self.page.keyboard.type(text)

    def _go_to(self, what: Locator) -> None:
        what.wait_for()
        wanted = what.element_handle()
        assert wanted is not None
        for _ in range(_TABS):
            if wanted.evaluate(_IS_THERE):
                return
            beside = wanted.evaluate(_IS_BESIDE)
            self.page.keyboard.press("ArrowDown" if beside else "Tab")
            self.faults += self.page.evaluate(_FOCUS) or []
        raise AssertionError(f"no way there by keyboard: {what}")

    def _drawn(self, _source: Any, told: tuple[str, str]) -> None:
        self.shown_to.append((told[0], told[1]))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_R16_the_keyboard_alone_gets_through(
    phones: Phones, started: Deployment, language: str
) -> None:
    """From the language to "sent", then to the answers and to taking everything back: the focus is
    always seen, and each screen begins at its heading.
    """
    shelter = Provider(started, OPEN_DOOR)
    keys = Keys(phones(started, touch=False, width=800))
    keys.opens().choose_language(language)
    receipt = keys.asks(shelter.code(), ("documents",), soon="tonight", text=ADDED)
    shelter.answer(shelter.newest(), ANSWER).done()
    assert keys.looks(receipt, language) == "box"
    assert keys.answers() == [ANSWER]
    keys.adds(text=ADDED)
    keys.says("answers.do.answers")
    assert ADDED in keys.keeps(own_too=True)[1]
    keys.says("answers.do.answers")
    keys.withdraws()
    assert keys.faults == []
    assert len(keys.shown_to) > 20
    assert [one for one in keys.shown_to if one[1] != "H1"] == []


def test_R16_no_arrow_and_no_tab_leads_into_a_trap(phones: Phones, started: Deployment) -> None:
    """From the first thing of a screen Tab comes to the last one and out of the page again."""
    phone = phones(started, touch=False, width=800)
    phone.opens().choose_language("en").type_code(Provider(started, OPEN_DOOR).code())
    phone.goes_on()
    phone.waits_for("needs")
    there = phone.page.locator("a[href], button, input, textarea").count()
    met = set()
    for _ in range(there + 2):
        phone.page.keyboard.press("Tab")
        met.add(phone.page.evaluate("document.activeElement.textContent.trim()"))
    assert phone.words["shared.next"] in met
    assert phone.words["shared.leave"] in met


# Every field: whether it has a label; and what is wrong with an error that is shown.
_FIELDS = """() => {
  const found = { fields: 0, errors: 0, faults: [] };
  for (const one of document.querySelectorAll('main input, main textarea')) {
    found.fields += 1;
    const name = one.labels[0]?.textContent ?? '';
    if (!name.trim() || !one.labels[0].getClientRects().length) found.faults.push('no label');
    const ids = (one.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean);
    const about = ids.map((id) => document.getElementById(id));
    if (about.includes(null)) found.faults.push(`${name}: described by nothing`);
    const error = about.find((each) => each?.getAttribute('role') === 'alert');
    const said = error?.textContent.trim() ?? '';
    const invalid = one.getAttribute('aria-invalid') === 'true';
    if (invalid !== (said !== '')) found.faults.push(`${name}: invalid ${invalid}, said "${said}"`);
    if (invalid) found.errors += 1;
    if (invalid && document.activeElement !== one) found.faults.push(`${name}: no focus`);
  }
  return found;
}"""


def test_R16_every_field_has_a_label_and_a_spoken_error(phones: Phones, own: Deployment) -> None:
    """An error is an alert that belongs to its field, which is marked and has the focus; one that
    has no field has the focus itself.
    """
    prepare(own)
    phone = phones(own)
    fields = errors = alarms = 0
    faults: list[str] = []
    for screen in Tour(phone, own, "en").everything():
        found = phone.page.evaluate(_FIELDS)
        fields, errors = fields + found["fields"], errors + found["errors"]
        faults += [f"{screen}: {one}" for one in found["faults"]]
        alarms += phone.page.locator("p.error[tabindex]:focus").count()
    assert faults == []
    assert fields >= 15
    assert errors >= 5
    assert alarms >= 2


# What does not fit into the width, and what is too small to be tapped.
_WIDE = """() => {
  const root = document.documentElement;
  const faults = root.scrollWidth > root.clientWidth ? [`${root.scrollWidth} wide`] : [];
  for (const one of document.querySelectorAll('main *, .leave')) {
    const box = one.getBoundingClientRect();
    if (box.width && (box.right > innerWidth + 1 || box.left < -1) && !one.closest('svg[hidden]')) {
      faults.push(`sticks out: ${one.outerHTML.slice(0, 120)}`);
    }
  }
  return faults;
}"""
_SMALL = """(least) => [...document.querySelectorAll('a[href], button, input, textarea, summary')]
  .filter((one) => one.getClientRects().length)
  .filter((one) => {
    const { width, height } = one.getBoundingClientRect();
    return width < least || height < least;
  })
  .map((one) => `too small: ${one.outerHTML.slice(0, 120)}`)"""
_TWICE = "(size) => { document.documentElement.style.fontSize = size }"


@pytest.mark.parametrize("language", LANGUAGES)
def test_R16_nothing_is_cut_off_at_320_px_or_with_letters_twice_as_large(
    phones: Phones, own: Deployment, language: str
) -> None:
    """On every screen, from left to right and from right to left: no scrolling sideways at 320 px,
    as it is and with 200 % text; and everything that is tapped is at least 44 px high and wide.
    """
    prepare(own)
    phone = phones(own, touch=False, width=320, height=568)
    looks: dict[str, Callable[[], Any]] = {
        "100 %": lambda: None,
        "200 %": lambda: phone.page.evaluate(_TWICE, "212.5%"),
    }
    faults = []
    for screen in Tour(phone, own, language).everything():
        for name, look in looks.items():
            look()
            faults += [f"{screen}, {name}: {one}" for one in phone.page.evaluate(_WIDE)]
        phone.page.evaluate(_TWICE, "")
        faults += [f"{screen}: {one}" for one in phone.page.evaluate(_SMALL, LEAST)]
    assert faults == []


# Says a screen that stands there in English in other languages, one after another, and what does
# not fit then; [English texts that were said otherwise, faults]. A text with a count or a name in
# it is found by what stands around them.
_SAID_OTHERWISE = f"""(languages) => {{
  const root = document.documentElement;
  const {{ lang, dir }} = root;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const nodes = [];
  while (walker.nextNode()) nodes.push([walker.currentNode, walker.currentNode.data.trim()]);
  const met = new Set();
  const faults = [];
  for (const language of languages) {{
    [root.lang, root.dir] = [language.code, language.dir];
    for (const [node, text] of nodes) {{
      const holed = () => language.holed.find(([form]) => new RegExp(form).test(text));
      const said = language.texts[text] ?? (text && holed()?.[1]);
      if (said) node.data = said;
      if (said) met.add(text);
    }}
    faults.push(...({_WIDE})().map((one) => `${{language.code}}: ${{one}}`));
    for (const [node, text] of nodes) if (met.has(text)) node.data = text;
  }}
  [root.lang, root.dir] = [lang, dir];
  return [[...met], faults];
}}"""
_HOLE = re.compile(r"\\\{[a-z_]+\\\}")


def _said_in(code: str, english: Mapping[str, Text], texts: Mapping[str, Text]) -> dict[str, Any]:
    """Return a language as _SAID_OTHERWISE wants it; its longest plural form stands for all."""
    language = load("languages").by_code(code)
    assert language is not None
    said = {form: max(texts[key].forms, key=len) for key in english for form in english[key].forms}
    return {
        "code": code,
        "dir": language.direction,
        "texts": {form: text for form, text in said.items() if "{" not in form},
        "holed": [
            (f"^{_HOLE.sub('.+', re.escape(form))}$", text)
            for form, text in said.items()
            if "{" in form
        ],
    }


def _pages(tour: Tour) -> Iterator[str]:
    yield from tour.asking()
    yield from tour.reading()


def test_R16_nothing_is_cut_off_at_320_px_in_any_language(phones: Phones, own: Deployment) -> None:
    """One walk through every screen, in English; each is said in all the other languages there."""
    prepare(own)
    phone = phones(own, touch=False, width=320, height=568)
    good, wrong = generate_words.catalogues()
    assert wrong == []
    languages = [_said_in(code, good["en"], good[code]) for code in good if code != "en"]
    met: set[str] = set()
    faults: list[str] = []
    for screen in _pages(Tour(phone, own, "en")):
        told, found = phone.page.evaluate(_SAID_OTHERWISE, languages)
        met.update(told)
        faults += [f"{screen}, {one}" for one in found]
    assert faults == []
    assert len(met) >= 250, "the texts of the screens are found otherwise now"


def test_a_screen_that_is_too_wide_or_a_button_that_is_too_small_is_found(
    phones: Phones, started: Deployment
) -> None:
    """The two looks of the test above can fail."""
    phone = phones(started, touch=False, width=320, height=568)
    phone.opens().choose_language("en")
    assert phone.page.evaluate(_WIDE) == []
    assert phone.page.evaluate(_SMALL, LEAST) == []
    phone.page.evaluate("document.querySelector('h1').style.whiteSpace = 'nowrap'")
    phone.page.evaluate("document.querySelector('h1').append(' and very much more of it, wide')")
    assert phone.page.evaluate(_WIDE) != []
    phone.page.evaluate("document.querySelector('.next').style.height = '40px'")
    phone.page.evaluate("document.querySelector('.next').style.minHeight = '0'")
    assert phone.page.evaluate(_SMALL, LEAST) != []


def test_R16_the_focus_is_found_missing_where_it_is(phones: Phones, started: Deployment) -> None:
    """The look at the focus can fail: without an outline, and under the bar."""
    keys = Keys(phones(started, touch=False, width=800))
    keys.opens().choose_language("en")
    code = Provider(started, OPEN_DOOR).code()
    keys.seen.secret(code, Kind.CODE)
    keys.page.evaluate(
        """() => {
          const bare = new CSSStyleSheet();
          bare.replaceSync('* { outline: none !important }');
          document.adoptedStyleSheets = [bare];
        }"""
    )
    keys.types("ask.code.label", code)
    assert any(one.startswith("no outline") for one in keys.faults)
