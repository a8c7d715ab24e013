"""Two members in two browsers at the same time, one of them without a network in between."""

from __future__ import annotations

from pathlib import Path

import pytest

from crypto import constants as c
from crypto.client.store_entries import Case, SeedEntry
from tests.acceptance import people
from tests.acceptance.browser.conftest import Laptops
from tests.acceptance.browser.lying import joins, store_of
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.working import Laptop, key_file, moves_stock
from tests.acceptance.deployment import CODES, OPEN_DOOR, Deployment
from tests.acceptance.people import SLEEP, Asked, Provider

pytestmark = pytest.mark.needs("chromium")

ENGLISH = page_words("en")
NEEDS = ("documents", "money", "housing")
OFFLINE, TOGETHER, CLOSING = (ENGLISH.choice("needs", one) for one in NEEDS)
HERS, HIS = "Anna waits at the east door.", "Bo waits at the west door."
AT_ONCE, TOO_LATE = "Anna was quicker by a moment.", "Bo pressed the button as well."
NOTE = "She called the desk on Monday."


@pytest.fixture
def shelter(started: Deployment) -> Provider:
    """An organisation."""
    return Provider(started, OPEN_DOOR)


@pytest.fixture
def asked(shelter: Provider) -> list[Asked]:
    """Three requests that are on their way, each for something else."""
    given = shelter.run("codes", str(len(NEEDS)), "--json").json()["codes"]
    return [
        people.ask(shelter.at, one["code"], SLEEP | {"needs": [need]})
        for one, need in zip(given, NEEDS, strict=True)
    ]


def _answers(asked: Asked) -> list[str]:
    """What somebody reads with her receipt."""
    return [one["text"] for one in asked.read()["answers"]]


def _opens(laptops: Laptops, shelter: Provider, key: Path) -> Laptop:
    laptop = laptops(shelter.at).opens("/inbox").choose_language("en").unlocks(key)
    laptop.waits_until(lambda: len(laptop.rows()) == len(NEEDS))
    return laptop


def _answers_and_goes_back(laptop: Laptop, text: str) -> str:
    """Answer what is open, and return what was said of it."""
    laptop.answers_with(text)
    told = laptop.shown()
    laptop.says("shared.done")
    laptop.waits_for("request")
    return told


def test_P10_R31_two_at_once_lose_no_case_answer_none_twice_and_bring_back_no_seed(
    laptops: Laptops, shelter: Provider, asked: list[Asked], tmp_path: Path
) -> None:
    """Whoever was overruled is told, and reads again what was written and not sent."""
    his_key = joins(shelter, "Bo", tmp_path)
    shelter.sync()
    anna = _opens(laptops, shelter, key_file(shelter))
    bo = _opens(laptops, shelter, his_key)

    # Both answer before either has looked again: the server has one place for the first answer.
    anna.opens_that_with(TOGETHER)
    assert ENGLISH["inbox.answer.sent"] in _answers_and_goes_back(anna, AT_ONCE)
    anna.back_to_the_list()
    bo.opens_that_with(TOGETHER)
    assert ENGLISH["inbox.answer.taken"] in _answers_and_goes_back(bo, TOO_LATE)
    bo.says("inbox.case.answer")
    bo.waits_for("answer")
    assert bo.page.locator("textarea").input_value() == TOO_LATE, "it is shown back"
    bo.says("shared.back")
    bo.waits_for("request")
    bo.back_to_the_list()

    with bo.offline():
        bo.opens_that_with(OFFLINE)
        bo.says("inbox.case.take")
        bo.page.get_by_text(ENGLISH["inbox.case.back"], exact=True).wait_for()
        bo.says("inbox.case.answer")
        bo.waits_for("answer")
        bo.types("inbox.answer.label", HIS)
        bo.says("inbox.answer.send")
        bo.page.locator("[role=alert]:not(:empty)").wait_for()
        bo.says("shared.back")
        bo.waits_for("request")
        assert ENGLISH["inbox.case.waiting"] in bo.shown()
        bo.back_to_the_list()
        bo.opens_that_with(CLOSING)
        bo.types("inbox.case.note", NOTE)
        bo.says("inbox.case.note.save")
        bo.back_to_the_list()

        anna.opens_that_with(OFFLINE)
        anna.says("inbox.case.take")
        _answers_and_goes_back(anna, HERS)
        anna.back_to_the_list()
        anna.opens_that_with(CLOSING)
        anna.says("inbox.case.close")
        anna.waits_for("close")
        anna.says("inbox.close.yes")
        anna.waits_for("list")
        anna.comes_round()

    bo.comes_round()
    news = bo.page.locator(".news").inner_text()
    for said in (ENGLISH["inbox.overruled.title"], HIS, " was taken by another member."):
        assert said in news, news
    assert len(bo.rows()) == len(NEEDS) - 1, "what she closed is closed for him"
    anna.comes_round()
    for one in (bo, anna):
        one.locks()

    assert _answers(asked[0]) == [HERS]
    assert _answers(asked[1]) == [AT_ONCE]
    assert _answers(asked[2]) == []
    store = store_of(shelter)
    cases = {case_id: Case.decode(value) for case_id, value in store.of_kind(c.ENTRY_CASE)}
    assert len(cases) == len(NEEDS)
    (closed,) = [one for one, case in cases.items() if case.state == c.STATE_CLOSED]
    assert (c.ENTRY_SEED, closed) not in store.entries, "no seed comes back from the dead"
    assert (c.ENTRY_ERASED, closed) in store.entries
    assert cases[closed].note == NOTE
    assert all(len(case.answers) == (one != closed) for one, case in cases.items())


def test_P4_T59_a_page_that_dies_or_is_open_twice_gives_no_code_twice(
    laptops: Laptops, shelter: Provider
) -> None:
    """One page takes codes and is gone before it looks again; two others of the same member are
    open at the same time. No code that somebody may have is given again, and the page says so.
    """
    moves_stock(shelter)
    key = key_file(shelter)

    def opens() -> Laptop:
        return laptops(shelter.at).opens("/inbox").choose_language("en").unlocks(key)

    dead = opens()
    codes = dead.takes_codes(2, "salon")
    dead.page.close()  # nothing is asked, and nothing is written

    second = opens()
    assert _said_aside(CODES // 2) in _shown(second)
    codes += second.takes_codes(1)
    third = opens()
    codes += third.takes_codes(1)
    assert len(codes) == len(set(codes)) == 4
    for one in (second, third):
        one.says("shared.done")
        one.waits_for("list")
        one.comes_round()
    codes += third.takes_codes(1)
    assert len(codes) == len(set(codes)), codes
    third.says("shared.done")
    third.waits_for("list")
    third.locks()
    second.locks()

    states = [SeedEntry.decode(value).state for _, value in store_of(shelter).of_kind(c.ENTRY_SEED)]
    assert states.count(c.SEED_HANDED_OUT) == 3, "what the dead page gave is in no store"
    aside = states.count(c.SEED_SET_ASIDE)
    fourth = opens()
    fourth.says("inbox.list.codes")
    fourth.waits_for("codes")
    assert _said_aside(aside) in _shown(fourth)
    fourth.says("inbox.codes.aside.back")
    fourth.waits_for("codes")
    assert _said_aside(aside) not in _shown(fourth)
    fourth.says("shared.back")
    fourth.waits_for("list")
    fourth.locks()
    states = [SeedEntry.decode(value).state for _, value in store_of(shelter).of_kind(c.ENTRY_SEED)]
    assert states.count(c.SEED_SET_ASIDE) == 0, "a member who knows better puts them back"


def _said_aside(count: int) -> str:
    return ENGLISH.said("inbox.codes.aside", n=str(count))


def _shown(laptop: Laptop) -> str:
    """What is shown, without the marks that keep a number apart from what stands around it."""
    return laptop.shown().replace("\u2068", "").replace("\u2069", "")
