"""Reading the answers, as whoever holds the receipt does, and what else the receipt can do."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Any

from crypto.client.code_text import Kind
from tests.acceptance.browser.hand import Hand


class Reading(Hand):
    """Somebody with a receipt."""

    def reads(self, receipt: str, word: str | None = None) -> str:
        """Type a receipt, and its word, and return which screen shows: "box" or "nothing"."""
        self.seen.secret(receipt, Kind.RECEIPT)
        self.waits_for("receipt")
        self.types("answers.receipt.label", receipt)
        self.says("shared.next")
        self.waits_for("word")
        if word is None:
            self.says("answers.word.none")
        else:
            self.types("answers.word.label", word)
            self.says("shared.next")
        return self.waits_for("box", "nothing")

    def looks(self, receipt: str, language: str, word: str | None = None) -> str:
        """Open the answers in a language with a receipt, and return which screen shows."""
        self.opens("/answers").choose_language(language)
        return self.reads(receipt, word)

    def looks_again(self) -> None:
        """Ask the server once more."""
        self.waits_for("box")
        before = self.page.query_selector("h1")
        assert before is not None
        self.says("answers.do.look")
        before.wait_for_element_state("hidden")  # the screen is drawn anew
        self.waits_for("box", "nothing")

    def status(self) -> str:
        """What became of the request, as the heading says it."""
        self.waits_for("box", "nothing")
        return self.title()

    def answers(self) -> list[str]:
        """The texts of the answers, in order."""
        self.waits_for("box")
        return self.page.locator("article p[translate=no]").all_inner_texts()

    def adds(self, consent: str = "own", **topics: Any) -> None:
        """Add something, with a yes of its own."""
        self.waits_for("box")
        self.says("answers.do.add")
        for name, value in topics.items():
            self.waits_for("add")
            self.tells(name, value)
        self.waits_for("add")
        self.says("shared.next")
        self.waits_for("yes")
        self.chooses("consent", consent)
        self.waits_for("added")

    def keeps(self, *, own_too: bool = False) -> tuple[str, str]:
        """Keep the answers as a file, by two taps; return its name and what stands in it."""
        self.waits_for("box")
        self.says("answers.do.keep")
        self.waits_for("keep")
        if own_too:
            self.tap(self.choice(self.words["answers.keep.own"]))
        with self.page.expect_download() as download:
            self.says("answers.keep.yes")
        self.waits_for("kept")
        kept = Path(download.value.path()).read_bytes()
        assert kept.startswith(codecs.BOM_UTF8), "anything reads it as UTF-8"
        return download.value.suggested_filename, kept.decode("utf-8-sig")

    def renews(self) -> None:
        """Keep it for longer."""
        self.waits_for("box")
        self.says("answers.do.renew")
        self.waits_for("renewed")

    def withdraws(self) -> None:
        """Take everything back, and confirm it."""
        self.waits_for("box", "other")
        self.says("answers.do.withdraw")
        self.waits_for("withdraw")
        self.says("answers.withdraw.yes")
        self.waits_for("gone")
