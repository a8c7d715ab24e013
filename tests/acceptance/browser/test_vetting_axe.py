"""axe-core and the keyboard on the screens for applying and for admins, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.browser import vetting, vetting_screens
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.test_axe import SCHEMES, violations
from tests.acceptance.browser.vetting import LANTERN
from tests.acceptance.browser.working import Laptop
from tests.acceptance.deployment import Deployment

pytestmark = pytest.mark.needs("chromium", "node")

LANGUAGES = ("en", "ar")


@pytest.mark.parametrize("language", LANGUAGES)
def test_R16_axe_finds_nothing_on_the_screens_for_applying_and_for_admins(
    laptops: Laptops, started: Deployment, tmp_path: Path, language: str
) -> None:
    """From the first screen to minutes, light and dark, in a language of each direction."""
    hers, admin = laptops(started), laptops(started)
    vetting.opens(hers, "/apply", language)
    found: list[str] = []
    looked_at: list[str] = []

    def look(laptop: Laptop, screens: Iterator[str]) -> None:
        for screen in screens:
            for scheme in SCHEMES:
                laptop.page.emulate_media(color_scheme=scheme)
                found.extend(f"{screen}, {scheme}: {one}" for one in violations(laptop.page))
            looked_at.append(screen)

    look(hers, vetting_screens.applying(hers, tmp_path))
    vetting.opens(admin, "/vetting", language)
    look(admin, vetting_screens.deciding(admin, vetting.admin_key(started, "ana")))
    assert found == []
    assert len(looked_at) == len(set(looked_at)) > 30


def test_R16_an_admin_reads_and_writes_with_the_keyboard_alone(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """From the list to a mark: everything is reached by Tab, and shows where it is."""
    hers, admin = laptops(started), laptops(started)
    vetting.opens(hers, "/apply")
    vetting.applies(hers, tmp_path)
    vetting.opens(admin, "/vetting")
    vetting.sits_down(admin, vetting.admin_key(started, "ana"))
    _presses(admin, admin.words.said("vetting.item.title", name=LANTERN.name), "Enter")
    admin.waits_for("application")
    _presses(admin, admin.words.said("vetting.item.mark", criterion="V3"), "Enter")
    admin.waits_for("mark")
    _presses(admin, admin.words["vetting.mark.1"], "ArrowDown")
    admin.page.keyboard.press("Space")
    _presses(admin, admin.words["vetting.mark.send"], "Enter")
    admin.waits_for("application")
    marked = admin.words.said(
        "vetting.entry.mark", criterion="V3", state=admin.words["vetting.mark.2"]
    )
    assert marked in admin.shown()


def _presses(laptop: Laptop, text: str, key: str) -> None:
    """Go to a button with Tab, see that it shows where it is, and press a key there."""
    page = laptop.page
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.innerText ?? ''").strip() == text:
            assert page.evaluate("document.activeElement.matches(':focus-visible')")
            page.keyboard.press(key)
            return
    raise AssertionError(f"no way to {text!r} by keyboard")
