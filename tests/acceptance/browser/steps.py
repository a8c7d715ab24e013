"""Everything that can be typed into the pages, step by step, to be interrupted at any of them.

A walk is a generator: each step is named after it was taken, and nothing moves until the next one
is asked for. `Secrets` grows by what was typed or shown on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product

from crypto.client import code_text
from crypto.client.code_text import Kind
from tests.acceptance.browser.phone import Phone
from tests.acceptance.people import Provider

CONTACT = "0171 5550142 behind the bakery"
SAFE_WORD = "marmalade evening"
OWN_WORDS = "The Blue Gate has the second key, and Wednesday is quiet."
HER_WORD = "glass heron forty"
ANSWER = "Come to the side door on Thursday, and ask for the choir."
ADDED = "Friday before noon would be better."

ASKING = (
    "language",
    "code typed",
    "reader",
    "needs",
    "contact typed",
    "check",
    "safe word typed",
    "own words typed",
    "read-back",
    "receipt shown",
    "her word typed",
    "first four typed",
    "sent",
)
"""The steps of the page for asking."""
READING = (
    "answers",
    "receipt typed",
    "word typed",
    "answers shown",
    "keeping asked",
    "addition typed",
)
"""The steps of the page for answers."""
STEPS = ASKING + READING


@dataclass
class Secrets:
    """What nobody else may find, in each form in which it can be written."""

    words: list[str] = field(default_factory=list)

    def add(self, *words: str) -> None:
        """Never may these be found."""
        self.words += [one for one in words if one not in self.words]

    def add_code(self, typed: str, kind: Kind) -> None:
        """Nor this code or receipt, with and without what divides it, large and small."""
        raw = code_text.read(typed, kind).secret
        letters, digits = code_text.symbols(raw, kind), code_text.digits(raw, kind)
        self.add(typed, digits, digits.replace(" ", ""))
        for text, sign in product((letters, letters.lower()), ("-", " ", "")):
            self.add(text.replace("-", sign))

    def inside(self, text: str) -> list[str]:
        """Return which of them stand in a text."""
        return [word for word in self.words if word.casefold() in text.casefold()]


def asking(phone: Phone, code: str, secrets: Secrets) -> Iterator[str]:
    """Ask with every field filled in, in English; gives the steps of `ASKING` in order."""
    words = phone.opens().choose_language("en").words
    yield "language"
    secrets.add_code(code, Kind.CODE)
    phone.types("ask.code.label", code)
    yield "code typed"
    phone.says("shared.next")
    phone.waits_for("reader")
    yield "reader"
    phone.goes_on()
    phone.waits_for("needs")
    phone.chooses("needs", "sleep_tonight", "money")
    yield "needs"
    phone.says("shared.next")
    phone.waits_for("safe")
    phone.chooses("channel", "call")
    secrets.add(CONTACT)
    phone.types("ask.contact.number", CONTACT)
    yield "contact typed"
    phone.says("shared.next")
    phone.waits_for("check")
    yield "check"
    phone.says("ask.check.more")
    for topic, text in (("safe_word", SAFE_WORD), ("text", OWN_WORDS)):
        phone.waits_for("more")
        phone.tap(phone.choice(words[f"ask.topic.{topic}"]))
        phone.waits_for(topic)
        secrets.add(text)
        phone.types(f"ask.topic.{topic}", text)
        yield {"safe_word": "safe word typed", "text": "own words typed"}[topic]
        phone.says("shared.done")
    phone.waits_for("more")
    phone.says("shared.done")
    phone.waits_for("check")
    assert OWN_WORDS in phone.shown(), "it is read back"
    yield "read-back"
    phone.says_yes("yes")
    phone.waits_for("receipt")
    receipt = phone.receipt()
    secrets.add_code(receipt, Kind.RECEIPT)
    yield "receipt shown"
    before = words.choice("eyes", "receipt")
    phone.tap(phone.button(f"{words['ask.receipt.eyes']}: {before}"))
    phone.waits_for("eyes")
    phone.chooses("eyes", "word")
    secrets.add(HER_WORD)
    phone.types("ask.word.label", HER_WORD)
    yield "her word typed"
    phone.says("shared.done")
    phone.waits_for("receipt")
    phone.types_first_four(receipt)
    yield "first four typed"
    phone.sends()
    yield "sent"


def reading(
    phone: Phone, receipt: str, secrets: Secrets, word: str | None = HER_WORD
) -> Iterator[str]:
    """Read the answer and begin to add something; gives the steps of `READING` in order.

    Where no word belongs to the receipt, the step at which it is typed is left out.
    """
    words = phone.opens("/answers").choose_language("en").words
    yield "answers"
    secrets.add_code(receipt, Kind.RECEIPT)
    phone.types("answers.receipt.label", receipt)
    yield "receipt typed"
    phone.says("shared.next")
    phone.waits_for("word")
    if word is None:
        phone.says("answers.word.none")
    else:
        secrets.add(word)
        phone.types("answers.word.label", word)
        yield "word typed"
        phone.says("shared.next")
    secrets.add(ANSWER)
    assert phone.answers() == [ANSWER]
    yield "answers shown"
    phone.says("answers.do.keep")
    phone.waits_for("keep")
    yield "keeping asked"
    phone.says("answers.keep.no")
    phone.waits_for("box")
    phone.says("answers.do.add")
    phone.waits_for("add")
    phone.tap(phone.choice(words["ask.topic.text"]))
    phone.waits_for("text")
    secrets.add(ADDED)
    phone.types("ask.topic.text", ADDED)
    yield "addition typed"


@dataclass
class Story:
    """One person and one shelter, whose walks can be taken again and again.

    A code opens as often as somebody looks; it ends when a request was sent with it.
    """

    shelter: Provider
    code: str = ""
    receipt: str = ""

    def walk(self, phone: Phone, secrets: Secrets, step: str) -> None:
        """Walk until this step has been taken."""
        steps = self.asking if step in ASKING else self.reading
        for taken in steps(phone, secrets):
            if taken == step:
                return
        raise AssertionError(f"no step {step}")

    def asking(self, phone: Phone, secrets: Secrets) -> Iterator[str]:
        """Ask, with a code that is still good."""
        self.code = self.code or self.shelter.code()
        for step in asking(phone, self.code, secrets):
            if step == "sent":
                self._sent(phone)
            yield step

    def reading(self, phone: Phone, secrets: Secrets) -> Iterator[str]:
        """Read, when something was sent; the shelter has answered."""
        assert self.receipt, "nothing was sent yet"
        yield from reading(phone, self.receipt, secrets)

    def _sent(self, phone: Phone) -> None:
        self.code, self.receipt = "", phone.receipt()
        self.shelter.answer(self.shelter.newest(), ANSWER).done()


def presses_shift(phone: Phone) -> None:
    """Press Shift three times, and wait until the page is gone."""
    for _ in range(3):
        phone.page.keyboard.press("Shift")
    phone.page.wait_for_url(lambda url: not url.startswith(phone.url), wait_until="commit")


def presses_enter(phone: Phone) -> None:
    """Go to the way out with Tab, backwards, and press Enter."""
    at_exit = "document.activeElement?.matches('a.leave') ?? false"
    for _ in range(40):
        if phone.page.evaluate(at_exit):
            break
        phone.page.keyboard.press("Shift+Tab")
    assert phone.page.evaluate(at_exit), "no way to it by keyboard"
    phone.page.keyboard.press("Enter")
    phone.page.wait_for_url(lambda url: not url.startswith(phone.url), wait_until="commit")


WAYS_OUT: dict[str, Callable[[Phone], None]] = {
    "the link": Phone.leaves,
    "Shift three times": presses_shift,
    "Tab and Enter": presses_enter,
}
"""The ways of the quick exit, by name."""
