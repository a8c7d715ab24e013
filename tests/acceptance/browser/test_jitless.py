"""The whole way where nothing is compiled and there is no WebAssembly, and in Firefox."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright

from tests.acceptance.browser.chromium import started as running
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT, phone_of
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider
from tests.server.serving import ROOT
from tests.web.browser import NODE

JITLESS = "--js-flags=--jitless"
ANSWER = "자리가 있습니다. 오늘 밤 오세요."
NEEDS = ("sleep_tonight", "documents")
SHORT = ["code", "reader", "needs", "safe", "check", "receipt", "done"]
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_WALK = ROOT / "web" / "tests" / "firefox_walk.js"
_SAID = (
    "shared.next",
    "ask.reader.go",
    "ask.receipt.send",
    "ask.done.delivered",
    "answers.word.none",
)


@pytest.fixture(scope="module")
def interpreted(
    playwright: Playwright, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A Chromium that compiles nothing, as in a phone's strictest mode."""
    folder = tmp_path_factory.mktemp("interpreted")
    with running(playwright, folder / "profile", (JITLESS, _ALONE)) as made:
        yield made.browser


@pytest.mark.needs("chromium")
def test_S1_P8_the_whole_way_works_without_compiling_and_webassembly(
    interpreted: Browser, started: Deployment
) -> None:
    """From the language to "sent", and the answer is read; no page breaks the policy."""
    shelter = Provider(started, OPEN_DOOR)
    with phone_of(interpreted, started) as phone:
        for path in ("/plain", "/about"):
            phone.opens(path)
            phone.settle()
        phone.opens().choose_language("ko")
        assert phone.page.evaluate("typeof WebAssembly") == "undefined"
        receipt = phone.asks(shelter.code(), NEEDS)
        shelter.answer(shelter.newest(), ANSWER).done()
        assert phone.looks(receipt, "ko") == "box"
        assert phone.answers() == [ANSWER]
        assert phone.kept() == NOTHING_KEPT
        assert phone.seen.faults() == []


@pytest.mark.needs("firefox-esr")
def test_S1_P8_the_whole_way_works_in_firefox(started: Deployment) -> None:
    """The same in Korean in Firefox ESR: sent, delivered, answered, read, left."""
    shelter = Provider(started, OPEN_DOOR)
    words = page_words("ko")
    given = {
        "url": started.url,
        "program": shutil.which("firefox-esr"),
        "language": "한국어",
        "code": shelter.code(),
        "words": {key: words[key] for key in _SAID},
        "needs": [words.choice("needs", code) for code in NEEDS],
        "way": words.choice("channel", "come_back"),
        "consent": words.choice("consent", "own"),
    }
    walk = subprocess.Popen(
        [NODE, _WALK],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        sent = _told(walk, given)
        assert sent["screens"] == SHORT
        assert sent["faults"] == []
        shelter.answer(shelter.newest(), ANSWER).done()
        read = _told(walk, {})
        assert read["answers"] == [ANSWER]
        assert read["screens"] == [*SHORT, "receipt", "word", "box"]
        assert read["faults"] == []
        assert walk.wait(60) == 0
    finally:
        walk.terminate()  # it takes Firefox along
        walk.communicate(timeout=30)


def _told(walk: subprocess.Popen[str], said: dict[str, Any]) -> dict[str, Any]:
    """Say one line, and return the line that comes back."""
    assert walk.stdin is not None
    assert walk.stdout is not None
    walk.stdin.write(json.dumps(said) + "\n")
    walk.stdin.flush()
    line = walk.stdout.readline()
    assert line, "the walk ended: its own error stands above"
    found = json.loads(line)
    assert isinstance(found, dict)
    return found
