"""The quick exit: at every screen, by hand, by keyboard, without JavaScript, on a dead network."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright
from playwright.sync_api import Error as BrowserError

from tests.acceptance.browser.chromium import started as running
from tests.acceptance.browser.elsewhere import OVERLOOK, TITLE, elsewhere, leads_to
from tests.acceptance.browser.phone import NOTHING_KEPT, Phone, phone_of
from tests.acceptance.browser.steps import (
    ASKING,
    OWN_WORDS,
    READING,
    STEPS,
    WAYS_OUT,
    Secrets,
    Story,
)
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from tests.server import serving

pytestmark = pytest.mark.needs("chromium")

_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
AT_ONCE_MS = 200
_HANGS_MS = 2_000
# Takes the link as a finger does, and looks before anything else can happen.
_LEAVES = """() => {
  const at = performance.now();
  document.querySelector('a.leave').click();
  return {
    ms: performance.now() - at,
    hidden: document.documentElement.hidden,
    inside: document.body.childNodes.length,
  };
}"""


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the quick exit leads, and where people were before."""
    with elsewhere(tmp_path_factory.mktemp("elsewhere")) as url:
        yield url


@pytest.fixture(scope="module")
def ordinary(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A Chromium as people have it: it keeps pages alive behind the one that is shown."""
    folder = tmp_path_factory.mktemp("ordinary")
    with running(playwright, folder / "profile", (OVERLOOK, _ALONE)) as made:
        yield made.browser


@pytest.fixture
def town(own: Deployment, away: str) -> Deployment:
    """A server whose quick exit leads elsewhere."""
    leads_to(own, away)
    own.start(later=True)
    return own


@pytest.fixture
def story(town: Deployment) -> Story:
    """Somebody who asks, and a shelter that answers."""
    return Story(Provider(town, OPEN_DOOR))


@contextmanager
def a_phone(ordinary: Browser, town: Deployment, away: str, **options: Any) -> Iterator[Phone]:
    """Give a phone on which something else was looked at before."""
    options = {"touch": False, "ignore_https_errors": True, **options}
    with phone_of(ordinary, town, **options) as phone:
        phone.page.goto(f"{away}before")
        yield phone


def shown(page: Page) -> str:
    """Return everything in the document, with what stands in the fields."""
    return str(
        page.evaluate(
            """() => [
                document.documentElement?.outerHTML,
                ...[...document.querySelectorAll('input, textarea')].map((one) => one.value),
            ].join('\\n')"""
        )
    )


def goes(page: Page, step: int) -> str:
    """Press Back or Forward, wait a moment, and return the address that is shown then."""
    with suppress(BrowserError):  # a page that does not come
        go = page.go_back if step < 0 else page.go_forward
        go(wait_until="commit", timeout=_HANGS_MS)
    page.wait_for_timeout(300)
    return page.url


def faults(phone: Phone, away: str) -> list[str]:
    """Return what must not happen on our pages; the other site was gone to by hand."""
    return [one for one in phone.seen.faults() if away not in one]


def left_well(phone: Phone, secrets: Secrets, away: str) -> None:
    """See that nothing leads back to what was left."""
    phone.page.wait_for_url(away)
    assert phone.page.title() == TITLE
    screens = list(phone.screens)
    assert goes(phone.page, -1) == f"{away}before"
    assert secrets.inside(shown(phone.page)) == []
    assert goes(phone.page, 1) == away
    assert secrets.inside(shown(phone.page)) == []
    assert phone.screens == screens, "no screen came back"
    assert faults(phone, away) == []


@pytest.mark.parametrize("how", WAYS_OUT)
@pytest.mark.parametrize("step", ["language", "own words typed", "receipt shown", "sent"])
def test_R9_R38_back_and_forward_never_show_what_was_left(
    ordinary: Browser, town: Deployment, story: Story, away: str, how: str, step: str
) -> None:
    """Back leads to what was looked at before the page, Forward to where the exit led."""
    secrets = Secrets()
    with a_phone(ordinary, town, away) as phone:
        story.walk(phone, secrets, step)
        WAYS_OUT[how](phone)
        left_well(phone, secrets, away)
        phone.opens()
        assert phone.kept() == NOTHING_KEPT


@pytest.mark.long
@pytest.mark.parametrize("how", WAYS_OUT)
def test_R9_R38_at_every_step_back_and_forward_never_show_what_was_left(
    ordinary: Browser, town: Deployment, story: Story, away: str, how: str
) -> None:
    """The same at each step of both pages."""
    for step in (*ASKING, *READING):
        secrets = Secrets()
        with a_phone(ordinary, town, away) as phone:
            story.walk(phone, secrets, step)
            WAYS_OUT[how](phone)
            left_well(phone, secrets, away)


def test_P6_R9_R38_at_every_step_the_way_out_is_there_and_nothing_is_kept_or_said(
    ordinary: Browser, town: Deployment, story: Story, away: str
) -> None:
    """The link is in sight however far the page is scrolled, and large; no storage of any kind has
    anything; title, icon and address say nothing.
    """
    taken = []
    secrets = Secrets()
    with a_phone(ordinary, town, away, width=320, height=568, touch=True) as phone:
        for walk, path in ((story.asking, "/"), (story.reading, "/answers")):
            for step in walk(phone, secrets):
                taken.append(step)
                assert phone.kept() == NOTHING_KEPT, step
                assert phone.page.url == f"{town.url}{path}", step
                assert phone.page.title() == "Notes", step
                assert says_nothing(phone, secrets), step
                for far in (0, 1_000_000):
                    phone.page.evaluate("far => scrollTo(0, far)", far)
                    assert is_in_sight(phone), (step, far)
        assert tuple(taken) == STEPS
        assert phone.seen.titles == {"Notes"}
        assert faults(phone, away) == []


def says_nothing(phone: Phone, secrets: Secrets) -> bool:
    """Say whether there is one icon, drawn in the page itself, and no secret in the head."""
    head = phone.page.locator("head").inner_html()
    icons = phone.page.locator('link[rel~="icon"]').evaluate_all("all => all.map(one => one.href)")
    return (
        len(icons) == 1
        and icons[0].startswith("data:image/svg+xml,")
        and "towpath" not in head.casefold()
        and secrets.inside(head) == []
    )


def is_in_sight(phone: Phone) -> bool:
    """Say whether the way out is within the window, at its top, and as high as a finger needs."""
    box = phone.page.locator("a.leave").bounding_box()
    return box is not None and 0 <= box["y"] < 40 and box["height"] >= 48


@pytest.mark.parametrize("path", ["/", "/answers", "/plain", "/about"])
def test_R9_without_javascript_the_link_leaves_and_what_was_kept_is_cleared(
    ordinary: Browser, town: Deployment, away: str, path: str
) -> None:
    """It is an ordinary link: 303 to elsewhere, and the browser is told to clear this site."""
    with a_phone(ordinary, town, away, java_script_enabled=False) as phone:
        phone.page.goto(town.url + path)
        phone.page.locator('a[href="/bye"]').first.click()
        phone.page.wait_for_url(away)
    connection = HTTPConnection("127.0.0.1", serving.port_of(town.server))
    with closing(connection):
        connection.request("GET", "/bye")
        answer = connection.getresponse()
        assert answer.status == 303
        assert answer.headers["Location"] == away
        assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
        assert answer.headers["Cache-Control"] == "no-store"


def test_R9_the_exit_clears_what_others_have_kept_for_this_address(
    ordinary: Browser, town: Deployment, away: str
) -> None:
    """What stands in any storage of this address before, is gone after it."""
    with a_phone(ordinary, town, away) as phone:
        phone.opens()
        phone.page.evaluate(
            """async () => {
                localStorage.setItem('draft', 'x');
                sessionStorage.setItem('draft', 'x');
                document.cookie = 'draft=x';
                await caches.open('draft');
                await new Promise((done) => { indexedDB.open('draft').onsuccess = done; });
            }"""
        )
        assert phone.kept() != NOTHING_KEPT
        phone.page.locator("a.leave").click()
        phone.page.wait_for_url(away)
        phone.opens()
        assert phone.kept() == NOTHING_KEPT


@contextmanager
def silence(town: Deployment) -> Iterator[None]:
    """Let the server take connections and never answer, until the end of the block."""
    assert town.served is not None
    group = os.getpgid(town.served.process.pid)
    os.killpg(group, signal.SIGSTOP)
    try:
        yield
    finally:
        os.killpg(group, signal.SIGCONT)


def filmed(page: Page) -> list[str]:
    """Return the pictures of what the window shows; each change adds one."""
    frames: list[str] = []
    session = page.context.new_cdp_session(page)

    def keep(frame: dict[str, Any]) -> None:
        frames.append(str(frame["data"]))
        session.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})

    session.on("Page.screencastFrame", keep)
    session.send("Page.startScreencast", {"format": "png"})
    page.wait_for_timeout(300)
    return frames


def test_R9_where_nothing_answers_the_screen_is_blank_at_once(
    ordinary: Browser, town: Deployment, story: Story, away: str
) -> None:
    """The server takes the connection and is silent: nothing is left in the document, the next
    picture is a blank one, and neither Back nor Forward brings anything back.
    """
    secrets = Secrets()
    with a_phone(ordinary, town, away) as phone:
        blank = phone.page.context.new_page()
        empty = filmed(blank)
        blank.close()
        story.walk(phone, secrets, "own words typed")
        with silence(town):
            frames = filmed(phone.page)
            before = len(frames)
            assert frames[-1] != empty[-1]
            found = phone.page.evaluate(_LEAVES)
            phone.page.wait_for_timeout(AT_ONCE_MS)
            assert frames[before:] == empty[-1:]
            assert found["ms"] < AT_ONCE_MS
            assert (found["hidden"], found["inside"]) == (True, 0)
            assert goes(phone.page, -1) == f"{away}before"
        goes(phone.page, 1)
        assert secrets.inside(shown(phone.page)) == []


def test_R9_where_the_server_is_gone_nothing_comes_back(
    ordinary: Browser, town: Deployment, story: Story, away: str
) -> None:
    """The browser says that it can't be reached; Back leads to what was looked at before."""
    secrets = Secrets()
    with a_phone(ordinary, town, away) as phone:
        story.walk(phone, secrets, "receipt shown")
        town.kill()
        found = phone.page.evaluate(_LEAVES)
        assert found["ms"] < AT_ONCE_MS
        assert (found["hidden"], found["inside"]) == (True, 0)
        phone.page.wait_for_timeout(500)
        assert secrets.inside(shown(phone.page)) == []
        assert goes(phone.page, -1) == f"{away}before"
        goes(phone.page, 1)
        assert secrets.inside(shown(phone.page)) == []


@pytest.mark.parametrize(
    ("pressed", "kept"),
    [
        (["Shift+KeyA"] * 5, "AAAAA"),
        (["Shift", "Shift", "KeyB", "Shift"], "b"),
        (["Shift+KeyI", "Shift", "Shift", "Shift+KeyI"], "II"),
        (["Shift", "Shift+Tab", "Shift+Tab", "Shift"], ""),
    ],
)
def test_R9_a_capital_letter_does_not_leave(
    ordinary: Browser, town: Deployment, story: Story, away: str, pressed: list[str], kept: str
) -> None:
    """Shift counts only where it is pressed alone, three times in a row."""
    with a_phone(ordinary, town, away) as phone:
        story.walk(phone, Secrets(), "own words typed")
        field = phone.page.get_by_label(phone.words["ask.topic.text"], exact=True)
        field.fill("")
        field.focus()
        for keys in pressed:
            phone.page.keyboard.press(keys)
        phone.settle()
        assert phone.waits_for("text") == "text"
        assert field.input_value() == kept


def test_R9_a_page_that_was_kept_alive_shows_nothing(
    ordinary: Browser, town: Deployment, story: Story, away: str
) -> None:
    """Whoever goes to another address by hand and comes back finds the choice of language."""
    secrets = Secrets()
    with a_phone(ordinary, town, away) as phone:
        story.walk(phone, secrets, "own words typed")
        phone.page.goto(f"{away}after")
        assert goes(phone.page, -1) == f"{town.url}/"
        phone.page.get_by_role("button", name="English", exact=True).wait_for()
        assert secrets.inside(shown(phone.page)) == []
        assert phone.page.locator("input, textarea").count() == 0


def test_R9_a_page_that_the_browser_hands_back_empties_itself(
    ordinary: Browser, town: Deployment, story: Story, away: str
) -> None:
    """Even where a browser gives back a page as it was, it is empty before it is drawn."""
    secrets = Secrets()
    with a_phone(ordinary, town, away) as phone:
        story.walk(phone, secrets, "own words typed")
        left = phone.page.evaluate(
            """() => {
                dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}));
                return document.documentElement.outerHTML;
            }"""
        )
        assert secrets.inside(left) == []
        assert "<textarea" not in left
        phone.page.get_by_role("button", name="English", exact=True).wait_for()
        assert secrets.inside(shown(phone.page)) == []


def test_other_sites_are_kept_alive_with_what_was_typed(ordinary: Browser, away: str) -> None:
    """What these tests look for is what this browser does with pages that do not care."""
    context = ordinary.new_context(ignore_https_errors=True)
    try:
        page = context.new_page()
        page.goto(f"{away}form")
        page.get_by_label("Place").fill(OWN_WORDS)
        page.goto(f"{away}after")
        assert goes(page, -1) == f"{away}form"
        assert Secrets([OWN_WORDS]).inside(shown(page)) == [OWN_WORDS]
    finally:
        context.close()
