"""100 hostile texts where members read what somebody wrote: shown as written, and nothing more."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from client import ambient
from client import home as homes
from client.flows import kept, members
from client.flows.desk import open_desk
from crypto import constants as c
from crypto.client import message
from crypto.client.message import Message
from crypto.client.store import Store
from crypto.client.store_entries import Case, SeedEntry
from crypto.encoding import utf8
from tests.acceptance.browser import hostile
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.hostile import MARK, shown
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.working import PHRASE, Laptop, key_file
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")
TEXTS = hostile.texts(100)
SHORT = [one for one in TEXTS if len(one.encode()) <= c.MEMBER_NAME_BYTES]
NAMES = SHORT[: c.MEMBERS_MOST - 1]
NARRATIVES = ["\n".join(one) for one in hostile.batches(TEXTS, c.TEXT_BYTES)]
CONTACTS = [
    "\n".join(one)
    for one in hostile.batches(
        [one for one in TEXTS if len(one.encode()) <= c.CONTACT_BYTES], c.CONTACT_BYTES
    )
]
NOTE = "\n".join(TEXTS)
_SAID: dict[str, Any] = {
    "consent": 1,
    "needs": (1,),
    "languages": (1,),
    "channels": (2,),
    "eyes": c.EYES_NOBODY,
}
_TEXTS = "(all) => all.map((one) => one.textContent)"
# What runs from right to left though it is more than one hostile text; and signs left open.
_TURNED = """(own) => {
  const theirs = new Set(own);
  const turned = [...document.querySelectorAll('main, main *')].filter((one) =>
    getComputedStyle(one).direction !== 'ltr' && !theirs.has(one.textContent)
    && !one.matches('textarea'));
  const texts = [];
  const walk = document.createTreeWalker(document.getElementById('main'), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) texts.push(walk.currentNode.data);
  const whole = /\\u2068[^\\u202a-\\u202e\\u2066-\\u2069]*\\u2069/g;
  const signs = /[\\u202a-\\u202e\\u2066-\\u2069]/;
  const open = texts.filter((one) => signs.test(one.replace(whole, '')));
  return [...turned.map((one) => one.outerHTML), ...open].map((one) => one.slice(0, 200));
}"""
OWN = [shown(one) for one in (*TEXTS, *NARRATIVES)]


def _is_untouched(laptop: Laptop) -> None:
    """Nothing ran, nothing was asked for, nothing is turned, and the page is still the page."""
    page = laptop.page
    assert not page.evaluate(f"'{MARK}' in globalThis || '{MARK}' in {{}}")
    assert page.locator("main script, main iframe, main base, main meta, main img").count() == 0
    assert page.locator("main [onerror], main [onload], main [onfocus]").count() == 0
    assert [one.url for one in laptop.seen.requests if MARK.lower() in one.url.lower()] == []
    assert page.evaluate(_TURNED, OWN) == []
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    assert page.evaluate(wide), "very long words break"


def _id(name: str, at: int, size: int = c.ENTRY_ID_BYTES) -> bytes:
    return hashlib.sha256(f"{name} {at}".encode()).digest()[:size]


def _written(provider: Provider) -> None:
    """Put all of it into the organisation's store, as it would have come, and on the server."""
    desk = open_desk(homes.load(provider.home), PHRASE, ambient.random)
    today = ambient.today()
    ids = []
    for name in NAMES:
        new = members.make(desk, PHRASE, ambient.random)
        entry = members.entry_of(new.secret, role="caseworker", name=name, today=today)
        members.add(desk, new, entry)
        ids.append(new.secret.member_id)

    def change(store: Store) -> Store:
        for at, contact in enumerate(CONTACTS):
            text = NARRATIVES[at] if at < len(NARRATIVES) else ""
            said = Message(contact=contact, text=text, **_SAID)
            case = Case(
                arrived=today,
                state=1,
                message=message.encode_body(said),
                last_epoch=today + c.REFERRAL_DAYS,
                taken_by=ids[at % len(ids)],
                note=NOTE if at == 0 else "",
            )
            store = store.with_entry(c.ENTRY_CASE, _id("case", at), case.encode())
        for at, name in enumerate(SHORT):
            store = _with_batch(store, at, name, today)
        return store

    desk.edit(change)
    provider.sync()


def _with_batch(store: Store, at: int, name: str, today: int) -> Store:
    batch = _id("batch", at, c.BATCH_ID_BYTES)
    code = SeedEntry(
        state=c.SEED_HANDED_OUT,
        batch=batch,
        last_epoch=today + 20,
        code=_id("code", at, c.CODE_BYTES),
        psk=_id("psk", at, c.KEY_BYTES),
        write_key=_id("write", at, c.KEY_BYTES),
        xwing_seed=_id("seed", at, c.XWING_SEED_BYTES),
    )
    store = store.with_entry(c.ENTRY_SEED, _id("seed", at), code.encode())
    return kept.put(store, f"batch {batch.hex()}", utf8(name))


def _plain(name: str) -> str:
    """Return a name as it stands within a sentence: without signs that direct or hold apart."""
    return "".join(sign for sign in shown(name) if sign not in "\u061c\u200e\u200f")


def _contents(laptop: Laptop, selector: str) -> list[str]:
    found = laptop.page.locator(selector).evaluate_all(_TEXTS)
    return ["".join(sign for sign in one if sign not in "\u2068\u2069") for one in found]


def _reads_requests(laptop: Laptop) -> None:
    """Read every request whole."""
    narratives, contacts = set(), set()
    for at in range(len(CONTACTS)):
        more = laptop.button(ENGLISH["inbox.list.more"])
        while laptop.page.locator("li.request").count() <= at:
            laptop.tap(more)
        laptop.opens_request(at)
        contacts.add("\n".join(_contents(laptop, ".tie dd bdi")))
        if laptop.button(ENGLISH["inbox.case.text"]).count():
            laptop.says("inbox.case.text")
            narratives.add(laptop.page.locator("p.answer[translate=no]").text_content())
        written = laptop.page.locator("textarea").input_value()
        assert written in ("", NOTE)
        _is_untouched(laptop)
        laptop.back_to_the_list()
    assert narratives == {shown(one) for one in NARRATIVES}
    assert contacts == {shown(one) for one in CONTACTS}


def _reads_names(laptop: Laptop) -> None:
    """Read the names of members and batches wherever they stand."""
    holders = _contents(laptop, "li.request > p:last-child")
    taken = ENGLISH["inbox.case.taken"].format(name="")
    assert {taken + _plain(one) for one in NAMES} == set(holders)
    laptop.says("inbox.list.work")
    laptop.waits_for("work")
    lines = _contents(laptop, "main li")
    assert all(any(one.startswith(f"{_plain(name)}: ") for one in lines) for name in NAMES)
    _is_untouched(laptop)
    laptop.says("shared.back")
    laptop.says("inbox.list.members")
    laptop.waits_for("members")
    assert {shown(one) for one in NAMES} <= set(_contents(laptop, "h2 bdi"))
    _is_untouched(laptop)
    laptop.says("shared.back")
    laptop.says("inbox.list.codes")
    laptop.waits_for("codes")
    lines = _contents(laptop, "main ul li")
    assert all(any(one.startswith(f"{_plain(name)}: 1 ") for one in lines) for name in SHORT)
    _is_untouched(laptop)
    laptop.says("shared.back")
    laptop.opens_request(0)
    laptop.says("inbox.case.give")
    laptop.waits_for("give")
    assert {shown(one) for one in NAMES} <= set(_contents(laptop, ".choice-text"))
    _is_untouched(laptop)


def test_100_hostile_texts_in_an_inbox_are_texts_wherever_they_stand(
    laptops: Laptops, started: Deployment
) -> None:
    """As own words, as a way to answer, as a note, as names of members and of batches."""
    shelter = Provider(started, OPEN_DOOR)
    _written(shelter)
    laptop = laptops(started).opens("/inbox").choose_language("en").unlocks(key_file(shelter))
    _is_untouched(laptop)
    _reads_requests(laptop)
    _reads_names(laptop)
