"""S1 on the page: a coworker's phone, a paper code, Korean; the provider reads English."""

from __future__ import annotations

import pytest

from tests.acceptance import scan
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT, Phone
from tests.acceptance.deployment import NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

PLACE = "하늘 쉼터"
ANSWER = f"오늘 밤 {PLACE}에 자리가 있습니다. 당신이 정합니다."
HER_WORD = "달맞이꽃"
NEEDS = ("sleep_tonight", "documents", "money")
KOREAN = page_words("ko")


def _until_the_receipt(phone: Phone, code: str) -> None:
    """What the coworker taps for her; the word is the person's own."""
    phone.opens().choose_language("ko").type_code(code.lower().replace("-", " "))
    phone.goes_on()
    phone.needs(*NEEDS)
    phone.safe_way("come_back")
    phone.more(region="northeast", soon="minutes")
    phone.says_yes("yes")
    phone.waits_for("receipt")


def test_S1_P1_P8_R8_R17_R24_T49_a_coworker_taps_it_in_korean_and_learns_no_more(
    phones: Phones, started: Deployment
) -> None:
    """The provider reads English; she reads the answer elsewhere; the coworker's phone never."""
    shelter = Provider(started, OPEN_DOOR)
    code = shelter.code()
    coworkers = phones(started, locale="en-US")
    _until_the_receipt(coworkers, code)
    assert KOREAN["ask.receipt.hand"] in coworkers.shown(), "hand over the phone"
    coworkers.locks_with(HER_WORD)
    receipt = coworkers.receipt()
    coworkers.types_first_four(receipt)
    coworkers.sends()
    coworkers.says("ask.done.copied")
    after = coworkers.shown()
    for secret in (receipt, code, HER_WORD, *NAMES.values()):
        assert secret not in after

    # The provider reads needs in English, though they were tapped in Korean.
    case = shelter.newest()
    summary = shelter.run("show", case).done().out
    for text in ("A safe place now", "Passport and papers", "Money", "Korean", "Northeast"):
        assert text in summary, summary
    shelter.answer(case, ANSWER).done()

    # Another device, of a library: with the word it opens, in Korean.
    library = phones(started, touch=False, width=1280)
    assert library.looks(receipt, "ko", HER_WORD) == "box"
    assert library.status() == KOREAN["answers.box.answered"]
    assert library.answers() == [ANSWER]

    # The coworker has the code, and perhaps a look at the receipt: neither opens anything.
    seen = set()
    for word in (None, "달맞이"):
        assert coworkers.looks(receipt, "ko", word) == "nothing"
        seen.add(coworkers.title())
    assert seen == {KOREAN["answers.nothing.title"]}
    coworkers.opens("/answers").choose_language("ko")
    coworkers.types("answers.receipt.label", code)
    coworkers.says("shared.next")
    assert KOREAN["answers.receipt.code"] in coworkers.shown()
    coworkers.opens().choose_language("ko").type_code(code)
    assert coworkers.waits_for("refused", "reader") == "refused"
    everything = "\n".join(coworkers.seen.texts)
    assert PLACE not in everything
    assert ANSWER not in everything
    assert KOREAN["ask.done.title"] in everything, "all texts of this phone were seen"

    # Neither phone keeps anything, and the server holds no word in plain.
    assert coworkers.kept() == library.kept() == NOTHING_KEPT
    words = [ANSWER, PLACE, HER_WORD, code, receipt]
    assert [one for one in words if scan.holds(started, one.encode())] == []


def test_S1_R16_nothing_is_said_before_the_language_was_chosen(
    phones: Phones, own: Deployment
) -> None:
    """Each language stands there by its own name; the browser's is put first and never chosen."""
    own.start()
    asked = {}
    for locale in ("ko-KR", "es-MX", "en-US"):
        phone = phones(own, locale=locale).opens()
        buttons = phone.page.locator("main button[lang]")
        asked[locale] = buttons.evaluate_all("all => all.map((one) => one.lang)")
        assert {"en", "es", "ko", "hi", "ar"} <= set(asked[locale])
        assert [path for path in phone.seen.paths() if "words." in path or "ask.js" in path] == []
        assert phone.screens == []
    assert [found[0] for found in asked.values()] == ["ko", "es", "en"]
    phone.choose_language("ko")
    assert phone.page.locator("html").get_attribute("lang") == "ko"
    assert phone.title() == KOREAN["ask.code.title"]
    assert phone.seen.titles == {"Notes"}


def test_S1_R22_R28_T31_who_will_read_it_is_shown_before_anything_is_asked(
    phone: Phone, started: Deployment
) -> None:
    """Name, kind, police ties, money and duties stand there in Korean before a question; own words
    are written under a warning.
    """
    code = Provider(started, OPEN_DOOR).code()
    phone.opens().choose_language("ko").type_code(code)
    phone.waits_for("reader")
    before = phone.shown()
    for text in (
        NAMES[OPEN_DOOR],
        KOREAN.choice("kind", "sex_worker_services"),
        KOREAN.choice("police_tie", "none"),
        KOREAN.choice("funding", "none"),
        KOREAN.choice("reporting", "minors"),
        KOREAN.choice("privilege", "lawyer"),
        KOREAN["ask.reader.police"],
        KOREAN["ask.reader.funding"],
        KOREAN["ask.reader.reporting"],
        KOREAN["ask.reader.minors"],
    ):
        assert text in before, (text, before)
    assert phone.screens == ["code", "reader"], "nothing was asked before"

    phone.goes_on()
    phone.needs("documents")
    phone.safe_way("come_back")
    phone.more(text="여권을 돌려받고 싶습니다.")
    written = [text for text in phone.seen.texts if KOREAN["ask.topic.text.hint"] in text]
    assert written
    for text in written:
        assert text.index(KOREAN["ask.topic.text.warn"]) < text.index(KOREAN["ask.topic.text.hint"])
    assert "여권을 돌려받고 싶습니다." in phone.shown(), "it is read back"
    posted = {
        one.url.removeprefix(phone.url) for one in phone.seen.requests if one.method == "POST"
    }
    assert posted == {"/v1/codes/open"}, "nothing was sent"


@pytest.mark.parametrize("left_at", ["needs", "receipt", "done"])
def test_S1_R9_after_the_quick_exit_the_phone_has_nothing(
    phone: Phone, started: Deployment, left_at: str
) -> None:
    """Wherever it is left: the page is gone, Back does not bring it back, and nothing is kept."""
    code = Provider(started, OPEN_DOOR).code()
    phone.opens().choose_language("ko").type_code(code)
    phone.goes_on()
    if left_at != "needs":
        phone.needs("money")
        phone.safe_way("come_back")
        phone.says_yes("own")
        receipt = phone.receipt()
        if left_at == "done":
            phone.types_first_four(receipt)
            phone.sends()
    assert phone.waits_for(left_at) == left_at
    phone.leaves()
    screens = list(phone.screens)
    phone.page.go_back(wait_until="commit")
    phone.settle()
    assert phone.screens == screens, "no screen came back"
    phone.opens()
    assert phone.kept() == NOTHING_KEPT
    exits = {one.url for one in phone.seen.requests if one.is_exit}
    assert exits == {"https://www.wikipedia.org/"}
