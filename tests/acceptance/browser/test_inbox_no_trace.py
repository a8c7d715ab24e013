"""What a browser's profile remembers of an inbox: nothing, locked, left, closed or killed."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from client.flows.desk import open_key_file
from crypto.client.code_text import Kind
from tests.acceptance import people
from tests.acceptance.browser.chromium import Chromium
from tests.acceptance.browser.chromium import started as running
from tests.acceptance.browser.phone import NOTHING_KEPT
from tests.acceptance.browser.profile import traces
from tests.acceptance.browser.steps import Secrets
from tests.acceptance.browser.watched import Watched
from tests.acceptance.browser.working import PHRASE, Laptop, key_file, moves_stock
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import SLEEP, Provider

pytestmark = pytest.mark.needs("chromium")

# As long as test_P6_no_trace.py waits: what Chromium writes down, it has written by then.
WRITTEN_MS = 4_000
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
OWN_WORDS = "The man with the silver keys has my papers."
CONTACT = "0171 5550143"
SAFE_WORD = "copper lantern"
ANSWER = "Come to the green gate after nine."
NOTE = "Ask for the quiet room."
BATCH = "Laundry on Ferry Street"
ASKED = SLEEP | {
    "channels": ["call"],
    "contact": CONTACT,
    "safe_word": SAFE_WORD,
    "text": OWN_WORDS,
}
MINUTE_MS = 60_000


@dataclass
class Desk:
    """A computer with a profile on its disk, an inbox on it, and what must not be found there."""

    browser: Chromium
    laptop: Laptop
    secrets: Secrets = field(default_factory=Secrets)

    def unlocks(self, key: Path) -> None:
        """Open the inbox; nothing of what opens it may be found from then on."""
        self.secrets.add(PHRASE, *_forms(key.read_bytes()))
        member = open_key_file(key, PHRASE)
        for seed in (member.xwing_seed, member.ed25519_seed):
            self.secrets.add(*_forms(seed))
        self.laptop.opens("/inbox").choose_language("en").unlocks(key)

    def found(self) -> list[str]:
        """Search the whole profile, once everything is written down."""
        if not self.laptop.page.is_closed():
            self.laptop.page.wait_for_timeout(WRITTEN_MS)
        return self.found_now()

    def found_now(self) -> list[str]:
        """Search the whole profile as it is."""
        return [f"{one.file}: {one.form}" for one in traces(self.browser.profile, self._words())]

    def _words(self) -> list[str]:
        return self.secrets.words


Desks = Callable[[str], AbstractContextManager[Desk]]


def _forms(key: bytes) -> list[str]:
    """Return how a key may be written as text: its middle, so that no edge hides it."""
    middle = key[6:36]
    url = base64.urlsafe_b64encode(middle).decode()
    return [key.hex(), url, base64.b64encode(middle).decode(), ",".join(map(str, key[4:24]))]


@pytest.fixture
def shelter(started: Deployment) -> Provider:
    """A shelter with one request, and codes in its browser's stock."""
    shelter = Provider(started, OPEN_DOOR)
    people.ask(started, shelter.code(), ASKED)
    moves_stock(shelter)
    return shelter


@pytest.fixture
def desks(playwright: Playwright, tmp_path: Path, started: Deployment) -> Desks:
    """Give a computer by a name; its profile is new."""

    @contextmanager
    def desk(name: str) -> Iterator[Desk]:
        with running(playwright, tmp_path / name, (_ALONE,)) as browser:
            browser.context.clock.install()
            page = browser.page()
            laptop = Laptop(page, Watched(started.url), started.url, touch=False)
            yield Desk(browser, laptop)

    return desk


def _reads_and_writes(desk: Desk) -> None:
    """Read a request whole, begin an answer and a note, and leave them so on the screen."""
    laptop = desk.laptop
    desk.secrets.add(OWN_WORDS, CONTACT, SAFE_WORD, ANSWER, NOTE)
    laptop.waits_until(lambda: len(laptop.rows()) == 1)
    laptop.opens_request()
    laptop.says("inbox.case.answer")
    laptop.waits_for("answer")
    laptop.types("inbox.answer.label", ANSWER)
    laptop.says("shared.back")
    laptop.waits_for("request")
    laptop.says("inbox.case.text")
    laptop.types("inbox.case.note", NOTE)
    for text in (OWN_WORDS, CONTACT, SAFE_WORD):
        assert text in laptop.shown(), text


def _takes_codes(desk: Desk) -> None:
    """Take codes under a name, and make an invitation."""
    laptop = desk.laptop
    desk.secrets.add(BATCH)
    for code in laptop.takes_codes(2, BATCH):
        desk.secrets.add_code(code, Kind.CODE)
    assert desk.found() == [], "codes"
    laptop.says("shared.done")
    laptop.waits_for("list")


def test_P6_R31_locked_on_purpose_and_closed_the_profile_has_nothing(
    desks: Desks, shelter: Provider
) -> None:
    """Of request, answer, note, codes, passphrase and keys: at each step, locked, and closed."""
    with desks("locked") as desk:
        desk.unlocks(key_file(shelter))
        _takes_codes(desk)
        _reads_and_writes(desk)
        assert desk.found() == [], "a request is open"
        desk.laptop.back_to_the_list()
        desk.laptop.locks()
        shown = desk.laptop.page.content()
        assert [one for one in desk.secrets.words if one in shown] == []
        assert desk.laptop.kept() == NOTHING_KEPT
        assert desk.found() == [], "locked"
        desk.browser.close()
        assert desk.found_now() == [], "closed"
        assert len(desk.secrets.words) > 20


def test_P6_R31_left_alone_for_15_minutes_it_is_locked_and_killed_it_leaves_nothing(
    desks: Desks, shelter: Provider
) -> None:
    """A minute earlier it is open; and whoever kills it over an open request finds nothing."""
    with desks("left alone") as desk:
        desk.unlocks(key_file(shelter))
        _reads_and_writes(desk)
        desk.laptop.touches()
        desk.laptop.page.clock.fast_forward(14 * MINUTE_MS)
        assert OWN_WORDS in desk.laptop.shown(), "not yet"
        desk.laptop.page.clock.fast_forward(2 * MINUTE_MS)
        desk.laptop.waits_for("open")
        shown = desk.laptop.page.content()
        assert [one for one in desk.secrets.words if one in shown] == []
        assert desk.found() == [], "locked by itself"

        desk.laptop.unlocks(key_file(shelter))
        _reads_and_writes(desk)
        desk.laptop.page.wait_for_timeout(WRITTEN_MS)
        desk.browser.kill()
        assert desk.found_now() == [], "killed"
