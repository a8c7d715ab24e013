"""Every screen of the pages, one after another, in any language: to be looked at and to be tried.

`Tour` walks as a person does, with every mistake and every bad day on the way that has a screen of
its own. Each screen is named when it stands there, and nothing moves until the next is asked for.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from playwright.sync_api import Route

from crypto.client import code_text
from crypto.client.code_text import Kind
from crypto.constants import CODE_ALPHABET, CODE_BYTES
from crypto.errors import Refused
from tests.acceptance import deployment
from tests.acceptance.browser.phone import Phone
from tests.acceptance.deployment import HARBOUR, NAMES, OPEN_DOOR, Deployment
from tests.acceptance.people import Provider

SERVER_PAGES = ("/plain", "/about")
"""The pages that the server writes by itself."""
WORK_BITS = 28
"""As many as keep a phone at work for long enough to be seen at it."""

_STOP = """() => {
  const { setTimeout } = window;
  window.setTimeout = () => { window.setTimeout = setTimeout; return 0; };
}"""
_SENT = "**/v1/referrals"
_ADDED = "**/v1/boxes/add"
_WITHDRAWN = "**/v1/boxes/withdraw"
_WAIT = {"Content-Type": "application/problem+json", "Retry-After": "1"}
_DAYS_MS = 4 * 86_400_000
_PROBLEM = "urn:towpath:problem"
_BUSY = f'{{"type": "{_PROBLEM}:busy", "title": "", "status": 503}}'
_CONTACT = "0171 5550142"
_OWN_WORDS = "The Blue Gate has the second key."
_HER_WORD = "glass heron"
_ANSWER = "There is a place tonight, from 9 pm. You decide."
_TOPICS = (
    "needs",
    "exactly",
    "soon",
    "region",
    "languages",
    "people",
    "who",
    "children",
    "safe",
    "hours",
    "never",
    "safe_word",
    "wishes",
    "peer",
    "text",
)


def prepare(at: Deployment) -> None:
    """Set a server so that every screen can be seen, and start it."""
    deployment.settings(at, work_bits=WORK_BITS)
    at.start(later=True)


@dataclass
class Tour:
    """One device on its way through everything, and the organisations that take part in it."""

    phone: Phone
    at: Deployment
    language: str
    receipt: str = ""
    _held: list[Route] = field(default_factory=list)

    @property
    def _shelter(self) -> Provider:
        return Provider(self.at, OPEN_DOOR)

    def everything(self) -> Iterator[str]:
        """Walk through both pages and then through those that the server writes."""
        yield from self.asking()
        yield from self.reading()
        yield from self.of_the_server()

    def asking(self) -> Iterator[str]:
        """Walk through the page for asking, to a request that was sent."""
        yield from self._code()
        yield from self._without_a_code()
        code = self._shelter.code()
        self._begin().type_code(code)
        self.phone.waits_for("reader")
        yield "ask reader"
        yield from self._form()
        yield from self._topics()
        yield from self._receipt()
        yield from self._sending()

    def _begin(self, path: str = "/") -> Phone:
        return self.phone.opens(path).choose_language(self.language)

    def _code(self) -> Iterator[str]:
        phone = self.phone
        phone.opens().page.locator("main button[lang]").first.wait_for()
        yield "ask language"
        self._begin()
        yield "ask code"
        phone.types("ask.code.label", "NO CODE")
        phone.says("shared.next")
        yield "ask code mistyped"
        unknown = code_text.symbols(bytes(range(CODE_BYTES)), Kind.CODE)
        phone.types("ask.code.label", mistyped(unknown, Kind.CODE, 2, "suggested"))
        phone.says("shared.next")
        phone.button(phone.words["shared.yes"]).wait_for()
        yield "ask code suggested"
        phone.types("ask.code.label", mistyped(unknown, Kind.CODE, 1, "corrected"))
        phone.says("shared.next")
        phone.waits_for("refused")
        yield "ask code refused"

    def _without_a_code(self) -> Iterator[str]:
        phone = self._begin()
        phone.says("ask.code.none")
        phone.waits_for("list")
        yield "ask list"
        phone.says("ask.list.accepts")
        phone.waits_for("filter")
        yield "ask list filter"
        phone.says("shared.done")
        phone.waits_for("list")
        phone.tap(phone.choice(NAMES[HARBOUR]))
        phone.goes_on()
        phone.needs("documents")
        phone.safe_way("come_back")
        phone.says_yes("own")
        phone.waits_for("receipt")
        self._eyes("nobody")
        yield "ask receipt for nobody"
        phone.says("ask.receipt.send")
        phone.page.locator("progress").wait_for()
        # How long the work takes is luck: its next pause does not end.
        phone.page.evaluate(_STOP)
        yield "ask sending, at work"
        phone.says("shared.back")
        phone.waits_for("receipt")

    def _form(self) -> Iterator[str]:
        phone = self.phone
        phone.goes_on()
        phone.waits_for("needs")
        yield "ask needs"
        phone.says("shared.next")
        yield "ask needs left out"
        phone.needs("sleep_tonight", "documents", "housing")
        phone.waits_for("safe")
        yield "ask safe"
        phone.chooses("channel", "call")
        phone.says("shared.next")
        yield "ask safe left out"
        phone.types("ask.contact.number", _CONTACT)
        phone.says("shared.next")
        phone.waits_for("check")
        yield "ask check"

    def _topics(self) -> Iterator[str]:
        phone = self.phone
        phone.says("ask.check.more")
        phone.waits_for("more")
        yield "ask more"
        for name in _TOPICS:
            phone.tap(phone.choice(phone.words[f"ask.topic.{name}"]))
            phone.waits_for(name)
            yield f"ask more: {name.replace('_', ' ')}"
            if name == "text":
                phone.types("ask.topic.text", _OWN_WORDS)
            phone.says("shared.next" if name == "safe" else "shared.done")
            phone.waits_for("more")
        phone.tells("who", ["minor"])
        phone.says("shared.done")
        phone.waits_for("check")
        yield "ask read-back"
        phone.says("ask.check.no")
        phone.waits_for("no")
        yield "ask no"
        phone.says("shared.back")

    def _receipt(self) -> Iterator[str]:
        phone = self.phone
        phone.says_yes("yes")
        self.receipt = phone.receipt()
        yield "ask receipt"
        phone.types("ask.receipt.first", "0000")
        phone.says("ask.receipt.send")
        yield "ask receipt wrong"
        eyes = f"{phone.words['ask.receipt.eyes']}: {phone.words.choice('eyes', 'receipt')}"
        phone.tap(phone.button(eyes))
        phone.waits_for("eyes")
        phone.chooses("eyes", "word")
        phone.says("shared.done")
        yield "ask eyes"
        phone.types("ask.word.label", _HER_WORD)
        phone.says("shared.done")
        phone.waits_for("receipt")
        phone.types_first_four(self.receipt)
        yield "ask receipt with a word"

    def _sending(self) -> Iterator[str]:
        phone, page = self.phone, self.phone.page
        page.route(
            _SENT, lambda route: self._held.append(route)
        )  # a method has no place for a mark
        phone.says("ask.receipt.send")
        page.get_by_text(phone.words["ask.sending.post"]).wait_for()
        while not self._held:
            page.wait_for_timeout(20)
        yield "ask sending"
        self._held.pop().abort()
        phone.waits_for("unknown")
        self._excuse()
        yield "ask unknown"
        page.unroute(_SENT)
        page.route(_SENT, lambda route: route.fulfill(status=503, body=_BUSY, headers=_WAIT))
        phone.says("shared.again")
        phone.waits_for("failed")
        yield "ask not sent"
        page.unroute(_SENT)
        phone.says("shared.again")
        phone.waits_for("done")
        page.get_by_text(phone.words["ask.done.delivered"], exact=True).wait_for()
        yield "ask sent"
        phone.says("ask.done.copied")
        yield "ask sent, copied"

    def reading(self) -> Iterator[str]:
        """Walk through the page for answers, to a box that was taken back."""
        phone = self.phone
        case = self._shelter.newest()
        yield from self._opening()
        yield from self._adding()
        phone.looks_again()
        phone.page.locator(".warn").wait_for()
        yield "answers box, days later"
        self._shelter.answer(case, "", "read").done()
        self._shelter.answer(case, _ANSWER).done()
        named = ("--state", "try_another", "--organisation", NAMES[HARBOUR], "--text-file", "-")
        self._shelter.run("answer", case, *named, typed=_ANSWER).done()
        phone.looks_again()
        phone.page.get_by_text(phone.words["answers.box.choose"]).wait_for()
        yield "answers box, answered"
        yield from self._keeping()
        yield from self._ending()

    def _opening(self) -> Iterator[str]:
        phone = self._begin("/answers")
        yield "answers receipt"
        phone.types("answers.receipt.label", "NO RECEIPT")
        phone.says("shared.next")
        yield "answers receipt mistyped"
        phone.types("answers.receipt.label", mistyped(self.receipt, Kind.RECEIPT, 1, "corrected"))
        phone.says("shared.next")
        phone.waits_for("word")
        yield "answers word"
        phone.says("answers.word.none")
        phone.waits_for("nothing")
        yield "answers nothing"
        self._begin("/answers").reads(self.receipt, _HER_WORD)
        yield "answers box"

    def _adding(self) -> Iterator[str]:
        phone, page = self.phone, self.phone.page
        phone.says("answers.do.add")
        phone.waits_for("add")
        phone.says("shared.next")
        yield "answers add"
        phone.tells("text", _OWN_WORDS)
        phone.says("shared.next")
        phone.waits_for("yes")
        yield "answers add, yes"
        page.route(_ADDED, lambda route: route.abort())
        phone.chooses("consent", "own")
        phone.waits_for("unknown")
        self._excuse()
        yield "answers add, unknown"
        page.unroute(_ADDED)
        phone.says("shared.again")
        phone.waits_for("added")
        yield "answers added"
        phone.says("answers.do.answers")
        page.evaluate("later => { const now = Date.now; Date.now = () => now() + later }", _DAYS_MS)

    def _keeping(self) -> Iterator[str]:
        phone = self.phone
        phone.says("answers.do.keep")
        phone.waits_for("keep")
        yield "answers keep"
        with phone.page.expect_download():
            phone.says("answers.keep.yes")
        phone.waits_for("kept")
        yield "answers kept"
        phone.says("answers.do.answers")
        phone.waits_for("box")

    def _ending(self) -> Iterator[str]:
        phone, page = self.phone, self.phone.page
        phone.says("answers.do.renew")
        phone.waits_for("renewed")
        yield "answers renewed"
        phone.says("answers.do.answers")
        phone.says("answers.do.other")
        phone.waits_for("other")
        yield "answers other"
        phone.says("shared.back")
        phone.says("answers.do.withdraw")
        phone.waits_for("withdraw")
        yield "answers withdraw"
        page.route(_WITHDRAWN, lambda route: route.fulfill(json={}))
        phone.says("answers.withdraw.yes")
        phone.waits_for("still")
        yield "answers still there"
        page.unroute(_WITHDRAWN)
        phone.says("shared.again")
        phone.waits_for("withdraw")
        phone.says("answers.withdraw.yes")
        phone.waits_for("gone")
        yield "answers gone"

    def of_the_server(self) -> Iterator[str]:
        """Walk through what the server writes, at this language's part of it."""
        for path in SERVER_PAGES:
            self.phone.opens(f"{path}#{self.language}")
            yield f"server {path.strip('/')}"
        self.phone.opens("/plain")
        form = self.phone.page.locator(f"section#{self.language} form")
        form.locator("textarea").fill("=== nothing ===")
        self.phone.tap(form.locator("button"))
        self.phone.page.wait_for_url("**/paste")
        yield "server paste refused"

    def _excuse(self) -> None:
        """Overlook that the browser tells of a connection which was cut here."""
        console = self.phone.seen.console
        console[:] = [one for one in console if not one.endswith("net::ERR_FAILED")]

    def _eyes(self, code: str) -> None:
        phone = self.phone
        before = phone.words.choice("eyes", "receipt")
        phone.tap(phone.button(f"{phone.words['ask.receipt.eyes']}: {before}"))
        phone.waits_for("eyes")
        phone.chooses("eyes", code)
        phone.says("shared.done")
        phone.waits_for("receipt")


def mistyped(written: str, kind: Kind, signs: int, how: str) -> str:
    """Return a code or receipt with so many wrong signs that is read as corrected or suggested."""
    places = [at for at, sign in enumerate(written) if sign in CODE_ALPHABET]
    for chosen in itertools.combinations(places, signs):
        for step in range(1, len(CODE_ALPHABET)):
            wrong = list(written)
            for at in chosen:
                now = CODE_ALPHABET.index(wrong[at])
                wrong[at] = CODE_ALPHABET[(now + step) % len(CODE_ALPHABET)]
            try:
                if code_text.read("".join(wrong), kind).how == how:
                    return "".join(wrong)
            except Refused:
                continue
    raise AssertionError(f"nothing of it is {how}")
