"""axe-core on every screen, in every language, light and dark: what a machine can find of what
keeps somebody out who sees, hears or moves otherwise.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Literal

import pytest
from playwright.sync_api import Page

from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.every_screen import Tour, prepare
from tests.acceptance.deployment import Deployment
from tests.server.serving import ROOT
from words import catalogues

pytestmark = pytest.mark.needs("chromium", "node")

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
STANDARDS = ("wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice")
# From the top: what has gone under the way out, which stays there, would count as too small.
_RUN = """async (standards) => {
  scrollTo(0, 0);
  const { violations } = await axe.run(document, {
    runOnly: standards, resultTypes: ['violations'], elementRef: false,
  });
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ html, any, all }) => `${id} (${help}): ${html.slice(0, 160)} `
      + [...any, ...all].map((one) => one.message).join('; ').slice(0, 200)));
}"""


def in_every(often: Collection[str]) -> list[Any]:
    """Return every language of the pages; those that are not looked at each time are long."""
    return [
        code if code in often else pytest.param(code, marks=pytest.mark.long)
        for code in catalogues.codes()
    ]


def violations(page: Page) -> list[str]:
    """Return what axe finds on a page, one line for each element."""
    if not page.evaluate("'axe' in globalThis"):
        page.evaluate(AXE.read_text(encoding="utf-8") + ";0")
    found: Any = page.evaluate(_RUN, list(STANDARDS))
    assert isinstance(found, list)
    return [str(one) for one in found]


@pytest.mark.parametrize("language", in_every(("en", "es", "ko", "hi", "ar")))
def test_R16_axe_finds_nothing_on_any_screen_light_or_dark(
    phones: Phones, own: Deployment, language: str
) -> None:
    """All screens of the pages, mistakes and bad days too, and what the server writes by itself."""
    prepare(own)
    phone = phones(own)
    found, looked_at = [], []
    for screen in Tour(phone, own, language).everything():
        for scheme in SCHEMES:
            phone.page.emulate_media(color_scheme=scheme)
            found += [f"{screen}, {scheme}: {one}" for one in violations(phone.page)]
        looked_at.append(screen)
    assert found == []
    assert len(looked_at) > 55


@pytest.mark.parametrize(
    ("rule", "plant"),
    [
        ("image-alt", "main.append(document.createElement('img'))"),
        ("label", "main.append(document.createElement('input'))"),
        ("color-contrast", "main.querySelector('p').className = 'planted'"),
        ("button-name", "main.append(document.createElement('button'))"),
    ],
)
def test_a_planted_fault_is_found(phones: Phones, own: Deployment, rule: str, plant: str) -> None:
    """What would keep somebody out does not pass; the page without it does."""
    own.start()
    phone = phones(own)
    phone.opens().choose_language("en")
    assert violations(phone.page) == []
    phone.page.evaluate(
        f"""() => {{
          const pale = new CSSStyleSheet();
          pale.replaceSync('.planted {{ color: #ddd; background: #eee }}');
          document.adoptedStyleSheets = [pale];
          const main = document.getElementById('main');
          {plant};
        }}"""
    )
    assert any(one.startswith(f"{rule} ") for one in violations(phone.page))
