"""The page as one file: on a device without a network it seals to what was kept, and asks nobody.

What it gives is handed in on another device, by the field for it, and arrives.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from client.flows import carried as flows
from crypto.client import carried
from crypto.client.carried import Carried
from crypto.public import requests
from server import assets
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT, Phone
from tests.acceptance.browser.test_axe import violations
from tests.acceptance.browser.watched import watch
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from tests.client.peer.test_carried_flow import CHANGES, flip

pytestmark = pytest.mark.needs("chromium")

DAY_S = 86_400
WORDS = "The bakery opens at four; after that nobody looks."
Change = Callable[[Carried], Carried]


@contextmanager
def without_network(browser: Browser, folder: Path, later_s: float = 0.0) -> Iterator[Phone]:
    """A device that has the file, from a folder, and no network."""
    (folder / "notes.html").write_bytes((assets.STATIC / "saved.html").read_bytes())
    context = browser.new_context(
        viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True, offline=True
    )
    try:
        seen = watch(context, folder.as_uri(), later_s)
        phone = Phone(context.new_page(), seen, folder.as_uri())
        yield phone.opens("/notes.html")
        phone.settle()
        asked = [one.url for one in seen.requests if not one.url.startswith(("blob:", "data:"))]
        assert set(asked) <= {f"{folder.as_uri()}/notes.html", "about:blank"}, asked
        assert seen.violations == []
        assert seen.errors == []
    finally:
        context.close()


def to_keep(phone: Phone, language: str = "en") -> Phone:
    """Go to where things are kept for a place without a network."""
    phone.opens().choose_language(language)
    phone.says("ask.code.ways")
    phone.waits_for("ways")
    phone.says("ask.carry.keep")
    phone.waits_for("keep")
    return phone


def text_on(phone: Phone) -> str:
    """The long text that is shown."""
    return phone.page.locator("textarea").input_value()


def kept_code(phone: Phone, code: str) -> str:
    """Keep what lies behind a code."""
    to_keep(phone).type_code(code)
    phone.waits_for("kept")
    return text_on(phone)


def kept_list(phone: Phone) -> str:
    """Keep the organisations that need no code."""
    to_keep(phone).says("ask.code.none")
    phone.waits_for("kept")
    return text_on(phone)


def puts_in(phone: Phone, text: str, *screens: str) -> str:
    """Put a kept text in."""
    phone.types("ask.carry.open.label", text)
    phone.says("shared.next")
    return phone.waits_for(*screens or ("opened",))


def seals(phone: Phone) -> tuple[str, str]:
    """From who will read it to the text that is carried; returns it and the receipt."""
    phone.goes_on()
    phone.needs("sleep_tonight", "money")
    phone.safe_way("come_back")
    phone.more(text=WORDS)
    phone.says_yes("own")
    receipt = phone.receipt()
    phone.types_first_four(receipt)
    phone.says("ask.carry.seal")
    phone.waits_for("sealed")
    return text_on(phone), receipt


def pastes(phone: Phone, text: str, screen: str = "pasted") -> None:
    """Hand a text in, on the server's page."""
    phone.opens().choose_language("en")
    phone.says("ask.code.ways")
    phone.waits_for("ways")
    phone.says("ask.carry.paste")
    phone.waits_for("paste")
    phone.types("ask.carry.paste.label", text)
    phone.says("ask.receipt.send")
    phone.waits_for(screen)


def test_R10_R40_what_was_sealed_without_a_network_arrives(
    phones: Phones, chromium: Browser, started: Deployment, tmp_path: Path
) -> None:
    """To a record that was kept; the receipt works; handing it in twice makes no second one."""
    shelter = Provider(started, OPEN_DOOR)
    code = shelter.code()
    online = phones(started)
    kept = kept_code(online, code)
    assert NAMES[OPEN_DOOR] in online.shown()
    assert online.kept() == NOTHING_KEPT
    with without_network(chromium, tmp_path, started.days.seconds()) as phone:
        phone.choose_language("en")
        puts_in(phone, f"> {kept}")
        phone.type_code(code)
        sealed, receipt = seals(phone)
        assert WORDS not in phone.shown()
    elsewhere = phones(started)
    for _ in range(2):
        pastes(elsewhere, f"I was asked to pass this on.\n\n{sealed}")
    case = shelter.newest()
    assert shelter.show(case)["text"] == WORDS
    assert len(shelter.inbox()) == 1
    assert phones(started).looks(receipt, "en") == "box"
    pastes(elsewhere, changed_code(sealed), "refused")


def changed_code(armour: str) -> str:
    """The same request for a code that there is not."""
    request = requests.from_armour(armour)
    assert isinstance(request, requests.Referral)
    return requests.armour(replace(request, locator=flip(request.locator, 3)))


def test_R10_a_walk_in_sealed_without_a_network_arrives_days_later(
    phones: Phones, chromium: Browser, started: Deployment, tmp_path: Path
) -> None:
    """Until when it can be handed in is said; the work is done again where it is handed in."""
    legal = Provider(started, HARBOUR)
    kept = kept_list(phones(started))
    assert len(carried.read(kept).organisations) >= 1
    with without_network(chromium, tmp_path, started.days.seconds()) as phone:
        phone.choose_language("en")
        puts_in(phone, kept)
        assert page_words("en").around("ask.carry.keep.until")[0] in phone.shown()
        phone.tap(phone.choice(NAMES[HARBOUR]))
        sealed, _ = seals(phone)
        assert page_words("en").around("ask.carry.sealed.until")[0] in phone.shown()
    started.days.pass_by(2)
    pastes(phones(started), sealed)
    assert legal.show(legal.newest())["text"] == WORDS


def test_expired_keys_are_refused_before_she_writes(
    phones: Phones, chromium: Browser, started: Deployment, tmp_path: Path
) -> None:
    """Nothing is asked; when the last day was is said."""
    kept = kept_list(phones(started))
    with without_network(chromium, tmp_path, started.days.seconds() + 15 * DAY_S) as phone:
        phone.choose_language("en")
        assert puts_in(phone, kept, "opened", "past") == "past"
        assert page_words("en").around("ask.carry.past.until")[0] in phone.shown()
        assert phone.page.locator("textarea, input").count() == 0
        assert phone.page.locator("button.choice").count() == 0


def test_P2_P9_T54_a_kept_text_that_was_changed_is_refused(
    phones: Phones, chromium: Browser, started: Deployment, tmp_path: Path
) -> None:
    """Each signature, hash and place, one after the other; nothing of it can be chosen."""
    found = flows.read(kept_list(phones(started)))
    changes: dict[str, Change] = {**CHANGES}
    if not found.organisations[0].hashes:
        del changes["inclusion"]
    with without_network(chromium, tmp_path, started.days.seconds()) as phone:
        phone.choose_language("en")
        for name, change in changes.items():
            phone.types("ask.carry.open.label", carried.write(change(found)))
            phone.says("shared.next")
            wrong = phone.page.locator("p.error:not(:empty)")
            wrong.wait_for()
            assert "trouble" not in wrong.inner_text(), name
            assert phone.waits_for("open", "opened") == "open", name
            phone.types("ask.carry.open.label", "")
        phone.says("shared.next")
        phone.page.get_by_text(phone.words["ask.carry.open.none"], exact=True).wait_for()


def test_P2_T54_a_record_opens_with_its_own_code_alone(
    phones: Phones, chromium: Browser, started: Deployment, tmp_path: Path
) -> None:
    """Another code, and a record that was changed on the way, are told from it."""
    shelter = Provider(started, OPEN_DOOR)
    code, other = shelter.code(), shelter.code()
    kept = kept_code(phones(started), code)
    found = flows.read(kept)
    assert found.record is not None
    broken = carried.write(replace(found, record=flip(found.record)))
    with without_network(chromium, tmp_path, started.days.seconds()) as phone:
        phone.choose_language("en")
        for text, typed in ((kept, other), (broken, code)):
            puts_in(phone, text)
            phone.type_code(typed)
            phone.page.get_by_text(phone.words["ask.carry.other"], exact=True).wait_for()
            phone.says("shared.back")
            phone.waits_for("open")


def test_R38_the_file_is_the_one_in_the_sums(phones: Phones, started: Deployment) -> None:
    """What is downloaded is what was built, under a name that says nothing."""
    phone = to_keep(phones(started))
    link = phone.page.get_by_role("link", name=phone.words["ask.carry.keep.page"])
    with phone.page.expect_download() as download:
        phone.tap(link)
    data = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == "notes.html"
    line = f"{hashlib.sha256(data).hexdigest()}  saved.html\n"
    assert line in (assets.STATIC / "SHA256SUMS").read_text()


def test_a_kept_text_is_a_file_where_she_wants_one(phones: Phones, started: Deployment) -> None:
    """By a tap of hers, under a name that says nothing; it is the text that is shown."""
    phone = phones(started)
    text = kept_list(phone)
    with phone.page.expect_download() as download:
        phone.says("ask.carry.file")
    assert download.value.suggested_filename == "notes.txt"
    assert Path(download.value.path()).read_text() == text


def test_P6_the_exit_of_the_file_leaves_nothing_on_the_screen(
    phones: Phones, chromium: Browser, started: Deployment, tmp_path: Path
) -> None:
    """It goes to an empty page, without a network; Back does not lead to what was typed."""
    kept = kept_list(phones(started))
    with without_network(chromium, tmp_path, started.days.seconds()) as phone:
        phone.choose_language("en")
        puts_in(phone, kept)
        phone.tap(phone.page.get_by_role("link", name=phone.words["shared.leave"]).first)
        phone.page.wait_for_url("about:blank")
        phone.page.go_back()
        assert NAMES[HARBOUR] not in phone.page.locator("html").inner_text()


@pytest.mark.parametrize("language", ["en", "es", "ko", "hi", "ar"])
def test_R16_axe_finds_nothing_on_the_screens_without_a_network(
    phones: Phones, chromium: Browser, started: Deployment, tmp_path: Path, language: str
) -> None:
    """At 320 px nothing is wider than the screen either."""
    online = to_keep(phones(started, width=320), language)
    found = violations(online.page)
    online.says("ask.code.none")
    online.waits_for("kept")
    found += violations(online.page)
    kept = text_on(online)
    with without_network(chromium, tmp_path, started.days.seconds()) as phone:
        phone.choose_language(language)
        found += look(phone)
        puts_in(phone, kept)
        found += look(phone)
        phone.tap(phone.choice(NAMES[HARBOUR]))
        seals(phone)
        found += look(phone)
    assert found == []


def look(phone: Phone) -> list[str]:
    """What axe finds, and what is wider than the screen."""
    wide = phone.page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [*violations(phone.page), *(["wider than the screen"] if wide else [])]
