"""The inbox in a browser: opened with a key file, a request read, taken, answered, closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.browser.conftest import Laptops, Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT
from tests.acceptance.browser.working import key_file
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")


def test_S1_R30_a_request_goes_there_and_back_between_browsers(
    phones: Phones, laptops: Laptops, started: Deployment
) -> None:
    """She asks in Korean; the caseworker reads English, how to reach her first; she reads it."""
    shelter = Provider(started, OPEN_DOOR)
    code = shelter.code()
    shelter.sync()
    hers = phones(started)
    hers.opens().choose_language("ko").type_code(code)
    hers.goes_on()
    hers.needs("documents", "money")
    hers.safe_way("come_back")
    hers.says_yes("own")
    receipt = hers.receipt()
    hers.types_first_four(receipt)
    hers.sends()

    desk = laptops(started).opens("/inbox").choose_language("en").unlocks(key_file(shelter))
    desk.waits_until(lambda: len(desk.rows()) == 1)
    summary = desk.rows()[0]
    for text in ("Passport and papers", "Money"):
        assert text in summary, summary
    rule = ENGLISH.choice("channel", "come_back")
    assert summary.index(rule) < summary.index("Passport and papers"), "how to reach them first"
    desk.opens_request()
    desk.says("inbox.case.take")
    desk.answers_with("There is room tonight. You decide.")
    assert ENGLISH["inbox.answer.sent"] in desk.shown()
    desk.says("shared.done")
    desk.waits_for("request")
    desk.says("shared.back")
    desk.waits_for("list")
    desk.locks()
    assert desk.kept() == NOTHING_KEPT

    assert hers.looks(receipt, "ko") == "box"
    assert hers.answers() == ["There is room tonight. You decide."]


@pytest.mark.parametrize(
    ("phrase", "trouble"),
    [("five words that do not", "passphrase"), ("x", "passphrase")],
)
def test_P1_a_wrong_passphrase_opens_nothing_and_says_so(
    laptops: Laptops, started: Deployment, phrase: str, trouble: str
) -> None:
    """The key file alone is nothing; what was tried is not said back."""
    shelter = Provider(started, OPEN_DOOR)
    desk = laptops(started).opens("/inbox").choose_language("en")
    desk.gives(key_file(shelter), phrase)
    alert = desk.page.get_by_role("alert").filter(has_text=ENGLISH[f"inbox.trouble.{trouble}"])
    alert.wait_for(timeout=180_000)
    assert phrase not in desk.shown().split()


def test_P1_a_file_that_is_no_key_file_is_refused_at_once(
    laptops: Laptops, started: Deployment, tmp_path: Path
) -> None:
    """Before anything is worked out or asked of the server."""
    desk = laptops(started).opens("/inbox").choose_language("en")
    (tmp_path / "holiday.jpg").write_bytes(b"x" * 5000)
    desk.gives(tmp_path / "holiday.jpg", "four words that open")
    desk.page.get_by_role("alert").filter(has_text=ENGLISH["inbox.trouble.key_file"]).wait_for()
    assert [path for path in desk.seen.paths() if path.startswith("/v1")] == []
