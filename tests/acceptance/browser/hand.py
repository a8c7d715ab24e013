"""A hand on a phone: finding what stands on a screen as people find it, tapping it and typing.

Everything is found by its role and its text in the language that was chosen, so the same steps
work in every language. Choices are named by their codes.
"""

from __future__ import annotations

from typing import Any, Self

from playwright.sync_api import Locator, Page, TimeoutError

from tests.acceptance.browser.page_words import PageWords, page_words
from tests.acceptance.browser.watched import Watched
from words import load

PATIENCE_MS = 60_000
# Which list the choices of a topic come from, where it has another name.
_LISTS = {"exactly": "needs", "wishes": "wish", "region": "regions"}
_WRITTEN = ("text", "safe_word")


class Hand:
    """One device: its page, what was seen on it, and how often it was tapped."""

    def __init__(self, page: Page, seen: Watched, url: str, *, touch: bool = True) -> None:
        self.page = page
        self.seen = seen
        self.url = url
        self.taps = 0
        self._touch = touch
        self._words: PageWords | None = None
        page.context.set_default_timeout(PATIENCE_MS)

    @property
    def words(self) -> PageWords:
        """What this phone says, in the language that was chosen."""
        assert self._words is not None, "no language was chosen"
        return self._words

    @property
    def screens(self) -> list[str]:
        """The screens so far, by their data-screen, in order."""
        return self.seen.screens

    def opens(self, path: str = "/") -> Self:
        """Open a page; it asks for a language."""
        self.page.goto(self.url + path)
        return self

    def tap(self, what: Locator) -> None:
        """Tap, and count it."""
        if self._touch:
            what.tap()
        else:
            what.click()
        self.taps += 1

    def button(self, text: str) -> Locator:
        """Find a button by its text."""
        return self.page.get_by_role("button", name=text, exact=True)

    def choice(self, text: str) -> Locator:
        """Find a choice by its text, whatever hint stands under it."""
        found = self.page.get_by_role("button").or_(self.page.get_by_role("radio"))
        return found.filter(has=self.page.get_by_text(text, exact=True))

    def says(self, key: str) -> None:
        """Tap the button whose text has this key."""
        self.tap(self.button(self.words[key]))

    def types(self, key: str, text: str) -> None:
        """Type into the field whose label has this key."""
        self.page.get_by_label(self.words[key], exact=True).fill(text)

    def chooses(self, name: str, *codes: str) -> None:
        """Tap choices of a list, by their codes."""
        for code in codes:
            self.tap(self.choice(self.words.choice(name, code)))

    def speaks(self, code: str) -> None:
        """Read the page in this language from now on."""
        self._words = page_words(code)

    def waits_for(self, *screens: str, seconds: float | None = None) -> str:
        """Wait until one of these screens is shown, and return which."""
        wanted = ", ".join(f'main[data-screen="{one}"]' for one in screens)
        main = self.page.locator(wanted)
        try:
            main.wait_for(timeout=seconds * 1000 if seconds else None)
        except TimeoutError as late:
            raise AssertionError((screens, self.screens, self.shown())) from late
        return str(main.get_attribute("data-screen"))

    def shown(self) -> str:
        """Everything that stands on the screen now."""
        return self.page.locator("body").inner_text()

    def title(self) -> str:
        """The heading of the screen."""
        return self.page.get_by_role("heading", level=1).inner_text()

    def choose_language(self, code: str) -> Self:
        """Tap a language by its own name."""
        language = load("languages").by_code(code)
        assert language is not None
        self.speaks(code)
        self.tap(self.page.get_by_role("button", name=language.text, exact=True))
        self.waits_for("code", "receipt", "open")
        return self

    def tells(self, name: str, value: Any) -> None:
        """Open a topic, answer it, and come back."""
        label = f"ask.topic.{name}"
        self.tap(self.choice(self.words[label]))
        self.waits_for(name)
        if name in _WRITTEN:
            self.types(label, str(value))
        elif name == "people":
            self.tap(self.choice(str(value)))
        else:
            codes = [value] if isinstance(value, str) else value
            self.chooses(_LISTS.get(name, name), *codes)
        self.says("shared.done")
