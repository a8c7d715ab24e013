"""S2 to S5 with nothing but browsers: who asks, who reads answers, and the organisation's inbox."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from crypto.client.code_text import Kind
from tests.acceptance import scan
from tests.acceptance.browser.conftest import Laptops, Phones
from tests.acceptance.browser.page_words import PageWords, page_words
from tests.acceptance.browser.phone import NOTHING_KEPT
from tests.acceptance.browser.steps import Secrets
from tests.acceptance.browser.working import Laptop, key_file
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")
MEETING = "Mañana a las diez, en la biblioteca central. Usted decide."
HERS = "La dirección no existía."
SIGN_NOTHING = "Не подписывайте ничего без адвоката."


def _works(laptops: Laptops, at: Deployment, name: str, language: str = "en") -> Laptop:
    """Open an organisation's inbox on a laptop of its own."""
    there = Provider(at, name)
    there.sync()
    laptop = laptops(at).opens("/inbox").choose_language(language)
    return laptop.unlocks(key_file(there))


def _order(shown: str, *texts: str) -> None:
    """See that texts stand on a screen, one after another."""
    places = [shown.index(text) for text in texts]
    assert places == sorted(places), (texts, shown)


def _says(words: PageWords, name: str, *codes: str) -> Iterator[str]:
    return (words.choice(name, code) for code in codes)


def test_S2_P8_R14_R36_the_second_is_her_own_choice_and_the_first_finds_nothing(
    phones: Phones, laptops: Laptops, started: Deployment
) -> None:
    """Unanswered, taken back, asked elsewhere; what was said to the first is nowhere."""
    code = Provider(started, OPEN_DOOR).code()
    hers = phones(started)
    hers.opens().choose_language("es")
    receipt = hers.asks(code, ("way_out", "documents"), text=HERS)
    started.days.pass_by(3)
    public = phones(started, touch=False, width=1024)
    assert public.looks(receipt, "es") == "box"
    assert public.status() == page_words("es")["answers.box.delivered"]
    public.says("answers.do.other")
    public.waits_for("other")
    public.withdraws()
    public.tap(public.page.get_by_role("link", name=page_words("es")["answers.other.go"]))
    public.choose_language("es")
    public.goes_without_code(NAMES[HARBOUR])
    second = public.goes_to_the_end(("documents",))

    attorney = _works(laptops, started, HARBOUR)
    attorney.waits_until(lambda: len(attorney.rows()) == 1)
    shown = attorney.opens_request()
    assert ENGLISH.choice("needs", "documents") in shown
    assert ENGLISH["inbox.case.text"] not in shown, "own words were not said here"
    attorney.answers_with(MEETING)

    scan.settle(started)
    first = _works(laptops, started, OPEN_DOOR)
    assert first.rows() == []
    assert HERS not in first.shown()
    later = phones(started, touch=False, width=1024)
    assert later.looks(second, "es") == "box"
    assert later.answers() == [MEETING]
    assert later.kept() == attorney.kept() == first.kept() == NOTHING_KEPT


def test_S3_R15_R17_R30_how_to_reach_her_stands_first_in_the_readers_language(
    phones: Phones, laptops: Laptops, started: Deployment
) -> None:
    """Hindi taps, a Spanish reader; her own words only after a tap; the card says nothing later."""
    code = Provider(started, HARBOUR).code()
    shop = phones(started)
    shop.opens().choose_language("hi")
    shop.asks(
        code,
        ("interpreter", "way_out", "pay_and_work_rights"),
        consent="yes",
        hours=["thursday"],
        never=["door", "workplace"],
        peer="shop",
        text="चाँद के पास",
    )
    spanish = page_words("es")
    group = _works(laptops, started, HARBOUR, "es")
    group.waits_until(lambda: len(group.rows()) == 1)
    rule = [spanish.choice("channel", "come_back"), *_says(spanish, "never", "door", "workplace")]
    for shown in (group.rows()[0], group.opens_request()):
        _order(shown, rule[0], rule[1], spanish.choice("needs", "interpreter"))
        assert "चाँद" not in shown, "their own words are behind a tap"
    group.says("inbox.case.text")
    assert "चाँद के पास" in group.shown()

    other = phones(started)
    other.opens().choose_language("hi").type_code(code)
    assert other.waits_for("refused", "reader") == "refused"


def test_S4_R13_R26_taken_back_the_next_day_and_asked_again_with_a_new_code(
    phones: Phones, laptops: Laptops, started: Deployment
) -> None:
    """The threat shows; weeks later a second request stands for itself; nobody asks why."""
    attorney = Provider(started, HARBOUR)
    first_code, second_code = attorney.code(), attorney.code()
    day_one = phones(started)
    day_one.opens().choose_language("es")
    receipt = day_one.asks(
        first_code, ("just_information", "family_law"), children=["abroad", "threat"]
    )
    desk = _works(laptops, started, HARBOUR)
    desk.waits_until(lambda: len(desk.rows()) == 1)
    shown = desk.opens_request()
    assert ENGLISH.choice("children", "threat") in shown
    desk.answers_with("You can ask as often as you like. You decide.")
    desk.says("shared.done")
    desk.waits_for("request")
    desk.says("shared.back")
    desk.waits_for("list")
    desk.locks()

    started.days.pass_by(1)
    day_two = phones(started)
    assert day_two.looks(receipt, "es") == "box"
    day_two.withdraws()
    assert day_two.looks(receipt, "es") == "nothing"

    started.days.pass_by(6)
    later = phones(started)
    later.opens().choose_language("es")
    again = later.asks(second_code, ("family_law",))
    desk = _works(laptops, started, HARBOUR)
    desk.waits_until(lambda: len(desk.rows()) == 2)
    newest = [row for row in desk.rows() if ENGLISH.choice("needs", "just_information") not in row]
    assert len(newest) == 1, "the second stands for itself"
    assert receipt != again


def test_S5_R20_R27_R37_two_people_and_a_man_and_a_reply_in_russian_that_is_kept(
    phones: Phones, laptops: Laptops, started: Deployment
) -> None:
    """A headcount of two, a man, privilege shown before; the answer reads as it was written, and so
    does the file of it that they keep, which says nothing else.
    """
    code = Provider(started, HARBOUR).code()
    phone = phones(started)
    russian = page_words("ru")
    phone.opens().choose_language("ru").type_code(code)
    phone.waits_for("reader")
    assert russian.choice("privilege", "lawyer") in phone.shown()
    receipt = (
        phone.opens()
        .choose_language("ru")
        .asks(
            code,
            ("documents", "immigration_law", "housing", "criminal_law"),
            people="2",
            who=["man"],
            peer="client",
        )
    )
    desk = _works(laptops, started, HARBOUR)
    desk.waits_until(lambda: len(desk.rows()) == 1)
    shown = desk.opens_request()
    for text in (ENGLISH.choice("who", "man"), ENGLISH.choice("needs", "criminal_law"), "\n2\n"):
        assert text in shown, (text, shown)
    desk.answers_with(SIGN_NOTHING)
    assert phone.looks(receipt, "ru") == "box"
    assert phone.answers() == [SIGN_NOTHING]
    name, kept = phone.keeps()
    assert name == "notes.txt", "it says nothing"
    day, *lines = kept.splitlines()
    assert lines == [f"  {SIGN_NOTHING}"], "word for word, and nothing else"
    assert re.fullmatch(r"\d{1,2} \w+ \d{4} г\.", day)
    secrets = Secrets()
    secrets.add_code(receipt, Kind.RECEIPT)
    secrets.add_code(code, Kind.CODE)
    secrets.add(NAMES[HARBOUR], phone.url, phone.url.partition("//")[2], "towpath")
    assert secrets.inside(kept) == []
    staff = phones(started)
    staff.opens().choose_language("ru").type_code(code)
    assert staff.waits_for("refused", "reader") == "refused"
