"""The pages that the server writes by itself: frames for the scripts, and plain words.

Every page is the same for everybody: no header, cookie or address changes a byte of it. Those of
BUILT are built with what they load (tools/generate_pages.py), and are the same on every server that
shows all languages; one that does not writes them once from the same templates, with the others
left out. Texts come from the catalogues, in every language that is shown, one after another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from flask import Flask, Response, current_app, render_template

from crypto.public import notes, profile, statements
from crypto.public.profile import Profile
from server import assets
from server.assets import Asset
from server.core import current
from server.problems import (
    BUSY,
    MALFORMED,
    MEDIA_TYPE,
    METHOD,
    NO_ROUTE,
    REFUSED,
    TOO_LARGE,
    WORK,
    Problem,
)
from server.services.listing import Listed
from server.settings import Settings
from words import catalogues, load
from words.catalogues import Catalogue

HTML: Final = "text/html"
BUILT: Final = ("ask", "answers", "inbox", "apply", "vetting", "about")

_EXTENSION = "towpath-outcomes"
_TYPE: Final = f"{HTML}; charset=utf-8"
# Whose words a page loads: its own, and what the page for asking loads later.
_PARTS: Final = ("ask", "rest", "answers", "inbox", "sheet", "apply", "vetting")
# The lists by which an organisation is shown, in the order in which a person asks (R22).
_SHOWN: Final = (
    ("plain.listed.services", "needs", "services"),
    ("plain.listed.languages", "languages", "languages"),
    ("plain.listed.regions", "regions", "regions"),
    ("plain.listed.accepts", "accepts", "accepts"),
    ("plain.listed.police", "police_tie", "police_ties"),
    ("plain.listed.funding", "funding", "funding"),
    ("plain.listed.reporting", "reporting", "reporting"),
)
# What a form that was sent is answered with, by the problem's type; the rest is a fault.
_TOLD: Final = {
    **dict.fromkeys((REFUSED.type, WORK.type), "refused"),
    **dict.fromkeys((MALFORMED.type, MEDIA_TYPE.type, TOO_LARGE.type), "unreadable"),
    **dict.fromkeys((NO_ROUTE.type, METHOD.type), "unreadable"),
    **dict.fromkeys((BUSY.type, "limited"), "wait"),
}


@dataclass(frozen=True, slots=True)
class Language:
    """One language of the pages; `name` is its own name for itself."""

    code: str
    name: str
    words: Catalogue


@dataclass(frozen=True, slots=True)
class Shown:
    """A vetted organisation as plain text shows it, in one language; no place, no address.

    `lines` are (key of the heading, texts), those without a text left out.
    """

    name: str
    kind: str
    takes_anyone: bool
    lines: tuple[tuple[str, tuple[str, ...]], ...]


class Outcomes:
    """Pages of an app that no request changes, each written the first time that it is wanted."""

    def __init__(self) -> None:
        self._made: dict[str, Asset] = {}

    def get(self, name: str, make: Callable[[], str]) -> Asset:
        """Return a page by its name, or what `make` writes."""
        if name not in self._made:
            self._made[name] = assets.from_text(_TYPE, make())
        return self._made[name]


def install(app: Flask) -> None:
    """Give an app its pages."""
    app.extensions[_EXTENSION] = Outcomes()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}


def fixed(name: str) -> Response:
    """Answer with one of the pages of BUILT: as it was built, or without what is not shown."""
    if not hidden(current().settings):
        return assets.answer(assets.load()[f"{name}.html"])
    return assets.answer(_once(f"{name}.html", lambda: _render(f"{name}.html", shown())))


def frame(name: str) -> str:
    """Return one of the pages of BUILT as it is built: no setting of any server is in it."""
    return _render(f"{name}.html", languages())


def plain(listed: Sequence[Listed]) -> Response:
    """Answer with the page that needs no script, and who is vetted today."""
    found = [_read(one) for one in listed]
    text = _render(
        "plain.html",
        shown(),
        contacts=current().settings.contacts,
        organisations={one.code: [_shown(who, one.words) for who in found] for one in shown()},
    )
    return assets.answer(assets.from_text(_TYPE, text))


def sent() -> Response:
    """Answer a form whose request was stored."""
    return _outcome("sent", 200)


def problem(told: Problem) -> Response:
    """Answer with what went wrong, in words; nothing of what was sent is in it."""
    answer = _outcome(_TOLD.get(told.type, "fault"), told.status)
    if told.retry_after is not None:
        answer.headers["Retry-After"] = str(told.retry_after)
    return answer


def languages() -> tuple[Language, ...]:
    """Return the languages in which every text is there, for the server and for the pages."""
    static = assets.load()
    wanted = catalogues.open_("en").texts.keys()
    return tuple(
        Language(code, _own_name(code), words)
        for code in catalogues.codes()
        if wanted <= (words := catalogues.open_(code)).texts.keys()
        and (not static or {f"words.{page}.{code}.json" for page in _PARTS} <= static.keys())
    )


def hidden(settings: Settings) -> tuple[Language, ...]:
    """Return the languages that are not shown: nobody has read their safety texts (decision 8).

    Those are of words/safety.toml. An operator can name a language that is shown all the same.
    """
    accepted = ("en", *settings.unreviewed_languages)
    return tuple(one for one in languages() if one.words.unread_safety and one.code not in accepted)


def shown() -> tuple[Language, ...]:
    """Return the languages that the present server shows."""
    left_out = hidden(current().settings)
    return tuple(one for one in languages() if one not in left_out)


def _outcome(outcome: str, status: int) -> Response:
    keys = _outcome_keys(outcome)
    made = _once(outcome, lambda: _render("outcome.html", shown(), **keys))
    return assets.answer(made, status)


def _once(name: str, make: Callable[[], str]) -> Asset:
    return cast(Outcomes, current_app.extensions[_EXTENSION]).get(name, make)


def _outcome_keys(outcome: str) -> dict[str, str]:
    return {"title": f"plain.outcome.{outcome}", "then": f"plain.outcome.{outcome}.then"}


def _render(template: str, said: tuple[Language, ...], **values: Any) -> str:
    return render_template(template, languages=said, **values)


def _own_name(code: str) -> str:
    entry = load("languages").by_code(code)
    return entry.text if entry else code


def _read(one: Listed) -> tuple[str, Profile, bool]:
    statement = statements.parse(notes.parse(one.statement).text)
    return statement.name, profile.decode(one.profile), one.walk_ins


def _shown(one: tuple[str, Profile, bool], words: Catalogue) -> Shown:
    name, said, takes_anyone = one
    kind = words.choices_of("kind", said.kind)
    lines = [
        (key, words.choices_of(list_name, getattr(said, field))) for key, list_name, field in _SHOWN
    ]
    return Shown(name, ", ".join(kind), takes_anyone, tuple(line for line in lines if line[1]))
