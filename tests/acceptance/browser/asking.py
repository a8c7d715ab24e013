"""Asking, as a person does it on the page, in the order in which it is asked."""

from __future__ import annotations

import re
from typing import Any

from crypto.client.code_text import Kind
from tests.acceptance.browser.hand import Hand

_ASKING = {
    "call": "number",
    "text_message": "number",
    "messaging_app": "app",
    "email": "email",
    "meet": "meet",
    "post": "post",
}


class Asking(Hand):
    """Somebody who asks."""

    def type_code(self, code: str) -> None:
        """Type the code from the paper, and go on."""
        self.seen.secret(code, Kind.CODE)
        self.types("ask.code.label", code)
        self.says("shared.next")

    def goes_without_code(self, name: str) -> None:
        """Choose an organisation from the list, by its name."""
        self.says("ask.code.none")
        self.waits_for("list")
        self.tap(self.choice(name))
        self.waits_for("reader")

    def goes_on(self) -> None:
        """Having read who will read it, go on."""
        self.waits_for("reader")
        self.says("ask.reader.go")

    def needs(self, *codes: str) -> None:
        """Tap what would help, and go on."""
        self.waits_for("needs")
        self.chooses("needs", *codes)
        self.says("shared.next")

    def safe_way(self, *codes: str, contact: str | None = None) -> None:
        """Tap safe ways to answer, the safest first; `contact` goes into each field asked for."""
        self.waits_for("safe")
        self.chooses("channel", codes[0])
        asked = _ASKING.get(codes[0])
        if asked is None and self.waits_for("safe", "check") == "check":
            assert (codes[1:], contact) == ((), None), "one tap went on"
            return
        self.chooses("channel", *codes[1:])
        for one in dict.fromkeys(_ASKING[code] for code in codes if code in _ASKING):
            assert contact is not None
            self.types(f"ask.contact.{one}", contact)
        self.says("shared.next")

    def more(self, **topics: Any) -> None:
        """Add or change what can be left out, by topic: codes, a number of people, or a text."""
        self.waits_for("check")
        self.says("ask.check.more")
        for name, value in topics.items():
            self.waits_for("more")
            self.tells(name, value)
        self.waits_for("more")
        self.says("shared.done")
        self.waits_for("check")

    def says_yes(self, consent: str = "yes") -> None:
        """Give the yes: "yes" for another person's, "own" for one's own."""
        self.waits_for("check")
        self.chooses("consent", consent)

    def receipt(self) -> str:
        """Copy the receipt in letters."""
        self.waits_for("receipt", "done")
        found = self.page.locator(".receipt p").first.inner_text()
        self.seen.secret(found, Kind.RECEIPT)
        return found

    def types_first_four(self, receipt: str | None = None) -> None:
        """Type the first four signs, from the copy."""
        signs = re.sub(r"[^0-9A-Z]", "", receipt or self.receipt())
        self.types("ask.receipt.first", signs[:4])

    def locks_with(self, word: str) -> None:
        """Choose a word of one's own, without which the receipt opens nothing."""
        before = self.words.choice("eyes", "receipt")
        self.tap(self.button(f"{self.words['ask.receipt.eyes']}: {before}"))
        self.waits_for("eyes")
        self.chooses("eyes", "word")
        self.types("ask.word.label", word)
        self.says("shared.done")
        self.waits_for("receipt")

    def sends(self) -> None:
        """Send, and wait until it was delivered and read back."""
        self.says("ask.receipt.send")
        ended = self.waits_for("done", "refused", "failed", "unknown")
        assert ended == "done", self.shown()
        self.page.get_by_text(self.words["ask.done.delivered"], exact=True).wait_for()

    def asks(self, code: str, needs: tuple[str, ...], *, consent: str = "own", **more: Any) -> str:
        """Ask by code the short way, with `come_back`; return the receipt."""
        self.type_code(code)
        return self.goes_to_the_end(needs, consent=consent, **more)

    def goes_to_the_end(self, needs: tuple[str, ...], *, consent: str = "own", **more: Any) -> str:
        """From who will read it to "sent", with `come_back`; return the receipt."""
        self.goes_on()
        self.needs(*needs)
        self.safe_way("come_back")
        if more:
            self.more(**more)
        self.says_yes(consent)
        receipt = self.receipt()
        self.types_first_four(receipt)
        self.sends()
        return receipt
