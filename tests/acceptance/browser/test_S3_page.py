"""S3 on the page: a shop worker with a plain card reads pictures aloud, in Hindi."""

from __future__ import annotations

import pytest

from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import Phone
from tests.acceptance.deployment import HARBOUR, NAMES, Deployment
from tests.acceptance.people import Provider
from words import load

pytestmark = pytest.mark.needs("chromium")

NEEDS = ("interpreter", "way_out", "pay_and_work_rights")
NUMBERS = {one.code: one.id for one in load("needs")}
HINDI = page_words("hi")


def _asks(phone: Phone, code: str) -> str:
    phone.opens().choose_language("hi")
    return phone.asks(
        code, NEEDS, consent="yes", hours=["thursday"], never=["door", "workplace"], peer="shop"
    )


def test_S3_P4_R7_R8_R15_R30_pictures_a_yes_and_how_to_reach_her_first(
    phones: Phones, started: Deployment
) -> None:
    """The provider reads first how she may be reached; the card reveals nothing afterwards."""
    group = Provider(started, HARBOUR)
    code = group.code()
    shop = phones(started)
    shop.opens().choose_language("hi").type_code(code)
    shop.goes_on()
    shop.waits_for("needs")
    for need in NEEDS:  # each can be pointed at
        drawn = shop.choice(HINDI.choice("needs", need)).locator("svg use")
        picture = f"i-needs-{NUMBERS[need]}"
        assert drawn.get_attribute("href") == f"#{picture}"
        assert shop.page.locator(f"symbol#{picture} path").count()
    receipt = _asks(shop, code)

    case = group.newest()
    shown = group.run("show", case).done().out
    rule = [shown.index(text) for text in ("Contact only so", "Never", "When")]
    for need in ("An interpreter", "A way to get there", "Unpaid pay and rights at work"):
        assert max(rule) < shown.index(need), shown
    said = group.show(case)
    assert said["contact_rule"] == {
        "Contact only so": "I will come back here",
        "Never": "Never come to the door; Never come to the place of work",
        "When": "Thursdays",
    }
    assert said["choices"]["Written by"] == "Someone from a shop or salon"

    # Her boss finds the card: it is what a card that never was is.
    never = code_text.symbols(b"never made", Kind.CODE)
    screens = set()
    for found in (code, never, code):
        other = phones(started)
        other.opens().choose_language("hi").type_code(found)
        assert other.waits_for("refused", "reader") == "refused"
        screens.add(other.shown())
        assert other.screens == ["code", "refused"]
    assert len(screens) == 1
    assert not any(name in screen for screen in screens for name in NAMES.values())
    assert shop.looks(receipt, "hi") == "box", "what was sent is still there"


def test_S3_P2_R9_no_field_asks_for_a_name_or_an_address(phone: Phone, started: Deployment) -> None:
    """On the whole way the only fields are the code and the copy of the receipt; every other field
    has to be opened, and none of these is for a name, an account or where she lives.
    """
    _asks(phone, Provider(started, HARBOUR).code())
    assert phone.seen.fields == {HINDI["ask.code.label"], HINDI["ask.receipt.first"]}

    phone.opens().choose_language("hi").type_code(Provider(started, HARBOUR).code())
    phone.goes_on()
    phone.needs("interpreter")
    phone.safe_way("come_back")
    phone.more(safe_word="चाँद", text="मदद")
    assert phone.seen.fields == {
        HINDI["ask.code.label"],
        HINDI["ask.receipt.first"],
        HINDI["ask.topic.safe_word"],
        HINDI["ask.topic.text"],
    }


def test_S3_P8_R12_without_a_yes_nothing_is_sent_and_the_card_stays_good(
    phone: Phone, started: Deployment
) -> None:
    """She says no: nothing was sent, and the same card still works another day."""
    code = Provider(started, HARBOUR).code()
    phone.opens().choose_language("hi").type_code(code)
    phone.goes_on()
    phone.needs("interpreter")
    phone.safe_way("come_back")
    phone.waits_for("check")
    phone.says("ask.check.no")
    phone.waits_for("no")
    assert HINDI["ask.no.title"] == phone.title()
    assert "/v1/referrals" not in phone.seen.paths()
    _asks(phone, code)
    assert phone.seen.paths().count("/v1/referrals") == 1
