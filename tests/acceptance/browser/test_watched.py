"""The phones of these tests see what must not happen: each planted fault is found."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance.browser.phone import NOTHING_KEPT, phone_of
from tests.acceptance.deployment import Deployment

pytestmark = pytest.mark.needs("chromium")

CODE = code_text.symbols(b"a guess :)", Kind.CODE)
DIGITS = code_text.digits(b"a guess :)", Kind.CODE)
FAULTS = {
    "violation": [
        "document.body.innerHTML = '<b>x</b>'",
        "document.body.append(Object.assign(document.createElement('script'), {src: 'x.js'}))",
        "document.body.append(Object.assign(document.createElement('img'), {src: '/x.png'}))",
        "document.body.setAttribute('style', 'color: red')",
        "fetch('https://elsewhere.example/')",
    ],
    "request to elsewhere": ["location.assign('http://elsewhere.example/')"],
    "error of the page": ["setTimeout(() => { throw new Error('x'); })"],
    "console": ["console.error('x')"],
    "secret in a URL": [
        f"fetch('/v1/network?{CODE}')",
        f"fetch('/v1/network?{DIGITS.replace(' ', '%20')}')",
        f"location.hash = '{CODE.replace('-', '').lower()}'; fetch('/x/{CODE.lower()}')",
    ],
    "secret in a body": [f"fetch('/v1/codes/open', {{method: 'POST', body: '{CODE}'}})"],
    "secret in a title": [f"document.title = '{CODE}'; document.body.append('x')"],
}


def test_each_planted_fault_is_found_and_an_untouched_page_has_none(
    chromium: Browser, own: Deployment
) -> None:
    """Markup, scripts, pictures, errors, calls elsewhere, codes in addresses: none is missed."""
    own.start()
    with phone_of(chromium, own) as phone:
        phone.opens().choose_language("en")
        phone.settle()
        assert phone.seen.faults() == []
        assert phone.kept() == NOTHING_KEPT
    for kind, scripts in FAULTS.items():
        for script in scripts:
            with phone_of(chromium, own) as phone:
                phone.seen.secret(CODE, Kind.CODE)
                phone.opens().choose_language("en")
                phone.page.evaluate(f"() => {{ try {{ {script} }} catch {{}} }}")
                phone.page.wait_for_timeout(300)
                found = phone.seen.faults()
                assert any(fault.startswith(kind) for fault in found), (script, found)


@pytest.mark.parametrize(
    "script",
    [
        "localStorage.setItem('draft', 'x')",
        "sessionStorage.setItem('draft', 'x')",
        "document.cookie = 'draft=x'",
        "caches.open('draft')",
        "new Promise((done) => { indexedDB.open('draft').onsuccess = done; })",
    ],
)
def test_what_a_page_would_keep_is_found(chromium: Browser, own: Deployment, script: str) -> None:
    """A draft in any of the places that a browser has is seen."""
    own.start()
    with phone_of(chromium, own) as phone:
        phone.opens()
        phone.page.evaluate(f"async () => {{ await ({script}); }}")
        assert phone.kept() != NOTHING_KEPT
