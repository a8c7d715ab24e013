"""What the browser's profile remembers: searched at every step, after leaving, and after a kill."""

from __future__ import annotations

import base64
import gzip
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from crypto.client.code_text import Kind
from tests.acceptance.browser.chromium import Chromium
from tests.acceptance.browser.chromium import started as running
from tests.acceptance.browser.elsewhere import OVERLOOK, TITLE, elsewhere, leads_to
from tests.acceptance.browser.phone import Phone
from tests.acceptance.browser.profile import Trace, traces
from tests.acceptance.browser.steps import (
    ASKING,
    CONTACT,
    OWN_WORDS,
    READING,
    STEPS,
    WAYS_OUT,
    Secrets,
    Story,
)
from tests.acceptance.browser.watched import Watched
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

# Chromium writes what stands in the fields to its session file within this time; the planted
# faults below are found after the same time.
WRITTEN_MS = 4_000
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"


@dataclass
class Desk:
    """A computer that others use too: its browser, and the folder of the profile."""

    browser: Chromium
    phone: Phone

    def waits(self) -> None:
        """Let the browser write down what it writes down."""
        self.phone.page.wait_for_timeout(WRITTEN_MS)

    def found(self, secrets: Secrets) -> list[Trace]:
        """Search the whole profile."""
        return traces(self.browser.profile, secrets.words)


@pytest.fixture
def away(tmp_path: Path) -> Iterator[str]:
    """Where the quick exit leads."""
    with elsewhere(tmp_path / "elsewhere") as url:
        yield url


@pytest.fixture
def town(own: Deployment, away: str) -> Deployment:
    """A server whose quick exit leads there."""
    leads_to(own, away)
    own.start(later=True)
    return own


@pytest.fixture
def story(town: Deployment) -> Story:
    """Somebody who asks, and a shelter that answers."""
    return Story(Provider(town, OPEN_DOOR))


Desks = Callable[[str], AbstractContextManager[Desk]]


@pytest.fixture
def desks(playwright: Playwright, tmp_path: Path, town: Deployment) -> Desks:
    """Give a computer by a name; its profile is new."""

    @contextmanager
    def desk(name: str) -> Iterator[Desk]:
        # Nobody watches it from inside: what is in the profile is what the pages left there.
        with running(playwright, tmp_path / name, (OVERLOOK, _ALONE)) as browser:
            yield Desk(browser, Phone(browser.page(), Watched(town.url), town.url, touch=False))

    return desk


def history(profile: Path, scratch: Path) -> set[tuple[str, str]]:
    """Return every address that a closed browser remembers, with its title."""
    copy = shutil.copy(profile / "Default" / "History", scratch)
    with closing(sqlite3.connect(copy)) as database:
        return set(database.execute("SELECT url, title FROM urls"))


def test_P6_R9_R38_T1_at_every_step_and_after_a_kill_the_profile_has_nothing(
    desks: Desks, story: Story, town: Deployment, tmp_path: Path
) -> None:
    """While every field is filled in, and after the browser died over the last one, no file has a
    word of it; the history has the bare addresses, which no page can keep out of it.
    """
    secrets = Secrets()
    with desks("profile") as desk:
        taken = []
        for walk in (story.asking, story.reading):
            for step in walk(desk.phone, secrets):
                taken.append(step)
                desk.waits()
                assert desk.found(secrets) == [], step
        assert tuple(taken) == STEPS
        desk.browser.kill()
        assert desk.found(secrets) == []
    assert len(secrets.words) > 20, secrets
    pages = {(f"{town.url}/", "Notes"), (f"{town.url}/answers", "Notes")}
    assert {
        one for one in history(tmp_path / "profile", tmp_path) if one[0] != "about:blank"
    } == pages


def leave(desk: Desk, how: str) -> None:
    """Leave in a way of the quick exit, by closing the browser, or by its sudden death."""
    if how in WAYS_OUT:
        WAYS_OUT[how](desk.phone)
    elif how == CLOSING:
        desk.browser.close()
    else:
        desk.browser.kill()


CLOSING, KILL = "closing", "kill -9"
HOWS = (*WAYS_OUT, CLOSING, KILL)


def tried(desks: Desks, story: Story, step: str, how: str) -> None:
    """Walk to a step, leave, and search the profile then, and once more when the browser closed."""
    secrets = Secrets()
    with desks(f"{how} at {step}") as desk:
        story.walk(desk.phone, secrets, step)
        if how == CLOSING:
            desk.waits()
        leave(desk, how)
        if how in WAYS_OUT:
            desk.waits()
            assert desk.found(secrets) == [], (how, step)
            desk.browser.close()
        assert desk.found(secrets) == [], (how, step)


@pytest.mark.parametrize(
    ("how", "step"),
    [
        ("the link", "own words typed"),
        ("Shift three times", "contact typed"),
        (CLOSING, "first four typed"),
    ],
)
def test_P6_R9_T1_after_it_was_left_the_profile_has_nothing(
    desks: Desks, story: Story, how: str, step: str
) -> None:
    """By the link, by Shift three times, by closing the browser."""
    tried(desks, story, step, how)


def test_P6_R9_T1_after_the_exit_the_history_has_bare_addresses_only(
    desks: Desks, story: Story, town: Deployment, away: str, tmp_path: Path
) -> None:
    """The page's own address, where the exit led, and titles that say nothing. That is what is not
    protected: whoever looks at the history sees that the address was visited.
    """
    with desks("profile") as desk:
        story.walk(desk.phone, Secrets(), "own words typed")
        desk.phone.leaves()
        desk.waits()
        desk.browser.close()
    found = {one for one in history(tmp_path / "profile", tmp_path) if one[0] != "about:blank"}
    assert {address for address, _ in found} == {f"{town.url}/", f"{town.url}/bye", away}
    assert {title for _, title in found} <= {"Notes", TITLE}


@pytest.mark.long
@pytest.mark.parametrize("how", HOWS)
def test_P6_R9_T1_wherever_it_is_left_the_profile_has_nothing(
    desks: Desks, story: Story, how: str
) -> None:
    """At each step of both pages, in each way."""
    for step in (*ASKING, *READING):
        tried(desks, story, step, how)


def test_a_draft_in_the_local_storage_is_found(desks: Desks, town: Deployment) -> None:
    """A page that saved what was typed would be caught."""
    assert town.url
    secrets = Secrets([OWN_WORDS])
    with desks("profile") as desk:
        desk.phone.opens()
        desk.phone.page.evaluate("text => localStorage.setItem('draft', text)", OWN_WORDS)
        desk.browser.close()
        assert desk.found(secrets)


def test_an_ordinary_field_is_found_in_the_time_that_is_waited(desks: Desks, away: str) -> None:
    """Where a field may be remembered, it is: while the browser runs, and after its death."""
    secrets = Secrets([CONTACT])
    with desks("profile") as desk:
        desk.phone.page.goto(away)
        desk.phone.page.get_by_label("Place").fill(CONTACT)
        desk.waits()
        assert desk.found(secrets)
        desk.browser.kill()
        assert desk.found(secrets)


def test_a_secret_in_a_fragment_is_found(desks: Desks, story: Story, town: Deployment) -> None:
    """A code in an address is written down even where the page takes it away at once."""
    secrets = Secrets()
    code = story.shelter.code()
    secrets.add_code(code, Kind.CODE)
    with desks("profile") as desk:
        desk.phone.page.goto(f"{town.url}/#{code}")
        desk.phone.page.evaluate("history.replaceState(null, '', '/')")
        desk.waits()
        assert desk.found(secrets)


@pytest.mark.parametrize(
    "written",
    [
        OWN_WORDS.encode(),
        OWN_WORDS.encode("utf-16-le"),
        b"x" + OWN_WORDS.encode("utf-16-be"),
        *[base64.b64encode(bytes(shift) + OWN_WORDS.encode() + b"..") for shift in range(3)],
        *[base64.b64encode(bytes(shift) + OWN_WORDS.encode("utf-16-le")) for shift in range(3)],
        b"before" + gzip.compress(OWN_WORDS.encode(), mtime=0) + b"after",
    ],
)
def test_a_word_is_found_in_whatever_form_it_was_written(tmp_path: Path, written: bytes) -> None:
    """UTF-8, UTF-16, base64 at each place, gzip; another word is not found."""
    file = tmp_path / "Default" / "a file"
    file.parent.mkdir()
    file.write_bytes(bytes(100) + written + bytes(100))
    assert {(one.word, one.file) for one in traces(tmp_path, [OWN_WORDS, CONTACT])} == {
        (OWN_WORDS, "Default/a file")
    }
