"""What can be said and can be left out: all of it arrives, and all of it is read back before."""

from __future__ import annotations

import pytest

from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import Phone
from tests.acceptance.deployment import OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

KOREAN = page_words("ko")
TEXT = "첫 줄\n둘째 줄 <b>&amp;</b>"
NUMBER = "010 1234 5678"
EVERYTHING = {
    "exactly": ["housing_men", "documents_held"],
    "soon": "tonight",
    "region": "northeast",
    "languages": ["en"],  # after Korean, which this page speaks
    "people": 3,
    "who": ["man", "minor"],
    "children": ["here"],
    "hours": ["evenings"],
    "never": ["call"],
    "safe_word": "달",
    "wishes": ["interpreter_woman"],
    "peer": "client",
    "text": TEXT,
}


def _until_the_read_back(phone: Phone, code: str) -> None:
    phone.opens().choose_language("ko").type_code(code)
    phone.goes_on()
    phone.needs("housing", "documents")
    phone.safe_way("text_message", "come_back", contact=NUMBER)


def test_R8_R15_R17_everything_that_can_be_added_arrives(
    phones: Phones, started: Deployment
) -> None:
    """Each topic is tapped in Korean, read back in Korean, and read by the provider in English."""
    shelter = Provider(started, OPEN_DOOR)
    phone = phones(started)
    _until_the_read_back(phone, shelter.code())
    assert KOREAN["ask.reader.minors"] not in phone.shown()
    phone.more(**EVERYTHING)
    back = phone.shown()
    for name, code in (
        ("needs", "housing_men"),
        ("needs", "documents_held"),
        ("soon", "tonight"),
        ("regions", "northeast"),
        ("who", "man"),
        ("children", "here"),
        ("hours", "evenings"),
        ("never", "call"),
        ("wish", "interpreter_woman"),
        ("peer", "client"),
    ):
        assert KOREAN.choice(name, code) in back, code
    for typed in (NUMBER, "달", *TEXT.splitlines()):
        assert typed in back
    assert KOREAN["ask.reader.minors"] in back, "said again where someone under 18 was named"

    phone.says_yes("own")
    phone.types_first_four()
    phone.sends()
    case = shelter.newest()
    said = shelter.show(case)
    assert said["contact_rule"] == {
        "Contact only so": "A text message; I will come back here",
        "Number or place": NUMBER,
        "Safe word": "달",
        "Never": "Never call",
        "When": "Evenings",
    }
    assert said["text"] == TEXT
    choices = said["choices"]
    assert choices["People"] == "3"
    assert choices["Written by"] == "A client or customer"
    assert choices["What would help"].split("; ") == [
        "A place to live for longer",
        "Passport and papers",
        "Men can stay too",
        "Someone keeps the passport or papers",
    ]


def test_R8_what_was_tapped_twice_is_not_sent(phones: Phones, started: Deployment) -> None:
    """A second tap takes a choice back, also where it narrows a need; a need stands there once."""
    shelter = Provider(started, OPEN_DOOR)
    phone = phones(started)
    _until_the_read_back(phone, shelter.code())
    phone.more(exactly=["housing_men", "housing_children", "housing_men"], never=["call", "call"])
    phone.says_yes("own")
    phone.types_first_four()
    phone.sends()
    said = shelter.show(shelter.newest())
    assert said["choices"]["What would help"].split("; ") == [
        "A place to live for longer",
        "Passport and papers",
        "Children can stay too",
    ]
    assert "Never" not in said["contact_rule"]


def test_R8_R15_what_a_safe_way_needs_has_to_be_there(phone: Phone, started: Deployment) -> None:
    """No need, no way, no number: each is said beside what is missing, and it goes no further."""
    phone.opens().choose_language("ko").type_code(Provider(started, OPEN_DOOR).code())
    phone.goes_on()
    phone.waits_for("needs")
    phone.says("shared.next")
    assert KOREAN["ask.choose"] in phone.shown()
    phone.needs("money")
    phone.waits_for("safe")
    phone.says("shared.next")
    assert KOREAN["ask.choose"] in phone.shown()
    phone.chooses("channel", "call")
    phone.says("shared.next")
    assert KOREAN["ask.contact.empty"] in phone.shown()
    assert phone.screens == ["code", "reader", "needs", "safe"]


@pytest.mark.parametrize("typed", ["", "AAAA", "123"])
def test_R13_it_is_sent_only_after_the_receipt_was_copied(
    phone: Phone, started: Deployment, typed: str
) -> None:
    """Without the first four signs of the receipt nothing leaves; either written form does."""
    phone.opens().choose_language("ko").type_code(Provider(started, OPEN_DOOR).code())
    phone.goes_on()
    phone.needs("money")
    phone.safe_way("come_back")
    phone.says_yes("own")
    receipt = phone.receipt()
    assert not receipt.startswith(typed or "-")
    phone.types("ask.receipt.first", typed)
    phone.says("ask.receipt.send")
    assert KOREAN["ask.receipt.wrong"] in phone.shown()
    assert "/v1/referrals" not in phone.seen.paths()
    digits = phone.page.locator(".receipt .digits").inner_text()
    phone.types("ask.receipt.first", digits.replace(" ", "")[:4])
    phone.sends()
    assert phone.seen.paths().count("/v1/referrals") == 1
