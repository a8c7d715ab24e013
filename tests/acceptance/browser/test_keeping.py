"""Keeping the answers on a device (R37): only where somebody taps for it, and then one file holds
them, and nothing else of the device does.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from crypto.constants import TEXT_BYTES
from tests.acceptance.browser import hostile
from tests.acceptance.browser.chromium import Chromium
from tests.acceptance.browser.chromium import started as running
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.phone import NOTHING_KEPT, Phone
from tests.acceptance.browser.profile import traces
from tests.acceptance.browser.steps import ADDED, ANSWER, Secrets, reading
from tests.acceptance.browser.watched import Watched
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

# As long as test_P6_no_trace.py waits: what Chromium writes down, it has written by then.
WRITTEN_MS = 4_000
_ALONE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
_KEPT = """SELECT target_path, tab_url, referrer, site_url, mime_type, url
  FROM downloads JOIN downloads_url_chains USING (id)"""


@pytest.fixture
def computer(playwright: Playwright, tmp_path: Path) -> Iterator[Chromium]:
    """A browser as somebody has it: a profile on the disk, and a folder for downloads beside it."""
    profile = tmp_path / "profile"
    (profile / "Default").mkdir(parents=True)
    (tmp_path / "downloads").mkdir()
    settings = {"download": {"default_directory": str(tmp_path / "downloads")}}
    (profile / "Default" / "Preferences").write_text(json.dumps(settings))
    with running(playwright, profile, (_ALONE,)) as browser:
        # What drives it would take files elsewhere: it does with them what it does by itself.
        session = browser.browser.new_browser_cdp_session()
        session.send("Browser.setDownloadBehavior", {"behavior": "default"})
        yield browser


def asked(phones: Phones, at: Deployment, *answers: str, named: str = "") -> str:
    """Ask on another device, be answered, be told of another, and return the receipt."""
    shelter = Provider(at, OPEN_DOOR)
    receipt = phones(at).opens().choose_language("en").asks(shelter.code(), ("documents",))
    case = shelter.newest()
    for text in answers:
        shelter.answer(case, text).done()
    if named:
        other = ("--state", "try_another", "--organisation", named)
        shelter.run("answer", case, *other).done()
    return receipt


def read(computer: Chromium, at: Deployment) -> Phone:
    """Give the browser's own window to somebody who reads answers."""
    return Phone(computer.page(), Watched(at.url), at.url, touch=False)


def test_P6_R37_T58_only_the_file_that_was_kept_has_the_answer(
    phones: Phones, started: Deployment, computer: Chromium, tmp_path: Path
) -> None:
    """Beside it the browser remembers its name, the day, and bare addresses; no word of it."""
    receipt = asked(phones, started, ANSWER)
    secrets = Secrets()
    phone = read(computer, started)
    for step in reading(phone, receipt, secrets, word=None):
        if step == "keeping asked":
            break
    before = set((tmp_path / "downloads").iterdir())
    phone.says("answers.keep.yes")
    phone.waits_for("kept")
    phone.page.wait_for_timeout(WRITTEN_MS)
    (file,) = set((tmp_path / "downloads").iterdir()) - before
    assert (file.name, before) == ("notes.txt", set())
    day, *lines = file.read_text(encoding="utf-8-sig").splitlines()
    assert lines == [f"  {ANSWER}"]
    secrets.add(day)
    assert phone.kept() == NOTHING_KEPT
    assert traces(computer.profile, secrets.words) == []
    computer.close()
    assert traces(computer.profile, secrets.words) == []

    (row,) = _downloads(computer.profile, tmp_path)
    path, page, referrer, site, kind, address = row
    assert (path, page, kind) == (str(file), f"{started.url}/answers", "text/plain")
    assert address.startswith(f"blob:{started.url}/")
    assert {referrer, site} <= {"", f"{started.url}/", f"{started.url}/answers"}
    beside = b"".join(os.getxattr(file, one) for one in os.listxattr(file)).decode()
    assert secrets.inside("\n".join([*map(str, row), beside])) == []


def _downloads(profile: Path, scratch: Path) -> list[tuple[str, ...]]:
    copy = shutil.copy(profile / "Default" / "History", scratch)
    with closing(sqlite3.connect(copy)) as database:
        return list(database.execute(_KEPT))


def test_P6_R37_T58_without_the_yes_no_file_is_there(
    phones: Phones, started: Deployment, computer: Chromium, tmp_path: Path
) -> None:
    """Whoever is told what keeping means, says no and goes on keeps nothing."""
    receipt = asked(phones, started, ANSWER)
    secrets = Secrets()
    phone = read(computer, started)
    taken = list(reading(phone, receipt, secrets, word=None))
    assert "keeping asked" in taken
    phone.page.wait_for_timeout(WRITTEN_MS)
    computer.close()
    assert list((tmp_path / "downloads").iterdir()) == []
    assert _downloads(computer.profile, tmp_path) == []
    assert traces(tmp_path, secrets.words) == []


def test_R37_what_was_added_goes_into_the_file_only_by_another_tap(
    phones: Phones, started: Deployment
) -> None:
    """And each time it is asked anew; the name of who answered is in none."""
    receipt = asked(phones, started, ANSWER)
    reader = phones(started)
    reader.looks(receipt, "ar")
    reader.adds(text=ADDED)
    kept = []
    for own_too in (False, True, False):
        reader.says("answers.do.answers")
        kept.append(reader.keeps(own_too=own_too)[1])
    assert [ADDED in one for one in kept] == [False, True, False]
    assert kept[1] == f"{kept[0]}\n{reader.words['ask.topic.text']}\n  {ADDED}\n"
    assert kept[0] == kept[2]
    assert [one for one in kept if NAMES[OPEN_DOOR] in one] == []


def test_R37_whom_an_answer_names_is_in_the_file(phones: Phones, started: Deployment) -> None:
    """It is what the answer says; whoever keeps it can ask them later."""
    receipt = asked(phones, started, named=NAMES[HARBOUR])
    reader = phones(started)
    reader.looks(receipt, "en")
    _, *lines = reader.keeps()[1].splitlines()
    assert lines == [f"  {reader.words['answers.box.names']}", f"  {NAMES[HARBOUR]}"]


def test_R37_hostile_texts_in_the_file_are_what_the_page_shows(
    phones: Phones, started: Deployment
) -> None:
    """None turns a line, ends one, or stands where the day of an answer stands."""
    given = ["\n".join(one) for one in hostile.batches(hostile.texts(), TEXT_BYTES)]
    receipt = asked(phones, started, *given)
    reader = phones(started)
    reader.looks(receipt, "en")
    found = reader.keeps()[1]
    lines = found.split("\n")
    within = [line.removeprefix("  ") for line in lines if line.startswith("  ")]
    assert within == [hostile.shown(line) for text in given for line in text.split("\n")]
    days = [line for line in lines if line and not line.startswith("  ")]
    assert len(days) == len(given)
    assert len(set(days)) == 1
    assert not set(found) & set(hostile.TURNING)
