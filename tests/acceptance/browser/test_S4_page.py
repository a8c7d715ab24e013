"""S4 on the page: a mother asks in Spanish, cancels the next day, and returns weeks later."""

from __future__ import annotations

import pytest

from tests.acceptance import linking, scan
from tests.acceptance.browser.conftest import Phones
from tests.acceptance.browser.page_words import page_words
from tests.acceptance.browser.phone import NOTHING_KEPT, Phone
from tests.acceptance.deployment import HARBOUR, Deployment
from tests.acceptance.people import Provider

pytestmark = pytest.mark.needs("chromium")

SPANISH = page_words("es")
HERS = "Mi hija está con la familia de él."
ANSWER = "Puede preguntar cuantas veces quiera. Usted decide."
WEEKS = 21
# Force, punishment, blame: beginnings of words, without accents as with them.
UNSAID = (
    "sancion", "sanción", "castig", "penaliz", "multa", "obligad", "forzad", "fuerza",
    "contra su voluntad", "por qué", "la última vez", "otra vez?", "víctima", "trata de",
)  # fmt: skip
# "You do not have to say why" and "nobody is told why" are the opposite of asking.
SAID = ("ask.needs.hint", "answers.withdraw.read")


def _asks(phone: Phone, code: str) -> str:
    phone.opens().choose_language("es")
    return phone.asks(
        code,
        ("just_information", "family_law"),
        exactly=["family_custody"],
        children=["abroad", "other_side", "threat"],
        peer="former_client",
        text=HERS,
    )


def _sent(phone: Phone) -> list[bytes]:
    return linking.sent(phone.seen.exchanges())


def test_S4_R13_R19_R26_cancelled_is_gone_and_coming_back_is_not_linked(
    phones: Phones, started: Deployment
) -> None:
    """The ciphertext is gone; the second request shares nothing with the first; nobody asks why."""
    attorney = Provider(started, HARBOUR)
    before = linking.stored(started)
    day_one = phones(started)
    receipt = _asks(day_one, attorney.code())
    sent_first = _sent(day_one)
    stored_first = linking.stored(started) - before

    # The threat shows, and nothing but information and a lawyer is asked for.
    case = attorney.newest()
    choices = attorney.show(case)["choices"]
    assert "threat" in choices["Children"].lower()
    assert "Just information" in choices["What would help"]
    attorney.answer(case, ANSWER).done()

    started.days.pass_by(1)
    day_two = phones(started)
    assert day_two.looks(receipt, "es") == "box"
    assert day_two.answers() == [ANSWER]
    parts = [part for part in sent_first if len(part) > 4096]
    assert parts, "the sealed request is among what was sent"
    assert _opened(started, parts), "until then it is there"
    day_two.withdraws()
    assert not _opened(started, parts)
    assert day_two.title() == SPANISH["answers.gone.title"]
    assert day_two.looks(receipt, "es") == "nothing"

    started.days.pass_by(1)
    linking.until_gone(started, [row for row in stored_first if len(row) > 64])

    started.days.pass_by(WEEKS)
    before = linking.stored(started)
    weeks_later = phones(started)
    again = _asks(weeks_later, attorney.code())
    sent_second = _sent(weeks_later)
    stored_second = linking.stored(started) - before
    first, second = [*sent_first, *stored_first], [*sent_second, *stored_second]
    assert linking.alike(first, second) == []
    assert linking.alike(sent_first, sent_first), "the comparison finds what is there twice"

    # She is received as anybody.
    case = attorney.newest()
    assert attorney.show(case)["additions"] == []
    attorney.answer(case, ANSWER).done()
    assert weeks_later.looks(again, "es") == "box"
    assert weeks_later.answers() == [ANSWER]

    shown = [text for one in (day_one, day_two, weeks_later) for text in one.seen.texts]
    assert _unfit("\n".join(shown).replace(HERS, "").replace(ANSWER, "")) == []
    for one in (day_one, day_two, weeks_later):
        assert one.kept() == NOTHING_KEPT
    for secret in (HERS, ANSWER, receipt, again):
        assert not scan.holds(started, secret.encode())


def _opened(at: Deployment, parts: list[bytes]) -> list[bytes]:
    rows = [one for of_table in scan.unwrapped(at).values() for one in of_table]
    return [part for part in parts if any(part in row for row in rows)]


def _unfit(shown: str) -> list[str]:
    """Return the lines that use a banned word, or ask about force, or blame."""
    lines = sorted({line.strip() for line in shown.splitlines()} - {SPANISH[key] for key in SAID})
    said = [line for line in lines if any(word in line.lower() for word in UNSAID)]
    return [*SPANISH.banned(shown), *said]


@pytest.mark.parametrize(
    "planted", ["¿La obligaron a la fuerza?", "Hay una sanción.", "Ayuda para víctimas"]
)
def test_S4_R19_a_planted_question_on_force_would_be_found(planted: str) -> None:
    """What looks at the screens sees what must not stand there."""
    assert _unfit(f"{SPANISH['ask.needs.title']}\n{planted}") != []


def test_S4_R19_no_screen_of_hers_asks_about_force_or_blames(
    phone: Phone, started: Deployment
) -> None:
    """Every topic that can be added, opened one after another, asks for none of it."""
    phone.opens().choose_language("es").type_code(Provider(started, HARBOUR).code())
    phone.goes_on()
    phone.needs("just_information", "family_law", "housing")
    phone.safe_way("come_back")
    topics = (
        "needs", "exactly", "soon", "region", "languages", "people", "who", "children", "safe",
        "hours", "never", "safe_word", "wishes", "peer", "text",
    )  # fmt: skip
    phone.waits_for("check")
    phone.says("ask.check.more")
    for topic in topics:
        phone.waits_for("more")
        phone.tap(phone.choice(SPANISH[f"ask.topic.{topic}"]))
        phone.waits_for(topic)
        phone.says("shared.done" if topic != "safe" else "shared.next")
    phone.waits_for("more")
    assert set(topics) <= set(phone.screens)
    assert _unfit("\n".join(phone.seen.texts)) == []
