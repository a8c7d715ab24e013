"""What a browser's profile remembers of applying and vetting: nothing. Hostile texts there."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from crypto import constants as c
from crypto.client.admin_file import open_admin_file
from crypto.errors import Malformed
from crypto.public import lines
from tests.acceptance.browser import hostile, vetting
from tests.acceptance.browser.chromium import started as running
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.hostile import MARK
from tests.acceptance.browser.phone import NOTHING_KEPT
from tests.acceptance.browser.profile import traces
from tests.acceptance.browser.vetting import LANTERN, MEMBER_PHRASE, Said
from tests.acceptance.browser.watched import Watched
from tests.acceptance.browser.working import PHRASE, Laptop
from tests.acceptance.deployment import Deployment

pytestmark = pytest.mark.needs("chromium")

# As long as test_inbox_no_trace.py waits: what Chromium writes down, it has written by then.
WRITTEN_MS = 4_000
MINUTE_MS = 60_000
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
NOTE = "The tall clerk at the registry knows them."


@contextmanager
def _desk(playwright: Playwright, profile: Path, at: Deployment) -> Iterator[Laptop]:
    """Give a computer whose browser's profile lies in a folder."""
    with running(playwright, profile, (_ALONE,)) as browser:
        browser.context.clock.install()
        yield Laptop(browser.page(), Watched(at.url), at.url, touch=False)


def _forms(key: bytes) -> list[str]:
    """Return how a key may be written as text."""
    middle = key[6:30]
    url = base64.urlsafe_b64encode(middle).decode()
    return [key.hex(), url, base64.b64encode(middle).decode(), ",".join(map(str, key[4:24]))]


def test_P6_T71_an_organisation_that_applied_leaves_nothing_in_the_profile(
    playwright: Playwright, laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """Neither name nor contact, answers, passphrase or keys: read back, handed in, closed."""
    profile = tmp_path / "profile"
    words = [LANTERN.name, LANTERN.contact, LANTERN.texts[3], MEMBER_PHRASE]
    with _desk(playwright, profile, started) as laptop:
        vetting.opens(laptop, "/apply")
        vetting.fills_in(laptop)
        laptop.page.wait_for_timeout(WRITTEN_MS)
        assert traces(profile, words) == [], "the read-back"
        key, _ = vetting.makes_keys(laptop, tmp_path)
        laptop.says("apply.keep.go")
        laptop.waits_for("sent")
        assert laptop.kept() == NOTHING_KEPT
        words += _forms(key.read_bytes())
        laptop.page.wait_for_timeout(WRITTEN_MS)
        assert traces(profile, words) == [], "handed in"
    assert traces(profile, words) == [], "closed"


def test_P6_T71_the_page_for_admins_locks_itself_and_leaves_nothing_in_the_profile(
    playwright: Playwright, laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """Left alone over a note that was begun: nothing is on the screen, nor in the profile."""
    hers = laptops(started)
    vetting.opens(hers, "/apply")
    vetting.applies(hers, tmp_path)
    profile = tmp_path / "profile"
    key = vetting.admin_key(started, "ana")
    seed = open_admin_file(key.read_bytes(), PHRASE).seed
    words = [LANTERN.name, LANTERN.contact, NOTE, PHRASE, *_forms(key.read_bytes()), *_forms(seed)]
    with _desk(playwright, profile, started) as laptop:
        vetting.opens(laptop, "/vetting")
        vetting.sits_down(laptop, key)
        vetting.reads(laptop, LANTERN.name)
        laptop.says("vetting.item.note")
        laptop.waits_for("note")
        laptop.types("vetting.note.label", NOTE)
        laptop.touches()
        laptop.page.clock.fast_forward(14 * MINUTE_MS)
        assert laptop.page.get_by_label(laptop.words["vetting.note.label"], exact=True).count()
        laptop.page.clock.fast_forward(2 * MINUTE_MS)
        laptop.waits_for("open")
        shown = laptop.page.content()
        assert [one for one in words if one in shown] == []
        assert laptop.kept() == NOTHING_KEPT
        laptop.page.wait_for_timeout(WRITTEN_MS)
        assert traces(profile, words) == [], "locked by itself"
    assert traces(profile, words) == [], "closed"


def test_T71_hostile_texts_of_an_applicant_and_of_an_admin_are_texts_wherever_they_stand(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """As contact, as answers, as notes: shown as written; what could turn a text is not taken."""
    texts = [one for one in hostile.texts(100) if _may_stand(one)]
    assert len(texts) > 20
    answers = list(hostile.batches(texts, c.ANSWER_TEXT_BYTES))
    said = Said(
        name="<b>Lantern</b> & 'House'",
        contact="\n".join(one for one in texts if len(one.encode()) < 60)[:400].strip(),
        texts={at: "\n".join(one) for at, one in enumerate(answers[: c.VETTING_CRITERIA], 1)},
    )
    hers, admin = laptops(started), laptops(started)
    vetting.opens(hers, "/apply")
    vetting.applies(hers, tmp_path, said)
    vetting.opens(admin, "/vetting")
    vetting.sits_down(admin, vetting.admin_key(started, "ana"))
    vetting.reads(admin, said.name)
    admin.says("vetting.item.note")
    admin.waits_for("note")
    admin.types("vetting.note.label", "\n".join(answers[0]))
    admin.says("vetting.note.send")
    admin.waits_for("application")
    _is_untouched(admin)
    shown = admin.page.locator("p.answer[translate=no]").all_text_contents()
    for at, text in said.texts.items():
        assert text.strip() in shown, at
    admin.says("vetting.item.minutes")
    admin.waits_for("minutes")
    _is_untouched(admin)


def _may_stand(text: str) -> bool:
    try:
        lines.check_text(text, 1)
    except (Malformed, UnicodeError):
        return False
    return True


def _is_untouched(laptop: Laptop) -> None:
    """Nothing ran, nothing was asked for, and the page is still the page."""
    page = laptop.page
    assert not page.evaluate(f"'{MARK}' in globalThis || '{MARK}' in {{}}")
    assert page.locator("main :is(script, iframe, base, meta, img)").count() == 0
    assert page.locator("main :is([onerror], [onload], [onfocus])").count() == 0
    assert [one.url for one in laptop.seen.requests if MARK.lower() in one.url.lower()] == []
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide), "very long words break"
