"""From page to page: what one phone sent, another one reads, adds to, keeps longer, takes back."""

from __future__ import annotations

import pytest

from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

ADDED = "غداً بعد الظهر أفضل."
ANSWERS = ("Come when you like.", "Yes, the afternoon is fine.")
ARABIC = page_words("ar")


def test_R13_another_phone_reads_adds_keeps_longer_and_takes_back(
    phones: Phones, started: Deployment
) -> None:
    """All that the receipt can do, done in Arabic, from right to left, on a device that asked for
    nothing; afterwards no device opens anything with it.
    """
    shelter = Provider(started, OPEN_DOOR)
    asking = phones(started)
    asking.opens().choose_language("en")
    receipt = asking.asks(shelter.code(), ("documents",))
    case = shelter.newest()
    shelter.answer(case, ANSWERS[0]).done()

    reading = phones(started)
    assert reading.looks(receipt, "ar") == "box"
    assert reading.page.locator("html").get_attribute("dir") == "rtl"
    assert reading.status() == ARABIC["answers.box.answered"]
    assert reading.answers() == [ANSWERS[0]]

    reading.adds(text=ADDED, hours=["afternoons"])
    shelter.sync_until(additions=1)
    (addition,) = shelter.show(case)["additions"]
    assert addition["text"] == ADDED
    assert addition["choices"]["When"] == "Afternoons"
    shelter.answer(case, ANSWERS[1]).done()
    reading.says("answers.do.answers")
    reading.looks_again()
    assert reading.answers() == list(ANSWERS)

    reading.renews()
    reading.says("answers.do.answers")
    reading.withdraws()
    for phone in (asking, reading):
        assert phone.looks(receipt, "en") == "nothing"
        assert phone.kept() == NOTHING_KEPT
    shelter.answer(case, "Too late.").refused(4, "The box is not there any more")


def test_R12_R13_without_a_yes_nothing_is_added(phones: Phones, started: Deployment) -> None:
    """What was typed to be added is let go of when the answer is no."""
    shelter = Provider(started, OPEN_DOOR)
    phone = phones(started)
    phone.opens().choose_language("en")
    receipt = phone.asks(shelter.code(), ("documents",))
    case = shelter.newest()

    assert phone.looks(receipt, "en") == "box"
    phone.says("answers.do.add")
    phone.waits_for("add")
    phone.tap(phone.choice(phone.words["ask.topic.text"]))
    phone.waits_for("text")
    phone.types("ask.topic.text", ADDED)
    phone.says("shared.done")
    phone.waits_for("add")
    phone.says("shared.next")
    phone.waits_for("yes")
    phone.says("ask.check.no")
    phone.waits_for("no")
    assert phone.title() == phone.words["answers.no.title"]
    phone.says("answers.do.answers")
    phone.waits_for("box")
    assert ADDED not in phone.shown()
    shelter.sync()
    assert shelter.show(case)["additions"] == []
