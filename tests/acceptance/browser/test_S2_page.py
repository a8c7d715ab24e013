"""S2 on the page: the first organisation is silent; at a public computer she picks another."""

from __future__ import annotations

import pytest

from tests.acceptance import scan
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

MEETING = "Mañana a las diez, en la biblioteca central. Usted decide."
HERS = "La dirección no existía."
SILENT = 3
SPANISH = page_words("es")


def test_S2_P8_R10_R14_R36_unanswered_is_said_and_she_picks_another_herself(
    phones: Phones, started: Deployment
) -> None:
    """Days are counted, she takes it back, asks another without a code, and nothing goes along."""
    first, second = Provider(started, OPEN_DOOR), Provider(started, HARBOUR)
    hers = phones(started)
    hers.opens().choose_language("es")
    receipt = hers.asks(first.code(), ("way_out", "documents"), text=HERS)
    assert hers.kept() == NOTHING_KEPT

    started.days.pass_by(SILENT)
    public = phones(started, touch=False, width=1024)
    assert public.looks(receipt, "es") == "box"
    assert public.status() == SPANISH["answers.box.delivered"]
    assert SPANISH.said("answers.box.unanswered", n=str(SILENT)) in public.shown()
    offered = public.page.locator("h2 ~ button").all_inner_texts()
    assert offered[0] == SPANISH["answers.do.other"], "the way out stands first"

    # She chooses: it is said that nothing goes along, and she takes the first one back.
    public.says("answers.do.other")
    public.waits_for("other")
    assert SPANISH["answers.other.nothing"] in public.shown()
    assert SPANISH.said("answers.other.kept", name=NAMES[OPEN_DOOR]) in public.shown()
    public.withdraws()
    public.tap(public.page.get_by_role("link", name=SPANISH["answers.other.go"]))
    public.choose_language("es")
    public.goes_without_code(NAMES[HARBOUR])
    second_receipt = public.goes_to_the_end(("documents",))
    assert second_receipt != receipt
    assert NAMES[OPEN_DOOR] not in public.shown()
    assert public.kept() == NOTHING_KEPT

    # Only what she said anew arrives there; the silent one finds nothing any more.
    case = second.newest()
    shown = second.show(case)
    assert shown["choices"]["What would help"] == "Passport and papers"
    assert not shown["text"]
    second.answer(case, MEETING).done()
    scan.settle(started)
    assert (first.sync()["requests"], first.inbox()) == (0, [])

    later = phones(started, touch=False, width=1024)
    assert later.looks(second_receipt, "es") == "box"
    assert (later.status(), later.answers()) == (SPANISH["answers.box.answered"], [MEETING])
    later.opens("/answers").choose_language("es")
    assert later.reads(receipt) == "nothing"
    assert later.kept() == NOTHING_KEPT


def test_S2_R14_an_answer_ends_the_count_of_days_and_a_mark_does_not(
    phones: Phones, started: Deployment
) -> None:
    """On the first day nothing is counted; "read" alone counts on; an answer stops it."""
    first = Provider(started, OPEN_DOOR)
    hers = phones(started)
    hers.opens().choose_language("es")
    receipt = hers.asks(first.code(), ("money",))
    late = SPANISH.around("answers.box.unanswered")[0]

    assert hers.looks(receipt, "es") == "box"
    assert late not in hers.shown(), "it was sent today"

    started.days.pass_by(1)
    case = first.newest()
    first.run("answer", case, "--state", "read").done()
    public = phones(started)
    assert public.looks(receipt, "es") == "box"
    assert public.status() == SPANISH["answers.box.read"]
    assert late in public.shown()

    first.answer(case, MEETING).done()
    public.looks_again()
    assert public.answers()[-1] == MEETING
    assert late not in public.shown()


def test_S2_R36_another_name_is_shown_and_nothing_is_passed_on(
    phones: Phones, started: Deployment
) -> None:
    """`try_another` shows her a name and says who decides; the one that is named gets nothing."""
    first, second = Provider(started, OPEN_DOOR), Provider(started, HARBOUR)
    hers = phones(started)
    hers.opens().choose_language("es")
    receipt = hers.asks(first.code(), ("documents",))
    case = first.newest()
    first.run("answer", case, "--state", "try_another", "--organisation", NAMES[HARBOUR]).done()

    assert hers.looks(receipt, "es") == "box"
    assert hers.status() == SPANISH["answers.box.try_another"]
    shown = hers.shown()
    assert NAMES[HARBOUR] in shown
    assert SPANISH["answers.box.choose"] in shown
    scan.settle(started)
    assert second.sync()["requests"] == 0
